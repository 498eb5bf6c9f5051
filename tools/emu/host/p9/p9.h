#pragma once
/*
 * A server of 9P2000.L for one folder of the host (hw/virtio_9p.h says where the protocol is
 * written down). It answers one request at a time, at once, on the caller's thread.
 *
 * The client never gets out of the folder: names are single components, opened relative to a
 * directory that was reached the same way, and symbolic links are never followed (their text is the
 * client's to resolve). A fid holds its file by a descriptor without access (O_PATH), so it stays
 * right when names change.
 */
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "hw/virtio_9p.h"
#include "tools/emu/host/p9/wire.h"

enum {
    P9_MSIZE_MIN = 4096,
    P9_MSIZE_MAX = 512 << 10,
    P9_MAX_FIDS = 65536,
    P9_FID_BUCKETS = 1024,
    P9_MAX_ATTRIBUTES = 512, /* fids that stand for an extended attribute */
};

struct p9_fid {
    uint32_t number;
    uint32_t uid;                   /* who attached; P9_NOUID: unknown */
    int node;                       /* O_PATH descriptor */
    int file;                       /* opened by lopen or lcreate, -1: not open */
    mode_t type;                    /* S_IFMT bits */
    struct p9_attribute *attribute; /* the fid stands for one of the node's; or NULL */
    struct p9_fid *next;
};

struct p9_server {
    int root; /* O_PATH descriptor of the folder */
    dev_t root_dev;
    ino_t root_ino;
    bool read_only;
    uint32_t msize; /* 0: no version agreed on */
    unsigned fid_count, attribute_count;
    struct p9_fid *fids[P9_FID_BUCKETS];
};

/*
 * A server for the folder. Returns 0, or -1 with a line in err. The structure is the caller's;
 * p9_close() ends it.
 */
int p9_open(struct p9_server *s, const char *path, bool read_only, char *err, size_t err_size);
void p9_close(struct p9_server *s);

/* Forget everything about the client, as a new version message does. */
void p9_reset(struct p9_server *s);

/*
 * Answer the request of n bytes by a response of at most `room` bytes. Returns its size; 0 if
 * there can be none, because the request's header is wrong or there is no room for an error.
 */
size_t p9_answer(struct p9_server *s, const uint8_t *request, size_t n, uint8_t *response,
                 size_t room);

/* --- inside the server ------------------------------------------------------------------------ */

/* A request's function: 0, with its fields written to out, or a negative error number. */
typedef int p9_function(struct p9_server *s, struct p9_reader *in, struct p9_writer *out);

#define P9_DECLARE(name, number, changes) p9_function p9_do_##name;
P9_REQUESTS(P9_DECLARE)
#undef P9_DECLARE

/* The fid, NULL if there is none. */
struct p9_fid *p9_find(const struct p9_server *s, uint32_t number);

/*
 * A new fid for the file behind `node`, which is the fid's from now on, also if this fails:
 * -EINVAL if the number is in use, or another error.
 */
int p9_add(struct p9_server *s, uint32_t number, uint32_t uid, int node);
void p9_drop(struct p9_server *s, struct p9_fid *fid);

/* What reading and writing a fid with an attribute do; a negative error number if they cannot. */
int p9_read_attribute(const struct p9_attribute *a, uint64_t offset, size_t count,
                      struct p9_writer *out);
int p9_write_attribute(struct p9_attribute *a, uint64_t offset, const uint8_t *data, size_t count,
                       struct p9_writer *out);
/* Give the file what was written, when the fid is clunked: 0, also if there is nothing to do. */
int p9_set_attribute(const struct p9_fid *fid);
void p9_free_attribute(struct p9_server *s, struct p9_attribute *a);

/* A single name, for an entry to be made, found or removed: p9_get_text() and what names may be. */
int p9_get_name(struct p9_reader *in, char name[NAME_MAX + 1]);

void p9_put_qid(const struct p9_server *s, struct p9_writer *out, const struct stat *st);
/* Of the file behind a descriptor; 0 or a negative error number. */
int p9_put_qid_of(const struct p9_server *s, struct p9_writer *out, int fd);

/* A path that leads to the file behind a descriptor, whatever it is. */
enum { P9_PROC_PATH = 32 };
const char *p9_proc_path(int fd, char path[P9_PROC_PATH]);

/* A name in a directory; and one step of a walk, which may be "..". A descriptor or an error. */
int p9_open_node(int dir, const char *name);
int p9_step(const struct p9_server *s, int dir, const char *name);

/* Where the fid's file is now: a descriptor of its directory, and its name there. Or an error. */
int p9_locate(const struct p9_server *s, const struct p9_fid *fid, char name[NAME_MAX + 1]);
