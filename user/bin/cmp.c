/*
 * cmp(1): compare two files byte by byte. -l every difference, -b show the bytes, -s no output, -n
 * LIMIT, -i SKIP[:SKIP2]. Status 0: the same, 1: different, 2: trouble.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char usage[] = "[-bls] [-n LIMIT] [-i SKIP[:SKIP]] FILE1 [FILE2 [SKIP1 [SKIP2]]]";

static struct {
    bool all, bytes, silent;
    long long limit;
    long long skip[2];
    const char *name[2];
} opt = {.limit = LLONG_MAX};

/* One file and what is buffered of it. */
struct input {
    struct reader r;
    char *data;
    size_t n;
};

static bool more(struct input *in)
{
    return in->n > 0 || reader_chunk(&in->r, &in->data, &in->n);
}

static void take(struct input *in, size_t n)
{
    in->data += n;
    in->n -= n;
}

static void skip(struct input *in, long long n)
{
    while (n > 0 && more(in)) {
        size_t part = (unsigned long long)n < in->n ? (size_t)n : in->n;
        take(in, part);
        n -= (long long)part;
    }
}

/* A byte as cat -v shows it. */
static const char *visible(unsigned char c, char text[5])
{
    char *p = text;
    if (c >= 128) {
        *p++ = 'M', *p++ = '-';
        c -= 128;
    }
    if (c < 32 || c == 127) {
        *p++ = '^';
        c ^= 64;
    }
    *p++ = (char)c;
    *p = '\0';
    return text;
}

static void report(long long at, long long line, unsigned char a, unsigned char b)
{
    char ta[5], tb[5];
    if (opt.all && opt.bytes)
        out_fmt("%lld %3o %-4s %3o %s\n", at, a, visible(a, ta), b, visible(b, tb));
    else if (opt.all)
        out_fmt("%lld %3o %3o\n", at, a, b);
    else if (opt.bytes)
        out_fmt("%s %s differ: byte %lld, line %lld is %3o %s %3o %s\n", opt.name[0], opt.name[1],
                at, line, a, visible(a, ta), b, visible(b, tb));
    else
        out_fmt("%s %s differ: char %lld, line %lld\n", opt.name[0], opt.name[1], at, line);
}

static long long count_lines(const char *s, size_t n)
{
    long long lines = 0;
    for (const char *end = s + n; s < end && (s = memchr(s, '\n', (size_t)(end - s))); s++)
        lines++;
    return lines;
}

/* The place of the first difference, n if there is none. */
static size_t first_difference(const char *a, const char *b, size_t n)
{
    size_t i = 0;
    if (memcmp(a, b, n) == 0)
        return n;
    while (a[i] == b[i])
        i++;
    return i;
}

/* What has been compared so far, and what was found. */
struct progress {
    long long bytes, lines;
    bool differ;
};

/* Compares what both have buffered; false when the comparison is over. */
static bool compare_part(struct input in[2], struct progress *p)
{
    size_t n = in[0].n < in[1].n ? in[0].n : in[1].n;
    if ((unsigned long long)n > (unsigned long long)(opt.limit - p->bytes))
        n = (size_t)(opt.limit - p->bytes);
    size_t same = first_difference(in[0].data, in[1].data, n);
    if (!opt.silent && !opt.all)
        p->lines += count_lines(in[0].data, same);
    p->bytes += (long long)same;
    if (same < n) {
        p->differ = true;
        if (opt.silent)
            return false;
        report(p->bytes + 1, p->lines + 1, (unsigned char)in[0].data[same],
               (unsigned char)in[1].data[same]);
        if (!opt.all)
            return false;
        same++, p->bytes++;
    }
    take(&in[0], same);
    take(&in[1], same);
    return true;
}

static void report_end(const char *name, const struct progress *p, bool in_line)
{
    out_flush();
    if (opt.silent)
        return;
    if (p->bytes == 0)
        tool_warn("EOF on %s which is empty", name);
    else if (opt.all)
        tool_warn("EOF on %s after byte %lld", name, p->bytes);
    else
        tool_warn("EOF on %s after byte %lld, %sline %lld", name, p->bytes, in_line ? "in " : "",
                  p->lines + in_line);
}

static int compare(struct input in[2])
{
    struct progress p = {0};
    char last = '\n';
    for (;;) {
        if (p.bytes == opt.limit)
            return p.differ;
        bool there[2] = {more(&in[0]), more(&in[1])};
        for (int i = 0; i < 2; i++) {
            errno = in[i].r.error;
            if (in[i].r.failed) {
                tool_warn_errno("%s", opt.name[i]);
                return 2;
            }
        }
        if (!there[0] || !there[1]) {
            if (there[0] != there[1])
                report_end(opt.name[there[0]], &p, last != '\n');
            return p.differ || there[0] != there[1];
        }
        const char *data = in[0].data;
        bool go_on = compare_part(in, &p);
        if (in[0].data > data)
            last = in[0].data[-1];
        if (!go_on)
            return 1;
    }
}

static long long parse(const char *s)
{
    long long value;
    if (!tool_number(s, 0, LLONG_MAX, &value))
        tool_die("invalid value '%s'", s);
    return value;
}

static void parse_skips(char *s)
{
    char *second = strchr(s, ':');
    if (second)
        *second++ = '\0';
    opt.skip[0] = parse(s);
    opt.skip[1] = second ? parse(second) : opt.skip[0];
}

int main(int argc, char **argv)
{
    struct input in[2];
    int c;

    tool_failure = 2;
    tool_init(argv);
    while ((c = tool_option(argc, argv, "blsn:i:")) >= 0) {
        switch (c) {
        case 'b': opt.bytes = true; break;
        case 'l': opt.all = true; break;
        case 's': opt.silent = true; break;
        case 'n': opt.limit = parse(tool_argument); break;
        case 'i': parse_skips((char *)(uintptr_t)tool_argument); break;
        default: tool_usage(usage);
        }
    }
    char **operand = argv + tool_index;
    int count = argc - tool_index;
    if (count < 1 || count > 4 || (opt.all && opt.silent))
        tool_usage(usage);
    opt.name[0] = operand[0];
    opt.name[1] = count > 1 ? operand[1] : "-";
    for (int i = 0; i < 2; i++) {
        if (count > 2 + i)
            opt.skip[i] = parse(operand[2 + i]);
        int fd = tool_open(opt.name[i]);
        if (fd < 0)
            return 2;
        in[i].n = 0;
        reader_init(&in[i].r, fd);
        skip(&in[i], opt.skip[i]);
    }
    tool_exit(compare(in));
}
