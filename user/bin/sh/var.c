/* Variables, their local frames, positional parameters. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

enum { VAR_BUCKETS = 61 };

static struct var *variables[VAR_BUCKETS];

/* What a variable was before it became local. */
struct var_saved {
    struct var_saved *next;
    char *name;
    char *value;
    bool exported, readonly;
};

struct var_frame {
    struct var_frame *below;
    struct var_saved *saved;
};

static struct var_frame *frames;

static struct var **var_bucket(const char *name)
{
    unsigned hash = 5381;

    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return &variables[hash % VAR_BUCKETS];
}

struct var *var_find(const char *name)
{
    struct var *v = *var_bucket(name);

    while (v && strcmp(v->name, name) != 0)
        v = v->next;
    return v;
}

static struct var *var_make(const char *name)
{
    struct var *v = var_find(name);
    struct var **bucket;

    if (v)
        return v;
    bucket = var_bucket(name);
    v = tool_alloc(sizeof(*v));
    *v = (struct var){.next = *bucket, .name = tool_strdup(name)};
    *bucket = v;
    return v;
}

const char *var_get(const char *name)
{
    const struct var *v = var_find(name);

    return v ? v->value : NULL;
}

static void var_replace(struct var *v, char *value)
{
    free(v->value);
    v->value = value;
    if (strcmp(v->name, "OPTIND") == 0)
        sh.getopts_at = 0;
}

bool var_set(const char *name, const char *value)
{
    struct var *v = var_make(name);

    if (v->readonly) {
        sh_fail(2, "%s: is read only", name);
        return false;
    }
    var_replace(v, tool_strdup(value));
    v->exported |= sh.opt_allexport;
    return true;
}

bool var_set_number(const char *name, long long value)
{
    char text[24];

    fmt_snprint(text, sizeof(text), "%lld", value);
    return var_set(name, text);
}

bool var_unset(const char *name)
{
    struct var *v = var_find(name);

    if (!v)
        return true;
    if (v->readonly) {
        sh_fail(2, "%s: is read only", name);
        return false;
    }
    var_replace(v, NULL);
    v->exported = false;
    return true;
}

void var_export(const char *name)
{
    var_make(name)->exported = true;
}

void var_readonly(const char *name)
{
    var_make(name)->readonly = true;
}

char **var_environment(void)
{
    char **environment;
    size_t count = 0;

    for (int i = 0; i < VAR_BUCKETS; i++) {
        for (const struct var *v = variables[i]; v; v = v->next)
            count += v->exported && v->value;
    }
    environment = arena_alloc(sh.temp, (count + 1) * sizeof(*environment));
    count = 0;
    for (int i = 0; i < VAR_BUCKETS; i++) {
        for (const struct var *v = variables[i]; v; v = v->next) {
            size_t name_len;
            char *s;

            if (!v->exported || !v->value)
                continue;
            name_len = strlen(v->name);
            s = arena_alloc(sh.temp, name_len + strlen(v->value) + 2);
            memcpy(s, v->name, name_len);
            s[name_len] = '=';
            strcpy(s + name_len + 1, v->value);
            environment[count++] = s;
        }
    }
    return environment;
}

void var_quote(const char *s)
{
    do {
        size_t n = strcspn(s, "'");

        if (n > 0 || !*s) {
            out_char('\'');
            out_write(s, n);
            out_char('\'');
            s += n;
        }
        n = strspn(s, "'");
        if (n > 0) {
            out_char('"');
            out_write(s, n);
            out_char('"');
            s += n;
        }
    } while (*s);
}

static int var_compare(const void *a, const void *b)
{
    return strcmp((*(struct var *const *)a)->name, (*(struct var *const *)b)->name);
}

