/* Buffered standard output and buffered input for the user programs. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "user/lib/tool.h"

enum { READER_CHUNK = 8192 };

static struct {
    char buf[4096];
    size_t used;
    int error; /* errno of the write that failed, or 0 */
} out;

bool tool_write_all(int fd, const void *data, size_t size)
{
    const char *p = data;

    while (size > 0) {
        ssize_t n = write(fd, p, size);

        if (n < 0) {
            if (errno == EINTR)
                continue;
            return false;
        }
        p += n;
        size -= (size_t)n;
    }
    return true;
}

bool out_flush(void)
{
    if (out.used > 0 && !out.error && !tool_write_all(STDOUT_FILENO, out.buf, out.used))
        out.error = errno;
    out.used = 0;
    if (out.error)
        errno = out.error;
    return !out.error;
}

bool out_failed(void)
{
    return out.error != 0;
}

void out_reset(void)
{
    out.error = 0;
    out.used = 0;
}

void out_write(const void *data, size_t size)
{
    const char *p = data;

    while (size > 0) {
        size_t room = sizeof(out.buf) - out.used;
        size_t part = size < room ? size : room;

        memcpy(out.buf + out.used, p, part);
        out.used += part;
        p += part;
        size -= part;
        if (out.used == sizeof(out.buf))
            out_flush();
    }
}

void out_str(const char *s)
{
    out_write(s, strlen(s));
}

void out_char(int c)
{
    if (out.used == sizeof(out.buf))
        out_flush();
    out.buf[out.used++] = (char)c;
}

static void out_put(void *arg, const char *s, size_t n)
{
    (void)arg;
    out_write(s, n);
}

void out_fmt(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fmt_vprint(out_put, NULL, format, args);
    va_end(args);
}

void reader_init(struct reader *r, int fd)
{
    memset(r, 0, sizeof(*r));
    r->fd = fd;
}

void reader_free(struct reader *r)
{
    free(r->buf);
    r->buf = NULL;
}

/* Read more behind r->end, moving or growing the buffer as needed. False at the end. */
static bool reader_fill(struct reader *r)
{
    ssize_t n;

    if (r->eof)
        return false;
    if (r->start > 0) {
        memmove(r->buf, r->buf + r->start, r->end - r->start);
        r->end -= r->start;
        r->start = 0;
    }
    if (r->cap - r->end < READER_CHUNK) {
        size_t cap = r->cap ? r->cap * 2 : READER_CHUNK * 2;

        r->buf = tool_realloc(r->buf, cap);
        r->cap = cap;
    }
    do
        n = read(r->fd, r->buf + r->end, READER_CHUNK);
    while (n < 0 && errno == EINTR);
    if (n <= 0) {
        r->eof = true;
        r->failed = n < 0;
        r->error = n < 0 ? errno : 0;
        return false;
    }
    r->end += (size_t)n;
    return true;
}

bool reader_line(struct reader *r, char **line, size_t *length)
{
    size_t scanned = 0;

    for (;;) {
        size_t have = r->end - r->start;
        char *at = r->buf + r->start;
        char *newline = have > scanned ? memchr(at + scanned, '\n', have - scanned) : NULL;

        if (newline || (!reader_fill(r) && have > 0 && !r->failed)) {
            *line = r->buf + r->start;
            *length = newline ? (size_t)(newline - at) + 1 : have;
            r->start += *length;
            return true;
        }
        if (r->eof)
            return false;
        scanned = have;
    }
}

bool reader_chunk(struct reader *r, char **data, size_t *length)
{
    if (r->start == r->end && !reader_fill(r))
        return false;
    *data = r->buf + r->start;
    *length = r->end - r->start;
    r->start = r->end;
    return true;
}
