/*
 * $((...)): the integer expressions of C on 64-bit values that wrap. A side that is not evaluated
 * (behind && || ?:) is parsed with `skip` set: no assignments, no division errors.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

struct arith {
    const char *at;
    const char *whole;
    int skip;
    int depth;
    bool failed;
};

enum { ARITH_DEPTH_MAX = 200 };

enum op {
    OP_NONE,
    OP_OR_OR,
    OP_AND_AND,
    OP_OR,
    OP_XOR,
    OP_AND,
    OP_EQ,
    OP_NE,
    OP_LE,
    OP_GE,
    OP_LT,
    OP_GT,
    OP_SHL,
    OP_SHR,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_MOD,
};

static const struct {
    char text[3];
    unsigned char precedence;
    enum op op;
} operators[] = {
    {"||", 1, OP_OR_OR}, {"&&", 2, OP_AND_AND}, {"==", 6, OP_EQ},  {"!=", 6, OP_NE},
    {"<=", 7, OP_LE},    {">=", 7, OP_GE},      {"<<", 8, OP_SHL}, {">>", 8, OP_SHR},
    {"|", 3, OP_OR},     {"^", 4, OP_XOR},      {"&", 5, OP_AND},  {"<", 7, OP_LT},
    {">", 7, OP_GT},     {"+", 9, OP_ADD},      {"-", 9, OP_SUB},  {"*", 10, OP_MUL},
    {"/", 10, OP_DIV},   {"%", 10, OP_MOD},
};

static intmax_t arith_assignment(struct arith *a);

static intmax_t arith_fail(struct arith *a, const char *what)
{
    if (!a->failed)
        sh_fail(2, "arithmetic expression: %s: \"%s\"", what, a->whole);
    a->failed = true;
    return 0;
}

static void skip_blanks(struct arith *a)
{
    a->at += strspn(a->at, " \t\n");
}

static bool accept(struct arith *a, const char *text)
{
    size_t n = strlen(text);

    skip_blanks(a);
    if (strncmp(a->at, text, n) != 0)
        return false;
    a->at += n;
    return true;
}

static intmax_t apply(struct arith *a, enum op op, intmax_t x, intmax_t y)
{
    uintmax_t ux = (uintmax_t)x;
    uintmax_t uy = (uintmax_t)y;

    switch (op) {
    case OP_OR: return x | y;
    case OP_XOR: return x ^ y;
    case OP_AND: return x & y;
    case OP_EQ: return x == y;
    case OP_NE: return x != y;
    case OP_LE: return x <= y;
    case OP_GE: return x >= y;
    case OP_LT: return x < y;
    case OP_GT: return x > y;
    case OP_SHL: return (intmax_t)(ux << (uy & 63));
    case OP_SHR: return x >> (uy & 63);
    case OP_ADD: return (intmax_t)(ux + uy);
    case OP_SUB: return (intmax_t)(ux - uy);
    case OP_MUL: return (intmax_t)(ux * uy);
    default: break;
    }
    if (y == 0)
        return a->skip ? 0 : arith_fail(a, "division by zero");
    if (y == -1)
        return op == OP_DIV ? (intmax_t)(0 - ux) : 0;
    return op == OP_DIV ? x / y : x % y;
}

/* The value of a variable must be a constant; unset and empty count as 0. */
static intmax_t variable_value(struct arith *a, const char *name)
{
    char buf[24];
    const char *s = a->skip ? NULL : param_value(name, buf);
    const char *digits;
    char *end;
    intmax_t value;

    if (!s && !a->skip && sh.opt_nounset) {
        sh_fail(2, "%s: parameter not set", name);
        a->failed = true;
    }
    if (!s)
        return 0;
    s += strspn(s, " \t\n");
    if (!*s)
        return 0;
    digits = s + (*s == '-' || *s == '+');
    errno = 0;
    value = *s == '-' ? strtoimax(s, &end, 0) : (intmax_t)strtoumax(digits, &end, 0);
    end += strspn(end, " \t\n");
    if (!isdigit((unsigned char)*digits) || *end) {
        if (!a->failed)
            sh_fail(2, "Illegal number: %s", s);
        a->failed = true;
    }
    return value;
}

static intmax_t assign_variable(struct arith *a, const char *name, intmax_t value)
{
    if (!a->skip && !a->failed && !var_set_number(name, value))
        a->failed = true;
    return value;
}

static char *arith_name(struct arith *a)
{
    const char *s;
    size_t n = 0;

    skip_blanks(a);
    s = a->at;
    if (!isalpha((unsigned char)*s) && *s != '_')
        return NULL;
    while (isalnum((unsigned char)s[n]) || s[n] == '_')
        n++;
    a->at += n;
    return arena_strndup(sh.temp, s, n);
}

static intmax_t arith_constant(struct arith *a)
{
    char *end;
    intmax_t value;

    errno = 0;
    value = (intmax_t)strtoumax(a->at, &end, 0);
    if (end == a->at || isalnum((unsigned char)*end) || *end == '_')
        return arith_fail(a, "expecting primary");
    if (errno == ERANGE)
        value = INTMAX_MAX;
    a->at = end;
    return value;
}

