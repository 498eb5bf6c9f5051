/* wc(1): -l lines, -w words, -c bytes, -m characters (bytes as well), -L longest line. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "user/lib/tool.h"

struct counts {
    unsigned long long lines, words, bytes, longest;
};

static struct {
    bool lines, words, chars, bytes, longest;
} opt;

static int width = 1;

static bool is_blank(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool count(int fd, const char *file, struct counts *total)
{
    unsigned long long column = 0;
    bool in_word = false, only_bytes = !opt.lines && !opt.words && !opt.longest;
    struct reader r;
    char *data;
    size_t n;

    reader_init(&r, fd);
    while (reader_chunk(&r, &data, &n)) {
        total->bytes += n;
        for (size_t i = 0; i < n && !only_bytes; i++) {
            int c = (unsigned char)data[i];

            if (c == '\n' || c == '\r' || c == '\f')
                column = 0;
            else if (c == '\t')
                column = (column | 7) + 1;
            else if (isprint(c))
                column++;
            if (column > total->longest)
                total->longest = column;
            total->lines += c == '\n';
            if (is_blank(c)) {
                in_word = false;
            } else if (!in_word && isprint(c)) {
                in_word = true;
                total->words++;
            }
        }
    }
    if (r.failed) {
        errno = r.error;
        tool_warn_errno("%s", file);
    }
    reader_free(&r);
    return !r.failed;
}

static void print(const struct counts *n, const char *file)
{
    const char *gap = "";

    if (opt.lines)
        out_fmt("%*llu", width, n->lines), gap = " ";
    if (opt.words)
        out_fmt("%s%*llu", gap, width, n->words), gap = " ";
    if (opt.chars)
        out_fmt("%s%*llu", gap, width, n->bytes), gap = " ";
    if (opt.bytes)
        out_fmt("%s%*llu", gap, width, n->bytes), gap = " ";
    if (opt.longest)
        out_fmt("%s%*llu", gap, width, n->longest);
    if (file)
        out_fmt(" %s", file);
    out_char('\n');
}

/* Columns wide enough for the sum of the sizes; 7 when a file's size is not known beforehand. */
static void choose_width(char **files, int n)
{
    unsigned long long size = 0;
    bool unknown = false;
    struct stat st;

    for (int i = 0; i < (n ? n : 1); i++) {
        if (n && strcmp(files[i], "-") != 0) {
            if (stat(files[i], &st) < 0)
                continue;
        } else if (fstat(STDIN_FILENO, &st) < 0) {
            continue;
        }
        if (S_ISREG(st.st_mode))
            size += (unsigned long long)st.st_size;
        else
            unknown = true;
    }
    width = fmt_snprint(NULL, 0, "%llu", size);
    if (unknown && width < 7)
        width = 7;
}

int main(int argc, char **argv)
{
    struct counts total = {0};
    int columns;
    bool ok = true;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "lwcmL")) != -1) {
        if (c == '?')
            tool_usage("[-lwcmL] [FILE]...");
        opt.lines |= c == 'l';
        opt.words |= c == 'w';
        opt.bytes |= c == 'c';
        opt.chars |= c == 'm';
        opt.longest |= c == 'L';
    }
    if (!opt.lines && !opt.words && !opt.bytes && !opt.chars && !opt.longest)
        opt.lines = opt.words = opt.bytes = true;
    argc -= tool_index;
    argv += tool_index;
    columns = opt.lines + opt.words + opt.bytes + opt.chars + opt.longest;
    if (columns > 1 || argc > 1)
        choose_width(argv, argc);
    for (int i = 0; i < (argc ? argc : 1); i++) {
        const char *file = argc ? argv[i] : "-";
        struct counts one = {0};
        int fd = tool_open(file);

        if (fd < 0) {
            ok = false;
            continue;
        }
        ok &= count(fd, file, &one);
        tool_close(fd);
        print(&one, argc ? file : NULL);
        total.lines += one.lines;
        total.words += one.words;
        total.bytes += one.bytes;
        if (one.longest > total.longest)
            total.longest = one.longest;
    }
    if (argc > 1)
        print(&total, "total");
    tool_exit(ok ? 0 : 1);
}
