#include "tools/emu/props.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the word at `p` at its comma; doubled ones become single. Returns the next word or NULL. */
static char *cut_word(char *p)
{
    char *to = p;

    for (; *p != '\0'; p++) {
        if (*p == ',') {
            if (p[1] != ',') {
                *to = '\0';
                return p + 1;
            }
            p++;
        }
        *to++ = *p;
    }
    *to = '\0';
    return NULL;
}

/* Those of -netdev user of which there may be several. */
static bool is_list(const char *name)
{
    return strcmp(name, "hostfwd") == 0 || strcmp(name, "guestfwd") == 0 ||
           strcmp(name, "dnssearch") == 0;
}

static bool add(struct props *props, const char *name, const char *value, char *err,
                size_t err_size)
{
    if (name[0] == '\0') {
        snprintf(err, err_size, "a property has no name");
        return false;
    }
    for (unsigned i = 0; i < props->count; i++) {
        if (strcmp(props->list[i].name, name) == 0 && !is_list(name)) {
            snprintf(err, err_size, "'%s' is given twice", name);
            return false;
        }
    }
    if (props->count == PROPS_MAX) {
        snprintf(err, err_size, "too many properties");
        return false;
    }
    props->list[props->count].name = name;
    props->list[props->count].used = false;
    props->list[props->count++].value = value;
    return true;
}

int props_parse(struct props *props, const char *text, const char *first, char *err,
                size_t err_size)
{
    char *word, *next;

    *props = (struct props){.text = strdup(text)};
    if (props->text == NULL) {
        snprintf(err, err_size, "out of memory");
        return -1;
    }
    for (word = props->text; word != NULL; word = next) {
        char *equals;
        bool ok;
        next = cut_word(word);
        equals = strchr(word, '=');
        if (equals != NULL)
            *equals = '\0';
        if (equals == NULL && word == props->text && first != NULL)
            ok = add(props, first, word, err, err_size);
        else
            ok = add(props, word, equals != NULL ? equals + 1 : "on", err, err_size);
        if (!ok) {
            props_free(props);
            return -1;
        }
    }
    return 0;
}

void props_free(struct props *props)
{
    free(props->text);
    *props = (struct props){0};
}

const char *props_get(struct props *props, const char *name)
{
    for (unsigned i = 0; i < props->count; i++) {
        if (strcmp(props->list[i].name, name) == 0 && !is_list(name)) {
            props->list[i].used = true;
            return props->list[i].value;
        }
    }
    return NULL;
}

bool props_bool(struct props *props, const char *name, bool *value, char *err, size_t err_size)
{
    const char *text = props_get(props, name);

    if (text == NULL)
        return true;
    if (strcmp(text, "on") == 0 || strcmp(text, "true") == 0 || strcmp(text, "yes") == 0) {
        *value = true;
        return true;
    }
    if (strcmp(text, "off") == 0 || strcmp(text, "false") == 0 || strcmp(text, "no") == 0) {
        *value = false;
        return true;
    }
    snprintf(err, err_size, "%s: '%s' is not on or off", name, text);
    return false;
}

bool props_u64(struct props *props, const char *name, uint64_t min, uint64_t max, uint64_t *value,
               char *err, size_t err_size)
{
    const char *text = props_get(props, name);
    uint64_t n = 0;
    char *end = NULL;

    if (text == NULL)
        return true;
    errno = 0;
    if (text[0] >= '0' && text[0] <= '9')
        n = strtoull(text, &end, 0);
    if (end == NULL || *end != '\0' || errno != 0 || n < min || n > max) {
        snprintf(err, err_size, "%s: '%s' is not a number from %llu to %llu", name, text,
                 (unsigned long long)min, (unsigned long long)max);
        return false;
    }
    *value = n;
    return true;
}

const char *props_unknown(const struct props *props)
{
    for (unsigned i = 0; i < props->count; i++)
        if (!props->list[i].used)
            return props->list[i].name;
    return NULL;
}
