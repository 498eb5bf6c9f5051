/*
 * What the host cannot witness: allocation failures at every point, bad user memory, mounts,
 * devices, /proc, the page tree, unpacking an initrd, and what is held at the end of it all.
 */
#include "tap.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/mount.h"
#include "abi/poll.h"
#include "abi/stat.h"
#include "fs/fs.h"
#include "tests/unit/support/port_host.h"
#include <limits.h>

static struct fs_context *fs;
#define AT ((struct fs_at){fs, NULL})

static long put(const char *path, const void *data, size_t n)
{
    struct file *file;
    long err = vfs_open(AT, path, O_WRONLY | O_CREAT | O_TRUNC, 0644, &file);
    if (err < 0)
        return err;
    struct uio uio;
    uio_kernel(&uio, (void *)(uintptr_t)data, n);
    err = file_write(file, &uio);
    file_put(file);
    return err;
}

/* The file's content in a buffer that lasts until the next call; "" and *err when there is none. */
static const char *get(const char *path, long *err)
{
    static char buf[1 << 16];
    struct file *file;
    buf[0] = '\0';
    *err = vfs_open(AT, path, O_RDONLY, 0, &file);
    if (*err < 0)
        return buf;
    *err = file_read_kernel(file, buf, sizeof buf - 1, 0);
    buf[*err > 0 ? *err : 0] = '\0';
    file_put(file);
    return buf;
}

static bool content_is(const char *path, const char *want)
{
    long err;
    return strcmp(get(path, &err), want) == 0 && err == (long)strlen(want);
}

static uint32_t mode_of(const char *path)
{
    struct path found;
    if (vfs_lookup(AT, path, false, &found) < 0)
        return 0;
    uint32_t mode = found.dentry->inode->mode;
    path_put(found);
    return mode;
}

/* Empties the root. */
struct names {
    struct dir_context ctx;
    char list[4096];
};

static int gather(struct dir_context *ctx, const char *name, size_t len, uint64_t ino,
                  unsigned type, int64_t next)
{
    struct names *n = (struct names *)ctx;
    if (name[0] != '.') {
        strncat(n->list, name, len);
        strcat(n->list, "\n");
    }
    return 0;
}

static void list(const char *path, struct names *n)
{
    struct file *file;
    n->ctx.emit = gather;
    n->list[0] = '\0';
    if (vfs_open(AT, path, O_RDONLY | O_DIRECTORY, 0, &file) < 0)
        return;
    file_readdir(file, &n->ctx);
    file_put(file);
}

static void empty(const char *path)
{
    struct names n;
    char *save = NULL, full[1024];
    list(path, &n);
    for (char *name = strtok_r(n.list, "\n", &save); name; name = strtok_r(NULL, "\n", &save)) {
        snprintf(full, sizeof full, "%s/%s", path, name);
        if (vfs_unlink(AT, full) == -EISDIR) {
            empty(full);
            vfs_rmdir(AT, full);
        }
    }
}

/* ---- user memory that faults */

