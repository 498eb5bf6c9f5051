/* Execution of the tree: lists, pipelines, compound commands. exec_simple.c has simple commands. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

bool exec_loop_ends(void)
{
    if (sh.unwind != UNWIND_BREAK && sh.unwind != UNWIND_CONTINUE)
        return sh.unwind != UNWIND_NONE;
    if (--sh.unwind_count > 0)
        return true;
    bool ends = sh.unwind == UNWIND_BREAK;

    sh.unwind = UNWIND_NONE;
    return ends;
}

void exec_check_errexit(int status)
{
    if (status != 0 && sh.opt_errexit && sh.tested == 0 && sh.unwind == UNWIND_NONE)
        sh.unwind = UNWIND_EXIT;
}

static int exec_tested(struct node *n)
{
    int status;

    sh.tested++;
    status = exec_node(n, 0);
    sh.tested--;
    return status;
}

static int exec_if(struct node *n, int flags)
{
    int status = exec_tested(n->left);

    if (sh.unwind)
        return status;
    if (status == 0)
        return exec_node(n->right, flags);
    return n->third ? exec_node(n->third, flags) : 0;
}

static int exec_while(struct node *n)
{
    int status = 0;

    sh.loops++;
    for (;;) {
        int condition = exec_tested(n->left);

        if (sh.unwind) {
            if (sh.unwind != UNWIND_BREAK && sh.unwind != UNWIND_CONTINUE)
                status = condition;
            if (exec_loop_ends())
                break;
            continue;
        }
        if ((condition == 0) != (n->kind == NODE_WHILE))
            break;
        status = exec_node(n->right, 0);
        if (sh.unwind && exec_loop_ends())
            break;
    }
    sh.loops--;
    return status;
}

static int exec_for(struct node *n)
{
    struct strlist words = {0};
    int status = 0;

    if (n->has_in) {
        if (!expand_words(n->words, &words))
            return sh.status;
    } else {
        for (int i = 0; i < sh.params.count; i++)
            strlist_add(&words, arena_strdup(sh.temp, sh.params.v[i]));
    }
    sh.loops++;
    for (int i = 0; i < words.count; i++) {
        if (!var_set(n->text, words.v[i])) {
            status = sh.status;
            break;
        }
        status = exec_node(n->left, 0);
        if (sh.unwind && exec_loop_ends())
            break;
    }
    sh.loops--;
    return status;
}

static int exec_case(struct node *n, int flags)
{
    char *subject = expand_string(n->words, EXPAND_TILDE);

    if (!subject)
        return sh.status;
    for (struct case_item *item = n->cases; item; item = item->next) {
        for (struct word *w = item->patterns; w; w = w->next) {
            char *pattern = expand_pattern(w);

            if (!pattern)
                return sh.status;
            if (pattern_match(pattern, subject))
                return item->body ? exec_node(item->body, flags) : 0;
        }
    }
    return 0;
}

static int exec_sequence(struct node *n, int flags)
{
    int status = 0;

    for (struct node *c = n->list; c && !sh.unwind; c = c->next)
        status = exec_node(c, c->next ? 0 : flags);
    return status;
}

/* Only the command behind the last && or || counts for -e, and only if it is run. */
static int exec_and_or(struct node *n, int flags)
{
    int status = exec_tested(n->list);

    for (struct node *c = n->list->next; c && !sh.unwind; c = c->next) {
        if ((status == 0) == c->or_else)
            continue;
        status = c->next ? exec_tested(c) : exec_node(c, flags);
    }
    return status;
}

/* In a child that will run a node and end. */
static _Noreturn void exec_child(struct node *n)
{
    sh_exit(exec_node(n, EXEC_LAST));
}

int exec_subshell(struct node *n, int flags)
{
    struct job *j;
    pid_t pid;
    int status;

    if ((flags & EXEC_LAST) && !sh.exit_trap) {
        sh.subshell = true;
        if (!redir_apply(n->redirs, NULL))
            return 2;
        return exec_node(n->left, EXEC_LAST);
    }
    j = job_new(1, "");
    pid = job_fork(j, true);
    if (pid == 0) {
        job_forget_all();
        if (!redir_apply(n->redirs, NULL))
            sh_exit(2);
        exec_child(n->left);
    }
    status = job_wait(j);
    return pid < 0 ? sh.status : status;
}

/* One command of a pipeline: input from `in` (or -1), output to out[1] (or none). */
static void exec_stage(struct node *n, int in, const int out[2])
{
    job_forget_all();
    if (in >= 0) {
        dup2(in, STDIN_FILENO);
        close(in);
    }
    if (out[1] >= 0) {
        close(out[0]);
        if (out[1] != STDOUT_FILENO) {
            dup2(out[1], STDOUT_FILENO);
            close(out[1]);
        }
    }
    exec_child(n);
}

