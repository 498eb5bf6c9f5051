/* Reading the files that the command line names. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/elf.h"
#include "tools/emu/loader.h"
#include "tools/emu/message.h"

#define MAX_FILE_SIZE   (UINT64_C(1) << 32)
#define LARGE_FILE_SIZE (UINT64_C(1) << 20)

/* Read to the end of fd, which may be a pipe. Returns 0 or an errno. */
static int read_all(int fd, struct file *file, size_t expected)
{
    size_t capacity = expected + 1; /* one more byte, to see the end of file without growing */
    uint8_t *data = malloc(capacity);

    while (data != NULL) {
        ssize_t n = read(fd, data + file->size, capacity - file->size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            file->data = data;
            return n < 0 ? errno : 0;
        }
        file->size += (size_t)n;
        if (file->size == capacity) {
            uint8_t *larger = capacity < MAX_FILE_SIZE ? realloc(data, capacity * 2) : NULL;
            if (larger == NULL)
                break;
            data = larger;
            capacity *= 2;
        }
    }
    free(data);
    return EFBIG;
}

/* Leave it at the beginning of a file that is large, flat and no pipe: false if it is not. */
static bool open_large(int fd, struct file *file, const struct stat *st)
{
    uint8_t head[FILE_HEAD];

    if (!S_ISREG(st->st_mode) || (uint64_t)st->st_size < LARGE_FILE_SIZE ||
        pread(fd, head, sizeof head, 0) != sizeof head || memcmp(head, "\177ELF", 4) == 0)
        return false;
    file->data = malloc(sizeof head);
    if (file->data == NULL)
        return false;
    memcpy(file->data, head, sizeof head);
    file->size = (size_t)st->st_size;
    file->is_open = true;
    file->fd = fd;
    file->changed = st->st_mtim;
    return true;
}

bool file_fetch(void *arg, void *to, uint64_t size)
{
    const struct file *file = arg;
    struct stat st;

    if (fstat(file->fd, &st) != 0 || (uint64_t)st.st_size != file->size ||
        memcmp(&st.st_mtim, &file->changed, sizeof st.st_mtim) != 0) {
        message("%s: has changed since the start", file->path);
        return false;
    }
    for (uint64_t done = 0; done < size;) {
        ssize_t n = pread(file->fd, (uint8_t *)to + done, size - done, (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            message("%s: %s", file->path, n < 0 ? strerror(errno) : "has become shorter");
            return false;
        }
        done += (uint64_t)n;
    }
    return true;
}

static int open_file(struct file *file, const char *path, bool may_stay_open)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    int error;

    *file = (struct file){.path = path};
    if (fd < 0 || fstat(fd, &st) != 0)
        error = errno;
    else if (S_ISDIR(st.st_mode))
        error = EISDIR;
    else if (st.st_size < 0 || (uint64_t)st.st_size > MAX_FILE_SIZE)
        error = EFBIG;
    else if (may_stay_open && open_large(fd, file, &st))
        return 0;
    else
        error = read_all(fd, file, (size_t)st.st_size);
    if (fd >= 0)
        close(fd);
    if (error == 0 && file->size != 0)
        return 0;
    if (error != 0)
        message("%s: %s", path, strerror(error));
    else
        message("%s: empty file", path);
    return -1;
}

int file_read(struct file *file, const char *path)
{
    return open_file(file, path, false);
}

int file_read_or_open(struct file *file, const char *path)
{
    return open_file(file, path, true);
}

void file_free(struct file *file)
{
    if (file->is_open)
        close(file->fd);
    free(file->data);
    *file = (struct file){0};
}

bool file_is_elf(const struct file *file)
{
    return file->size >= 4 && memcmp(file->data, "\177ELF", 4) == 0;
}

/* If the file is ELF, it must be sound, and its class must agree with what is known so far. */
static int check_image(struct loader *loader, const struct file *file)
{
    struct elf elf;
    unsigned xlen;
    int error;

    if (!file_is_elf(file)) {
        if (file->size >= 2 && file->data[0] == 0x1f && file->data[1] == 0x8b) {
            message("%s: is compressed: unpack it with gunzip first", file->path);
            return -1;
        }
        return 0;
    }
    error = elf_open(&elf, file->data, file->size);
    if (error != 0) {
        message("%s: bad ELF file: %s", file->path, elf_strerror(error));
        return -1;
    }
    xlen = elf.is_64 ? 64 : 32;
    if (loader->xlen != 0 && loader->xlen != xlen) {
        message("%s: is a %u-bit program, but the machine is rv%u", file->path, xlen, loader->xlen);
        return -1;
    }
    loader->xlen = xlen;
    return 0;
}

