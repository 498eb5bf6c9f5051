/* The grammar: lists, pipelines, simple commands, redirections. parse_compound.c has the rest. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fmt.h"
#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

void parse_error(struct parser *p, const char *format, ...)
{
    char text[160];
    va_list args;

    if (p->error)
        return;
    p->error = true;
    if (p->src->interrupted)
        return;
    va_start(args, format);
    fmt_vsnprint(text, sizeof(text), format, args);
    va_end(args);
    sh.line = p->src->number;
    sh_warn("Syntax error: %s", text);
}

static const char *token_text(const struct parser *p)
{
    static const char *const names[] = {
        [TOKEN_EOF] = "end of file",  [TOKEN_NEWLINE] = "newline",   [TOKEN_WORD] = "word",
        [TOKEN_IO_NUMBER] = "number", [TOKEN_SEMI] = "\";\"",        [TOKEN_DSEMI] = "\";;\"",
        [TOKEN_AMP] = "\"&\"",        [TOKEN_AND] = "\"&&\"",        [TOKEN_OR] = "\"||\"",
        [TOKEN_PIPE] = "\"|\"",       [TOKEN_LPAREN] = "\"(\"",      [TOKEN_RPAREN] = "\")\"",
        [TOKEN_LESS] = "redirection", [TOKEN_GREAT] = "redirection",
    };

    return p->token <= TOKEN_GREAT ? names[p->token] : names[TOKEN_GREAT];
}

void parse_unexpected(struct parser *p, const char *expecting)
{
    const char *tail = expecting ? " (expecting \"" : "";
    const char *end = expecting ? "\")" : "";

    lex_peek(p);
    if (!expecting)
        expecting = "";
    if (p->token == TOKEN_WORD && p->word->literal)
        parse_error(p, "\"%s\" unexpected%s%s%s", p->word->literal, tail, expecting, end);
    else
        parse_error(p, "%s unexpected%s%s%s", token_text(p), tail, expecting, end);
}

bool parse_enter(struct parser *p)
{
    if (++p->depth > PARSE_DEPTH_MAX)
        parse_error(p, "nested too deeply");
    return !p->error;
}

void parse_leave(struct parser *p)
{
    p->depth--;
}

struct node *parse_node(struct parser *p, enum node_kind kind)
{
    struct node *n = arena_alloc(p->arena, sizeof(*n));

    n->kind = kind;
    n->line = p->token_line;
    return n;
}

bool parse_at_word(struct parser *p, const char *text)
{
    return lex_peek(p) == TOKEN_WORD && p->word->literal && strcmp(p->word->literal, text) == 0;
}

void parse_newlines(struct parser *p)
{
    while (lex_peek(p) == TOKEN_NEWLINE)
        lex_consume(p);
}

bool parse_is_name(const char *s, size_t n)
{
    if (n == 0 || isdigit((unsigned char)*s))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!isalnum((unsigned char)s[i]) && s[i] != '_')
            return false;
    }
    return true;
}

/* If the word is name=value, an assignment; its first part is text that is cut behind the '='. */
static struct assign *parse_assign(struct parser *p, struct word *w)
{
    struct part *part = w->parts;
    struct assign *a;
    struct word *value;
    char *equals;

    if (!part || part->kind != PART_TEXT || part->quoted)
        return NULL;
    equals = strchr(part->text, '=');
    if (!equals || !parse_is_name(part->text, (size_t)(equals - part->text)))
        return NULL;
    a = arena_alloc(p->arena, sizeof(*a));
    value = arena_alloc(p->arena, sizeof(*value));
    a->name = arena_strndup(p->arena, part->text, (size_t)(equals - part->text));
    a->value = value;
    value->quoted = w->quoted;
    value->parts = part->next;
    if (equals[1]) {
        value->parts = arena_alloc(p->arena, sizeof(*part));
        *value->parts = *part;
        value->parts->text = equals + 1;
    }
    return a;
}

