/* head(1): -n LINES, -c BYTES (negative: all but the last), -q, -v, and the old -NUMBER. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char usage[] = "[-qv] [-n LINES | -c BYTES] [FILE]...";

static struct {
    long long count;
    bool bytes;
    bool from_end; /* the count was negative: leave out that much at the end */
} opt = {.count = 10};

static void parse_count(const char *s, bool bytes)
{
    bool negative = *s == '-';
    long long value;

    if (!tool_number(s + negative, 0, LLONG_MAX, &value))
        tool_die("invalid number of %s: '%s'", bytes ? "bytes" : "lines", s);
    opt.count = value;
    opt.bytes = bytes;
    opt.from_end = negative;
}

/* The first count lines or bytes; what was read too much is given back if the file can seek. */
static void head_first(struct reader *r)
{
    long long left = opt.count;
    char *data;
    size_t n;

    while (left > 0 && !out_failed() &&
           (opt.bytes ? reader_chunk(r, &data, &n) : reader_line(r, &data, &n))) {
        if (opt.bytes && (unsigned long long)n > (unsigned long long)left) {
            r->start -= n - (size_t)left;
            n = (size_t)left;
        }
        out_write(data, n);
        left -= opt.bytes ? (long long)n : 1;
    }
    if (r->end > r->start)
        lseek(r->fd, -(off_t)(r->end - r->start), SEEK_CUR);
}

/* Everything but the last count lines or bytes: hold back that much. */
static void head_but_last(struct reader *r)
{
    size_t held = 0;
    size_t units = 0;
    size_t cap = 0;
    char *hold = NULL;
    char *data;
    size_t n;

    while (!out_failed() && reader_line(r, &data, &n)) {
        if (cap - held < n) {
            cap = (held + n) * 2;
            hold = tool_realloc(hold, cap);
        }
        memcpy(hold + held, data, n);
        held += n;
        units += opt.bytes ? n : 1;
        size_t give = 0;

        while (units > (unsigned long long)opt.count) {
            if (opt.bytes) {
                give += units - (size_t)opt.count;
                units = (size_t)opt.count;
            } else {
                give += (size_t)((char *)memchr(hold + give, '\n', held - give) - hold - give) + 1;
                units--;
            }
        }
        out_write(hold, give);
        held -= give;
        memmove(hold, hold + give, held);
    }
    free(hold);
}

static bool head(const char *file, int fd)
{
    struct reader r;

    reader_init(&r, fd);
    if (opt.from_end)
        head_but_last(&r);
    else
        head_first(&r);
    if (r.failed) {
        errno = r.error;
        tool_warn_errno("error reading '%s'", file);
    }
    reader_free(&r);
    return !r.failed;
}

int main(int argc, char **argv)
{
    int titles = 0; /* -1 never, 1 always */
    bool ok = true;
    bool first = true;
    int c;

    tool_init(argv);
    if (argc > 1 && argv[1][0] == '-' && argv[1][1] >= '0' && argv[1][1] <= '9') {
        parse_count(argv[1] + 1, false);
        argv[1] = argv[0];
        argv++;
        argc--;
    }
    while ((c = tool_option(argc, argv, "n:c:qv")) != -1) {
        switch (c) {
        case 'n':
        case 'c': parse_count(tool_argument, c == 'c'); break;
        case 'q': titles = -1; break;
        case 'v': titles = 1; break;
        default: tool_usage(usage);
        }
    }
    argc -= tool_index;
    argv += tool_index;
    for (int i = 0; i < (argc ? argc : 1) && !out_failed(); i++) {
        const char *file = argc ? argv[i] : "-";
        int fd = strcmp(file, "-") == 0 ? STDIN_FILENO : tool_open(file);

        if (fd < 0) {
            ok = false;
            continue;
        }
        if (titles > 0 || (titles == 0 && argc > 1))
            out_fmt("%s==> %s <==\n", first ? "" : "\n",
                    strcmp(file, "-") == 0 ? "standard input" : file);
        first = false;
        ok &= head(file, fd);
        tool_close(fd);
    }
    tool_exit(ok ? 0 : 1);
}
