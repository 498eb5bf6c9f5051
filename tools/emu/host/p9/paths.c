/* Names and paths: where the client may go, and where its files are. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/emu/host/p9/p9.h"

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

int p9_get_name(struct p9_reader *in, char name[NAME_MAX + 1])
{
    int result = p9_get_text(in, name, NAME_MAX + 1);

    if (result != 0)
        return result;
    if (name[0] == '\0' || strchr(name, '/') != NULL)
        return -ENOENT;
    return is_dots(name) ? -EINVAL : 0;
}

const char *p9_proc_path(int fd, char path[P9_PROC_PATH])
{
    snprintf(path, P9_PROC_PATH, "/proc/self/fd/%d", fd);
    return path;
}

void p9_put_qid(const struct p9_server *s, struct p9_writer *out, const struct stat *st)
{
    uint64_t path = st->st_ino;
    uint8_t type = S_ISDIR(st->st_mode)   ? P9_QTDIR
                   : S_ISLNK(st->st_mode) ? P9_QTSYMLINK
                                          : P9_QTFILE;

    /* The same inode number on a file system mounted below the folder shall be another file. */
    if (st->st_dev != s->root_dev)
        path ^= (uint64_t)st->st_dev * UINT64_C(0x9e3779b97f4a7c15);
    p9_put8(out, type);
    p9_put32(out, (uint32_t)(st->st_mtim.tv_sec ^ st->st_mtim.tv_nsec ^ st->st_size << 8));
    p9_put64(out, path);
}

int p9_put_qid_of(const struct p9_server *s, struct p9_writer *out, int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return -errno;
    p9_put_qid(s, out, &st);
    return 0;
}

static bool is_root(const struct p9_server *s, int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && st.st_dev == s->root_dev && st.st_ino == s->root_ino;
}

int p9_open_node(int dir, const char *name)
{
    int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

    return fd >= 0 ? fd : -errno;
}

/*
 * The parent of a directory; the folder is its own parent, as of a client's root. Somebody on the
 * host may have moved the directory out of the folder: then there is none.
 */
static int open_parent(const struct p9_server *s, int dir)
{
    int parent, above;

    if (is_root(s, dir))
        return p9_open_node(dir, ".");
    parent = p9_open_node(dir, "..");
    above = parent >= 0 ? p9_open_node(parent, ".") : parent;
    while (above >= 0 && !is_root(s, above)) {
        int next = p9_open_node(above, "..");
        struct stat here, there;
        bool top = next < 0 || fstat(above, &here) != 0 || fstat(next, &there) != 0 ||
                   (here.st_dev == there.st_dev && here.st_ino == there.st_ino);
        close(above);
        above = next;
        if (top) {
            if (next >= 0)
                close(next);
            above = -ENOENT;
        }
    }
    if (above < 0) {
        if (parent >= 0)
            close(parent);
        return above;
    }
    close(above);
    return parent;
}

/* One step from the directory `dir`: a new descriptor, or an error. */
int p9_step(const struct p9_server *s, int dir, const char *name)
{
    struct stat st;

    if (name[0] == '\0' || strchr(name, '/') != NULL)
        return -ENOENT;
    if (fstat(dir, &st) != 0)
        return -errno;
    if (!S_ISDIR(st.st_mode))
        return -ENOTDIR;
    return strcmp(name, "..") == 0 ? open_parent(s, dir) : p9_open_node(dir, name);
}

/* Descend from the folder along the directories of a relative path, which is taken apart. */
static int descend(const struct p9_server *s, char *path)
{
    int dir = p9_open_node(s->root, ".");
    char *name, *rest = path;

    while (dir >= 0 && (name = strsep(&rest, "/")) != NULL) {
        int next = p9_step(s, dir, name);
        close(dir);
        dir = next;
    }
    return dir;
}

/* The path of the file behind a descriptor, as the kernel knows it. False if it has none. */
static bool kernel_path(int fd, char path[PATH_MAX])
{
    char proc[P9_PROC_PATH];
    ssize_t n = readlink(p9_proc_path(fd, proc), path, PATH_MAX - 1);

    path[n > 0 ? n : 0] = '\0';
    return n > 0 && n < PATH_MAX - 1 && path[0] == '/';
}

/*
 * The path of the file behind a descriptor below the folder, or what looks like one: what comes
 * behind as many characters as the folder's path has. False if it is too short.
 */
static bool relative_path(const struct p9_server *s, int fd, char path[PATH_MAX])
{
    size_t len;

    if (!kernel_path(s->root, path))
        return false;
    len = strcmp(path, "/") == 0 ? 0 : strlen(path);
    if (!kernel_path(fd, path) || strlen(path) <= len || path[len] != '/')
        return false;
    memmove(path, path + len + 1, strlen(path + len + 1) + 1);
    return true;
}

int p9_locate(const struct p9_server *s, const struct p9_fid *fid, char name[NAME_MAX + 1])
{
    char path[PATH_MAX], *last;
    struct stat st, found;
    int dir;

    if (is_root(s, fid->node))
        return -EBUSY;
    if (!relative_path(s, fid->node, path))
        return -ENOENT;
    last = strrchr(path, '/');
    if (strlen(last != NULL ? last + 1 : path) > NAME_MAX)
        return -ENAMETOOLONG;
    strcpy(name, last != NULL ? last + 1 : path);
    if (last != NULL)
        *last = '\0';
    dir = last != NULL ? descend(s, path) : p9_open_node(s->root, ".");
    if (dir < 0)
        return dir;
    /* The path is only a hint: names may have changed meanwhile. */
    if (fstat(fid->node, &st) != 0 || fstatat(dir, name, &found, AT_SYMLINK_NOFOLLOW) != 0 ||
        st.st_dev != found.st_dev || st.st_ino != found.st_ino) {
        close(dir);
        return -ENOENT;
    }
    return dir;
}
