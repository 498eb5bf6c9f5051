/* Text that grows: the content of a /proc file while it is being written. */
#include <stdarg.h>
#include "fs/internal.h"
#include "lib/fmt.h"

void text_write(struct text *text, const char *s, size_t n)
{
    if (text->failed)
        return;
    if (n > text->room - text->len) {
        size_t room = text->room ? text->room : 512;
        while (room - text->len < n)
            room *= 2;
        char *buf = kmalloc(room);
        if (!buf) {
            text->failed = true;
            return;
        }
        memcpy(buf, text->buf ? text->buf : "", text->len);
        kfree(text->buf);
        text->buf = buf;
        text->room = room;
    }
    memcpy(text->buf + text->len, s, n);
    text->len += n;
}

static void put(void *arg, const char *s, size_t n)
{
    text_write(arg, s, n);
}

void text_print(struct text *text, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fmt_vprint(put, text, fmt, ap);
    va_end(ap);
}
