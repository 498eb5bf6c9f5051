/* The character classes of bracket expressions. */
#include <ctype.h>
#include <string.h>

#include "user/lib/tool.h"

tool_class_fn *tool_class(const char *name, size_t size)
{
    static const struct {
        const char *name;
        tool_class_fn *test;
    } classes[] = {
        {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
        {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
        {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
    };

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (strlen(classes[i].name) == size && strncmp(classes[i].name, name, size) == 0)
            return classes[i].test;
    }
    return NULL;
}
