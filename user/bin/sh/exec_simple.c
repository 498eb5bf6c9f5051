/* Simple commands: assignments, functions, built-ins, programs. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

enum { FUNCTION_DEPTH_MAX = 1000, PATH_LENGTH_MAX = 4096 };

/* A simple command with its words expanded. */
struct command {
    struct strlist words;
    const struct node *n;
};

static void trace(const char *const *words, int count)
{
    struct strbuf line = {0};
    const char *prompt = var_get("PS4");

    if (!sh.opt_xtrace)
        return;
    strbuf_str(&line, prompt ? prompt : "");
    for (int i = 0; i < count; i++) {
        if (i > 0)
            strbuf_char(&line, ' ');
        strbuf_str(&line, words[i]);
    }
    strbuf_char(&line, '\n');
    out_flush();
    tool_write_all(STDERR_FILENO, line.s, line.len);
    strbuf_free(&line);
}

static void trace_assign(const char *name, const char *value)
{
    struct strbuf text = {0};
    const char *s;

    if (!sh.opt_xtrace)
        return;
    strbuf_str(&text, name);
    strbuf_char(&text, '=');
    strbuf_str(&text, value);
    s = strbuf_get(&text);
    trace(&s, 1);
    strbuf_free(&text);
}

/*
 * Perform the assignments in their order, each seeing those before it: for the shell, or for one
 * command (local: exported, and undone by var_pop()).
 */
static bool do_assigns(const struct command *c, bool local)
{
    for (const struct assign *a = c->n->assigns; a; a = a->next) {
        char *value = expand_string(a->value, EXPAND_TILDE | EXPAND_ASSIGN);

        if (!value)
            return false;
        trace_assign(a->name, value);
        if (local)
            var_make_local(a->name);
        if (!var_set(a->name, value))
            return false;
        if (local)
            var_export(a->name);
    }
    return true;
}

