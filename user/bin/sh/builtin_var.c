/* Built-ins about variables and options. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

/* The name in front of '=' (or all of s) in sh.temp; NULL after a message if it is not a name. */
static char *operand_name(const char *command, const char *s, const char **value)
{
    const char *equals = strchr(s, '=');
    size_t n = equals ? (size_t)(equals - s) : strlen(s);

    *value = equals ? equals + 1 : NULL;
    if (!parse_is_name(s, n)) {
        sh_fail(2, "%s: %s: bad variable name", command, s);
        return NULL;
    }
    return arena_strndup(sh.temp, s, n);
}

/* export and readonly. */
int builtin_export(int argc, char **argv)
{
    bool exporting = argv[0][0] == 'e';
    int i = 1;

    if (i < argc && strcmp(argv[i], "-p") == 0)
        i++;
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    if (i >= argc)
        var_list(exporting ? VAR_EXPORTED : VAR_READONLY);
    for (; i < argc; i++) {
        const char *value;
        char *name = operand_name(argv[0], argv[i], &value);

        if (!name || (value && !var_set(name, value)))
            return 2;
        if (exporting)
            var_export(name);
        else
            var_readonly(name);
    }
    return 0;
}

int builtin_local(int argc, char **argv)
{
    if (sh.functions == 0) {
        sh_fail(2, "local: not in a function");
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        const char *value;
        char *name = operand_name(argv[0], argv[i], &value);

        if (!name)
            return 2;
        var_make_local(name);
        if (value && !var_set(name, value))
            return 2;
    }
    return 0;
}

int builtin_unset(int argc, char **argv)
{
    bool functions = false;
    int i;

    for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (strcmp(argv[i], "-f") != 0 && strcmp(argv[i], "-v") != 0) {
            sh_fail(2, "unset: Illegal option %s", argv[i]);
            return 2;
        }
        functions = argv[i][1] == 'f';
    }
    for (; i < argc; i++) {
        if (functions)
            function_unset(argv[i]);
        else if (!parse_is_name(argv[i], strlen(argv[i]))) {
            sh_fail(2, "unset: %s: bad variable name", argv[i]);
            return 2;
        } else if (!var_unset(argv[i]))
            return 2;
    }
    return 0;
}

/* `set -o` and `set +o` without a name, or with one. */
static bool set_named(const char *name, bool on)
{
    bool *option;

    if (!name) {
        option_list(!on);
        return true;
    }
    option = option_by_name(name);
    if (!option) {
        sh_fail(2, "Illegal option -o %s", name);
        return false;
    }
    *option = on;
    return true;
}

int set_options(int argc, char **argv, bool command_line)
{
    int i;

    for (i = 1; i < argc && (argv[i][0] == '-' || argv[i][0] == '+'); i++) {
        bool on = argv[i][0] == '-';

        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        if (!argv[i][1])
            return command_line && on ? i + 1 : i;
        for (const char *p = argv[i] + 1; *p; p++) {
            bool *option = option_by_letter(*p);

            if (*p == 'o') {
                bool named = i + 1 < argc && !p[1];

                if (!set_named(named ? argv[i + 1] : NULL, on))
                    return -1;
                i += named;
                break;
            }
            if (!option || (!command_line && strchr("cis", *p))) {
                sh_fail(2, "Illegal option -%c", *p);
                return -1;
            }
            *option = on;
        }
    }
    return i;
}

int builtin_set(int argc, char **argv)
{
    struct params params;
    int first;

    if (argc == 1) {
        var_list(VAR_ALL);
        return 0;
    }
    first = set_options(argc, argv, false);
    if (first < 0)
        return 2;
    if (first < argc || strcmp(argv[argc - 1], "--") == 0) {
        params_set(&params, argv + first, argc - first);
        params_free(&sh.params);
        sh.params = params;
        sh.getopts_at = 0;
    }
    return 0;
}

/* The letter a getopts call found, with what goes into OPTARG. */
struct getopts {
    const char *spec;
    bool silent;
    char option; /* what the variable becomes: the letter, '?' or ':' */
    char letter; /* what was found */
    const char *arg;
};

/* Take the next option letter from args[*index]. False at the end of options. */
static bool getopts_step(struct getopts *g, char **args, int count, int *index)
{
    const char *word, *known;

    if (*index >= count)
        return false;
    word = args[*index];
    if (sh.getopts_at == 0) {
        if (word[0] != '-' || !word[1])
            return false;
        if (strcmp(word, "--") == 0) {
            (*index)++;
            return false;
        }
        sh.getopts_at = 1;
    }
    g->letter = g->option = word[sh.getopts_at++];
    known = g->letter == ':' ? NULL : strchr(g->spec, g->letter);
    if (known && known[1] == ':') {
        g->arg = word[sh.getopts_at] ? word + sh.getopts_at : NULL;
        if (!g->arg && *index + 1 < count)
            g->arg = args[++*index];
        if (!g->arg)
            g->option = g->silent ? ':' : '?';
        sh.getopts_at = 0;
        (*index)++;
        return true;
    }
    if (!known)
        g->option = '?';
    if (!word[sh.getopts_at]) {
        sh.getopts_at = 0;
        (*index)++;
    }
    return true;
}

