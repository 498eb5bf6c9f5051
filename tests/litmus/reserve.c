/*
 * A store of another hart between LR and SC makes the SC fail, though it stores the value that was
 * there (unprivileged specification, "Zalrsc"). Harts work in pairs.
 */
#include "litmus.h"

static struct pair {
    _Alignas(64) volatile uint32_t x; /* reserved */
    volatile uint32_t beside;         /* in the same line; nobody's business */
    _Alignas(64) volatile uint32_t reserved;
    _Alignas(64) volatile uint32_t stored;
    _Alignas(64) volatile uint32_t z;
    unsigned long succeeded, forbidden;
} pairs[MAX_HARTS];

static struct race {
    _Alignas(64) volatile uint32_t x;
    _Alignas(64) volatile uint32_t z;
    uint32_t failed, seen;
} races[MAX_HARTS][CELLS];

typedef void write_same(volatile uint32_t *x);

static void by_sw(volatile uint32_t *x)
{
    __asm__ volatile("sw %0, 0(%1)" ::"r"(*x), "r"(x) : "memory");
}

static void by_sb(volatile uint32_t *x)
{
    __asm__ volatile("sb zero, 3(%0)" ::"r"(x) : "memory");
}

static void by_amoadd_zero(volatile uint32_t *x)
{
    __asm__ volatile("amoadd.w zero, zero, (%0)" ::"r"(x) : "memory");
}

static void by_sc(volatile uint32_t *x)
{
    uint32_t t, fail;
    __asm__ volatile("1: lr.w %0, (%2)\n sc.w %1, %0, (%2)\n bnez %1, 1b"
                     : "=&r"(t), "=&r"(fail)
                     : "r"(x)
                     : "memory");
}

/* Away and back again. */
static void by_two_stores(volatile uint32_t *x)
{
    uint32_t same = *x;
    *x = same + 1;
    *x = same;
}

/* In the order LR, store, SC, by handshake. */
static void in_order(const char *name, unsigned hart, write_same *write)
{
    struct pair *p = &pairs[hart / 2];
    unsigned long n = HANDSHAKES;
    barrier();
    for (unsigned long i = 1; hart < HARTS / 2 * 2 && i <= n; i++) {
        if (hart % 2 == 0) {
            uint32_t value, fail;
            __asm__ volatile("lr.w %0, (%1)\n fence rw, rw" : "=r"(value) : "r"(&p->x) : "memory");
            p->reserved = i;
            while (p->stored != i)
                pause();
            __asm__ volatile("fence rw, rw\n sc.w %0, %2, (%1)"
                             : "=&r"(fail)
                             : "r"(&p->x), "r"(value)
                             : "memory");
            p->forbidden += !fail;
        } else {
            while (p->reserved != i)
                pause();
            mb();
            write(&p->x);
            mb();
            p->stored = i;
        }
    }
    barrier();
    if (hart % 2 == 0)
        p->reserved = p->stored = 0;
    if (hart == 0) {
        unsigned long forbidden = 0;
        for (unsigned i = 0; i < HARTS / 2; i++) {
            forbidden += pairs[i].forbidden;
            pairs[i].forbidden = 0;
        }
        report(name, 2, n * (HARTS / 2), forbidden, 0);
    }
    barrier();
}

/*
 * As it comes. Hart 0: LR x (0), then z, then SC x = 2. Hart 1: z = 1, then x = 0. If hart 0 saw
 * z = 0, the store to x lies behind the LR; if x is 2 in the end, it lies before the SC.
 */
static void racing(unsigned hart)
{
    struct race *r = races[hart / 2];
    unsigned long n = 0, forbidden = 0, weak = 0;
    for (unsigned long done = 0; done < ITERATIONS; done += CELLS) {
        barrier();
        for (unsigned i = 0; i < CELLS && hart < HARTS / 2 * 2; i++) {
            pairs[hart / 2].z = i; /* something to keep the store buffer busy */
            if (hart % 2 == 0) {
                uint32_t value, seen, fail;
                __asm__ volatile("lr.w %0, (%3)\n fence r, r\n lw %1, 0(%4)\n sc.w %2, %5, (%3)"
                                 : "=&r"(value), "=&r"(seen), "=&r"(fail)
                                 : "r"(&r[i].x), "r"(&r[i].z), "r"(2)
                                 : "memory");
                r[i].failed = fail;
                r[i].seen = seen;
            } else {
                __asm__ volatile("sw %2, 0(%1)\n fence w, w\n sw zero, 0(%0)" ::"r"(&r[i].x),
                                 "r"(&r[i].z), "r"(1)
                                 : "memory");
            }
        }
        barrier();
        for (unsigned i = 0; i < CELLS && hart == 0; i++) {
            forbidden += !r[i].failed && !r[i].seen && r[i].x == 2;
            weak += r[i].failed;
        }
        barrier();
        for (unsigned i = 0; i < CELLS && hart % 2 == 0; i++)
            r[i].x = r[i].z = 0;
        n += CELLS;
    }
    if (hart == 0)
        report("lr-store-sc-race", 2, n, forbidden, weak);
    barrier();
}

/* Nobody stores: of the SCs that follow their LR at once nearly all must succeed. */
static void undisturbed(unsigned hart)
{
    static struct {
        _Alignas(64) volatile uint32_t x;
    } own[MAX_HARTS];
    unsigned long n = HANDSHAKES, failed = 0;
    barrier();
    for (unsigned long i = 0; i < n; i++) {
        uint32_t t, fail;
        __asm__ volatile("lr.w %0, (%2)\n addi %0, %0, 1\n sc.w %1, %0, (%2)"
                         : "=&r"(t), "=&r"(fail)
                         : "r"(&own[hart].x)
                         : "memory");
        failed += fail != 0;
    }
    pairs[hart].succeeded = n - failed;
    barrier();
    if (hart == 0) {
        unsigned long bad = 0;
        for (unsigned i = 0; i < HARTS; i++)
            bad += pairs[i].succeeded < n - n / 20 || own[i].x != pairs[i].succeeded;
        report("lr/sc-undisturbed", HARTS, n * HARTS, bad, 0);
    }
    barrier();
}

void test_reservations(unsigned hart)
{
    in_order("lr-sw-sc", hart, by_sw);
    in_order("lr-sb-sc", hart, by_sb);
    in_order("lr-amo-sc", hart, by_amoadd_zero);
    in_order("lr-sc-sc", hart, by_sc);
    in_order("lr-aba-sc", hart, by_two_stores);
    racing(hart);
    undisturbed(hart);
}
