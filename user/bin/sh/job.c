/* Children: forking, waiting, process groups and the terminal. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

/* Background jobs that ended stay known for `wait` up to this many. */
enum { JOBS_KEPT = 32 };

static struct job *jobs; /* by number, ascending */
static struct job *foreground;

int job_status(int wait_status)
{
    if (WIFSIGNALED(wait_status))
        return 128 + WTERMSIG(wait_status);
    return WEXITSTATUS(wait_status);
}

struct job *job_new(int processes, const char *text)
{
    struct job *j = tool_alloc(sizeof(*j));

    *j = (struct job){
        .pids = tool_alloc((size_t)processes * sizeof(*j->pids)),
        .statuses = tool_alloc((size_t)processes * sizeof(*j->statuses)),
        .text = tool_strdup(text),
    };
    return j;
}

static void job_free(struct job *j)
{
    free(j->pids);
    free(j->statuses);
    free(j->text);
    free(j);
}

void job_forget_all(void)
{
    while (jobs) {
        struct job *next = jobs->next;

        job_free(jobs);
        jobs = next;
    }
    foreground = NULL;
}

void job_take_terminal(void)
{
    if (sh.jobs)
        tcsetpgrp(sh.tty, sh.group);
}

/* What a process does first in its life as a part of job j. */
static void job_child(const struct job *j, bool in_foreground)
{
    if (sh.jobs) {
        pid_t group = j && j->count > 0 ? j->group : getpid();

        setpgid(0, group);
        if (in_foreground)
            tcsetpgrp(sh.tty, group);
    }
    if (sh.interactive) {
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
        signal(SIGTTOU, SIG_DFL);
        signal(SIGTTIN, SIG_DFL);
        signal(SIGTSTP, SIG_DFL);
    }
    sh.subshell = true;
    sh.jobs = false;
    sh.interactive = false;
    free(sh.exit_trap);
    sh.exit_trap = NULL;
}

pid_t job_fork(struct job *j, bool in_foreground)
{
    pid_t pid;

    out_flush();
    pid = fork();
    if (pid < 0) {
        sh_fail(2, "Cannot fork: %s", strerror(errno));
        return -1;
    }
    if (pid == 0) {
        job_child(j, in_foreground);
        return 0;
    }
    if (j) {
        if (j->count == 0)
            j->group = pid;
        if (sh.jobs) {
            setpgid(pid, j->group);
            if (in_foreground)
                tcsetpgrp(sh.tty, j->group);
        }
        j->pids[j->count] = pid;
        j->statuses[j->count] = 0;
        j->count++;
        j->running++;
    }
    return pid;
}

static bool job_record(struct job *j, pid_t pid, int status)
{
    for (int i = 0; i < j->count; i++) {
        if (j->pids[i] == pid) {
            j->statuses[i] = status;
            j->running--;
            return true;
        }
    }
    return false;
}

/* Collect one child. False when there is none (to collect now, with WNOHANG). */
static bool job_collect(int options)
{
    int status;
    pid_t pid;

    do
        pid = waitpid(-1, &status, options);
    while (pid < 0 && errno == EINTR);
    if (pid <= 0)
        return false;
    if (foreground && job_record(foreground, pid, status))
        return true;
    for (struct job *j = jobs; j; j = j->next) {
        if (job_record(j, pid, status))
            break;
    }
    return true;
}

void job_reap(void)
{
    while (job_collect(WNOHANG)) {
    }
}

static int job_last_status(const struct job *j)
{
    return j->count > 0 ? j->statuses[j->count - 1] : 0;
}

/* Say what ended a foreground job, except the user and a reader that went away. */
static void job_report_signal(int status)
{
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (sig == SIGINT && sh.interactive)
        tool_write_all(STDERR_FILENO, "\n", 1);
    if (sig == 0 || sig == SIGINT || sig == SIGPIPE)
        return;
    out_flush();
    tool_write_all(STDERR_FILENO, tool_signal_text(sig), strlen(tool_signal_text(sig)));
    tool_write_all(STDERR_FILENO, "\n", 1);
}

