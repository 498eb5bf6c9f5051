/*
 * Code that one hart writes and others run after FENCE.I of their own (unprivileged specification,
 * "Zifencei"), and waking from WFI by software interrupts.
 */
#include "litmus.h"

#define MSIP(hart) ((volatile uint32_t *)0x2000000 + (hart))

/* Two pages of code: the second is entered from the first, so a stale link would show, too. */
static _Alignas(4096) volatile uint32_t code[2][1024];
static volatile unsigned long version, seen[MAX_HARTS];
static unsigned long wrong[MAX_HARTS];

enum {
    LI_A0 = 0x00000513,  /* addi a0, zero, imm */
    ADD_A0 = 0x00050513, /* addi a0, a0, imm */
    RET = 0x00008067,
    JUMP_PAGE = 0x0000106f, /* j . + 4096 */
};

static void write_code(unsigned long i)
{
    code[0][0] = LI_A0 | (i & 0x3ff) << 20;
    code[0][1] = JUMP_PAGE;
    code[1][1] = ADD_A0 | (i >> 10 & 0x3ff) << 20;
    code[1][2] = RET;
}

static void other_hart_writes(unsigned hart)
{
    unsigned long n = HANDSHAKES;
    unsigned long (*function)(void) = (unsigned long (*)(void))(uintptr_t)&code[0][0];
    for (unsigned long i = 1; i <= n; i++) {
        unsigned long want = (i & 0x3ff) + (i >> 10 & 0x3ff);
        if (hart == 0) {
            for (unsigned k = 1; k < HARTS; k++)
                while (seen[k] != i - 1)
                    pause();
            mb();
            write_code(i);
            __asm__ volatile("fence.i" ::: "memory");
            mb();
            version = i;
        } else {
            while (version != i)
                pause();
            __asm__ volatile("fence r, rw\n fence.i" ::: "memory");
        }
        wrong[hart] += function() != want;
        wrong[hart] += function() != want; /* the second time by whatever is cached */
        mb();
        seen[hart] = i;
    }
    barrier();
    if (hart == 0) {
        unsigned long sum = 0;
        for (unsigned k = 0; k < HARTS; k++)
            sum += wrong[k];
        report("fence.i", HARTS, n, sum, 0);
    }
    barrier();
}

/* A token goes around by interrupts to sleeping harts; one that is lost stops everything. */
static void ring(unsigned hart)
{
    unsigned long n = HANDSHAKES;
    unsigned next = (hart + 1) % HARTS;
    __asm__ volatile("csrw mie, %0" ::"r"(8));
    barrier();
    if (hart == 0)
        *MSIP(0) = 1;
    for (unsigned long i = 0; i < n; i++) {
        unsigned long pending;
        for (;;) {
            __asm__ volatile("wfi\n csrr %0, mip" : "=r"(pending)::"memory");
            if (pending & 8)
                break;
        }
        *MSIP(hart) = 0;
        mb();
        if (hart != HARTS - 1 || i != n - 1)
            *MSIP(next) = 1;
    }
    barrier();
    if (hart == 0)
        report("wfi-ring", HARTS, n * HARTS, 0, 0);
    barrier();
}

void test_code(unsigned hart)
{
    other_hart_writes(hart);
    ring(hart);
}
