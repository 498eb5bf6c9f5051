/* echo(1) and printf(1), for the programs and for the shell's built-ins. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "user/lib/tool.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int escape_octal(const char **s, int digits)
{
    int value = 0;

    while (digits-- > 0 && **s >= '0' && **s <= '7')
        value = value * 8 + *(*s)++ - '0';
    return value & 0xff;
}

int tool_escape(const char **s, bool zero_octal)
{
    static const char letters[] = "abefnrtv\\";
    static const char bytes[] = "\a\b\033\f\n\r\t\v\\";
    const char *p = *s;
    const char *at = *p ? strchr(letters, *p) : NULL;

    if (at) {
        *s = p + 1;
        return (unsigned char)bytes[at - letters];
    }
    if (*p == 'c') {
        *s = p + 1;
        return -1;
    }
    if (*p == 'x' && hex_digit(p[1]) >= 0) {
        int value = hex_digit(p[1]);

        *s = p + 2;
        if (hex_digit(p[2]) >= 0) {
            value = value * 16 + hex_digit(p[2]);
            *s = p + 3;
        }
        return value;
    }
    if (*p >= '0' && *p <= '7') {
        *s = p + (*p == '0' && zero_octal);
        return escape_octal(s, 3);
    }
    return -2;
}

/* Write s with its escapes decoded; false when \c asked for an end of all output. */
static bool echo_escaped(const char *s)
{
    while (*s) {
        int c = (unsigned char)*s++;

        if (c == '\\') {
            c = tool_escape(&s, true);
            if (c == -1)
                return false;
            if (c == -2)
                c = '\\';
        }
        out_char(c);
    }
    return true;
}

int tool_echo(int argc, char **argv)
{
    bool newline = true;
    bool escapes = false;
    int i;

    for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (argv[i][1 + strspn(argv[i] + 1, "neE")])
            break;
        for (const char *p = argv[i] + 1; *p; p++) {
            if (*p == 'n')
                newline = false;
            else
                escapes = *p == 'e';
        }
    }
    for (int first = i; i < argc; i++) {
        if (i > first)
            out_char(' ');
        if (!escapes)
            out_str(argv[i]);
        else if (!echo_escaped(argv[i]))
            return 0;
    }
    if (newline)
        out_char('\n');
    return 0;
}
