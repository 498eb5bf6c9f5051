/* Keys and orders of sort(1). */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sort.h"
#include "user/lib/tool.h"

struct order global_order;
int separator = -1;
bool stable;
bool unique;

static struct key *keys;
static size_t key_count;

bool order_set(struct order *o, char letter)
{
    switch (letter) {
    case 'n': o->numeric = true; break;
    case 'h': o->human = true; break;
    case 'r': o->reverse = true; break;
    case 'f': o->fold = true; break;
    case 'b': o->skip_blanks = o->end_blanks = true; break;
    case 'd': o->dictionary = true; break;
    case 'i': o->printable = true; break;
    default: return false;
    }
    o->any = true;
    return true;
}

static bool parse_position(const char **s, size_t *value)
{
    char *end;

    if (!isdigit((unsigned char)**s))
        return false;
    *value = strtoul(*s, &end, 10);
    *s = end;
    return true;
}

bool key_add(const char *s)
{
    struct key k = {.end_field = SIZE_MAX};
    struct order end = {.any = false};

    if (!parse_position(&s, &k.field) || k.field == 0)
        return false;
    k.field--;
    if (*s == '.') {
        s++;
        if (!parse_position(&s, &k.character) || k.character == 0)
            return false;
        k.character--;
    }
    while (order_set(&k.order, *s))
        s++;
    k.order.end_blanks = false;
    if (*s == ',') {
        s++;
        if (!parse_position(&s, &k.end_field) || k.end_field == 0)
            return false;
        k.end_field--;
        if (*s == '.') {
            s++;
            if (!parse_position(&s, &k.end_character))
                return false;
        }
        for (; order_set(&end, *s); s++) {
            if (*s != 'b')
                order_set(&k.order, *s);
        }
        k.order.any |= end.any;
        k.order.end_blanks = end.end_blanks;
    }
    if (*s)
        return false;
    keys = tool_realloc(keys, (key_count + 1) * sizeof(*keys));
    keys[key_count++] = k;
    return true;
}

