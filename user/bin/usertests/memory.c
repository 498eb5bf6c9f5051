/* Memory: the heap's end, copying on write, the stack, running out. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

#define PAGE 4096

/* sbrk() where failure is NULL, so that the checks can be plain. */
static char *grow(ptrdiff_t size)
{
    char *old = sbrk(size);
    return old == (char *)-1 ? NULL : old;
}

static void test_grow(void)
{
    char *start = grow(0);
    CHECK(start);
    char *room = grow(10 * PAGE);
    CHECK(room == start);
    CHECK(grow(0) == start + 10 * PAGE);
    for (int i = 0; i < 10 * PAGE; i++) {
        CHECK_EQ(room[i], 0); /* fresh memory is zero */
        room[i] = (char)pattern((size_t)i);
    }
    CHECK(grow(1)); /* by less than a page */
    CHECK(grow(0) == start + 10 * PAGE + 1);
    for (int i = 0; i < 10 * PAGE; i++) {
        CHECK_EQ(room[i], (char)pattern((size_t)i));
    }
}

/* What was given back is gone, and zero when it comes again. */
static void test_shrink(void)
{
    char *start = grow(20 * PAGE);
    CHECK(start);
    memset(start, 'x', 20 * PAGE);
    CHECK(grow(-18 * PAGE));
    CHECK(grow(0) == start + 2 * PAGE);
    CHECK_EQ(start[0], 'x');
    char *again = grow(18 * PAGE);
    CHECK(again == start + 2 * PAGE);
    for (int i = PAGE; i < 18 * PAGE; i++) { /* the first of them may have been kept in part */
        CHECK_EQ(again[i], 0);
    }
}

static void touch(void *address)
{
    *(volatile char *)address = 1;
}