static void test_bad_memory(void)
{
    static char buf[3 * 4096];
    struct file *file;
    struct uio uio;
    memset(buf, 'u', sizeof buf);
    vfs_open(AT, "/f", O_RDWR | O_CREAT, 0644, &file);
    host_port.bad = (uintptr_t)buf + 5000;
    host_port.bad_n = sizeof buf - 5000;
    uio_user(&uio, (uintptr_t)buf, sizeof buf);
    is_int(file_write(file, &uio), 4096, "a write stops at the page in which memory faults");
    is_int(inode_size(file->inode), 4096, "and the file ends there");
    is_int(file_truncate(file, 8192), 0, "growing it");
    host_port.bad_n = 0;
    is_int(file_read_kernel(file, buf, 8192, 0), 8192, "reads all");
    host_port.bad_n = sizeof buf - 5000;
    uio_user(&uio, (uintptr_t)buf + 4000, 3000);
    is_int(file_pwrite(file, &uio, 8192 + 100), -EFAULT, "a partial page that faults");
    host_port.bad_n = 0;
    is_int(file_truncate(file, 12288), 0, "growing it again");
    is_int(file_read_kernel(file, buf + 8192, 4096, 8192), 4096, "reads the third page");
    ok(memchr(buf + 8192, 'u', 4096) == NULL, "which is all zeros");
    is_int(file_truncate(file, 8192), 0, "back");
    ok(buf[4095] == 'u' && buf[4096] == 0 && buf[5000] == 0 && buf[8191] == 0,
       "what a failed copy left beyond the end does not show");
    host_port.bad = (uintptr_t)buf + 5000;
    host_port.bad_n = 1;
    uio_user(&uio, (uintptr_t)buf, 8192);
    is_int(file_pread(file, &uio, 0), 4096, "a read stops likewise");
    uio_user(&uio, 8, 10);
    is_int(file_pread(file, &uio, 0), -EFAULT, "nothing read: -EFAULT");
    uio_user(&uio, 8, 10);
    is_int(file_pwrite(file, &uio, 0), -EFAULT, "nothing written: -EFAULT");
    struct uio_seg segs[3] = {{(uintptr_t)buf, 3}, {(uintptr_t)buf + 100, 0}, {(uintptr_t)buf, 4}};
    uio_segments(&uio, segs, 3, true);
    is_int(file_pwrite(file, &uio, 8190), 7, "segments, an empty one among them, across pages");
    is_int(inode_size(file->inode), 8197, "grow the file");
    struct file *r, *w;
    pipe_create(&r, &w, O_NONBLOCK);
    uio_user(&uio, (uintptr_t)buf + 4990, 100);
    is_int(file_write(w, &uio), -EFAULT, "a pipe write that faults");
    uio_kernel(&uio, buf, 10);
    is_int(file_read(r, &uio), -EAGAIN, "leaves the pipe empty");
    uio_kernel(&uio, buf, 100);
    file_write(w, &uio);
    uio_user(&uio, 8, 100);
    is_int(file_read(r, &uio), -EFAULT, "a pipe read that faults");
    uio_kernel(&uio, buf, 200);
    is_int(file_read(r, &uio), 100, "loses nothing");
    host_port.bad_n = 0;
    file_put(r);
    file_put(w);
    file_put(file);
    vfs_unlink(AT, "/f");
}

/* ---- a pipe against an array */

static void test_pipe(void)
{
    struct cases c = {.text = "pipe: random reads and writes give the bytes in order"};
    static uint8_t in[70000], out[70000];
    struct file *r, *w;
    struct uio uio;
    uint32_t written = 0, consumed = 0;
    pipe_create(&r, &w, O_NONBLOCK);
    for (unsigned step = 0; step < 4000; step++) {
        size_t n = 1 + random_below(step % 3 ? 300 : sizeof in);
        if (random_below(2)) {
            for (size_t i = 0; i < n; i++)
                in[i] = (uint8_t)((written + i) * 2654435761u >> 24);
            uio_kernel(&uio, in, n);
            long done = file_write(w, &uio);
            cases_check(&c, done == -EAGAIN || (done > 0 && done <= (long)n), "wrote %ld", done);
            cases_check(&c, n > 4096 || done == (long)n || done == -EAGAIN, "split: %ld", done);
            written += done > 0 ? (uint32_t)done : 0;
        } else {
            uio_kernel(&uio, out, n);
            long done = file_read(r, &uio), have = (long)(written - consumed);
            cases_check(&c,
                        done == (have == 0        ? -EAGAIN
                                 : have < (long)n ? have
                                                  : (long)n),
                        "read %ld of %ld", done, have);
            for (long i = 0; i < done; i++)
                cases_check(&c, out[i] == (uint8_t)((consumed + (uint32_t)i) * 2654435761u >> 24),
                            "byte %u", consumed + (unsigned)i);
            consumed += done > 0 ? (uint32_t)done : 0;
        }
        cases_check(&c, written - consumed <= 65536, "more than it holds");
    }
    ok(written > 1000000, "a megabyte went through");
    file_put(r);
    file_put(w);
    cases_end(&c);
}

/* ---- limits */

