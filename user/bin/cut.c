/* cut(1): -b -c bytes, -f fields by -d DELIMITER, -s only lines with one. LIST is N, N-M, -M, N-.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char usage[] = "-b LIST | -c LIST | -f LIST [-d DELIMITER] [-s] [FILE]...";

struct range {
    size_t from, to;
};

static struct {
    struct range *ranges;
    size_t count;
    char mode;
    char delimiter;
    bool only_delimited;
} opt = {.delimiter = '\t'};

static size_t parse_position(const char **s, size_t none)
{
    char *end;
    unsigned long long value;

    if (**s < '0' || **s > '9')
        return none;
    value = strtoull(*s, &end, 10);
    *s = end;
    if (value == 0)
        tool_die("fields and positions are numbered from 1");
    return value > SIZE_MAX ? SIZE_MAX : (size_t)value;
}

static void parse_list(const char *s)
{
    while (*s) {
        struct range r = {0, 0};
        bool open = *s == '-';

        r.from = parse_position(&s, 1);
        r.to = r.from;
        if (*s == '-') {
            s++;
            if (open && (*s < '0' || *s > '9'))
                tool_die("invalid range with no endpoint: -");
            r.to = parse_position(&s, SIZE_MAX);
        }
        if ((*s && *s != ',' && *s != ' ') || r.to < r.from)
            tool_die(*s && *s != ',' ? "invalid list" : "invalid decreasing range");
        if (*s)
            s++;
        opt.ranges = tool_realloc(opt.ranges, (opt.count + 1) * sizeof(r));
        opt.ranges[opt.count++] = r;
    }
    if (opt.count == 0)
        tool_die("missing list of positions");
}

static bool selected(size_t position)
{
    for (size_t i = 0; i < opt.count; i++) {
        if (position >= opt.ranges[i].from && position <= opt.ranges[i].to)
            return true;
    }
    return false;
}

static void cut_fields(const char *s, size_t n)
{
    bool first = true;
    size_t field = 1;

    if (!memchr(s, opt.delimiter, n)) {
        if (!opt.only_delimited) {
            out_write(s, n);
            out_char('\n');
        }
        return;
    }
    for (size_t i = 0; i <= n; field++) {
        const char *end = memchr(s + i, opt.delimiter, n - i);
        size_t length = end ? (size_t)(end - s) - i : n - i;

        if (selected(field)) {
            if (!first)
                out_char(opt.delimiter);
            first = false;
            out_write(s + i, length);
        }
        i += length + 1;
    }
    out_char('\n');
}

static void cut_line(const char *s, size_t n)
{
    if (opt.mode == 'f') {
        cut_fields(s, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (selected(i + 1))
            out_char(s[i]);
    }
    out_char('\n');
}

static bool cut(const char *file)
{
    int fd = tool_open(file);
    struct reader r;
    char *s;
    size_t n;

    if (fd < 0)
        return false;
    reader_init(&r, fd);
    while (!out_failed() && reader_line(&r, &s, &n))
        cut_line(s, n - (s[n - 1] == '\n'));
    if (r.failed) {
        errno = r.error;
        tool_warn_errno("%s", file);
    }
    reader_free(&r);
    tool_close(fd);
    return !r.failed;
}

int main(int argc, char **argv)
{
    bool ok = true;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "b:c:f:d:sn")) != -1) {
        switch (c) {
        case 'b':
        case 'c':
        case 'f':
            if (opt.mode)
                tool_die("only one type of list may be specified");
            opt.mode = (char)c;
            parse_list(tool_argument);
            break;
        case 'd':
            if (tool_argument[0] && tool_argument[1])
                tool_die("the delimiter must be a single character");
            opt.delimiter = tool_argument[0];
            break;
        case 's': opt.only_delimited = true; break;
        case 'n': break;
        default: tool_usage(usage);
        }
    }
    if (!opt.mode)
        tool_die("you must specify a list of bytes, characters, or fields");
    if (tool_index == argc)
        ok = cut("-");
    for (; tool_index < argc; tool_index++)
        ok &= cut(argv[tool_index]);
    tool_exit(ok ? 0 : 1);
}