static intmax_t arith_primary(struct arith *a)
{
    intmax_t value;
    char *name;

    if (accept(a, "(")) {
        value = arith_assignment(a);
        while (accept(a, ","))
            value = arith_assignment(a);
        if (!accept(a, ")"))
            return arith_fail(a, "expecting ')'");
        return value;
    }
    name = arith_name(a);
    if (!name)
        return isdigit((unsigned char)*a->at) ? arith_constant(a)
                                              : arith_fail(a, "expecting primary");
    value = variable_value(a, name);
    if (accept(a, "++"))
        assign_variable(a, name, apply(a, OP_ADD, value, 1));
    else if (accept(a, "--"))
        assign_variable(a, name, apply(a, OP_SUB, value, 1));
    return value;
}

/* ++x and --x; before anything else than a name the signs are two unary operators. */
static bool arith_increment(struct arith *a, intmax_t *value)
{
    const char *start = a->at;
    enum op op = *start == '+' ? OP_ADD : OP_SUB;
    char *name;

    if (!accept(a, "++") && !accept(a, "--"))
        return false;
    name = arith_name(a);
    if (!name) {
        a->at = start;
        return false;
    }
    *value = assign_variable(a, name, apply(a, op, variable_value(a, name), 1));
    return true;
}

static intmax_t arith_unary(struct arith *a)
{
    intmax_t value = 0;
    char op;

    skip_blanks(a);
    op = *a->at;
    if (a->failed || arith_increment(a, &value))
        return value;
    if (!op || !strchr("+-!~", op))
        return arith_primary(a);
    a->at++;
    if (++a->depth > ARITH_DEPTH_MAX)
        return arith_fail(a, "nested too deeply");
    value = arith_unary(a);
    a->depth--;
    switch (op) {
    case '-': return (intmax_t)(0 - (uintmax_t)value);
    case '!': return !value;
    case '~': return ~value;
    default: return value;
    }
}

/* The binary operator at the current place, unless it is the start of an assignment operator. */
static int arith_operator(struct arith *a)
{
    int count = (int)(sizeof(operators) / sizeof(operators[0]));

    skip_blanks(a);
    for (int i = 0; i < count; i++) {
        size_t n = strlen(operators[i].text);

        if (strncmp(a->at, operators[i].text, n) != 0)
            continue;
        if (a->at[n] == '=' && operators[i].precedence > 2 && operators[i].op != OP_EQ &&
            operators[i].op != OP_NE && operators[i].op != OP_LE && operators[i].op != OP_GE)
            return -1;
        return i;
    }
    return -1;
}

static intmax_t arith_binary(struct arith *a, int lowest)
{
    intmax_t left = arith_unary(a);
    int i;

    while (!a->failed && (i = arith_operator(a)) >= 0 && operators[i].precedence >= lowest) {
        enum op op = operators[i].op;
        bool decided = (op == OP_OR_OR && left) || (op == OP_AND_AND && !left);
        intmax_t right;

        a->at += strlen(operators[i].text);
        a->skip += decided;
        right = arith_binary(a, operators[i].precedence + 1);
        a->skip -= decided;
        if (op == OP_OR_OR)
            left = left || right;
        else if (op == OP_AND_AND)
            left = left && right;
        else
            left = apply(a, op, left, right);
    }
    return left;
}

static intmax_t arith_conditional(struct arith *a)
{
    intmax_t condition = arith_binary(a, 1);
    intmax_t yes, no;

    if (a->failed || !accept(a, "?"))
        return condition;
    a->skip += !condition;
    yes = arith_assignment(a);
    a->skip -= !condition;
    if (!accept(a, ":"))
        return arith_fail(a, "expecting ':'");
    a->skip += condition != 0;
    no = arith_assignment(a);
    a->skip -= condition != 0;
    return condition ? yes : no;
}

/* The assignment operator at the current place: its length, 0 for none. */
static size_t assignment_operator(const char *s, enum op *op)
{
    *op = OP_NONE;
    if (*s == '=' && s[1] != '=')
        return 1;
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        size_t n = strlen(operators[i].text);

        if (operators[i].op < OP_OR || (operators[i].op >= OP_EQ && operators[i].op <= OP_GT))
            continue;
        if (strncmp(s, operators[i].text, n) == 0 && s[n] == '=') {
            *op = operators[i].op;
            return n + 1;
        }
    }
    return 0;
}

static intmax_t arith_assignment_body(struct arith *a)
{
    const char *start = a->at;
    char *name = arith_name(a);
    intmax_t value;
    enum op op;
    size_t n;

    skip_blanks(a);
    n = name ? assignment_operator(a->at, &op) : 0;
    if (n == 0) {
        a->at = start;
        return arith_conditional(a);
    }
    a->at += n;
    value = arith_assignment(a);
    if (op != OP_NONE && !a->failed)
        value = apply(a, op, variable_value(a, name), value);
    return assign_variable(a, name, value);
}

static intmax_t arith_assignment(struct arith *a)
{
    intmax_t value;

    if (a->failed || ++a->depth > ARITH_DEPTH_MAX)
        return arith_fail(a, "nested too deeply");
    value = arith_assignment_body(a);
    a->depth--;
    return value;
}

bool arith_eval(const char *expression, intmax_t *value)
{
    struct arith a = {.at = expression, .whole = expression};

    skip_blanks(&a);
    *value = 0;
    if (!*a.at)
        return true;
    *value = arith_assignment(&a);
    while (!a.failed && accept(&a, ","))
        *value = arith_assignment(&a);
    skip_blanks(&a);
    if (!a.failed && *a.at)
        arith_fail(&a, "syntax error");
    return !a.failed;
}
