/* sort(1): -n -h -r -f -b -d -i orders, -k keys, -t separator, -u, -s, -c -C check, -m, -o FILE. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sort.h"
#include "user/lib/tool.h"

static const char usage[] = "[-bcCdfhimnrsu] [-k KEY]... [-t CHAR] [-o FILE] [FILE]...";

static struct {
    struct line *v;
    size_t count, cap;
} lines;

static void add_line(const char *s, size_t n)
{
    char *copy = tool_alloc(n + 1);

    memcpy(copy, s, n);
    copy[n] = '\0';
    if (lines.count == lines.cap) {
        lines.cap = lines.cap ? lines.cap * 2 : 256;
        lines.v = tool_realloc(lines.v, lines.cap * sizeof(*lines.v));
    }
    lines.v[lines.count++] = (struct line){copy, n};
}

static void read_file(const char *file)
{
    int fd = tool_open(file);
    struct reader r;
    char *s;
    size_t n;

    if (fd < 0)
        exit(2);
    reader_init(&r, fd);
    while (reader_line(&r, &s, &n))
        add_line(s, n - (s[n - 1] == '\n'));
    if (r.failed)
        tool_die("read failed: %s: %s", file, strerror(r.error));
    reader_free(&r);
    tool_close(fd);
}

/* Merge sort: stable, and never quadratic. */
static void merge_sort(struct line *v, struct line *scratch, size_t n)
{
    size_t half = n / 2;
    size_t a = 0;
    size_t b = half;

    if (n < 2)
        return;
    merge_sort(v, scratch, half);
    merge_sort(v + half, scratch, n - half);
    if (line_compare(&v[half - 1], &v[half]) <= 0)
        return;
    memcpy(scratch, v, n * sizeof(*v));
    for (size_t i = 0; i < n; i++) {
        if (b == n || (a < half && line_compare(&scratch[a], &scratch[b]) <= 0))
            v[i] = scratch[a++];
        else
            v[i] = scratch[b++];
    }
}

/* -c: 1 and a message at the first line out of order. */
static int check(const char *file, bool quiet)
{
    for (size_t i = 1; i < lines.count; i++) {
        int order = line_compare(&lines.v[i - 1], &lines.v[i]);

        if (order > 0 || (unique && order == 0)) {
            if (!quiet)
                tool_warn("%s:%zu: disorder: %s", file, i + 1, lines.v[i].s);
            return 1;
        }
    }
    return 0;
}

static void write_lines(void)
{
    const struct line *last = NULL;

    for (size_t i = 0; i < lines.count && !out_failed(); i++) {
        const struct line *l = &lines.v[i];

        if (unique && last && line_compare(last, l) == 0)
            continue;
        last = l;
        out_write(l->s, l->n);
        out_char('\n');
    }
}

static void set_separator(const char *s)
{
    if (strcmp(s, "\\0") == 0)
        separator = 0;
    else if (!s[0])
        tool_die("empty tab");
    else if (s[1])
        tool_die("multi-character tab '%s'", s);
    else
        separator = (unsigned char)s[0];
}

static void redirect_output(const char *file)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
        tool_die("open failed: %s: %s", file, strerror(errno));
    close(fd);
}

int main(int argc, char **argv)
{
    const char *output = NULL;
    struct line *scratch;
    int checking = 0;
    int c;

    tool_init(argv);
    tool_failure = 2;
    while ((c = tool_option(argc, argv, "bcCdfhik:mno:rst:u")) != -1) {
        switch (c) {
        case 'c':
        case 'C': checking = c; break;
        case 'k':
            if (!key_add(tool_argument))
                tool_die("invalid field specification '%s'", tool_argument);
            break;
        case 'm': break; /* merging is sorting what is sorted already */
        case 'o': output = tool_argument; break;
        case 's': stable = true; break;
        case 't': set_separator(tool_argument); break;
        case 'u': unique = true; break;
        default:
            if (c == '?' || !order_set(&global_order, (char)c))
                tool_usage(usage);
        }
    }
    keys_finish();
    if (checking && argc - tool_index > 1)
        tool_die("extra operand '%s' not allowed with -%c", argv[tool_index + 1], checking);
    if (tool_index == argc)
        read_file("-");
    for (int i = tool_index; i < argc; i++)
        read_file(argv[i]);
    if (checking)
        return check(tool_index < argc ? argv[tool_index] : "-", checking == 'C');
    scratch = tool_alloc((lines.count + 1) * sizeof(*scratch));
    if (lines.count > 1)
        merge_sort(lines.v, scratch, lines.count);
    free(scratch);
    if (output)
        redirect_output(output);
    write_lines();
    tool_exit(0);
}
