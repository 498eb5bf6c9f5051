/* Raw disk images: -drive. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tools/emu/host/backends.h"

enum { SECTOR = 512, ZEROS = 65536, PIECES = 256 };

struct image {
    struct block_backend block;
    int fd;
    bool keep;   /* what is discarded stays in the file */
    bool unsafe; /* a flush is not worth the wait */
    char id[64];
};

/* --- transfers -------------------------------------------------------------------------------- */

/* Step over n bytes that are done. Returns how many pieces are done wholly. */
static unsigned step(struct iovec *iov, unsigned count, size_t n)
{
    unsigned i = 0;

    for (; i < count && n >= iov[i].iov_len; i++)
        n -= iov[i].iov_len;
    if (i < count) {
        iov[i].iov_base = (char *)iov[i].iov_base + n;
        iov[i].iov_len -= n;
    }
    return i;
}

/* All of it, in however many calls the host takes. What is behind the file's end reads as zeros. */
static int transfer(struct block_backend *b, uint64_t offset, const struct iovec *iov,
                    unsigned count, bool write)
{
    int fd = ((struct image *)b)->fd;
    struct iovec left[PIECES], *p = left;

    if (count > PIECES)
        return -EINVAL;
    memcpy(left, iov, count * sizeof *iov);
    while (count > 0) {
        ssize_t n = write ? pwritev(fd, p, (int)count, (off_t)offset)
                          : preadv(fd, p, (int)count, (off_t)offset);
        unsigned done;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (n == 0 && write)
            return -EIO;
        if (n == 0) {
            for (; count > 0; p++, count--)
                memset(p->iov_base, 0, p->iov_len);
            return 0;
        }
        offset += (uint64_t)n;
        done = step(p, count, (size_t)n);
        p += done;
        count -= done;
    }
    return 0;
}

static int image_read(struct block_backend *b, uint64_t offset, const struct iovec *iov,
                      unsigned count)
{
    return transfer(b, offset, iov, count, false);
}

static int image_write(struct block_backend *b, uint64_t offset, const struct iovec *iov,
                       unsigned count)
{
    return transfer(b, offset, iov, count, true);
}

static int image_flush(struct block_backend *b)
{
    const struct image *image = (struct image *)b;

    return image->unsafe || fdatasync(image->fd) == 0 ? 0 : -errno;
}

static int write_zeros(struct block_backend *b, uint64_t offset, uint64_t n)
{
    static uint8_t zeros[ZEROS];
    int err = 0;

    while (n > 0 && err == 0) {
        struct iovec iov = {zeros, n < ZEROS ? (size_t)n : ZEROS};
        err = image_write(b, offset, &iov, 1);
        offset += iov.iov_len;
        n -= iov.iov_len;
    }
    return err;
}

static int image_discard(struct block_backend *b, uint64_t offset, uint64_t n, bool zero,
                         bool unmap)
{
    const struct image *image = (struct image *)b;
    int mode = unmap && !image->keep ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;

    if (image->keep && !zero)
        return 0;
    if (fallocate(image->fd, mode | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)n) == 0)
        return 0;
    return zero ? write_zeros(b, offset, n) : 0; /* a discard is a hint */
}

/* --- opening ---------------------------------------------------------------------------------- */

static void image_close(struct backend *b)
{
    struct image *image = (struct image *)b;

    close(image->fd);
    free(image);
}

/* A format that is not raw, and the program that makes raw images of it. */
struct format {
    const char *name, *magic;
    unsigned length, offset;
    const char *program; /* NULL: qemu-img */
};