static void test_limits(void)
{
    struct file *file;
    static char buf[64 * 4096];
    struct uio uio;
    size_t before = host_port.free_pages;
    is_int(vfs_mkdir(AT, "/small", 0755), 0, "a directory for a small tmpfs");
    host_port.free_pages = (size_t)host_port.pages + 40;
    is_int(vfs_mount(AT, "", "/small", "tmpfs", 0, ""), 0, "mounted when 40 pages are free");
    host_port.free_pages = before;
    is_int(put("/small/big", buf, sizeof buf), 20 * 4096, "it takes half of them");
    is_int(put("/small/more", buf, 1), -ENOSPC, "then there is no space");
    is_int(vfs_unlink(AT, "/small/big"), 0, "unlinking");
    is_int(put("/small/more", buf, 4096 * 19), 4096 * 19, "gives it back");
    vfs_open(AT, "/small/more", O_RDWR, 0, &file);
    is_int(file_truncate(file, 1), 0, "so does truncating");
    uio_kernel(&uio, buf, 4096);
    is_int(file_pwrite(file, &uio, FS_FILE_SIZE_MAX), -EFBIG, "nothing beyond the largest size");
    uio_kernel(&uio, buf, 4096);
    is_int(file_pwrite(file, &uio, FS_FILE_SIZE_MAX - 10), 10, "a part up to it");
    is_int(inode_size(file->inode), FS_FILE_SIZE_MAX, "which is then the size");
    is_int(file_truncate(file, FS_FILE_SIZE_MAX + 1), -EFBIG, "no truncation beyond");
    is_int(file_seek(file, INT64_MAX, SEEK_END), -EOVERFLOW, "seek: overflow");
    struct page *page;
    is_int(inode_get_page(file->inode, 0, &page), 0, "inode_get_page: the first page");
    page_put(page);
    is_int(inode_get_page(file->inode, 100, &page), 0, "a hole gets a page");
    ok(page && memcmp(page_va(page), buf, 4096) == 0, "of zeros");
    page_put(page);
    is_int(inode_get_page(file->inode, UINT64_MAX >> 12, &page), -ENXIO, "none beyond the end");
    file_put(file);
    is_int(vfs_umount(AT, "/small", 0), 0, "unmounted");
    vfs_rmdir(AT, "/small");
    struct files *files = files_create();
    unsigned count = 0;
    for (int fd = 0; fd >= 0; count += fd >= 0) {
        struct file *r, *w;
        pipe_create(&r, &w, 0);
        file_put(w);
        fd = files_install(files, r, 0, false);
        if (fd < 0) {
            is_int(fd, -EMFILE, "the table of descriptors is full");
            file_put(r);
        }
    }
    is_int(count, FILES_MAX, "after as many as there may be");
    files_close(files, 700);
    files_close(files, 5);
    struct file *r, *w;
    pipe_create(&r, &w, 0);
    is_int(files_install(files, r, 6, false), 700, "the lowest from 6 on is another than");
    is_int(files_install(files, w, 0, false), 5, "the lowest of all");
    struct files *copy = files_copy(files);
    is_int(files_count(copy), FILES_MAX, "a copy has them all");
    files_put(files);
    files_put(copy);
}

/* ---- mounts */

