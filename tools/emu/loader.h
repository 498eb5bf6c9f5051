#pragma once
/*
 * Images: reading them, finding out what they are, and placing them in a machine's memory as QEMU
 * does. Files are hostile until proven otherwise: every failure is one line on stderr and -1.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "tools/emu/machine.h"
#include "tools/emu/options.h"
#include "tools/emu/props.h"

/*
 * A large flat image is not kept in memory beside the guest's: of such a file, data is no more than
 * the beginning, FILE_HEAD bytes, and file_fetch() reads it all.
 */
struct file {
    const char *path;
    uint8_t *data;
    size_t size;
    bool is_open; /* data is the beginning only; fd is open, and the file was like this: */
    int fd;
    struct timespec changed;
};

enum { FILE_HEAD = 4096 };

/* Read a whole file. Returns 0, or -1 after a message. */
int file_read(struct file *file, const char *path);

/* The same, or only open it if it is large, flat and no pipe. */
int file_read_or_open(struct file *file, const char *path);

/* Bytes at data. */
static inline size_t file_held(const struct file *file)
{
    return file->is_open ? FILE_HEAD : file->size;
}

/*
 * A machine_add_fetched_image() function for files that are open: arg is the struct file. False
 * after a message, also if the file has changed since it was opened.
 */
bool file_fetch(void *arg, void *to, uint64_t size);

void file_free(struct file *file);

/* A range of the guest's physical memory. */
struct span {
    uint64_t start, end;
};

struct loader_fw_cfg {
    struct props props;
    struct file file;
};

/* What the command line names, read but not placed. Must live as long as the machine. */
struct loader {
    const struct options *options;
    struct file bios, kernel, initrd, dtb;
    uint64_t bios_at, kernel_at; /* where those were placed that are flat images */
    struct span signature;       /* what --signature is to write, as the ELF files' symbols say */
    unsigned xlen;               /* as the options and the ELF files say; 0: none of them does */
    char *bios_default;          /* path of the default firmware, owned */
    void *tree;                  /* the device tree handed over, owned */
    size_t tree_size;
    uint8_t reset_vector[128];
    void *offered[2];             /* kernel and RAM disk that firmware in flash is to load; owned */
    struct loader_fw_cfg *fw_cfg; /* what -fw_cfg names, options->fw_cfg_count of them; owned */
};

/* Read and identify the files. Returns 0, or -1 after a message; then loader_close() still. */
int loader_open(struct loader *loader, const struct options *options);

/*
 * Give the machine its images: firmware, kernel, initial RAM disk, device tree and reset vector;
 * and what the symbols of the ELF files ask for (loader_symbol.c): `tohost` and `fromhost` the
 * host-target interface, `begin_signature` and `end_signature` the range to write at the end.
 * Returns 0, or -1 after a message.
 */
int loader_place(struct loader *loader, struct machine *m);

/* Parts of that: the firmware configuration device (loader_fw_cfg.c), and those symbols. */
int loader_fill_fw_cfg(struct loader *loader, struct machine *m);

/*
 * Give the n-th flash bank its -drive if=pflash (loader_flash.c). 1 with the bank's address, 0 if
 * there is none for it, -1 after a message.
 */
int loader_place_flash(struct machine *m, unsigned n, uint64_t *base);

/* Put kernel, RAM disk and command line where firmware in the second bank looks for them. */
int loader_offer_kernel(struct loader *loader, struct machine *m);
int loader_find_symbols(struct loader *loader, struct machine *m);

/*
 * Write the signature to the file that --signature names: a line per unit of as many bytes as
 * options->signature_unit says, as a little-endian number in lower-case hexadecimal.
 * Returns 0, or -1 after a message.
 */
int loader_write_signature(const struct loader *loader, struct machine *m);

/* Whether the file begins as ELF files do. */
bool file_is_elf(const struct file *file);

void loader_close(struct loader *loader);
