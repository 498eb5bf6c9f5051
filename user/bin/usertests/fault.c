/* What a program must not do: each thing ends it, and only it. */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

static const int constant = 5;
static int data;

/* An address the compiler knows nothing about. */
static volatile char *opaque(uintptr_t address)
{
    volatile uintptr_t hidden = address;
    return (volatile char *)hidden;
}

#define KERNEL_ADDRESS (~(uintptr_t)0xffff)

static void read_at(uintptr_t address)
{
    (void)*opaque(address);
}

static void write_at(uintptr_t address)
{
    *opaque(address) = 1;
}

static void jump_to(uintptr_t address)
{
    ((void (*)(void))(uintptr_t)opaque(address))();
}

static void null_read(void)
{
    read_at(0);
}

static void null_write(void)
{
    write_at(0);
}

static void null_jump(void)
{
    jump_to(0);
}

static void kernel_read(void)
{
    read_at(KERNEL_ADDRESS);
}

static void kernel_write(void)
{
    write_at(KERNEL_ADDRESS);
}

static void kernel_jump(void)
{
    jump_to(KERNEL_ADDRESS);
}

static void unmapped_read(void)
{
    read_at((uintptr_t)sbrk(0) + 0x10000);
}

static void text_write(void)
{
    write_at((uintptr_t)&text_write);
}

static void constant_write(void)
{
    write_at((uintptr_t)&constant);
}

static void data_jump(void)
{
    jump_to((uintptr_t)&data);
}

static void heap_jump(void)
{
    jump_to((uintptr_t)malloc(64));
}

static void stack_jump(void)
{
    uint32_t code[4] = {0};
    jump_to((uintptr_t)code);
}

static __attribute__((noinline)) int recurse(volatile char *above)
{
    volatile char frame[4096];
    frame[0] = above ? *above : 1;
    return frame[0] ? recurse(frame) + frame[1] : 0;
}

static void stack_overflow(void)
{
    recurse(NULL);
}

#ifndef __linux__
/* user/arch/fault.S */
void tarn_fault_illegal(void);
void tarn_fault_float_rounding(void);
void tarn_fault_breakpoint(void);
void tarn_fault_csr(void);
void tarn_fault_csr_write(void);
void tarn_fault_sret(void);
void tarn_fault_mret(void);
void tarn_fault_sfence(void);
#endif

static const struct fault {
    const char *name;
    void (*commit)(void);
    int signal;
} faults[] = {
    {"null", null_read, SIGSEGV},
    {"null_write", null_write, SIGSEGV},
    {"null_jump", null_jump, SIGSEGV},
    {"kernel_read", kernel_read, SIGSEGV},
    {"kernel_write", kernel_write, SIGSEGV},
    {"kernel_jump", kernel_jump, SIGSEGV},
    {"unmapped_read", unmapped_read, SIGSEGV},
    {"text_write", text_write, SIGSEGV},
    {"constant_write", constant_write, SIGSEGV},
    {"data_jump", data_jump, SIGSEGV},
    {"heap_jump", heap_jump, SIGSEGV},
    {"stack_jump", stack_jump, SIGSEGV},
    {"stack_overflow", stack_overflow, SIGSEGV},
#ifndef __linux__
    {"illegal", tarn_fault_illegal, SIGILL},
    {"float_rounding", tarn_fault_float_rounding, SIGILL},
    {"breakpoint", tarn_fault_breakpoint, SIGTRAP},
    {"csr", tarn_fault_csr, SIGILL},
    {"csr_write", tarn_fault_csr_write, SIGILL},
    {"sret", tarn_fault_sret, SIGILL},
    {"mret", tarn_fault_mret, SIGILL},
    {"sfence", tarn_fault_sfence, SIGILL},
#endif
};
#define FAULTS (sizeof(faults) / sizeof(faults[0]))

void fault_run(const char *name)
{
    for (size_t i = 0; i < FAULTS; i++) {
        if (strcmp(faults[i].name, name) == 0) {
            faults[i].commit();
        }
    }
}

static void commit(void *arg)
{
    ((const struct fault *)arg)->commit();
}

static void test_each(void)
{
    for (size_t i = 0; i < FAULTS; i++) {
        int status = status_of(commit, (void *)&faults[i]);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != faults[i].signal) {
            FAIL("%s: status %#x, not signal %d", faults[i].name, status, faults[i].signal);
        }
    }
}

/* A fault in an ignored signal's stead still kills: there is nothing to go on with. */
static void test_cannot_be_ignored(void)
{
    CHECK(signal(SIGSEGV, SIG_IGN) != SIG_ERR);
    int status = status_of(commit, (void *)&faults[0]);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

/* Many at once, on all harts. */
static void test_many(void)
{
    enum { COUNT = 40 };
    for (int i = 0; i < COUNT; i++) {
        if (must_fork() == 0) {
            faults[(size_t)i % FAULTS].commit();
            _exit(0);
        }
    }
    for (int i = 0; i < COUNT; i++) {
        int status;
        CHECK(wait(&status) > 0);
        CHECK(WIFSIGNALED(status));
    }
}

const struct test tests_fault[] = {
    {"each", test_each, 0},
    {"cannot_be_ignored", test_cannot_be_ignored, 0},
    {"many", test_many, 0},
    {0},
};