static void test_mounts(void)
{
    char cwd[64];
    struct file *file;
    is_int(vfs_mkdir(AT, "/m", 0755), 0, "a mountpoint");
    is_int(put("/m/under", "u", 1), 1, "with a file");
    is_int(vfs_mount(AT, "x", "/m", "nosuchfs", 0, ""), -ENODEV, "unknown type");
    is_int(vfs_mount(AT, "x", "/none", "tmpfs", 0, ""), -ENOENT, "nowhere");
    is_int(vfs_mount(AT, "x", "/m/under", "tmpfs", 0, ""), -ENOTDIR, "on a file");
    is_int(vfs_mount(AT, "x", "/m", "tmpfs", 0, ""), 0, "mount");
    is_int(mode_of("/m/under"), 0, "hides what is below");
    is_int(put("/m/over", "o", 1), 1, "a file in it");
    is_int(vfs_rmdir(AT, "/m"), -EBUSY, "a mountpoint cannot be removed");
    is_int(vfs_rename(AT, "/m", AT, "/n", 0), -EBUSY, "nor renamed");
    is_int(vfs_rename(AT, "/m/over", AT, "/over", 0), -EXDEV, "no rename across");
    is_int(vfs_link(AT, "/m/over", AT, "/over", false), -EXDEV, "no link across");
    is_int(vfs_mkdir(AT, "/m/sub", 0755), 0, "a directory in it");
    is_int(vfs_chdir(AT, "/m/sub"), 0, "to work in");
    ok(vfs_getcwd(fs, cwd, sizeof cwd) == 7 && strcmp(cwd, "/m/sub") == 0, "getcwd crosses");
    is_int(mode_of("../../m/over"), S_IFREG | 0644, "so does ..");
    is_int(vfs_umount(AT, "/m", 0), -EBUSY, "busy while somebody is in it");
    vfs_chdir(AT, "/");
    vfs_open(AT, "/m/over", O_RDONLY, 0, &file);
    is_int(vfs_umount(AT, "/m", 0), -EBUSY, "or a file is open");
    struct inode *held = inode_get(file->inode);
    file_put(file);
    is_int(vfs_mount(AT, "y", "/m", "tmpfs", 0, ""), 0, "a second one on top");
    is_int(mode_of("/m/over"), 0, "hides the first");
    is_int(vfs_umount(AT, "/m/none", 0), -ENOENT, "umount: no such path");
    is_int(vfs_umount(AT, "/m", 0), 0, "umount the second");
    is_int(mode_of("/m/over"), S_IFREG | 0644, "shows the first");
    is_int(vfs_umount(AT, "/m/sub", 0), -EINVAL, "umount: not a mount");
    is_int(vfs_umount(AT, "/", 0), -EBUSY, "umount: the root");
    is_int(vfs_mount(AT, "", "/m", "", ABI_MS_REMOUNT | ABI_MS_RDONLY, ""), 0, "remount");
    is_int(put("/m/new", "", 0), -EROFS, "read-only: no new file");
    is_int(put("/m/over", "", 0), -EROFS, "no writing");
    is_int(vfs_unlink(AT, "/m/over"), -EROFS, "no unlinking");
    is_int(vfs_mkdir(AT, "/m/sub", 0), -EEXIST, "what exists, exists");
    is_int(vfs_umount(AT, "/m", 0), 0, "umount the first");
    struct page *page;
    is_int(inode_get_page(held, 0, &page), 0, "an inode outlives its mount (a program runs)");
    page_put(page);
    inode_put(held);
    is_int(mode_of("/m/under"), S_IFREG | 0644, "all is as it was");
    empty("/m");
    vfs_rmdir(AT, "/m");
}

/* ---- devices and /proc */

static long late_read(struct file *file, struct uio *uio, int64_t *pos)
{
    return uio_put(uio, file->priv, 4) < 0 ? -EFAULT : 4;
}

static const struct file_ops late_ops = {.read = late_read};
static char late_data[] = "late";
static struct fs_device late = {.name = "late",
                                .mode = S_IFCHR | 0600,
                                .rdev = DEV_MAKE(99, 300),
                                .ops = &late_ops,
                                .priv = late_data};