/* Is a file there that could be executed? */
static bool is_program(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* The next candidate for name along PATH, in a static buffer; NULL at the end. */
static const char *path_next(const char **path, const char *name)
{
    static char candidate[PATH_LENGTH_MAX];
    size_t n;

    while (*path) {
        const char *dir = *path;

        n = strcspn(dir, ":");
        *path = dir[n] ? dir + n + 1 : NULL;
        if (n + strlen(name) + 2 > sizeof(candidate))
            continue;
        memcpy(candidate, dir, n);
        if (n > 0)
            candidate[n++] = '/';
        strcpy(candidate + n, name);
        return candidate;
    }
    return NULL;
}

char *exec_find(const char *name)
{
    const char *path = var_get("PATH");
    const char *candidate;

    if (strchr(name, '/'))
        return is_program(name) ? arena_strdup(sh.temp, name) : NULL;
    while ((candidate = path_next(&path, name))) {
        if (is_program(candidate))
            return arena_strdup(sh.temp, candidate);
    }
    return NULL;
}

/* The first line of a file, as far as it fits. False if it cannot be read or is no text. */
static bool first_line(const char *path, char *line, size_t size)
{
    int fd = open(path, O_RDONLY);
    size_t end;
    ssize_t n;

    if (fd < 0)
        return false;
    n = read(fd, line, size - 1);
    close(fd);
    if (n < 0)
        return false;
    line[n] = '\0';
    end = strcspn(line, "\n");
    if (end < (size_t)n && line[end] == '\0')
        return false;
    line[end] = '\0';
    return true;
}

/*
 * A file that is no program image: run it by the interpreter its #! line names (should the kernel
 * not have done so), else by a shell. Returns only on failure, with errno set.
 */
static void exec_script(const char *path, char **argv, char **environment)
{
    char line[128];
    char *interpreter = (char *)"/bin/sh";
    char *argument = NULL;
    struct strlist args = {0};

    if (!first_line(path, line, sizeof(line))) {
        errno = ENOEXEC;
        return;
    }
    if (strncmp(line, "#!", 2) == 0) {
        interpreter = line + 2 + strspn(line + 2, " \t");
        argument = interpreter + strcspn(interpreter, " \t");
        if (*argument)
            *argument++ = '\0';
        argument += strspn(argument, " \t");
    }
    strlist_add(&args, interpreter);
    if (argument && *argument)
        strlist_add(&args, argument);
    strlist_add(&args, (char *)path);
    while (*++argv)
        strlist_add(&args, *argv);
    execve(interpreter, args.v, environment);
}

static void exec_file(const char *path, char **argv, char **environment)
{
    execve(path, argv, environment);
    if (errno == ENOEXEC)
        exec_script(path, argv, environment);
}

int exec_program(char **argv, char **environment)
{
    const char *path = var_get("PATH");
    const char *candidate;
    int error = ENOENT;

    if (strchr(argv[0], '/')) {
        exec_file(argv[0], argv, environment);
        error = errno;
    } else {
        while ((candidate = path_next(&path, argv[0]))) {
            exec_file(candidate, argv, environment);
            if (errno != ENOENT && errno != ENOTDIR)
                error = errno;
        }
    }
    if (error == ENOENT || error == ENOTDIR) {
        sh_warn("%s: not found", argv[0]);
        return 127;
    }
    sh_warn("%s: %s", argv[0], strerror(error));
    return 126;
}

/* Become the program, or have a child become it, with redirections and assignments in place. */
static int start_program(const struct command *c, bool replace)
{
    struct job *j;
    pid_t pid;
    int status;

    if (replace)
        return exec_program(c->words.v, var_environment());
    j = job_new(1, c->words.v[0]);
    pid = job_fork(j, true);
    if (pid == 0) {
        job_forget_all();
        sh_exit(exec_program(c->words.v, var_environment()));
    }
    status = job_wait(j);
    return pid < 0 ? sh.status : status;
}

/*
 * The redirections are made by the shell itself, not the child, so that what the expansions in them
 * assign is kept, and so that they catch the shell's own message about the signal that ends it.
 */
static int run_program(const struct command *c, int flags)
{
    bool replace = (flags & EXEC_LAST) && !sh.exit_trap && !sh.jobs;
    struct redir_saved *saved = NULL;
    struct var_frame *frame = var_push();
    int status = 2;

    if (redir_apply(c->n->redirs, replace ? NULL : &saved) && do_assigns(c, true))
        status = start_program(c, replace);
    redir_undo(saved);
    var_pop(frame);
    if (replace && !sh.unwind)
        sh.unwind = UNWIND_EXIT;
    return status;
}

int exec_function(struct function *f, int argc, char **argv)
{
    struct params saved_params = sh.params;
    struct arena *saved_tree = sh.tree;
    struct arena *arena = f->arena;
    struct node *body = f->body;
    struct var_frame *frame;
    int saved_loops = sh.loops;
    int saved_getopts = sh.getopts_at;
    int status;

    if (sh.functions >= FUNCTION_DEPTH_MAX) {
        sh_fail(2, "%s: functions are nested too deeply", f->name);
        return sh.status;
    }
    arena_ref(arena);
    frame = var_push();
    params_set(&sh.params, argv + 1, argc - 1);
    sh.tree = arena;
    sh.loops = 0;
    sh.functions++;
    status = exec_node(body, 0);
    if (sh.unwind == UNWIND_RETURN) {
        sh.unwind = UNWIND_NONE;
        status = sh.status;
    }
    sh.functions--;
    sh.loops = saved_loops;
    sh.tree = saved_tree;
    sh.getopts_at = saved_getopts;
    params_free(&sh.params);
    sh.params = saved_params;
    var_pop(frame);
    arena_put(arena);
    return status;
}

/*
 * The end of a built-in's output. A reader that went away ends the shell as SIGPIPE would, even
 * where the kernel has no such signal; other failures are the built-in's.
 */
static int builtin_output(const char *name, int status)
{
    if (out_flush())
        return status;
    if (errno == EPIPE) {
        sh.unwind = UNWIND_EXIT;
        status = 128 + tool_signal_number("PIPE");
    } else {
        sh_warn_errno("%s: write error", name);
        status = 1;
    }
    out_reset();
    return status;
}

static int run_builtin(const struct command *c, const struct builtin *b)
{
    struct redir_saved *saved = NULL;
    bool keep = b->run == builtin_exec && c->words.count == 1;
    struct var_frame *frame = c->n->assigns && !b->special ? var_push() : NULL;
    int status = 2;

    if (!redir_apply(c->n->redirs, keep ? NULL : &saved)) {
        if (b->special)
            sh_fail(2, "%s: redirection failed", b->name);
    } else if (do_assigns(c, frame != NULL)) {
        const char *name = tool_name;

        tool_name = b->name;
        status = b->run(c->words.count, c->words.v);
        status = builtin_output(b->name, status);
        tool_name = name;
    }
    redir_undo(saved);
    if (frame)
        var_pop(frame);
    return sh.unwind == UNWIND_ERROR ? sh.status : status;
}

static int run_function(const struct command *c, struct function *f)
{
    struct redir_saved *saved = NULL;
    struct var_frame *frame = c->n->assigns ? var_push() : NULL;
    int status = 2;

    if (redir_apply(c->n->redirs, &saved) && do_assigns(c, frame != NULL))
        status = exec_function(f, c->words.count, c->words.v);
    out_flush();
    redir_undo(saved);
    if (frame)
        var_pop(frame);
    return status;
}

/* Assignments and redirections without a command. */
static int run_nothing(const struct command *c)
{
    struct redir_saved *saved = NULL;
    bool ok = redir_apply(c->n->redirs, &saved);

    redir_undo(saved);
    if (!ok)
        return 2;
    if (!do_assigns(c, false))
        return sh.status;
    return sh.substituted >= 0 ? sh.substituted : 0;
}

static int run_command(const struct command *c, int flags)
{
    const struct builtin *b;
    struct function *f;

    if (c->words.count == 0)
        return run_nothing(c);
    b = builtin_find(c->words.v[0]);
    if (b && b->special)
        return run_builtin(c, b);
    f = function_find(c->words.v[0]);
    if (f)
        return run_function(c, f);
    return b ? run_builtin(c, b) : run_program(c, flags);
}

int exec_simple(struct node *n, int flags)
{
    struct command c = {.n = n};
    int status;

    sh.substituted = -1;
    if (!expand_words(n->words, &c.words))
        return sh.status;
    if (c.words.count > 0)
        trace((const char *const *)c.words.v, c.words.count);
    status = run_command(&c, flags);
    exec_check_errexit(status);
    return status;
}
