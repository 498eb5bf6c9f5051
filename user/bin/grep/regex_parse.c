/* Regular expressions: the parser. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "regex.h"
#include "user/lib/tool.h"

enum { REPEAT_MAX = 255, DEPTH_MAX = 200 };

struct parse {
    struct regex *re;
    const char *s, *end;
    const char *start;
    const char *error;
    bool extended;
    int groups;
    int closed[REGEX_GROUPS]; /* the group may be referred to */
    int depth;
};

static struct regex_node *parse_alternatives(struct parse *p);

static struct regex_node *node_new(struct parse *p, enum node_kind kind)
{
    struct regex_node *n = tool_alloc(sizeof(*n));

    memset(n, 0, sizeof(*n));
    n->kind = kind;
    n->all_next = p->re->nodes;
    p->re->nodes = n;
    /* Also bounds how deep the tree can be, which is walked recursively. */
    if (++p->re->node_count == REGEX_SIZE_MAX) {
        p->error = "Regular expression too big";
        p->s = p->end;
    }
    return n;
}

static struct regex_node *parse_fail(struct parse *p, const char *error)
{
    if (!p->error)
        p->error = error;
    p->s = p->end;
    return node_new(p, NODE_EMPTY);
}

static void set_add(unsigned char *set, int c)
{
    set[c >> 3] |= (unsigned char)(1 << (c & 7));
}

static bool set_has(const unsigned char *set, int c)
{
    return set[c >> 3] >> (c & 7) & 1;
}

/* Close the set under change of case, if case is ignored. */
static void set_fold(struct parse *p, unsigned char *set)
{
    if (!(p->re->flags & REGEX_IGNORE_CASE))
        return;
    for (int c = 'a'; c <= 'z'; c++) {
        if (set_has(set, c) || set_has(set, toupper(c))) {
            set_add(set, c);
            set_add(set, toupper(c));
        }
    }
}

bool regex_is_word(int c)
{
    return isalnum(c) || c == '_';
}

static bool looking_at(const struct parse *p, const char *text)
{
    size_t n = strlen(text);

    return (size_t)(p->end - p->s) >= n && memcmp(p->s, text, n) == 0;
}

static int is_word_char(int c)
{
    return regex_is_word(c);
}

/* Add [:name:], with p->s behind the "[:". */
static void parse_class(struct parse *p, unsigned char *set)
{
    size_t name = 0;
    tool_class_fn *test;

    while (p->s + name < p->end && isalpha((unsigned char)p->s[name]))
        name++;
    test = tool_class(p->s, name);
    p->s += name;
    if (!test || !looking_at(p, ":]")) {
        parse_fail(p, "Invalid character class name");
        return;
    }
    p->s += 2;
    for (int c = 0; c < 256; c++) {
        if (test(c))
            set_add(set, c);
    }
}

/* An end of a range: a byte, or [.x.]. -1 after an error. */
static int parse_range_end(struct parse *p)
{
    int c;

    if (looking_at(p, "[.") || looking_at(p, "[=")) {
        char kind = p->s[1];

        if (p->end - p->s < 5 || p->s[3] != kind || p->s[4] != ']') {
            parse_fail(p, "Invalid collation character");
            return -1;
        }
        c = (unsigned char)p->s[2];
        p->s += 5;
        return c;
    }
    return (unsigned char)*p->s++;
}

/* [...], with p->s behind the '['. */
static struct regex_node *parse_set(struct parse *p)
{
    struct regex_node *n = node_new(p, NODE_SET);
    bool negate = looking_at(p, "^");
    bool first = true;

    p->s += negate;
    for (; p->s < p->end && (*p->s != ']' || first); first = false) {
        int low, high;

        if (looking_at(p, "[:")) {
            p->s += 2;
            parse_class(p, n->set);
            continue;
        }
        low = high = parse_range_end(p);
        if (p->end - p->s > 1 && *p->s == '-' && p->s[1] != ']') {
            p->s++;
            high = parse_range_end(p);
        }
        if (low < 0 || high < 0)
            return n;
        if (high < low)
            return parse_fail(p, "Invalid range end");
        for (int c = low; c <= high; c++)
            set_add(n->set, c);
    }
    if (p->s == p->end)
        return parse_fail(p, "Unmatched [, [^, [:, [., or [=");
    p->s++;
    set_fold(p, n->set);
    if (negate) {
        for (int i = 0; i < 32; i++)
            n->set[i] ^= 0xff;
    }
    return n;
}