/* What the file begins with says; NULL: it may be raw. */
static const struct format *foreign_format(int fd)
{
    static const struct format formats[] = {
        {"qcow2", "QFI\xfb", 4, 0, NULL},
        {"vmdk", "KDMV", 4, 0, NULL},
        {"vmdk", "COWD", 4, 0, NULL},
        {"vmdk", "# Disk DescriptorFile", 21, 0, NULL},
        {"vhdx", "vhdxfile", 8, 0, NULL},
        {"vpc", "conectix", 8, 0, NULL},
        {"vdi", "\x7f\x10\xda\xbe", 4, 64, NULL},
        {"qed", "QED\0", 4, 0, NULL},
        {"parallels", "WithoutFreeSpace", 16, 0, NULL},
        {"parallels", "WithouFreSpacExt", 16, 0, NULL},
        {"gzip", "\x1f\x8b\x08", 3, 0, "gzip"},
        {"xz",
         "\xfd"
         "7zXZ\0",
         6, 0, "xz"},
        {"zstd", "\x28\xb5\x2f\xfd", 4, 0, "zstd"},
        {"bzip2", "BZh", 3, 0, "bzip2"},
    };
    char head[128] = {0};

    if (pread(fd, head, sizeof head, 0) < 0)
        return NULL;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (memcmp(head + formats[i].offset, formats[i].magic, formats[i].length) == 0)
            return &formats[i];
    return NULL;
}

/* The command that makes path.raw of it, for a shell; a quote in the path is the user's affair. */
static void explain_format(const char *name, const char *program, const char *path, char *err,
                           size_t err_size)
{
    const char *quote = path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789/._+,@%=:-")] != '\0'
                            ? "'"
                            : "";

    if (program == NULL)
        snprintf(err, err_size,
                 "%s: only raw images are supported, not %s; convert it: qemu-img convert "
                 "-O raw %s%s%s %s%s.raw%s",
                 path, name, quote, path, quote, quote, path, quote);
    else
        snprintf(err, err_size,
                 "%s: only raw images are supported, not %s; uncompress it: %s -dc %s%s%s > "
                 "%s%s.raw%s",
                 path, name, program, quote, path, quote, quote, path, quote);
}

/* A format that is given is believed: what a guest has written shall not change what a disk is. */
static bool check_format(struct props *props, int fd, const char *path, char *err, size_t err_size)
{
    const char *given = props_get(props, "format");
    const struct format *foreign = given == NULL ? foreign_format(fd) : NULL;

    if (foreign != NULL)
        explain_format(foreign->name, foreign->program, path, err, err_size);
    else if (given != NULL && strcmp(given, "raw") != 0)
        explain_format(given, NULL, path, err, err_size);
    else
        return true;
    return false;
}

