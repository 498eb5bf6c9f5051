/* The parser of input scripts. It makes single steps: a press becomes downs and ups. */
#include "tools/emu/script.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/evdev.h"
#include "tools/emu/keys.h"
#include "tools/emu/when.h"

#define HOLD_NS UINT64_C(20000000) /* how long a key is down, and the pause between two */

enum { CHORD_MAX = 8, STEPS_MAX = 1 << 20, COORDINATE_MAX = 1 << 20 };

struct word {
    const char *at;
    size_t len;
};

struct parser {
    struct script *script;
    const char *p, *end; /* what is left of the line */
    unsigned line;
    enum script_from from; /* of the line's first step, then AFTER */
    uint64_t time;
    uint64_t latest; /* the last `at` */
    char *err;
    size_t err_size;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct parser *ps, const char *fmt, ...)
{
    va_list ap;
    int n = snprintf(ps->err, ps->err_size, "line %u: ", ps->line);

    va_start(ap, fmt);
    if (n >= 0 && (size_t)n < ps->err_size)
        vsnprintf(ps->err + n, ps->err_size - (size_t)n, fmt, ap);
    va_end(ap);
    return false;
}

/* A word for an error message: no longer than is good for that. */
static int shown(struct word w)
{
    return w.len < 40 ? (int)w.len : 40;
}

/* Add a step; the line's time goes to its first one. */
static struct script_step *add(struct parser *ps, enum script_op op, int32_t a, int32_t b)
{
    struct script *s = ps->script;

    if (s->count == s->room) {
        size_t room = s->room != 0 ? s->room * 2 : 32;
        struct script_step *steps =
            room <= STEPS_MAX ? realloc(s->steps, room * sizeof *steps) : NULL;
        if (steps == NULL) {
            fail(ps, "the script is too long");
            return NULL;
        }
        s->steps = steps;
        s->room = room;
    }
    s->steps[s->count] = (struct script_step){.op = (uint8_t)op,
                                              .from = (uint8_t)ps->from,
                                              .line = ps->line,
                                              .a = a,
                                              .b = b,
                                              .time = ps->time};
    ps->from = SCRIPT_AFTER;
    ps->time = 0;
    return &s->steps[s->count++];
}

/* --- words ------------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line, which is not a string; empty at its end. */
static struct word next_word(struct parser *ps)
{
    struct word w;

    while (ps->p < ps->end && is_blank(*ps->p))
        ps->p++;
    if (ps->p < ps->end && *ps->p == '#')
        ps->p = ps->end;
    w.at = ps->p;
    while (ps->p < ps->end && !is_blank(*ps->p) && *ps->p != '"')
        ps->p++;
    w.len = (size_t)(ps->p - w.at);
    return w;
}

static bool is_word(struct word w, const char *text)
{
    return strlen(text) == w.len && memcmp(w.at, text, w.len) == 0;
}

static bool line_ends(struct parser *ps)
{
    struct word w = next_word(ps);

    if (w.len == 0 && ps->p < ps->end)
        return fail(ps, "unexpected string");
    return w.len == 0 || fail(ps, "unexpected '%.*s'", shown(w), w.at);
}

