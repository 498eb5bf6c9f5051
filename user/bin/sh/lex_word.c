/* Words: quoting, parameters, substitutions. */
#include <ctype.h>
#include <string.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

/* What ends the text being read, and what is special in it. */
enum mode {
    MODE_WORD,         /* an unquoted blank or operator */
    MODE_DOUBLE,       /* the closing double quote */
    MODE_BRACE,        /* the } of an unquoted ${x-...}, or of any ${x#...} */
    MODE_BRACE_DOUBLE, /* the } of a ${x-...} inside double quotes */
    MODE_ARITH,        /* the )) of $((...)) */
    MODE_HERE,         /* the end of the text */
};

struct builder {
    struct part *first;
    struct part **tail;
    struct strbuf text; /* a TEXT part being collected */
    bool collecting;
    bool text_quoted;
    bool any_quoted;
    int parens; /* MODE_ARITH */
};

static void lex_text(struct parser *p, struct builder *b, enum mode mode);

static struct part *builder_link(struct parser *p, struct builder *b, enum part_kind kind,
                                 bool quoted)
{
    struct part *part = arena_alloc(p->arena, sizeof(*part));

    part->kind = kind;
    part->quoted = quoted;
    *b->tail = part;
    b->tail = &part->next;
    return part;
}

/* Turn the text collected so far into a part. */
static void builder_flush(struct parser *p, struct builder *b)
{
    if (!b->collecting)
        return;
    b->collecting = false;
    builder_link(p, b, PART_TEXT, b->text_quoted)->text =
        arena_strndup(p->arena, b->text.s ? b->text.s : "", b->text.len);
    b->text.len = 0;
}

static struct part *builder_part(struct parser *p, struct builder *b, enum part_kind kind,
                                 bool quoted)
{
    builder_flush(p, b);
    return builder_link(p, b, kind, quoted);
}

/* Add a character to the text, or with SOURCE_EOF only make sure that a text part exists. */
static void builder_char(struct parser *p, struct builder *b, int c, bool quoted)
{
    if (b->text_quoted != quoted)
        builder_flush(p, b);
    b->collecting = true;
    b->text_quoted = quoted;
    if (c != SOURCE_EOF)
        strbuf_char(&b->text, c);
}

static struct word *builder_finish(struct parser *p, struct builder *b)
{
    struct word *w = arena_alloc(p->arena, sizeof(*w));

    builder_flush(p, b);
    strbuf_free(&b->text);
    w->parts = b->first;
    w->quoted = b->any_quoted;
    if (w->parts && !w->parts->next && w->parts->kind == PART_TEXT && !w->quoted)
        w->literal = w->parts->text;
    return w;
}

static struct word *lex_sub_word(struct parser *p, enum mode mode)
{
    struct builder b = {.tail = &b.first};

    if (parse_enter(p)) {
        lex_text(p, &b, mode);
        parse_leave(p);
    }
    return builder_finish(p, &b);
}

static bool mode_is_quoted(enum mode mode)
{
    return mode != MODE_WORD && mode != MODE_BRACE;
}

static void lex_single_quotes(struct parser *p, struct builder *b)
{
    int c;

    b->any_quoted = true;
    builder_char(p, b, SOURCE_EOF, true);
    while ((c = lex_raw_getc(p)) != '\'') {
        if (c == SOURCE_EOF) {
            parse_error(p, "Unterminated quoted string");
            return;
        }
        builder_char(p, b, c, true);
    }
}

/* $'...': backslash escapes as in C. */
static void lex_dollar_quotes(struct parser *p, struct builder *b)
{
    struct strbuf raw = {0};
    const char *s;
    int c;

    b->any_quoted = true;
    builder_char(p, b, SOURCE_EOF, true);
    while ((c = lex_raw_getc(p)) != '\'' && c != SOURCE_EOF) {
        strbuf_char(&raw, c);
        if (c == '\\') {
            c = lex_raw_getc(p);
            if (c == SOURCE_EOF)
                break;
            strbuf_char(&raw, c);
        }
    }
    if (c == SOURCE_EOF)
        parse_error(p, "Unterminated quoted string");
    for (s = strbuf_get(&raw); *s;) {
        c = (unsigned char)*s++;
        if (c == '\\' && (*s == '\'' || *s == '"' || *s == '?')) {
            c = *s++;
        } else if (c == '\\') {
            c = tool_escape(&s, false);
            if (c < 0)
                c = '\\';
        }
        if (c)
            builder_char(p, b, c, true);
    }
    strbuf_free(&raw);
}

static void lex_double_quotes(struct parser *p, struct builder *b)
{
    struct part **before = b->tail;
    bool was_collecting = b->collecting && b->text_quoted;

    b->any_quoted = true;
    lex_text(p, b, MODE_DOUBLE);
    if (b->tail == before && !was_collecting && !(b->collecting && b->text_quoted))
        builder_char(p, b, SOURCE_EOF, true);
}

