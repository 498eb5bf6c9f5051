/* The formats of ls(1). */
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "ls.h"
#include "user/lib/tool.h"

enum { HALF_YEAR = 31556952 / 2, FIELD_MAX = 32 };

/* Widths of the columns of the long format. */
struct widths {
    int inode, blocks, links, user, group, size, major, minor;
};

static char type_letter(mode_t mode)
{
    if (S_ISDIR(mode))
        return 'd';
    if (S_ISLNK(mode))
        return 'l';
    if (S_ISCHR(mode))
        return 'c';
    if (S_ISBLK(mode))
        return 'b';
    if (S_ISFIFO(mode))
        return 'p';
    return S_ISSOCK(mode) ? 's' : '-';
}

static void mode_text(mode_t mode, char text[11])
{
    memcpy(text, "?rwxrwxrwx", 11);
    text[0] = type_letter(mode);
    for (int i = 0; i < 9; i++) {
        if (!(mode & (0400u >> i)))
            text[1 + i] = '-';
    }
    if (mode & S_ISUID)
        text[3] = mode & S_IXUSR ? 's' : 'S';
    if (mode & S_ISGID)
        text[6] = mode & S_IXGRP ? 's' : 'S';
    if (mode & S_ISVTX)
        text[9] = mode & S_IXOTH ? 't' : 'T';
}

/* There is no user database: 0 is root, others are numbers. */
static void id_text(unsigned id, char text[FIELD_MAX])
{
    if (id == 0 && !opt.numeric)
        strcpy(text, "root");
    else
        fmt_snprint(text, FIELD_MAX, "%u", id);
}

/* 1.5K, 12M: rounded up, one decimal below ten. */
static void size_text(unsigned long long size, char text[FIELD_MAX])
{
    unsigned long long unit = 1;
    int power = 0;

    if (!opt.human || size < 1024) {
        fmt_snprint(text, FIELD_MAX, "%llu", size);
        return;
    }
    while (power < 6 && size / unit >= 1024) {
        unit *= 1024;
        power++;
    }
    unsigned long long tenths = size / unit * 10 + (size % unit * 10 + unit - 1) / unit;
    unsigned long long whole = (size + unit - 1) / unit;

    if (tenths < 100)
        fmt_snprint(text, FIELD_MAX, "%llu.%llu%c", tenths / 10, tenths % 10, "BKMGTPE"[power]);
    else if (whole < 1024 || power == 6)
        fmt_snprint(text, FIELD_MAX, "%llu%c", whole, "BKMGTPE"[power]);
    else
        fmt_snprint(text, FIELD_MAX, "1.0%c", "BKMGTPE"[power + 1]);
}

static void time_text(time_t when, char text[FIELD_MAX])
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = time(NULL);
    struct tm tm = {0};

    gmtime_r(&when, &tm);
    if (when <= now && now - when < HALF_YEAR)
        fmt_snprint(text, FIELD_MAX, "%s %2d %02d:%02d", months[tm.tm_mon], tm.tm_mday, tm.tm_hour,
                    tm.tm_min);
    else
        fmt_snprint(text, FIELD_MAX, "%s %2d %5d", months[tm.tm_mon], tm.tm_mday,
                    tm.tm_year + 1900);
}

/* Blocks of 1024 bytes, as the total line and -s count them. */
static unsigned long long blocks_of(const struct entry *e)
{
    return e->have_st ? ((unsigned long long)e->st.st_blocks + 1) / 2 : 0;
}

static void blocks_text(unsigned long long blocks, char text[FIELD_MAX])
{
    if (opt.human)
        size_text(blocks * 1024, text);
    else
        fmt_snprint(text, FIELD_MAX, "%llu", blocks);
}

static bool is_device(const struct entry *e)
{
    return e->have_st && (S_ISCHR(e->st.st_mode) || S_ISBLK(e->st.st_mode));
}

static void widen(int *width, int length)
{
    if (length > *width)
        *width = length;
}

static void measure(struct widths *w, const struct entry *entries, int count)
{
    char text[FIELD_MAX];

    for (int i = 0; i < count; i++) {
        const struct entry *e = &entries[i];

        if (!e->have_st)
            continue;
        widen(&w->inode, fmt_snprint(NULL, 0, "%llu", (unsigned long long)e->st.st_ino));
        blocks_text(blocks_of(e), text);
        widen(&w->blocks, (int)strlen(text));
        widen(&w->links, fmt_snprint(NULL, 0, "%lu", (unsigned long)e->st.st_nlink));
        id_text(e->st.st_uid, text);
        widen(&w->user, (int)strlen(text));
        id_text(e->st.st_gid, text);
        widen(&w->group, (int)strlen(text));
        if (is_device(e)) {
            widen(&w->major, fmt_snprint(NULL, 0, "%u", (unsigned)major(e->st.st_rdev)));
            widen(&w->minor, fmt_snprint(NULL, 0, "%u", (unsigned)minor(e->st.st_rdev)));
        } else {
            size_text((unsigned long long)e->st.st_size, text);
            widen(&w->size, (int)strlen(text));
        }
    }
    if (w->major)
        widen(&w->size, w->major + w->minor + 2);
}