int job_wait(struct job *j)
{
    struct job *outer = foreground;
    int status;

    foreground = j;
    while (j->running > 0 && job_collect(0)) {
    }
    foreground = outer;
    job_take_terminal();
    status = job_last_status(j);
    job_report_signal(status);
    job_free(j);
    return job_status(status);
}

static void job_remove(struct job *j)
{
    struct job **link = &jobs;

    while (*link && *link != j)
        link = &(*link)->next;
    if (*link)
        *link = j->next;
    job_free(j);
}

/* Forget the oldest jobs that ended beyond the number kept. */
static void job_prune(void)
{
    struct job *oldest = NULL;
    int ended = 0;

    for (struct job *j = jobs; j; j = j->next) {
        if (j->running == 0) {
            if (!oldest)
                oldest = j;
            ended++;
        }
    }
    if (ended > JOBS_KEPT)
        job_remove(oldest);
}

void job_background(struct job *j)
{
    struct job **link = &jobs;

    job_prune();
    j->background = true;
    j->number = 1;
    while (*link && (*link)->number == j->number) {
        link = &(*link)->next;
        j->number++;
    }
    j->next = *link;
    *link = j;
    job_reap();
    sh.background = j->pids[j->count - 1];
    if (sh.interactive) {
        out_fmt("[%d] %d\n", j->number, (int)sh.background);
        out_flush();
    }
}

static void job_print(const struct job *j)
{
    int status = job_last_status(j);

    out_fmt("[%d] ", j->number);
    if (j->running > 0)
        out_str("Running");
    else if (WIFSIGNALED(status))
        out_str(tool_signal_text(WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
        out_fmt("Done(%d)", WEXITSTATUS(status));
    else
        out_str("Done");
    out_fmt("\t%s\n", j->text);
}

void job_list(void)
{
    struct job *next;

    job_reap();
    for (struct job *j = jobs; j; j = next) {
        next = j->next;
        job_print(j);
        if (j->running == 0)
            job_remove(j);
    }
}

void job_notify(void)
{
    struct job *next;

    job_reap();
    for (struct job *j = jobs; j; j = next) {
        next = j->next;
        if (j->running == 0) {
            job_print(j);
            job_remove(j);
        }
    }
    out_flush();
}

struct job *job_find(const char *operand)
{
    struct job *last = NULL;
    long long number;

    if (*operand != '%') {
        if (!tool_number(operand, 1, INT32_MAX, &number))
            return NULL;
        for (struct job *j = jobs; j; j = j->next) {
            if (j->pids[j->count - 1] == number)
                return j;
        }
        return NULL;
    }
    for (struct job *j = jobs; j; j = j->next)
        last = j;
    operand++;
    if (!*operand || strcmp(operand, "%") == 0 || strcmp(operand, "+") == 0)
        return last;
    if (!tool_number(operand, 1, INT32_MAX, &number))
        return NULL;
    for (struct job *j = jobs; j; j = j->next) {
        if (j->number == number)
            return j;
    }
    return NULL;
}

int job_wait_for(struct job *j)
{
    int status;

    if (j) {
        while (j->running > 0 && job_collect(0)) {
        }
        status = job_last_status(j);
        job_remove(j);
        return job_status(status);
    }
    for (j = jobs; j; j = jobs) {
        while (j->running > 0 && job_collect(0)) {
        }
        job_remove(j);
    }
    return 0;
}

void job_init_terminal(void)
{
    sh.tty = redir_move_high(STDIN_FILENO);
    if (sh.tty < 0)
        return;
    sh.group = getpid();
    setpgid(0, sh.group);
    sh.group = getpgrp();
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
    sh.jobs = tcsetpgrp(sh.tty, sh.group) == 0;
}
