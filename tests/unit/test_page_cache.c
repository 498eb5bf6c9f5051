/*
 * The page cache: its tree against an array, and block devices over an image file against what they
 * should hold, with requests that end in any order, with little memory, and with errors.
 */
#include "tap.h"
#include <fcntl.h>
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/ioctl.h"
#include "abi/stat.h"
#include "fs/page_cache.h"
#include "tests/unit/support/block_host.h"
#include "tests/unit/support/port_host.h"

static struct fs_context *fs;
#define AT ((struct fs_at){fs, NULL})

/* ---- page tree against an array */

enum { TREE_SLOTS = 64 };

/* What the tree should hold. */
struct tree_model {
    unsigned n;
    uint64_t index[TREE_SLOTS];
    struct page *page[TREE_SLOTS];
    bool tagged[TREE_SLOTS];
};

static void model_drop(struct tree_model *m, unsigned i)
{
    m->n--;
    m->index[i] = m->index[m->n];
    m->page[i] = m->page[m->n];
    m->tagged[i] = m->tagged[m->n];
}

/* A step with the page at m->index[i], or i == m->n: none; then what is tagged is looked for. */
static void tree_tags(struct cases *c, struct page_tree *t, struct tree_model *m, unsigned i,
                      uint64_t at, uint64_t from)
{
    uint64_t want = UINT64_MAX;
    spin_lock(&t->lock);
    if (random_below(5) == 0) {
        struct page *page = page_tree_remove(t, at);
        cases_check(c, page == (i < m->n ? m->page[i] : NULL), "remove");
        if (page) {
            page_put(page);
            model_drop(m, i);
        }
    } else if (i < m->n) {
        m->tagged[i] = random_below(3) > 0;
        page_tree_tag(t, at, m->tagged[i]);
    }
    for (unsigned k = 0; k < m->n; k++)
        want = m->tagged[k] && m->index[k] >= from && m->index[k] < want ? m->index[k] : want;
    cases_check(c, page_tree_next_tagged(t, from) == want, "next tagged");
    spin_unlock(&t->lock);
}

static void test_page_tree(void)
{
    struct cases c = {.text = "page tree: random insertions, truncations and searches"};
    static const uint64_t span[] = {1, 3, 64, 65, 4096, 5000, 300000};
    long pages = host_port.pages, objects = host_port.objects;
    for (unsigned round = 0; round < 200; round++) {
        uint64_t range = span[random_below(7)];
        struct tree_model m = {0};
        struct page_tree t;
        page_tree_init(&t);
        for (unsigned step = 0; step < 120; step++) {
            uint64_t at = random_u64() % range;
            unsigned i = 0;
            while (i < m.n && m.index[i] != at)
                i++;
            struct page *got = page_tree_get(&t, at);
            cases_check(&c, got == (i < m.n ? m.page[i] : NULL), "get %llu",
                        (unsigned long long)at);
            if (got)
                page_put(got);
            if (random_below(12) == 0) {
                unsigned kept = 0, dropped = m.n;
                for (unsigned k = 0; k < m.n; k++) {
                    if (m.index[k] < at) {
                        m.index[kept] = m.index[k];
                        m.tagged[kept] = m.tagged[k];
                        m.page[kept++] = m.page[k];
                    }
                }
                m.n = kept;
                cases_check(&c, page_tree_truncate(&t, at) == dropped - m.n, "truncate");
            } else if (m.n < TREE_SLOTS) {
                struct page *fresh = page_alloc();
                int err = page_tree_insert(&t, at, fresh);
                cases_check(&c, err == (i < m.n ? -EEXIST : 0), "insert %d", err);
                if (err < 0) {
                    page_put(fresh);
                } else {
                    m.index[m.n] = at;
                    m.tagged[m.n] = false;
                    m.page[m.n++] = fresh;
                }
            }
            i = 0;
            while (i < m.n && m.index[i] != at)
                i++;
            tree_tags(&c, &t, &m, i, at, random_u64() % range);
            uint64_t from = random_u64() % range, want = UINT64_MAX, gap = from;
            for (unsigned k = 0; k < m.n; k++)
                want = m.index[k] >= from && m.index[k] < want ? m.index[k] : want;
            for (unsigned k = 0; k < m.n; k++)
                for (unsigned j = 0; j < m.n; j++)
                    gap += m.index[j] == gap;
            cases_check(&c, page_tree_next(&t, from, true) == want, "next");
            cases_check(&c, page_tree_next(&t, from, false) == gap, "gap");
            cases_check(&c, t.count == m.n, "count");
        }
        page_tree_truncate(&t, 0);
    }
    cases_end(&c);
    is_int(host_port.pages - pages + host_port.objects - objects, 0, "page tree: nothing left");
}

