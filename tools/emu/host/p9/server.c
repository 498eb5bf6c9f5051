/* The conversation: dispatch, version, attach, walk, clunk; fids and names. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tools/emu/host/p9/p9.h"

/* --- fids ------------------------------------------------------------------------------------- */

static struct p9_fid **fid_bucket(struct p9_server *s, uint32_t number)
{
    return &s->fids[number % P9_FID_BUCKETS];
}

struct p9_fid *p9_find(const struct p9_server *s, uint32_t number)
{
    struct p9_fid *fid = s->fids[number % P9_FID_BUCKETS];

    while (fid != NULL && fid->number != number)
        fid = fid->next;
    return fid;
}

int p9_add(struct p9_server *s, uint32_t number, uint32_t uid, int node)
{
    struct p9_fid *fid = NULL;
    struct stat st;
    int result = 0;

    if (number == P9_NOFID || p9_find(s, number) != NULL)
        result = -EINVAL;
    else if (s->fid_count == P9_MAX_FIDS)
        result = -EMFILE;
    else if (fstat(node, &st) != 0)
        result = -errno;
    else if ((fid = malloc(sizeof *fid)) == NULL)
        result = -ENOMEM;
    if (result != 0) {
        close(node);
        return result;
    }
    *fid = (struct p9_fid){.number = number,
                           .uid = uid,
                           .node = node,
                           .file = -1,
                           .type = st.st_mode & S_IFMT,
                           .next = *fid_bucket(s, number)};
    *fid_bucket(s, number) = fid;
    s->fid_count++;
    return 0;
}

void p9_drop(struct p9_server *s, struct p9_fid *fid)
{
    struct p9_fid **link = fid_bucket(s, fid->number);

    while (*link != fid)
        link = &(*link)->next;
    *link = fid->next;
    s->fid_count--;
    p9_free_attribute(s, fid->attribute);
    close(fid->node);
    if (fid->file >= 0)
        close(fid->file);
    free(fid);
}

void p9_reset(struct p9_server *s)
{
    for (unsigned i = 0; i < P9_FID_BUCKETS; i++)
        while (s->fids[i] != NULL)
            p9_drop(s, s->fids[i]);
    s->msize = 0;
}

/* --- requests --------------------------------------------------------------------------------- */

/* size[4] Tversion tag[2] msize[4] version[s] */
int p9_do_version(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    uint32_t msize = p9_get32(in);
    size_t len;
    const char *version = p9_get_string(in, &len);
    bool known = len == strlen(P9_VERSION) && memcmp(version, P9_VERSION, len) == 0;

    if (!p9_is_complete(in))
        return -EINVAL;
    p9_reset(s);
    if (msize < P9_MSIZE_MIN)
        return -EMSGSIZE;
    if (msize > P9_MSIZE_MAX)
        msize = P9_MSIZE_MAX;
    p9_put32(out, msize);
    if (known) {
        s->msize = msize;
        p9_put_string(out, P9_VERSION, strlen(P9_VERSION));
    } else {
        p9_put_string(out, "unknown", strlen("unknown"));
    }
    return 0;
}

/* Nobody has to prove who he is. */
int p9_do_auth(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    (void)s;
    (void)in;
    (void)out;
    return -EOPNOTSUPP;
}

/* size[4] Tattach tag[2] fid[4] afid[4] uname[s] aname[s] n_uname[4]; there is only one tree. */
int p9_do_attach(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    uint32_t number = p9_get32(in), afid = p9_get32(in), uid;
    size_t len;
    int node, result;

    p9_get_string(in, &len);
    p9_get_string(in, &len);
    uid = p9_get32(in);
    if (!p9_is_complete(in) || afid != P9_NOFID)
        return -EINVAL;
    node = p9_open_node(s->root, ".");
    if (node < 0)
        return node;
    result = p9_add(s, number, uid, node);
    return result != 0 ? result : p9_put_qid_of(s, out, s->root);
}

/* Everything is answered at once, so there is nothing left to abort. */
int p9_do_flush(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    (void)s;
    (void)out;
    p9_get16(in);
    return p9_is_complete(in) ? 0 : -EINVAL;
}

/* Read all names of a Twalk. */
static int get_walk(struct p9_reader *in, unsigned count, char names[P9_MAX_WALK][NAME_MAX + 1])
{
    if (count > P9_MAX_WALK)
        return -EINVAL;
    for (unsigned i = 0; i < count; i++) {
        int result = p9_get_text(in, names[i], NAME_MAX + 1);
        if (result != 0)
            return result;
    }
    return p9_is_complete(in) ? 0 : -EINVAL;
}

/* The walk has arrived: newfid is the file, or becomes it if that was the fid it began at. */
static int finish_walk(struct p9_server *s, struct p9_fid *fid, uint32_t new_number, int node)
{
    struct stat st;

    if (new_number != fid->number)
        return p9_add(s, new_number, fid->uid, node);
    if (fstat(node, &st) != 0) {
        close(node);
        return -EIO;
    }
    close(fid->node);
    fid->node = node;
    fid->type = st.st_mode & S_IFMT;
    return 0;
}

