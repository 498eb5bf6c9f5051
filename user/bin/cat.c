/* cat(1): -n numbers lines, -b those that are not blank, -s squeezes blanks, -E -T -v -A -e -t. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static struct {
    bool number, number_nonblank, squeeze, ends, tabs, visible;
} opt;

static struct {
    unsigned long line;
    bool at_start;
    bool blank; /* the line before was blank */
} state = {.at_start = true};

static const char usage[] = "[-AbEenstTuv] [FILE]...";

/* One byte in -v notation. */
static void put_visible(unsigned char c)
{
    if (c >= 128) {
        out_str("M-");
        c -= 128;
    }
    if (c == 127)
        out_str("^?");
    else if (c < 32 && !(c == '\t' && !opt.tabs))
        out_fmt("^%c", c + 64);
    else
        out_char(c);
}

static void put_byte(char c)
{
    if (c == '\n') {
        if (opt.ends)
            out_char('$');
        out_char('\n');
    } else if (c == '\t' && opt.tabs) {
        out_str("^I");
    } else if (opt.visible && c != '\t') {
        put_visible((unsigned char)c);
    } else {
        out_char(c);
    }
}

static void put_styled(const char *data, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool blank = state.at_start && data[i] == '\n';

        if (blank && opt.squeeze && state.blank)
            continue;
        if (state.at_start) {
            state.blank = blank;
            if (opt.number_nonblank ? !blank : opt.number)
                out_fmt("%6lu\t", ++state.line);
        }
        put_byte(data[i]);
        state.at_start = data[i] == '\n';
    }
}

static bool copy(const char *file, bool styled)
{
    int fd = tool_open(file);
    struct reader r;
    size_t n;
    char *data;

    if (fd < 0)
        return false;
    reader_init(&r, fd);
    while (!out_failed() && reader_chunk(&r, &data, &n)) {
        if (styled) {
            put_styled(data, n);
        } else {
            out_write(data, n);
        }
        out_flush();
    }
    if (r.failed) {
        errno = r.error;
        tool_warn_errno("%s", file);
    }
    reader_free(&r);
    tool_close(fd);
    return !r.failed;
}

int main(int argc, char **argv)
{
    bool ok = true;
    bool styled = false;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "AbEenstTuv")) != -1) {
        if (c == '?')
            tool_usage(usage);
        opt.number_nonblank |= c == 'b';
        opt.number |= c == 'n' || c == 'b';
        opt.squeeze |= c == 's';
        opt.ends |= c == 'E' || c == 'e' || c == 'A';
        opt.tabs |= c == 'T' || c == 't' || c == 'A';
        opt.visible |= c == 'v' || c == 'e' || c == 't' || c == 'A';
        styled |= c != 'u';
    }
    if (tool_index == argc)
        ok = copy("-", styled);
    for (; tool_index < argc && !out_failed(); tool_index++)
        ok &= copy(argv[tool_index], styled);
    tool_exit(ok ? 0 : 1);
}
