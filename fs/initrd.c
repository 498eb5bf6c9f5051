/*
 * Filling the root file system from the initial ram disk: cpio newc archives one after the other,
 * each as it is or in a gzip member (Linux Documentation/driver-api/early-userspace).
 */
#include "fs/internal.h"
#include "lib/cpio.h"
#include "lib/inflate.h"

/* Where the next entry's bytes come from: memory, or a stream that is being decompressed. */
struct source {
    const uint8_t *data;
    struct cpio_stream *stream;
};

struct unpack {
    struct fs_at at;
    struct link_name { /* first names of files with several, by the archive's numbers */
        struct link_name *next;
        uint32_t ino, dev_major, dev_minor;
        char name[];
    } * links;
    unsigned entries;
};

static int write_all(struct file *file, const void *data, size_t n)
{
    struct uio uio;
    uio_kernel(&uio, (void *)(uintptr_t)data, n);
    long done = file_write(file, &uio);
    return done < 0 ? (int)done : (size_t)done == n ? 0 : -ENOSPC;
}

static int copy_data(struct file *file, const struct source *source, size_t size)
{
    if (source->data)
        return size > 0 ? write_all(file, source->data, size) : 0;
    char *buf = kmalloc(PAGE_SIZE);
    int err = buf ? 0 : -ENOMEM;
    while (err == 0 && size > 0) {
        size_t n = size < PAGE_SIZE ? size : PAGE_SIZE;
        long got = cpio_stream_read(source->stream, buf, n);
        err = got == (long)n ? write_all(file, buf, n) : -EINVAL;
        size -= n;
    }
    kfree(buf);
    return err;
}

/* Makes the directories a name lies in, for archives that leave them out. */
static int make_parents(struct unpack *u, const char *name)
{
    char *path = kmalloc(strlen(name) + 1);
    if (!path)
        return -ENOMEM;
    int err = 0;
    strcpy(path, name);
    for (char *p = path; err == 0 && (p = strchr(p, '/')); *p++ = '/') {
        *p = '\0';
        if (p > path) {
            err = vfs_mkdir(u->at, path, 0755);
            err = err == -EEXIST ? 0 : err;
        }
    }
    kfree(path);
    return err;
}

/* The first name of a file with several, or NULL after having noted this one. */
static const char *link_seen(struct unpack *u, const struct cpio_entry *e, int *err)
{
    struct link_name *l = u->links;
    while (l && (l->ino != e->ino || l->dev_major != e->dev_major || l->dev_minor != e->dev_minor))
        l = l->next;
    if (l)
        return l->name;
    l = kmalloc(sizeof *l + e->name_len + 1);
    if (!l) {
        *err = -ENOMEM;
        return NULL;
    }
    l->ino = e->ino;
    l->dev_major = e->dev_major;
    l->dev_minor = e->dev_minor;
    memcpy(l->name, e->name, e->name_len + 1);
    l->next = u->links;
    u->links = l;
    return NULL;
}

static int unpack_file(struct unpack *u, const struct cpio_entry *e, const char *name,
                       const struct source *source, struct path *made)
{
    int err = 0;
    const char *first = e->nlink > 1 ? link_seen(u, e, &err) : NULL;
    if (err < 0)
        return err;
    /* All but one of the names of a file come without data (cpio -H newc puts it with the last). */
    if (first && strcmp(first, e->name) != 0) {
        err = vfs_unlink(u->at, name);
        if (err == 0 || err == -ENOENT)
            err = vfs_link(u->at, first, u->at, name, false);
    }
    if (err < 0)
        return err;
    int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (first && e->size == 0 ? 0 : O_TRUNC);
    struct file *file;
    err = vfs_open(u->at, name, flags, e->mode & 07777, &file);
    if (err < 0)
        return err;
    err = copy_data(file, source, e->size);
    *made = path_get(file->path);
    file_put(file);
    return err;
}

static int unpack_link(struct unpack *u, const struct cpio_entry *e, const char *name,
                       const struct source *source)
{
    if (e->size == 0 || e->size >= FS_PATH_MAX)
        return -EINVAL;
    char *target = kmalloc(e->size + 1);
    if (!target)
        return -ENOMEM;
    int err = 0;
    if (source->data)
        memcpy(target, source->data, e->size);
    else if (cpio_stream_read(source->stream, target, e->size) != (long)e->size)
        err = -EINVAL;
    target[e->size] = '\0';
    if (err == 0)
        err = vfs_symlink(u->at, target, name);
    kfree(target);
    return err;
}

/* A later entry replaces an earlier one; files and directories are reused. */
static int clear_way(struct unpack *u, const struct cpio_entry *e, const char *name)
{
    struct path old;
    if (vfs_lookup(u->at, name, false, &old) < 0)
        return 0;
    uint32_t type = old.dentry->inode->mode & S_IFMT;
    path_put(old);
    if (type == (e->mode & S_IFMT) && (type == S_IFREG || type == S_IFDIR))
        return 0;
    return type == S_IFDIR ? vfs_rmdir(u->at, name) : vfs_unlink(u->at, name);
}

