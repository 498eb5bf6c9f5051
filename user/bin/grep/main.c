/*
 * grep(1): -E -F -G -e PATTERN -f FILE -i -v -w -x; -c -l -L -q -o -n -h -H -s -m NUMBER -a;
 * -r -R below directories; -A -B -C NUMBER lines of context.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "regex.h"
#include "user/lib/tool.h"

static const char usage[] = "[-EFGivwxclLqonhHsarR] [-e PATTERN | -f FILE]... [-m NUMBER] "
                            "[-A NUMBER] [-B NUMBER] [-C NUMBER] [PATTERN] [FILE]...";

enum { DEPTH_MAX = 500 };

static struct {
    int flags; /* of regex_compile() */
    enum regex_kind kind;
    bool invert, count, list, list_without, quiet, only, number, silent, text, recursive;
    int names; /* -1 never, 0 by the number of files, 1 always */
    long long most, after, before;
} opt = {.most = LLONG_MAX, .after = -1, .before = -1};

static long long context; /* -C: for those of after and before that are not given */

static struct regex **patterns;
static size_t pattern_count;
static bool selected_any;
static bool failed_any;

/* Compile a list of patterns separated by newlines. */
static void add_patterns(const char *s, size_t n)
{
    for (;;) {
        const char *newline = memchr(s, '\n', n);
        size_t length = newline ? (size_t)(newline - s) : n;
        const char *error;

        patterns = tool_realloc(patterns, (pattern_count + 1) * sizeof(*patterns));
        patterns[pattern_count] = regex_compile(s, length, opt.flags, &error);
        if (!patterns[pattern_count])
            tool_die("%s", error);
        pattern_count++;
        if (!newline)
            return;
        n -= length + 1;
        s = newline + 1;
    }
}

static void add_pattern_file(const char *file)
{
    int fd = tool_open(file);
    struct reader r;
    char *line;
    size_t n;

    if (fd < 0)
        exit(2);
    reader_init(&r, fd);
    while (reader_line(&r, &line, &n))
        add_patterns(line, n - (line[n - 1] == '\n'));
    reader_free(&r);
    tool_close(fd);
}

/* The file being searched. */
struct search {
    const char *name;
    bool show_name;
    struct reader r;
    unsigned long long line;
    long long selected;
    unsigned long long shown; /* the last line printed */
    long long after;          /* lines of context still to print */
    struct kept *before;      /* a ring of opt.before lines */
    size_t before_at;
};

struct kept {
    char *s;
    size_t n, cap;
    unsigned long long line;
};

static bool matches(const char *s, size_t n)
{
    for (size_t i = 0; i < pattern_count; i++) {
        if (regex_search(patterns[i], s, n, 0, opt.kind, NULL, NULL))
            return true;
    }
    return false;
}

static void print_head(const struct search *g, unsigned long long line, char separator)
{
    if (g->show_name)
        out_fmt("%s%c", g->name, separator);
    if (opt.number)
        out_fmt("%llu%c", line, separator);
}

static void print_line(struct search *g, const char *s, size_t n, unsigned long long line,
                       char separator)
{
    if ((opt.after || opt.before) && g->shown && line > g->shown + 1)
        out_str("--\n");
    print_head(g, line, separator);
    out_write(s, n);
    out_char('\n');
    g->shown = line;
}

/* -o: each leftmost longest match that is not empty. */
static void print_matches(const struct search *g, const char *s, size_t n)
{
    size_t from = 0;

    while (from <= n) {
        size_t best_start = SIZE_MAX;
        size_t best_end = 0;

        for (size_t i = 0; i < pattern_count; i++) {
            size_t start, end;

            if (regex_search(patterns[i], s, n, from, opt.kind, &start, &end) &&
                (start < best_start || (start == best_start && end > best_end))) {
                best_start = start;
                best_end = end;
            }
        }
        if (best_start == SIZE_MAX)
            return;
        if (best_end > best_start) {
            print_head(g, g->line, ':');
            out_write(s + best_start, best_end - best_start);
            out_char('\n');
            from = best_end;
        } else {
            from = best_start + 1;
        }
    }
}

static void keep_before(struct search *g, const char *s, size_t n)
{
    struct kept *k = &g->before[g->before_at++ % (size_t)opt.before];

    if (k->cap < n + 1) {
        k->cap = (n + 1) * 2;
        k->s = tool_realloc(k->s, k->cap);
    }
    memcpy(k->s, s, n);
    k->n = n;
    k->line = g->line;
}

