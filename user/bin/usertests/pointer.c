/*
 * Bad pointers: every call that takes one is given each kind of bad one and must say EFAULT, never
 * read or write there, and never hurt anybody else.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "usertests.h"

#ifdef __linux__
/* The host's names for what rv32 calls otherwise do not matter: its calls are rv64's. */
#    define SYS__llseek                (-1)
#    define SYS_clock_gettime64        (-1)
#    define SYS_clock_nanosleep_time64 (-1)
#    define SYS_utimensat_time64       (-1)
#endif

enum { PAGE = 4096 };

enum direction {
    IN,  /* the kernel reads there */
    OUT, /* and writes there */
    STR, /* it reads a string */
};

/* What the calls work on, open while the tests run. */
static int file, folder, zero, pipe_in, pipe_out;
static char *good[] = {(char *)"x", NULL};

#define PATH "target"

/* The calls, each with a bad pointer p in one place: name, direction, bytes, call. */
#define CALLS(X)                                                                              \
    X(read, OUT, 64, syscall(SYS_read, file, p, 64L))                                         \
    X(read_zero, OUT, 64, syscall(SYS_read, zero, p, 64L))                                    \
    X(write, IN, 64, syscall(SYS_write, file, p, 64L))                                        \
    X(pipe_write, IN, 64, syscall(SYS_write, pipe_in, p, 64L))                                \
    X(pipe_read, OUT, 64, syscall(SYS_read, pipe_out, p, 64L))                                \
    X(pread, OUT, 64, pread(file, p, 64, 0))                                                  \
    X(pwrite, IN, 64, pwrite(file, p, 64, 0))                                                 \
    X(getcwd, OUT, 8, syscall(SYS_getcwd, p, 4096L))                                          \
    X(openat, STR, 0, syscall(SYS_openat, AT_FDCWD, p, 0L, 0L))                               \
    X(openat_create, STR, 0, syscall(SYS_openat, AT_FDCWD, p, (long)O_CREAT | O_RDWR, 0644L)) \
    X(mkdirat, STR, 0, syscall(SYS_mkdirat, AT_FDCWD, p, 0755L))                              \
    X(unlinkat, STR, 0, syscall(SYS_unlinkat, AT_FDCWD, p, 0L))                               \
    X(chdir, STR, 0, syscall(SYS_chdir, p))                                                   \
    X(faccessat, STR, 0, syscall(SYS_faccessat, AT_FDCWD, p, 0L))                             \
    X(statx_path, STR, 0, statx_of(p, spare))                                                 \
    X(statx, OUT, 256, statx_of(PATH, p))                                                     \
    X(newfstatat_path, STR, 0, syscall(SYS_newfstatat, AT_FDCWD, p, spare, 0L))               \
    X(newfstatat, OUT, 128, syscall(SYS_newfstatat, AT_FDCWD, PATH, p, 0L))                   \
    X(fstat, OUT, 128, syscall(SYS_fstat, file, p))                                           \
    X(pipe2, OUT, 8, syscall(SYS_pipe2, p, 0L))                                               \
    X(getdents64, OUT, 512, list_of(p))                                                       \
    X(execve_path, STR, 0, syscall(SYS_execve, p, good, environ))                             \
    X(execve_argv, IN, 16, syscall(SYS_execve, self_path, p, environ))                        \
    X(execve_envp, IN, 16, syscall(SYS_execve, self_path, good, p))                           \
    X(execve_argument, STR, 0, exec_with(p))                                                  \
    X(wait4, OUT, 4, wait4_of(p))                                                             \
    X(waitid, OUT, 24, waitid_of(p))                                                          \
    X(nanosleep, IN, 16, syscall(SYS_nanosleep, p, NULL))                                     \
    X(clock_nanosleep, IN, 16, syscall(SYS_clock_nanosleep, 0L, 0L, p, NULL))                 \
    X(clock_nanosleep64, IN, 16, syscall(SYS_clock_nanosleep_time64, 0L, 0L, p, NULL))        \
    X(clock_gettime, OUT, 16, syscall(SYS_clock_gettime, 0L, p))                              \
    X(clock_gettime64, OUT, 16, syscall(SYS_clock_gettime64, 0L, p))                          \
    X(llseek, OUT, 8, syscall(SYS__llseek, file, 0L, 0L, p, 0L))                              \
    X(uname, OUT, 390, syscall(SYS_uname, p))                                                 \
    X(renameat2_old, STR, 0, syscall(SYS_renameat2, AT_FDCWD, p, AT_FDCWD, "new", 0L))        \
    X(renameat2_new, STR, 0, syscall(SYS_renameat2, AT_FDCWD, PATH, AT_FDCWD, p, 0L))         \
    X(symlinkat_target, STR, 0, syscall(SYS_symlinkat, p, AT_FDCWD, "new"))                   \
    X(symlinkat_path, STR, 0, syscall(SYS_symlinkat, PATH, AT_FDCWD, p))                      \
    X(readlinkat_path, STR, 0, syscall(SYS_readlinkat, AT_FDCWD, p, spare, 64L))              \
    X(readlinkat, OUT, 4, syscall(SYS_readlinkat, AT_FDCWD, "link", p, 64L))                  \
    X(getrandom, OUT, 64, syscall(SYS_getrandom, p, 64L, 0L))                                 \
    X(rt_sigaction, IN, 16, syscall(SYS_rt_sigaction, (long)SIGUSR1, p, NULL, 8L))            \
    X(rt_sigaction_old, OUT, 16, syscall(SYS_rt_sigaction, (long)SIGUSR1, NULL, p, 8L))       \
    X(times, OUT, 16, syscall(SYS_times, p))

