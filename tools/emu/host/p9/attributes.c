/*
 * Extended attributes: those that belong to users; the others mean something to the host. A fid
 * that stands for one, or for the list of their names, carries its bytes until it is clunked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "tools/emu/host/p9/p9.h"

enum {
    NAME_SIZE = 256,     /* XATTR_NAME_MAX and a NUL */
    VALUE_MAX = 1 << 16, /* XATTR_SIZE_MAX, XATTR_LIST_MAX */
};

struct p9_attribute {
    bool write;
    int flags;         /* of setxattr(2) */
    size_t size, done; /* bytes; so many are there already */
    char name[NAME_SIZE];
    uint8_t bytes[];
};

static bool is_users(const char *name)
{
    return strncmp(name, "user.", strlen("user.")) == 0;
}

static struct p9_attribute *attribute_new(struct p9_server *s, size_t size)
{
    struct p9_attribute *a = NULL;

    if (s->attribute_count < P9_MAX_ATTRIBUTES && (a = calloc(1, sizeof *a + size)) != NULL) {
        a->size = size;
        s->attribute_count++;
    }
    return a;
}

void p9_free_attribute(struct p9_server *s, struct p9_attribute *a)
{
    s->attribute_count -= a != NULL;
    free(a);
}

/* Keep users' names of a list of n bytes; returns how many bytes are left. */
static size_t filter(char *names, size_t n)
{
    size_t kept = 0;

    for (size_t at = 0, len; at < n; at += len) {
        len = strlen(names + at) + 1;
        if (is_users(names + at)) {
            memmove(names + kept, names + at, len);
            kept += len;
        }
    }
    return kept;
}

/* The attribute's value, or the list if it has no name. Returns its size or an error. */
static ssize_t fetch(const char *path, const char *name, void *bytes)
{
    ssize_t n = name[0] != '\0' ? getxattr(path, name, bytes, VALUE_MAX)
                                : listxattr(path, bytes, VALUE_MAX);

    if (n < 0)
        return -errno;
    return name[0] != '\0' ? n : (ssize_t)filter(bytes, (size_t)n);
}

/* size[4] Txattrwalk tag[2] fid[4] newfid[4] name[s]: size[8], and newfid can be read */
int p9_do_xattrwalk(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    uint32_t number = p9_get32(in);
    char name[NAME_SIZE], path[P9_PROC_PATH];
    int result = p9_get_text(in, name, sizeof name), node;
    struct p9_attribute *a;
    ssize_t n;

    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL || result != 0)
        return fid == NULL ? -ENOENT : result;
    if (name[0] != '\0' && !is_users(name))
        return -EOPNOTSUPP;
    a = attribute_new(s, VALUE_MAX);
    if (a == NULL)
        return -ENOMEM;
    n = fetch(p9_proc_path(fid->node, path), name, a->bytes);
    node = n >= 0 ? fcntl(fid->node, F_DUPFD_CLOEXEC, 0) : -1;
    result = n < 0 ? (int)n : node < 0 ? -errno : p9_add(s, number, fid->uid, node);
    if (result != 0) {
        p9_free_attribute(s, a);
        return result;
    }
    a->size = a->done = (size_t)n;
    p9_find(s, number)->attribute = a;
    p9_put64(out, (uint64_t)n);
    return 0;
}

/* size[4] Txattrcreate tag[2] fid[4] name[s] attr_size[8] flags[4]: the fid can be written */
int p9_do_xattrcreate(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    char name[NAME_SIZE];
    int result = p9_get_text(in, name, sizeof name);
    uint64_t size = p9_get64(in);
    uint32_t flags = p9_get32(in);

    (void)out;
    if (!p9_is_complete(in) || flags & ~(uint32_t)(XATTR_CREATE | XATTR_REPLACE))
        return -EINVAL;
    if (fid == NULL || result != 0)
        return fid == NULL ? -ENOENT : result;
    if (fid->file >= 0 || fid->attribute != NULL)
        return -EINVAL;
    if (!is_users(name))
        return -EOPNOTSUPP;
    if (size > VALUE_MAX)
        return -E2BIG;
    fid->attribute = attribute_new(s, size);
    if (fid->attribute == NULL)
        return -ENOMEM;
    fid->attribute->write = true;
    fid->attribute->flags = (int)flags;
    strcpy(fid->attribute->name, name);
    return 0;
}

int p9_read_attribute(const struct p9_attribute *a, uint64_t offset, size_t count,
                      struct p9_writer *out)
{
    size_t left = offset < a->size ? a->size - (size_t)offset : 0, n = count < left ? count : left;
    uint8_t *bytes;

    if (a->write)
        return -EINVAL;
    p9_put32(out, (uint32_t)n);
    bytes = p9_put_bytes(out, n);
    if (bytes != NULL)
        memcpy(bytes, a->bytes + (n != 0 ? offset : 0), n);
    return 0;
}

/* Piece by piece, in order. */
int p9_write_attribute(struct p9_attribute *a, uint64_t offset, const uint8_t *data, size_t count,
                       struct p9_writer *out)
{
    if (!a->write || offset != a->done || count > a->size - a->done)
        return -EINVAL;
    memcpy(a->bytes + offset, data, count);
    a->done += count;
    p9_put32(out, (uint32_t)count);
    return 0;
}

int p9_set_attribute(const struct p9_fid *fid)
{
    const struct p9_attribute *a = fid->attribute;
    char path[P9_PROC_PATH];

    if (a == NULL || !a->write)
        return 0;
    if (a->done != a->size)
        return -EINVAL;
    p9_proc_path(fid->node, path);
    if (a->size == 0 && a->flags == XATTR_REPLACE) /* what clients say to remove it */
        return removexattr(path, a->name) == 0 ? 0 : -errno;
    return setxattr(path, a->name, a->bytes, a->size, a->flags) == 0 ? 0 : -errno;
}
