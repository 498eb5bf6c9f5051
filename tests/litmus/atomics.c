/*
 * Atomics under contention: nothing is lost, and a lock made of them protects plain accesses.
 * "forbidden" counts what is missing at the end.
 */
#include "litmus.h"

static volatile uint32_t word, lock, protected_word;
static volatile unsigned long wide;

static void by_lr_sc(unsigned long n)
{
    for (unsigned long i = 0; i < n; i++) {
        uint32_t t, fail;
        __asm__ volatile("1: lr.w %0, (%2)\n addi %0, %0, 1\n sc.w %1, %0, (%2)\n bnez %1, 1b"
                         : "=&r"(t), "=&r"(fail)
                         : "r"(&word)
                         : "memory");
    }
}

static void by_amoadd(unsigned long n)
{
    for (unsigned long i = 0; i < n; i++)
        __asm__ volatile("amoadd.w zero, %0, (%1)" ::"r"(1), "r"(&word) : "memory");
}

static void by_wide_amoadd(unsigned long n)
{
    for (unsigned long i = 0; i < n; i++)
        __atomic_fetch_add(&wide, 1, __ATOMIC_RELAXED);
}

/* Acquire and release by the lock alone. */
static void by_lock(unsigned long n)
{
    for (unsigned long i = 0; i < n; i++) {
        uint32_t was;
        do {
            __asm__ volatile("amoswap.w.aq %0, %1, (%2)"
                             : "=r"(was)
                             : "r"(1), "r"(&lock)
                             : "memory");
            if (was)
                pause();
        } while (was);
        protected_word = protected_word + 1;
        __asm__ volatile("amoswap.w.rl zero, zero, (%0)" ::"r"(&lock) : "memory");
    }
}

/* A lock of LR/SC with fences; half-words beside it are written all the time by the same harts. */
static void by_lr_sc_lock(unsigned long n)
{
    for (unsigned long i = 0; i < n; i++) {
        uint32_t t;
        __asm__ volatile("1: lr.w.aq %0, (%1)\n bnez %0, 2f\n sc.w %0, %2, (%1)\n beqz %0, 3f\n"
                         "2: .4byte 0x0100000f\n j 1b\n3: fence r, rw"
                         : "=&r"(t)
                         : "r"(&lock), "r"(1)
                         : "memory");
        protected_word = protected_word + 1;
        __asm__ volatile("fence rw, w\n sw zero, 0(%0)" ::"r"(&lock) : "memory");
    }
}

/* Each hart moves its own bits to and fro: or, and, xor on one word. */
static volatile uint32_t bits;
static unsigned long wrong_bits[MAX_HARTS];
static void by_bits(unsigned hart, unsigned long n)
{
    uint32_t own = 0xfu << hart * 4 % 32, old;
    for (unsigned long i = 0; i < n; i++) {
        __asm__ volatile("amoor.w %0, %1, (%2)" : "=r"(old) : "r"(own), "r"(&bits) : "memory");
        wrong_bits[hart] += (old & own) != 0;
        __asm__ volatile("amoxor.w %0, %1, (%2)" : "=r"(old) : "r"(own), "r"(&bits) : "memory");
        wrong_bits[hart] += (old & own) != own;
        __asm__ volatile("amoor.w %0, %1, (%2)" : "=r"(old) : "r"(own), "r"(&bits) : "memory");
        wrong_bits[hart] += (old & own) != 0;
        __asm__ volatile("amoand.w %0, %1, (%2)" : "=r"(old) : "r"(~own), "r"(&bits) : "memory");
        wrong_bits[hart] += (old & own) != own;
    }
}

/* Everybody's numbers through amomaxu: the last is the greatest, and it never falls. */
static volatile uint32_t greatest;
static void by_max(unsigned hart, unsigned long n)
{
    uint32_t last = 0, old;
    for (unsigned long i = 1; i <= n; i++) {
        uint32_t mine = i * HARTS + hart;
        __asm__ volatile("amomaxu.w %0, %1, (%2)"
                         : "=r"(old)
                         : "r"(mine), "r"(&greatest)
                         : "memory");
        wrong_bits[hart] += old < last;
        last = old > mine ? old : mine;
    }
}

static void count(const char *name, unsigned hart, void (*work)(unsigned long n),
                  volatile uint32_t *counter)
{
    unsigned long n = ITERATIONS / HARTS;
    barrier();
    work(n);
    barrier();
    if (hart == 0) {
        report(name, HARTS, n * HARTS, n * HARTS - *counter, 0);
        *counter = 0;
    }
    barrier();
}

static void judge_bits(const char *name, unsigned hart, unsigned long n, bool fine)
{
    unsigned long wrong = !fine;
    barrier();
    if (hart == 0) {
        for (unsigned i = 0; i < HARTS; i++) {
            wrong += wrong_bits[i];
            wrong_bits[i] = 0;
        }
        report(name, HARTS, n * HARTS, wrong, 0);
    }
    barrier();
}

void test_atomics(unsigned hart)
{
    unsigned long n = ITERATIONS / HARTS;
    count("lr/sc-counter", hart, by_lr_sc, &word);
    count("amoadd-counter", hart, by_amoadd, &word);
    count("amoswap-lock", hart, by_lock, &protected_word);
    count("lr/sc-lock", hart, by_lr_sc_lock, &protected_word);
    by_wide_amoadd(n);
    barrier();
    if (hart == 0)
        report("amoadd-xlen-counter", HARTS, n * HARTS, n * HARTS - wide, 0);
    by_bits(hart, n / 4);
    barrier();
    judge_bits("amo-bits", hart, n / 4, bits == 0);
    by_max(hart, n);
    barrier();
    judge_bits("amomaxu", hart, n, greatest == n * HARTS + HARTS - 1);
}
