/* Regular expressions: the matcher. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "regex.h"
#include "user/lib/tool.h"

struct match {
    struct regex *re;
    const char *text;
    size_t n;
    enum regex_kind kind;
    bool any; /* whether there is a match is all that is asked */
    bool found;
    size_t end; /* of the longest match found */
};

static bool word_at(const struct match *m, size_t i)
{
    return i < m->n && regex_is_word((unsigned char)m->text[i]);
}

static bool word_before(const struct match *m, size_t i)
{
    return i > 0 && regex_is_word((unsigned char)m->text[i - 1]);
}

static bool assertion_holds(const struct match *m, enum regex_op op, size_t i)
{
    switch (op) {
    case OP_LINE_START: return i == 0;
    case OP_LINE_END: return i == m->n;
    case OP_WORD_START: return word_at(m, i) && !word_before(m, i);
    case OP_WORD_END: return !word_at(m, i) && word_before(m, i);
    case OP_WORD_EDGE: return word_at(m, i) != word_before(m, i);
    default: return word_at(m, i) == word_before(m, i);
    }
}

static bool start_allowed(const struct match *m, size_t i)
{
    if (m->kind == REGEX_LINE)
        return i == 0;
    return m->kind != REGEX_WORD || !word_before(m, i);
}

static bool end_allowed(const struct match *m, size_t i)
{
    if (m->kind == REGEX_LINE)
        return i == m->n;
    return m->kind != REGEX_WORD || !word_at(m, i);
}

static void accept(struct match *m, size_t i)
{
    if (end_allowed(m, i) && (!m->found || i > m->end)) {
        m->found = true;
        m->end = i;
    }
}

static bool takes(const struct match *m, const struct regex_insn *insn, unsigned char c)
{
    switch (insn->op) {
    case OP_CHAR: return insn->c == c;
    case OP_ANY: return c != '\n';
    case OP_SET: return insn->set[c >> 3] >> (c & 7) & 1;
    default: return false;
    }
}

/* Add the instruction at pc, and what it leads to without taking a byte, to the states at i. */
static void add_state(struct match *m, int *list, int *count, int pc, size_t i, int generation)
{
    struct regex *re = m->re;
    int *stack = re->stack;
    int depth = 0;

    stack[depth++] = pc;
    while (depth > 0) {
        const struct regex_insn *insn;

        pc = stack[--depth];
        if (re->seen[pc] == generation)
            continue;
        re->seen[pc] = generation;
        insn = &re->code[pc];
        switch (insn->op) {
        case OP_SPLIT:
            stack[depth++] = insn->y;
            stack[depth++] = insn->x;
            break;
        case OP_JUMP: stack[depth++] = insn->x; break;
        case OP_SAVE:
        case OP_LOOP:
        case OP_LOOP_CHECK: stack[depth++] = pc + 1; break;
        case OP_MATCH: accept(m, i); break;
        case OP_CHAR:
        case OP_ANY:
        case OP_SET: list[(*count)++] = pc; break;
        default:
            if (assertion_holds(m, insn->op, i))
                stack[depth++] = pc + 1;
            break;
        }
    }
}

/* Run all states at once from `from`; with `floating`, a match may start at any later place too. */
static void run_states(struct match *m, size_t from, bool floating)
{
    struct regex *re = m->re;
    int *now = re->states[0];
    int *next = re->states[1];
    int generation = 1;
    int count = 0;

    memset(re->seen, 0, (size_t)re->count * sizeof(int));
    for (size_t i = from;; i++) {
        int next_count = 0;
        int *swap;

        if ((i == from || floating) && start_allowed(m, i))
            add_state(m, now, &count, 0, i, generation);
        if (i == m->n || (m->found && m->any) || (count == 0 && !floating))
            return;
        generation++;
        for (int k = 0; k < count; k++) {
            if (takes(m, &re->code[now[k]], (unsigned char)m->text[i]))
                add_state(m, next, &next_count, now[k] + 1, i + 1, generation);
        }
        swap = now;
        now = next;
        next = swap;
        count = next_count;
    }
}

/* ---- backtracking, for back-references ---- */

/* Either an alternative to try, or (pc < 0) a slot to be put back. */
struct choice {
    int pc;
    int slot;
    size_t at;
};

struct backtrack {
    struct choice *v;
    size_t count, cap;
    size_t *slots;
};

static void push_choice(struct backtrack *b, int pc, int slot, size_t at)
{
    if (b->count == b->cap) {
        b->cap = b->cap ? b->cap * 2 : 64;
        b->v = tool_realloc(b->v, b->cap * sizeof(*b->v));
    }
    b->v[b->count++] = (struct choice){pc, slot, at};
}

