/* Files by name: making, removing, renaming, the working directory, mounting. */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/mount.h"
#include "abi/stat.h"
#include "kernel/syscall/file_args.h"
#include "kernel/syscall/syscall.h"

long sys_mkdirat(int dirfd, struct uaddr path, uint32_t mode)
{
    struct path_arg arg;
    int err = path_arg_begin(&arg, dirfd, path);
    if (err < 0)
        return err;
    err = vfs_mkdir(arg.at, arg.text, mode);
    path_arg_end(&arg);
    return err;
}

long sys_mknodat(int dirfd, struct uaddr path, uint32_t mode, uint32_t dev)
{
    struct path_arg arg;
    /* As user space packs it: minor's low 8 bits, 12 of major, the rest of minor. */
    uint32_t rdev = DEV_MAKE(dev >> 8 & 0xfff, (dev & 0xff) | (dev >> 12 & 0xfff00));
    int err = path_arg_begin(&arg, dirfd, path);
    if (err < 0)
        return err;
    err = vfs_mknod(arg.at, arg.text, mode, rdev);
    path_arg_end(&arg);
    return err;
}

long sys_unlinkat(int dirfd, struct uaddr path, int flags)
{
    struct path_arg arg;
    if (flags & ~AT_REMOVEDIR)
        return -EINVAL;
    int err = path_arg_begin(&arg, dirfd, path);
    if (err < 0)
        return err;
    err = flags & AT_REMOVEDIR ? vfs_rmdir(arg.at, arg.text) : vfs_unlink(arg.at, arg.text);
    path_arg_end(&arg);
    return err;
}

long sys_symlinkat(struct uaddr target, int dirfd, struct uaddr path)
{
    struct path_arg from, to;
    int err = path_arg_begin(&from, AT_FDCWD, target);
    if (err < 0)
        return err;
    err = path_arg_begin(&to, dirfd, path);
    if (err == 0) {
        err = vfs_symlink(to.at, from.text, to.text);
        path_arg_end(&to);
    }
    path_arg_end(&from);
    return err;
}

long sys_linkat(int olddir, struct uaddr oldpath, int newdir, struct uaddr newpath, int flags)
{
    struct path_arg from, to;
    if (flags & ~AT_SYMLINK_FOLLOW)
        return -EINVAL;
    int err = path_arg_begin(&from, olddir, oldpath);
    if (err < 0)
        return err;
    err = path_arg_begin(&to, newdir, newpath);
    if (err == 0) {
        err = vfs_link(from.at, from.text, to.at, to.text, flags & AT_SYMLINK_FOLLOW);
        path_arg_end(&to);
    }
    path_arg_end(&from);
    return err;
}

long sys_renameat2(int olddir, struct uaddr oldpath, int newdir, struct uaddr newpath,
                   uint32_t flags)
{
    struct path_arg from, to;
    int err = path_arg_begin(&from, olddir, oldpath);
    if (err < 0)
        return err;
    err = path_arg_begin(&to, newdir, newpath);
    if (err == 0) {
        err = vfs_rename(from.at, from.text, to.at, to.text, flags);
        path_arg_end(&to);
    }
    path_arg_end(&from);
    return err;
}

long sys_readlinkat(int dirfd, struct uaddr path, struct uaddr buf, size_t size)
{
    struct path_arg arg;
    if (size == 0 || size > INT32_MAX)
        return -EINVAL;
    long len = path_arg_begin(&arg, dirfd, path);
    if (len < 0)
        return len;
    char *target = kmalloc(FS_PATH_MAX);
    len = target ? vfs_readlink(arg.at, arg.text, target, FS_PATH_MAX) : -ENOMEM;
    if (len > (long)size)
        len = (long)size;
    if (len > 0 && copy_out(buf, target, (size_t)len) < 0)
        len = -EFAULT;
    kfree(target);
    path_arg_end(&arg);
    return len;
}

/* ---- attributes */

#define AT_FLAGS (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)

/* path_at() for what must have a place in the tree; a pipe has none to change. */
static int place_at(int dirfd, struct uaddr path, int flags, struct path *found)
{
    struct file *file;
    int err = path_at(dirfd, path, flags, found, &file);
    if (err == 0 && file) {
        file_put(file);
        err = -EINVAL;
    }
    return err;
}

static int place_of_fd(int fd, struct path *found)
{
    return fd < 0 ? -EBADF : place_at(fd, uaddr_of(0), AT_EMPTY_PATH, found);
}

