/* Formatted output: a parser of conversion specifications and their integer and string output. */
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/fmt.h"
#include "lib/string.h"

struct output {
    fmt_put_fn *put;
    void *arg;
    unsigned total; /* saturates at INT_MAX */
};

struct spec {
    bool left, zero, space, plus, alternate;
    unsigned width;
    int precision; /* -1: none given */
    char length;   /* 0, or one of h l z j t, H for hh and L for ll */
    char conversion;
};

static void put(struct output *out, const char *s, size_t n)
{
    if (n == 0)
        return;
    out->put(out->arg, s, n);
    out->total = n > INT_MAX - out->total ? INT_MAX : out->total + (unsigned)n;
}

static void pad(struct output *out, char c, size_t n)
{
    static const char zeros[] = "0000000000000000", blanks[] = "                ";
    const char *s = c == '0' ? zeros : blanks;
    for (; n > sizeof zeros - 1; n -= sizeof zeros - 1)
        put(out, s, sizeof zeros - 1);
    put(out, s, n);
}

/* Decimal digits at *p; saturates. */
static unsigned parse_number(const char **p)
{
    unsigned n = 0;
    for (; **p >= '0' && **p <= '9'; ++*p)
        n = n > (INT_MAX - 9) / 10 ? INT_MAX : n * 10 + (unsigned)(**p - '0');
    return n;
}

static const char *parse_flags(const char *p, struct spec *spec)
{
    for (;; p++) {
        switch (*p) {
        case '-': spec->left = true; break;
        case '0': spec->zero = true; break;
        case ' ': spec->space = true; break;
        case '+': spec->plus = true; break;
        case '#': spec->alternate = true; break;
        default: return p;
        }
    }
}

static const char *parse_length(const char *p, struct spec *spec)
{
    switch (*p) {
    case 'h':
    case 'l':
        spec->length = *p++;
        if (*p == spec->length) {
            spec->length = *p == 'h' ? 'H' : 'L';
            p++;
        }
        break;
    case 'z':
    case 'j':
    case 't': spec->length = *p++; break;
    default: break;
    }
    return p;
}

/* A va_list by reference, which ISO C only allows inside a struct. */
struct arguments {
    va_list ap;
};

/* Parse what follows a '%'; returns the place after it. */
static const char *parse_spec(const char *p, struct spec *spec, struct arguments *args)
{
    *spec = (struct spec){.precision = -1};
    p = parse_flags(p, spec);
    if (*p == '*') {
        int width = va_arg(args->ap, int);
        spec->left |= width < 0;
        spec->width = width < 0 ? 0U - (unsigned)width : (unsigned)width;
        p++;
    } else {
        spec->width = parse_number(&p);
    }
    if (*p == '.') {
        p++;
        if (*p == '*') {
            int precision = va_arg(args->ap, int);
            spec->precision = precision < 0 ? -1 : precision;
            p++;
        } else {
            spec->precision = (int)parse_number(&p);
        }
    }
    p = parse_length(p, spec);
    spec->conversion = *p;
    return *p == '\0' ? p : p + 1;
}

static uintmax_t signed_argument(char length, struct arguments *args)
{
    switch (length) {
    case 'H': return (uintmax_t)(signed char)va_arg(args->ap, int);
    case 'h': return (uintmax_t)(short)va_arg(args->ap, int);
    case 'l': return (uintmax_t)va_arg(args->ap, long);
    case 'L': return (uintmax_t)va_arg(args->ap, long long);
    case 'j': return (uintmax_t)va_arg(args->ap, intmax_t);
    case 'z':
    case 't': return (uintmax_t)va_arg(args->ap, ptrdiff_t);
    default: return (uintmax_t)va_arg(args->ap, int);
    }
}

static uintmax_t unsigned_argument(char length, struct arguments *args)
{
    switch (length) {
    case 'H': return (unsigned char)va_arg(args->ap, int);
    case 'h': return (unsigned short)va_arg(args->ap, int);
    case 'l': return va_arg(args->ap, unsigned long);
    case 'L': return va_arg(args->ap, unsigned long long);
    case 'j': return va_arg(args->ap, uintmax_t);
    case 'z':
    case 't': return va_arg(args->ap, size_t);
    default: return va_arg(args->ap, unsigned);
    }
}

/*
 * Digits of value, backwards from end; returns where they start. 64-bit divisions are slow where
 * XLEN is 32, so the part of the work that fits a long is done on one.
 */
static char *digits(char *end, uintmax_t value, unsigned base, bool upper)
{
    const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (; value > ULONG_MAX; value /= base)
        *--end = set[value % base];
    for (unsigned long v = (unsigned long)value; v > 0; v /= base)
        *--end = set[v % base];
    return end;
}

