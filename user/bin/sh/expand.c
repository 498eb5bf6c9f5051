/* Word expansion up to field splitting: tilde, parameters, substitutions, quote removal. */
#include <string.h>

#include "lib/fmt.h"
#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

void expansion_add(struct expansion *e, const char *s, size_t n, int mark)
{
    strbuf_write(&e->bytes, s, n);
    strbuf_fill(&e->marks, mark, n);
}

void expansion_mark(struct expansion *e, int mark)
{
    strbuf_char(&e->bytes, 0);
    strbuf_char(&e->marks, mark);
}

void expansion_free(struct expansion *e)
{
    strbuf_free(&e->bytes);
    strbuf_free(&e->marks);
}

void strlist_add(struct strlist *l, char *s)
{
    if (l->count + 1 >= l->cap) {
        int cap = l->cap ? l->cap * 2 : 8;
        char **v = arena_alloc(sh.temp, (size_t)cap * sizeof(*v));

        if (l->count > 0)
            memcpy(v, l->v, (size_t)l->count * sizeof(*v));
        l->v = v;
        l->cap = cap;
    }
    l->v[l->count++] = s;
    l->v[l->count] = NULL;
}

/*
 * Expand a tilde prefix at s (the text up to a '/', or a ':' in assignments). Only ~ itself is
 * known (HOME), there being no user database. Returns the length of the prefix, 0 when nothing was
 * done.
 */
static size_t expand_tilde(struct expansion *e, const char *s, bool last, int flags)
{
    const char *home = var_get("HOME");
    bool ends = s[1] == '/' || (s[1] == '\0' && last) || (s[1] == ':' && (flags & EXPAND_ASSIGN));

    if (*s != '~' || !ends || !home)
        return 0;
    expansion_add(e, home, strlen(home), MARK_QUOTED);
    if (!*home)
        expansion_mark(e, MARK_EMPTY);
    return 1;
}

static void expand_text(struct expansion *e, const struct word *w, const struct part *part,
                        int flags)
{
    const char *s = part->text;
    int mark = part->quoted || (flags & EXPAND_QUOTED) ? MARK_QUOTED : 0;
    bool tilde = !mark && (flags & EXPAND_TILDE) && part == w->parts;

    if (part->quoted && !*s)
        expansion_mark(e, MARK_EMPTY);
    while (*s) {
        size_t n;

        if (tilde)
            s += expand_tilde(e, s, !part->next, flags);
        n = strlen(s);
        tilde = false;
        if (!mark && (flags & EXPAND_TILDE) && (flags & EXPAND_ASSIGN) && strchr(s, ':')) {
            n = strcspn(s, ":") + 1;
            tilde = true;
        }
        expansion_add(e, s, n, mark);
        s += n;
    }
}

static int result_mark(const struct part *part, int flags)
{
    if (part->quoted || (flags & EXPAND_QUOTED))
        return MARK_QUOTED;
    return flags & EXPAND_SPLIT ? MARK_SPLIT : 0;
}

/* The output of a command without its trailing newlines. */
static void expand_command(struct expansion *e, const struct part *part, int flags)
{
    struct strbuf text = {0};
    int mark = result_mark(part, flags);

    if (!exec_capture(part->command, &text)) {
        e->failed = true;
    } else {
        while (text.len > 0 && text.s[text.len - 1] == '\n')
            text.len--;
        if (mark == MARK_QUOTED)
            expansion_mark(e, MARK_EMPTY);
        expansion_add(e, text.s, text.len, mark);
    }
    strbuf_free(&text);
}

static void expand_arith(struct expansion *e, const struct part *part, int flags)
{
    char *text = expand_string(part->arg, EXPAND_QUOTED);
    char number[24];
    intmax_t value;

    if (!text || !arith_eval(text, &value)) {
        e->failed = true;
        return;
    }
    fmt_snprint(number, sizeof(number), "%jd", value);
    expansion_add(e, number, strlen(number), result_mark(part, flags));
}

void expand_parts(struct expansion *e, const struct word *w, int flags)
{
    for (const struct part *part = w->parts; part && !e->failed; part = part->next) {
        switch (part->kind) {
        case PART_TEXT: expand_text(e, w, part, flags); break;
        case PART_PARAM: expand_param(e, part, flags); break;
        case PART_COMMAND: expand_command(e, part, flags); break;
        case PART_ARITH: expand_arith(e, part, flags); break;
        }
    }
}

bool expand_words(const struct word *words, struct strlist *out)
{
    for (const struct word *w = words; w; w = w->next) {
        struct expansion e = {.failed = false};

        if (w->literal && w->literal[0] != '~' && !pattern_is_special(w->literal)) {
            strlist_add(out, w->literal);
            continue;
        }
        expand_parts(&e, w, EXPAND_SPLIT | EXPAND_TILDE);
        if (!e.failed)
            split_fields(&e, out);
        expansion_free(&e);
        if (e.failed)
            return false;
    }
    return true;
}

char *expand_string(const struct word *w, int flags)
{
    struct expansion e = {.failed = false};
    char *result = NULL;
    size_t n = 0;

    expand_parts(&e, w, flags);
    if (!e.failed) {
        result = arena_alloc(sh.temp, e.bytes.len + 1);
        for (size_t i = 0; i < e.bytes.len; i++) {
            if (!(e.marks.s[i] & (MARK_EMPTY | MARK_BREAK)))
                result[n++] = e.bytes.s[i];
        }
    }
    expansion_free(&e);
    return result;
}

char *expansion_pattern(const struct expansion *e, size_t from, size_t to)
{
    char *result = arena_alloc(sh.temp, (to - from) * 2 + 1);
    size_t n = 0;

    for (size_t i = from; i < to; i++) {
        if (e->marks.s[i] & (MARK_EMPTY | MARK_BREAK))
            continue;
        if ((e->marks.s[i] & MARK_QUOTED) && strchr("*?[]\\!-^", e->bytes.s[i]))
            result[n++] = '\\';
        result[n++] = e->bytes.s[i];
    }
    return result;
}

char *expand_pattern(const struct word *w)
{
    struct expansion e = {.failed = false};
    char *result = NULL;

    expand_parts(&e, w, EXPAND_TILDE);
    if (!e.failed)
        result = expansion_pattern(&e, 0, e.bytes.len);
    expansion_free(&e);
    return result;
}
