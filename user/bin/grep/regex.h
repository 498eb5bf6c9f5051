/*
 * POSIX regular expressions, basic and extended, with the extensions of GNU grep: \| \+ \? in basic
 * ones, \w \W \s \S \b \B \< \> and back-references in both. Single bytes, C locale.
 *
 * A pattern is parsed to a tree (regex_parse.c), the tree is emitted as a program (regex.c), and
 * the program is run as a set of states, one step per byte (regex_match.c): the time is bounded by
 * text times program. Only back-references need backtracking.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { REGEX_GROUPS = 10, REGEX_SIZE_MAX = 40000 /* nodes of a tree, instructions of a program */ };

enum regex_flags {
    REGEX_EXTENDED = 1,
    REGEX_IGNORE_CASE = 2,
    REGEX_LITERAL = 4, /* no character is special */
};

/* What a match has to be besides matching. */
enum regex_kind {
    REGEX_ANYWHERE,
    REGEX_WORD, /* neither end is inside a word */
    REGEX_LINE, /* the whole text */
};

struct regex;

/* Compile n bytes of pattern. NULL with *error set to a message on failure. */
struct regex *regex_compile(const char *pattern, size_t n, int flags, const char **error);
void regex_free(struct regex *re);

/*
 * Does it match in text, at or behind `from`? With `start` not NULL, the leftmost longest match
 * goes to [*start, *end).
 */
bool regex_search(struct regex *re, const char *text, size_t n, size_t from, enum regex_kind kind,
                  size_t *start, size_t *end);

/* ---- internal ---- */

enum regex_op {
    OP_CHAR,
    OP_ANY,
    OP_SET,
    OP_SPLIT, /* x, y */
    OP_JUMP,  /* x */
    OP_SAVE,  /* x: the slot */
    OP_LINE_START,
    OP_LINE_END,
    OP_WORD_START,
    OP_WORD_END,
    OP_WORD_EDGE,
    OP_NOT_WORD_EDGE,
    OP_BACK_REFERENCE, /* x: the group */
    OP_LOOP,           /* x: the slot that remembers where a round began */
    OP_LOOP_CHECK,     /* x: fail if the round was empty */
    OP_MATCH,
};

struct regex_insn {
    enum regex_op op;
    unsigned char c;
    int x, y;
    const unsigned char *set; /* OP_SET: 256 bits */
};

struct regex {
    int flags;
    char *literal; /* the whole pattern is these bytes (lower case if case is ignored) */
    size_t literal_len;
    struct regex_insn *code;
    int count;
    int slots;
    bool has_back_reference;
    struct regex_node *nodes; /* all, for freeing */
    int node_count;
    /* scratch of the matcher */
    int *states[2];
    int *seen;
    int *stack;
};

enum node_kind {
    NODE_EMPTY,
    NODE_CHAR,
    NODE_ANY,
    NODE_SET,
    NODE_ASSERT,         /* op */
    NODE_BACK_REFERENCE, /* min */
    NODE_CAT,
    NODE_ALT,
    NODE_REPEAT, /* left, min to max (-1: no limit) */
    NODE_GROUP,  /* left, min: its number */
};

struct regex_node {
    struct regex_node *all_next;
    enum node_kind kind;
    enum regex_op op;
    unsigned char c;
    int min, max;
    struct regex_node *left, *right;
    unsigned char set[32];
};

/* Parse into a tree; NULL with *error set. re->nodes owns the nodes. */
struct regex_node *regex_parse(struct regex *re, const char *pattern, size_t n, const char **error);
bool regex_is_word(int c);
