/* dd's command line: operands NAME=VALUE. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "user/bin/dd/dd.h"
#include "user/lib/tool.h"

struct options opt = {.ibs = 512, .obs = 512, .count = -1};

struct word {
    const char *name;
    unsigned value;
    int open_flag;
};

static const struct word conversions[] = {
    {"notrunc", CONV_NOTRUNC, 0},
    {"excl", CONV_EXCL, 0},
    {"nocreat", CONV_NOCREAT, 0},
    {"noerror", CONV_NOERROR, 0},
    {"sync", CONV_SYNC, 0},
    {"fsync", CONV_FSYNC, 0},
    {"fdatasync", CONV_FDATASYNC, 0},
    {"ucase", CONV_UCASE, 0},
    {"lcase", CONV_LCASE, 0},
    {"swab", CONV_SWAB, 0},
    {NULL, 0, 0},
};
static const struct word flags[] = {
    {"fullblock", FLAG_FULLBLOCK, 0},
    {"count_bytes", FLAG_COUNT_BYTES, 0},
    {"skip_bytes", FLAG_SKIP_BYTES, 0},
    {"seek_bytes", FLAG_SEEK_BYTES, 0},
    {"append", 0, O_APPEND},
    {"directory", 0, O_DIRECTORY},
    {"dsync", 0, O_DSYNC},
    {"sync", 0, O_SYNC},
    {"nonblock", 0, O_NONBLOCK},
    {"nofollow", 0, O_NOFOLLOW},
    {NULL, 0, 0},
};

/* The factor of a suffix, which *s is moved behind; 0: there is no such. */
static long long suffix(const char **s)
{
    static const char units[] = "KMGT";
    long long factor = 1;
    char c = **s;
    if (c == '\0' || c == 'x')
        return 1;
    ++*s;
    if (c == 'c' || c == 'w' || c == 'b')
        return c == 'c' ? 1 : c == 'w' ? 2 : 512;
    const char *unit = strchr(units, c == 'k' ? 'K' : c);
    if (!unit)
        return 0;
    long long base = **s == 'B' ? 1000 : 1024;
    if (**s == 'B')
        ++*s;
    else if ((*s)[0] == 'i' && (*s)[1] == 'B')
        *s += 2;
    for (const char *u = units; u <= unit; u++)
        factor *= base;
    return factor;
}

/* NUMBER[SUFFIX][xNUMBER[SUFFIX]]... */
static long long parse_number(const char *text)
{
    long long result = 1;
    for (const char *s = text;; s++) {
        char *end;
        errno = 0;
        long long value = isdigit((unsigned char)*s) ? strtoll(s, &end, 10) : -1;
        if (value < 0 || errno != 0)
            break;
        s = end;
        long long factor = suffix(&s);
        if (factor == 0 || __builtin_mul_overflow(value, factor, &value) ||
            __builtin_mul_overflow(result, value, &result))
            break;
        if (*s == '\0')
            return result;
        if (*s != 'x')
            break;
    }
    tool_die("invalid number: '%s'", text);
}

static long long parse_size(const char *text)
{
    long long size = parse_number(text);
    if (size <= 0 || size > (long long)(SIZE_MAX / 4))
        tool_die("invalid number: '%s'", text);
    return size;
}

/* The words of a comma-separated list. */
static unsigned parse_words(const char *list, const struct word *words, const char *what,
                            int *open_flags)
{
    unsigned value = 0;
    while (*list) {
        size_t n = strcspn(list, ",");
        const struct word *w = words;
        while (w->name && (strlen(w->name) != n || strncmp(w->name, list, n) != 0))
            w++;
        if (!w->name)
            tool_die("invalid %s: '%.*s'", what, (int)n, list);
        value |= w->value;
        *open_flags |= w->open_flag;
        list += n + (list[n] == ',');
    }
    return value;
}

static void parse_status(const char *value)
{
    if (strcmp(value, "none") == 0)
        opt.quiet = true;
    else if (strcmp(value, "noxfer") == 0)
        opt.no_rate = true;
    else
        tool_die("invalid status level: '%s'", value);
}

/* The value if the operand is NAME=VALUE, else NULL. */
static const char *value_of(const char *operand, const char *name)
{
    size_t n = strlen(name);
    return strncmp(operand, name, n) == 0 && operand[n] == '=' ? operand + n + 1 : NULL;
}

static void parse_operand(const char *operand)
{
    const char *v;
    int none = 0;
    if ((v = value_of(operand, "if")))
        opt.input = v;
    else if ((v = value_of(operand, "of")))
        opt.output = v;
    else if ((v = value_of(operand, "ibs")))
        opt.ibs = parse_size(v);
    else if ((v = value_of(operand, "obs")))
        opt.obs = parse_size(v);
    else if ((v = value_of(operand, "bs")))
        opt.bs = parse_size(v);
    else if ((v = value_of(operand, "count")))
        opt.count = parse_number(v);
    else if ((v = value_of(operand, "skip")) || (v = value_of(operand, "iseek")))
        opt.skip = parse_number(v);
    else if ((v = value_of(operand, "seek")) || (v = value_of(operand, "oseek")))
        opt.seek = parse_number(v);
    else if ((v = value_of(operand, "conv")))
        opt.conv |= parse_words(v, conversions, "conversion", &none);
    else if ((v = value_of(operand, "iflag")))
        opt.iflags |= parse_words(v, flags, "input flag", &opt.iopen);
    else if ((v = value_of(operand, "oflag")))
        opt.oflags |= parse_words(v, flags, "output flag", &opt.oopen);
    else if ((v = value_of(operand, "status")))
        parse_status(v);
    else
        tool_die("unrecognized operand '%s'", operand);
}

void parse_options(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        parse_operand(argv[i]);
    if (opt.bs > 0)
        opt.ibs = opt.obs = opt.bs;
    if ((opt.conv & CONV_EXCL && opt.conv & CONV_NOCREAT) ||
        (opt.conv & CONV_UCASE && opt.conv & CONV_LCASE))
        tool_die("conversions exclude each other");
}