/* Open and lock: one writer, or readers, in whatever processes. Returns -1 with a line in err. */
static int open_file(const char *path, bool writable, char *err, size_t err_size)
{
    struct stat st;
    int fd = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) != 0) {
        snprintf(err, err_size, "%s: %s", path, strerror(errno));
    } else if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
        snprintf(err, err_size, "%s: is no file or block device", path);
    } else if (flock(fd, (writable ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        snprintf(err, err_size, "%s: is in use (by another machine?)", path);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* unit= or index= says which bank; without, it is the next. The loader finds it by that name. */
static bool name_pflash(struct image *image, struct props *props, char *err, size_t err_size)
{
    static unsigned next;
    uint64_t unit = next;

    props_get(props, "id"); /* nobody refers to it */
    if (!props_u64(props, "index", 0, 1, &unit, err, err_size) ||
        !props_u64(props, "unit", 0, 1, &unit, err, err_size))
        return false;
    if (unit > 1) {
        snprintf(err, err_size, "there are two flash banks only");
        return false;
    }
    next = (unsigned)unit + 1;
    snprintf(image->id, sizeof image->id, "pflash%u", (unsigned)unit);
    return true;
}

/* if= and id=: QEMU makes a virtio disk of what does not say if=none. */
static bool name_drive(struct image *image, struct props *props, char *err, size_t err_size)
{
    static unsigned unnamed;
    const char *interface = props_get(props, "if"), *id = props_get(props, "id");
    const char *media = props_get(props, "media");

    if (media != NULL && strcmp(media, "disk") != 0) {
        snprintf(err, err_size, "media=%s is not supported, only disk", media);
        return false;
    }
    if (interface != NULL && strcmp(interface, "pflash") == 0)
        return name_pflash(image, props, err, err_size);
    if (interface != NULL && strcmp(interface, "none") != 0 && strcmp(interface, "virtio") != 0) {
        snprintf(err, err_size, "if=%s is not supported, only none, virtio and pflash", interface);
        return false;
    }
    if (interface == NULL || strcmp(interface, "virtio") == 0)
        image->block.backend.device = "virtio-blk-device";
    else if (id == NULL) {
        snprintf(err, err_size, "if=none needs an id");
        return false;
    }
    if (id != NULL && strlen(id) >= sizeof image->id) {
        snprintf(err, err_size, "the id is too long");
        return false;
    }
    if (id != NULL)
        strcpy(image->id, id);
    else
        snprintf(image->id, sizeof image->id, "virtio%u", unnamed++);
    return true;
}

/* discard=: whether the guest's discards make holes in the file, as QEMU spells it. */
static bool take_discard(struct image *image, struct props *props, char *err, size_t err_size)
{
    const char *discard = props_get(props, "discard");

    if (discard == NULL || strcmp(discard, "unmap") == 0 || strcmp(discard, "on") == 0)
        return true;
    image->keep = strcmp(discard, "ignore") == 0 || strcmp(discard, "off") == 0;
    if (!image->keep)
        snprintf(err, err_size, "discard=%s is not supported, only unmap and ignore", discard);
    return image->keep;
}

/*
 * cache=: when what was written is stable, as QEMU spells it. Whether the host's cache is passed by
 * (none, directsync) is no difference that a guest could see, and is left to the host.
 */
static bool take_cache(struct image *image, struct props *props, char *err, size_t err_size)
{
    static const struct {
        const char *name;
        bool write_through, unsafe;
    } modes[] = {{"writeback", false, false},
                 {"none", false, false},
                 {"writethrough", true, false},
                 {"directsync", true, false},
                 {"unsafe", false, true}};
    const char *cache = props_get(props, "cache");

    for (size_t i = 0; cache != NULL && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(cache, modes[i].name) == 0) {
            image->block.write_through = modes[i].write_through;
            image->unsafe = modes[i].unsafe;
            return true;
        }
    }
    if (cache != NULL)
        snprintf(err, err_size,
                 "cache=%s is not one of writeback, none, writethrough, directsync and unsafe",
                 cache);
    return cache == NULL;
}

static struct image *image_open(struct props *props, bool snapshot, char *err, size_t err_size)
{
    const char *path = props_get(props, "file");
    struct image *image = calloc(1, sizeof *image);
    bool read_only = false;
    off_t size;

    if (image == NULL || path == NULL) {
        snprintf(err, err_size, image == NULL ? "out of memory" : "file= is missing");
        free(image);
        return NULL;
    }
    *image = (struct image){
        .fd = -1,
        .block = {.backend = {.kind = BACKEND_BLOCK, .close = image_close},
                  .read = image_read,
                  .write = image_write,
                  .flush = image_flush,
                  .discard = image_discard},
    };
    if (!props_bool(props, "readonly", &read_only, err, err_size) ||
        !name_drive(image, props, err, err_size) || !take_discard(image, props, err, err_size) ||
        !take_cache(image, props, err, err_size) ||
        (image->fd = open_file(path, !read_only && !snapshot, err, err_size)) < 0 ||
        !check_format(props, image->fd, path, err, err_size)) {
        if (image->fd >= 0)
            close(image->fd);
        free(image);
        return NULL;
    }
    size = lseek(image->fd, 0, SEEK_END);
    image->block.size = size > 0 ? ((uint64_t)size + SECTOR - 1) / SECTOR * SECTOR : 0;
    image->block.read_only = read_only;
    image->block.backend.id = image->id;
    return image;
}

struct backend *host_drive_open(struct props *props, char *err, size_t err_size)
{
    struct block_backend *overlay;
    struct image *image;
    bool snapshot = false;

    if (!props_bool(props, "snapshot", &snapshot, err, err_size))
        return NULL;
    image = image_open(props, snapshot, err, err_size);
    if (image == NULL || !snapshot)
        return image != NULL ? &image->block.backend : NULL;
    overlay = host_snapshot_open(&image->block);
    if (overlay != NULL)
        return &overlay->backend;
    snprintf(err, err_size, "snapshot: cannot make a temporary file");
    image_close(&image->block.backend);
    return NULL;
}
