/* Executing programs. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

/* Execute this program as a helper with one argument: its exit code. */
static int helper(const char *role, const char *argument)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        execl(self_path, self_path, "--helper", role, argument, (char *)NULL);
        _exit(126);
    }
    int status = must_wait(pid);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static char *number(int n)
{
    static char text[16];
    snprintf(text, sizeof(text), "%d", n);
    return text;
}

/* Arguments and environment arrive byte for byte, empty ones too. */
static void test_arguments(void)
{
    char *argv[] = {(char *)"odd name",
                    (char *)"--helper",
                    (char *)"echo",
                    (char *)"",
                    (char *)"a b",
                    (char *)"\"'\\$*\n\t\x7f\xff",
                    NULL};
    char *envp[] = {(char *)"A=1", (char *)"", (char *)"B=x=y", NULL};
    static const char want[] = "\0a b\0\"'\\$*\n\t\x7f\xff\0A=1\0\0B=x=y";
    char have[sizeof(want) + 1];
    int fds[2];
    CHECK_OK(pipe(fds));
    pid_t pid = must_fork();
    if (pid == 0) {
        dup2(fds[1], 1);
        close(fds[0]);
        close(fds[1]);
        execve(self_path, argv, envp);
        _exit(126);
    }
    CHECK_OK(close(fds[1]));
    CHECK_EQ(read_full(fds[0], have, sizeof(have)), sizeof(want));
    CHECK(memcmp(have, want, sizeof(want)) == 0);
    must_succeed(pid);
}

static void test_identity(void)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        execl(self_path, self_path, "--helper", "pid", number(getpid()), (char *)NULL);
        _exit(126);
    }
    must_succeed(pid);
}

static void test_close_on_exec(void)
{
    int stays = must_open("/dev/null", O_RDONLY, 0);
    int goes = must_open("/dev/null", O_RDONLY | O_CLOEXEC, 0);
    CHECK_EQ(helper("fd", number(stays)), 0);
    CHECK_EQ(helper("fd", number(goes)), 1);
    CHECK_OK(fcntl(goes, F_GETFD)); /* only the child's is closed */
}

static void test_ignored_signals(void)
{
    CHECK(signal(SIGTERM, SIG_IGN) != SIG_ERR);
    CHECK_EQ(helper("ignored", number(SIGTERM)), 0);
    CHECK_EQ(helper("ignored", number(SIGINT)), 1);
}

static void test_chain(void)
{
    CHECK_EQ(helper("chain", "20"), 0);
}

/* Fill argv with `count` copies of a string of `length` bytes and execute: the status or -errno. */
static int run_many(int count, size_t length)
{
    char *text = malloc(length + 1);
    char **argv = malloc(sizeof(*argv) * ((size_t)count + 5));
    CHECK(text && argv);
    memset(text, 'x', length);
    text[length] = '\0';
    argv[0] = (char *)self_path;
    argv[1] = (char *)"--helper";
    argv[2] = (char *)"count";
    argv[3] = number(count + 1);
    for (int i = 0; i < count; i++) {
        argv[4 + i] = text;
    }
    argv[4 + count] = NULL;
    pid_t pid = must_fork();
    if (pid == 0) {
        execv(self_path, argv);
        _exit(errno);
    }
    int status = must_wait(pid);
    CHECK(WIFEXITED(status));
    free(argv);
    free(text);
    return WEXITSTATUS(status);
}

static void test_many_arguments(void)
{
    CHECK_EQ(run_many(1, 1), 0);
    CHECK_EQ(run_many(2000, 10), 0);
    CHECK_EQ(run_many(60, 1000), 0);
    CHECK_EQ(run_many(1, 60000), 0); /* one string over many pages */
}

static void test_too_many_arguments(void)
{
    CHECK_EQ(run_many(1, 200000), E2BIG); /* a string may have 128 KiB */
    CHECK_EQ(run_many(100, 100000), E2BIG);
    CHECK_EQ(run_many(1, 1), 0);
}

static void test_errors(void)
{
    char *const argv[] = {(char *)"x", NULL};
    put_file("text", "no program", 10);
    put_file("empty", "", 0);
    CHECK_ERR(execve("none", argv, environ), ENOENT);
    CHECK_ERR(execve("", argv, environ), ENOENT);
    CHECK_ERR(execve("text/x", argv, environ), ENOTDIR);
    CHECK_ERR(execve("text", argv, environ), EACCES); /* not executable */
    CHECK_ERR(execve(".", argv, environ), EACCES);
    CHECK_ERR(execve("/dev/null", argv, environ), EACCES);
    int fd = must_open("code", O_WRONLY | O_CREAT, 0755);
    must_write(fd, "no program", 10);
    CHECK_OK(close(fd));
    CHECK_ERR(execve("code", argv, environ), ENOEXEC);
    fd = must_open("nothing", O_WRONLY | O_CREAT, 0755);
    CHECK_OK(close(fd));
    CHECK_ERR(execve("nothing", argv, environ), ENOEXEC);
}

/* After an execve() that fails all is as before. */
static void test_failure_changes_nothing(void)
{
    static volatile int in_data = 5;
    char *const argv[] = {(char *)"x", NULL};
    volatile char *heap = malloc(100000);
    int goes = must_open("/dev/null", O_RDONLY | O_CLOEXEC, 0);
    int fd = must_open("code", O_WRONLY | O_CREAT, 0755);
    CHECK(heap);
    must_write(fd, "\177ELF\001 but no more", 18);
    CHECK_OK(close(fd));
    heap[99999] = 7;
    for (int i = 0; i < 20; i++) {
        CHECK_ERR(execve("code", argv, environ), ENOEXEC);
    }
    CHECK_EQ(in_data, 5);
    CHECK_EQ(heap[99999], 7);
    CHECK_OK(fcntl(goes, F_GETFD));
}

/* A script without "#!" is the shell's, by execvp() (POSIX). */
static void test_search(void)
{
    int fd = must_open("script", O_WRONLY | O_CREAT, 0755);
    must_write(fd, "exit 9\n", 7);
    CHECK_OK(close(fd));
    pid_t pid = must_fork();
    if (pid == 0) {
        setenv("PATH", "/none:.", 1);
        execlp("script", "script", (char *)NULL);
        _exit(126);
    }
    CHECK_EQ(must_wait(pid), 9 << 8);
    setenv("PATH", "/none:/dev/null:.", 1);
    CHECK_ERR(execlp("no such program", "x", (char *)NULL), ENOENT);
    put_file("data", "x", 1);
    CHECK_ERR(execlp("data", "x", (char *)NULL), EACCES);
}

const struct test tests_exec[] = {
    {"arguments", test_arguments, 0},
    {"identity", test_identity, 0},
    {"close_on_exec", test_close_on_exec, 0},
    {"ignored_signals", test_ignored_signals, 0},
    {"chain", test_chain, 0},
    {"many_arguments", test_many_arguments, 0},
    {"too_many_arguments", test_too_many_arguments, 0},
    {"errors", test_errors, 0},
    {"failure_changes_nothing", test_failure_changes_nothing, 0},
    {"search", test_search, 0},
    {0},
};