static void print_before(struct search *g)
{
    size_t n = (size_t)opt.before;

    for (size_t i = 0; i < n; i++) {
        struct kept *k = &g->before[(g->before_at + i) % n];

        if (k->line > g->shown && k->line)
            print_line(g, k->s, k->n, k->line, '-');
        k->line = 0;
    }
}

/* A line was selected. False: nothing more needs to be known about this file. */
static bool select_line(struct search *g, const char *s, size_t n)
{
    g->selected++;
    selected_any = true;
    if (opt.quiet || opt.list || opt.list_without)
        return false;
    if (!opt.count) {
        if (!opt.text && memchr(s, '\0', n)) {
            out_fmt("%s: %s: binary file matches\n", tool_name, g->name);
            return false;
        }
        if (opt.before)
            print_before(g);
        if (!opt.only)
            print_line(g, s, n, g->line, ':');
        else if (!opt.invert)
            print_matches(g, s, n);
    }
    g->after = opt.after;
    return g->selected < opt.most;
}

static void search_lines(struct search *g)
{
    bool more = opt.most > 0;
    char *s;
    size_t n;

    while (more && !out_failed() && reader_line(&g->r, &s, &n)) {
        g->line++;
        n -= s[n - 1] == '\n';
        if (matches(s, n) != opt.invert) {
            more = select_line(g, s, n);
        } else if (g->after > 0) {
            g->after--;
            print_line(g, s, n, g->line, '-');
        } else if (opt.before) {
            keep_before(g, s, n);
        }
    }
    while (g->after-- > 0 && !more && !opt.only && reader_line(&g->r, &s, &n)) {
        g->line++;
        print_line(g, s, n - (s[n - 1] == '\n'), g->line, '-');
    }
    if (g->r.failed) {
        errno = g->r.error;
        if (!opt.silent)
            tool_warn_errno("%s", g->name);
        failed_any = true;
    }
}

static void search_fd(int fd, const char *name, bool show_name)
{
    struct search g = {.name = name, .show_name = show_name};

    if (opt.before) {
        g.before = tool_alloc((size_t)opt.before * sizeof(*g.before));
        memset(g.before, 0, (size_t)opt.before * sizeof(*g.before));
    }
    reader_init(&g.r, fd);
    search_lines(&g);
    reader_free(&g.r);
    for (long long i = 0; i < opt.before; i++)
        free(g.before[i].s);
    free(g.before);
    if (opt.quiet)
        return;
    if (opt.count && !opt.list && !opt.list_without)
        out_fmt(show_name ? "%s:%lld\n" : "%.0s%lld\n", name, g.selected);
    if ((opt.list && g.selected > 0) || (opt.list_without && g.selected == 0))
        out_fmt("%s\n", name);
}

static void complain(const char *name)
{
    if (!opt.silent)
        tool_warn_errno("%s", name);
    failed_any = true;
}

static void search_path(const char *path, const char *name, bool show_name, int depth);

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The files below a directory, by name; links are not followed. */
static void search_directory(const char *path, const char *prefix, bool show_name, int depth)
{
    DIR *dir = depth < DEPTH_MAX ? opendir(path) : NULL;
    struct dirent *d;
    char **names = NULL;
    size_t count = 0;

    if (!dir) {
        complain(path);
        return;
    }
    while ((d = readdir(dir))) {
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
            continue;
        names = tool_realloc(names, (count + 1) * sizeof(*names));
        names[count++] = tool_strdup(d->d_name);
    }
    closedir(dir);
    if (count > 0)
        qsort(names, count, sizeof(*names), compare_names);
    for (size_t i = 0; i < count; i++) {
        char *child = tool_path(path, names[i]);
        char *shown = prefix ? tool_path(prefix, names[i]) : tool_strdup(names[i]);

        search_path(child, shown, show_name, depth + 1);
        free(child);
        free(shown);
        free(names[i]);
    }
    free(names);
}

