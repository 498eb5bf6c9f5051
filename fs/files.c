/* Tables of file descriptors. */
#include "fs/internal.h"

#define FILES_MIN 16

static bool table_alloc(struct files *files, unsigned size)
{
    files->slots = kzalloc(size * (sizeof *files->slots + 1));
    files->cloexec = files->slots ? (uint8_t *)(files->slots + size) : NULL;
    files->size = files->slots ? size : 0;
    return files->slots;
}

struct files *files_create(void)
{
    struct files *files = kzalloc(sizeof *files);
    if (!files)
        return NULL;
    files->refs = 1;
    spin_init(&files->lock);
    if (table_alloc(files, FILES_MIN))
        return files;
    kfree(files);
    return NULL;
}

struct files *files_get(struct files *files)
{
    __atomic_add_fetch(&files->refs, 1, __ATOMIC_RELAXED);
    return files;
}

void files_put(struct files *files)
{
    if (__atomic_sub_fetch(&files->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    for (unsigned fd = 0; fd < files->size; fd++) {
        if (files->slots[fd])
            file_put(files->slots[fd]);
    }
    kfree(files->slots);
    kfree(files);
}

struct files *files_copy(struct files *files)
{
    struct files *copy = kzalloc(sizeof *copy);
    if (!copy)
        return NULL;
    copy->refs = 1;
    spin_init(&copy->lock);
    for (;;) {
        unsigned size = __atomic_load_n(&files->size, __ATOMIC_RELAXED);
        if (!table_alloc(copy, size)) {
            kfree(copy);
            return NULL;
        }
        spin_lock(&files->lock);
        if (files->size == size)
            break;
        spin_unlock(&files->lock); /* it grew meanwhile */
        kfree(copy->slots);
    }
    for (unsigned fd = 0; fd < copy->size; fd++) {
        if (files->slots[fd])
            copy->slots[fd] = file_get(files->slots[fd]);
    }
    memcpy(copy->cloexec, files->cloexec, copy->size);
    copy->first = files->first;
    spin_unlock(&files->lock);
    return copy;
}

void files_exec(struct files *files)
{
    for (unsigned fd = 0; fd < files->size; fd++) {
        if (files->slots[fd] && files->cloexec[fd])
            files_close(files, (int)fd);
    }
}

static bool fd_open(const struct files *files, int fd)
{
    return (unsigned)fd < files->size && files->slots[fd];
}

struct file *files_lookup(struct files *files, int fd)
{
    struct file *file = NULL;
    spin_lock(&files->lock);
    if (fd_open(files, fd))
        file = file_get(files->slots[fd]);
    spin_unlock(&files->lock);
    return file;
}

/* Makes room for descriptor fd; the lock is held, and dropped while memory is got. */
static int grow(struct files *files, unsigned fd)
{
    while (fd >= files->size) {
        unsigned size = files->size;
        while (size <= fd)
            size *= 2;
        spin_unlock(&files->lock);
        struct files bigger;
        bool ok = table_alloc(&bigger, size);
        spin_lock(&files->lock);
        if (!ok)
            return -ENOMEM;
        void *unused = bigger.slots;
        if (size > files->size) {
            memcpy(bigger.slots, files->slots, files->size * sizeof(*files->slots));
            memcpy(bigger.cloexec, files->cloexec, files->size);
            unused = files->slots;
            files->slots = bigger.slots;
            files->cloexec = bigger.cloexec;
            files->size = size;
        }
        kfree(unused);
    }
    return 0;
}

int files_install(struct files *files, struct file *file, int min, bool cloexec)
{
    if (min < 0 || min >= FILES_MAX)
        return -EINVAL;
    int err = 0;
    unsigned fd;
    spin_lock(&files->lock);
    for (;;) {
        fd = (unsigned)min > files->first ? (unsigned)min : files->first;
        while (fd < files->size && files->slots[fd])
            fd++;
        if (fd >= FILES_MAX)
            err = -EMFILE;
        if (err < 0 || fd < files->size)
            break;
        err = grow(files, fd); /* the lock was dropped: look again */
    }
    if (err == 0) {
        files->slots[fd] = file;
        files->cloexec[fd] = cloexec;
        if (min == 0 || fd == files->first)
            files->first = fd + 1;
        err = (int)fd;
    }
    spin_unlock(&files->lock);
    return err;
}

int files_install_at(struct files *files, struct file *file, int fd, bool cloexec)
{
    if (fd < 0 || fd >= FILES_MAX)
        return -EBADF;
    spin_lock(&files->lock);
    int err = grow(files, (unsigned)fd);
    struct file *old = NULL;
    if (err == 0) {
        old = files->slots[fd];
        files->slots[fd] = file;
        files->cloexec[fd] = cloexec;
        if ((unsigned)fd == files->first)
            files->first++;
    }
    spin_unlock(&files->lock);
    if (old)
        file_put(old);
    return err < 0 ? err : fd;
}

int files_close(struct files *files, int fd)
{
    struct file *file = NULL;
    spin_lock(&files->lock);
    if (fd_open(files, fd)) {
        file = files->slots[fd];
        files->slots[fd] = NULL;
        if ((unsigned)fd < files->first)
            files->first = (unsigned)fd;
    }
    spin_unlock(&files->lock);
    if (!file)
        return -EBADF;
    file_put(file);
    return 0;
}

int files_get_cloexec(struct files *files, int fd)
{
    spin_lock(&files->lock);
    int result = fd_open(files, fd) ? files->cloexec[fd] : -EBADF;
    spin_unlock(&files->lock);
    return result;
}

int files_set_cloexec(struct files *files, int fd, bool cloexec)
{
    int err = -EBADF;
    spin_lock(&files->lock);
    if (fd_open(files, fd)) {
        files->cloexec[fd] = cloexec;
        err = 0;
    }
    spin_unlock(&files->lock);
    return err;
}

unsigned files_count(struct files *files)
{
    unsigned count = 0;
    spin_lock(&files->lock);
    for (unsigned fd = 0; fd < files->size; fd++)
        count += files->slots[fd] != NULL;
    spin_unlock(&files->lock);
    return count;
}