static void test_devices(void)
{
    char buf[8] = "xxxxxxx";
    struct file *file;
    struct uio uio;
    is_int(memdev_init(), 0, "the memory devices");
    vfs_mkdir(AT, "/dev", 0755);
    is_int(vfs_mount(AT, "dev", "/dev", "devtmpfs", 0, ""), 0, "a devfs");
    is_int(mode_of("/dev/null"), S_IFCHR | 0666, "has their nodes");
    is_int(devfs_add(&late), 0, "a device that comes later");
    is_int(mode_of("/dev/late"), S_IFCHR | 0600, "appears as well");
    is_int(devfs_add(&late), -EEXIST, "once");
    long err;
    is_str(get("/dev/late", &err), "latelate" + 4, "and opens to its driver");
    is_int(vfs_open(AT, "/dev/zero", O_RDWR, 0, &file), 0, "/dev/zero");
    is_int(file_read_kernel(file, buf, 4, 0), 4, "reads");
    ok(memcmp(buf, "\0\0\0\0xxx", 7) == 0, "zeros");
    file_put(file);
    is_int(put("/dev/null", "gone", 4), 4, "/dev/null takes everything");
    is_str(get("/dev/null", &err), "", "and gives nothing");
    vfs_open(AT, "/dev/full", O_RDWR, 0, &file);
    uio_kernel(&uio, buf, 4);
    is_int(file_write(file, &uio), -ENOSPC, "/dev/full is full");
    file_put(file);
    is_int(vfs_mknod(AT, "/node", S_IFCHR | 0600, DEV_MAKE(1, 3)), 0, "a node elsewhere");
    is_int(put("/node", "gone", 4), 4, "is the same device");
    is_int(vfs_mknod(AT, "/dead", S_IFCHR | 0600, DEV_MAKE(77, 7)), 0, "a node of no driver");
    is_int(vfs_open(AT, "/dead", O_RDONLY, 0, &file), -ENXIO, "cannot be opened");
    vfs_unlink(AT, "/node");
    vfs_unlink(AT, "/dead");
    is_int(vfs_umount(AT, "/dev", 0), 0, "unmounted");
    vfs_rmdir(AT, "/dev");
}

static int content_version;
static int living[] = {1, 7, 4242};

static void show_version(struct text *text)
{
    text_print(text, "version %d\n", ++content_version);
}

static void show_long(struct text *text)
{
    for (int i = 0; i < 3000; i++)
        text_print(text, "%04d\n", i);
}

static int next_pid(int pid)
{
    for (size_t i = 0; i < 3; i++)
        if (living[i] > pid)
            return living[i];
    return 0;
}

static bool alive(int pid)
{
    return pid > 0 && next_pid(pid - 1) == pid;
}

static int show_pid(struct text *text, int pid)
{
    if (!alive(pid))
        return -ESRCH;
    text_print(text, "I am %d\n", pid);
    return 0;
}

static long link_pid(int pid, char *buf, size_t size)
{
    return snprintf(buf, size, "/somewhere");
}

static const struct proc_pid_entry pid_entries[] = {
    {.name = "who", .show = show_pid},
    {.name = "where", .link = link_pid},
};
static const struct proc_pid_ops pid_ops = {next_pid, alive, pid_entries, 2};

static void test_proc(void)
{
    static struct proc_entry entries[] = {{"version", show_version, NULL},
                                          {"sys/a/deep", show_version, NULL},
                                          {"sys/a/deeper", show_version, NULL},
                                          {"sys/b", show_version, NULL},
                                          {"long", show_long, NULL},
                                          {"mounts", fs_show_mounts, NULL}};
    struct names names;
    long err;
    char buf[64];
    for (size_t i = 0; i < 6; i++)
        proc_register(&entries[i]);
    proc_register_pids(&pid_ops);
    vfs_mkdir(AT, "/proc", 0755);
    is_int(vfs_mount(AT, "proc", "/proc", "proc", 0, ""), 0, "a procfs");
    list("/proc", &names);
    is_str(names.list, "self\nversion\nsys\nlong\nmounts\n1\n7\n4242\n", "/proc");
    list("/proc/sys", &names);
    is_str(names.list, "a\nb\n", "/proc/sys");
    list("/proc/sys/a", &names);
    is_str(names.list, "deep\ndeeper\n", "/proc/sys/a");
    list("/proc/7", &names);
    is_str(names.list, "who\nwhere\n", "/proc/7");
    is_str(get("/proc/version", &err), "version 1\n", "content");
    is_str(get("/proc/sys/a/deep", &err), "version 2\n", "is made anew");
    is_str(get("/proc/7/who", &err), "I am 7\n", "of a process");
    is_int(strlen(get("/proc/long", &err)), 15000, "a long one");
    ok(strstr(get("/proc/mounts", &err), "proc /proc proc rw 0 0\n") != NULL, "/proc/mounts");
    is_int(vfs_readlink(AT, "/proc/self", buf, sizeof buf), 2, "/proc/self");
    is_str(buf, "42", "is the caller");
    is_int(vfs_readlink(AT, "/proc/7/where", buf, sizeof buf), 10, "a link of a process");
    get("/proc/3/who", &err);
    is_int(err, -ENOENT, "no such process");
    get("/proc/07/who", &err);
    is_int(err, -ENOENT, "no such spelling");
    get("/proc/sys/c", &err);
    is_int(err, -ENOENT, "no such entry");
    get("/proc/sys/7", &err);
    is_int(err, -ENOENT, "processes are in the root only");
    is_int(put("/proc/version", "x", 1), -EACCES, "nothing is written");
    is_int(put("/proc/new", "x", 1), -EACCES, "nothing made");
    is_int(vfs_mkdir(AT, "/proc/new", 0755), -EPERM, "no directory either");
    is_int(vfs_unlink(AT, "/proc/version"), -EPERM, "nothing removed");
    struct file *file;
    vfs_open(AT, "/proc/7/who", O_RDONLY, 0, &file);
    is_int(vfs_chdir(AT, "/proc/7"), 0, "a working directory in a process");
    living[1] = 8;
    is_int(file_read_kernel(file, buf, 10, 0), -ESRCH, "that is gone now");
    get("who", &err);
    is_int(err, -ENOENT, "whose names are gone");
    is_int(mode_of("/proc/7"), 0, "from above as well");
    is_int(mode_of("/proc/8"), S_IFDIR | 0555, "while others come");
    file_put(file);
    vfs_chdir(AT, "/");
    is_int(vfs_umount(AT, "/proc", 0), 0, "unmounted");
    vfs_rmdir(AT, "/proc");
}

