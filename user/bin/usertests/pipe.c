/* Pipes. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

static void test_basic(void)
{
    int fds[2];
    char buf[16];
    CHECK_OK(pipe(fds));
    must_write(fds[1], "hello", 5);
    CHECK_EQ(read(fds[0], buf, 2), 2);
    CHECK_EQ(read(fds[0], buf + 2, sizeof(buf) - 2), 3); /* what there is, not what was asked for */
    CHECK(memcmp(buf, "hello", 5) == 0);
    must_write(fds[1], "x", 1);
    CHECK_OK(close(fds[1]));
    CHECK_EQ(read(fds[0], buf, sizeof(buf)), 1);
    CHECK_EQ(read(fds[0], buf, sizeof(buf)), 0); /* the end */
    CHECK_EQ(read(fds[0], buf, sizeof(buf)), 0);
}

static void test_errors(void)
{
    int fds[2];
    char c = 0;
    struct stat st;
    CHECK_OK(pipe(fds));
    CHECK_ERR(read(fds[1], &c, 1), EBADF);
    CHECK_ERR(write(fds[0], &c, 1), EBADF);
    CHECK_ERR(lseek(fds[0], 0, SEEK_SET), ESPIPE);
    CHECK_ERR(pread(fds[0], &c, 1, 0), ESPIPE);
    CHECK_ERR(pwrite(fds[1], &c, 1, 0), ESPIPE);
    CHECK_ERR(ftruncate(fds[1], 0), EINVAL);
    CHECK_OK(fstat(fds[0], &st));
    CHECK(S_ISFIFO(st.st_mode));
    CHECK_ERR(pipe2(fds, 0x40000000), EINVAL);
    CHECK_OK(pipe2(fds, O_CLOEXEC));
    CHECK_EQ(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(fds[1], F_GETFD), FD_CLOEXEC);
}

static void write_unread(void *arg)
{
    (void)arg;
    int fds[2];
    CHECK_OK(pipe(fds));
    CHECK_OK(close(fds[0]));
    write(fds[1], "x", 1);
}

/* A write nobody can read: SIGPIPE, and EPIPE for who ignores it. */
static void test_broken(void)
{
    int fds[2];
    int status = status_of(write_unread, NULL);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGPIPE);
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    CHECK_OK(pipe(fds));
    CHECK_OK(close(fds[0]));
    CHECK_ERR(write(fds[1], "x", 1), EPIPE);
}

static void test_nonblocking(void)
{
    int fds[2];
    static char block[4096];
    char c;
    CHECK_OK(pipe2(fds, O_NONBLOCK));
    CHECK_ERR(read(fds[0], &c, 1), EAGAIN);
    size_t total = 0;
    ssize_t done;
    while ((done = write(fds[1], block, sizeof(block))) > 0) {
        total += (size_t)done;
        CHECK(total < 64 << 20);
    }
    CHECK_EQ(done, -1);
    CHECK_EQ(errno, EAGAIN);
    CHECK(total >= 4096);
    while ((done = read(fds[0], block, sizeof(block))) > 0) {
        total -= (size_t)done;
    }
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(total, 0);
}

/* A reader waits for a writer, and a writer that has filled the pipe for a reader. */
static void test_blocking(void)
{
    enum { SIZE = 1 << 20 };
    int fds[2];
    CHECK_OK(pipe(fds));
    pid_t pid = must_fork();
    if (pid == 0) {
        close(fds[0]);
        unsigned char *data = malloc(SIZE);
        CHECK(data);
        for (size_t i = 0; i < SIZE; i++) {
            data[i] = pattern(i);
        }
        must_write(fds[1], data, SIZE);
        _exit(0);
    }
    close(fds[1]);
    static unsigned char buf[5000];
    size_t at = 0;
    ssize_t done;
    while ((done = read(fds[0], buf, sizeof(buf) - at % 777)) > 0) {
        for (ssize_t i = 0; i < done; i++) {
            CHECK_EQ(buf[i], pattern(at + (size_t)i));
        }
        at += (size_t)done;
    }
    CHECK_EQ(done, 0);
    CHECK_EQ(at, SIZE);
    must_succeed(pid);
}

