/*
 * printf(1). POSIX leaves floating-point conversions optional; they are not offered, which keeps
 * the library's floating-point formatting out of the shell.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "user/lib/tool.h"

struct printf_state {
    char **args; /* what is left */
    bool took;   /* this pass consumed an argument */
    bool stop;   /* \c */
    int status;
};

/* One conversion specification. */
struct spec {
    bool minus, plus, space, alt, zero;
    int width;
    int precision; /* -1: none */
};

static const char *next_arg(struct printf_state *st)
{
    if (!*st->args)
        return NULL;
    st->took = true;
    return *st->args++;
}

static void pad(int count, char c)
{
    while (count-- > 0)
        out_char(c);
}

static void put_text(const struct spec *sp, const char *s, size_t n)
{
    if (sp->precision >= 0 && n > (size_t)sp->precision)
        n = (size_t)sp->precision;
    int fill = sp->width - (int)n;

    if (!sp->minus)
        pad(fill, ' ');
    out_write(s, n);
    if (sp->minus)
        pad(fill, ' ');
}

/* A number argument: C constants, or a quote and a character for its value. */
static uintmax_t number_arg(struct printf_state *st, bool is_signed)
{
    const char *s = next_arg(st);
    char *end;
    uintmax_t v;

    if (!s)
        return 0;
    if (*s == '\'' || *s == '"')
        return (unsigned char)s[1];
    errno = 0;
    v = is_signed ? (uintmax_t)strtoimax(s, &end, 0) : strtoumax(s, &end, 0);
    if (errno == ERANGE) {
        tool_warn_errno("%s", s);
        st->status = 1;
    } else if (end == s || *end) {
        tool_warn(end == s ? "%s: expected numeric value" : "%s: not completely converted", s);
        st->status = 1;
    }
    return v;
}

static void put_number(const struct spec *sp, uintmax_t v, char conversion)
{
    char digits[sizeof(v) * 3 + 1];
    const char *set = conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned base = conversion == 'o' ? 8 : (conversion | 0x20) == 'x' ? 16 : 10;
    bool is_signed = conversion == 'd' || conversion == 'i';
    bool negative = is_signed && (intmax_t)v < 0;
    const char *prefix = negative                 ? "-"
                         : is_signed && sp->plus  ? "+"
                         : is_signed && sp->space ? " "
                                                  : "";
    int n = 0;
    int zeros;
    int fill;

    if (negative)
        v = -v;
    if (sp->alt && base == 16 && v)
        prefix = conversion == 'X' ? "0X" : "0x";
    for (; v; v /= base)
        digits[n++] = set[v % base];
    zeros = (sp->precision < 0 ? 1 : sp->precision) - n;
    if (zeros < 0)
        zeros = 0;
    if (sp->alt && base == 8 && zeros == 0)
        zeros = 1;
    fill = sp->width - (int)strlen(prefix) - zeros - n;
    if (sp->zero && !sp->minus && sp->precision < 0 && fill > 0) {
        zeros += fill;
        fill = 0;
    }
    if (!sp->minus)
        pad(fill, ' ');
    out_str(prefix);
    pad(zeros, '0');
    while (n > 0)
        out_char(digits[--n]);
    if (sp->minus)
        pad(fill, ' ');
}

/* %b: the argument with echo's escapes decoded. */
static void put_escaped(struct printf_state *st, const struct spec *sp, const char *s)
{
    char *text = tool_alloc(strlen(s) + 1);
    size_t n = 0;

    while (*s && !st->stop) {
        int c = (unsigned char)*s++;

        if (c == '\\') {
            c = tool_escape(&s, true);
            if (c == -1) {
                st->stop = true;
                break;
            }
            if (c == -2)
                c = '\\';
        }
        text[n++] = (char)c;
    }
    put_text(sp, text, n);
    free(text);
}

static int spec_number(struct printf_state *st, const char **p)
{
    int v = 0;

    if (**p == '*') {
        (*p)++;
        return (int)number_arg(st, true);
    }
    while (**p >= '0' && **p <= '9' && v < 100000000)
        v = v * 10 + *(*p)++ - '0';
    return v;
}

static const char *parse_spec(struct printf_state *st, const char *p, struct spec *sp)
{
    *sp = (struct spec){.precision = -1};
    for (; *p && strchr("-+ #0", *p); p++) {
        sp->minus |= *p == '-';
        sp->plus |= *p == '+';
        sp->space |= *p == ' ';
        sp->alt |= *p == '#';
        sp->zero |= *p == '0';
    }
    sp->width = spec_number(st, &p);
    if (sp->width < 0) {
        sp->minus = true;
        sp->width = -sp->width;
    }
    if (*p == '.') {
        p++;
        sp->precision = spec_number(st, &p);
    }
    while (*p && strchr("hlLjzt", *p))
        p++;
    return p;
}

/* Convert what follows a '%'. Returns where the format goes on, or NULL on a bad directive. */
static const char *convert(struct printf_state *st, const char *p)
{
    struct spec sp;
    const char *s;

    p = parse_spec(st, p, &sp);
    switch (*p) {
    case '%': out_char('%'); break;
    case 'd':
    case 'i': put_number(&sp, number_arg(st, true), *p); break;
    case 'u':
    case 'o':
    case 'x':
    case 'X': put_number(&sp, number_arg(st, false), *p); break;
    case 'c':
        s = next_arg(st);
        sp.precision = -1;
        put_text(&sp, s ? s : "", s && *s ? 1 : 0);
        break;
    case 's':
        s = next_arg(st);
        put_text(&sp, s ? s : "", s ? strlen(s) : 0);
        break;
    case 'b':
        s = next_arg(st);
        put_escaped(st, &sp, s ? s : "");
        break;
    default: tool_warn("%%%c: invalid directive", *p ? *p : ' '); return NULL;
    }
    return p + 1;
}

/* One pass over the format. False: end the command. */
static bool printf_pass(struct printf_state *st, const char *format)
{
    const char *p = format;

    while (*p && !st->stop) {
        int c = (unsigned char)*p++;

        if (c == '%') {
            p = convert(st, p);
            if (!p) {
                st->status = 1;
                return false;
            }
            continue;
        }
        if (c == '\\') {
            c = tool_escape(&p, false);
            if (c == -1)
                return false;
            if (c == -2)
                c = '\\';
        }
        out_char(c);
    }
    return !st->stop;
}

int tool_printf(int argc, char **argv)
{
    struct printf_state st = {.args = argv + 2};
    int skip = argc > 1 && strcmp(argv[1], "--") == 0;

    if (argc < 2 + skip) {
        tool_warn("usage: printf FORMAT [ARGUMENT]...");
        return 2;
    }
    st.args += skip;
    do
        st.took = false;
    while (printf_pass(&st, argv[1 + skip]) && st.took && *st.args);
    return st.status;
}