void keys_finish(void)
{
    for (size_t i = 0; i < key_count; i++) {
        if (!keys[i].order.any)
            keys[i].order = global_order;
    }
    if (key_count == 0) {
        keys = tool_alloc(sizeof(*keys));
        keys[0] = (struct key){.end_field = SIZE_MAX, .order = global_order};
        key_count = 1;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The end of the field that starts at `at`; with blanks as separators they lead the field. */
static size_t field_end(const struct line *l, size_t at)
{
    if (separator >= 0) {
        const char *p = memchr(l->s + at, separator, l->n - at);

        return p ? (size_t)(p - l->s) : l->n;
    }
    while (at < l->n && is_blank(l->s[at]))
        at++;
    while (at < l->n && !is_blank(l->s[at]))
        at++;
    return at;
}

/* Where field number `field` starts. */
static size_t field_start(const struct line *l, size_t field)
{
    size_t at = 0;

    while (field-- > 0 && at < l->n) {
        at = field_end(l, at);
        if (separator >= 0 && at < l->n)
            at++;
        else if (separator >= 0)
            return l->n;
    }
    return at;
}

static size_t skip_blanks(const struct line *l, size_t at)
{
    while (at < l->n && is_blank(l->s[at]))
        at++;
    return at;
}

static size_t add_limited(const struct line *l, size_t at, size_t more)
{
    return more < l->n - at ? at + more : l->n;
}

/* The bytes [*from, *to) of the line that the key names. */
static void key_range(const struct key *k, const struct line *l, size_t *from, size_t *to)
{
    size_t at = field_start(l, k->field);

    if (k->order.skip_blanks)
        at = skip_blanks(l, at);
    *from = add_limited(l, at, k->character);
    *to = l->n;
    if (k->end_field != SIZE_MAX) {
        at = field_start(l, k->end_field);
        if (k->end_character == 0) {
            *to = field_end(l, at);
        } else {
            if (k->order.end_blanks)
                at = skip_blanks(l, at);
            *to = add_limited(l, at, k->end_character);
        }
    }
    if (*to < *from)
        *to = *from;
}

/* A decimal number as text: sign, digits of the integer part without leading zeros, fraction. */
struct number {
    int sign; /* 0 for zero */
    const char *digits, *fraction;
    size_t digit_count, fraction_count;
    int suffix; /* power of 1000 for -h */
};

static struct number parse_number(const char *s, const char *end)
{
    static const char suffixes[] = "KMGTPEZY";
    struct number x = {.sign = 1};
    const char *p;

    while (s < end && is_blank(*s))
        s++;
    if (s < end && *s == '-') {
        x.sign = -1;
        s++;
    }
    while (s < end && *s == '0')
        s++;
    for (x.digits = s; s < end && isdigit((unsigned char)*s); s++)
        x.digit_count++;
    x.fraction = s;
    if (s < end && *s == '.') {
        for (x.fraction = ++s; s < end && isdigit((unsigned char)*s); s++)
            x.fraction_count++;
    }
    while (x.fraction_count > 0 && x.fraction[x.fraction_count - 1] == '0')
        x.fraction_count--;
    if (x.digit_count == 0 && x.fraction_count == 0)
        x.sign = 0;
    p = s < end && *s ? strchr(suffixes, *s == 'k' ? 'K' : *s) : NULL;
    x.suffix = p ? (int)(p - suffixes) + 1 : 0;
    return x;
}

static int compare_magnitude(const struct number *x, const struct number *y)
{
    size_t common = x->fraction_count < y->fraction_count ? x->fraction_count : y->fraction_count;
    int order;

    if (x->digit_count != y->digit_count)
        return x->digit_count < y->digit_count ? -1 : 1;
    order = memcmp(x->digits, y->digits, x->digit_count);
    if (order == 0)
        order = memcmp(x->fraction, y->fraction, common);
    if (order == 0 && x->fraction_count != y->fraction_count)
        order = x->fraction_count < y->fraction_count ? -1 : 1;
    return order;
}

static int compare_numbers(const struct number *x, const struct number *y, bool human)
{
    if (x->sign != y->sign)
        return x->sign < y->sign ? -1 : 1;
    if (x->sign == 0)
        return 0;
    if (human && x->suffix != y->suffix)
        return (x->suffix < y->suffix ? -1 : 1) * x->sign;
    return compare_magnitude(x, y) * x->sign;
}

static bool ignored(const struct order *o, int c)
{
    return (o->dictionary && !isalnum(c) && !is_blank((char)c)) || (o->printable && !isprint(c));
}

static int compare_text(const struct order *o, const char *a, const char *a_end, const char *b,
                        const char *b_end)
{
    if (!o->fold && !o->dictionary && !o->printable) {
        size_t n = (size_t)(a_end - a);
        size_t m = (size_t)(b_end - b);
        int order = memcmp(a, b, n < m ? n : m);

        return order ? order : n < m ? -1 : n > m;
    }
    for (;; a++, b++) {
        int x, y;

        while (a < a_end && ignored(o, (unsigned char)*a))
            a++;
        while (b < b_end && ignored(o, (unsigned char)*b))
            b++;
        if (a == a_end || b == b_end)
            return (a < a_end) - (b < b_end);
        x = (unsigned char)*a;
        y = (unsigned char)*b;
        if (o->fold) {
            x = toupper(x);
            y = toupper(y);
        }
        if (x != y)
            return x - y;
    }
}

static int compare_key(const struct key *k, const struct line *a, const struct line *b)
{
    size_t from, to, from_b, to_b;
    int order;

    key_range(k, a, &from, &to);
    key_range(k, b, &from_b, &to_b);
    if (k->order.numeric || k->order.human) {
        struct number x = parse_number(a->s + from, a->s + to);
        struct number y = parse_number(b->s + from_b, b->s + to_b);

        order = compare_numbers(&x, &y, k->order.human);
    } else {
        order = compare_text(&k->order, a->s + from, a->s + to, b->s + from_b, b->s + to_b);
    }
    return k->order.reverse ? -order : order;
}

int line_compare(const struct line *a, const struct line *b)
{
    static const struct order plain;
    int order = 0;

    for (size_t i = 0; i < key_count && order == 0; i++)
        order = compare_key(&keys[i], a, b);
    if (order != 0 || stable || unique)
        return order;
    order = compare_text(&plain, a->s, a->s + a->n, b->s, b->s + b->n);
    return global_order.reverse ? -order : order;
}
