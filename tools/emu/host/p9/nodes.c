/* Files by name and their attributes: everything that does not need them open. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "tools/emu/host/p9/p9.h"

static void put_time(struct p9_writer *out, struct timespec t)
{
    p9_put64(out, (uint64_t)t.tv_sec);
    p9_put64(out, (uint64_t)t.tv_nsec);
}

/* size[4] Tgetattr tag[2] fid[4] request_mask[8]; everything stat(2) knows is always valid. */
int p9_do_getattr(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    struct stat st;

    p9_get64(in);
    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL)
        return -ENOENT;
    if (fstat(fid->node, &st) != 0)
        return -errno;
    p9_put64(out, P9_GETATTR_BASIC);
    p9_put_qid(s, out, &st);
    p9_put32(out, st.st_mode);
    p9_put32(out, st.st_uid);
    p9_put32(out, st.st_gid);
    p9_put64(out, st.st_nlink);
    p9_put64(out, st.st_rdev);
    p9_put64(out, (uint64_t)st.st_size);
    p9_put64(out, (uint64_t)st.st_blksize);
    p9_put64(out, (uint64_t)st.st_blocks);
    put_time(out, st.st_atim);
    put_time(out, st.st_mtim);
    put_time(out, st.st_ctim);
    put_time(out, (struct timespec){0}); /* btime, gen, data_version: reserved */
    p9_put64(out, 0);
    p9_put64(out, 0);
    return 0;
}

/* A time that utimensat(2) shall set: asked for, to a value or to now. */
static struct timespec get_time(struct p9_reader *in, uint32_t valid, uint32_t wanted,
                                uint32_t given)
{
    struct timespec t = {.tv_sec = (time_t)p9_get64(in)};
    uint64_t ns = p9_get64(in);

    if (!(valid & wanted))
        t.tv_nsec = UTIME_OMIT;
    else if (!(valid & given))
        t.tv_nsec = UTIME_NOW;
    else /* the magic numbers beyond a second are not the client's to use */
        t.tv_nsec = ns < 1000000000 ? (long)ns : -1;
    return t;
}

/* What a Tsetattr asks for. */
struct changes {
    uint32_t valid, mode, uid, gid;
    uint64_t size;
    struct timespec times[2];
};

static int change_owner(const struct p9_fid *fid, const struct changes *c)
{
    uid_t uid = c->valid & P9_SETATTR_UID ? c->uid : (uid_t)-1;
    gid_t gid = c->valid & P9_SETATTR_GID ? c->gid : (gid_t)-1;

    return fchownat(fid->node, "", uid, gid, AT_EMPTY_PATH) == 0 ? 0 : -errno;
}

/* In the order in which one does not undo another: chown clears bits of the mode. */
static int change(const struct p9_fid *fid, const struct changes *c)
{
    char buf[P9_PROC_PATH];
    const char *path = p9_proc_path(fid->node, buf);
    int result = 0;

    if (c->valid & (P9_SETATTR_UID | P9_SETATTR_GID) || c->valid == P9_SETATTR_CTIME)
        result = change_owner(fid, c);
    if (result == 0 && c->valid & P9_SETATTR_SIZE) {
        if (fid->type != S_IFREG || c->size > INT64_MAX)
            return fid->type == S_IFDIR ? -EISDIR : -EINVAL;
        /* By the open file, if there is one: its mode may have changed since. */
        if (fid->file < 0 || ftruncate(fid->file, (off_t)c->size) != 0)
            result = truncate(path, (off_t)c->size) == 0 ? 0 : -errno;
    }
    if (result == 0 && c->valid & P9_SETATTR_MODE)
        result = chmod(path, c->mode & 07777) == 0 ? 0 : -errno;
    if (result == 0 && c->valid & (P9_SETATTR_ATIME | P9_SETATTR_MTIME))
        result = utimensat(AT_FDCWD, path, c->times, 0) == 0 ? 0 : -errno;
    return result;
}

/*
 * size[4] Tsetattr tag[2] fid[4] valid[4] mode[4] uid[4] gid[4] size[8]
 *                  atime_sec[8] atime_nsec[8] mtime_sec[8] mtime_nsec[8]
 */
