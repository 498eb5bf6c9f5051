/* ${...}: parameters and their operators. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fmt.h"
#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

static const char *positional(const char *name)
{
    long long n;

    if (!tool_number(name, 0, 1000000, &n))
        return NULL;
    if (n == 0)
        return sh.name;
    return n <= sh.params.count ? sh.params.v[n - 1] : NULL;
}

const char *param_value(const char *name, char buf[24])
{
    long long number;

    if (isdigit((unsigned char)*name))
        return positional(name);
    if (isalpha((unsigned char)*name) || *name == '_') {
        if (strcmp(name, "LINENO") != 0)
            return var_get(name);
        number = sh.line;
    } else {
        switch (*name) {
        case '?': number = sh.status; break;
        case '$': number = sh.pid; break;
        case '#': number = sh.params.count; break;
        case '-': return option_letters();
        case '!':
            if (!sh.background)
                return NULL;
            number = sh.background;
            break;
        default: return NULL;
        }
    }
    fmt_snprint(buf, 24, "%lld", number);
    return buf;
}

static bool is_list(const struct part *part)
{
    return (part->text[0] == '@' || part->text[0] == '*') && !part->text[1];
}

/*
 * $@ and $*. "$@" makes a field of each parameter (none for none); "$*" joins with the first
 * character of IFS; unquoted, each parameter is a field that is split further. Where no fields are
 * wanted, $@ joins with spaces.
 */
static void expand_list(struct expansion *e, const struct part *part, int mark, int flags)
{
    const char *ifs = var_get("IFS");
    bool at = part->text[0] == '@';
    bool fields = (flags & EXPAND_SPLIT) && (at || mark != MARK_QUOTED);
    char separator = at || !ifs ? ' ' : ifs[0];

    if (mark == MARK_QUOTED && !at)
        expansion_mark(e, MARK_EMPTY);
    for (int i = 0; i < sh.params.count; i++) {
        if (i > 0) {
            if (fields)
                expansion_mark(e, MARK_BREAK);
            else if (separator)
                expansion_add(e, &separator, 1, mark);
        }
        if (mark == MARK_QUOTED && fields)
            expansion_mark(e, MARK_EMPTY);
        expansion_add(e, sh.params.v[i], strlen(sh.params.v[i]), mark);
    }
}

/* The value of the parameter as it stands. */
static void expand_value(struct expansion *e, const struct part *part, const char *value, int mark,
                         int flags)
{
    if (is_list(part)) {
        expand_list(e, part, mark, flags);
        return;
    }
    if (mark == MARK_QUOTED)
        expansion_mark(e, MARK_EMPTY);
    expansion_add(e, value, strlen(value), mark);
}

/* ${x#p} and the like: what remains of value. */
static void expand_cut(struct expansion *e, const struct part *part, const char *value, int mark)
{
    char *pattern = expand_pattern(part->arg);
    size_t n = strlen(value);
    bool prefix = part->op == PARAM_CUT_PREFIX || part->op == PARAM_CUT_PREFIX_LONG;
    bool longest = part->op == PARAM_CUT_PREFIX_LONG || part->op == PARAM_CUT_SUFFIX_LONG;
    size_t cut = 0;

    if (!pattern) {
        e->failed = true;
        return;
    }
    for (size_t i = 0; i <= n; i++) {
        size_t length = longest ? n - i : i;
        const char *from = prefix ? value : value + n - length;

        if (pattern_match_n(pattern, from, length)) {
            cut = length;
            break;
        }
    }
    if (mark == MARK_QUOTED)
        expansion_mark(e, MARK_EMPTY);
    expansion_add(e, prefix ? value + cut : value, n - cut, mark);
}

/* The cut operators on $@ and $* work on each parameter. */
static void expand_cut_list(struct expansion *e, const struct part *part, int mark, int flags)
{
    bool fields = (flags & EXPAND_SPLIT) && (part->text[0] == '@' || mark != MARK_QUOTED);

    for (int i = 0; i < sh.params.count && !e->failed; i++) {
        if (i > 0) {
            if (fields)
                expansion_mark(e, MARK_BREAK);
            else
                expansion_add(e, " ", 1, mark);
        }
        expand_cut(e, part, sh.params.v[i], mark);
    }
}