static struct regex_node *parse_char(struct parse *p, int c)
{
    struct regex_node *n;

    if ((p->re->flags & REGEX_IGNORE_CASE) && isalpha(c)) {
        n = node_new(p, NODE_SET);
        set_add(n->set, tolower(c));
        set_add(n->set, toupper(c));
        return n;
    }
    n = node_new(p, NODE_CHAR);
    n->c = (unsigned char)c;
    return n;
}

static struct regex_node *parse_predicate(struct parse *p, int (*test)(int), bool negate)
{
    struct regex_node *n = node_new(p, NODE_SET);

    for (int c = 0; c < 256; c++) {
        if ((test(c) != 0) != negate)
            set_add(n->set, c);
    }
    return n;
}

static struct regex_node *parse_assert(struct parse *p, enum regex_op op)
{
    struct regex_node *n = node_new(p, NODE_ASSERT);

    n->op = op;
    return n;
}

/* ( ... ), with p->s behind the opening. */
static struct regex_node *parse_group(struct parse *p)
{
    struct regex_node *n = node_new(p, NODE_GROUP);

    if (++p->depth > DEPTH_MAX)
        return parse_fail(p, "Regular expression too big");
    n->min = ++p->groups;
    n->left = parse_alternatives(p);
    p->depth--;
    if (!looking_at(p, p->extended ? ")" : "\\)"))
        return parse_fail(p, "Unmatched ( or \\(");
    p->s += p->extended ? 1 : 2;
    if (n->min < REGEX_GROUPS)
        p->closed[n->min] = true;
    return n;
}

/* What a backslash makes of c. */
static struct regex_node *parse_escape(struct parse *p, int c)
{
    struct regex_node *n;

    switch (c) {
    case 'w': return parse_predicate(p, is_word_char, false);
    case 'W': return parse_predicate(p, is_word_char, true);
    case 's': return parse_predicate(p, isspace, false);
    case 'S': return parse_predicate(p, isspace, true);
    case 'b': return parse_assert(p, OP_WORD_EDGE);
    case 'B': return parse_assert(p, OP_NOT_WORD_EDGE);
    case '<': return parse_assert(p, OP_WORD_START);
    case '>': return parse_assert(p, OP_WORD_END);
    case '`': return parse_assert(p, OP_LINE_START);
    case '\'': return parse_assert(p, OP_LINE_END);
    default: break;
    }
    if (c < '1' || c > '9')
        return parse_char(p, c);
    if (!p->closed[c - '0'])
        return parse_fail(p, "Invalid back reference");
    p->re->has_back_reference = true;
    n = node_new(p, NODE_BACK_REFERENCE);
    n->min = c - '0';
    return n;
}

/* In a basic expression, is the $ in front of p->s an anchor? */
static bool basic_dollar(const struct parse *p)
{
    return p->s == p->end || looking_at(p, "\\)") || looking_at(p, "\\|");
}

static struct regex_node *parse_atom(struct parse *p, bool at_start)
{
    int c = (unsigned char)*p->s++;

    switch (c) {
    case '.': return node_new(p, NODE_ANY);
    case '[': return parse_set(p);
    case '^':
        if (p->extended || at_start)
            return parse_assert(p, OP_LINE_START);
        break;
    case '$':
        if (p->extended || basic_dollar(p))
            return parse_assert(p, OP_LINE_END);
        break;
    case '(':
        if (p->extended)
            return parse_group(p);
        break;
    case '\\':
        if (p->s == p->end)
            return parse_fail(p, "Trailing backslash");
        c = (unsigned char)*p->s++;
        if (c == '(' && !p->extended)
            return parse_group(p);
        return parse_escape(p, c);
    default: break;
    }
    return parse_char(p, c);
}