/* The XLEN that --isa or --xlen asks for, 0 if neither is given; -1 if they disagree. */
static int asked_xlen(const struct options *o)
{
    struct isa isa;
    char err[128];

    if (o->isa == NULL)
        return (int)o->xlen;
    if (isa_parse(&isa, o->isa, err, sizeof err) != 0) {
        message("--isa: %s", err);
        return -1;
    }
    if (o->xlen != 0 && o->xlen != isa.xlen) {
        message("--isa %s and --xlen %u contradict each other", o->isa, o->xlen);
        return -1;
    }
    return (int)isa.xlen;
}

/*
 * A kernel that lies where firmware would is meant to run alone: test programs that others start
 * with nothing but their name.
 */
static bool kernel_is_firmware(const struct loader *loader)
{
    struct elf elf;
    struct elf_segment seg;

    if (loader->kernel.data == NULL || !file_is_elf(&loader->kernel) ||
        elf_open(&elf, loader->kernel.data, loader->kernel.size) != 0)
        return false;
    for (unsigned i = 0; elf_next_load(&elf, &i, &seg);)
        if (loader->options->machine->dram_base - seg.paddr < seg.memsz)
            return true;
    return false;
}

/* The firmware built along with this program: ../rvXX/fw_dynamic.bin from where it lies. */
static int open_default_bios(struct loader *loader)
{
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    const char *slash;

    exe[n > 0 ? n : 0] = '\0';
    slash = strrchr(exe, '/');
    if (slash == NULL ||
        asprintf(&loader->bios_default, "%.*s/../rv%u/fw_dynamic.bin", (int)(slash - exe), exe,
                 loader->xlen != 0 ? loader->xlen : 64) < 0) {
        loader->bios_default = NULL;
        message("cannot tell where the default firmware is: give -bios FILE");
        return -1;
    }
    if (access(loader->bios_default, R_OK) != 0) {
        message("no default firmware at %s: give -bios FILE or -bios none", loader->bios_default);
        return -1;
    }
    return file_read(&loader->bios, loader->bios_default);
}

static bool starts_from_flash(const struct options *o)
{
    for (unsigned i = 0; i < o->device_count; i++)
        if (strstr(o->devices[i].text, "if=pflash") != NULL)
            return true;
    return false;
}

int loader_open(struct loader *loader, const struct options *options)
{
    bool no_bios = options->bios != NULL ? strcmp(options->bios, "none") == 0
                                         : options->machine->rom_size == 0;
    int xlen = asked_xlen(options);

    *loader = (struct loader){.options = options};
    if (xlen < 0)
        return -1;
    loader->xlen = (unsigned)xlen;
    if (options->bios != NULL && !no_bios &&
        (file_read(&loader->bios, options->bios) != 0 || check_image(loader, &loader->bios) != 0))
        return -1;
    if ((options->kernel != NULL && file_read_or_open(&loader->kernel, options->kernel) != 0) ||
        (loader->kernel.data != NULL && check_image(loader, &loader->kernel) != 0))
        return -1;
    if (options->dump_dtb == NULL) {
        /* -S: gdb may load what is to run. */
        if (no_bios && options->kernel == NULL && !starts_from_flash(options) && !options->hold) {
            message("nothing to run: give -bios or -kernel");
            return -1;
        }
        if (options->bios == NULL && !no_bios && !kernel_is_firmware(loader) &&
            open_default_bios(loader) != 0)
            return -1;
    }
    if ((options->initrd != NULL && file_read_or_open(&loader->initrd, options->initrd) != 0) ||
        (options->dtb != NULL && file_read(&loader->dtb, options->dtb) != 0))
        return -1;
    return 0;
}

void loader_close(struct loader *loader)
{
    for (unsigned i = 0; loader->fw_cfg != NULL && i < loader->options->fw_cfg_count; i++) {
        props_free(&loader->fw_cfg[i].props);
        file_free(&loader->fw_cfg[i].file);
    }
    free(loader->fw_cfg);
    free(loader->offered[0]);
    free(loader->offered[1]);
    file_free(&loader->bios);
    file_free(&loader->kernel);
    file_free(&loader->initrd);
    file_free(&loader->dtb);
    free(loader->bios_default);
    free(loader->tree);
    *loader = (struct loader){0};
}
