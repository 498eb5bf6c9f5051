/* realpath(): a path without links, "." and "..". */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40 /* followed in one look-up, as the kernel has it */

struct walk {
    char done[PATH_MAX]; /* absolute, without links; never ends in a slash unless it is "/" */
    char rest[PATH_MAX]; /* still to be walked */
    int links;
};

/* Put `text` before what is left of the rest. */
static int prepend(struct walk *walk, const char *text, size_t length, const char *left)
{
    size_t left_length = strlen(left);
    if (length + 1 + left_length >= sizeof(walk->rest)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memmove(walk->rest + length + 1, left, left_length + 1);
    memcpy(walk->rest, text, length);
    walk->rest[length] = '/';
    return 0;
}

static void drop_last(struct walk *walk)
{
    char *slash = strrchr(walk->done, '/');
    slash[slash == walk->done] = '\0';
}

/* Follow the link that walk->done now names: its text goes before the rest. */
static int follow(struct walk *walk, const char *left)
{
    char text[PATH_MAX];
    ssize_t length = readlink(walk->done, text, sizeof(text));
    if (length < 0) {
        return -1;
    }
    if (++walk->links > LINKS_MAX) {
        errno = ELOOP;
        return -1;
    }
    drop_last(walk);
    if (text[0] == '/') {
        strcpy(walk->done, "/");
    }
    return prepend(walk, text, (size_t)length, left);
}

/* Walk the first component of the rest, `length` bytes of it. */
static int step(struct walk *walk, size_t length)
{
    char *left = walk->rest + length;
    struct stat st;
    if (length == 0 || (length == 1 && walk->rest[0] == '.')) {
        memmove(walk->rest, left, strlen(left) + 1);
        return 0;
    }
    if (length == 2 && memcmp(walk->rest, "..", 2) == 0) {
        drop_last(walk);
        memmove(walk->rest, left, strlen(left) + 1);
        return 0;
    }
    size_t used = strlen(walk->done);
    if (used + 1 + length >= sizeof(walk->done)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (walk->done[used - 1] != '/') {
        walk->done[used++] = '/';
    }
    memcpy(walk->done + used, walk->rest, length);
    walk->done[used + length] = '\0';
    if (lstat(walk->done, &st) < 0) {
        return -1;
    }
    if (S_ISLNK(st.st_mode)) {
        return follow(walk, left);
    }
    if (*left && !S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return -1;
    }
    memmove(walk->rest, left, strlen(left) + 1);
    return 0;
}

static int start(struct walk *walk, const char *path)
{
    if (!path || !*path) {
        errno = path ? ENOENT : EINVAL;
        return -1;
    }
    walk->links = 0;
    if (strlcpy(walk->rest, path, sizeof(walk->rest)) >= sizeof(walk->rest)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (path[0] == '/') {
        strcpy(walk->done, "/");
        return 0;
    }
    return getcwd(walk->done, sizeof(walk->done)) ? 0 : -1;
}

/* The result goes to `resolved`, PATH_MAX bytes, or when that is NULL to malloc()ed memory. */
char *realpath(const char *restrict path, char *restrict resolved)
{
    struct walk *walk = malloc(sizeof(*walk));
    char *result = NULL;
    if (!walk) {
        return NULL;
    }
    int failed = start(walk, path);
    while (!failed && walk->rest[0]) {
        if (walk->rest[0] == '/') {
            size_t slashes = strspn(walk->rest, "/");
            memmove(walk->rest, walk->rest + slashes, strlen(walk->rest + slashes) + 1);
            continue;
        }
        failed = step(walk, strcspn(walk->rest, "/"));
    }
    if (!failed) {
        result = resolved ? strcpy(resolved, walk->done) : strdup(walk->done);
    }
    int error = errno;
    free(walk);
    errno = error;
    return result;
}
