/* The ways of saying execve(2). */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_PATH "/bin:/sbin"

int execv(const char *path, char *const argv[])
{
    return execve(path, argv, environ);
}

/* A text file the kernel does not know is a script for the shell (POSIX, execvp()). */
static void exec_script(const char *path, char *const argv[], char *const envp[])
{
    size_t count = 0;
    while (argv[count]) {
        count++;
    }
    char **words = malloc((count + 2) * sizeof(*words));
    if (!words) {
        return;
    }
    words[0] = "sh";
    words[1] = (char *)path;
    if (count > 0) {
        memcpy(words + 2, argv + 1, count * sizeof(*words));
    } else {
        words[2] = NULL;
    }
    execve("/bin/sh", words, envp);
    free(words);
}

static void exec_one(const char *path, char *const argv[], char *const envp[])
{
    execve(path, argv, envp);
    if (errno == ENOEXEC) {
        exec_script(path, argv, envp);
    }
}

/* Whether an error for one folder of the path leaves a chance for the next. */
static bool may_try_next(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENAMETOOLONG;
}

/* Look `file` up in $PATH unless it has a slash. EACCES beats ENOENT when nothing could be run. */
int execvpe(const char *file, char *const argv[], char *const envp[])
{
    if (strchr(file, '/')) {
        exec_one(file, argv, envp);
        return -1;
    }
    const char *path = getenv("PATH");
    path = path ? path : DEFAULT_PATH;
    bool denied = false;
    errno = ENOENT;
    while (*file) {
        size_t length = strcspn(path, ":");
        char full[PATH_MAX];
        int wrote =
            snprintf(full, sizeof(full), "%.*s%s%s", (int)length, path, length ? "/" : "", file);
        if (wrote >= (int)sizeof(full)) {
            errno = ENAMETOOLONG;
        } else {
            exec_one(full, argv, envp);
        }
        denied |= errno == EACCES;
        if (!may_try_next(errno) || path[length] == '\0') {
            break;
        }
        path += length + 1;
    }
    if (denied && may_try_next(errno)) {
        errno = EACCES;
    }
    return -1;
}

int execvp(const char *file, char *const argv[])
{
    return execvpe(file, argv, environ);
}

/* Collect `first` and the arguments up to a NULL into an array; NULL when memory is short. */
static char **collect(const char *first, va_list *list)
{
    va_list again;
    va_copy(again, *list);
    size_t count = first ? 1 : 0;
    while (first && va_arg(again, char *)) {
        count++;
    }
    va_end(again);
    char **argv = malloc((count + 1) * sizeof(*argv));
    if (!argv) {
        return NULL;
    }
    argv[0] = (char *)first;
    for (size_t i = 1; i <= count; i++) {
        argv[i] = va_arg(*list, char *); /* the NULL as well: execle()'s envp follows it */
    }
    return argv;
}

int execl(const char *path, const char *arg, ...)
{
    va_list list;
    va_start(list, arg);
    char **argv = collect(arg, &list);
    va_end(list);
    if (argv) {
        execve(path, argv, environ);
        free(argv);
    }
    return -1;
}

int execlp(const char *file, const char *arg, ...)
{
    va_list list;
    va_start(list, arg);
    char **argv = collect(arg, &list);
    va_end(list);
    if (argv) {
        execvpe(file, argv, environ);
        free(argv);
    }
    return -1;
}

int execle(const char *path, const char *arg, ...)
{
    va_list list;
    va_start(list, arg);
    char **argv = collect(arg, &list);
    char **envp = argv ? va_arg(list, char **) : NULL;
    va_end(list);
    if (argv) {
        execve(path, argv, envp);
        free(argv);
    }
    return -1;
}