/* Beyond the heap's end there is nothing. */
static void test_beyond(void)
{
    char *end = grow(PAGE);
    CHECK(end);
    end = grow(0) + 16 * PAGE;
    int status = status_of(touch, end);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

static void test_impossible(void)
{
    char *end = grow(0);
    errno = 0;
    CHECK(!grow((ptrdiff_t)(~(size_t)0 >> 1) - PAGE)); /* all of the address space */
    CHECK_EQ(errno, ENOMEM);
    CHECK(grow(0) == end);
    CHECK(grow(PAGE) == end);
}

/* Parent and children write to pages they had in common; each sees its own. */
static void test_copy_on_write(void)
{
    enum { PAGES = 100, CHILDREN = 4 };
    unsigned char *memory = malloc((PAGES + 1) * PAGE);
    CHECK(memory);
    for (size_t i = 0; i < PAGES * PAGE; i++) {
        memory[i] = pattern(i);
    }
    for (int child = 1; child <= CHILDREN; child++) {
        if (must_fork() == 0) {
            for (int round = 0; round < 3; round++) {
                for (size_t i = (size_t)child; i < PAGES * PAGE; i += PAGE) {
                    memory[i] = (unsigned char)(child + round);
                }
                sleep_ms(1);
                for (size_t i = 0; i < PAGES * PAGE; i++) {
                    bool mine = i % PAGE == (size_t)child;
                    CHECK_EQ(memory[i], mine ? (unsigned char)(child + round) : pattern(i));
                }
            }
            _exit(0);
        }
    }
    for (size_t i = 0; i < PAGES * PAGE; i += PAGE) {
        memory[i] = 0xee;
    }
    for (int child = 1; child <= CHILDREN; child++) {
        int status;
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
    for (size_t i = 0; i < PAGES * PAGE; i++) {
        CHECK_EQ(memory[i], i % PAGE == 0 ? 0xee : pattern(i));
    }
    free(memory);
}

/* The kernel's own writes copy as well: read(2) into a page shared with a child. */
static void test_copy_on_kernel_write(void)
{
    static char buffer[2 * PAGE];
    int fds[2];
    memset(buffer, 'a', sizeof(buffer));
    put_file("f", "bbbbbbbbbb", 10);
    CHECK_OK(pipe(fds));
    pid_t pid = must_fork();
    if (pid == 0) {
        char c;
        CHECK_OK(close(fds[1]));
        CHECK_EQ(read(fds[0], &c, 1), 0); /* the parent has read */
        for (size_t i = 0; i < sizeof(buffer); i++) {
            CHECK_EQ(buffer[i], 'a');
        }
        _exit(0);
    }
    int fd = must_open("f", O_RDONLY, 0);
    CHECK_EQ(read(fd, buffer + PAGE - 5, 10), 10);
    CHECK_OK(close(fds[1]));
    must_succeed(pid);
    CHECK(memcmp(buffer + PAGE - 6, "abbbbbbbbbba", 12) == 0);
}

/* Deep enough recursion to grow the stack by many pages. */
static __attribute__((noinline)) int descend(int depth)
{
    volatile char frame[1000];
    frame[0] = (char)depth;
    frame[999] = frame[0];
    return depth == 0 ? 0 : descend(depth - 1) + (frame[999] == (char)depth ? 1 : 1000);
}

static void test_stack(void)
{
    CHECK_EQ(descend(500), 500); /* half a megabyte */
}

/* malloc() and free() of random sizes, contents checked. */
static void test_malloc(void)
{
    enum { SLOTS = 64 };
    static unsigned char *block[SLOTS];
    static size_t size[SLOTS];
    uint32_t seed = 7;
    for (int round = 0; round < 2000; round++) {
        size_t slot = next_random(&seed) % SLOTS;
        for (size_t i = 0; i < size[slot]; i++) {
            CHECK_EQ(block[slot][i], (unsigned char)(slot + i));
        }
        free(block[slot]);
        size[slot] = next_random(&seed) % (round % 50 == 0 ? 60000 : 600);
        block[slot] = malloc(size[slot]);
        CHECK(block[slot] || size[slot] == 0);
        CHECK_EQ((uintptr_t)block[slot] % 8, 0);
        for (size_t i = 0; i < size[slot]; i++) {
            block[slot][i] = (unsigned char)(slot + i);
        }
    }
}

/* Take all memory there is, page by page, in a child: it is told so or killed, and all comes back.
 */
static void take_everything(void *arg)
{
    (void)arg;
    for (size_t step = 1 << 20; step >= PAGE; step /= 2) {
        char *room;
        while ((room = grow((ptrdiff_t)step))) {
            for (size_t i = 0; i < step; i += PAGE) {
                room[i] = 1;
            }
        }
        CHECK_EQ(errno, ENOMEM);
    }
    _exit(7);
}

static void test_exhaustion(void)
{
    for (int round = 0; round < 2; round++) {
        int status = status_of(take_everything, NULL);
        bool told = WIFEXITED(status) && WEXITSTATUS(status) == 7;
        bool killed =
            WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGSEGV ||
                                    WTERMSIG(status) == SIGBUS);
        CHECK(told || killed);
        char *room = malloc(1 << 20);
        CHECK(room);
        memset(room, 1, 1 << 20);
        free(room);
        put_file("f", "works", 5);
        check_file("f", "works", 5);
    }
}

/* A file that takes all memory: the write fails with ENOSPC or ENOMEM, and removing it helps. */
static void test_full_file_system(void)
{
    static char block[65536];
    int fd = must_open("f", O_WRONLY | O_CREAT, 0644);
    ssize_t done;
    while ((done = write(fd, block, sizeof(block))) > 0) {
    }
    CHECK_EQ(done, -1);
    CHECK(errno == ENOSPC || errno == ENOMEM);
    CHECK_OK(ftruncate(fd, 0));
    must_write(fd, block, sizeof(block));
    CHECK_OK(close(fd));
    CHECK_OK(unlink("f"));
}

const struct test tests_memory[] = {
    {"grow", test_grow, 0},
    {"shrink", test_shrink, 0},
    {"beyond", test_beyond, 0},
    {"impossible", test_impossible, 0},
    {"copy_on_write", test_copy_on_write, 0},
    {"copy_on_kernel_write", test_copy_on_kernel_write, 0},
    {"stack", test_stack, 0},
    {"malloc", test_malloc, 0},
    {"exhaustion", test_exhaustion, TEST_TARN | TEST_LONG},
    {"full_file_system", test_full_file_system, TEST_TARN | TEST_LONG},
    {0},
};