/* Makes what one entry describes. */
static int make_entry(struct unpack *u, const struct cpio_entry *e, const char *name,
                      const struct source *source, struct path *made)
{
    switch (e->mode & S_IFMT) {
    case S_IFREG: return unpack_file(u, e, name, source, made);
    case S_IFDIR: return vfs_mkdir(u->at, name, e->mode & 07777);
    case S_IFLNK: return unpack_link(u, e, name, source);
    default: return vfs_mknod(u->at, name, e->mode, DEV_MAKE(e->rdev_major, e->rdev_minor));
    }
}

static int unpack_entry(struct unpack *u, const struct cpio_entry *e, const struct source *source)
{
    const char *name = e->name;
    while (name[0] == '/' || (name[0] == '.' && name[1] == '/'))
        name++;
    if (!*name || strcmp(name, ".") == 0)
        return 0; /* the root is there */
    int err = clear_way(u, e, name);
    if (err < 0)
        return err;
    struct path made = {NULL, NULL};
    err = make_entry(u, e, name, source, &made);
    if (err == -ENOENT) {
        err = make_parents(u, name);
        if (err == 0)
            err = make_entry(u, e, name, source, &made);
    }
    if (err == -EEXIST && S_ISDIR(e->mode))
        err = 0;
    if (err == 0 && !made.dentry)
        err = vfs_lookup(u->at, name, false, &made);
    if (err == 0) {
        struct inode *inode = made.dentry->inode;
        if (!inode_is_link(inode))
            inode->mode = (inode->mode & S_IFMT) | (e->mode & 07777);
        inode->uid = e->uid;
        inode->gid = e->gid;
        inode->mtime = (int64_t)e->mtime * 1000000000;
        u->entries++;
    }
    if (made.dentry)
        path_put(made);
    return err;
}

static int stopped(const char *what, int err)
{
    klog(LOG_ERR, "initrd: %s: stopped with error %d", what, -err);
    return err;
}

/* Archives in memory as they are, up to *pos of something that is none. */
static int unpack_plain(struct unpack *u, const uint8_t *image, size_t size, size_t *pos)
{
    struct cpio cpio;
    struct cpio_entry e;
    int result;
    cpio_open(&cpio, image + *pos, size - *pos);
    while ((result = cpio_next(&cpio, &e)) == CPIO_ENTRY) {
        int err = unpack_entry(u, &e, &(struct source){.data = e.data});
        if (err < 0)
            return stopped(e.name, err);
    }
    *pos += cpio.pos;
    return result < 0 ? stopped(cpio_strerror(result), -EINVAL) : 0;
}

static long inflate_more(void *arg, void *buf, size_t n)
{
    return inflate_read(arg, buf, n);
}

/* One gzip member with archives in it, at *pos. */
static int unpack_gzip(struct unpack *u, const uint8_t *image, size_t size, size_t *pos)
{
    struct inflate *inf = kmalloc(sizeof *inf);
    struct cpio_stream *stream = kmalloc(sizeof *stream);
    int err = inf && stream ? 0 : -ENOMEM, result = CPIO_END;
    if (err == 0) {
        struct cpio_entry e;
        inflate_init(inf, INFLATE_GZIP, image + *pos, size - *pos);
        cpio_stream_open(stream, inflate_more, inf);
        while (err == 0 && (result = cpio_stream_next(stream, &e)) == CPIO_ENTRY)
            err = unpack_entry(u, &e, &(struct source){.stream = stream});
        *pos += inflate_consumed(inf);
    }
    if (err < 0)
        stopped("compressed archive", err);
    else if (result != CPIO_END)
        err = stopped(inf->error ? inflate_strerror(inf->error) : cpio_strerror(result), -EINVAL);
    kfree(inf);
    kfree(stream);
    return err;
}

int initrd_unpack(struct fs_context *fs, const void *image, size_t size)
{
    const uint8_t *bytes = image;
    struct unpack u = {.at = {fs, NULL}};
    size_t pos = 0;
    int err = 0;
    uint32_t umask = fs->umask;
    fs->umask = 0;
    while (err == 0 && pos < size) {
        size_t before = pos;
        if (inflate_is_gzip(bytes + pos, size - pos))
            err = unpack_gzip(&u, bytes, size, &pos);
        else
            err = unpack_plain(&u, bytes, size, &pos);
        if (err == 0 && pos == before)
            err = stopped("neither a cpio archive nor gzip", -EINVAL);
    }
    fs->umask = umask;
    while (u.links) {
        struct link_name *l = u.links;
        u.links = l->next;
        kfree(l);
    }
    klog(LOG_INFO, "initrd: %u entries from %zu KiB", u.entries, size / 1024);
    return err;
}
