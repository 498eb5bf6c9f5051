/* Making and ending processes. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

static void exit_with(void *code)
{
    _exit((int)(intptr_t)code);
}

/* Of an exit code the parent gets eight bits. */
static void test_exit_codes(void)
{
    const int codes[] = {0, 1, 7, 127, 128, 255, 256, 257, -1, 0x1234};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        int status = status_of(exit_with, (void *)(intptr_t)codes[i]);
        CHECK(WIFEXITED(status));
        CHECK_EQ(WEXITSTATUS(status), codes[i] & 0xff);
    }
}

static void test_ids(void)
{
    int fds[2];
    pid_t seen[2];
    CHECK_OK(pipe(fds));
    pid_t me = getpid();
    CHECK(me > 1);
    pid_t pid = must_fork();
    if (pid == 0) {
        pid_t ids[2] = {getpid(), getppid()};
        must_write(fds[1], ids, sizeof(ids));
        _exit(0);
    }
    CHECK_EQ(read_full(fds[0], seen, sizeof(seen)), sizeof(seen));
    CHECK_EQ(seen[0], pid);
    CHECK_EQ(seen[1], me);
    must_succeed(pid);
}

/* Parent and child have the same memory at first, and each its own afterwards. */
static void test_memory_is_copied(void)
{
    static volatile int in_data = 5;
    volatile int on_stack = 6;
    volatile int *on_heap = malloc(sizeof(*on_heap));
    CHECK(on_heap);
    *on_heap = 7;
    pid_t pid = must_fork();
    if (pid == 0) {
        CHECK(in_data == 5 && on_stack == 6 && *on_heap == 7);
        in_data = on_stack = *on_heap = 100;
        CHECK(in_data == 100 && on_stack == 100 && *on_heap == 100);
        _exit(0);
    }
    must_succeed(pid);
    CHECK(in_data == 5 && on_stack == 6 && *on_heap == 7);
}

/* A child has its parent's descriptors, and shares their positions. */
static void test_files_are_shared(void)
{
    char c;
    put_file("f", "abcdef", 6);
    int fd = must_open("f", O_RDONLY, 0);
    pid_t pid = must_fork();
    if (pid == 0) {
        CHECK_EQ(read(fd, &c, 1), 1);
        CHECK_EQ(c, 'a');
        CHECK_OK(close(fd));
        _exit(0);
    }
    must_succeed(pid);
    CHECK_EQ(read(fd, &c, 1), 1);
    CHECK_EQ(c, 'b');
}

static void test_generations(void)
{
    enum { DEPTH = 20 };
    for (int depth = 0; depth < DEPTH; depth++) {
        pid_t pid = must_fork();
        if (pid > 0) {
            int status = must_wait(pid);
            CHECK(WIFEXITED(status));
            _exit(depth == 0 && WEXITSTATUS(status) == DEPTH - 1 ? 0 : WEXITSTATUS(status) + 1);
        }
    }
    _exit(0);
}

static void test_many(void)
{
    enum { COUNT = 60, ROUNDS = 5 };
    for (int round = 0; round < ROUNDS; round++) {
        pid_t pids[COUNT];
        for (int i = 0; i < COUNT; i++) {
            pids[i] = must_fork();
            if (pids[i] == 0) {
                _exit(i);
            }
        }
        for (int i = COUNT - 1; i >= 0; i--) {
            CHECK_EQ(WEXITSTATUS(must_wait(pids[i])), i);
        }
    }
}

enum { LIMIT_REACHED = 7 };

/* Fork children that stay until `hold` ends. At the limit nothing may be left to say it with but
 * this. */
static _Noreturn void fork_to_the_limit(int hold)
{
    int count = 0;
    pid_t pid;
    while ((pid = fork()) >= 0) {
        if (pid == 0) {
            char c;
            read(hold, &c, 1);
            _exit(0);
        }
        CHECK(++count < 40000);
    }
    CHECK(errno == EAGAIN || errno == ENOMEM);
    CHECK(count >= 50);
    _exit(LIMIT_REACHED);
}

/*
 * As many processes as there can be: then fork() fails, or whoever needs memory next is killed.
 * When they are gone, all is as before.
 */
void test_fork_to_the_limit(void)
{
    int hold[2];
    CHECK_OK(pipe(hold));
    pid_t pid = must_fork();
    if (pid == 0) {
        close(hold[1]);
        fork_to_the_limit(hold[0]);
    }
    int status = must_wait(pid);
    CHECK_OK(close(hold[1])); /* they end, as init's children */
    CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : status == LIMIT_REACHED << 8);
    while ((pid = fork()) < 0) {
        sleep_ms(10);
    }
    if (pid == 0) {
        _exit(3);
    }
    CHECK_EQ(must_wait(pid), 3 << 8);
}

/* A process whose parent ends becomes init's child. */
static void test_orphan(void)
{
    int fds[2];
    pid_t parent;
    CHECK_OK(pipe(fds));
    pid_t pid = must_fork();
    if (pid == 0) {
        pid_t mine = getpid();
        if (must_fork() == 0) {
            while (getppid() == mine) {
                sleep_ms(5);
            }
            parent = getppid();
            must_write(fds[1], &parent, sizeof(parent));
        }
        _exit(0);
    }
    must_succeed(pid);
    CHECK_EQ(read_full(fds[0], &parent, sizeof(parent)), sizeof(parent));
    CHECK_EQ(parent, 1);
}

static void note(int fd, char c)
{
    must_write(fd, &c, 1);
}

static int exit_fd;

static void first_hook(void)
{
    note(exit_fd, '1');
}

static void second_hook(void)
{
    note(exit_fd, '2');
}

/* exit() runs the hooks in reverse, _exit() does not. */
static void test_atexit(void)
{
    int fds[2];
    char buf[8];
    CHECK_OK(pipe(fds));
    exit_fd = fds[1];
    for (int quick = 0; quick < 2; quick++) {
        pid_t pid = must_fork();
        if (pid == 0) {
            atexit(first_hook);
            atexit(second_hook);
            if (quick) {
                _exit(0);
            }
            exit(0);
        }
        must_succeed(pid);
    }
    CHECK_OK(close(fds[1]));
    CHECK_EQ(read_full(fds[0], buf, sizeof(buf)), 2);
    CHECK(memcmp(buf, "21", 2) == 0);
}

const struct test tests_process[] = {
    {"exit_codes", test_exit_codes, 0},
    {"ids", test_ids, 0},
    {"memory_is_copied", test_memory_is_copied, 0},
    {"files_are_shared", test_files_are_shared, 0},
    {"generations", test_generations, 0},
    {"many", test_many, 0},
    {"to_the_limit", test_fork_to_the_limit, TEST_TARN | TEST_LONG},
    {"orphan", test_orphan, 0},
    {"atexit", test_atexit, 0},
    {0},
};