/* Those for which NULL means that nothing is wanted. */
#define NULL_IS_FINE \
    " wait4 waitid rt_sigaction rt_sigaction_old times execve_argv execve_envp execve_argument "

static char spare[512];

static long statx_of(const char *path, void *p)
{
    return syscall(SYS_statx, AT_FDCWD, path, 0L, 0x7ffL, p);
}

static long list_of(void *p)
{
    CHECK_EQ(lseek(folder, 0, SEEK_SET), 0);
    return syscall(SYS_getdents64, folder, p, 512L);
}

static long exec_with(void *p)
{
    char *argv[] = {(char *)"x", p, NULL};
    return syscall(SYS_execve, self_path, argv, environ);
}

static void make_zombie(void)
{
    if (must_fork() == 0) {
        _exit(0);
    }
}

/* The calls may or may not take the child before they notice; none must be left. */
static void take_zombie(void)
{
    int error = errno;
    while (wait(NULL) > 0) {
    }
    errno = error;
}

static long wait4_of(void *p)
{
    make_zombie();
    long result = syscall(SYS_wait4, -1L, p, 0L, NULL);
    take_zombie();
    return result;
}

static long waitid_of(void *p)
{
    make_zombie();
    long result = syscall(SYS_waitid, 0L, 0L, p, 4L /* WEXITED */, NULL);
    take_zombie();
    return result;
}

#define X(name, direction, size, expression) \
    static long call_##name(void *p)         \
    {                                        \
        return (long)(expression);           \
    }
CALLS(X)
#undef X

static const struct call {
    const char *name;
    enum direction direction;
    size_t size;
    long (*make)(void *p);
} calls[] = {
#define X(name, direction, size, expression) {#name, direction, size, call_##name},
    CALLS(X)
#undef X
};

static void prepare(void)
{
    static char block[PAGE];
    int fds[2];
    put_file(PATH, block, sizeof(block));
    CHECK_OK(symlink("target", "link"));
    CHECK_OK(pipe2(fds, O_NONBLOCK));
    pipe_out = fds[0];
    pipe_in = fds[1];
    must_write(pipe_in, block, 256);
    file = must_open(PATH, O_RDWR, 0);
    folder = must_open(".", O_RDONLY | O_DIRECTORY, 0);
    zero = must_open("/dev/zero", O_RDONLY, 0);
}

/* Make a call with a bad pointer. A call this XLEN does not have is not tried (ENOSYS). */
static void try(const struct call *call, const char *kind, void *p)
{
    CHECK_EQ(lseek(file, 0, SEEK_SET), 0);
    errno = 0;
    long result = call->make(p);
    if ((result != -1 || errno != EFAULT) && errno != ENOSYS) {
        FAIL("%s with %s gives %ld, errno %d", call->name, kind, result, errno);
    }
}

