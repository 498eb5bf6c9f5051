/* Tokens and here-documents. */
#include <stdlib.h>
#include <string.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

int lex_raw_getc(struct parser *p)
{
    int c = p->error ? SOURCE_EOF : source_getc(p->src);

    if (p->record && c != SOURCE_EOF)
        strbuf_char(p->record, c);
    return c;
}

void lex_ungetc(struct parser *p, int c)
{
    if (p->record && c != SOURCE_EOF && p->record->len > 0)
        p->record->len--;
    source_ungetc(p->src, c);
}

int lex_getc(struct parser *p)
{
    for (;;) {
        int c = lex_raw_getc(p);
        int next;

        if (c != '\\')
            return c;
        next = lex_raw_getc(p);
        if (next != '\n') {
            lex_ungetc(p, next);
            return c;
        }
    }
}

static bool lex_accept(struct parser *p, int want)
{
    int c = lex_getc(p);

    if (c == want)
        return true;
    lex_ungetc(p, c);
    return false;
}

static enum token lex_less(struct parser *p)
{
    if (lex_accept(p, '<'))
        return lex_accept(p, '-') ? TOKEN_DLESSDASH : TOKEN_DLESS;
    if (lex_accept(p, '&'))
        return TOKEN_LESSAND;
    return lex_accept(p, '>') ? TOKEN_LESSGREAT : TOKEN_LESS;
}

static enum token lex_great(struct parser *p)
{
    if (lex_accept(p, '>'))
        return TOKEN_DGREAT;
    if (lex_accept(p, '&'))
        return TOKEN_GREATAND;
    return lex_accept(p, '|') ? TOKEN_CLOBBER : TOKEN_GREAT;
}

static int lex_skip_blanks(struct parser *p)
{
    int c = lex_getc(p);

    while (c == ' ' || c == '\t')
        c = lex_getc(p);
    if (c == '#') {
        while (c != '\n' && c != SOURCE_EOF)
            c = lex_raw_getc(p);
    }
    return c;
}

/* A word, or the number in front of a redirection operator. */
static enum token lex_word_token(struct parser *p, int first)
{
    const char *s;
    int next;

    lex_ungetc(p, first);
    p->word = lex_word(p);
    s = p->word->literal;
    if (!s || strspn(s, "0123456789") != strlen(s) || strlen(s) > 4)
        return TOKEN_WORD;
    next = lex_getc(p);
    lex_ungetc(p, next);
    if (next != '<' && next != '>')
        return TOKEN_WORD;
    p->io_number = atoi(s);
    return TOKEN_IO_NUMBER;
}

static enum token lex_scan(struct parser *p)
{
    int c = lex_skip_blanks(p);

    p->token_line = p->src->number;
    p->token_start = p->record ? p->record->len - (c != SOURCE_EOF) : 0;
    switch (c) {
    case SOURCE_EOF: return TOKEN_EOF;
    case '\n': return TOKEN_NEWLINE;
    case ';': return lex_accept(p, ';') ? TOKEN_DSEMI : TOKEN_SEMI;
    case '&': return lex_accept(p, '&') ? TOKEN_AND : TOKEN_AMP;
    case '|': return lex_accept(p, '|') ? TOKEN_OR : TOKEN_PIPE;
    case '(': return TOKEN_LPAREN;
    case ')': return TOKEN_RPAREN;
    case '<': return lex_less(p);
    case '>': return lex_great(p);
    default: return lex_word_token(p, c);
    }
}

enum token lex_peek(struct parser *p)
{
    if (p->error)
        return TOKEN_EOF;
    if (!p->have_token) {
        p->token = lex_scan(p);
        p->have_token = true;
        if (p->token == TOKEN_NEWLINE)
            lex_here_docs(p);
        if (p->error)
            p->token = TOKEN_EOF;
        if (p->token != TOKEN_EOF)
            p->src->continued = true;
    }
    return p->token;
}

void lex_consume(struct parser *p)
{
    p->have_token = false;
}

/* Read one raw line without its newline. False at the end of input before any character. */
static bool lex_raw_line(struct parser *p, struct strbuf *line, bool *complete)
{
    int c = lex_raw_getc(p);

    line->len = 0;
    if (c == SOURCE_EOF)
        return false;
    while (c != '\n' && c != SOURCE_EOF) {
        strbuf_char(line, c);
        c = lex_raw_getc(p);
    }
    *complete = c == '\n';
    return true;
}

static bool ends_in_backslash(const struct strbuf *line)
{
    size_t n = 0;

    while (n < line->len && line->s[line->len - 1 - n] == '\\')
        n++;
    return n % 2 == 1;
}

static void lex_here_doc(struct parser *p, const struct here_doc *doc)
{
    struct strbuf line = {0};
    struct strbuf body = {0};
    bool joined = false;
    bool complete;

    while (lex_raw_line(p, &line, &complete)) {
        const char *s = strbuf_get(&line);
        size_t skip = doc->strip_tabs && !joined ? strspn(s, "\t") : 0;

        if (!joined && strcmp(s + skip, doc->delimiter) == 0)
            break;
        strbuf_write(&body, s + skip, line.len - skip);
        if (complete)
            strbuf_char(&body, '\n');
        joined = !doc->quoted && ends_in_backslash(&line);
    }
    if (doc->quoted) {
        struct word *w = arena_alloc(p->arena, sizeof(*w));

        w->parts = arena_alloc(p->arena, sizeof(*w->parts));
        w->parts->kind = PART_TEXT;
        w->parts->quoted = true;
        w->parts->text = arena_strndup(p->arena, body.s ? body.s : "", body.len);
        doc->redir->target = w;
    } else {
        doc->redir->target = lex_here_text(p, strbuf_get(&body), body.len);
    }
    strbuf_free(&line);
    strbuf_free(&body);
}

void lex_here_docs(struct parser *p)
{
    while (p->pending && !p->error) {
        struct here_doc *doc = p->pending;

        p->pending = doc->next;
        lex_here_doc(p, doc);
    }
}