/* The delimiter of a here-document is the word with its quotes removed and nothing expanded. */
static bool parse_here_doc(struct parser *p, struct redir *r, bool strip_tabs)
{
    struct here_doc *doc = arena_alloc(p->arena, sizeof(*doc));
    struct here_doc **end = &p->pending;
    struct strbuf text = {0};

    for (struct part *part = p->word->parts; part; part = part->next) {
        if (part->kind == PART_PARAM && part->op == PARAM_PLAIN)
            strbuf_char(&text, '$');
        if (part->text)
            strbuf_str(&text, part->text);
    }
    doc->redir = r;
    doc->delimiter = arena_strdup(p->arena, strbuf_get(&text));
    doc->strip_tabs = strip_tabs;
    doc->quoted = p->word->quoted;
    strbuf_free(&text);
    while (*end)
        end = &(*end)->next;
    *end = doc;
    return true;
}

bool parse_redirection(struct parser *p, struct redir ***tail)
{
    static const enum redir_op ops[] = {
        [TOKEN_LESS] = REDIR_READ,           [TOKEN_GREAT] = REDIR_WRITE,
        [TOKEN_DGREAT] = REDIR_APPEND,       [TOKEN_CLOBBER] = REDIR_CLOBBER,
        [TOKEN_LESSGREAT] = REDIR_READWRITE, [TOKEN_LESSAND] = REDIR_DUP,
        [TOKEN_GREATAND] = REDIR_DUP,        [TOKEN_DLESS] = REDIR_HERE,
        [TOKEN_DLESSDASH] = REDIR_HERE,
    };
    enum token t = lex_peek(p);
    struct redir *r;
    int fd = -1;

    if (t == TOKEN_IO_NUMBER) {
        fd = p->io_number;
        lex_consume(p);
        t = lex_peek(p);
    }
    if (t < TOKEN_LESS)
        return false;
    r = arena_alloc(p->arena, sizeof(*r));
    r->op = ops[t];
    r->fd = fd;
    if (fd < 0)
        r->fd = t == TOKEN_GREAT || t == TOKEN_DGREAT || t == TOKEN_CLOBBER || t == TOKEN_GREATAND;
    lex_consume(p);
    if (lex_peek(p) != TOKEN_WORD) {
        parse_unexpected(p, NULL);
        return false;
    }
    r->target = p->word;
    if (r->op == REDIR_HERE)
        parse_here_doc(p, r, t == TOKEN_DLESSDASH);
    lex_consume(p);
    **tail = r;
    *tail = &r->next;
    return true;
}

static struct node *parse_simple(struct parser *p)
{
    struct node *n = parse_node(p, NODE_SIMPLE);
    struct assign **assigns = &n->assigns;
    struct redir **redirs = &n->redirs;
    struct word **words = &n->words;
    bool any = false;

    for (;; any = true) {
        struct assign *a = NULL;

        if (parse_redirection(p, &redirs))
            continue;
        if (lex_peek(p) == TOKEN_LPAREN && n->words && !n->words->next && n->words->literal &&
            !n->assigns && !n->redirs)
            return parse_function(p, n->words->literal);
        if (lex_peek(p) != TOKEN_WORD)
            break;
        if (!n->words)
            a = parse_assign(p, p->word);
        if (a) {
            *assigns = a;
            assigns = &a->next;
        } else {
            *words = p->word;
            words = &p->word->next;
        }
        lex_consume(p);
    }
    if (!any)
        parse_unexpected(p, NULL);
    return n;
}

static struct node *parse_one(struct parser *p)
{
    struct node *n;

    if (!parse_enter(p))
        return NULL;
    n = parse_compound(p);
    if (n) {
        struct redir **redirs = &n->redirs;

        while (parse_redirection(p, &redirs)) {
        }
    } else {
        n = parse_simple(p);
    }
    parse_leave(p);
    return n;
}

static struct node *parse_pipeline(struct parser *p)
{
    struct node *first, *pipeline, *last;

