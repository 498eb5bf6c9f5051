/* Field splitting. */
#include <string.h>

#include "user/bin/sh/sh.h"

/* The field being collected: bytes [from, to) of the expansion, and whether it exists at all. */
struct field {
    size_t from;
    bool exists;
};

static void field_end(struct expansion *e, struct field *f, size_t to, struct strlist *out)
{
    char *pattern;

    if (!f->exists)
        return;
    f->exists = false;
    pattern = expansion_pattern(e, f->from, to);
    if (!sh.opt_noglob && pattern_is_special(pattern) && glob_expand(pattern, out) > 0)
        return;
    /* No match: the text as it stands, which is not the pattern without its backslashes. */
    char *text = arena_alloc(sh.temp, to - f->from + 1);
    size_t n = 0;

    for (size_t i = f->from; i < to; i++) {
        if (!(e->marks.s[i] & (MARK_EMPTY | MARK_BREAK)))
            text[n++] = e->bytes.s[i];
    }
    strlist_add(out, text);
}

static bool is_ifs(const char *ifs, const struct expansion *e, size_t i)
{
    return e->marks.s[i] == MARK_SPLIT && strchr(ifs, e->bytes.s[i]);
}

static bool is_ifs_blank(const char *ifs, const struct expansion *e, size_t i)
{
    return is_ifs(ifs, e, i) && strchr(" \t\n", e->bytes.s[i]);
}

/*
 * A delimiter is a run of IFS white space with at most one other IFS character in it. White space
 * alone does not make an empty field; another IFS character ends a field even when it is empty.
 */
void split_fields(struct expansion *e, struct strlist *out)
{
    const char *ifs = var_get("IFS");
    struct field f = {0, false};
    size_t n = e->bytes.len;
    size_t i = 0;

    if (!ifs)
        ifs = " \t\n";
    while (i < n) {
        if (e->marks.s[i] & MARK_BREAK) {
            field_end(e, &f, i, out);
            i++;
            continue;
        }
        if (!is_ifs(ifs, e, i)) {
            if (!f.exists)
                f.from = i;
            f.exists = true;
            i++;
            continue;
        }
        size_t end = i;

        while (i < n && is_ifs_blank(ifs, e, i))
            i++;
        if (i < n && is_ifs(ifs, e, i)) {
            if (!f.exists)
                f.from = end;
            f.exists = true;
            i++;
            while (i < n && is_ifs_blank(ifs, e, i))
                i++;
        }
        field_end(e, &f, end, out);
    }
    field_end(e, &f, n, out);
}
