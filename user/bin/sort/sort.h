/* sort(1): main.c reads, sorts and writes; compare.c has keys and orders. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How text is compared. */
struct order {
    bool numeric;     /* -n */
    bool human;       /* -h: 2K < 1M */
    bool reverse;     /* -r */
    bool fold;        /* -f */
    bool skip_blanks; /* -b, at the start */
    bool end_blanks;  /* -b, at the end of a key */
    bool dictionary;  /* -d: blanks and alphanumerics only */
    bool printable;   /* -i */
    bool any;         /* some of these was given */
};

struct key {
    size_t field, character; /* counted from 0 */
    size_t end_field,
        end_character; /* SIZE_MAX: to the end of the line; character 0: field's end */
    struct order order;
};

struct line {
    char *s;
    size_t n;
};

extern struct order global_order;
extern int separator; /* -t, or -1 */
extern bool stable;   /* no last resort */
extern bool unique;

/* Add -k FIELD[.CHAR][OPTIONS][,...]; false if it is malformed. */
bool key_add(const char *text);
/* Give keys without options of their own the global ones; add the whole line if there are none. */
void keys_finish(void);
/* Set an ordering option by its letter; false if it is none. */
bool order_set(struct order *o, char letter);
/* The order of two lines, by the keys and at last as bytes. */
int line_compare(const struct line *a, const struct line *b);
