/* What tests share: checks, children, files, clocks, and the kernel's accounts. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "support.h"
#include "usertests.h"

_Noreturn void fail_at(const char *file, int line, const char *format, ...)
{
    char text[512];
    va_list list;
    int length = snprintf(text, sizeof(text),
                          "# %s:%d: ", strrchr(file, '/') ? strrchr(file, '/') + 1 : file, line);
    va_start(list, format);
    length += vsnprintf(text + length, sizeof(text) - (size_t)length - 1, format, list);
    va_end(list);
    length = length < (int)sizeof(text) - 1 ? length : (int)sizeof(text) - 2;
    text[length++] = '\n';
    if (write(STDOUT_FILENO, text, (size_t)length) < 0) {
        _exit(2);
    }
    _exit(1);
}

pid_t must_fork(void)
{
    pid_t pid = fork();
    CHECK(pid >= 0);
    return pid;
}

int must_wait(pid_t pid)
{
    int status;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    return status;
}

int status_of(void (*function)(void *), void *arg)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        function(arg);
        _exit(0);
    }
    return must_wait(pid);
}

void must_succeed(pid_t pid)
{
    CHECK_EQ(must_wait(pid), 0);
}

int must_open(const char *path, int flags, mode_t mode)
{
    int fd = open(path, flags, mode);
    if (fd < 0) {
        FAIL("cannot open %s: errno %d", path, errno);
    }
    return fd;
}

void must_write(int fd, const void *data, size_t size)
{
    const char *next = data;
    while (size > 0) {
        ssize_t done = write(fd, next, size);
        CHECK(done > 0);
        next += done;
        size -= (size_t)done;
    }
}

ssize_t read_full(int fd, void *buf, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t done = read(fd, (char *)buf + have, size - have);
        if (done < 0) {
            return -1;
        }
        if (done == 0) {
            break;
        }
        have += (size_t)done;
    }
    return (ssize_t)have;
}

void put_file(const char *path, const void *data, size_t size)
{
    int fd = must_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    must_write(fd, data, size);
    CHECK_OK(close(fd));
}

void check_file(const char *path, const void *data, size_t size)
{
    char *have = malloc(size + 1);
    int fd = must_open(path, O_RDONLY, 0);
    CHECK(have);
    CHECK_EQ(read_full(fd, have, size + 1), size);
    CHECK(memcmp(have, data, size) == 0);
    CHECK_OK(close(fd));
    free(have);
}

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t processor_ms(void)
{
    struct timespec used;
    CHECK_OK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used));
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

void use_processor_ms(int ms)
{
    int64_t end = processor_ms() + ms + 1;
    while (processor_ms() < end) {
    }
}

void sleep_ms(int ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

const char *find_self(const char *name)
{
    static char found[PATH_MAX];
    if (strchr(name, '/')) {
        return realpath(name, found);
    }
    snprintf(found, sizeof(found), "/bin/%s", name);
    return access(found, X_OK) == 0 ? found : NULL;
}

/* Remove what is in a folder: how many entries went. */
static int empty_folder(const char *path)
{
    int removed = 0;
    const struct dirent *entry;
    DIR *dir = opendir(path);
    while (dir && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            char inner[PATH_MAX];
            snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
            remove_tree(inner);
            removed += access(inner, F_OK) < 0;
        }
    }
    if (dir) {
        closedir(dir);
    }
    return removed;
}

/* Again as long as it gets somewhere: what is killed may still have made a file. */
void remove_tree(const char *path)
{
    while (unlink(path) < 0 && rmdir(path) < 0 && empty_folder(path) > 0) {
    }
}

/* The number after `key` in a file of "key value" lines, or -1. */
static long number_after(const char *path, const char *key)
{
    char text[2048];
    int fd = open(path, O_RDONLY);
    ssize_t length = fd >= 0 ? read_full(fd, text, sizeof(text) - 1) : -1;
    close(fd);
    if (length <= 0) {
        return -1;
    }
    text[length] = '\0';
    const char *found = strstr(text, key);
    return found ? strtol(found + strlen(key), NULL, 10) : -1;
}

static long count_processes(void)
{
    long count = 0;
    const struct dirent *entry;
    DIR *dir = opendir("/proc");
    while (dir && (entry = readdir(dir))) {
        count += isdigit((unsigned char)entry->d_name[0]) != 0;
    }
    if (dir) {
        closedir(dir);
    }
    return count;
}

struct usage usage_now(void)
{
    return (struct usage){
        .free_kib = number_after("/proc/meminfo", "MemAvailable:"),
        .processes = count_processes(),
        .open_files = number_after("/proc/sys/fs/file-nr", ""),
    };
}