/* ---- readiness */

static void test_poll(void)
{
    struct file *r, *w;
    struct uio uio;
    static char buf[70000];
    pipe_create(&r, &w, O_NONBLOCK);
    is_int(file_poll(r), 0, "an empty pipe: nothing to read");
    is_int(file_poll(w), POLLOUT | POLLWRNORM, "but room");
    unsigned generation = fs_poll_generation();
    is_int(fs_poll_wait(generation, 0), -ETIMEDOUT, "nothing happens");
    uio_kernel(&uio, buf, sizeof buf);
    is_int(file_write(w, &uio), 65536, "filling it");
    is_int(fs_poll_wait(generation, UINT64_MAX), 0, "is noticed");
    is_int(file_poll(r), POLLIN | POLLRDNORM, "something to read");
    is_int(file_poll(w), 0, "and no room");
    file_put(w);
    is_int(file_poll(r), POLLIN | POLLRDNORM | POLLHUP, "hung up");
    file_put(r);
    pipe_create(&r, &w, O_NONBLOCK);
    file_put(r);
    is_int(file_poll(w), POLLOUT | POLLWRNORM | POLLERR, "no readers");
    file_put(w);
}

/* ---- initrd: archives made by the host's cpio, or else skipped */

static uint8_t *archive(const char *how, size_t *size)
{
    if (run("cd tree && find . | LC_ALL=C sort | cpio -o -H newc %s > ../out.cpio", how) != 0)
        return NULL;
    return read_whole_file(scratch_path("out.cpio"), size);
}