/* Prefix (sign or 0x), zeros and digits in a field of spec->width. */
static void put_number(struct output *out, const struct spec *spec, const char *prefix,
                       const char *digit, size_t digit_count)
{
    size_t prefix_len = strlen(prefix);
    size_t zeros = 0;
    if (spec->precision >= 0 && (size_t)spec->precision > digit_count)
        zeros = (size_t)spec->precision - digit_count;
    size_t len = prefix_len + zeros + digit_count;
    size_t blanks = spec->width > len ? spec->width - len : 0;
    if (spec->zero && !spec->left && spec->precision < 0) {
        zeros += blanks;
        blanks = 0;
    }
    if (!spec->left)
        pad(out, ' ', blanks);
    put(out, prefix, prefix_len);
    pad(out, '0', zeros);
    put(out, digit, digit_count);
    if (spec->left)
        pad(out, ' ', blanks);
}

static void put_integer(struct output *out, struct spec *spec, uintmax_t value, unsigned base,
                        const char *prefix)
{
    char buf[sizeof(uintmax_t) * CHAR_BIT / 3 + 2], *end = buf + sizeof buf;
    char *start = digits(end, value, base, spec->conversion == 'X');
    if (spec->precision < 0 && start == end)
        *--start = '0';
    /* # with octal: just enough precision for a leading zero */
    if (base == 8 && spec->alternate && spec->precision <= end - start &&
        (start == end || *start != '0'))
        *--start = '0';
    put_number(out, spec, prefix, start, (size_t)(end - start));
}

static void put_signed(struct output *out, struct spec *spec, intmax_t value)
{
    const char *sign = value < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "";
    put_integer(out, spec, value < 0 ? 0 - (uintmax_t)value : (uintmax_t)value, 10, sign);
}

static void put_hex(struct output *out, struct spec *spec, uintmax_t value)
{
    const char *prefix = spec->conversion == 'X' ? "0X" : "0x";
    put_integer(out, spec, value, 16, spec->alternate && value != 0 ? prefix : "");
}

/* n bytes at s in a field of spec->width. */
static void put_text(struct output *out, const struct spec *spec, const char *s, size_t n)
{
    size_t blanks = spec->width > n ? spec->width - n : 0;
    if (!spec->left)
        pad(out, ' ', blanks);
    put(out, s, n);
    if (spec->left)
        pad(out, ' ', blanks);
}

static void put_string(struct output *out, const struct spec *spec, const char *s)
{
    if (!s)
        s = "(null)";
    put_text(out, spec, s, spec->precision < 0 ? strlen(s) : strnlen(s, (size_t)spec->precision));
}

/* Returns false if the conversion is unknown. */
static bool convert(struct output *out, struct spec *spec, struct arguments *args)
{
    char c;
    switch (spec->conversion) {
    case 'd':
    case 'i': put_signed(out, spec, (intmax_t)signed_argument(spec->length, args)); return true;
    case 'u': put_integer(out, spec, unsigned_argument(spec->length, args), 10, ""); return true;
    case 'o': put_integer(out, spec, unsigned_argument(spec->length, args), 8, ""); return true;
    case 'x':
    case 'X': put_hex(out, spec, unsigned_argument(spec->length, args)); return true;
    case 'p': put_integer(out, spec, (uintptr_t)va_arg(args->ap, void *), 16, "0x"); return true;
    case 'c':
        c = (char)va_arg(args->ap, int);
        put_text(out, spec, &c, 1);
        return true;
    case 's': put_string(out, spec, va_arg(args->ap, const char *)); return true;
    case '%': put(out, "%", 1); return true;
    default: return false;
    }
}

int fmt_vprint(fmt_put_fn *put_fn, void *arg, const char *fmt, va_list ap)
{
    struct output out = {.put = put_fn, .arg = arg};
    struct arguments args;
    va_copy(args.ap, ap);
    for (;;) {
        const char *text = fmt;
        while (*fmt != '\0' && *fmt != '%')
            fmt++;
        put(&out, text, (size_t)(fmt - text));
        if (*fmt == '\0')
            break;
        struct spec spec;
        const char *start = fmt;
        fmt = parse_spec(fmt + 1, &spec, &args);
        if (!convert(&out, &spec, &args))
            put(&out, start, (size_t)(fmt - start));
    }
    va_end(args.ap);
    return (int)out.total;
}

int fmt_print(fmt_put_fn *put_fn, void *arg, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = fmt_vprint(put_fn, arg, fmt, ap);
    va_end(ap);
    return n;
}

struct buffer {
    char *pos;
    size_t room; /* without the terminator */
};

static void buffer_put(void *arg, const char *s, size_t n)
{
    struct buffer *b = arg;
    if (n > b->room)
        n = b->room;
    memcpy(b->pos, s, n);
    b->pos += n;
    b->room -= n;
}

int fmt_vsnprint(char *buf, size_t n, const char *fmt, va_list ap)
{
    char none;
    struct buffer b = {n > 0 ? buf : &none, n > 0 ? n - 1 : 0};
    int len = fmt_vprint(buffer_put, &b, fmt, ap);
    *b.pos = '\0';
    return len;
}

int fmt_snprint(char *buf, size_t n, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int len = fmt_vsnprint(buf, n, fmt, ap);
    va_end(ap);
    return len;
}
