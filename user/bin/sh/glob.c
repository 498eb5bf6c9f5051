/* Pathname expansion. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "user/bin/sh/sh.h"

static void glob_walk(struct strbuf *path, const char *pattern, struct strlist *out);

/* Take the component up to the slash at `end` literally (without its escapes). */
static void glob_literal(struct strbuf *path, const char *pattern, size_t n, const char *rest,
                         struct strlist *out)
{
    size_t length = path->len;
    struct stat st;

    for (size_t i = 0; i < n; i++) {
        if (pattern[i] == '\\' && i + 1 < n)
            i++;
        strbuf_char(path, pattern[i]);
    }
    while (*rest == '/')
        strbuf_char(path, *rest++);
    if (*rest)
        glob_walk(path, rest, out);
    else if (lstat(strbuf_get(path), &st) == 0)
        strlist_add(out, arena_strdup(sh.temp, strbuf_get(path)));
    path->len = length;
}

/* Append a name that matched, and what of the pattern follows it. */
static void glob_found(struct strbuf *path, const char *name, const char *rest, struct strlist *out)
{
    size_t length = path->len;
    struct stat st;

    strbuf_str(path, name);
    if (!*rest) {
        strlist_add(out, arena_strdup(sh.temp, strbuf_get(path)));
    } else if (stat(strbuf_get(path), &st) == 0 && S_ISDIR(st.st_mode)) {
        while (*rest == '/')
            strbuf_char(path, *rest++);
        if (*rest)
            glob_walk(path, rest, out);
        else
            strlist_add(out, arena_strdup(sh.temp, strbuf_get(path)));
    }
    path->len = length;
}

/* Expand pattern, which does not start with a slash, below the directory that path names. */
static void glob_walk(struct strbuf *path, const char *pattern, struct strlist *out)
{
    size_t n = strcspn(pattern, "/");
    char *component = arena_strndup(sh.temp, pattern, n);
    struct dirent *entry;
    DIR *dir;

    if (!pattern_is_special(component)) {
        glob_literal(path, pattern, n, pattern + n, out);
        return;
    }
    dir = opendir(path->len ? strbuf_get(path) : ".");
    if (!dir)
        return;
    while ((entry = readdir(dir))) {
        bool dots = component[0] == '.' || (component[0] == '\\' && component[1] == '.');

        if ((entry->d_name[0] != '.' || dots) && pattern_match(component, entry->d_name))
            glob_found(path, entry->d_name, pattern + n, out);
    }
    closedir(dir);
}

static int glob_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int glob_expand(const char *pattern, struct strlist *out)
{
    struct strbuf path = {0};
    int before = out->count;

    while (*pattern == '/')
        strbuf_char(&path, *pattern++);
    glob_walk(&path, pattern, out);
    strbuf_free(&path);
    if (out->count > before)
        qsort(out->v + before, (size_t)(out->count - before), sizeof(*out->v), glob_compare);
    return out->count - before;
}
