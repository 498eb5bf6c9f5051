/*
 * The floating-point unit belongs to each process: what one keeps in it nothing else changes, and
 * nobody else sees. About RISC-V registers, so there is nothing here to run on another host.
 */
#include "usertests.h"
#ifdef __riscv
#    include <signal.h>
#    include <stdlib.h>
#    include <string.h>
#    include <sys/syscall.h>
#    include <sys/wait.h>
#    include <unistd.h>
#    include "float.h"

#    define PAGE 4096

void tarn_fault_illegal(void);

/* Values in all registers, a rounding mode and flags that no other seed gives. */
static struct tarn_float unit_of(uint32_t seed)
{
    struct tarn_float unit;
    unit.fcsr = (seed % 5) << 5 | (seed / 5 & 31);
    for (int i = 0; i < 32; i++) {
        unit.f[i] = (uint64_t)next_random(&seed) << 40 ^ (uint64_t)next_random(&seed) << 16 ^
                    next_random(&seed);
    }
    return unit;
}

static void check_same(const struct tarn_float *got, const struct tarn_float *want,
                       const char *after)
{
    for (int i = 0; i < 32; i++) {
        if (got->f[i] != want->f[i]) {
            FAIL("f%d is %#llx, not %#llx, after %s", i, (unsigned long long)got->f[i],
                 (unsigned long long)want->f[i], after);
        }
    }
    if (got->fcsr != want->fcsr) {
        FAIL("fcsr is %#x, not %#x, after %s", (unsigned)got->fcsr, (unsigned)want->fcsr, after);
    }
}

/* One system call with the unit full. */
static long call_with(const struct tarn_float *unit, const char *name, long number, long a, long b,
                      long c)
{
    struct tarn_float after;
    memset(&after, 0, sizeof(after));
    long result = tarn_float_call(unit, &after, number, a, b, c);
    check_same(&after, unit, name);
    return result;
}

/* A byte through a pipe to itself, then one that only a sleeping child sends. */
static void use_pipe(const struct tarn_float *unit)
{
    int fds[2];
    char byte = 'x';
    CHECK_OK(pipe(fds));
    CHECK_EQ(call_with(unit, "write", SYS_write, fds[1], (long)&byte, 1), 1);
    CHECK_EQ(call_with(unit, "read", SYS_read, fds[0], (long)&byte, 1), 1);
    pid_t pid = must_fork();
    if (pid == 0) {
        sleep_ms(2);
        must_write(fds[1], "y", 1);
        _exit(0);
    }
    CHECK_EQ(call_with(unit, "a read that waits", SYS_read, fds[0], (long)&byte, 1), 1);
    CHECK_EQ(byte, 'y');
    must_succeed(pid);
    close(fds[0]);
    close(fds[1]);
}

static void touch_fresh(const struct tarn_float *unit)
{
    struct tarn_float after;
    char *page = malloc(2 * PAGE);
    CHECK(page);
    uint64_t *word = (uint64_t *)(page + PAGE - ((uintptr_t)page & 7));
    tarn_float_touch(unit, &after, word);
    check_same(&after, unit, "a store that faults");
    CHECK(*word == unit->f[31]);
    free(page);
}

static void spin(const struct tarn_float *unit, unsigned long turns)
{
    struct tarn_float after;
    tarn_float_spin(unit, &after, turns);
    check_same(&after, unit, "computing");
}

static void test_calls(void)
{
    for (uint32_t seed = 1; seed < 40; seed++) {
        struct tarn_float unit = unit_of(seed);
        CHECK_EQ(call_with(&unit, "getpid", SYS_getpid, 0, 0, 0), getpid());
        CHECK_EQ(call_with(&unit, "sched_yield", SYS_sched_yield, 0, 0, 0), 0);
        CHECK(call_with(&unit, "a bad call", -1, 0, 0, 0) < 0);
        touch_fresh(&unit);
    }
    struct tarn_float unit = unit_of(99);
    use_pipe(&unit);
}

