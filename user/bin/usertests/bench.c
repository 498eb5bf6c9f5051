/*
 * usertests --bench: instructions, the kernel's and the firmware's included, that some calls take.
 * On one hart, with nothing else running, the counts hardly vary; the smallest of several is shown.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

#ifdef __riscv
unsigned long tarn_instret(void);

static int to_child[2], to_parent[2], zero;
static char block[4096];

static void null_call(void)
{
    getpid();
}

static void ping_pong(void)
{
    char byte = 0;
    must_write(to_child[1], &byte, 1);
    CHECK_EQ(read(to_parent[0], &byte, 1), 1);
}

static void fork_exit(void)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        _exit(0);
    }
    must_succeed(pid);
}

static void fork_exec(void)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(1);
    }
    must_succeed(pid);
}

static void read_byte(void)
{
    CHECK_EQ(read(zero, block, 1), 1);
}

static void read_page(void)
{
    CHECK_EQ(read(zero, block, sizeof(block)), sizeof(block));
}

static void open_close(void)
{
    close(must_open("/bin/true", O_RDONLY, 0));
}

/* The other end of ping_pong(). */
static void answer(void)
{
    char byte;
    close(to_child[1]);
    while (read(to_child[0], &byte, 1) == 1) {
        must_write(to_parent[1], &byte, 1);
    }
    _exit(0);
}

/* The same, with a new value in the floating-point unit each time. */
static void answer_with_float(void)
{
    volatile double value = 1;
    char byte;
    close(to_child[1]);
    while (read(to_child[0], &byte, 1) == 1) {
        value = value * 1.5;
        must_write(to_parent[1], &byte, 1);
    }
    _exit(0);
}

static pid_t start_answer(void (*other_end)(void))
{
    CHECK_OK(pipe(to_child));
    CHECK_OK(pipe(to_parent));
    pid_t pid = must_fork();
    if (pid == 0) {
        other_end();
    }
    return pid;
}

static void end_answer(pid_t pid)
{
    close(to_child[1]);
    close(to_child[0]);
    close(to_parent[0]);
    close(to_parent[1]);
    must_succeed(pid);
}

static void report(const char *name, void (*call)(void))
{
    enum { TIMES = 20 };
    unsigned long least = ~0ul;
    for (int i = 0; i < TIMES; i++) {
        unsigned long start = tarn_instret();
        call();
        unsigned long took = tarn_instret() - start;
        least = took < least ? took : least;
    }
    printf("%-24s %8lu\n", name, least);
}

void bench_run(void)
{
    zero = must_open("/dev/zero", O_RDONLY, 0);
    report("null system call", null_call);
    report("read 1 byte", read_byte);
    report("read 4 KiB", read_page);
    report("open + close", open_close);
    pid_t pid = start_answer(answer);
    report("pipe ping-pong", ping_pong);
    end_answer(pid);
    pid = start_answer(answer_with_float);
    report("ping-pong, one in float", ping_pong);
    end_answer(pid);
    report("fork + exit + wait", fork_exit);
    report("fork + exec + exit + wait", fork_exec);
}
#else
void bench_run(void) {}
#endif
