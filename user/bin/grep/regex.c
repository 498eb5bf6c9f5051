/* Regular expressions: from the tree to a program. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "regex.h"
#include "user/lib/tool.h"

struct emit {
    struct regex *re;
    int cap;
    bool failed;
    int depth;
};

static int emit(struct emit *e, enum regex_op op, int x)
{
    struct regex *re = e->re;

    if (re->count >= REGEX_SIZE_MAX)
        e->failed = true;
    if (e->failed)
        return 0;
    if (re->count == e->cap) {
        e->cap = e->cap ? e->cap * 2 : 32;
        re->code = tool_realloc(re->code, (size_t)e->cap * sizeof(*re->code));
    }
    re->code[re->count] = (struct regex_insn){.op = op, .x = x};
    return re->count++;
}

static void emit_node(struct emit *e, const struct regex_node *n);

/* A loop over node: the split first for *, behind one round for +. */
static void emit_loop(struct emit *e, const struct regex_node *node)
{
    int slot = e->re->slots++;
    int split = emit(e, OP_SPLIT, 0);

    emit(e, OP_LOOP, slot);
    emit_node(e, node);
    emit(e, OP_LOOP_CHECK, slot);
    emit(e, OP_JUMP, split);
    if (e->failed)
        return;
    e->re->code[split].x = split + 1;
    e->re->code[split].y = e->re->count;
}

static void emit_repeat(struct emit *e, const struct regex_node *n)
{
    for (int i = 0; i < n->min && !e->failed; i++)
        emit_node(e, n->left);
    if (n->max < 0) {
        emit_loop(e, n->left);
        return;
    }
    /* Each optional round is nested in the one before: x(x(x)?)?, all leaving to the same end. */
    int first = e->re->count;
    int optional = n->max - n->min;

    for (int i = 0; i < optional && !e->failed; i++) {
        int split = emit(e, OP_SPLIT, -1);

        emit_node(e, n->left);
        if (!e->failed)
            e->re->code[split].x = split + 1;
        if (!e->failed)
            e->re->code[split].y = -1;
    }
    for (int i = first; i < e->re->count && !e->failed; i++) {
        if (e->re->code[i].op == OP_SPLIT && e->re->code[i].y == -1)
            e->re->code[i].y = e->re->count;
    }
}

static void emit_alt(struct emit *e, const struct regex_node *n)
{
    int split = emit(e, OP_SPLIT, 0);
    int jump;

    emit_node(e, n->left);
    jump = emit(e, OP_JUMP, 0);
    if (!e->failed) {
        e->re->code[split].x = split + 1;
        e->re->code[split].y = e->re->count;
    }
    emit_node(e, n->right);
    if (!e->failed)
        e->re->code[jump].x = e->re->count;
}

static void emit_node(struct emit *e, const struct regex_node *n)
{
    int at;

    switch (n->kind) {
    case NODE_EMPTY: break;
    case NODE_ANY: emit(e, OP_ANY, 0); break;
    case NODE_ASSERT: emit(e, n->op, 0); break;
    case NODE_BACK_REFERENCE: emit(e, OP_BACK_REFERENCE, n->min); break;
    case NODE_CHAR:
        at = emit(e, OP_CHAR, 0);
        if (!e->failed)
            e->re->code[at].c = n->c;
        break;
    case NODE_SET:
        at = emit(e, OP_SET, 0);
        if (!e->failed)
            e->re->code[at].set = n->set;
        break;
    case NODE_CAT:
        emit_node(e, n->left);
        emit_node(e, n->right);
        break;
    case NODE_ALT: emit_alt(e, n); break;
    case NODE_REPEAT: emit_repeat(e, n); break;
    case NODE_GROUP:
        if (n->min < REGEX_GROUPS)
            emit(e, OP_SAVE, n->min * 2);
        emit_node(e, n->left);
        if (n->min < REGEX_GROUPS)
            emit(e, OP_SAVE, n->min * 2 + 1);
        break;
    }
}

/* A program of characters only is searched for as bytes. */
static void find_literal(struct regex *re)
{
    for (int i = 0; i < re->count - 1; i++) {
        if (re->code[i].op != OP_CHAR)
            return;
    }
    re->literal = tool_alloc((size_t)re->count);
    for (int i = 0; i < re->count - 1; i++)
        re->literal[i] = (char)re->code[i].c;
    re->literal_len = (size_t)(re->count - 1);
}

static void make_literal(struct regex *re, const char *pattern, size_t n)
{
    re->literal = tool_alloc(n + 1);
    re->literal_len = n;
    for (size_t i = 0; i < n; i++) {
        int c = (unsigned char)pattern[i];

        re->literal[i] = (char)(re->flags & REGEX_IGNORE_CASE ? tolower(c) : c);
    }
}

struct regex *regex_compile(const char *pattern, size_t n, int flags, const char **error)
{
    struct regex *re = tool_alloc(sizeof(*re));
    struct emit e = {.re = re};
    struct regex_node *tree;

    memset(re, 0, sizeof(*re));
    re->flags = flags;
    re->slots = REGEX_GROUPS * 2;
    *error = NULL;
    if (flags & REGEX_LITERAL) {
        make_literal(re, pattern, n);
        return re;
    }
    tree = regex_parse(re, pattern, n, error);
    if (tree) {
        emit_node(&e, tree);
        emit(&e, OP_MATCH, 0);
        if (e.failed)
            *error = "Regular expression too big";
    }
    if (*error) {
        regex_free(re);
        return NULL;
    }
    find_literal(re);
    for (int i = 0; i < 2; i++)
        re->states[i] = tool_alloc((size_t)(re->count + 1) * sizeof(int));
    re->seen = tool_alloc((size_t)re->count * sizeof(int));
    re->stack = tool_alloc((size_t)(re->count * 2 + 1) * sizeof(int));
    return re;
}

void regex_free(struct regex *re)
{
    while (re->nodes) {
        struct regex_node *next = re->nodes->all_next;

        free(re->nodes);
        re->nodes = next;
    }
    for (int i = 0; i < 2; i++)
        free(re->states[i]);
    free(re->seen);
    free(re->stack);
    free(re->literal);
    free(re->code);
    free(re);
}
