#include "tools/emu/keys.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

struct key {
    const char *name;
    uint8_t code, usage, am;
};

static const struct key table[] = {
#define KEY(name, evdev, usage, am) {#name, evdev, usage, am},
#include "hw/key.def"
};
enum { KEY_COUNT = sizeof table / sizeof table[0] };

unsigned keys_by_name(const char *name, size_t n)
{
    for (unsigned i = 0; i < KEY_COUNT; i++)
        if (strlen(table[i].name) == n && strncasecmp(table[i].name, name, n) == 0)
            return table[i].code;
    return 0;
}

unsigned keys_by_usage(unsigned usage)
{
    for (unsigned i = 0; i < KEY_COUNT; i++)
        if (table[i].usage == usage)
            return table[i].code;
    return 0;
}

static const struct key *by_code(unsigned code)
{
    for (unsigned i = 0; i < KEY_COUNT; i++)
        if (table[i].code == code)
            return &table[i];
    return NULL;
}

const char *keys_name(unsigned code)
{
    const struct key *key = by_code(code);

    return key != NULL ? key->name : NULL;
}

unsigned keys_am(unsigned code)
{
    const struct key *key = by_code(code);

    return key != NULL ? key->am : 0;
}

unsigned keys_by_character(char c, bool *shifted)
{
    /* Keys whose names are not the characters on them: name, plain, with shift. */
    static const struct {
        const char *name;
        char plain, shifted;
    } others[] = {
        {"1", '1', '!'},           {"2", '2', '@'},
        {"3", '3', '#'},           {"4", '4', '$'},
        {"5", '5', '%'},           {"6", '6', '^'},
        {"7", '7', '&'},           {"8", '8', '*'},
        {"9", '9', '('},           {"0", '0', ')'},
        {"MINUS", '-', '_'},       {"EQUALS", '=', '+'},
        {"LEFTBRACKET", '[', '{'}, {"RIGHTBRACKET", ']', '}'},
        {"BACKSLASH", '\\', '|'},  {"SEMICOLON", ';', ':'},
        {"APOSTROPHE", '\'', '"'}, {"GRAVE", '`', '~'},
        {"COMMA", ',', '<'},       {"PERIOD", '.', '>'},
        {"SLASH", '/', '?'},       {"SPACE", ' ', '\0'},
        {"RETURN", '\n', '\0'},    {"RETURN", '\r', '\0'},
        {"TAB", '\t', '\0'},       {"BACKSPACE", '\b', '\0'},
        {"ESCAPE", '\033', '\0'},
    };

    *shifted = c >= 'A' && c <= 'Z';
    if (*shifted || (c >= 'a' && c <= 'z'))
        return keys_by_name(&c, 1);
    for (unsigned i = 0; c != '\0' && i < sizeof others / sizeof others[0]; i++) {
        *shifted = c == others[i].shifted;
        if (c == others[i].plain || *shifted)
            return keys_by_name(others[i].name, strlen(others[i].name));
    }
    return 0;
}