static bool exec_pipe(int fds[2])
{
    fds[0] = fds[1] = -1;
    if (pipe(fds) == 0)
        return true;
    sh_fail(2, "Pipe call failed: %s", strerror(errno));
    return false;
}

int exec_pipeline(struct node *n, int flags)
{
    struct job *j;
    int count = 0;
    int in = -1;
    int status;

    (void)flags;
    for (struct node *c = n->list; c; c = c->next)
        count++;
    j = job_new(count, "");
    for (struct node *c = n->list; c; c = c->next) {
        int fds[2] = {-1, -1};
        pid_t pid = c->next && !exec_pipe(fds) ? -1 : job_fork(j, true);

        if (pid == 0)
            exec_stage(c, in, fds);
        if (in >= 0)
            close(in);
        if (fds[1] >= 0)
            close(fds[1]);
        in = fds[0];
        if (pid < 0)
            break;
    }
    if (in >= 0)
        close(in);
    status = job_wait(j);
    return sh.unwind ? sh.status : status;
}

int exec_background(struct node *n)
{
    struct job *j = job_new(1, n->text ? n->text : "");
    bool had_jobs = sh.jobs;
    pid_t pid = job_fork(j, false);

    if (pid == 0) {
        job_forget_all();
        if (!had_jobs) {
            int null = open("/dev/null", O_RDONLY);

            if (null > 0) {
                dup2(null, STDIN_FILENO);
                close(null);
            }
        }
        exec_child(n->left);
    }
    if (pid < 0) {
        job_wait(j);
        return sh.status;
    }
    job_background(j);
    return 0;
}

bool exec_capture(struct node *command, struct strbuf *out)
{
    char block[512];
    struct job *j;
    ssize_t n;
    pid_t pid;
    int fds[2];

    if (!command) {
        sh.substituted = 0;
        return true;
    }
    if (!exec_pipe(fds))
        return false;
    j = job_new(1, "");
    pid = job_fork(j, true);
    if (pid == 0) {
        job_forget_all();
        close(fds[0]);
        if (fds[1] != STDOUT_FILENO) {
            dup2(fds[1], STDOUT_FILENO);
            close(fds[1]);
        }
        exec_child(command);
    }
    close(fds[1]);
    while (pid > 0 && ((n = read(fds[0], block, sizeof(block))) > 0 || (n < 0 && errno == EINTR))) {
        for (ssize_t i = 0; i < n; i++) {
            if (block[i])
                strbuf_char(out, block[i]);
        }
    }
    close(fds[0]);
    sh.substituted = job_wait(j);
    return pid > 0;
}

static int exec_compound(struct node *n, int flags)
{
    switch (n->kind) {
    case NODE_GROUP: return exec_node(n->left, flags);
    case NODE_IF: return exec_if(n, flags);
    case NODE_WHILE:
    case NODE_UNTIL: return exec_while(n);
    case NODE_FOR: return exec_for(n);
    default: return exec_case(n, flags);
    }
}

/* A compound command with its redirections around it. */
static int exec_redirected(struct node *n, int flags)
{
    struct redir_saved *saved = NULL;
    int status;

    if (!n->redirs)
        return exec_compound(n, flags);
    if (!redir_apply(n->redirs, &saved)) {
        redir_undo(saved);
        sh.status = 2;
        exec_check_errexit(2);
        return 2;
    }
    status = exec_compound(n, 0);
    out_flush();
    redir_undo(saved);
    return status;
}

static int exec_kind(struct node *n, int flags)
{
    int status;

    switch (n->kind) {
    case NODE_SIMPLE: return exec_simple(n, flags);
    case NODE_PIPE:
        status = exec_pipeline(n, flags);
        exec_check_errexit(status);
        return status;
    case NODE_NOT: status = exec_tested(n->left); return sh.unwind ? status : !status;
    case NODE_AND_OR: return exec_and_or(n, flags);
    case NODE_SEQUENCE: return exec_sequence(n, flags);
    case NODE_BACKGROUND: return exec_background(n);
    case NODE_SUBSHELL:
        status = exec_subshell(n, flags);
        exec_check_errexit(status);
        return status;
    case NODE_FUNCTION: return 0; /* defined by exec_node(), which knows the arena */
    default: return exec_redirected(n, flags);
    }
}

int exec_node(struct node *n, int flags)
{
    struct arena_mark mark;

    if (sh.unwind || sh.opt_noexec)
        return sh.status;
    mark = arena_mark(sh.temp);
    sh.line = n->line;
    if (n->kind == NODE_FUNCTION)
        function_define(n->text, n->left, sh.tree);
    sh.status = exec_kind(n, flags);
    arena_release(sh.temp, mark);
    return sh.status;
}
