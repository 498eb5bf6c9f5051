#include "tools/emu/when.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* *value * 10 + digit, if that fits. */
static bool append_digit(uint64_t *value, char digit)
{
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, (uint64_t)(digit - '0'), value);
}

bool when_duration(const char *string, size_t n, uint64_t *ns)
{
    static const struct {
        const char *name;
        unsigned digits; /* after the point that are not less than 1 ns */
    } units[] = {{"s", 9}, {"ms", 6}, {"us", 3}, {"ns", 0}};
    unsigned fraction = 0, digits = 0;
    bool point = false;
    uint64_t value = 0;
    size_t i;

    for (i = 0; i < n && (is_digit(string[i]) || (string[i] == '.' && !point)); i++) {
        if (string[i] == '.') {
            point = true;
            continue;
        }
        digits++;
        fraction += point;
        if (!append_digit(&value, string[i]))
            return false;
    }
    if (digits == 0 || (point && fraction == 0))
        return false;
    for (unsigned k = 0; k < sizeof units / sizeof units[0]; k++) {
        if (strlen(units[k].name) != n - i || memcmp(string + i, units[k].name, n - i) != 0)
            continue;
        if (fraction > units[k].digits)
            return false;
        for (; fraction < units[k].digits; fraction++)
            if (!append_digit(&value, '0'))
                return false;
        *ns = value;
        return true;
    }
    return false;
}

static bool instructions(const char *string, uint64_t *value)
{
    if (!is_digit(*string))
        return false;
    for (*value = 0; is_digit(*string); string++)
        if (!append_digit(value, *string))
            return false;
    return strcmp(string, "i") == 0;
}

bool when_parse(const char *string, struct when *when)
{
    static const char text[] = "text:";

    *when = (struct when){.kind = WHEN_END};
    if (strcmp(string, "end") == 0)
        return true;
    if (strncmp(string, text, sizeof text - 1) == 0) {
        when->kind = WHEN_TEXT;
        when->text = string + sizeof text - 1;
        return when->text[0] != '\0';
    }
    when->kind = WHEN_INSTRUCTIONS;
    if (instructions(string, &when->value))
        return true;
    when->kind = WHEN_TIME;
    return when_duration(string, strlen(string), &when->value);
}

bool text_match_byte(struct text_match *match, uint8_t byte)
{
    const char *text = match->text;
    size_t n = match->matched;

    for (;;) {
        if (byte == (uint8_t)text[n]) {
            n++;
            break;
        }
        if (n == 0)
            break;
        /* fall back to the next shorter beginning of the text that is also an end of text[0..n) */
        size_t shorter = n - 1;
        while (shorter > 0 && memcmp(text, text + n - shorter, shorter) != 0)
            shorter--;
        n = shorter;
    }
    match->matched = n == match->len ? 0 : n;
    return n == match->len;
}
