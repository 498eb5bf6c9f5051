#pragma once
/*
 * usertests: what the kernel promises to programs, tried one promise at a time.
 *
 * A test is a function that returns when all is well and otherwise ends its process by one of the
 * macros below. It runs in a process, a process group and an empty current folder of its own; what
 * it leaves behind is killed and removed. Expectations are POSIX's and Linux's: the files build for
 * the host as well, and there the same tests must pass (tests/user/usertests_host.test).
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    TEST_TARN = 1, /* about this system only: not run on the host */
    TEST_LONG = 2, /* may take minutes on a slow machine */
};

struct test {
    const char *name;
    void (*run)(void);
    unsigned flags;
};

/* Each file's tests, ended by an entry without a name. */
extern const struct test tests_block[], tests_device[], tests_dir[], tests_exec[], tests_exec_elf[],
    tests_fault[], tests_file[], tests_float[], tests_kill[], tests_math[], tests_memory[],
    tests_name[], tests_pipe[], tests_pointer[], tests_proc[], tests_process[], tests_session[],
    tests_stress[], tests_system[], tests_time[], tests_wait[];

/* Whether this is Tarn's kernel, as uname(2) says: the same program may run on Linux. */
extern bool on_tarn;

/* The path of this program, for tests that execute it again (see main.c: helper_run()). */
extern const char *self_path;

_Noreturn void fail_at(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define FAIL(...) fail_at(__FILE__, __LINE__, __VA_ARGS__)

/* The condition holds. */
#define CHECK(condition)                                        \
    do {                                                        \
        if (!(condition)) {                                     \
            FAIL("not true: %s (errno %d)", #condition, errno); \
        }                                                       \
    } while (0)

/* Two integers are equal. */
#define CHECK_EQ(got, want)                                                                 \
    do {                                                                                    \
        long long check_got = (long long)(got), check_want = (long long)(want);             \
        if (check_got != check_want) {                                                      \
            FAIL("%s is %lld, not %s (%lld); errno %d", #got, check_got, #want, check_want, \
                 errno);                                                                    \
        }                                                                                   \
    } while (0)

/* A call succeeds: its result is not -1. */
#define CHECK_OK(call)                                    \
    do {                                                  \
        if ((long long)(call) == -1) {                    \
            FAIL("%s fails with errno %d", #call, errno); \
        }                                                 \
    } while (0)

/* A call fails with that error. */
#define CHECK_ERR(call, error)                                                                   \
    do {                                                                                         \
        errno = 0;                                                                               \
        long long check_result = (long long)(call);                                              \
        if (check_result != -1 || errno != (error)) {                                            \
            FAIL("%s gives %lld with errno %d, not %s (%d)", #call, check_result, errno, #error, \
                 error);                                                                         \
        }                                                                                        \
    } while (0)

/* fork() that fails the test when it does. */
pid_t must_fork(void);

/* Wait for a child: its wait status. */
int must_wait(pid_t pid);

/* Run a function in a child: its wait status; 0 when it returned. */
int status_of(void (*function)(void *), void *arg);

/* Wait for a child that must have ended by exit(0). */
void must_succeed(pid_t pid);

/* A file made of, or compared with, those bytes. */
void put_file(const char *path, const void *data, size_t size);
void check_file(const char *path, const void *data, size_t size);

/* Read until `size` bytes, the end or an error: how many. */
ssize_t read_full(int fd, void *buf, size_t size);
void must_write(int fd, const void *data, size_t size);

/* An open file descriptor; the test fails when it cannot be had. */
int must_open(const char *path, int flags, mode_t mode);

/* Byte i of a pattern that no shift or repetition looks like. */
static inline unsigned char pattern(size_t i)
{
    return (unsigned char)((i * 2654435761u) >> 13);
}

/* A pseudo-random number from a seed that moves on. */
static inline uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Monotonic time in milliseconds. */
int64_t now_ms(void);
void sleep_ms(int ms);

/* Compute until the process has used that much more processor time, however long it takes. */
void use_processor_ms(int ms);

/* Programs this one can be when executed by a test: see helper.c. */
int helper_run(int argc, char **argv);

/* fault.c: do what kills the process, by name; returns when there is no such name. */
void fault_run(const char *name);

/* float.c: 0 when all registers of the unit are zero, else the end of the process. */
int float_is_clear(void);

/* math_table.c: print what the mathematical functions give, for comparison with another library's.
 */
void math_print(void);

/* process.c: as many processes as there can be. Also the warm-up: no test needs more at a time. */
void test_fork_to_the_limit(void);

/* bench.c: print what some calls cost. */
void bench_run(void);

/* What the kernel has in use, as far as /proc says; -1 for what it does not. */
struct usage {
    long free_kib;
    long processes;
    long open_files;
};
struct usage usage_now(void);
