/* tail(1): -n [+]LINES, -c [+]BYTES, -f, -q, -v, and the old -NUMBER and +NUMBER. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char usage[] = "[-fqv] [-n [+]LINES | -c [+]BYTES] [FILE]...";

enum { FOLLOW_INTERVAL_NS = 500000000 };

static struct {
    long long count;
    bool bytes;
    bool from_start; /* +N: from unit N on, counted from 1 */
    bool follow;
} opt = {.count = 10};

static void parse_count(const char *s, bool bytes)
{
    long long value;
    bool sign = *s == '+' || *s == '-';

    opt.from_start = *s == '+';
    opt.bytes = bytes;
    if (!tool_number(s + sign, 0, LLONG_MAX, &value))
        tool_die("invalid number of %s: '%s'", bytes ? "bytes" : "lines", s);
    opt.count = value;
}

static void tail_from_start(struct reader *r)
{
    long long skip = opt.count > 0 ? opt.count - 1 : 0;
    char *data;
    size_t n;

    while (skip > 0 && (opt.bytes ? reader_chunk(r, &data, &n) : reader_line(r, &data, &n))) {
        if (opt.bytes && (unsigned long long)n > (unsigned long long)skip) {
            r->start -= n - (size_t)skip;
            n = (size_t)skip;
        }
        skip -= opt.bytes ? (long long)n : 1;
    }
    while (!out_failed() && reader_chunk(r, &data, &n))
        out_write(data, n);
}

/* Where the last count lines of the text start. */
static size_t last_lines(const char *text, size_t n)
{
    size_t at = n;
    long long lines = 0;

    if (opt.count == 0)
        return n;
    while (at > 0) {
        if (text[at - 1] == '\n' && at != n && ++lines == opt.count)
            return at;
        at--;
    }
    return 0;
}

/* The last bytes or lines. Of a long input only twice what is needed is kept. */
static void tail_last(struct reader *r)
{
    enum { TRIM = 1 << 16 };
    char *text = NULL;
    size_t held = 0;
    size_t cap = 0;
    size_t trim = TRIM;
    size_t from;
    char *data;
    size_t n;

    for (;;) {
        bool more = reader_chunk(r, &data, &n);

        if (!more || held > trim) {
            if (opt.bytes)
                from = held > (unsigned long long)opt.count ? held - (size_t)opt.count : 0;
            else
                from = last_lines(text, held);
            held -= from;
            if (text)
                memmove(text, text + from, held);
            trim = held * 2 > TRIM ? held * 2 : TRIM;
        }
        if (!more)
            break;
        if (cap - held < n) {
            cap = (held + n) * 2;
            text = tool_realloc(text, cap);
        }
        memcpy(text + held, data, n);
        held += n;
    }
    out_write(text, held);
    free(text);
}

static void follow(int fd)
{
    struct timespec pause = {.tv_nsec = FOLLOW_INTERVAL_NS};
    char buf[1024];

    while (out_flush()) {
        ssize_t n = read(fd, buf, sizeof(buf));

        if (n > 0)
            out_write(buf, (size_t)n);
        else
            nanosleep(&pause, NULL);
    }
}

static bool tail(const char *file, int fd)
{
    struct reader r;

    reader_init(&r, fd);
    if (opt.from_start)
        tail_from_start(&r);
    else
        tail_last(&r);
    if (r.failed) {
        errno = r.error;
        tool_warn_errno("error reading '%s'", file);
    }
    reader_free(&r);
    return !r.failed;
}

static bool is_old_option(const char *s)
{
    return (s[0] == '-' || s[0] == '+') && s[1] >= '0' && s[1] <= '9';
}

int main(int argc, char **argv)
{
    bool ok = true;
    bool first = true;
    int titles = 0; /* -1 never, 1 always */
    int fd = -1;
    int c;

    tool_init(argv);
    if (argc > 1 && is_old_option(argv[1])) {
        parse_count(argv[1], false);
        argv[1] = argv[0];
        argv++;
        argc--;
    }
    while ((c = tool_option(argc, argv, "n:c:fqv")) != -1) {
        switch (c) {
        case 'n':
        case 'c': parse_count(tool_argument, c == 'c'); break;
        case 'f': opt.follow = true; break;
        case 'q': titles = -1; break;
        case 'v': titles = 1; break;
        default: tool_usage(usage);
        }
    }
    argc -= tool_index;
    argv += tool_index;
    for (int i = 0; i < (argc ? argc : 1) && !out_failed(); i++) {
        const char *file = argc ? argv[i] : "-";

        fd = tool_open(file);
        if (fd < 0) {
            ok = false;
            continue;
        }
        if (titles > 0 || (titles == 0 && argc > 1))
            out_fmt("%s==> %s <==\n", first ? "" : "\n",
                    strcmp(file, "-") == 0 ? "standard input" : file);
        first = false;
        ok &= tail(file, fd);
        if (opt.follow && i + 1 >= argc)
            follow(fd);
        tool_close(fd);
    }
    tool_exit(ok ? 0 : 1);
}