static bool parse_bound(struct parse *p, int *value)
{
    if (p->s == p->end || !isdigit((unsigned char)*p->s))
        return false;
    for (*value = 0; p->s < p->end && isdigit((unsigned char)*p->s); p->s++) {
        if (*value <= REPEAT_MAX)
            *value = *value * 10 + *p->s - '0';
    }
    return true;
}

/* {m}, {m,}, {m,n}, {,n}, with p->s behind the brace. False if it is no interval. */
static bool parse_interval(struct parse *p, int *min, int *max)
{
    const char *close = p->extended ? "}" : "\\}";
    bool has_min = parse_bound(p, min);

    if (!has_min)
        *min = 0;
    *max = *min;
    if (looking_at(p, ",")) {
        p->s++;
        if (!parse_bound(p, max))
            *max = -1;
    } else if (!has_min) {
        return false;
    }
    if (!looking_at(p, close))
        return false;
    p->s += strlen(close);
    if (*min > REPEAT_MAX || *max > REPEAT_MAX)
        parse_fail(p, "Regular expression too big");
    else if (*max >= 0 && *max < *min)
        parse_fail(p, "Invalid content of \\{\\}");
    return true;
}

/* A repetition operator at p->s, if there is one. */
static bool parse_repeat(struct parse *p, int *min, int *max)
{
    const char *start = p->s;

    *min = 0;
    *max = -1;
    if (looking_at(p, "*")) {
        p->s++;
        return true;
    }
    if (looking_at(p, p->extended ? "+" : "\\+") || looking_at(p, p->extended ? "?" : "\\?")) {
        p->s += p->extended ? 1 : 2;
        if (p->s[-1] == '+')
            *min = 1;
        else
            *max = 1;
        return true;
    }
    if (!looking_at(p, p->extended ? "{" : "\\{"))
        return false;
    p->s += p->extended ? 1 : 2;
    if (parse_interval(p, min, max))
        return true;
    p->s = start;
    if (!p->extended)
        parse_fail(p, "Invalid preceding regular expression");
    return false;
}

static bool at_branch_end(const struct parse *p)
{
    if (p->s == p->end)
        return true;
    if (p->extended)
        return *p->s == '|' || (*p->s == ')' && p->depth > 0);
    return looking_at(p, "\\|") || (looking_at(p, "\\)") && p->depth > 0);
}

static struct regex_node *parse_branch(struct parse *p)
{
    struct regex_node *all = node_new(p, NODE_EMPTY);
    bool at_start = true;

    while (!at_branch_end(p)) {
        struct regex_node *atom, *cat;
        int min, max;

        /* A repetition operator with nothing to repeat: literal in basic expressions. */
        if (at_start && p->extended && parse_repeat(p, &min, &max))
            continue;
        if (looking_at(p, "\\)") && !p->extended)
            return parse_fail(p, "Unmatched ) or \\)");
        atom = parse_atom(p, at_start);
        at_start = at_start && atom->kind == NODE_ASSERT && !p->extended;
        while (!at_start && !p->error && parse_repeat(p, &min, &max)) {
            struct regex_node *repeat = node_new(p, NODE_REPEAT);

            repeat->left = atom;
            repeat->min = min;
            repeat->max = max;
            atom = repeat;
        }
        cat = node_new(p, NODE_CAT);
        cat->left = all;
        cat->right = atom;
        all = cat;
    }
    return all;
}

static struct regex_node *parse_alternatives(struct parse *p)
{
    struct regex_node *all = parse_branch(p);

    while (looking_at(p, p->extended ? "|" : "\\|")) {
        struct regex_node *alt = node_new(p, NODE_ALT);

        p->s += p->extended ? 1 : 2;
        alt->left = all;
        alt->right = parse_branch(p);
        all = alt;
    }
    return all;
}

struct regex_node *regex_parse(struct regex *re, const char *pattern, size_t n, const char **error)
{
    struct parse p = {.re = re,
                      .s = pattern,
                      .start = pattern,
                      .end = pattern + n,
                      .extended = re->flags & REGEX_EXTENDED};
    struct regex_node *tree = parse_alternatives(&p);

    if (p.s < p.end)
        parse_fail(&p, "Unmatched ) or \\)");
    *error = p.error;
    return p.error ? NULL : tree;
}