/* ---- disks */

enum { SECTORS = 2051, BYTES = SECTORS * 512 }; /* three sectors on the last page */

static struct block_host disk, fixed;
static uint8_t model[BYTES], bounce[BYTES + 8192];

/* An unlinked image of `sectors` sectors, filled from `bytes`. */
static int image(const uint8_t *bytes, size_t n)
{
    char name[] = "/tmp/tarn-page-cache.XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
        exit(1);
    unlink(name);
    return fd;
}

static struct file *open_dev(const char *path, int flags)
{
    struct file *file;
    return vfs_open(AT, path, flags, 0, &file) == 0 ? file : NULL;
}

static long read_at(struct file *file, void *buf, size_t n, int64_t pos)
{
    struct uio uio;
    uio_user(&uio, (uintptr_t)buf, n);
    return file_pread(file, &uio, pos);
}

static long write_at(struct file *file, const void *buf, size_t n, int64_t pos)
{
    struct uio uio;
    uio_user(&uio, (uintptr_t)buf, n);
    return file_pwrite(file, &uio, pos);
}

static bool image_is_model(void)
{
    return pread(disk.fd, bounce, BYTES, 0) == BYTES && memcmp(bounce, model, BYTES) == 0;
}

/* Nothing cached, nothing dirty. */
static void forget(struct file *file)
{
    file_ioctl(file, BLKFLSBUF, 0);
    while (block_host_end_one()) /* what was read ahead */
        continue;
    file_ioctl(file, BLKFLSBUF, 0);
}

static void test_first_look(struct file *file)
{
    uint64_t bytes = 0;
    int value = 7;
    struct path path;
    is_int(vfs_lookup(AT, "/dev/disk", false, &path), 0, "a node");
    is_int(path.dentry->inode->mode, S_IFBLK | 0660, "of a block device");
    is_int(path.dentry->inode->rdev, DEV_MAKE(254, 0), "with the device's number");
    path_put(path);
    is_int(file_ioctl(file, BLKGETSIZE64, (uintptr_t)&bytes), 0, "BLKGETSIZE64");
    is_int((long long)bytes, BYTES, "is the size in bytes");
    is_int(file_ioctl(file, BLKSSZGET, (uintptr_t)&value), 0, "BLKSSZGET");
    is_int(value, 512, "is the block size");
    is_int(file_ioctl(file, BLKROGET, (uintptr_t)&value), 0, "BLKROGET");
    is_int(value, 0, "not read-only");
    is_int(file_ioctl(file, BLKROGET, 16), -EFAULT, "a bad address");
    is_int(file_ioctl(file, 0x1234, 0), -ENOTTY, "an unknown request");
    is_int(file_seek(file, 0, SEEK_END), BYTES, "lseek to the end");
    is_int(file_seek(file, 1, SEEK_END), -EINVAL, "but not beyond");
    is_int(file_seek(file, BYTES, SEEK_HOLE), -ENXIO, "no hole at the end");
    is_int(file_seek(file, 5, SEEK_HOLE), BYTES, "the end is the first hole");
}

static void test_ends(struct file *file)
{
    static uint8_t buf[8192];
    is_int(read_at(file, buf, 8192, BYTES - 100), 100, "a read stops at the end");
    ok(memcmp(buf, model + BYTES - 100, 100) == 0, "with the right bytes");
    is_int(read_at(file, buf, 1, BYTES), 0, "at the end: 0");
    is_int(read_at(file, buf, 1, (int64_t)1 << 60), 0, "far beyond: 0");
    is_int(write_at(file, model + BYTES - 7, 8192, BYTES - 7), 7, "a write stops at the end");
    is_int(write_at(file, buf, 1, BYTES), -ENOSPC, "at the end: ENOSPC");
    is_int(write_at(file, buf, 0, BYTES), 0, "but nothing is 0");
    is_int(read_at(file, (void *)16, 10, 0), -EFAULT, "a bad address to read to");
    is_int(write_at(file, (void *)16, 4096, 4096), -EFAULT, "or to write a page from");
    is_int(file_truncate(file, 0), -EINVAL, "cannot be truncated");
    forget(file);
    ok(image_is_model(), "the image is unharmed");
}

