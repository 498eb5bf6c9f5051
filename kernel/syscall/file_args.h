#pragma once
/* What the file calls have in common: descriptors and paths as arguments. */
#include <stdbool.h>
#include "fs/fs.h"
#include "kernel/mm/uaccess.h"

#define PATH_SMALL 128 /* paths up to this need no allocation */

/* A path copied from the user, and where it starts from if it is relative. */
struct path_arg {
    struct fs_at at;
    const char *text;
    char *big;          /* allocated, for longer paths */
    struct file *start; /* keeps the directory of a dirfd */
    char small[PATH_SMALL];
};

/*
 * Copies the path and looks up dirfd (AT_FDCWD: the working directory): 0, -EFAULT, -ENAMETOOLONG,
 * -ENOMEM, -EBADF, -ENOTDIR. After 0, path_arg_end() must follow.
 */
int path_arg_begin(struct path_arg *arg, int dirfd, struct uaddr path);
void path_arg_end(struct path_arg *arg);

/* The file behind a descriptor of the current process, counted, or NULL. */
struct file *fd_file(int fd);
struct files *current_files(void);
struct fs_context *current_fs(void);

/*
 * What a (dirfd, path, flags) triple names, counted: understands AT_SYMLINK_NOFOLLOW and
 * AT_EMPTY_PATH. 0 or an error. For a file without a place in the tree (a pipe) *out is {NULL,
 * NULL} and *file is counted instead; else *file is NULL.
 */
int path_at(int dirfd, struct uaddr path, int flags, struct path *out, struct file **file);