static void lex_backslash(struct parser *p, struct builder *b, enum mode mode)
{
    static const char *const escapable[] = {
        [MODE_DOUBLE] = "$`\"\\",
        [MODE_BRACE_DOUBLE] = "$`\"\\}",
        [MODE_ARITH] = "$`\"\\",
        [MODE_HERE] = "$`\\",
    };
    int c = lex_raw_getc(p);

    if (c == SOURCE_EOF) {
        builder_char(p, b, '\\', mode_is_quoted(mode));
        return;
    }
    if (mode_is_quoted(mode)) {
        if (!strchr(escapable[mode], c))
            builder_char(p, b, '\\', true);
    } else {
        b->any_quoted = true;
    }
    builder_char(p, b, c, true);
}

/* $(...): the text up to the matching parenthesis is parsed at once. */
static void lex_command(struct parser *p, struct builder *b, bool quoted)
{
    struct part *part = builder_part(p, b, PART_COMMAND, quoted);

    if (!parse_enter(p))
        return;
    p->have_token = false;
    part->command = parse_list(p, true);
    if (lex_peek(p) != TOKEN_RPAREN)
        parse_unexpected(p, ")");
    lex_consume(p);
    parse_leave(p);
}

/* Parse text that was extracted from the program: a command list, or a here-document's word. */
static void lex_nested(struct parser *p, struct parser *inner, struct source *src, const char *text,
                       size_t length)
{
    source_init_string(src, text, length);
    src->number = p->src->number;
    *inner = (struct parser){.src = src, .arena = p->arena, .depth = p->depth};
}

static void lex_backquotes(struct parser *p, struct builder *b, enum mode mode)
{
    struct part *part = builder_part(p, b, PART_COMMAND, mode_is_quoted(mode));
    struct strbuf text = {0};
    struct parser inner;
    struct source src;
    int c;

    while ((c = lex_getc(p)) != '`' && c != SOURCE_EOF) {
        if (c == '\\') {
            c = lex_raw_getc(p);
            if (c == SOURCE_EOF)
                break;
            if (c != '\\' && c != '$' && c != '`' && !(c == '"' && mode == MODE_DOUBLE))
                strbuf_char(&text, '\\');
        }
        strbuf_char(&text, c);
    }
    if (c == SOURCE_EOF) {
        parse_error(p, "EOF in backquote substitution");
    } else if (parse_enter(p)) {
        lex_nested(p, &inner, &src, strbuf_get(&text), text.len);
        part->command = parse_list(&inner, true);
        if (lex_peek(&inner) != TOKEN_EOF)
            parse_unexpected(&inner, NULL);
        p->error |= inner.error;
        parse_leave(p);
    }
    strbuf_free(&text);
}

struct word *lex_here_text(struct parser *p, const char *text, size_t length)
{
    struct parser inner;
    struct source src;
    struct word *w;

    lex_nested(p, &inner, &src, text, length);
    w = lex_sub_word(&inner, MODE_HERE);
    p->error |= inner.error;
    return w;
}

/* The parameter's name behind "$" or "${": up to `brace` several digits. False if there is none. */
static bool lex_param_name(struct parser *p, struct strbuf *name, bool brace)
{
    int c = lex_getc(p);

    if (c != SOURCE_EOF && (isalpha(c) || c == '_')) {
        do {
            strbuf_char(name, c);
            c = lex_getc(p);
        } while (c != SOURCE_EOF && (isalnum(c) || c == '_'));
        lex_ungetc(p, c);
        return true;
    }
    if (c != SOURCE_EOF && isdigit(c)) {
        do {
            strbuf_char(name, c);
            c = lex_getc(p);
        } while (brace && c != SOURCE_EOF && isdigit(c));
        lex_ungetc(p, c);
        return true;
    }
    if (c != SOURCE_EOF && c && strchr("@*#?-$!", c)) {
        strbuf_char(name, c);
        return true;
    }
    lex_ungetc(p, c);
    return false;
}

/* The operator behind the name in ${name...}; PARAM_PLAIN when the } was read. */
static enum param_op lex_param_op(struct parser *p, bool *colon)
{
    int c = lex_getc(p);
    int next;

    *colon = c == ':';
    if (*colon)
        c = lex_getc(p);
    switch (c) {
    case '-': return PARAM_DEFAULT;
    case '=': return PARAM_ASSIGN;
    case '?': return PARAM_ERROR;
    case '+': return PARAM_ALTERNATE;
    case '}':
        if (!*colon)
            return PARAM_PLAIN;
        break;
    case '#':
    case '%':
        if (*colon)
            break;
        next = lex_getc(p);
        if (next == c)
            return c == '#' ? PARAM_CUT_PREFIX_LONG : PARAM_CUT_SUFFIX_LONG;
        lex_ungetc(p, next);
        return c == '#' ? PARAM_CUT_PREFIX : PARAM_CUT_SUFFIX;
    default: break;
    }
    lex_ungetc(p, c);
    return PARAM_BAD;
}