int p9_do_setattr(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    struct changes c = {.valid = p9_get32(in)};

    (void)out;
    c.mode = p9_get32(in);
    c.uid = p9_get32(in);
    c.gid = p9_get32(in);
    c.size = p9_get64(in);
    c.times[0] = get_time(in, c.valid, P9_SETATTR_ATIME, P9_SETATTR_ATIME_SET);
    c.times[1] = get_time(in, c.valid, P9_SETATTR_MTIME, P9_SETATTR_MTIME_SET);
    if (!p9_is_complete(in))
        return -EINVAL;
    return fid != NULL ? change(fid, &c) : -ENOENT;
}

/* size[4] Tstatfs tag[2] fid[4] */
int p9_do_statfs(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    struct statfs fs;

    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL)
        return -ENOENT;
    if (fstatfs(fid->node, &fs) != 0)
        return -errno;
    p9_put32(out, (uint32_t)fs.f_type);
    p9_put32(out, (uint32_t)fs.f_bsize);
    p9_put64(out, fs.f_blocks);
    p9_put64(out, fs.f_bfree);
    p9_put64(out, fs.f_bavail);
    p9_put64(out, fs.f_files);
    p9_put64(out, fs.f_ffree);
    p9_put32(out, (uint32_t)fs.f_fsid.__val[0]);
    p9_put32(out, (uint32_t)fs.f_fsid.__val[1]);
    p9_put32(out, (uint32_t)fs.f_namelen);
    return 0;
}

/* size[4] Treadlink tag[2] fid[4] */
int p9_do_readlink(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    char target[PATH_MAX];
    ssize_t n;

    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL)
        return -ENOENT;
    if (fid->type != S_IFLNK)
        return -EINVAL;
    n = readlinkat(fid->node, "", target, sizeof target);
    if (n < 0)
        return -errno;
    p9_put_string(out, target, (size_t)n);
    return 0;
}

/* --- making and removing ---------------------------------------------------------------------- */

/* The directory that the next field names. */
static int get_dir(struct p9_server *s, struct p9_reader *in, struct p9_fid **dir)
{
    *dir = p9_find(s, p9_get32(in));
    if (*dir == NULL)
        return -ENOENT;
    return (*dir)->type == S_IFDIR ? 0 : -ENOTDIR;
}

/* A directory and a name in it, as most of these messages begin. */
static int get_dir_name(struct p9_server *s, struct p9_reader *in, struct p9_fid **dir,
                        char name[NAME_MAX + 1])
{
    int result = get_dir(s, in, dir), named = p9_get_name(in, name);

    return result != 0 ? result : named;
}

