/* uniq(1): -c counts, -d repeated, -u unique, -i ignore case, -f FIELDS, -s CHARS, -w CHARS. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char usage[] = "[-cdiu] [-f FIELDS] [-s CHARS] [-w CHARS] [INPUT [OUTPUT]]";

static struct {
    bool count, repeated, unique, ignore_case;
    long long fields, chars, width;
} opt = {.width = LLONG_MAX};

struct line {
    char *s;
    size_t n, cap;
};

/* What of the line is compared. */
static const char *key_of(const struct line *l, size_t *n)
{
    size_t i = 0;

    for (long long f = 0; f < opt.fields && i < l->n; f++) {
        while (i < l->n && isblank((unsigned char)l->s[i]))
            i++;
        while (i < l->n && !isblank((unsigned char)l->s[i]))
            i++;
    }
    if (opt.chars > 0)
        i = l->n - i > (unsigned long long)opt.chars ? i + (size_t)opt.chars : l->n;
    *n = l->n - i;
    if (*n > (unsigned long long)opt.width)
        *n = (size_t)opt.width;
    return l->s + i;
}

static bool same(const struct line *a, const struct line *b)
{
    size_t n, m;
    const char *x = key_of(a, &n);
    const char *y = key_of(b, &m);

    if (n != m)
        return false;
    for (size_t i = 0; i < n; i++) {
        int c = (unsigned char)x[i];
        int d = (unsigned char)y[i];

        if (c != d && !(opt.ignore_case && tolower(c) == tolower(d)))
            return false;
    }
    return true;
}

static void show(const struct line *l, unsigned long long count)
{
    if ((opt.repeated && count < 2) || (opt.unique && count > 1))
        return;
    if (opt.count)
        out_fmt("%7llu ", count);
    out_write(l->s, l->n);
    out_char('\n');
}

static void keep(struct line *l, const char *s, size_t n)
{
    if (l->cap < n + 1) {
        l->cap = (n + 1) * 2;
        l->s = tool_realloc(l->s, l->cap);
    }
    memcpy(l->s, s, n);
    l->n = n;
}

static long long number(const char *s)
{
    long long value;

    if (!tool_number(s, 0, LLONG_MAX, &value))
        tool_die("%s: invalid number", s);
    return value;
}

int main(int argc, char **argv)
{
    struct line last = {0};
    unsigned long long count = 0;
    struct reader r;
    char *s;
    size_t n;
    int fd;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "cdiuf:s:w:")) != -1) {
        switch (c) {
        case 'c': opt.count = true; break;
        case 'd': opt.repeated = true; break;
        case 'i': opt.ignore_case = true; break;
        case 'u': opt.unique = true; break;
        case 'f': opt.fields = number(tool_argument); break;
        case 's': opt.chars = number(tool_argument); break;
        case 'w': opt.width = number(tool_argument); break;
        default: tool_usage(usage);
        }
    }
    if (argc - tool_index > 2)
        tool_die("extra operand '%s'", argv[tool_index + 2]);
    fd = tool_open(tool_index < argc ? argv[tool_index] : "-");
    if (fd < 0)
        return 1;
    if (tool_index + 1 < argc) {
        int to = open(argv[tool_index + 1], O_WRONLY | O_CREAT | O_TRUNC, 0666);

        if (to < 0 || dup2(to, STDOUT_FILENO) < 0)
            tool_die("%s: %s", argv[tool_index + 1], strerror(errno));
        close(to);
    }
    reader_init(&r, fd);
    while (!out_failed() && reader_line(&r, &s, &n)) {
        struct line now;

        n -= s[n - 1] == '\n';
        now = (struct line){s, n, 0};
        if (count > 0 && same(&last, &now)) {
            count++;
            continue;
        }
        if (count > 0)
            show(&last, count);
        keep(&last, s, n);
        count = 1;
    }
    if (count > 0)
        show(&last, count);
    free(last.s);
    reader_free(&r);
    tool_exit(r.failed ? 1 : 0);
}