/* ${...}, with the brace consumed. */
static void lex_braced(struct parser *p, struct builder *b, enum mode mode)
{
    struct part *part = builder_part(p, b, PART_PARAM, mode_is_quoted(mode));
    struct strbuf name = {0};
    bool cut;
    int c = lex_getc(p);

    if (c == '#') {
        c = lex_getc(p);
        lex_ungetc(p, c);
        if (c == '}')
            strbuf_char(&name, '#');
        else
            part->op = lex_param_name(p, &name, true) ? PARAM_LENGTH : PARAM_BAD;
    } else {
        lex_ungetc(p, c);
        if (!lex_param_name(p, &name, true))
            part->op = PARAM_BAD;
    }
    part->text = arena_strdup(p->arena, strbuf_get(&name));
    strbuf_free(&name);
    if (part->op == PARAM_LENGTH) {
        c = lex_getc(p);
        if (c == '}')
            return;
        lex_ungetc(p, c);
        part->op = PARAM_BAD;
    }
    if (part->op != PARAM_BAD)
        part->op = lex_param_op(p, &part->colon);
    if (part->op == PARAM_PLAIN)
        return;
    cut = part->op >= PARAM_CUT_PREFIX && part->op <= PARAM_CUT_SUFFIX_LONG;
    part->arg = lex_sub_word(p, mode_is_quoted(mode) && !cut ? MODE_BRACE_DOUBLE : MODE_BRACE);
}

static void lex_dollar(struct parser *p, struct builder *b, enum mode mode)
{
    bool quoted = mode_is_quoted(mode);
    struct strbuf name = {0};
    struct part *part;
    int c = lex_getc(p);

    if (c == '(') {
        c = lex_getc(p);
        if (c == '(') {
            part = builder_part(p, b, PART_ARITH, quoted);
            part->arg = lex_sub_word(p, MODE_ARITH);
            return;
        }
        lex_ungetc(p, c);
        lex_command(p, b, quoted);
        return;
    }
    if (c == '{') {
        lex_braced(p, b, mode);
        return;
    }
    if (c == '\'' && !quoted) {
        lex_dollar_quotes(p, b);
        return;
    }
    lex_ungetc(p, c);
    if (lex_param_name(p, &name, false)) {
        part = builder_part(p, b, PART_PARAM, quoted);
        part->text = arena_strdup(p->arena, strbuf_get(&name));
    } else {
        builder_char(p, b, '$', quoted);
    }
    strbuf_free(&name);
}

/* Does c end the text of this mode? Reports a missing end. */
static bool lex_text_ends(struct parser *p, struct builder *b, enum mode mode, int c)
{
    static const char *const missing[] = {
        [MODE_DOUBLE] = "Unterminated quoted string",
        [MODE_BRACE] = "Missing '}'",
        [MODE_BRACE_DOUBLE] = "Missing '}'",
        [MODE_ARITH] = "Missing '))'",
    };

    if (c == SOURCE_EOF) {
        if (mode != MODE_WORD && mode != MODE_HERE)
            parse_error(p, "%s", missing[mode]);
        return true;
    }
    switch (mode) {
    case MODE_WORD:
        if (!strchr(" \t\n;&|<>()", c))
            return false;
        lex_ungetc(p, c);
        return true;
    case MODE_DOUBLE: return c == '"';
    case MODE_BRACE:
    case MODE_BRACE_DOUBLE: return c == '}';
    case MODE_ARITH:
        if (c == '(')
            b->parens++;
        if (c != ')' || b->parens-- > 0)
            return false;
        if (lex_getc(p) != ')')
            parse_error(p, "%s", missing[mode]);
        return true;
    default: return false;
    }
}

static void lex_text(struct parser *p, struct builder *b, enum mode mode)
{
    bool quoted = mode_is_quoted(mode);
    int c;

    while (c = lex_getc(p), !lex_text_ends(p, b, mode, c)) {
        switch (c) {
        case '\\': lex_backslash(p, b, mode); break;
        case '$': lex_dollar(p, b, mode); break;
        case '`': lex_backquotes(p, b, mode); break;
        case '\'':
            if (quoted)
                builder_char(p, b, c, true);
            else
                lex_single_quotes(p, b);
            break;
        case '"':
            if (mode == MODE_HERE)
                builder_char(p, b, c, true);
            else if (mode != MODE_ARITH)
                lex_double_quotes(p, b);
            break;
        default: builder_char(p, b, c, quoted); break;
        }
    }
}

struct word *lex_word(struct parser *p)
{
    struct builder b = {.tail = &b.first};

    lex_text(p, &b, MODE_WORD);
    return builder_finish(p, &b);
}
