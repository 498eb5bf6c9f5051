/* Open files and directories: lopen, lcreate, read, write, readdir, fsync, locks. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/emu/host/p9/p9.h"

/* What of a client's flags has a meaning here; the rest concerns its own side. */
static int host_flags(uint32_t flags)
{
    static const struct {
        uint32_t guest;
        int host;
    } map[] = {
        {P9_EXCL, O_EXCL},   {P9_TRUNC, O_TRUNC},         {P9_APPEND, O_APPEND},
        {P9_DSYNC, O_DSYNC}, {P9_DIRECTORY, O_DIRECTORY}, {P9_SYNC, O_SYNC},
    };
    int result = (flags & P9_ACCMODE) == P9_RDONLY   ? O_RDONLY
                 : (flags & P9_ACCMODE) == P9_WRONLY ? O_WRONLY
                                                     : O_RDWR;

    for (unsigned i = 0; i < sizeof map / sizeof map[0]; i++)
        if ((flags & map[i].guest) == map[i].guest)
            result |= map[i].host;
    return result;
}

/* qid[13] iounit[4], which is how much one read or write can carry. */
static int put_opened(const struct p9_server *s, struct p9_writer *out, const struct p9_fid *fid)
{
    int result = p9_put_qid_of(s, out, fid->file);

    p9_put32(out, s->msize - P9_IO_HEADER_SIZE);
    return result;
}

/*
 * size[4] Tlopen tag[2] fid[4] flags[4]
 * Only files and folders: clients handle devices, pipes and sockets on their own side, and the
 * host's must not be touched.
 */
int p9_do_lopen(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    uint32_t flags = p9_get32(in);
    char path[P9_PROC_PATH];

    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL)
        return -ENOENT;
    if (fid->file >= 0 || fid->attribute != NULL)
        return -EINVAL;
    if (fid->type == S_IFLNK)
        return -ELOOP;
    if (fid->type != S_IFREG && fid->type != S_IFDIR)
        return -ENXIO;
    if (s->read_only && ((flags & P9_ACCMODE) != P9_RDONLY || (flags & P9_TRUNC)))
        return -EROFS;
    fid->file =
        open(p9_proc_path(fid->node, path), (host_flags(flags) & ~O_EXCL) | O_CLOEXEC | O_NOCTTY);
    if (fid->file < 0)
        return -errno;
    return put_opened(s, out, fid);
}

/* Give what was made to the client's user, where we may, and the mode past our umask. */
static void own(int fd, uint32_t uid, uint32_t gid, uint32_t mode)
{
    if (fchown(fd, uid, gid) != 0)
        (void)0; /* "security_model=none": ours, then */
    if (fchmod(fd, mode & 07777) != 0)
        (void)0;
}

/*
 * size[4] Tlcreate tag[2] fid[4] name[s] flags[4] mode[4] gid[4]
 * The fid was the directory and becomes the file.
 */