static void test_ahead(struct file *file)
{
    struct uio uio;
    bool same = true;
    forget(file);
    disk.reads = disk.sectors_read = disk.most = 0;
    file_seek(file, 0, SEEK_SET);
    for (long at = 0, n; at < BYTES && same; at += n) {
        uio_user(&uio, (uintptr_t)bounce, 1000);
        n = file_read(file, &uio);
        same = n > 0 && memcmp(bounce, model + at, (size_t)n) == 0;
    }
    ok(same, "reading from start to end gives every byte");
    is_int((long)disk.sectors_read, SECTORS, "every sector is fetched once");
    ok(disk.reads <= 12, "in few requests (%lu)", disk.reads);
    ok(disk.most >= 2, "the next under way before it is needed");
    forget(file);
    disk.sectors_read = 0;
    for (int i = 0; i < 20; i++)
        read_at(file, bounce, 10, (i * 37 + 11) % 250 * 4096 + 5);
    is_int((long)disk.sectors_read, 20 * 8, "scattered reads fetch their pages and no more");
}

static void test_random(struct file *file)
{
    struct cases c = {.text = "random reads and writes give what was written"};
    size_t memory = host_port.free_pages;
    for (unsigned i = 0; i < 20000; i++) {
        size_t pos = random_u64() % BYTES,
               n = random_below(4) ? random_below(600) : random_below(20000);
        if (random_below(3) == 0)
            pos &= ~(size_t)4095, n = (n + 4095) & ~(size_t)4095;
        size_t want = n < BYTES - pos ? n : BYTES - pos;
        switch (random_below(8)) {
        case 0 ... 3:
            memset(bounce, 0, want);
            cases_check(&c, read_at(file, bounce, n, (int64_t)pos) == (long)want, "read");
            cases_check(&c, memcmp(bounce, model + pos, want) == 0, "bytes at %zu", pos);
            break;
        case 4 ... 5:
            for (size_t k = 0; k < n; k++)
                bounce[k] = (uint8_t)(i + k * 7);
            cases_check(&c, write_at(file, bounce, n, (int64_t)pos) == (n ? (long)want : 0),
                        "write");
            memcpy(model + pos, bounce, want);
            break;
        case 6: block_host_end_one(); break;
        default:
            if (random_below(20) == 0) /* hardly any, or much */
                host_port.free_pages = (size_t)host_port.pages + (random_below(2) ? 70 : 5000);
            if (random_below(40) == 0) {
                cases_check(&c, file_fsync(file) == 0, "fsync");
                cases_check(&c, image_is_model() && disk.unflushed == 0, "the image after it");
            }
        }
    }
    cases_end(&c);
    host_port.free_pages = memory;
    ok(disk.most > 2, "several requests at a time (%u)", disk.most);
}

static void test_flusher_work(struct file *file)
{
    forget(file);
    is_int((long)page_cache_pages(), 0, "all forgotten");
    write_at(file, model, 10000, 0);
    is_int((long)page_cache_dirty_pages(), 3, "three dirty pages");
    ok(disk.writes > 0, "written before");
    disk.writes = 0;
    page_cache_start_all();
    is_int((long)page_cache_dirty_pages(), 0, "on their way");
    write_at(file, model + 5000, 1, 5000); /* again dirty, while it is */
    is_int(page_cache_sync_all(), 0, "sync");
    is_int((long)disk.writes, 2, "one request for the run, one for the page that changed again");
    ok(disk.unflushed == 2, "which is not a flush");
    is_int(fs_sync(), 0, "sync(2)");
    ok(disk.unflushed == 0, "is");
    ok(image_is_model(), "the image");
}

/* Pages that are changed all the time never are more than a share of memory. */
static void test_throttle(struct file *file)
{
    size_t memory = host_port.free_pages, most = 0;
    forget(file);
    host_port.free_pages = (size_t)host_port.pages + 150;
    for (size_t at = 0; at < BYTES; at += 4096) {
        size_t n = BYTES - at < 4096 ? BYTES - at : 4096;
        if (write_at(file, model + at, n, (int64_t)at) != (long)n)
            most = SIZE_MAX;
        if (page_cache_dirty_pages() > most)
            most = page_cache_dirty_pages();
    }
    ok(most <= 150 / 4 + 65, "little memory: few dirty pages (%zu)", most);
    is_int(file_fsync(file), 0, "fsync");
    ok(image_is_model(), "the image");
    host_port.free_pages = memory;
}