/* Writes of up to PIPE_BUF bytes are not mixed up with those of others. */
static void test_atomic(void)
{
    enum { WRITERS = 4, ROUNDS = 50, SIZE = 1000 };
    int fds[2];
    int counts[WRITERS] = {0};
    CHECK(SIZE <= PIPE_BUF);
    CHECK_OK(pipe(fds));
    for (int w = 0; w < WRITERS; w++) {
        pid_t pid = must_fork();
        if (pid == 0) {
            char record[SIZE];
            memset(record, 'a' + w, sizeof(record));
            for (int i = 0; i < ROUNDS; i++) {
                CHECK_EQ(write(fds[1], record, sizeof(record)), SIZE);
            }
            _exit(0);
        }
    }
    close(fds[1]);
    char record[SIZE];
    ssize_t done;
    while ((done = read_full(fds[0], record, sizeof(record))) == SIZE) {
        for (int i = 1; i < SIZE; i++) {
            CHECK_EQ(record[i], record[0]);
        }
        counts[record[0] - 'a']++;
    }
    CHECK_EQ(done, 0);
    for (int w = 0; w < WRITERS; w++) {
        CHECK_EQ(counts[w], ROUNDS);
        int status;
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
}

/* Data goes round a ring of processes. */
static void test_ping_pong(void)
{
    enum { ROUNDS = 500 };
    int there[2], back[2];
    CHECK_OK(pipe(there));
    CHECK_OK(pipe(back));
    pid_t pid = must_fork();
    if (pid == 0) {
        int n;
        close(there[1]);
        close(back[0]);
        while (read_full(there[0], &n, sizeof(n)) == sizeof(n)) {
            n++;
            must_write(back[1], &n, sizeof(n));
        }
        _exit(0);
    }
    close(there[0]);
    close(back[1]);
    int n = 0;
    for (int i = 1; i <= ROUNDS; i++) {
        must_write(there[1], &n, sizeof(n));
        CHECK_EQ(read_full(back[0], &n, sizeof(n)), sizeof(n));
        CHECK_EQ(n, i);
    }
    close(there[1]);
    must_succeed(pid);
}

/* The end comes only when every copy of the writing end is closed. */
static void test_copies(void)
{
    int fds[2];
    char c;
    CHECK_OK(pipe2(fds, O_NONBLOCK));
    int copy = dup(fds[1]);
    CHECK_OK(close(fds[1]));
    CHECK_ERR(read(fds[0], &c, 1), EAGAIN);
    CHECK_OK(close(copy));
    CHECK_EQ(read(fds[0], &c, 1), 0);
}

/* A killed writer closes its end. */
static void test_killed_writer(void)
{
    int fds[2];
    char c;
    CHECK_OK(pipe(fds));
    pid_t pid = must_fork();
    if (pid == 0) {
        for (;;) {
            sleep_ms(1000);
        }
    }
    close(fds[1]);
    CHECK_OK(kill(pid, SIGKILL));
    CHECK_EQ(read(fds[0], &c, 1), 0);
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGKILL);
}

/* A process blocked in a pipe can be killed. */
static void test_kill_blocked(void)
{
    int fds[2];
    CHECK_OK(pipe(fds));
    for (int writer = 0; writer < 2; writer++) {
        pid_t pid = must_fork();
        if (pid == 0) {
            static char block[1 << 20];
            if (writer) {
                write(fds[1], block, sizeof(block));
            } else {
                read(fds[0], block, 1);
            }
            _exit(0);
        }
        sleep_ms(20);
        CHECK_OK(kill(pid, SIGTERM));
        CHECK_EQ(WTERMSIG(must_wait(pid)), SIGTERM);
    }
}

/* The descriptors among in[0], in[1] and out that select() finds ready, as bits; -1: an error. */
static int selected(const int in[2], int out, long usec)
{
    fd_set reads, writes, excepts;
    struct timeval limit = {.tv_sec = usec / 1000000, .tv_usec = usec % 1000000};
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&excepts);
    FD_SET(in[0], &reads);
    FD_SET(in[1], &reads);
    FD_SET(in[0], &excepts);
    if (out >= 0) {
        FD_SET(out, &writes);
    }
    int n = select(40, &reads, &writes, &excepts, usec < 0 ? NULL : &limit);
    if (n < 0) {
        return -1;
    }
    int bits = (FD_ISSET(in[0], &reads) ? 1 : 0) + (FD_ISSET(in[1], &reads) ? 2 : 0) +
               (out >= 0 && FD_ISSET(out, &writes) ? 4 : 0) + (FD_ISSET(in[0], &excepts) ? 8 : 0);
    CHECK_EQ(n, (bits & 1) + (bits >> 1 & 1) + (bits >> 2 & 1) + (bits >> 3));
    return bits;
}

static void test_select(void)
{
    int a[2], b[2];
    char byte;
    CHECK_OK(pipe(a));
    CHECK_OK(pipe(b));
    const int in[2] = {a[0], b[0]};
    CHECK_EQ(selected(in, -1, 0), 0);
    CHECK_EQ(selected(in, -1, 10000), 0);
    CHECK_EQ(selected(in, a[1], -1), 4);
    must_write(b[1], "x", 1);
    CHECK_EQ(selected(in, -1, -1), 2);
    CHECK_EQ(selected(in, b[1], 0), 6);
    CHECK_EQ(read(b[0], &byte, 1), 1);
    pid_t pid = fork();
    if (pid == 0) {
        sleep_ms(20);
        must_write(a[1], "y", 1);
        _exit(0);
    }
    CHECK_EQ(selected(in, -1, -1), 1); /* woken */
    CHECK_EQ(must_wait(pid), 0);
    CHECK_OK(close(b[1]));
    CHECK_EQ(selected(in, -1, 0), 3); /* the end can be read */
    CHECK_ERR(select(-1, NULL, NULL, NULL, NULL), EINVAL);
    CHECK_ERR(select(0, NULL, NULL, NULL, &(struct timeval){.tv_sec = -1}), EINVAL);
    CHECK_EQ(select(0, NULL, NULL, NULL, &(struct timeval){.tv_usec = 1000}), 0);
    CHECK_OK(close(b[0]));
    CHECK_EQ(selected(in, -1, 0), -1);
    CHECK_EQ(errno, EBADF);
}

static void test_limit(void)
{
    int fds[2], count = 0;
    while (pipe(fds) == 0) {
        CHECK(++count < 100000);
    }
    CHECK_EQ(errno, EMFILE);
    CHECK(count >= 30);
}

const struct test tests_pipe[] = {
    {"basic", test_basic, 0},
    {"errors", test_errors, 0},
    {"broken", test_broken, 0},
    {"nonblocking", test_nonblocking, 0},
    {"blocking", test_blocking, 0},
    {"atomic", test_atomic, 0},
    {"ping_pong", test_ping_pong, 0},
    {"copies", test_copies, 0},
    {"killed_writer", test_killed_writer, 0},
    {"kill_blocked", test_kill_blocked, 0},
    {"select", test_select, 0},
    {"limit", test_limit, 0},
    {0},
};
