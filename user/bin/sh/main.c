/* The shell's start, options and end. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

struct shell sh;

extern char **environ;

static const struct {
    char letter;
    const char *name;
    bool *value;
} options[] = {
    {'a', "allexport", &sh.opt_allexport},
    {'e', "errexit", &sh.opt_errexit},
    {'f', "noglob", &sh.opt_noglob},
    {'n', "noexec", &sh.opt_noexec},
    {'u', "nounset", &sh.opt_nounset},
    {'x', "xtrace", &sh.opt_xtrace},
    {'C', "noclobber", &sh.opt_noclobber},
    {'v', "verbose", &sh.opt_verbose},
    {'s', "stdin", &sh.opt_stdin},
    {'i', "interactive", &sh.interactive},
    {'c', "", &sh.opt_command},
    {'m', "monitor", &sh.jobs},
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

bool *option_by_letter(char letter)
{
    for (int i = 0; i < OPTIONS; i++) {
        if (options[i].letter == letter)
            return options[i].value;
    }
    return NULL;
}

bool *option_by_name(const char *name)
{
    for (int i = 0; i < OPTIONS; i++) {
        if (*name && strcmp(options[i].name, name) == 0)
            return options[i].value;
    }
    return NULL;
}

const char *option_letters(void)
{
    static char letters[OPTIONS + 1];
    int n = 0;

    for (int i = 0; i < OPTIONS; i++) {
        if (*options[i].value && options[i].letter != 'c')
            letters[n++] = options[i].letter;
    }
    letters[n] = '\0';
    return letters;
}

void option_list(bool reusable)
{
    if (!reusable)
        out_str("Current option settings\n");
    for (int i = 0; i < OPTIONS; i++) {
        bool on = *options[i].value;

        if (!*options[i].name)
            continue;
        if (reusable)
            out_fmt("set %co %s\n", on ? '-' : '+', options[i].name);
        else
            out_fmt("%-15s %s\n", options[i].name, on ? "on" : "off");
    }
}

/* ---- messages ---- */

static void warn(const char *format, va_list args, const char *suffix)
{
    char text[400];

    fmt_vsnprint(text, sizeof(text), format, args);
    out_flush();
    const char *name = tool_name;

    tool_name = sh.name;
    if (suffix)
        tool_warn("%d: %s: %s", sh.line, text, suffix);
    else
        tool_warn("%d: %s", sh.line, text);
    tool_name = name;
}

void sh_warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    warn(format, args, NULL);
    va_end(args);
}

void sh_warn_errno(const char *format, ...)
{
    int error = errno;
    va_list args;

    va_start(args, format);
    warn(format, args, strerror(error));
    va_end(args);
}

void sh_fail(int status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    warn(format, args, NULL);
    va_end(args);
    sh.status = status;
    sh.unwind = UNWIND_ERROR;
}

/* ---- running text ---- */

static void run_tree(struct node *tree, struct arena *arena, int flags)
{
    struct arena *outer = sh.tree;

    sh.tree = arena;
    exec_node(tree, flags);
    sh.tree = outer;
    arena_put(arena);
}

/* At the prompt, what ended a command early is over. False when the shell is to end. */
static bool at_prompt_again(const struct source *src)
{
    if (!src->prompt || sh.unwind == UNWIND_EXIT)
        return false;
    sh.unwind = UNWIND_NONE;
    sh.tested = sh.loops = 0;
    return true;
}

int sh_run_source(struct source *src, int flags)
{
    int status = 0;

    for (;;) {
        struct arena *arena;
        struct node *tree;
        enum parse_result r;

        if (src->prompt)
            job_notify();
        r = parse_command(src, &tree, &arena);
        if (r == PARSE_END)
            break;
        if (r == PARSE_EMPTY)
            continue;
        if (r == PARSE_ERROR) {
            status = sh.status = src->interrupted ? 130 : 2;
            sh.unwind = UNWIND_ERROR;
        } else {
            run_tree(tree, arena, (flags & EXEC_LAST) && source_at_end(src) ? EXEC_LAST : 0);
            status = sh.status;
        }
        if (sh.unwind && !at_prompt_again(src))
            break;
    }
    return status;
}

int sh_run_string(const char *text, int flags)
{
    struct source src;
    int status;

    source_init_string(&src, text, strlen(text));
    src.number = sh.line > 0 ? sh.line : 1;
    status = sh_run_source(&src, flags);
    source_free(&src);
    return status;
}

void sh_exit(int status)
{
    if (sh.exit_trap && !sh.exiting) {
        char *trap = sh.exit_trap;

        sh.exit_trap = NULL;
        sh.exiting = true;
        sh.unwind = UNWIND_NONE;
        sh.loops = sh.functions = sh.tested = 0;
        sh.status = status;
        sh_run_string(trap, 0);
        if (sh.unwind == UNWIND_EXIT)
            status = sh.status;
        free(trap);
    }
    out_flush();
    if (sh.subshell)
        _exit(status & 0xff);
    exit(status & 0xff);
}

/* ---- start ---- */

/* Open a script where programs do not see it. */
static int open_script(const char *file)
{
    int fd = open(file, O_RDONLY);
    int high;

    if (fd < 0) {
        int error = errno;

        sh.line = 0;
        sh_warn("cannot open %s: %s", file, strerror(error));
        exit(error == ENOENT ? 127 : 126);
    }
    high = redir_move_high(fd);
    if (high < 0)
        return fd;
    close(fd);
    return high;
}

static void start_interactive(struct source *src)
{
    sh.interactive = true;
    src->prompt = true;
    job_init_terminal();
}

static void usage(void)
{
    tool_failure = 2;
    tool_usage("[-aefinsuvxC] [-o option] [-c command [name [argument...]] | file [argument...]]");
}

int main(int argc, char **argv)
{
    const char *command = NULL;
    struct source src;
    int i;

    tool_init(argv);
    tool_failure = 2;
    sh.name = argv[0] ? argv[0] : "sh";
    sh.pid = getpid();
    sh.temp = arena_new();
    sh.substituted = -1;
    sh.line = 1;
    var_init(environ);
    cd_init();
    i = set_options(argc, argv, true);
    if (i < 0 || (sh.opt_command && i >= argc))
        usage();
    sh.jobs = false;
    if (sh.opt_command) {
        command = argv[i++];
        if (i < argc)
            sh.name = argv[i++];
        source_init_string(&src, command, strlen(command));
    } else if (i < argc && !sh.opt_stdin) {
        sh.name = argv[i++];
        source_init_fd(&src, open_script(sh.name), true, false);
    } else {
        source_init_fd(&src, STDIN_FILENO, false, true);
        sh.opt_stdin = true;
        if (sh.interactive || (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)))
            start_interactive(&src);
    }
    params_set(&sh.params, argv + i, argc - i);
    sh_run_source(&src, EXEC_LAST);
    source_free(&src);
    sh_exit(sh.status);
}