static void test_errors(struct file *file)
{
    uint8_t buf[4096];
    forget(file);
    disk.bad_read = 100;
    is_int(read_at(file, buf, 512, 100 * 512), -EIO, "a sector that cannot be read: EIO");
    is_int(read_at(file, buf, 512, 100 * 512), -EIO, "again");
    is_int(read_at(file, buf, 4096, 50 * 4096), 4096, "others can");
    is_int(write_at(file, buf, 1, 100 * 512), -EIO, "nor can a part of its page be written");
    is_int(write_at(file, model + 12 * 4096, 4096, 12 * 4096), 4096, "all of it can");
    is_int(read_at(file, buf, 512, 100 * 512), 512, "and read from the cache");
    disk.bad_read = UINT64_MAX;
    struct file *other = open_dev("/dev/disk", O_RDWR);
    disk.bad_write = 100;
    is_int(file_fsync(file), -EIO, "a sector that cannot be written: fsync says EIO");
    is_int(file_fsync(file), 0, "once");
    is_int(file_fsync(other), -EIO, "to everybody who has it open");
    disk.bad_write = UINT64_MAX;
    write_at(file, model + 12 * 4096, 4096, 12 * 4096);
    is_int(file_fsync(file), 0, "and later it can");
    file_put(other);
    forget(file);
    disk.bad_read = 14 * 8 + 3;
    file_seek(file, 0, SEEK_SET);
    long good = 0;
    struct uio uio;
    do {
        uio_kernel(&uio, buf, 4096);
    } while (file_read(file, &uio) == 4096 && ++good);
    is_int(good, 14, "what is read ahead with it is not lost");
    disk.bad_read = UINT64_MAX;
    forget(file);
    ok(image_is_model(), "the image");
}

/* Nobody has the disk open when a write fails: who asks next is told, once. */
static void test_untold_errors(struct file *file)
{
    struct file *other;
    forget(file);
    disk.bad_write = 100;
    write_at(file, model + 12 * 4096, 4096, 12 * 4096);
    is_int(page_cache_sync_all(), -EIO, "a write fails");
    is_int(page_cache_sync_all(), 0, "of which all that are written later know nothing");
    disk.bad_write = UINT64_MAX;
    other = open_dev("/dev/disk", O_RDWR);
    is_int(file_fsync(other), -EIO, "who opens the disk then is told by fsync");
    is_int(file_fsync(other), 0, "once");
    file_put(other);
    other = open_dev("/dev/disk", O_RDWR);
    is_int(file_fsync(other), 0, "and nobody who opens it later");
    file_put(other);
    is_int(file_fsync(file), -EIO, "who had it open is told as well");
    ok(strstr(host_port.log, "disk: cannot write 4 KiB from sector 96 on: error 5"), "the log: %s",
       host_port.log);
    write_at(file, model + 12 * 4096, 4096, 12 * 4096);
    is_int(file_fsync(file), 0, "written again");
}

/* A process that is to end does not go on, wherever it is. */
static void test_killed(struct file *file)
{
    forget(file);
    host_port.killed = true;
    is_int(read_at(file, bounce, 50000, 0), -EINTR, "killed: a read that waits");
    while (block_host_end_one())
        continue;
    is_int(read_at(file, bounce, 50000, 0), 4096, "a read that need not wait: what it has");
    forget(file);
    is_int(write_at(file, model + 1, 50000, 1), -EINTR, "a write that waits for its page");
    while (block_host_end_one())
        continue;
    is_int(write_at(file, model + 4096, 50000, 4096), 4096, "a write: what it has");
    host_port.killed = false;
    is_int(file_fsync(file), 0, "fsync");
    ok(image_is_model(), "the image");
}

static void test_discard(struct file *file)
{
    uint64_t range[2] = {8192 + 512, 9 * 512};
    uint8_t buf[512] = {1}, zeros[512] = {0};
    is_int(file_ioctl(file, BLKDISCARD, (uintptr_t)range), -EOPNOTSUPP, "no discard");
    disk.dev.max_discard = 4;
    is_int(file_ioctl(file, BLKDISCARD, (uintptr_t)range), 0, "discard");
    is_int((long)disk.discards, 3, "in pieces the device takes");
    memset(model + range[0], 0, range[1]);
    is_int(read_at(file, buf, 512, (int64_t)range[0] + 512), 512, "read back");
    ok(memcmp(buf, zeros, 512) == 0, "gone from the cache as well");
    range[1] = BYTES;
    is_int(file_ioctl(file, BLKDISCARD, (uintptr_t)range), -EINVAL, "beyond the end");
    range[1] = 3;
    is_int(file_ioctl(file, BLKDISCARD, (uintptr_t)range), -EINVAL, "not whole blocks");
    ok(image_is_model(), "the image");
}

