/* tr(1): -c -C complement, -d delete, -s squeeze, -t truncate. Sets know ranges, [:class:], [x*n].
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char usage[] = "[-cdst] SET1 [SET2]";

enum { BYTES = 256, SET_MAX = 4096 };

struct set {
    unsigned char v[SET_MAX];
    size_t n;
    size_t fill_at; /* where [x*] is to be stretched */
    int fill;       /* its character, or -1 */
};

static void set_add(struct set *set, int c)
{
    if (set->n == SET_MAX)
        tool_die("set too long");
    set->v[set->n++] = (unsigned char)c;
}

static int set_char(const char **s)
{
    int c = (unsigned char)*(*s)++;

    if (c == '\\' && **s) {
        c = tool_escape(s, false);
        if (c < 0)
            c = (unsigned char)*(*s)++;
    }
    return c;
}

/* [:name:] at s (behind the "[:"); false if it is none. */
static bool set_class(struct set *set, const char **s)
{
    const char *end = strstr(*s, ":]");
    tool_class_fn *test;

    if (!end)
        return false;
    test = tool_class(*s, (size_t)(end - *s));
    if (!test)
        tool_die("invalid character class '%.*s'", (int)(end - *s), *s);
    for (int c = 0; c < BYTES; c++) {
        if (test(c))
            set_add(set, c);
    }
    *s = end + 2;
    return true;
}

/* [c*n] or [c*] at s (behind the "["). */
static bool set_repeat(struct set *set, const char **s)
{
    const char *p = *s;
    unsigned long count;
    char *end;
    int c;

    if (!*p)
        return false;
    c = set_char(&p);
    if (*p != '*')
        return false;
    count = strtoul(p + 1, &end, p[1] == '0' ? 8 : 10);
    if (*end != ']')
        return false;
    *s = end + 1;
    if (count == 0) {
        set->fill = c;
        set->fill_at = set->n;
    }
    for (; count > 0; count--)
        set_add(set, c);
    return true;
}

static void set_parse(struct set *set, const char *s)
{
    set->n = 0;
    set->fill = -1;
    while (*s) {
        int low, high;

        if (*s == '[' && s[1] == ':') {
            const char *p = s + 2;

            if (set_class(set, &p)) {
                s = p;
                continue;
            }
        }
        if (*s == '[' && s[1] == '=' && s[2] && s[3] == '=' && s[4] == ']') {
            set_add(set, (unsigned char)s[2]);
            s += 5;
            continue;
        }
        if (*s == '[') {
            const char *p = s + 1;

            if (set_repeat(set, &p)) {
                s = p;
                continue;
            }
        }
        low = high = set_char(&s);
        if (*s == '-' && s[1]) {
            s++;
            high = set_char(&s);
            if (high < low)
                tool_die("range-endpoints of '%c-%c' are in reverse collating sequence order", low,
                         high);
        }
        for (int c = low; c <= high; c++)
            set_add(set, c);
    }
}

static void set_complement(struct set *set)
{
    bool in[BYTES] = {false};

    for (size_t i = 0; i < set->n; i++)
        in[set->v[i]] = true;
    set->n = 0;
    for (int c = 0; c < BYTES; c++) {
        if (!in[c])
            set_add(set, c);
    }
}

/* Make the second set as long as the first: at its [x*], else by repeating its last character. */
static void set_stretch(struct set *set, size_t n)
{
    if (set->fill >= 0 && set->n < n) {
        size_t more = n - set->n;

        memmove(set->v + set->fill_at + more, set->v + set->fill_at, set->n - set->fill_at);
        memset(set->v + set->fill_at, set->fill, more);
        set->n = n;
    }
    while (set->n > 0 && set->n < n)
        set_add(set, set->v[set->n - 1]);
}

static void translate(const unsigned char *map, const bool *drop, const bool *squeeze)
{
    struct reader r;
    int last = -1;
    char *s;
    size_t n;

    reader_init(&r, STDIN_FILENO);
    while (!out_failed() && reader_chunk(&r, &s, &n)) {
        for (size_t i = 0; i < n; i++) {
            int c = (unsigned char)s[i];

            if (drop[c])
                continue;
            c = map[c];
            if (squeeze[c] && c == last)
                continue;
            last = c;
            out_char(c);
        }
        out_flush();
    }
    reader_free(&r);
    tool_exit(r.failed ? 1 : 0);
}

int main(int argc, char **argv)
{
    static struct set first, second;
    bool complement = false, delete = false, squeeze = false, truncate = false;
    unsigned char map[BYTES];
    bool drop[BYTES] = {false};
    bool squeezed[BYTES] = {false};
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "+cCdst")) != -1) {
        if (c == '?')
            tool_usage(usage);
        complement |= c == 'c' || c == 'C';
        delete |= c == 'd';
        squeeze |= c == 's';
        truncate |= c == 't';
    }
    argc -= tool_index;
    argv += tool_index;
    if (argc < 1)
        tool_die("missing operand");
    if (argc == 1 && ((!delete &&!squeeze) || (delete &&squeeze)))
        tool_die("missing operand after '%s'", argv[0]);
    if (argc > 2 || (argc == 2 && delete &&!squeeze))
        tool_die("extra operand '%s'", argv[argc > 2 ? 2 : 1]);
    set_parse(&first, argv[0]);
    if (complement)
        set_complement(&first);
    if (argc == 2)
        set_parse(&second, argv[1]);
    for (int i = 0; i < BYTES; i++)
        map[i] = (unsigned char)i;
    if (delete) {
        for (size_t i = 0; i < first.n; i++)
            drop[first.v[i]] = true;
    } else if (argc == 2) {
        if (second.n == 0 && second.fill < 0 && !truncate)
            tool_die("when not truncating set1, string2 must be non-empty");
        if (!truncate)
            set_stretch(&second, first.n);
        for (size_t i = 0; i < first.n && i < second.n; i++)
            map[first.v[i]] = second.v[i];
    }
    if (squeeze) {
        const struct set *set = argc == 2 ? &second : &first;

        for (size_t i = 0; i < set->n; i++)
            squeezed[set->v[i]] = true;
    }
    translate(map, drop, squeezed);
}
