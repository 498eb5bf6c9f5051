/* Signal names and kill(1), for the program and for the shell's built-in. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "user/lib/tool.h"

struct signal_name {
    int number;
    const char *name;
    const char *text;
};

static const struct signal_name signal_names[] = {
    {SIGHUP, "HUP", "Hangup"},
    {SIGINT, "INT", "Interrupt"},
    {SIGQUIT, "QUIT", "Quit"},
    {SIGILL, "ILL", "Illegal instruction"},
    {SIGTRAP, "TRAP", "Trace/breakpoint trap"},
    {SIGABRT, "ABRT", "Aborted"},
    {SIGBUS, "BUS", "Bus error"},
    {SIGFPE, "FPE", "Floating point exception"},
    {SIGKILL, "KILL", "Killed"},
    {SIGUSR1, "USR1", "User defined signal 1"},
    {SIGSEGV, "SEGV", "Segmentation fault"},
    {SIGUSR2, "USR2", "User defined signal 2"},
    {SIGPIPE, "PIPE", "Broken pipe"},
    {SIGALRM, "ALRM", "Alarm clock"},
    {SIGTERM, "TERM", "Terminated"},
    {SIGCHLD, "CHLD", "Child exited"},
    {SIGCONT, "CONT", "Continued"},
    {SIGSTOP, "STOP", "Stopped (signal)"},
    {SIGTSTP, "TSTP", "Stopped"},
    {SIGTTIN, "TTIN", "Stopped (tty input)"},
    {SIGTTOU, "TTOU", "Stopped (tty output)"},
    {SIGURG, "URG", "Urgent I/O condition"},
    {SIGWINCH, "WINCH", "Window changed"},
    {SIGSYS, "SYS", "Bad system call"},
};

enum { SIGNAL_NAMES = sizeof(signal_names) / sizeof(signal_names[0]), SIGNAL_MAX = 64 };

static const struct signal_name *signal_find(int number)
{
    for (size_t i = 0; i < SIGNAL_NAMES; i++) {
        if (signal_names[i].number == number)
            return &signal_names[i];
    }
    return NULL;
}

const char *tool_signal_name(int number)
{
    const struct signal_name *s = signal_find(number);

    return s ? s->name : NULL;
}

const char *tool_signal_text(int number)
{
    const struct signal_name *s = signal_find(number);

    return s ? s->text : "Unknown signal";
}

int tool_signal_number(const char *name)
{
    long long n;

    if (tool_number(name, 0, SIGNAL_MAX, &n))
        return (int)n;
    if (strncasecmp(name, "SIG", 3) == 0)
        name += 3;
    for (size_t i = 0; i < SIGNAL_NAMES; i++) {
        if (strcasecmp(signal_names[i].name, name) == 0)
            return signal_names[i].number;
    }
    return -1;
}

/* kill -l [STATUS...]: names for numbers or for exit statuses, numbers for names. */
static int kill_list(char **operands)
{
    int status = 0;

    if (!*operands) {
        for (int number = 1; number <= SIGNAL_MAX; number++) {
            if (signal_find(number))
                out_fmt("%2d) SIG%s\n", number, tool_signal_name(number));
        }
    }
    for (; *operands; operands++) {
        long long n;

        if (tool_number(*operands, 0, 255, &n)) {
            const char *name = tool_signal_name((int)(n > 128 ? n - 128 : n));

            if (name) {
                out_fmt("%s\n", name);
                continue;
            }
        } else if (tool_signal_number(*operands) >= 0) {
            out_fmt("%d\n", tool_signal_number(*operands));
            continue;
        }
        tool_warn("%s: invalid signal", *operands);
        status = 1;
    }
    return status;
}

static int kill_usage(void)
{
    tool_warn("usage: kill [-s SIGNAL | -SIGNAL] PID... or kill -l [STATUS]...");
    return 2;
}

int tool_kill(int argc, char **argv, pid_t (*resolve)(const char *operand))
{
    int sig = SIGTERM;
    int status = 0;
    int i = 1;

    if (argc > 1 && strcmp(argv[1], "-l") == 0)
        return kill_list(argv + 2);
    if (argc > 1 && argv[1][0] == '-' && argv[1][1] && strcmp(argv[1], "--") != 0) {
        const char *name = argv[1] + 1;

        if (name[0] == 's' && !name[1]) {
            if (argc < 3)
                return kill_usage();
            name = argv[++i];
        }
        i++;
        sig = tool_signal_number(name);
        if (sig < 0) {
            tool_warn("%s: invalid signal", name);
            return 1;
        }
    }
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    if (i == argc)
        return kill_usage();
    for (; i < argc; i++) {
        long long pid;

        if (resolve && argv[i][0] == '%') {
            pid = resolve(argv[i]);
            if (pid == 0) {
                tool_warn("%s: no such job", argv[i]);
                status = 1;
                continue;
            }
        } else if (!tool_number(argv[i], -0x7fffffff, 0x7fffffff, &pid)) {
            tool_warn("%s: arguments must be process or job IDs", argv[i]);
            status = 1;
            continue;
        }
        if (kill((pid_t)pid, sig) < 0) {
            tool_warn_errno("(%s)", argv[i]);
            status = 1;
        }
    }
    return status;
}
