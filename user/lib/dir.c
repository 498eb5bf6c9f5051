/* Directories: <dirent.h> on getdents64(2). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tarn/syscall.h"

struct __tarn_dir {
    int fd;
    size_t next, end; /* the records not handed out yet are buffer[next..end) */
    off_t position;   /* of the record at next, for telldir() */
    struct dirent entry;
    char buffer[2048] __attribute__((aligned(8)));
};

DIR *fdopendir(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0) {
        return NULL;
    }
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return NULL;
    }
    DIR *dir = malloc(sizeof(*dir));
    if (dir) {
        dir->fd = fd;
        dir->next = dir->end = 0;
        dir->position = 0;
    }
    return dir;
}

DIR *opendir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    DIR *dir = fdopendir(fd);
    if (!dir) {
        int error = errno;
        close(fd);
        errno = error;
    }
    return dir;
}

int closedir(DIR *dir)
{
    int fd = dir->fd;
    free(dir);
    return close(fd);
}

/* At the end NULL with errno as it was; on an error NULL with errno set. The entry lives in `dir`.
 */
struct dirent *readdir(DIR *dir)
{
    if (dir->next >= dir->end) {
        long count = sys_getdents64(dir->fd, dir->buffer, sizeof(dir->buffer));
        if (count <= 0) {
            sys_result(count);
            return NULL;
        }
        dir->next = 0;
        dir->end = (size_t)count;
    }
    const struct abi_dirent64 *record = (const struct abi_dirent64 *)(dir->buffer + dir->next);
    dir->next += record->d_reclen;
    dir->position = record->d_off;
    dir->entry.d_ino = record->d_ino;
    dir->entry.d_off = record->d_off;
    dir->entry.d_reclen = record->d_reclen;
    dir->entry.d_type = record->d_type;
    strlcpy(dir->entry.d_name, record->d_name, sizeof(dir->entry.d_name));
    return &dir->entry;
}

void seekdir(DIR *dir, long position)
{
    lseek(dir->fd, position, SEEK_SET);
    dir->position = position;
    dir->next = dir->end = 0;
}

long telldir(DIR *dir)
{
    return (long)dir->position;
}

void rewinddir(DIR *dir)
{
    seekdir(dir, 0);
}

int dirfd(DIR *dir)
{
    return dir->fd;
}

int alphasort(const struct dirent **a, const struct dirent **b)
{
    return strcoll((*a)->d_name, (*b)->d_name);
}

static void scandir_free(struct dirent **list, size_t count)
{
    while (count > 0) {
        free(list[--count]);
    }
    free(list);
}

/* Append a copy of `entry` to the list, growing it by doubling. */
static int scandir_add(struct dirent ***list, size_t count, const struct dirent *entry)
{
    if ((count & (count - 1)) == 0) {
        struct dirent **larger = realloc(*list, (count ? count * 2 : 1) * sizeof(*larger));
        if (!larger) {
            return -1;
        }
        *list = larger;
    }
    (*list)[count] = malloc(sizeof(*entry));
    if (!(*list)[count]) {
        return -1;
    }
    *(*list)[count] = *entry;
    return 0;
}

/* The entries `select` wants, sorted by `compare`, in memory the caller frees; -1 with errno. */
int scandir(const char *path, struct dirent ***result, int (*select)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    DIR *dir = opendir(path);
    if (!dir) {
        return -1;
    }
    struct dirent **list = NULL;
    const struct dirent *entry;
    size_t count = 0;
    errno = 0;
    while ((entry = readdir(dir))) {
        if (!select || select(entry)) {
            if (scandir_add(&list, count, entry) < 0) {
                break;
            }
            count++;
        }
        errno = 0;
    }
    int error = errno;
    closedir(dir);
    if (error) {
        scandir_free(list, count);
        errno = error;
        return -1;
    }
    if (compare) {
        qsort(list, count, sizeof(*list), (int (*)(const void *, const void *))compare);
    }
    *result = list;
    return (int)count;
}
