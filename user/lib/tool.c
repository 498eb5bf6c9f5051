/* Messages, allocation and small parsing for the user programs. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "user/lib/tool.h"

const char *tool_name = "?";
int tool_failure = 1;

void tool_init(char **argv)
{
    const char *slash;

    if (!argv[0])
        return;
    slash = strrchr(argv[0], '/');
    tool_name = slash && slash[1] ? slash + 1 : argv[0];
}

/* Standard error is written in one piece so that messages of several processes do not mix. */
struct message {
    char text[512];
    size_t length;
};

static void message_put(void *arg, const char *s, size_t n)
{
    struct message *m = arg;

    while (n > 0) {
        size_t room = sizeof(m->text) - m->length;
        size_t part = n < room ? n : room;

        memcpy(m->text + m->length, s, part);
        m->length += part;
        s += part;
        n -= part;
        if (m->length == sizeof(m->text)) {
            tool_write_all(STDERR_FILENO, m->text, m->length);
            m->length = 0;
        }
    }
}

static void message_str(struct message *m, const char *s)
{
    message_put(m, s, strlen(s));
}

static void message(const char *format, va_list args, const char *suffix, const char *end)
{
    struct message m = {.length = 0};

    out_flush();
    message_str(&m, tool_name);
    message_str(&m, ": ");
    fmt_vprint(message_put, &m, format, args);
    if (suffix) {
        message_str(&m, ": ");
        message_str(&m, suffix);
    }
    message_str(&m, end);
    tool_write_all(STDERR_FILENO, m.text, m.length);
}

void tool_warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    message(format, args, NULL, "\n");
    va_end(args);
}

void tool_warn_errno(const char *format, ...)
{
    int error = errno;
    va_list args;

    va_start(args, format);
    message(format, args, strerror(error), "\n");
    va_end(args);
    errno = error;
}

void tool_die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    message(format, args, NULL, "\n");
    va_end(args);
    exit(tool_failure);
}

void tool_usage(const char *synopsis)
{
    struct message m = {.length = 0};

    out_flush();
    message_str(&m, "Usage: ");
    message_str(&m, tool_name);
    message_str(&m, " ");
    message_str(&m, synopsis);
    message_str(&m, "\n");
    tool_write_all(STDERR_FILENO, m.text, m.length);
    exit(tool_failure);
}

void *tool_alloc(size_t size)
{
    return tool_realloc(NULL, size);
}

void *tool_realloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);

    if (!p)
        tool_die("memory exhausted");
    return p;
}

char *tool_strdup(const char *s)
{
    size_t size = strlen(s) + 1;

    return memcpy(tool_alloc(size), s, size);
}

bool tool_number(const char *s, long long min, long long max, long long *value)
{
    char *end;
    long long v;

    if (!(*s >= '0' && *s <= '9') && !((*s == '-' || *s == '+') && s[1] >= '0' && s[1] <= '9'))
        return false;
    errno = 0;
    v = strtoll(s, &end, 10);
    if (*end || errno == ERANGE || v < min || v > max)
        return false;
    *value = v;
    return true;
}

char *tool_path(const char *dir, const char *name)
{
    size_t n = strlen(dir);
    size_t m = strlen(name);
    char *path;

    while (*name == '/') {
        name++;
        m--;
    }
    path = tool_alloc(n + m + 2);
    memcpy(path, dir, n);
    if (n > 0 && dir[n - 1] != '/')
        path[n++] = '/';
    memcpy(path + n, name, m + 1);
    return path;
}

bool tool_confirm(const char *format, ...)
{
    va_list args;
    char c;
    char first = 0;

    va_start(args, format);
    message(format, args, NULL, " ");
    va_end(args);
    while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
        if (!first)
            first = c;
    }
    return first == 'y' || first == 'Y';
}

void tool_exit(int status)
{
    if (!out_flush()) {
        if (errno != EPIPE)
            tool_warn_errno("write error");
        if (status == 0)
            status = tool_failure;
    }
    exit(status);
}

int tool_open(const char *file)
{
    int fd;

    if (strcmp(file, "-") == 0)
        return STDIN_FILENO;
    fd = open(file, O_RDONLY);
    if (fd < 0)
        tool_warn_errno("%s", file);
    return fd;
}

void tool_close(int fd)
{
    if (fd > STDIN_FILENO)
        close(fd);
}
