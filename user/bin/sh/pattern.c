/* Pattern matching: * ? [...] and backslash. */
#include <string.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

static bool class_has(const char *name, size_t n, unsigned char c)
{
    tool_class_fn *test = tool_class(name, n);
    return test && test(c) != 0;
}

/*
 * Match c against the bracket expression behind '[' at p. Returns what follows the closing bracket,
 * or NULL when there is none ('[' then stands for itself).
 */
static const char *bracket_match(const char *p, unsigned char c, bool *matched)
{
    bool negate = *p == '!' || *p == '^';
    const char *first = p + negate;
    bool found = false;

    for (p = first; *p != ']' || p == first;) {
        unsigned char low, high;

        if (*p == '[' && p[1] == ':') {
            const char *end = strstr(p + 2, ":]");

            if (end) {
                found |= class_has(p + 2, (size_t)(end - p - 2), c);
                p = end + 2;
                continue;
            }
        }
        if (*p == '\\' && p[1])
            p++;
        if (!*p)
            return NULL;
        low = high = (unsigned char)*p++;
        if (*p == '-' && p[1] && p[1] != ']') {
            p++;
            if (*p == '\\' && p[1])
                p++;
            high = (unsigned char)*p++;
        }
        found |= low <= c && c <= high;
    }
    *matched = found != negate;
    return p + 1;
}

/* Match one character at the head of the pattern; the rest of the pattern, or NULL. */
static const char *one_match(const char *p, unsigned char c)
{
    const char *rest;
    bool matched;

    if (*p == '?')
        return p + 1;
    if (*p == '[') {
        rest = bracket_match(p + 1, c, &matched);
        if (rest)
            return matched ? rest : NULL;
    }
    if (*p == '\\' && p[1])
        p++;
    return *p && (unsigned char)*p == c ? p + 1 : NULL;
}

/*
 * Only the last star needs to be remembered: if the text behind an earlier star matched somewhere,
 * a later place for it cannot help the rest.
 */
bool pattern_match_n(const char *pattern, const char *s, size_t n)
{
    const char *star = NULL;
    size_t star_at = 0;
    size_t i = 0;

    for (;;) {
        const char *next;

        while (*pattern == '*') {
            star = ++pattern;
            star_at = i;
        }
        if (i == n && !*pattern)
            return true;
        next = i < n ? one_match(pattern, (unsigned char)s[i]) : NULL;
        if (next) {
            pattern = next;
            i++;
            continue;
        }
        if (!star || star_at == n)
            return false;
        pattern = star;
        i = ++star_at;
    }
}

bool pattern_match(const char *pattern, const char *s)
{
    return pattern_match_n(pattern, s, strlen(s));
}

bool pattern_is_special(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        else if (*pattern == '*' || *pattern == '?')
            return true;
        else if (*pattern == '[' && strchr(pattern + 1, ']'))
            return true;
    }
    return false;
}

void pattern_unescape(char *pattern)
{
    char *to = pattern;

    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        *to++ = *pattern;
    }
    *to = '\0';
}