void print_name(const char *name)
{
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;

        out_char(opt.terminal && (c < 32 || c == 127) ? '?' : c);
    }
}

static char indicator(const struct entry *e)
{
    mode_t mode = e->have_st ? e->st.st_mode : 0;

    if (S_ISDIR(mode))
        return opt.classify || opt.slash ? '/' : 0;
    if (!opt.classify)
        return 0;
    if (S_ISLNK(mode))
        return opt.lengthy ? 0 : '@';
    if (S_ISFIFO(mode))
        return '|';
    if (S_ISSOCK(mode))
        return '=';
    return S_ISREG(mode) && (mode & 0111) ? '*' : 0;
}

/* What stands in front of the name in every format. */
static void print_prefix(const struct entry *e, const struct widths *w)
{
    char text[FIELD_MAX];

    if (opt.inode)
        out_fmt("%*llu ", w->inode, (unsigned long long)e->st.st_ino);
    if (opt.blocks) {
        blocks_text(blocks_of(e), text);
        out_fmt("%*s ", w->blocks, text);
    }
}

static void print_long(const struct entry *e, const struct widths *w)
{
    char mode[11], user[FIELD_MAX], group[FIELD_MAX], size[FIELD_MAX], when[FIELD_MAX];

    mode_text(e->st.st_mode, mode);
    id_text(e->st.st_uid, user);
    id_text(e->st.st_gid, group);
    time_text(e->st.st_mtim.tv_sec, when);
    if (is_device(e))
        fmt_snprint(size, sizeof(size), "%*u, %*u", w->major, (unsigned)major(e->st.st_rdev),
                    w->minor, (unsigned)minor(e->st.st_rdev));
    else
        size_text((unsigned long long)e->st.st_size, size);
    print_prefix(e, w);
    if (!e->have_st)
        out_str("?????????? ? ? ? ? ? ");
    else
        out_fmt("%s %*lu %-*s %-*s %*s %s ", mode, w->links, (unsigned long)e->st.st_nlink, w->user,
                user, w->group, group, w->size, size, when);
    print_name(e->name);
    if (indicator(e))
        out_char(indicator(e));
    if (S_ISLNK(e->st.st_mode)) {
        char target[1024];
        ssize_t n = readlink(e->path, target, sizeof(target) - 1);

        if (n >= 0) {
            target[n] = '\0';
            out_str(" -> ");
            print_name(target);
        }
    }
    out_char('\n');
}

static int terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

/* The width of an entry in columns: prefix, name, indicator. */
static int entry_width(const struct entry *e, const struct widths *w)
{
    int n = (int)strlen(e->name) + (indicator(e) ? 1 : 0);

    if (opt.inode)
        n += w->inode + 1;
    if (opt.blocks)
        n += w->blocks + 1;
    return n;
}

static void print_columns(const struct entry *entries, int count, const struct widths *w)
{
    int widest = 1;
    int columns, rows;

    for (int i = 0; i < count; i++)
        widen(&widest, entry_width(&entries[i], w));
    columns = (terminal_width() + 1) / (widest + 2);
    if (columns < 1)
        columns = 1;
    rows = (count + columns - 1) / columns;
    for (int row = 0; row < rows; row++) {
        for (int i = row; i < count; i += rows) {
            const struct entry *e = &entries[i];

            print_prefix(e, w);
            print_name(e->name);
            if (indicator(e))
                out_char(indicator(e));
            if (i + rows < count) {
                for (int pad = entry_width(e, w); pad < widest + 2; pad++)
                    out_char(' ');
            }
        }
        out_char('\n');
    }
}

static void print_list(const struct entry *entries, int count, const struct widths *w)
{
    if (opt.columns && !opt.lengthy) {
        print_columns(entries, count, w);
        return;
    }
    for (int i = 0; i < count; i++) {
        if (opt.lengthy) {
            print_long(&entries[i], w);
            continue;
        }
        print_prefix(&entries[i], w);
        print_name(entries[i].name);
        if (indicator(&entries[i]))
            out_char(indicator(&entries[i]));
        out_char('\n');
    }
}

void print_operands(const struct entry *files, int count, const struct entry *dirs, int dir_count)
{
    struct widths w = {0};

    measure(&w, files, count);
    measure(&w, dirs, dir_count);
    print_list(files, count, &w);
}

void print_directory(const struct entry *entries, int count)
{
    struct widths w = {0};

    measure(&w, entries, count);
    if (opt.lengthy || opt.blocks) {
        unsigned long long total = 0;
        char text[FIELD_MAX];

        for (int i = 0; i < count; i++)
            total += blocks_of(&entries[i]);
        blocks_text(total, text);
        out_fmt("total %s\n", text);
    }
    print_list(entries, count, &w);
}
