/* Options of a command line. */
#include <string.h>

#include "user/lib/tool.h"

const char *tool_argument;
int tool_index = 1;

static int
    word; /* the word with the options being read; words between tool_index and it are operands */
static size_t at; /* the next letter in it; 0: none is being read */

static bool is_option(const char *s)
{
    return s[0] == '-' && s[1];
}

/* The word, and `count` - 1 behind it, are done: move them in front of the operands skipped. */
static void word_done(char **argv, int count)
{
    for (int i = 0; i < count; i++) {
        char *moved = argv[word + i];

        memmove(argv + tool_index + 1, argv + tool_index,
                (size_t)(word + i - tool_index) * sizeof(*argv));
        argv[tool_index++] = moved;
    }
    at = 0;
}

/* Find the next word with options. False if there is none. */
static bool next_word(int argc, char **argv, bool permute)
{
    for (word = tool_index; word < argc && !is_option(argv[word]); word++) {
        if (!permute)
            return false;
    }
    if (word >= argc)
        return false;
    if (strcmp(argv[word], "--") == 0) {
        word_done(argv, 1);
        return false;
    }
    at = 1;
    return true;
}

int tool_option(int argc, char **argv, const char *spec)
{
    bool permute = *spec != '+';
    const char *known;
    char c;

    if (at == 0 && !next_word(argc, argv, permute))
        return -1;
    c = argv[word][at++];
    if (c == '-' && at == 2) {
        tool_warn("unrecognized option '%s'", argv[word]);
        word_done(argv, 1);
        return '?';
    }
    known = c == ':' || c == '+' ? NULL : strchr(spec, c);
    if (!known)
        tool_warn("invalid option -- '%c'", c);
    if (known && known[1] == ':') {
        bool inside = argv[word][at] != '\0';

        if (inside || word + 1 < argc) {
            tool_argument = inside ? argv[word] + at : argv[word + 1];
            word_done(argv, inside ? 1 : 2);
            return c;
        }
        tool_warn("option requires an argument -- '%c'", c);
        known = NULL;
    }
    if (!argv[word][at])
        word_done(argv, 1);
    return known ? c : '?';
}
