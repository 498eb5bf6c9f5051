/* Descriptors and paths as arguments of system calls. */
#include "kernel/syscall/file_args.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "kernel/proc/proc.h"

struct files *current_files(void)
{
    return current_proc()->files;
}

struct fs_context *current_fs(void)
{
    return current_proc()->fs;
}

struct file *fd_file(int fd)
{
    return files_lookup(current_files(), fd);
}

static int copy_path(struct path_arg *arg, struct uaddr path)
{
    long len = str_in(arg->small, path, sizeof arg->small);
    arg->text = arg->small;
    if (len != -ENAMETOOLONG)
        return len < 0 ? (int)len : 0;
    arg->big = kmalloc(FS_PATH_MAX);
    if (!arg->big)
        return -ENOMEM;
    arg->text = arg->big;
    len = str_in(arg->big, path, FS_PATH_MAX);
    return len < 0 ? (int)len : 0;
}

int path_arg_begin(struct path_arg *arg, int dirfd, struct uaddr path)
{
    arg->at = (struct fs_at){current_fs(), NULL};
    arg->big = NULL;
    arg->start = NULL;
    int err = copy_path(arg, path);
    if (err == 0 && dirfd != AT_FDCWD && arg->text[0] != '/' && arg->text[0] != '\0') {
        arg->start = fd_file(dirfd);
        if (!arg->start)
            err = -EBADF;
        else if (!arg->start->path.dentry)
            err = -ENOTDIR;
        else
            arg->at.at = &arg->start->path;
    }
    if (err < 0)
        path_arg_end(arg);
    return err;
}

void path_arg_end(struct path_arg *arg)
{
    if (arg->start)
        file_put(arg->start);
    kfree(arg->big);
}

/* AT_EMPTY_PATH: the descriptor itself. */
static int path_of_fd(int dirfd, struct path *out, struct file **file)
{
    if (dirfd == AT_FDCWD)
        return vfs_lookup((struct fs_at){current_fs(), NULL}, ".", true, out);
    struct file *f = fd_file(dirfd);
    if (!f)
        return -EBADF;
    if (!f->path.dentry) {
        *file = f;
        return 0;
    }
    *out = path_get(f->path);
    file_put(f);
    return 0;
}

int path_at(int dirfd, struct uaddr path, int flags, struct path *out, struct file **file)
{
    struct path_arg arg;
    *out = (struct path){NULL, NULL};
    *file = NULL;
    if (flags & AT_EMPTY_PATH && path.va == 0)
        return path_of_fd(dirfd, out, file);
    int err = path_arg_begin(&arg, dirfd, path);
    if (err < 0)
        return err;
    if (arg.text[0] == '\0' && flags & AT_EMPTY_PATH)
        err = path_of_fd(dirfd, out, file);
    else
        err = vfs_lookup(arg.at, arg.text, !(flags & AT_SYMLINK_NOFOLLOW), out);
    path_arg_end(&arg);
    return err;
}