static void search_path(const char *path, const char *name, bool show_name, int depth)
{
    struct stat st;
    int fd;

    if ((depth > 0 ? lstat(path, &st) : stat(path, &st)) < 0) {
        complain(name);
        return;
    }
    if (S_ISDIR(st.st_mode)) {
        if (opt.recursive) {
            search_directory(path, name, show_name, depth);
        } else {
            errno = EISDIR;
            complain(name);
        }
        return;
    }
    /* Of what lies below a directory, only plain files: no devices, pipes or links. */
    if (depth > 0 && !S_ISREG(st.st_mode))
        return;
    fd = tool_open(path);
    if (fd < 0) {
        failed_any = true;
        return;
    }
    search_fd(fd, name, show_name);
    tool_close(fd);
}

static long long number(const char *s)
{
    long long value;

    if (!tool_number(s, 0, 1000000, &value))
        tool_die("%s: invalid context length argument", s);
    return value;
}

static void set_option(int c)
{
    switch (c) {
    case 'E': opt.flags = (opt.flags & REGEX_IGNORE_CASE) | REGEX_EXTENDED; break;
    case 'F': opt.flags = (opt.flags & REGEX_IGNORE_CASE) | REGEX_LITERAL; break;
    case 'G': opt.flags = opt.flags & REGEX_IGNORE_CASE; break;
    case 'i':
    case 'y': opt.flags |= REGEX_IGNORE_CASE; break;
    case 'v': opt.invert = true; break;
    case 'w':
        if (opt.kind != REGEX_LINE)
            opt.kind = REGEX_WORD;
        break;
    case 'x': opt.kind = REGEX_LINE; break;
    case 'c': opt.count = true; break;
    case 'l': opt.list = true; break;
    case 'L': opt.list_without = true; break;
    case 'q': opt.quiet = true; break;
    case 'o': opt.only = true; break;
    case 'n': opt.number = true; break;
    case 'h': opt.names = -1; break;
    case 'H': opt.names = 1; break;
    case 's': opt.silent = true; break;
    case 'a': opt.text = true; break;
    case 'r':
    case 'R': opt.recursive = true; break;
    case 'm':
        if (!tool_number(tool_argument, 0, LLONG_MAX, &opt.most))
            tool_die("invalid max count");
        break;
    case 'A': opt.after = number(tool_argument); break;
    case 'B': opt.before = number(tool_argument); break;
    case 'C': context = number(tool_argument); break;
    default: tool_usage(usage);
    }
}

/* Patterns are compiled only when all options are known. */
struct source {
    bool is_file;
    const char *text;
};

static void parse_options(int argc, char **argv)
{
    struct source *sources = tool_alloc((size_t)argc * sizeof(*sources));
    int count = 0;
    int c;

    while ((c = tool_option(argc, argv, "EFGivwxyclLqonhHsarRe:f:m:A:B:C:")) != -1) {
        if (c == 'e' || c == 'f')
            sources[count++] = (struct source){c == 'f', tool_argument};
        else
            set_option(c);
    }
    if (count == 0) {
        if (tool_index == argc)
            tool_usage(usage);
        sources[count++] = (struct source){false, argv[tool_index++]};
    }
    for (int i = 0; i < count; i++) {
        if (sources[i].is_file)
            add_pattern_file(sources[i].text);
        else
            add_patterns(sources[i].text, strlen(sources[i].text));
    }
    free(sources);
}

int main(int argc, char **argv)
{
    bool show_name;

    tool_init(argv);
    tool_failure = 2;
    parse_options(argc, argv);
    argc -= tool_index;
    argv += tool_index;
    show_name = opt.names > 0 || (opt.names == 0 && (argc > 1 || opt.recursive));
    opt.after = opt.after < 0 ? context : opt.after;
    opt.before = opt.before < 0 ? context : opt.before;
    if (opt.count || opt.list || opt.list_without || opt.quiet || opt.only)
        opt.after = opt.before = 0;
    if (argc == 0 && opt.recursive)
        search_directory(".", NULL, show_name, 0);
    else if (argc == 0)
        search_fd(STDIN_FILENO, "(standard input)", show_name);
    for (int i = 0; i < argc && !(opt.quiet && selected_any) && !out_failed(); i++) {
        if (strcmp(argv[i], "-") == 0)
            search_fd(STDIN_FILENO, "(standard input)", show_name);
        else
            search_path(argv[i], argv[i], show_name, 0);
    }
    for (size_t i = 0; i < pattern_count; i++)
        regex_free(patterns[i]);
    free(patterns);
    if (failed_any && !(opt.quiet && selected_any))
        tool_exit(2);
    tool_exit(selected_any ? 0 : 1);
}