static void getopts_report(const struct getopts *g)
{
    char letter[2] = {g->letter, '\0'};
    bool failed = g->option == ':' || (g->option == '?' && g->letter);

    if (failed && g->silent) {
        var_set("OPTARG", letter);
        return;
    }
    if (failed) {
        sh_warn(strchr(g->spec, g->letter) ? "No arg for -%c option" : "Illegal option -%c",
                g->letter);
        var_unset("OPTARG");
    } else if (g->arg) {
        var_set("OPTARG", g->arg);
    } else {
        var_unset("OPTARG");
    }
}

int builtin_getopts(int argc, char **argv)
{
    struct getopts g = {.option = '?'};
    const char *optind = var_get("OPTIND");
    char text[2] = "";
    long long index = 1;
    bool more;
    int at;
    int i;

    if (argc < 3) {
        sh_fail(2, "Usage: getopts optstring var [arg...]");
        return 2;
    }
    if (optind && !tool_number(optind, 1, INT32_MAX, &index))
        index = 1;
    g.silent = argv[1][0] == ':';
    g.spec = argv[1] + g.silent;
    i = (int)index - 1;
    more = argc > 3 ? getopts_step(&g, argv + 3, argc - 3, &i)
                    : getopts_step(&g, sh.params.v, sh.params.count, &i);
    at = sh.getopts_at;
    var_set_number("OPTIND", i + 1);
    sh.getopts_at = more ? at : 0;
    getopts_report(&g);
    text[0] = more ? g.option : '?';
    if (!parse_is_name(argv[2], strlen(argv[2]))) {
        sh_fail(2, "getopts: %s: bad variable name", argv[2]);
        return 2;
    }
    if (!var_set(argv[2], text))
        return 2;
    return more ? 0 : 1;
}

/* ---- read ---- */

/* Read a line from standard input, byte by byte as others may read on. False at the end. */
static bool read_line(struct expansion *e, bool raw)
{
    for (;;) {
        char c;

        if (read(STDIN_FILENO, &c, 1) != 1)
            return false;
        if (c == '\\' && !raw) {
            if (read(STDIN_FILENO, &c, 1) != 1)
                return false;
            if (c != '\n')
                expansion_add(e, &c, 1, MARK_QUOTED);
        } else if (c == '\n') {
            return true;
        } else if (c) {
            expansion_add(e, &c, 1, MARK_SPLIT);
        }
    }
}

static bool read_is_ifs(const struct expansion *e, size_t i, const char *ifs, bool blank)
{
    char c = e->bytes.s[i];

    return e->marks.s[i] == MARK_SPLIT && strchr(ifs, c) && (!blank || strchr(" \t\n", c));
}

/* The next field from *at on, which is advanced past its delimiter. */
static char *read_field(const struct expansion *e, size_t *at, const char *ifs)
{
    size_t n = e->bytes.len;
    size_t start = *at;
    size_t end;

    while (*at < n && !read_is_ifs(e, *at, ifs, false))
        (*at)++;
    end = *at;
    while (*at < n && read_is_ifs(e, *at, ifs, true))
        (*at)++;
    if (*at < n && read_is_ifs(e, *at, ifs, false) && !read_is_ifs(e, *at, ifs, true)) {
        (*at)++;
        while (*at < n && read_is_ifs(e, *at, ifs, true))
            (*at)++;
    }
    return arena_strndup(sh.temp, e->bytes.s + start, end - start);
}

/* What is left for the last variable: delimiters and all, but not the trailing IFS white space. */
static char *read_rest(const struct expansion *e, size_t start, const char *ifs)
{
    size_t end = e->bytes.len;
    size_t after = start;

    if (start >= end)
        return arena_strdup(sh.temp, "");
    /* When only one more field follows, its closing delimiter goes as well. */
    char *only = read_field(e, &after, ifs);

    if (after >= end)
        return only;
    while (end > start && read_is_ifs(e, end - 1, ifs, true))
        end--;
    return arena_strndup(sh.temp, e->bytes.s + start, end - start);
}

int builtin_read(int argc, char **argv)
{
    struct expansion e = {.failed = false};
    const char *ifs = var_get("IFS");
    bool raw = false;
    bool complete;
    size_t at = 0;
    int status;
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "-p") == 0 && i + 1 < argc) {
            tool_write_all(STDERR_FILENO, argv[i + 1], strlen(argv[i + 1]));
            i++;
        } else if (strcmp(argv[i], "-r") == 0) {
            raw = true;
        } else if (strcmp(argv[i], "--") != 0) {
            sh_fail(2, "read: Illegal option %s", argv[i]);
            return 2;
        }
    }
    if (i >= argc) {
        sh_fail(2, "read: arg count");
        return 2;
    }
    complete = read_line(&e, raw);
    status = complete ? 0 : 1;
    if (!ifs)
        ifs = " \t\n";
    while (at < e.bytes.len && read_is_ifs(&e, at, ifs, true))
        at++;
    for (; i < argc; i++) {
        char *value = i + 1 < argc ? read_field(&e, &at, ifs) : read_rest(&e, at, ifs);

        if (!parse_is_name(argv[i], strlen(argv[i]))) {
            sh_fail(2, "read: %s: bad variable name", argv[i]);
            status = 2;
            break;
        }
        if (!var_set(argv[i], value)) {
            status = 2;
            break;
        }
    }
    expansion_free(&e);
    return status;
}
