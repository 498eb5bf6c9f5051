/* Redirections. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

#ifndef PIPE_BUF
#    define PIPE_BUF 512
#endif

enum { FD_HIGH = 10 };

int redir_move_high(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, FD_HIGH);
}

static int redir_open(const struct redir *r, const char *file)
{
    struct stat st;
    int fd;

    switch (r->op) {
    case REDIR_READ: return open(file, O_RDONLY);
    case REDIR_READWRITE: return open(file, O_RDWR | O_CREAT, 0666);
    case REDIR_APPEND: return open(file, O_WRONLY | O_CREAT | O_APPEND, 0666);
    case REDIR_WRITE:
        if (!sh.opt_noclobber)
            break;
        fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (fd >= 0 || errno != EEXIST || stat(file, &st) < 0 || S_ISREG(st.st_mode)) {
            return fd;
        }
        return open(file, O_WRONLY);
    default: break;
    }
    return open(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
}

/* A pipe that holds the here-document. What might not fit is written by a process of its own. */
static int redir_here(const struct redir *r)
{
    char *text = expand_string(r->target, 0);
    size_t n = text ? strlen(text) : 0;
    int fds[2];

    if (!text)
        return -1;
    if (pipe(fds) < 0) {
        sh_warn_errno("here-document");
        return -1;
    }
    if (n <= PIPE_BUF) {
        tool_write_all(fds[1], text, n);
    } else {
        pid_t pid = fork();

        if (pid == 0) {
            close(fds[0]);
            tool_write_all(fds[1], text, n);
            _exit(0);
        }
        if (pid < 0) {
            sh_warn_errno("fork");
            close(fds[0]);
            fds[0] = -1;
        }
    }
    close(fds[1]);
    return fds[0];
}

/* Keep what fd is now, to be put back by redir_undo(). */
static bool redir_save(int fd, struct redir_saved **saved)
{
    struct redir_saved *s;
    int copy = redir_move_high(fd);

    if (copy < 0 && errno != EBADF) {
        sh_warn_errno("%d", fd);
        return false;
    }
    s = tool_alloc(sizeof(*s));
    *s = (struct redir_saved){.fd = fd, .copy = copy, .next = *saved};
    *saved = s;
    return true;
}

/* <&word and >&word: the descriptor named, -1 to close, -2 after an error message. */
static int redir_dup_source(const char *word)
{
    long long fd;

    if (strcmp(word, "-") == 0)
        return -1;
    if (!tool_number(word, 0, 255, &fd)) {
        sh_fail(2, "Syntax error: Bad fd number");
        return -2;
    }
    if (fcntl((int)fd, F_GETFD) < 0) {
        sh_warn_errno("%s", word);
        return -2;
    }
    return (int)fd;
}

/* What to put at r->fd: a descriptor (owned when *owned), -1 to close it, -2 after an error. */
static int redir_source(const struct redir *r, bool *owned)
{
    char *word;
    int fd;

    *owned = r->op != REDIR_DUP;
    if (r->op == REDIR_HERE) {
        fd = redir_here(r);
        return fd < 0 ? -2 : fd;
    }
    word = expand_string(r->target, EXPAND_TILDE);
    if (!word)
        return -2;
    if (r->op == REDIR_DUP)
        return redir_dup_source(word);
    fd = redir_open(r, word);
    if (fd < 0) {
        int error = errno;

        sh_warn("cannot %s %s: %s", r->op == REDIR_READ ? "open" : "create", word, strerror(error));
        return -2;
    }
    return fd;
}

static bool redir_one(const struct redir *r, struct redir_saved **saved)
{
    bool owned;
    int fd = redir_source(r, &owned);
    bool ok = true;

    if (fd == -2)
        return false;
    if (fd == r->fd) {
        /* The file was opened at the very place, which was closed before: undo closes it. */
        if (owned && saved) {
            struct redir_saved *s = tool_alloc(sizeof(*s));

            *s = (struct redir_saved){.fd = fd, .copy = -1, .next = *saved};
            *saved = s;
        }
        return true;
    }
    if (saved)
        ok = redir_save(r->fd, saved);
    if (ok && fd < 0) {
        close(r->fd);
    } else if (ok && dup2(fd, r->fd) < 0) {
        sh_warn_errno("%d", r->fd);
        ok = false;
    }
    if (owned && fd >= 0)
        close(fd);
    return ok;
}

bool redir_apply(const struct redir *list, struct redir_saved **saved)
{
    if (list)
        out_flush();
    for (; list; list = list->next) {
        if (!redir_one(list, saved))
            return false;
    }
    return true;
}

void redir_undo(struct redir_saved *saved)
{
    while (saved) {
        struct redir_saved *next = saved->next;

        if (saved->copy >= 0) {
            dup2(saved->copy, saved->fd);
            close(saved->copy);
        } else {
            close(saved->fd);
        }
        free(saved);
        saved = next;
    }
}