/* A whole number from -max to max, from 0 on if `natural`. */
static bool number(struct parser *ps, const char *what, bool natural, int32_t *value)
{
    struct word w = next_word(ps);
    bool negative = !natural && w.len > 0 && w.at[0] == '-';
    int32_t n = 0;
    size_t i = negative ? 1 : 0;

    if (w.len == 0)
        return fail(ps, "%s is missing", what);
    if (i == w.len)
        return fail(ps, "'%.*s' is not a number", shown(w), w.at);
    for (; i < w.len; i++) {
        if (w.at[i] < '0' || w.at[i] > '9')
            return fail(ps, "'%.*s' is not a number", shown(w), w.at);
        n = n * 10 + (w.at[i] - '0');
        if (n > COORDINATE_MAX)
            return fail(ps, "'%.*s' is too much", shown(w), w.at);
    }
    *value = negative ? -n : n;
    return true;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *found;

    found = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

/* The character that an escape means, ps->p behind its backslash; -1 if there is none such. */
static int escape(struct parser *ps)
{
    static const char names[] = "nrteb\"\\", values[] = "\n\r\t\033\b\"\\";
    const char *found;
    int high, low;

    if (ps->p == ps->end)
        return -1;
    if (*ps->p == 'x') {
        if (ps->end - ps->p < 3)
            return -1;
        high = hex_digit(ps->p[1]);
        low = hex_digit(ps->p[2]);
        ps->p += 3;
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
    found = *ps->p != '\0' ? strchr(names, *ps->p) : NULL;
    ps->p++;
    return found != NULL ? (uint8_t)values[found - names] : -1;
}

/* A string; *text is the caller's, with a NUL behind its len characters. */
static bool string(struct parser *ps, char **text, size_t *len)
{
    struct word w = next_word(ps);
    char *out;

    if (w.len != 0 || ps->p == ps->end)
        return fail(ps, "a text in \"\" is missing");
    ps->p++;
    *text = out = malloc((size_t)(ps->end - ps->p) + 1);
    if (out == NULL)
        return fail(ps, "out of memory");
    while (ps->p < ps->end && *ps->p != '"') {
        int c = (uint8_t)*ps->p++;
        if (c == '\\')
            c = escape(ps);
        if (c < 0) {
            free(*text);
            return fail(ps, "unknown escape in the text");
        }
        *out++ = (char)c;
    }
    *out = '\0';
    *len = (size_t)(out - *text);
    if (ps->p<ps->end && * len> 0) {
        ps->p++;
        return true;
    }
    free(*text);
    return fail(ps, ps->p < ps->end ? "the text is empty" : "the text does not end");
}

/* --- actions ---------------------------------------------------------------------------------- */

/* The keys that stand on the line. */
static bool keys(struct parser *ps, int32_t *codes, unsigned *count)
{
    for (*count = 0;; (*count)++) {
        struct word w = next_word(ps);
        unsigned code;

        if (w.len == 0)
            break;
        if (*count == CHORD_MAX)
            return fail(ps, "more than %d keys at once", CHORD_MAX);
        code = keys_by_name(w.at, w.len);
        if (code == 0)
            return fail(ps, "unknown key '%.*s'", shown(w), w.at);
        codes[*count] = (int32_t)code;
    }
    if (ps->p < ps->end)
        return fail(ps, "unexpected string");
    return *count != 0 || fail(ps, "a key is missing");
}

static bool add_keys(struct parser *ps, int32_t down)
{
    int32_t codes[CHORD_MAX];
    unsigned count;

    if (!keys(ps, codes, &count))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (add(ps, SCRIPT_KEY, codes[i], down) == NULL)
            return false;
    return true;
}

static bool parse_down(struct parser *ps)
{
    return add_keys(ps, 1);
}

static bool parse_up(struct parser *ps)
{
    return add_keys(ps, 0);
}

static bool add_press(struct parser *ps, const int32_t *codes, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (add(ps, SCRIPT_KEY, codes[i], 1) == NULL)
            return false;
    ps->time = HOLD_NS;
    while (count-- > 0)
        if (add(ps, SCRIPT_KEY, codes[count], 0) == NULL)
            return false;
    return true;
}

static bool parse_press(struct parser *ps)
{
    int32_t codes[CHORD_MAX];
    unsigned count;

    return keys(ps, codes, &count) && add_press(ps, codes, count);
}

static bool parse_type(struct parser *ps)
{
    unsigned shift = keys_by_name("LSHIFT", 6);
    char *text;
    size_t len;
    bool good = true;

    if (!string(ps, &text, &len))
        return false;
    for (size_t i = 0; i < len && good; i++) {
        int32_t codes[2] = {(int32_t)shift};
        bool shifted;
        unsigned code = keys_by_character(text[i], &shifted);

        if (code == 0) {
            good = fail(ps, "no key has the character 0x%02x", (uint8_t)text[i]);
            break;
        }
        codes[shifted] = (int32_t)code;
        good = add_press(ps, codes, shifted ? 2 : 1);
        ps->time = HOLD_NS; /* the pause before the next */
    }
    free(text);
    return good;
}

/* Two numbers, and a step with them. */
static bool add_pair(struct parser *ps, enum script_op op, const char *first, const char *second,
                     bool natural)
{
    int32_t a, b;

    return number(ps, first, natural, &a) && number(ps, second, natural, &b) &&
           add(ps, op, a, b) != NULL;
}

static bool parse_move(struct parser *ps)
{
    return add_pair(ps, SCRIPT_POINT, "X", "Y", true);
}

static bool parse_move_by(struct parser *ps)
{
    return add_pair(ps, SCRIPT_MOVE, "DX", "DY", false);
}

static bool parse_resize(struct parser *ps)
{
    return add_pair(ps, SCRIPT_RESIZE, "the width", "the height", true);
}

static bool parse_wheel(struct parser *ps)
{
    const char *left;
    int32_t dy, dx = 0;

    if (!number(ps, "the number of clicks", false, &dy))
        return false;
    left = ps->p;
    if (next_word(ps).len != 0) {
        ps->p = left;
        if (!number(ps, "", false, &dx))
            return false;
    }
    return add(ps, SCRIPT_WHEEL, dy, dx) != NULL;
}

static bool parse_button(struct parser *ps)
{
    static const int32_t codes[] = {BTN_LEFT, BTN_MIDDLE, BTN_RIGHT, BTN_SIDE, BTN_EXTRA};
    struct word w;
    int32_t n;
    bool down, up;

    if (!number(ps, "the button's number", true, &n))
        return false;
    if (n < 1 || n > (int32_t)(sizeof codes / sizeof codes[0]))
        return fail(ps, "there is no button %d", (int)n);
    w = next_word(ps);
    down = is_word(w, "down") || is_word(w, "click");
    up = is_word(w, "up") || is_word(w, "click");
    if (!down && !up)
        return fail(ps, "down, up or click is missing");
    if (down && add(ps, SCRIPT_BUTTON, codes[n - 1], 1) == NULL)
        return false;
    if (down && up)
        ps->time = HOLD_NS;
    return !up || add(ps, SCRIPT_BUTTON, codes[n - 1], 0) != NULL;
}

/* A string, and a step with it. */
static bool add_string(struct parser *ps, enum script_op op)
{
    struct script_step *step;
    char *text;
    size_t len;

    if (!string(ps, &text, &len))
        return false;
    step = add(ps, op, 0, 0);
    if (step == NULL) {
        free(text);
        return false;
    }
    step->text = text;
    step->text_len = len;
    return true;
}

static bool parse_wait(struct parser *ps)
{
    if (!is_word(next_word(ps), "text"))
        return fail(ps, "wait needs text \"...\"");
    return add_string(ps, SCRIPT_WAIT);
}

static bool parse_send(struct parser *ps)
{
    return add_string(ps, SCRIPT_SEND);
}

static bool parse_screenshot(struct parser *ps)
{
    struct word w = next_word(ps);
    struct script_step *step;

    if (w.len == 0)
        return fail(ps, "the file's name is missing");
    if (memchr(w.at, '\0', w.len) != NULL)
        return fail(ps, "a file's name has no zeros");
    step = add(ps, SCRIPT_SCREENSHOT, 0, 0);
    if (step == NULL)
        return false;
    step->text = strndup(w.at, w.len);
    step->text_len = w.len;
    return step->text != NULL || fail(ps, "out of memory");
}

static bool parse_quit(struct parser *ps)
{
    return add(ps, SCRIPT_QUIT, 0, 0) != NULL;
}

static const struct {
    const char *name;
    bool (*parse)(struct parser *ps);
} actions[] = {
    {"press", parse_press},
    {"down", parse_down},
    {"up", parse_up},
    {"type", parse_type},
    {"move", parse_move},
    {"move-by", parse_move_by},
    {"button", parse_button},
    {"wheel", parse_wheel},
    {"wait", parse_wait},
    {"resize", parse_resize},
    {"screenshot", parse_screenshot},
    {"quit", parse_quit},
    {"send", parse_send},
};

/* The line's time, if it has one; *w becomes the word behind it. */
static bool parse_time(struct parser *ps, struct word *w)
{
    struct word t = *w;
    bool at = is_word(t, "at");

    ps->from = SCRIPT_AFTER;
    ps->time = 0;
    if (!at && (t.len == 0 || t.at[0] != '+'))
        return true;
    if (at) {
        t = next_word(ps);
        ps->from = SCRIPT_AT;
    } else {
        t.at++;
        t.len--;
    }
    if (!when_duration(t.at, t.len, &ps->time))
        return fail(ps, "'%.*s' is not a time (examples: 1.5s, 200ms)", shown(t), t.at);
    if (at && ps->time < ps->latest)
        return fail(ps, "the time lies before that of a line above");
    if (at)
        ps->latest = ps->time;
    *w = next_word(ps);
    return true;
}

static bool parse_line(struct parser *ps)
{
    struct word w = next_word(ps);

    if (w.len == 0 && ps->p == ps->end)
        return true;
    if (!parse_time(ps, &w))
        return false;
    if (w.len == 0)
        return fail(ps, "an action is missing");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (is_word(w, actions[i].name))
            return actions[i].parse(ps) && line_ends(ps);
    return fail(ps, "unknown action '%.*s'", shown(w), w.at);
}

int script_parse(struct script *script, const char *source, size_t n, char *err, size_t err_size)
{
    struct parser ps = {.script = script, .err = err, .err_size = err_size};
    const char *p = source, *end = source + n;

    *script = (struct script){0};
    while (p < end) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));

        ps.line++;
        ps.p = p;
        ps.end = eol != NULL ? eol : end;
        p = eol != NULL ? eol + 1 : end;
        if (!parse_line(&ps))
            return -1;
    }
    return 0;
}

void script_free(struct script *script)
{
    for (size_t i = 0; i < script->count; i++)
        free(script->steps[i].text);
    free(script->steps);
    *script = (struct script){0};
}
