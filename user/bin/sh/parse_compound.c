/* The grammar of compound commands and functions. */
#include <string.h>

#include "user/bin/sh/sh.h"

static bool expect_word(struct parser *p, const char *text)
{
    if (!parse_at_word(p, text)) {
        parse_unexpected(p, text);
        return false;
    }
    lex_consume(p);
    return true;
}

/* A list that must not be empty, ended by a reserved word or `)`. */
static struct node *parse_body(struct parser *p)
{
    struct node *n = parse_list(p, true);

    if (!n)
        parse_unexpected(p, NULL);
    return n;
}

/* Behind `if` or `elif`, up to and including `fi`. */
static struct node *parse_if(struct parser *p)
{
    struct node *n = parse_node(p, NODE_IF);

    n->left = parse_body(p);
    if (!expect_word(p, "then"))
        return n;
    n->right = parse_body(p);
    if (parse_at_word(p, "elif")) {
        lex_consume(p);
        if (parse_enter(p))
            n->third = parse_if(p);
        parse_leave(p);
        return n;
    }
    if (parse_at_word(p, "else")) {
        lex_consume(p);
        n->third = parse_body(p);
    }
    expect_word(p, "fi");
    return n;
}

static struct node *parse_do_group(struct parser *p)
{
    struct node *n;

    if (!expect_word(p, "do"))
        return NULL;
    n = parse_body(p);
    expect_word(p, "done");
    return n;
}

static struct node *parse_while(struct parser *p, enum node_kind kind)
{
    struct node *n = parse_node(p, kind);

    n->left = parse_body(p);
    n->right = parse_do_group(p);
    return n;
}

static struct node *parse_for(struct parser *p)
{
    struct node *n = parse_node(p, NODE_FOR);
    struct word **words = &n->words;

    if (lex_peek(p) != TOKEN_WORD || !p->word->literal ||
        !parse_is_name(p->word->literal, strlen(p->word->literal))) {
        parse_error(p, "Bad for loop variable");
        return n;
    }
    n->text = p->word->literal;
    lex_consume(p);
    parse_newlines(p);
    if (parse_at_word(p, "in")) {
        n->has_in = true;
        lex_consume(p);
        while (lex_peek(p) == TOKEN_WORD) {
            *words = p->word;
            words = &p->word->next;
            lex_consume(p);
        }
        if (lex_peek(p) != TOKEN_SEMI && p->token != TOKEN_NEWLINE) {
            parse_unexpected(p, NULL);
            return n;
        }
        lex_consume(p);
    } else if (lex_peek(p) == TOKEN_SEMI) {
        lex_consume(p);
    }
    parse_newlines(p);
    n->left = parse_do_group(p);
    return n;
}

/* One `[(] pattern | pattern ) list`, without the `;;`. */
static struct case_item *parse_case_item(struct parser *p)
{
    struct case_item *item = arena_alloc(p->arena, sizeof(*item));
    struct word **patterns = &item->patterns;

    if (lex_peek(p) == TOKEN_LPAREN)
        lex_consume(p);
    for (;;) {
        if (lex_peek(p) != TOKEN_WORD) {
            parse_unexpected(p, NULL);
            return item;
        }
        *patterns = p->word;
        patterns = &p->word->next;
        lex_consume(p);
        if (lex_peek(p) != TOKEN_PIPE)
            break;
        lex_consume(p);
    }
    if (lex_peek(p) != TOKEN_RPAREN) {
        parse_unexpected(p, ")");
        return item;
    }
    lex_consume(p);
    item->body = parse_list(p, true);
    return item;
}

static struct node *parse_case(struct parser *p)
{
    struct node *n = parse_node(p, NODE_CASE);
    struct case_item **items = &n->cases;

    if (lex_peek(p) != TOKEN_WORD) {
        parse_unexpected(p, NULL);
        return n;
    }
    n->words = p->word;
    lex_consume(p);
    parse_newlines(p);
    if (!expect_word(p, "in"))
        return n;
    parse_newlines(p);
    while (!p->error && !parse_at_word(p, "esac")) {
        *items = parse_case_item(p);
        items = &(*items)->next;
        parse_newlines(p);
        if (lex_peek(p) != TOKEN_DSEMI)
            break;
        lex_consume(p);
        parse_newlines(p);
    }
    expect_word(p, "esac");
    return n;
}

static struct node *parse_subshell(struct parser *p)
{
    struct node *n = parse_node(p, NODE_SUBSHELL);

    lex_consume(p);
    n->left = parse_body(p);
    if (lex_peek(p) != TOKEN_RPAREN)
        parse_unexpected(p, ")");
    lex_consume(p);
    return n;
}

struct node *parse_compound(struct parser *p)
{
    static const char *const words[] = {"if", "while", "until", "for", "case", "{"};
    struct node *n;
    size_t i;

    if (lex_peek(p) == TOKEN_LPAREN)
        return parse_subshell(p);
    if (lex_peek(p) != TOKEN_WORD || !p->word->literal)
        return NULL;
    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(p->word->literal, words[i]) == 0)
            break;
    }
    if (i == sizeof(words) / sizeof(words[0]))
        return NULL;
    lex_consume(p);
    switch (i) {
    case 0: return parse_if(p);
    case 1: return parse_while(p, NODE_WHILE);
    case 2: return parse_while(p, NODE_UNTIL);
    case 3: return parse_for(p);
    case 4: return parse_case(p);
    default: break;
    }
    n = parse_node(p, NODE_GROUP);
    n->left = parse_body(p);
    expect_word(p, "}");
    return n;
}

struct node *parse_function(struct parser *p, const char *name)
{
    struct node *n = parse_node(p, NODE_FUNCTION);
    struct node *body;
    struct redir **redirs;

    lex_consume(p);
    if (lex_peek(p) != TOKEN_RPAREN) {
        parse_unexpected(p, ")");
        return n;
    }
    lex_consume(p);
    parse_newlines(p);
    if (!parse_is_name(name, strlen(name))) {
        parse_error(p, "Bad function name");
        return n;
    }
    n->text = arena_strdup(p->arena, name);
    body = parse_compound(p);
    if (!body) {
        parse_unexpected(p, NULL);
        return n;
    }
    redirs = &body->redirs;
    while (parse_redirection(p, &redirs)) {
    }
    n->left = body;
    return n;
}