long sys_faccessat(int dirfd, struct uaddr path, int mode)
{
    struct path found = {NULL, NULL};
    int err = place_at(dirfd, path, 0, &found);
    if (err == 0) {
        err = inode_access(found, mode);
        path_put(found);
    }
    return err;
}

static int change_mode(int err, struct path found, uint32_t mode)
{
    if (err == 0) {
        err = inode_chmod(found, mode);
        path_put(found);
    }
    return err;
}

long sys_fchmodat(int dirfd, struct uaddr path, uint32_t mode)
{
    struct path found = {NULL, NULL};
    int err = place_at(dirfd, path, 0, &found);
    return change_mode(err, found, mode);
}

long sys_fchmod(int fd, uint32_t mode)
{
    struct path found = {NULL, NULL};
    int err = place_of_fd(fd, &found);
    return change_mode(err, found, mode);
}

static int change_owner(int err, struct path found, uint32_t uid, uint32_t gid)
{
    if (err == 0) {
        err = inode_chown(found, uid, gid);
        path_put(found);
    }
    return err;
}

long sys_fchownat(int dirfd, struct uaddr path, uint32_t uid, uint32_t gid, int flags)
{
    struct path found = {NULL, NULL};
    int err = flags & ~AT_FLAGS ? -EINVAL : place_at(dirfd, path, flags, &found);
    return change_owner(err, found, uid, gid);
}

long sys_fchown(int fd, uint32_t uid, uint32_t gid)
{
    struct path found = {NULL, NULL};
    int err = place_of_fd(fd, &found);
    return change_owner(err, found, uid, gid);
}

long sys_truncate(struct uaddr path, int64_t length)
{
    struct path found = {NULL, NULL};
    int err = length < 0 ? -EINVAL : place_at(AT_FDCWD, path, 0, &found);
    if (err == 0) {
        err = inode_truncate(found, length);
        path_put(found);
    }
    return err;
}

/* ---- the process's place */

long sys_chdir(struct uaddr path)
{
    struct path_arg arg;
    int err = path_arg_begin(&arg, AT_FDCWD, path);
    if (err < 0)
        return err;
    err = vfs_chdir(arg.at, arg.text);
    path_arg_end(&arg);
    return err;
}

long sys_fchdir(int fd)
{
    struct file *file = fd_file(fd);
    if (!file)
        return -EBADF;
    int err = vfs_fchdir(current_fs(), file);
    file_put(file);
    return err;
}

long sys_getcwd(struct uaddr buf, size_t size)
{
    char *name = kmalloc(FS_PATH_MAX);
    if (!name)
        return -ENOMEM;
    long len = vfs_getcwd(current_fs(), name, FS_PATH_MAX);
    if (len > 0 && (size_t)len > size)
        len = -ERANGE;
    if (len > 0 && copy_out(buf, name, (size_t)len) < 0)
        len = -EFAULT;
    kfree(name);
    return len;
}

long sys_umask(uint32_t mask)
{
    return __atomic_exchange_n(&current_fs()->umask, mask & 0777, __ATOMIC_RELAXED);
}

/* ---- mounting */

/* An optional string argument. */
static int string_begin(struct path_arg *arg, struct uaddr text)
{
    if (text.va != 0)
        return path_arg_begin(arg, AT_FDCWD, text);
    *arg = (struct path_arg){.text = ""};
    return 0;
}

long sys_mount(struct uaddr source, struct uaddr target, struct uaddr fstype, ulong_t flags,
               struct uaddr data)
{
    struct path_arg args[3]; /* source, target, type */
    const struct uaddr from[3] = {source, target, fstype};
    const ulong_t known = ABI_MS_RDONLY | ABI_MS_NOSUID | ABI_MS_NODEV | ABI_MS_NOEXEC |
                          ABI_MS_REMOUNT | ABI_MS_NOATIME | ABI_MS_SILENT;
    if (flags & ~known)
        return -EINVAL;
    int n = 0, err = 0;
    while (n < 3 && (err = string_begin(&args[n], from[n])) == 0)
        n++;
    if (err == 0)
        err = vfs_mount(args[1].at, args[0].text, args[1].text, args[2].text, (unsigned)flags, "");
    while (n > 0)
        path_arg_end(&args[--n]);
    return err;
}

long sys_umount2(struct uaddr target, int flags)
{
    struct path_arg arg;
    int err = path_arg_begin(&arg, AT_FDCWD, target);
    if (err < 0)
        return err;
    err = vfs_umount(arg.at, arg.text, (unsigned)flags);
    path_arg_end(&arg);
    return err;
}