static void test_initrd(void)
{
    size_t size, size2;
    long err;
    if (!have("cpio") || !have("gzip")) {
        skip("initrd", "no cpio or gzip on this host");
        return;
    }
    run("mkdir -p tree/bin tree/etc/deep/er; echo -n hello > tree/etc/greeting; "
        "head -c 300000 /dev/zero | tr '\\0' z > tree/bin/big; chmod 751 tree/bin/big; "
        "ln -s ../etc/greeting tree/bin/link; ln tree/etc/greeting tree/etc/second; "
        "mkfifo tree/etc/fifo; : > tree/etc/empty; chmod 1777 tree/etc/deep");
    uint8_t *plain = archive("", &size), *zipped = archive("| gzip -9", &size2);
    if (!ok(plain && zipped, "the host makes archives"))
        return;
    for (int kind = 0; kind < 2; kind++) {
        const char *name = kind ? "gzip" : "plain";
        const uint8_t *image = kind ? zipped : plain;
        size_t n = kind ? size2 : size;
        is_int(initrd_unpack(fs, image, n), 0, name);
        ok(content_is("/etc/greeting", "hello"), "%s: content", name);
        ok(content_is("/bin/link", "hello"), "%s: through a link", name);
        get("/bin/big", &err);
        is_int(err, 65535, "a long file");
        is_int(mode_of("/bin/big"), S_IFREG | 0751, "permissions");
        is_int(mode_of("/etc/deep"), S_IFDIR | 01777, "of directories");
        is_int(mode_of("/etc/fifo") & S_IFMT, S_IFIFO, "a FIFO");
        put("/etc/second", "both", 4);
        ok(content_is("/etc/greeting", "both"), "%s: hard links", name);
        ok(content_is("/etc/empty", ""), "%s: an empty file", name);
        is_int(initrd_unpack(fs, image, n), 0, "over itself");
        ok(content_is("/etc/second", "hello"), "%s: restored", name);
        empty("/");
    }
    /* Two archives, zeros between, the second compressed and replacing a file by a directory. */
    uint8_t *both = calloc(1, size + 4096 + size2);
    put("/etc", "in the way", 10);
    memcpy(both, plain, size);
    memcpy(both + size + 512, zipped, size2);
    is_int(initrd_unpack(fs, both, size + 512 + size2), 0, "concatenated");
    ok(content_is("/etc/greeting", "hello"), "concatenated: content");
    empty("/");
    host_port.quiet = true;
    is_int(initrd_unpack(fs, "junk junk junk", 14), -EINVAL, "junk");
    is_int(initrd_unpack(fs, plain, size - 20000), -EINVAL, "cut off");
    is_int(mode_of("/bin"), S_IFDIR | 0755, "keeps what came before");
    empty("/");
    is_int(initrd_unpack(fs, zipped, size2 - 10), -EINVAL, "cut off, compressed");
    empty("/");
    struct cases c = {.text = "damaged archives do no harm"};
    for (unsigned i = 0; i < 300; i++) {
        memcpy(both, i % 2 ? zipped : plain, i % 2 ? size2 : size);
        size_t n = mutate(both, i % 2 ? size2 : size);
        initrd_unpack(fs, both, n);
        cases_check(&c, host_port.spins == 0 && host_port.mutexes == 0, "locks held");
        empty("/");
    }
    cases_end(&c);
    /* Memory that runs out at each of the first allocations. */
    struct cases f = {.text = "initrd: every allocation may fail"};
    long objects = host_port.objects, pages = host_port.pages;
    for (unsigned long nth = 1; nth < 400; nth++) {
        port_fail_nth(nth);
        int result = initrd_unpack(fs, nth % 2 ? zipped : plain, nth % 2 ? size2 : size);
        bool all = host_port.tries < nth;
        port_fail_nth(0);
        cases_check(&f, all || result < 0, "allocation %lu: result %d", nth, result);
        empty("/");
        cases_check(&f, objects == host_port.objects && pages == host_port.pages, "leak at %lu",
                    nth);
        if (all && nth % 2 == 0)
            break;
    }
    cases_end(&f);
    host_port.quiet = false;
    free(both);
    free(plain);
    free(zipped);
}

/* ---- allocation failures in everything else */

static int step_result; /* the first error of a sequence */

static void step(long result)
{
    if (result < 0 && step_result == 0)
        step_result = (int)result;
}