static bool null_is_fine(const struct call *call)
{
    char word[64] = " ";
    strcat(word, call->name);
    strcat(word, " ");
    return strstr(NULL_IS_FINE, word) != NULL;
}

/* The end of the heap, with at least a page before it and none after it. */
static char *heap_end(void)
{
    uintptr_t end = (uintptr_t)sbrk(0);
    CHECK(sbrk((ptrdiff_t)(2 * PAGE - end % PAGE)) != (void *)-1);
    return sbrk(0);
}

static void test_null(void)
{
    prepare();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (!null_is_fine(&calls[i])) {
            try(&calls[i], "NULL", NULL);
        }
        try(&calls[i], "an address in page 0", (void *)8);
    }
}

static void test_unmapped(void)
{
    prepare();
    char *end = heap_end();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        try(&calls[i], "an unmapped address", end + 16 * PAGE);
    }
}

static void test_kernel(void)
{
    prepare();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        try(&calls[i], "the last page", (void *)~(uintptr_t)0xfff);
        try(&calls[i], "the last bytes", (void *)~(uintptr_t)7);
        try(&calls[i], "a kernel address", (void *)~(uintptr_t)0x3fffff);
        try(&calls[i], "the highest bit", (void *)((uintptr_t)1 << (8 * sizeof(long) - 1)));
    }
}

/* It starts in a page that is there and goes on in one that is not. */
static void test_straddling(void)
{
    prepare();
    char *end = heap_end();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        const struct call *call = &calls[i];
        bool partial = strncmp(call->name, "read", 4) == 0 ||
                       strncmp(call->name, "pread", 5) == 0 || strstr(call->name, "write") ||
                       strstr(call->name, "pipe_read") || strcmp(call->name, "getrandom") == 0 ||
                       strcmp(call->name, "getdents64") == 0;
        size_t before = call->direction == STR ? 5 : call->size / 2;
        memset(end - before, 'x', before); /* a string that does not end, an argv of bad pointers */
        if (call->direction == STR || !partial) {
            try(call, "a pointer half into an unmapped page", end - before);
        }
    }
}

/* What the kernel writes it does not write into text or constants. */
static void test_read_only(void)
{
    static const char constant[512] = "constant";
    prepare();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (calls[i].direction == OUT) {
            try(&calls[i], "a constant's address", (void *)(uintptr_t)constant);
            try(&calls[i], "a function's address", (void *)(uintptr_t)prepare);
        }
    }
    CHECK(strcmp(constant, "constant") == 0);
}

/* A transfer that runs into an unmapped page does what it can or nothing, but never more. */
static void test_partial(void)
{
    prepare();
    char *end = heap_end();
    ssize_t done = read(file, end - 100, 200);
    CHECK(done == 100 || (done == -1 && errno == EFAULT));
    done = write(file, end - 100, 200);
    CHECK(done == 100 || (done == -1 && errno == EFAULT));
    struct stat st;
    CHECK_OK(fstat(file, &st));
    CHECK_EQ(st.st_size, PAGE);
}

/* A huge count is no reason to wrap around. */
static void test_huge_count(void)
{
    prepare();
    char *buffer = malloc(PAGE);
    CHECK(buffer);
    ssize_t done = read(file, (void *)~(uintptr_t)0xfff, (size_t)1 << 20);
    CHECK(done == -1 && errno == EFAULT);
    volatile size_t huge = ~(size_t)0 - 4096;
    done = write(file, buffer, huge);
    CHECK(done == -1 && (errno == EFAULT || errno == EINVAL));
    done = write(pipe_in, (char *)~(uintptr_t)0xff, 4096);
    CHECK(done == -1 && errno == EFAULT);
}

const struct test tests_pointer[] = {
    {"null", test_null, 0},
    {"unmapped", test_unmapped, 0},
    {"kernel", test_kernel, 0},
    {"straddling", test_straddling, 0},
    {"read_only", test_read_only, 0},
    {"partial", test_partial, 0},
    {"huge_count", test_huge_count, 0},
    {0},
};