    if (parse_at_word(p, "!")) {
        struct node *n = parse_node(p, NODE_NOT);

        lex_consume(p);
        if (parse_enter(p))
            n->left = parse_pipeline(p);
        parse_leave(p);
        return n;
    }
    first = parse_one(p);
    if (lex_peek(p) != TOKEN_PIPE)
        return first;
    pipeline = parse_node(p, NODE_PIPE);
    pipeline->list = last = first;
    while (lex_peek(p) == TOKEN_PIPE) {
        lex_consume(p);
        parse_newlines(p);
        last->next = parse_one(p);
        last = last->next;
        if (!last)
            break;
    }
    return pipeline;
}

static struct node *parse_and_or(struct parser *p)
{
    struct node *first = parse_pipeline(p);
    struct node *last = first;
    struct node *n;

    if (!first || (lex_peek(p) != TOKEN_AND && p->token != TOKEN_OR))
        return first;
    n = parse_node(p, NODE_AND_OR);
    n->list = first;
    while (last && (lex_peek(p) == TOKEN_AND || p->token == TOKEN_OR)) {
        bool or_else = p->token == TOKEN_OR;

        lex_consume(p);
        parse_newlines(p);
        last->next = parse_pipeline(p);
        last = last->next;
        if (last)
            last->or_else = or_else;
    }
    return n;
}

/* Can a command start here? Tokens and words that close something cannot. */
static bool at_command(struct parser *p)
{
    static const char *const closers[] = {"then", "else", "elif", "fi", "do", "done", "esac", "}"};
    enum token t = lex_peek(p);

    if (t == TOKEN_EOF || t == TOKEN_NEWLINE || t == TOKEN_RPAREN || t == TOKEN_DSEMI)
        return false;
    for (size_t i = 0; i < sizeof(closers) / sizeof(closers[0]); i++) {
        if (parse_at_word(p, closers[i]))
            return false;
    }
    return true;
}

/* The program text from `start` up to the lookahead token, without trailing blanks. */
static char *recorded_text(struct parser *p, size_t start)
{
    size_t end = p->token_start;

    if (!p->record)
        return arena_strdup(p->arena, "");
    while (end > start && strchr(" \t", p->record->s[end - 1]))
        end--;
    return arena_strndup(p->arena, p->record->s + start, end - start);
}

struct node *parse_list(struct parser *p, bool newlines)
{
    struct node *first = NULL;
    struct node *sequence = NULL;
    struct node **tail = &first;

    if (newlines)
        parse_newlines(p);
    while (at_command(p)) {
        size_t start = p->token_start;
        struct node *n = parse_and_or(p);
        enum token t = lex_peek(p);

        if (p->error)
            return NULL;
        if (t == TOKEN_AMP) {
            struct node *background = parse_node(p, NODE_BACKGROUND);

            background->left = n;
            background->text = recorded_text(p, start);
            n = background;
        }
        *tail = n;
        tail = &n->next;
        if (t != TOKEN_SEMI && t != TOKEN_AMP && !(newlines && t == TOKEN_NEWLINE))
            break;
        lex_consume(p);
        if (newlines)
            parse_newlines(p);
    }
    if (!first || !first->next)
        return first;
    sequence = parse_node(p, NODE_SEQUENCE);
    sequence->line = first->line;
    sequence->list = first;
    return sequence;
}

enum parse_result parse_command(struct source *src, struct node **tree, struct arena **arena)
{
    struct strbuf record = {0};
    struct parser p = {.src = src, .arena = arena_new(), .record = &record};
    enum parse_result result = PARSE_COMMAND;

    src->continued = false;
    src->interrupted = false;
    if (lex_peek(&p) == TOKEN_NEWLINE) {
        result = PARSE_EMPTY;
    } else if (p.token == TOKEN_EOF && !p.error) {
        result = src->interrupted ? PARSE_ERROR : PARSE_END;
    } else {
        *tree = parse_list(&p, false);
        if (lex_peek(&p) != TOKEN_NEWLINE && (p.token != TOKEN_EOF || !*tree))
            parse_unexpected(&p, NULL);
    }
    strbuf_free(&record);
    if (p.error || src->interrupted)
        result = PARSE_ERROR;
    if (result == PARSE_COMMAND)
        *arena = p.arena;
    else
        arena_put(p.arena);
    return result;
}