/* Half of the children have their own values in the unit, the others have nothing there. */
static void keep_busy(uint32_t number)
{
    for (uint32_t round = 0; round < 12; round++) {
        struct tarn_float unit = unit_of(number * 1000 + round);
        if (number % 2) {
            use_processor_ms(2);
            continue;
        }
        spin(&unit, 60000);
        call_with(&unit, "sched_yield", SYS_sched_yield, 0, 0, 0);
        touch_fresh(&unit);
        spin(&unit, 60000);
        call_with(&unit, "getpid", SYS_getpid, 0, 0, 0);
    }
    struct tarn_float unit = unit_of(number);
    use_pipe(&unit);
}

static void test_many(void)
{
    enum { COUNT = 12 };
    for (uint32_t i = 0; i < COUNT; i++) {
        if (must_fork() == 0) {
            keep_busy(i);
            _exit(0);
        }
    }
    for (int i = 0; i < COUNT; i++) {
        int status;
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
}

/* The child starts with its parent's registers, and neither sees what the other does to its own. */
static void test_fork(void)
{
    for (uint32_t seed = 1; seed < 20; seed++) {
        struct tarn_float unit = unit_of(seed), other = unit_of(seed + 100);
        long pid = call_with(&unit, "fork", SYS_clone, SIGCHLD, 0, 0);
        CHECK(pid >= 0);
        if (pid == 0) {
            call_with(&other, "sched_yield", SYS_sched_yield, 0, 0, 0);
            _exit(0);
        }
        spin(&unit, 1000);
        must_succeed((pid_t)pid);
    }
}

/* Registers pass through a child that never touches them. */
static void test_grandchild(void)
{
    struct tarn_float before, now;
    struct tarn_float unit = unit_of(7);
    call_with(&unit, "getpid", SYS_getpid, 0, 0, 0);
    tarn_float_read(&before);
    pid_t pid = must_fork();
    if (pid == 0) {
        pid = must_fork();
        if (pid == 0) {
            tarn_float_read(&now);
            check_same(&now, &before, "two forks");
            _exit(0);
        }
        must_succeed(pid);
        _exit(0);
    }
    must_succeed(pid);
    tarn_float_read(&now);
    check_same(&now, &before, "all that");
}

int float_is_clear(void)
{
    static struct tarn_float now;
    static const struct tarn_float clear;
    tarn_float_read(&now);
    check_same(&now, &clear, "exec");
    return 0;
}

/* A program starts with zeroes, whatever the process or the hart had there before. */
static void test_exec(void)
{
    char *argv[] = {(char *)self_path, "--helper", "float", NULL}, *envp[] = {NULL};
    for (uint32_t seed = 1; seed < 8; seed++) {
        struct tarn_float unit = unit_of(seed), after;
        pid_t pid = must_fork();
        if (pid == 0) {
            tarn_float_call(&unit, &after, SYS_execve, (long)self_path, (long)argv, (long)envp);
            _exit(9);
        }
        must_succeed(pid);
    }
    struct tarn_float unit = unit_of(50), after;
    char *missing[] = {"nothing", NULL};
    CHECK(tarn_float_call(&unit, &after, SYS_execve, (long)"nothing", (long)missing, (long)envp) <
          0);
    check_same(&after, &unit, "an exec that fails");
}

static void die_after_use(void *arg)
{
    (void)arg;
    struct tarn_float unit = unit_of(1);
    call_with(&unit, "getpid", SYS_getpid, 0, 0, 0);
    tarn_fault_illegal();
}

/* With the unit on, what is illegal is so still. */
static void test_illegal(void)
{
    int status = status_of(die_after_use, NULL);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGILL);
}

/* setjmp() keeps fs0 to fs11; the rounding mode is not its business and stays as it was set last.
 */
static void test_setjmp(void)
{
    static const int saved[] = {8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27};
    static jmp_buf buf;
    struct tarn_float unit = unit_of(3), after;
    tarn_float_jump(&unit, &after, buf);
    for (size_t i = 0; i < sizeof(saved) / sizeof(saved[0]); i++) {
        CHECK(after.f[saved[i]] == unit.f[saved[i]]);
    }
    CHECK_EQ(after.fcsr, unit.fcsr);
}
#endif

const struct test tests_float[] = {
#ifdef __riscv
    {"calls", test_calls, 0},
    {"many", test_many, 0},
    {"fork", test_fork, 0},
    {"grandchild", test_grandchild, 0},
    {"exec", test_exec, 0},
    {"illegal", test_illegal, 0},
    {"setjmp", test_setjmp, 0},
#endif
    {0},
};
