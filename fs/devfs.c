/*
 * Devices: the registry that S_IFCHR and S_IFBLK inodes of any file system open through, and
 * devfs, a tmpfs in which every registered device has a node from the start.
 */
#include "fs/internal.h"

static struct fs_device *devices;
static struct super *instances[8]; /* mounted devfs, for devices that come later */
static struct mutex devfs_lock;    /* both of the above */

static bool device_is(const struct fs_device *device, uint32_t mode, uint32_t rdev)
{
    return device->rdev == rdev && (device->mode & S_IFMT) == (mode & S_IFMT);
}

static struct fs_device *device_find(uint32_t mode, uint32_t rdev)
{
    /* Entries are only ever added, at the end: no lock is needed to read. */
    struct fs_device *device = __atomic_load_n(&devices, __ATOMIC_ACQUIRE);
    while (device && !device_is(device, mode, rdev))
        device = __atomic_load_n(&device->next, __ATOMIC_ACQUIRE);
    return device;
}

static int device_open(struct inode *inode, struct file *file)
{
    struct fs_device *device = device_find(inode->mode, inode->rdev);
    if (!device)
        return -ENXIO;
    file->priv = device->priv;
    file->ops = device->ops;
    return file->ops->open ? file->ops->open(inode, file) : 0;
}

static int bad_open(struct inode *inode, struct file *file)
{
    return -ENXIO;
}

const struct file_ops device_file_ops = {.open = device_open};
const struct file_ops bad_file_ops = {.open = bad_open};

/* Makes the node in one instance; somebody's file of that name stays. */
static int add_node(struct super *super, const char *text, uint32_t mode, uint32_t rdev)
{
    struct dentry *root = super->root;
    struct name name = name_scan(text);
    struct dentry *d;
    mutex_lock(&root->inode->lock);
    int err = dentry_lookup(root, &name, &d);
    if (err == -ENOENT) {
        d = dentry_alloc(root, &name);
        err = d ? root->inode->ops->make(root->inode, d, mode, rdev, NULL) : -ENOMEM;
        if (err == 0)
            dentry_publish(d);
    }
    mutex_unlock(&root->inode->lock);
    if (d)
        dentry_put(d);
    return err;
}

int devfs_add(struct fs_device *device)
{
    int err = 0;
    mutex_lock(&devfs_lock);
    struct fs_device **p = &devices;
    for (; *p; p = &(*p)->next) {
        if (device_is(*p, device->mode, device->rdev) || strcmp((*p)->name, device->name) == 0)
            err = -EEXIST;
    }
    for (size_t i = 0; i < sizeof instances / sizeof *instances && err == 0; i++) {
        if (instances[i])
            err = add_node(instances[i], device->name, device->mode, device->rdev);
    }
    if (err == 0)
        __atomic_store_n(p, device, __ATOMIC_RELEASE);
    mutex_unlock(&devfs_lock);
    return err;
}

void devfs_init(void)
{
    mutex_init(&devfs_lock);
}

static int populate(struct super *super)
{
    int err = 0;
    for (struct fs_device *d = devices; d && err == 0; d = d->next)
        err = add_node(super, d->name, d->mode, d->rdev);
    return err;
}

static int devfs_mount(struct super *super, const char *source, const char *data)
{
    int err = tmpfs_mount(super, source, data);
    if (err < 0)
        return err;
    size_t i = 0;
    mutex_lock(&devfs_lock);
    while (i < sizeof instances / sizeof *instances && instances[i])
        i++;
    err = i < sizeof instances / sizeof *instances ? populate(super) : -EBUSY;
    if (err == 0)
        instances[i] = super;
    mutex_unlock(&devfs_lock);
    return err;
}

static void devfs_unmount(struct super *super)
{
    mutex_lock(&devfs_lock);
    for (size_t i = 0; i < sizeof instances / sizeof *instances; i++) {
        if (instances[i] == super)
            instances[i] = NULL;
    }
    mutex_unlock(&devfs_lock);
}

struct fs_type devfs_type = {
    .name = "devtmpfs",
    .nodev = true,
    .resident = true,
    .magic = 0x01021994,
    .mount = devfs_mount,
    .unmount = devfs_unmount,
};