void var_list(enum var_list which)
{
    static const char *const prefixes[] = {"", "export ", "readonly "};
    struct arena_mark mark = arena_mark(sh.temp);
    const struct var **sorted;
    size_t count = 0;

    for (int i = 0; i < VAR_BUCKETS; i++) {
        for (const struct var *v = variables[i]; v; v = v->next)
            count++;
    }
    sorted = arena_alloc(sh.temp, (count + 1) * sizeof(*sorted));
    count = 0;
    for (int i = 0; i < VAR_BUCKETS; i++) {
        for (const struct var *v = variables[i]; v; v = v->next) {
            if (which == VAR_ALL        ? v->value != NULL
                : which == VAR_EXPORTED ? v->exported
                                        : v->readonly)
                sorted[count++] = v;
        }
    }
    qsort(sorted, count, sizeof(*sorted), var_compare);
    for (size_t i = 0; i < count; i++) {
        out_fmt("%s%s", prefixes[which], sorted[i]->name);
        if (sorted[i]->value) {
            out_char('=');
            var_quote(sorted[i]->value);
        }
        out_char('\n');
    }
    arena_release(sh.temp, mark);
}

struct var_frame *var_push(void)
{
    struct var_frame *frame = tool_alloc(sizeof(*frame));

    frame->below = frames;
    frame->saved = NULL;
    frames = frame;
    return frame;
}

void var_pop(struct var_frame *frame)
{
    frames = frame->below;
    while (frame->saved) {
        struct var_saved *saved = frame->saved;
        struct var *v = var_make(saved->name);

        frame->saved = saved->next;
        var_replace(v, saved->value);
        v->exported = saved->exported;
        v->readonly = saved->readonly;
        free(saved->name);
        free(saved);
    }
    free(frame);
}

bool var_make_local(const char *name)
{
    struct var_saved *saved;
    struct var *v;

    if (!frames)
        return false;
    for (saved = frames->saved; saved; saved = saved->next) {
        if (strcmp(saved->name, name) == 0)
            return true;
    }
    v = var_make(name);
    saved = tool_alloc(sizeof(*saved));
    *saved = (struct var_saved){
        .next = frames->saved,
        .name = tool_strdup(name),
        .value = v->value ? tool_strdup(v->value) : NULL,
        .exported = v->exported,
        .readonly = v->readonly,
    };
    frames->saved = saved;
    return true;
}

void var_init(char **environment)
{
    char parent[24];

    for (; *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        size_t n = equals ? (size_t)(equals - *environment) : 0;
        char *name;

        if (!equals || !parse_is_name(*environment, n))
            continue;
        name = tool_alloc(n + 1);
        memcpy(name, *environment, n);
        name[n] = '\0';
        var_set(name, equals + 1);
        var_export(name);
        free(name);
    }
    var_set("IFS", " \t\n");
    var_set("OPTIND", "1");
    var_set("PS1", getuid() == 0 ? "tarn# " : "$ ");
    var_set("PS2", "> ");
    var_set("PS4", "+ ");
    fmt_snprint(parent, sizeof(parent), "%d", (int)getppid());
    var_set("PPID", parent);
    if (!var_get("PATH"))
        var_set("PATH", "/bin:/sbin");
}

void params_set(struct params *p, char **v, int count)
{
    p->count = count;
    p->v = tool_alloc((size_t)(count + 1) * sizeof(*p->v));
    for (int i = 0; i < count; i++)
        p->v[i] = tool_strdup(v[i]);
    p->v[count] = NULL;
}

void params_free(struct params *p)
{
    for (int i = 0; i < p->count; i++)
        free(p->v[i]);
    free(p->v);
    *p = (struct params){0};
}

/* ---- functions ---- */

static struct function *functions;

struct function *function_find(const char *name)
{
    struct function *f = functions;

    while (f && strcmp(f->name, name) != 0)
        f = f->next;
    return f;
}

void function_unset(const char *name)
{
    struct function **link = &functions;

    while (*link && strcmp((*link)->name, name) != 0)
        link = &(*link)->next;
    if (*link) {
        struct function *f = *link;

        *link = f->next;
        arena_put(f->arena);
        free(f->name);
        free(f);
    }
}

void function_define(const char *name, struct node *body, struct arena *arena)
{
    struct function *f = tool_alloc(sizeof(*f));

    arena_ref(arena);
    function_unset(name);
    *f = (struct function){
        .next = functions, .name = tool_strdup(name), .body = body, .arena = arena};
    functions = f;
}