static void test_read_only(void)
{
    struct file *file = open_dev("/dev/fixed", O_RDWR);
    int value = 0;
    ok(file != NULL, "a read-only disk opens for writing, as on Linux");
    is_int(write_at(file, "x", 1, 0), -EPERM, "but cannot be written");
    is_int(file_ioctl(file, BLKROGET, (uintptr_t)&value), 0, "BLKROGET");
    is_int(value, 1, "says so");
    is_int(read_at(file, bounce, 5000, 0), 1536, "it is shorter than a page");
    forget(file);
    file_put(file);
}

static void test_resized(void)
{
    struct file *file = open_dev("/dev/fixed", O_RDONLY);
    uint8_t want[1536];
    is_int(pread(fixed.fd, want, sizeof want, 0), sizeof want, "what is on the disk");
    fixed.sectors = 1;
    is_int(read_at(file, bounce, 5000, 0), 512, "a disk of a sector");
    fixed.sectors = 3;
    fixed.dev.resized(&fixed.dev, 1);
    is_int(read_at(file, bounce, 5000, 0), 1536, "has grown");
    ok(memcmp(bounce, want, sizeof want) == 0, "and what is there now is read");
    forget(file);
    file_put(file);
}

static void test_sync_writes(void)
{
    struct file *file = open_dev("/dev/disk", O_WRONLY | O_SYNC);
    disk.flushes = 0;
    is_int(write_at(file, model, 3000, 0), 3000, "a write with O_SYNC");
    ok(disk.flushes == 1 && page_cache_dirty_pages() == 0, "is safe when it returns");
    is_int(read_at(file, bounce, 1, 0), -EBADF, "opened for writing only");
    file_put(file);
}

/* Every allocation fails once: errors come out, and nothing wrong stays behind. */
static void test_no_memory(struct file *file)
{
    struct cases c = {.text = "every allocation fails in turn"};
    for (unsigned long nth = 1; nth < 60; nth++) {
        forget(file);
        port_fail_nth(nth);
        long got = read_at(file, bounce, 50000, 3000);
        cases_check(&c,
                    got == -ENOMEM || (got > 0 && memcmp(bounce, model + 3000, (size_t)got) == 0),
                    "read: %ld", got);
        long put = write_at(file, model + 100, 40000, 100);
        cases_check(&c, put == -ENOMEM || put > 0, "write: %ld", put);
        int err = file_fsync(file);
        cases_check(&c, err == 0 || err == -ENOMEM, "fsync: %d", err);
        port_fail_nth(0);
        cases_check(&c, file_fsync(file) == 0 && image_is_model(), "the image");
    }
    cases_end(&c);
}

int main(void)
{
    host_port.bad_n = 0;
    for (size_t i = 0; i < BYTES; i++)
        model[i] = (uint8_t)(i * 31 + (i >> 9));
    if (vfs_init() < 0 || !(fs = fs_context_create()))
        return 1;
    test_page_tree();
    vfs_mkdir(AT, "/dev", 0755);
    is_int(vfs_mount(AT, "dev", "/dev", "devtmpfs", 0, ""), 0, "a devfs");
    block_host_init(&disk, "disk", 0, image(model, BYTES), SECTORS);
    block_host_init(&fixed, "fixed", 16, image(model, 1536), 3);
    fixed.dev.read_only = true;
    is_int(blockdev_add(&disk.dev), 0, "a disk");
    is_int(blockdev_add(&fixed.dev), 0, "another one");
    is_int(blockdev_add(&disk.dev), -EEXIST, "once");
    long objects = host_port.objects, pages = host_port.pages;
    struct file *file = open_dev("/dev/disk", O_RDWR);
    test_first_look(file);
    test_ends(file);
    test_ahead(file);
    test_random(file);
    test_flusher_work(file);
    test_throttle(file);
    test_errors(file);
    test_untold_errors(file);
    test_killed(file);
    test_discard(file);
    test_read_only();
    test_resized();
    test_sync_writes();
    test_no_memory(file);
    forget(file);
    file_put(file);
    is_int(host_port.objects - objects, 0, "no object is leaked");
    is_int(host_port.pages - pages, 0, "no page is leaked");
    fs_context_put(fs);
    return tap_done();
}
