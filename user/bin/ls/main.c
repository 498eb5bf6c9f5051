/* ls(1): options, reading directories, sorting. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ls.h"
#include "user/lib/tool.h"

static const char usage[] = "[-1aACdFhilnprRsStU] [FILE]...";

enum { DEPTH_MAX = 500 };

struct options opt;

static int status; /* 1: minor trouble, 2: an operand could not be shown */
static bool anything_shown;

struct entries {
    struct entry *v;
    int count, cap;
};

static struct entry *entries_add(struct entries *list, const char *name, char *path)
{
    struct entry *e;

    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 32;
        list->v = tool_realloc(list->v, (size_t)list->cap * sizeof(*list->v));
    }
    e = &list->v[list->count++];
    memset(e, 0, sizeof(*e));
    e->name = tool_strdup(name);
    e->path = path;
    return e;
}

static void entries_free(struct entries *list)
{
    for (int i = 0; i < list->count; i++) {
        free(list->v[i].name);
        free(list->v[i].path);
    }
    free(list->v);
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    int order = 0;

    if (opt.by_size && x->st.st_size != y->st.st_size)
        order = x->st.st_size < y->st.st_size ? 1 : -1;
    else if (opt.by_time && x->st.st_mtim.tv_sec != y->st.st_mtim.tv_sec)
        order = x->st.st_mtim.tv_sec < y->st.st_mtim.tv_sec ? 1 : -1;
    else if (opt.by_time && x->st.st_mtim.tv_nsec != y->st.st_mtim.tv_nsec)
        order = x->st.st_mtim.tv_nsec < y->st.st_mtim.tv_nsec ? 1 : -1;
    else
        order = strcmp(x->name, y->name);
    return opt.reverse ? -order : order;
}

static void sort(struct entries *list)
{
    if (!opt.unsorted && list->count > 1)
        qsort(list->v, (size_t)list->count, sizeof(*list->v), compare);
}

static bool hidden(const char *name)
{
    if (opt.all || name[0] != '.')
        return false;
    return !opt.almost_all || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool need_stat(void)
{
    return opt.lengthy || opt.inode || opt.blocks || opt.by_size || opt.by_time || opt.classify ||
           opt.slash || opt.recursive;
}

static void read_directory(DIR *dir, const char *path, struct entries *list)
{
    struct dirent *d;

    while (errno = 0, (d = readdir(dir))) {
        struct entry *e;

        if (hidden(d->d_name))
            continue;
        e = entries_add(list, d->d_name, tool_path(path, d->d_name));
        if (!need_stat())
            continue;
        e->have_st = lstat(e->path, &e->st) == 0;
        if (!e->have_st) {
            tool_warn_errno("cannot access '%s'", e->path);
            status = status ? status : 1;
        }
    }
    if (errno) {
        tool_warn_errno("reading directory '%s'", path);
        status = status ? status : 1;
    }
}

static void show_directory(const char *path, bool title, int depth)
{
    struct entries list = {0};
    DIR *dir = opendir(path);

    if (!dir) {
        tool_warn_errno("cannot open directory '%s'", path);
        status = depth == 0 ? 2 : status ? status : 1;
        return;
    }
    read_directory(dir, path, &list);
    closedir(dir);
    sort(&list);
    if (title) {
        if (anything_shown)
            out_char('\n');
        print_name(path);
        out_str(":\n");
    }
    anything_shown = true;
    print_directory(list.v, list.count);
    for (int i = 0; opt.recursive && i < list.count; i++) {
        const struct entry *e = &list.v[i];

        if (!S_ISDIR(e->st.st_mode) || strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0)
            continue;
        if (depth < DEPTH_MAX)
            show_directory(e->path, true, depth + 1);
        else
            tool_warn("'%s': nested too deeply", e->path);
    }
    entries_free(&list);
}

/* Operands that are not (to be shown as) directories come first, together. */
static void show_operands(char **argv, int argc)
{
    struct entries files = {0};
    struct entries dirs = {0};

    for (int i = 0; i < argc; i++) {
        bool follow = !opt.lengthy && !opt.directory && !opt.classify;
        struct stat st;
        struct entry *e;

        if ((follow && stat(argv[i], &st) == 0) || lstat(argv[i], &st) == 0) {
            bool dir = S_ISDIR(st.st_mode) && !opt.directory;

            e = entries_add(dir ? &dirs : &files, argv[i], tool_strdup(argv[i]));
            e->st = st;
            e->have_st = true;
        } else {
            tool_warn_errno("cannot access '%s'", argv[i]);
            status = 2;
        }
    }
    sort(&files);
    sort(&dirs);
    if (files.count > 0) {
        print_operands(files.v, files.count, dirs.v, dirs.count);
        anything_shown = true;
    }
    for (int i = 0; i < dirs.count; i++)
        show_directory(dirs.v[i].path, argc > 1 || opt.recursive, 0);
    entries_free(&files);
    entries_free(&dirs);
}

static void set_option(int c)
{
    switch (c) {
    case 'a': opt.all = true; break;
    case 'A': opt.almost_all = true; break;
    case 'C':
        opt.columns = true;
        opt.lengthy = false;
        break;
    case 'd': opt.directory = true; break;
    case 'F': opt.classify = true; break;
    case 'h': opt.human = true; break;
    case 'i': opt.inode = true; break;
    case 'l': opt.lengthy = true; break;
    case 'n': opt.lengthy = opt.numeric = true; break;
    case 'p': opt.slash = true; break;
    case 'r': opt.reverse = true; break;
    case 'R': opt.recursive = true; break;
    case 's': opt.blocks = true; break;
    case 'S':
        opt.by_size = true;
        opt.by_time = opt.unsorted = false;
        break;
    case 't':
        opt.by_time = true;
        opt.by_size = opt.unsorted = false;
        break;
    case 'U': opt.unsorted = true; break;
    default: tool_usage(usage);
    }
}

int main(int argc, char **argv)
{
    static char *here[] = {(char *)"."};
    bool one = false;
    int c;

    tool_init(argv);
    tool_failure = 2;
    opt.terminal = isatty(STDOUT_FILENO);
    opt.columns = opt.terminal;
    while ((c = tool_option(argc, argv, "1aACdFhilnprRsStU")) != -1) {
        /* -l wins over -1 wherever it stands. */
        if (c == '1')
            one = true;
        else
            set_option(c);
    }
    if (one)
        opt.columns = false;
    if (tool_index < argc)
        show_operands(argv + tool_index, argc - tool_index);
    else
        show_operands(here, 1);
    tool_exit(status);
}