static void expand_length(struct expansion *e, const struct part *part, const char *value, int mark)
{
    char number[24];

    fmt_snprint(number, sizeof(number), "%zu",
                is_list(part) ? (size_t)sh.params.count
                : value       ? strlen(value)
                              : 0);
    expansion_add(e, number, strlen(number), mark);
}

static void expand_assign(struct expansion *e, const struct part *part, int mark, int flags)
{
    char *text;

    if (!parse_is_name(part->text, strlen(part->text))) {
        sh_fail(2, "%s: bad variable name", part->text);
        e->failed = true;
        return;
    }
    text = expand_string(part->arg, EXPAND_TILDE | (flags & EXPAND_QUOTED));
    if (!text || !var_set(part->text, text)) {
        e->failed = true;
        return;
    }
    expand_value(e, part, text, mark, flags);
}

static void expand_error(struct expansion *e, const struct part *part)
{
    char *text = expand_string(part->arg, EXPAND_TILDE);

    e->failed = true;
    if (!text)
        return;
    if (!*text)
        text = (char *)(part->colon ? "parameter not set or null" : "parameter not set");
    sh_fail(2, "%s: %s", part->text, text);
}

/* The word of ${x-word}: unquoted text in it is split if the expansion is. */
static void expand_alternative(struct expansion *e, const struct part *part, int mark, int flags)
{
    struct expansion inner = {.failed = false};
    int inner_flags = (flags & EXPAND_QUOTED) | (flags & EXPAND_SPLIT);

    if (mark == MARK_QUOTED)
        expansion_mark(e, MARK_EMPTY);
    else
        inner_flags |= EXPAND_TILDE;
    expand_parts(&inner, part->arg, inner_flags);
    for (size_t i = 0; i < inner.bytes.len; i++) {
        int m = inner.marks.s[i];

        strbuf_char(&e->bytes, inner.bytes.s[i]);
        strbuf_char(&e->marks, m == 0 ? mark : m);
    }
    e->failed |= inner.failed;
    expansion_free(&inner);
}

static bool part_is_null(const struct part *part, const char *value)
{
    if (is_list(part)) {
        for (int i = 0; i < sh.params.count; i++) {
            if (*sh.params.v[i] || !part->colon)
                return false;
        }
        return sh.params.count < 2 || part->text[0] == '@';
    }
    return !value || (part->colon && !*value);
}

static void expand_plain(struct expansion *e, const struct part *part, const char *value, int mark,
                         int flags)
{
    if (!value && !is_list(part)) {
        if (sh.opt_nounset && part->op != PARAM_DEFAULT && part->op != PARAM_ALTERNATE) {
            sh_fail(2, "%s: parameter not set", part->text);
            e->failed = true;
            return;
        }
        value = "";
    }
    if (part->op == PARAM_LENGTH)
        expand_length(e, part, value, mark);
    else if (part->op == PARAM_PLAIN)
        expand_value(e, part, value, mark, flags);
    else if (is_list(part))
        expand_cut_list(e, part, mark, flags);
    else
        expand_cut(e, part, value, mark);
}

void expand_param(struct expansion *e, const struct part *part, int flags)
{
    char buf[24];
    const char *value = param_value(part->text, buf);
    bool null = part_is_null(part, value);
    int mark = flags & EXPAND_SPLIT ? MARK_SPLIT : 0;

    if (part->quoted || (flags & EXPAND_QUOTED))
        mark = MARK_QUOTED;
    switch (part->op) {
    case PARAM_DEFAULT:
        if (null)
            expand_alternative(e, part, mark, flags);
        else
            expand_value(e, part, value, mark, flags);
        break;
    case PARAM_ALTERNATE:
        if (!null)
            expand_alternative(e, part, mark, flags);
        else if (mark == MARK_QUOTED)
            expansion_mark(e, MARK_EMPTY);
        break;
    case PARAM_ASSIGN:
        if (null)
            expand_assign(e, part, mark, flags);
        else
            expand_value(e, part, value, mark, flags);
        break;
    case PARAM_ERROR:
        if (null)
            expand_error(e, part);
        else
            expand_value(e, part, value, mark, flags);
        break;
    case PARAM_BAD:
        sh_fail(2, "Bad substitution");
        e->failed = true;
        break;
    default: expand_plain(e, part, value, mark, flags); break;
    }
}