/*
 * size[4] Twalk tag[2] fid[4] newfid[4] nwname[2] nwname*(wname[s])
 * A walk that gets stuck after its first step answers with the qids so far, and makes no newfid.
 */
int p9_do_walk(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    char names[P9_MAX_WALK][NAME_MAX + 1];
    uint32_t number = p9_get32(in), new_number = p9_get32(in);
    unsigned count = p9_get16(in), done = 0;
    struct p9_fid *fid = p9_find(s, number);
    int node, result = get_walk(in, count, names);
    uint8_t *done_at;

    if (result != 0)
        return result;
    if (fid == NULL)
        return -ENOENT;
    if (new_number == P9_NOFID || (new_number == number ? fid->file >= 0 || fid->attribute != NULL
                                                        : p9_find(s, new_number) != NULL))
        return -EINVAL;
    node = fcntl(fid->node, F_DUPFD_CLOEXEC, 0);
    if (node < 0)
        return -errno;
    done_at = p9_put_bytes(out, 2);
    for (; done < count; done++) {
        int next = p9_step(s, node, names[done]);
        if (next >= 0)
            result = p9_put_qid_of(s, out, next);
        if (next < 0 || result != 0) {
            result = next < 0 ? next : result;
            break;
        }
        close(node);
        node = next;
    }
    if (done_at != NULL)
        done_at[0] = (uint8_t)done, done_at[1] = 0;
    if (done == count && !out->full)
        return finish_walk(s, fid, new_number, node);
    close(node);
    return done == 0 ? result : 0;
}

/* size[4] Tclunk tag[2] fid[4] */
int p9_do_clunk(struct p9_server *s, struct p9_reader *in, struct p9_writer *out)
{
    struct p9_fid *fid = p9_find(s, p9_get32(in));
    int result;

    (void)out;
    if (!p9_is_complete(in))
        return -EINVAL;
    if (fid == NULL)
        return -ENOENT;
    result = p9_set_attribute(fid);
    p9_drop(s, fid);
    return result;
}

/* --- dispatch --------------------------------------------------------------------------------- */

static const struct {
    uint8_t type;
    bool changes;
    p9_function *function;
} requests[] = {
#define P9_ROW(name, number, changes) {(number), (changes), p9_do_##name},
    P9_REQUESTS(P9_ROW)
#undef P9_ROW
};
enum { REQUEST_COUNT = sizeof requests / sizeof requests[0] };

static int dispatch(struct p9_server *s, uint8_t type, struct p9_reader *in, struct p9_writer *out)
{
    for (unsigned i = 0; i < REQUEST_COUNT; i++) {
        if (requests[i].type != type)
            continue;
        if (s->msize == 0 && type != P9_Tversion)
            return -EPROTO;
        if (s->read_only && requests[i].changes)
            return -EROFS;
        return requests[i].function(s, in, out);
    }
    return -EOPNOTSUPP;
}

size_t p9_answer(struct p9_server *s, const uint8_t *request, size_t n, uint8_t *response,
                 size_t room)
{
    struct p9_reader in = {.at = request, .left = n};
    struct p9_writer out = {.start = response, .used = P9_HEADER_SIZE, .room = room};
    uint32_t size = p9_get32(&in);
    uint8_t type = p9_get8(&in);
    uint16_t tag = p9_get16(&in);
    int result;

    if (in.bad || size < P9_HEADER_SIZE || size > n || room < P9_HEADER_SIZE + sizeof(uint32_t))
        return 0;
    in.left = size - P9_HEADER_SIZE;
    if (s->msize != 0 && room > s->msize)
        out.room = s->msize;
    result = dispatch(s, type, &in, &out);
    if (result == 0 && out.full)
        result = -EMSGSIZE;
    if (result != 0) {
        out = (struct p9_writer){.start = response, .used = P9_HEADER_SIZE, .room = room};
        p9_put32(&out, (uint32_t)-result);
        type = P9_Rlerror - 1;
    }
    size = (uint32_t)out.used;
    out = (struct p9_writer){.start = response, .room = room};
    p9_put32(&out, size);
    p9_put8(&out, (uint8_t)(type + 1));
    p9_put16(&out, tag);
    return size;
}

/* Every fid is a descriptor, and clients keep many. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 2 * P9_MAX_FIDS) {
        limit.rlim_cur = limit.rlim_max < 2 * P9_MAX_FIDS ? limit.rlim_max : 2 * P9_MAX_FIDS;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int p9_open(struct p9_server *s, const char *path, bool read_only, char *err, size_t err_size)
{
    struct stat st;

    *s = (struct p9_server){.read_only = read_only};
    s->root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (s->root < 0 || fstat(s->root, &st) != 0) {
        snprintf(err, err_size, "%s: %s", path, strerror(errno));
        if (s->root >= 0)
            close(s->root);
        return -1;
    }
    if (access("/proc/self/fd", X_OK) != 0) {
        snprintf(err, err_size, "%s: sharing a folder needs /proc", path);
        close(s->root);
        return -1;
    }
    s->root_dev = st.st_dev;
    s->root_ino = st.st_ino;
    raise_descriptor_limit();
    return 0;
}

void p9_close(struct p9_server *s)
{
    p9_reset(s);
    close(s->root);
}
