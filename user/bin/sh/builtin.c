/* The table of built-ins, and those that only steer execution. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

static const struct builtin builtins[] = {
    {".", builtin_dot, true},           {":", builtin_colon, true},
    {"[", builtin_test, false},         {"break", builtin_break, true},
    {"cd", builtin_cd, false},          {"command", builtin_command, false},
    {"continue", builtin_break, true},  {"echo", builtin_echo, false},
    {"eval", builtin_eval, true},       {"exec", builtin_exec, true},
    {"exit", builtin_exit, true},       {"export", builtin_export, true},
    {"false", builtin_false, false},    {"getopts", builtin_getopts, false},
    {"jobs", builtin_jobs, false},      {"kill", builtin_kill, false},
    {"local", builtin_local, false},    {"printf", builtin_printf, false},
    {"pwd", builtin_pwd, false},        {"read", builtin_read, false},
    {"readonly", builtin_export, true}, {"return", builtin_return, true},
    {"set", builtin_set, true},         {"shift", builtin_shift, true},
    {"test", builtin_test, false},      {"times", builtin_times, true},
    {"trap", builtin_trap, true},       {"true", builtin_colon, false},
    {"type", builtin_type, false},      {"umask", builtin_umask, false},
    {"unset", builtin_unset, true},     {"wait", builtin_wait, false},
};

const struct builtin *builtin_find(const char *name)
{
    size_t low = 0;
    size_t high = sizeof(builtins) / sizeof(builtins[0]);

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, builtins[middle].name);

        if (order == 0)
            return &builtins[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

int builtin_colon(int argc, char **argv)
{
    return 0;
}

int builtin_false(int argc, char **argv)
{
    return 1;
}

int builtin_echo(int argc, char **argv)
{
    return tool_echo(argc, argv);
}

int builtin_printf(int argc, char **argv)
{
    return tool_printf(argc, argv);
}

int builtin_test(int argc, char **argv)
{
    return tool_test(argc, argv);
}

/* A numeric operand of break, return, exit, shift. False after a message. */
static bool operand_number(const char *name, const char *s, long long min, long long *value)
{
    if (tool_number(s, min, INT32_MAX, value))
        return true;
    sh_fail(2, "%s: Illegal number: %s", name, s);
    return false;
}

int builtin_break(int argc, char **argv)
{
    long long levels = 1;

    if (argc > 1 && !operand_number(argv[0], argv[1], 1, &levels))
        return 2;
    if (sh.loops == 0)
        return 0;
    sh.unwind = argv[0][0] == 'b' ? UNWIND_BREAK : UNWIND_CONTINUE;
    sh.unwind_count = levels < sh.loops ? (int)levels : sh.loops;
    return 0;
}

int builtin_return(int argc, char **argv)
{
    long long status = sh.status;

    if (argc > 1 && !operand_number(argv[0], argv[1], 0, &status))
        return 2;
    sh.unwind = sh.functions > 0 || sh.sourced > 0 ? UNWIND_RETURN : UNWIND_EXIT;
    return (int)status;
}

int builtin_exit(int argc, char **argv)
{
    long long status = sh.status;

    if (argc > 1 && !operand_number(argv[0], argv[1], 0, &status))
        return 2;
    sh.unwind = UNWIND_EXIT;
    return (int)(status & 0xff);
}

int builtin_eval(int argc, char **argv)
{
    struct strbuf text = {0};
    char *copy;

    for (int i = 1; i < argc; i++) {
        if (i > 1)
            strbuf_char(&text, ' ');
        strbuf_str(&text, argv[i]);
    }
    copy = arena_strdup(sh.temp, strbuf_get(&text));
    strbuf_free(&text);
    return sh_run_string(copy, 0);
}

/* The file `.` is to read: along PATH when the name has no slash. */
static int dot_open(const char *name)
{
    const char *path = strchr(name, '/') ? NULL : var_get("PATH");

    while (path) {
        size_t n = strcspn(path, ":");
        char *dir = arena_strndup(sh.temp, path, n);
        char *file = n ? tool_path(dir, name) : tool_strdup(name);
        struct stat st;
        int fd = stat(file, &st) == 0 && S_ISREG(st.st_mode) ? open(file, O_RDONLY) : -1;

        free(file);
        if (fd >= 0)
            return fd;
        path = path[n] ? path + n + 1 : NULL;
    }
    return strchr(name, '/') ? open(name, O_RDONLY) : -1;
}

int builtin_dot(int argc, char **argv)
{
    struct source src;
    int status;
    int high;
    int fd;

    if (argc < 2) {
        sh_fail(2, ".: filename argument required");
        return 2;
    }
    fd = dot_open(argv[1]);
    high = fd < 0 ? -1 : redir_move_high(fd);
    if (fd >= 0)
        close(fd);
    if (high < 0) {
        sh_fail(2, ".: %s: cannot open", argv[1]);
        return 2;
    }
    source_init_fd(&src, high, true, false);
    sh.sourced++;
    status = sh_run_source(&src, 0);
    sh.sourced--;
    if (sh.unwind == UNWIND_RETURN) {
        sh.unwind = UNWIND_NONE;
        status = sh.status;
    }
    source_free(&src);
    return status;
}

int builtin_exec(int argc, char **argv)
{
    int status;

    if (argc > 1 && strcmp(argv[1], "--") == 0) {
        argv++;
        argc--;
    }
    if (argc < 2)
        return 0;
    out_flush();
    status = exec_program(argv + 1, var_environment());
    if (sh.interactive)
        return status;
    sh.unwind = UNWIND_EXIT;
    return status;
}

int builtin_shift(int argc, char **argv)
{
    long long n = 1;

    if (argc > 1 && !operand_number(argv[0], argv[1], 0, &n))
        return 2;
    if (n > sh.params.count) {
        sh_fail(2, "shift: can't shift that many");
        return 2;
    }
    for (int i = 0; i < n; i++)
        free(sh.params.v[i]);
    sh.params.count -= (int)n;
    memmove(sh.params.v, sh.params.v + n, (size_t)(sh.params.count + 1) * sizeof(*sh.params.v));
    sh.getopts_at = 0;
    return 0;
}

int builtin_trap(int argc, char **argv)
{
    int i = 1;
    const char *action;

    if (argc > 1 && strcmp(argv[1], "--") == 0)
        i++;
    if (i >= argc) {
        if (sh.exit_trap) {
            out_str("trap -- ");
            var_quote(sh.exit_trap);
            out_str(" EXIT\n");
        }
        return 0;
    }
    /* A number first means that all operands are conditions to reset. */
    action = argv[i];
    if (argc == i + 1 || (*action >= '0' && *action <= '9'))
        action = "-";
    else
        i++;
    for (; i < argc; i++) {
        if (strcmp(argv[i], "EXIT") != 0 && strcmp(argv[i], "0") != 0) {
            int known = tool_signal_number(argv[i]) >= 0;

            sh_warn("trap: %s: %s", argv[i], known ? "signals are not supported" : "bad trap");
            return 1;
        }
        free(sh.exit_trap);
        sh.exit_trap = strcmp(action, "-") == 0 ? NULL : tool_strdup(action);
    }
    return 0;
}
