#include "lib/isa_string.h"

#include <stddef.h>
#include "lib/string.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_separator(char c)
{
    return c == '\0' || c == '_';
}

static size_t without_digits(const char *s, size_t length)
{
    while (length > 0 && is_digit(s[length - 1]))
        length--;
    return length;
}

/* The length of a name without the version at its end: digits, or digits, p and digits. */
static size_t without_version(const char *s, size_t length)
{
    size_t shorter = without_digits(s, length);
    if (shorter == length || shorter < 2 || s[shorter - 1] != 'p')
        return shorter;
    size_t major = without_digits(s, shorter - 1);
    return major < shorter - 1 ? major : shorter;
}

/* Behind the version of a single letter, if there is one. */
static const char *skip_version(const char *p)
{
    const char *start = p;
    while (is_digit(*p))
        p++;
    if (p > start && *p == 'p' && is_digit(p[1]))
        for (p++; is_digit(*p);)
            p++;
    return p;
}

/* Is this what the letter g stands for? */
static bool in_g(const char *extension)
{
    if (extension[0] && !extension[1])
        return strchr("imafdg", extension[0]) != NULL;
    return strcmp(extension, "zicsr") == 0 || strcmp(extension, "zifencei") == 0;
}

bool isa_string_has(const char *isa, const char *extension)
{
    size_t length = strlen(extension);
    const char *p = isa;
    if (strncmp(p, "rv", 2) == 0)
        for (p += 2; is_digit(*p);)
            p++;
    while (*p) {
        size_t n = 0;
        if (*p == '_') {
            p++;
            continue;
        }
        if (*p == 's' || *p == 'x' || *p == 'z')
            while (!is_separator(p[n]))
                n++;
        if (*p == 'g' && in_g(extension))
            return true;
        size_t name = n ? without_version(p, n) : 1;
        if (name == length && strncmp(p, extension, length) == 0)
            return true;
        p = n ? p + n : skip_version(p + 1);
    }
    return false;
}