/* What was made belongs to the client's user, where we may say so; and answer with its qid. */
static int put_made(const struct p9_server *s, struct p9_writer *out, const struct p9_fid *dir,
                    const char *name, uint32_t gid)
{
    struct stat st;

    if (fchownat(dir->node, name, dir->uid, gid, AT_SYMLINK_NOFOLLOW) != 0)
        (void)0; /* "security_model=none": ours, then */
    if (fstatat(dir->node, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return -errno;
    p9_put_qid(s, out, &st);
    return 0;
}

/* The mode of what was made, past our umask. */
static void set_mode(const struct p9_fid *dir, const char *name, uint32_t mode)
{
    char path[P9_PROC_PATH];
    int made = p9_open_node(dir->node, name);

    if (made < 0)
        return;
    if (chmod(p9_proc_path(made, path), mode & 07777) != 0)
        (void)0;
    close(made);
}

/* size[4] Tsymlink tag[2] fid[4] name[s] symtgt[s] gid[4] */
int p9_do_symlink(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char name[NAME_MAX + 1], target[PATH_MAX];
    struct p9_fid *dir;
    int result = get_dir_name(s, in, &dir, name), text = p9_get_text(in, target, sizeof target);
    uint32_t gid = p9_get32(in);

    if (!p9_is_complete(in))
        return -EINVAL;
    if (result != 0 || text != 0)
        return result != 0 ? result : text;
    if (symlinkat(target, dir->node, name) != 0)
        return -errno;
    return put_made(s, out, dir, name, gid);
}

/*
 * size[4] Tmknod tag[2] dfid[4] name[s] mode[4] major[4] minor[4] gid[4]
 * Pipes and sockets are the client's own affair and do nothing here; the host gets no devices.
 */
int p9_do_mknod(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char name[NAME_MAX + 1];
    struct p9_fid *dir;
    int result = get_dir_name(s, in, &dir, name);
    uint32_t mode = p9_get32(in), gid;

    p9_get64(in);
    gid = p9_get32(in);
    if (!p9_is_complete(in))
        return -EINVAL;
    if (result != 0)
        return result;
    if (!S_ISREG(mode) && !S_ISFIFO(mode) && !S_ISSOCK(mode))
        return -EPERM;
    if (mknodat(dir->node, name, mode & (S_IFMT | 0777), 0) != 0)
        return -errno;
    result = put_made(s, out, dir, name, gid);
    set_mode(dir, name, mode);
    return result;
}

/* size[4] Tmkdir tag[2] dfid[4] name[s] mode[4] gid[4] */
int p9_do_mkdir(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char name[NAME_MAX + 1];
    struct p9_fid *dir;
    int result = get_dir_name(s, in, &dir, name);
    uint32_t mode = p9_get32(in), gid = p9_get32(in);

    if (!p9_is_complete(in))
        return -EINVAL;
    if (result != 0)
        return result;
    if (mkdirat(dir->node, name, mode & 0777) != 0)
        return -errno;
    result = put_made(s, out, dir, name, gid);
    set_mode(dir, name, mode);
    return result;
}

/* size[4] Tlink tag[2] dfid[4] fid[4] name[s] */
int p9_do_link(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char name[NAME_MAX + 1], path[P9_PROC_PATH];
    struct p9_fid *dir, *fid;
    int result = get_dir(s, in, &dir), named;

    (void)out;
    fid = p9_find(s, p9_get32(in));
    named = p9_get_name(in, name);
    if (!p9_is_complete(in))
        return -EINVAL;
    if (result != 0 || named != 0)
        return result != 0 ? result : named;
    if (fid == NULL)
        return -ENOENT;
    if (fid->type == S_IFDIR)
        return -EPERM;
    return linkat(AT_FDCWD, p9_proc_path(fid->node, path), dir->node, name, AT_SYMLINK_FOLLOW) == 0
               ? 0
               : -errno;
}

/* size[4] Trenameat tag[2] olddirfid[4] oldname[s] newdirfid[4] newname[s] */
int p9_do_renameat(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char from[NAME_MAX + 1], to[NAME_MAX + 1];
    struct p9_fid *from_dir, *to_dir;
    int first = get_dir_name(s, in, &from_dir, from), second = get_dir_name(s, in, &to_dir, to);

    (void)out;
    if (!p9_is_complete(in))
        return -EINVAL;
    if (first != 0 || second != 0)
        return first != 0 ? first : second;
    return renameat(from_dir->node, from, to_dir->node, to) == 0 ? 0 : -errno;
}

/* size[4] Trename tag[2] fid[4] dfid[4] name[s] */
int p9_do_rename(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char from[NAME_MAX + 1], to[NAME_MAX + 1];
    struct p9_fid *fid = p9_find(s, p9_get32(in)), *dir;
    int result = get_dir_name(s, in, &dir, to), parent;

    (void)out;
    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL || result != 0)
        return fid == NULL ? -ENOENT : result;
    parent = p9_locate(s, fid, from);
    if (parent < 0)
        return parent;
    result = renameat(parent, from, dir->node, to) == 0 ? 0 : -errno;
    close(parent);
    return result;
}

/* size[4] Tunlinkat tag[2] dirfd[4] name[s] flags[4] */
int p9_do_unlinkat(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char name[NAME_MAX + 1];
    struct p9_fid *dir;
    int result = get_dir_name(s, in, &dir, name);
    uint32_t flags = p9_get32(in);

    (void)out;
    if (!p9_is_complete(in) || flags & ~(uint32_t)P9_AT_REMOVEDIR)
        return -EINVAL;
    if (result != 0)
        return result;
    return unlinkat(dir->node, name, flags != 0 ? AT_REMOVEDIR : 0) == 0 ? 0 : -errno;
}

/* size[4] Tremove tag[2] fid[4]: the fid is gone afterwards, whether its file is or not. */
int p9_do_remove(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char name[NAME_MAX + 1];
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    int parent, result = 0;

    (void)out;
    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL)
        return -ENOENT;
    parent = p9_locate(s, fid, name);
    if (parent >= 0) {
        if (unlinkat(parent, name, fid->type == S_IFDIR ? AT_REMOVEDIR : 0) != 0)
            result = -errno;
        close(parent);
    }
    p9_drop(s, fid);
    return parent < 0 ? parent : result;
}