int p9_do_lcreate(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char name[NAME_MAX + 1];
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    int result = p9_get_name(in, name), file, node;
    uint32_t flags = p9_get32(in), mode = p9_get32(in), gid = p9_get32(in);
    struct stat st;
    bool existed;

    if (!p9_is_complete(in))
        return -EINVAL;
    if (result != 0)
        return result;
    if (fid == NULL)
        return -ENOENT;
    if (fid->file >= 0 || fid->attribute != NULL || fid->type != S_IFDIR)
        return -EINVAL;
    existed = fstatat(fid->node, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    if (existed && !S_ISREG(st.st_mode)) /* nobody shall open a pipe */
        return -EEXIST;
    file =
        openat(fid->node, name,
               (host_flags(flags) & ~O_DIRECTORY) | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
               mode & 0777);
    if (file < 0)
        return -errno;
    if (!existed)
        own(file, fid->uid, gid, mode);
    node = openat(fid->node, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (node < 0) {
        close(file);
        return -errno;
    }
    close(fid->node);
    fid->node = node;
    fid->file = file;
    fid->type = S_IFREG;
    return put_opened(s, out, fid);
}

/* How much of what is asked for a response can carry behind `before` bytes. */
static size_t limit(const struct p9_writer *out, size_t before, uint32_t count)
{
    size_t room = out->room - out->used;

    room = room > before ? room - before : 0;
    return count < room ? count : room;
}

/* size[4] Tread tag[2] fid[4] offset[8] count[4] */
int p9_do_read(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    uint64_t offset = p9_get64(in);
    size_t count = limit(out, sizeof(uint32_t), p9_get32(in));
    uint8_t *count_at;
    ssize_t n;

    if (!p9_is_complete(in) || offset > INT64_MAX)
        return -EINVAL;
    if (fid != NULL && fid->attribute != NULL)
        return p9_read_attribute(fid->attribute, offset, count, out);
    if (fid == NULL || fid->file < 0)
        return -EINVAL;
    count_at = p9_put_bytes(out, sizeof(uint32_t));
    if (count_at == NULL)
        return -EMSGSIZE;
    n = pread(fid->file, count_at + sizeof(uint32_t), count, (off_t)offset);
    if (n < 0)
        return -errno;
    out->used -= sizeof(uint32_t);
    p9_put32(out, (uint32_t)n);
    p9_put_bytes(out, (size_t)n);
    return 0;
}

/* size[4] Twrite tag[2] fid[4] offset[8] count[4] data[count] */
int p9_do_write(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    uint64_t offset = p9_get64(in);
    uint32_t count = p9_get32(in);
    const uint8_t *data = p9_get_bytes(in, count);
    ssize_t n;

    if (!p9_is_complete(in) || offset > INT64_MAX)
        return -EINVAL;
    if (fid != NULL && fid->attribute != NULL)
        return p9_write_attribute(fid->attribute, offset, data, count, out);
    if (fid == NULL || fid->file < 0)
        return -EINVAL;
    n = pwrite(fid->file, data, count, (off_t)offset);
    if (n < 0)
        return -errno;
    p9_put32(out, (uint32_t)n);
    return 0;
}

/* What getdents64(2) writes. */
struct host_dirent {
    uint64_t ino;
    int64_t off; /* where the next entry is */
    uint16_t size;
    uint8_t type;
    char name[];
};

/* One entry: qid[13] offset[8] type[1] name[s]. */
static void put_entry(const struct p9_server *s, struct p9_writer *out, const struct stat *dir,
                      const struct host_dirent *entry)
{
    bool above_root =
        strcmp(entry->name, "..") == 0 && dir->st_ino == s->root_ino && dir->st_dev == s->root_dev;
    struct stat st = {.st_dev = dir->st_dev,
                      .st_ino = above_root ? dir->st_ino : entry->ino,
                      .st_mode = DTTOIF(entry->type)};

    p9_put_qid(s, out, &st);
    p9_put64(out, (uint64_t)entry->off);
    p9_put8(out, entry->type);
    p9_put_string(out, entry->name, strlen(entry->name));
}

/*
 * Write the entries in buf into out as far as there is room; *offset follows them. False if some
 * had none.
 */
static bool put_entries(const struct p9_server *s, struct p9_writer *out, const struct stat *dir,
                        const uint8_t *buf, size_t n, uint64_t *offset)
{
    for (size_t at = 0; at < n;) {
        const struct host_dirent *entry = (const void *)(buf + at);
        struct p9_writer before = *out;
        put_entry(s, out, dir, entry);
        if (out->full) {
            *out = before;
            return false;
        }
        *offset = (uint64_t)entry->off;
        at += entry->size;
    }
    return true;
}

/* Entries from `offset` on. Returns 0 or a negative error number. */
static int read_dir(const struct p9_server *s, int fd, uint64_t offset, struct p9_writer *out)
{
    _Alignas(struct host_dirent) uint8_t buf[4096];
    struct stat dir;
    long n;

    if (fstat(fd, &dir) != 0)
        return -errno;
    do {
        if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
            return -errno;
        n = syscall(SYS_getdents64, fd, buf, sizeof buf);
        if (n < 0)
            return -errno;
    } while (n > 0 && put_entries(s, out, &dir, buf, (size_t)n, &offset));
    /* Not even one had room: an empty answer would mean the end. */
    return n > 0 && out->used == 0 ? -EINVAL : 0;
}

/*
 * size[4] Treaddir tag[2] fid[4] offset[8] count[4]
 * Offsets are the host's: opaque, and good for going on after the entry they came with.
 */
int p9_do_readdir(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    uint64_t offset = p9_get64(in);
    size_t count = limit(out, sizeof(uint32_t), p9_get32(in));
    struct p9_writer entries = {.start = out->start + out->used + sizeof(uint32_t), .room = count};
    int result;

    if (!p9_is_complete(in) || offset > INT64_MAX)
        return -EINVAL;
    if (fid == NULL || fid->file < 0)
        return -EINVAL;
    if (fid->type != S_IFDIR)
        return -ENOTDIR;
    result = read_dir(s, fid->file, offset, &entries);
    p9_put32(out, (uint32_t)entries.used);
    p9_put_bytes(out, entries.used);
    return result;
}

/* size[4] Tfsync tag[2] fid[4] datasync[4] */
int p9_do_fsync(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    uint32_t data_only = p9_get32(in);

    (void)out;
    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL || fid->file < 0)
        return -EBADF;
    return (data_only ? fdatasync(fid->file) : fsync(fid->file)) == 0 ? 0 : -errno;
}

/*
 * size[4] Tlock tag[2] fid[4] type[1] flags[4] start[8] length[8] proc_id[4] client_id[s]
 * The client has sorted out its own processes before it asks, and there is no other client: always
 * granted, as other servers of one client have it. The host's locks are per process or per open
 * file, neither of which is what the client's processes would need.
 */
int p9_do_lock(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    uint8_t type = p9_get8(in);
    uint32_t flags = p9_get32(in);
    size_t len;

    p9_get64(in);
    p9_get64(in);
    p9_get32(in);
    p9_get_string(in, &len);
    if (!p9_is_complete(in) || type > P9_LOCK_TYPE_UNLCK || flags & ~(uint32_t)P9_LOCK_FLAGS_BLOCK)
        return -EINVAL;
    if (fid == NULL)
        return -ENOENT;
    p9_put8(out, P9_LOCK_SUCCESS);
    return 0;
}

/* size[4] Tgetlock tag[2] fid[4] type[1] start[8] length[8] proc_id[4] client_id[s] */
int p9_do_getlock(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    uint8_t type = p9_get8(in);
    uint64_t start = p9_get64(in), length = p9_get64(in);
    uint32_t process = p9_get32(in);
    size_t len;
    const char *client = p9_get_string(in, &len);

    if (!p9_is_complete(in) || type > P9_LOCK_TYPE_UNLCK)
        return -EINVAL;
    if (fid == NULL)
        return -ENOENT;
    p9_put8(out, P9_LOCK_TYPE_UNLCK);
    p9_put64(out, start);
    p9_put64(out, length);
    p9_put32(out, process);
    p9_put_string(out, client, len);
    return 0;
}
