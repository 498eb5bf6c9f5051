/* hexdump(1): -C canonical (hex and text), otherwise 16-bit words; -n LENGTH, -s SKIP, -v no '*'.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

enum { ROW = 16 };

static const char usage[] = "[-Cv] [-n LENGTH] [-s SKIP] [FILE]...";

static bool canonical;

static void print_row(unsigned long long offset, const unsigned char *row, size_t n)
{
    if (!canonical) {
        out_fmt("%07llx", offset);
        for (size_t i = 0; i < ROW; i += 2) {
            if (i < n)
                out_fmt(" %04x", row[i] | (i + 1 < n ? row[i + 1] << 8 : 0));
            else
                out_str("     ");
        }
        out_char('\n');
        return;
    }
    out_fmt("%08llx ", offset);
    for (size_t i = 0; i < ROW; i++) {
        if (i == ROW / 2)
            out_char(' ');
        if (i < n)
            out_fmt(" %02x", row[i]);
        else
            out_str("   ");
    }
    out_str("  |");
    for (size_t i = 0; i < n; i++)
        out_char(row[i] >= 32 && row[i] < 127 ? row[i] : '.');
    out_str("|\n");
}

/* The operands as one stream. */
struct input {
    char **files;
    struct reader r;
    bool open;
    bool any;
    int status;
    char *data;
    size_t left;
};

static bool input_next_file(struct input *in)
{
    while (*in->files) {
        const char *file = *in->files++;
        int fd = tool_open(file);

        if (fd >= 0) {
            reader_init(&in->r, fd);
            in->open = in->any = true;
            return true;
        }
        in->status = 1;
    }
    return false;
}

static int input_getc(struct input *in)
{
    while (in->left == 0) {
        if (!in->open && !input_next_file(in))
            return -1;
        if (!reader_chunk(&in->r, &in->data, &in->left)) {
            if (in->r.failed) {
                errno = in->r.error;
                tool_warn_errno("%s", in->files[-1]);
                in->status = 1;
            }
            reader_free(&in->r);
            tool_close(in->r.fd);
            in->open = false;
            in->left = 0;
        }
    }
    in->left--;
    return (unsigned char)*in->data++;
}

static void dump(struct input *in, long long skip, long long length, bool all)
{
    unsigned char rows[2][ROW];
    unsigned long long offset = 0;
    bool repeated = false;
    bool have_last = false;
    int current = 0;
    size_t n;

    for (; skip > 0 && input_getc(in) >= 0; skip--)
        offset++;
    do {
        unsigned char *row = rows[current];
        int c = 0;

        for (n = 0; n < ROW && length > 0 && (c = input_getc(in)) >= 0; n++, length--)
            row[n] = (unsigned char)c;
        if (n == 0)
            break;
        if (!all && n == ROW && have_last && memcmp(row, rows[!current], ROW) == 0) {
            if (!repeated)
                out_str("*\n");
            repeated = true;
        } else {
            repeated = false;
            print_row(offset, row, n);
            current = !current;
            have_last = true;
        }
        offset += n;
    } while (n == ROW && !out_failed());
    if (offset > 0)
        out_fmt(canonical ? "%08llx\n" : "%07llx\n", offset);
}

int main(int argc, char **argv)
{
    static char *standard[] = {(char *)"-", NULL};
    struct input in = {0};
    long long length = LLONG_MAX;
    long long skip = 0;
    bool all = false;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "Cvn:s:")) != -1) {
        switch (c) {
        case 'C': canonical = true; break;
        case 'v': all = true; break;
        case 'n':
            if (!tool_number(tool_argument, 0, LLONG_MAX, &length))
                tool_die("%s: bad length value", tool_argument);
            break;
        case 's':
            if (!tool_number(tool_argument, 0, LLONG_MAX, &skip))
                tool_die("%s: bad skip value", tool_argument);
            break;
        default: tool_usage(usage);
        }
    }
    in.files = tool_index < argc ? argv + tool_index : standard;
    dump(&in, skip, length, all);
    tool_exit(in.any ? in.status : 1);
}