static void set_slot(struct backtrack *b, int slot, size_t at)
{
    push_choice(b, -1, slot, b->slots[slot]);
    b->slots[slot] = at;
}

/* The text of the group again at *i? Advances *i. */
static bool same_again(const struct match *m, const struct backtrack *b, int group, size_t *i)
{
    size_t start = b->slots[group * 2];
    size_t end = b->slots[group * 2 + 1];

    if (start == SIZE_MAX || end == SIZE_MAX || end - start > m->n - *i)
        return false;
    for (size_t k = start; k < end; k++, (*i)++) {
        int x = (unsigned char)m->text[k];
        int y = (unsigned char)m->text[*i];

        if (x != y && !((m->re->flags & REGEX_IGNORE_CASE) && tolower(x) == tolower(y)))
            return false;
    }
    return true;
}

/* Follow one path until it fails or matches, leaving choices for later. */
static void run_path(struct match *m, struct backtrack *b, int pc, size_t i)
{
    for (;;) {
        const struct regex_insn *insn = &m->re->code[pc++];

        switch (insn->op) {
        case OP_SPLIT:
            push_choice(b, insn->y, 0, i);
            pc = insn->x;
            break;
        case OP_JUMP: pc = insn->x; break;
        case OP_SAVE:
        case OP_LOOP: set_slot(b, insn->x, i); break;
        case OP_LOOP_CHECK:
            if (b->slots[insn->x] == i)
                return;
            break;
        case OP_BACK_REFERENCE:
            if (!same_again(m, b, insn->x, &i))
                return;
            break;
        case OP_MATCH: accept(m, i); return;
        case OP_CHAR:
        case OP_ANY:
        case OP_SET:
            if (i == m->n || !takes(m, insn, (unsigned char)m->text[i]))
                return;
            i++;
            break;
        default:
            if (!assertion_holds(m, insn->op, i))
                return;
            break;
        }
    }
}

static void run_backtrack(struct match *m, size_t from)
{
    struct backtrack b = {.slots = tool_alloc((size_t)m->re->slots * sizeof(size_t))};

    for (int i = 0; i < m->re->slots; i++)
        b.slots[i] = SIZE_MAX;
    run_path(m, &b, 0, from);
    while (b.count > 0 && !(m->found && (m->any || m->end == m->n))) {
        struct choice c = b.v[--b.count];

        if (c.pc < 0)
            b.slots[c.slot] = c.at;
        else
            run_path(m, &b, c.pc, c.at);
    }
    free(b.v);
    free(b.slots);
}

/* ---- searching ---- */

static bool literal_at(const struct regex *re, const char *s)
{
    if (!(re->flags & REGEX_IGNORE_CASE))
        return memcmp(s, re->literal, re->literal_len) == 0;
    for (size_t i = 0; i < re->literal_len; i++) {
        if (tolower((unsigned char)s[i]) != (unsigned char)re->literal[i])
            return false;
    }
    return true;
}

static bool search_literal(struct match *m, size_t from, size_t *start)
{
    const struct regex *re = m->re;
    bool fold = re->flags & REGEX_IGNORE_CASE;

    for (size_t i = from; i <= m->n && m->n - i >= re->literal_len; i++) {
        if (!fold && re->literal_len > 0) {
            const char *at = memchr(m->text + i, re->literal[0], m->n - i);

            if (!at || (size_t)(m->text + m->n - at) < re->literal_len)
                return false;
            i = (size_t)(at - m->text);
        }
        if (start_allowed(m, i) && end_allowed(m, i + re->literal_len) &&
            literal_at(re, m->text + i)) {
            *start = i;
            m->end = i + re->literal_len;
            return true;
        }
    }
    return false;
}

bool regex_search(struct regex *re, const char *text, size_t n, size_t from, enum regex_kind kind,
                  size_t *start, size_t *end)
{
    struct match m = {.re = re, .text = text, .n = n, .kind = kind, .any = !start};
    size_t at = from;

    if (re->literal) {
        m.found = search_literal(&m, from, &at);
    } else if (!start && !re->has_back_reference) {
        run_states(&m, from, true);
    } else {
        for (at = from; at <= n; at++) {
            if (!start_allowed(&m, at))
                continue;
            if (re->has_back_reference)
                run_backtrack(&m, at);
            else
                run_states(&m, at, false);
            if (m.found)
                break;
        }
    }
    if (m.found && start) {
        *start = at;
        *end = m.end;
    }
    return m.found;
}