static void sequence(void)
{
    struct file *file = NULL, *r = NULL, *w = NULL;
    static char data[3 * 4096];
    char buf[128];
    struct uio uio;
    static const char long_name[] = "/a-name-that-is-too-long-for-the-inline-buffer-of-an-entry";
    step(vfs_mkdir(AT, "/d", 0755));
    step(vfs_mkdir(AT, "/d/e", 0755));
    step(put("/d/f", data, sizeof data));
    step(put(long_name, "x", 1));
    step(vfs_symlink(AT, "/d/e", "/link"));
    step(put("/link/through", "t", 1));
    step(vfs_link(AT, "/d/f", AT, "/d/e/g", false));
    step(vfs_rename(AT, "/d/f", AT, "/moved", 0));
    step(vfs_rename(AT, "/moved", AT, "/d/e/g2", 0));
    step(vfs_rename(AT, "/d/e/g", AT, "/link", RENAME_EXCHANGE));
    step(vfs_readlink(AT, "/d/e/g", buf, sizeof buf));
    step(vfs_mknod(AT, "/fifo", S_IFIFO | 0600, 0));
    long err = vfs_open(AT, "/fifo", O_RDWR, 0, &file);
    step(err);
    if (err == 0)
        file_put(file);
    err = vfs_open(AT, "/sparse", O_RDWR | O_CREAT, 0600, &file);
    step(err);
    if (err == 0) {
        uio_kernel(&uio, data, 10);
        step(file_pwrite(file, &uio, (int64_t)5000 * 4096));
        step(file_truncate(file, 4096));
        file_put(file);
    }
    err = pipe_create(&r, &w, O_NONBLOCK);
    step(err);
    if (err == 0) {
        uio_kernel(&uio, data, sizeof data);
        step(file_write(w, &uio) == sizeof data ? 0 : -ENOMEM);
        uio_kernel(&uio, data, sizeof data);
        step(file_read(r, &uio));
        file_put(r);
        file_put(w);
    }
    step(vfs_mkdir(AT, "/mnt", 0755));
    err = vfs_mount(AT, "", "/mnt", "devtmpfs", 0, "");
    step(err);
    if (err == 0)
        step(vfs_umount(AT, "/mnt", 0));
    err = vfs_mount(AT, "", "/mnt", "proc", 0, "");
    step(err);
    if (err == 0) {
        get("/mnt/version", &err);
        step(err);
        get("/mnt/1/who", &err);
        step(err);
        step(vfs_umount(AT, "/mnt", 0));
    }
    struct files *files = files_create(), *copy = files ? files_copy(files) : NULL;
    struct fs_context *context = copy ? fs_context_copy(fs) : NULL;
    step(context ? 0 : -ENOMEM);
    if (context)
        fs_context_put(context);
    if (copy) {
        err = vfs_open(AT, "/", O_RDONLY, 0, &file);
        step(err);
        if (err == 0) {
            err = files_install(copy, file, 500, true);
            step(err);
            if (err < 0)
                file_put(file);
            files_exec(copy);
        }
        files_put(copy);
    }
    if (files)
        files_put(files);
    empty("/");
}

static void test_failures(void)
{
    struct cases c = {.text = "every allocation of a long sequence may fail"};
    long objects = host_port.objects, pages = host_port.pages;
    for (unsigned long nth = 1; nth < 2000; nth++) {
        step_result = 0;
        port_fail_nth(nth);
        sequence();
        bool all = host_port.tries < nth;
        port_fail_nth(0);
        empty("/"); /* what was left because memory failed while emptying */
        if (all) {
            cases_check(&c, step_result == 0, "without failures: %d", step_result);
            break;
        }
        cases_check(&c,
                    step_result == 0 || step_result == -ENOMEM || step_result == -ENOSPC ||
                        step_result == -ENOENT,
                    "allocation %lu: %d", nth, step_result);
        cases_check(&c, host_port.spins == 0 && host_port.mutexes == 0, "locks held at %lu", nth);
        cases_check(&c, objects == host_port.objects && pages == host_port.pages,
                    "leak at %lu: %ld objects, %ld pages", nth, host_port.objects - objects,
                    host_port.pages - pages);
    }
    ok(c.run > 100, "the sequence allocates more than 100 times");
    cases_end(&c);
}

int main(void)
{
    host_port.bad_n = 0;
    if (vfs_init() < 0 || !(fs = fs_context_create()))
        return 1;
    long objects = host_port.objects, pages = host_port.pages;
    test_bad_memory();
    test_pipe();
    test_limits();
    test_mounts();
    test_devices();
    test_proc();
    test_poll();
    test_initrd();
    test_failures();
    is_int(host_port.objects - objects, 0, "no object is leaked");
    is_int(host_port.pages - pages, 0, "no page is leaked");
    const struct super *root = fs->root.mnt->super;
    is_int((long)root->pages, 0, "the root file system holds no page");
    is_int((long)root->inodes, 1, "and one inode");
    is_int((long)tmpfs_pages(), 0, "nor does any other");
    fs_context_put(fs);
    return tap_done();
}
