/*
 * Memory-model litmus tests, run on the bare machine. Each test is a few short instruction
 * sequences, one per hart, on two words x and y of a fresh cell; the outcomes are counted. Harts in
 * excess of a test's form further groups with cells of their own.
 *
 * What is forbidden follows from RVWMO (unprivileged specification, "RVWMO Memory Consistency
 * Model": rules 1-3 same address, 4 fences, 5-7 acquire and release, 9-11 dependencies).
 */
#include "litmus.h"

struct cell {
    _Alignas(64) volatile uint32_t x;
    _Alignas(64) volatile uint32_t y;
};

/* What the harts of a group read from one cell: r[hart][0..1]. */
struct outcome {
    uint32_t r[4][2];
};

typedef void body(struct cell *c, uint32_t *r);

struct test {
    const char *name;
    unsigned harts;
    body *part[4];
    bool (*is_forbidden)(const struct outcome *o, const struct cell *c);
    bool (*is_weak)(const struct outcome *o, const struct cell *c);
};

/* Store 1 to A, something between, load B. */
#define STORE_LOAD(name, A, B, between)                              \
    static void name(struct cell *c, uint32_t *r)                    \
    {                                                                \
        uint32_t v;                                                  \
        __asm__ volatile("sw %3, 0(%1)\n" between "\nlw %0, 0(%2)\n" \
                         : "=&r"(v)                                  \
                         : "r"(&c->A), "r"(&c->B), "r"(1)            \
                         : "memory");                                \
        r[0] = v;                                                    \
    }
#define STORE_STORE(name, A, a, B, b, between)                                                 \
    static void name(struct cell *c, uint32_t *r)                                              \
    {                                                                                          \
        __asm__ volatile("sw %2, 0(%0)\n" between "\nsw %3, 0(%1)\n" ::"r"(&c->A), "r"(&c->B), \
                         "r"(a), "r"(b)                                                        \
                         : "memory");                                                          \
    }
#define LOAD_LOAD(name, A, B, between)                               \
    static void name(struct cell *c, uint32_t *r)                    \
    {                                                                \
        uint32_t v, w;                                               \
        __asm__ volatile("lw %0, 0(%2)\n" between "\nlw %1, 0(%3)\n" \
                         : "=&r"(v), "=&r"(w)                        \
                         : "r"(&c->A), "r"(&c->B)                    \
                         : "memory");                                \
        r[0] = v;                                                    \
        r[1] = w;                                                    \
    }
#define LOAD_STORE(name, A, B, between)                              \
    static void name(struct cell *c, uint32_t *r)                    \
    {                                                                \
        uint32_t v, t = 0;                                           \
        __asm__ volatile("lw %0, 0(%2)\n" between "\nsw %4, 0(%3)\n" \
                         : "=&r"(v), "+r"(t)                         \
                         : "r"(&c->A), "r"(&c->B), "r"(1)            \
                         : "memory");                                \
        r[0] = v;                                                    \
    }
#define ONE(name, text, ...)                                                                     \
    static void name(struct cell *c, uint32_t *r)                                                \
    {                                                                                            \
        uint32_t v = 0, w = 0;                                                                   \
        __asm__ volatile(text : "+&r"(v), "+&r"(w) : "r"(&c->x), "r"(&c->y), "r"(1) : "memory"); \
        r[0] = v;                                                                                \
        r[1] = w;                                                                                \
    }

STORE_LOAD(sb0, x, y, "")
STORE_LOAD(sb1, y, x, "")
STORE_LOAD(sb0_fence, x, y, "fence rw, rw")
STORE_LOAD(sb1_fence, y, x, "fence rw, rw")
STORE_LOAD(sb0_wr, x, y, "fence w, r")
STORE_LOAD(sb1_wr, y, x, "fence w, r")
STORE_LOAD(sb0_tso, x, y, "fence.tso")
STORE_LOAD(sb1_tso, y, x, "fence.tso")
ONE(sb0_amo, "amoswap.w.aq zero, %4, (%2)\n lw %0, 0(%3)")
ONE(sb1_amo, "amoswap.w.aq zero, %4, (%3)\n lw %0, 0(%2)")
/* Both sequentially consistent: LR.aqrl comes behind SC.aqrl or AMO.aqrl. */
ONE(sb0_lr, "amoswap.w.aqrl zero, %4, (%2)\n lr.w.aqrl %0, (%3)")
ONE(sb1_lr, "amoswap.w.aqrl zero, %4, (%3)\n lr.w.aqrl %0, (%2)")

STORE_STORE(mp0, x, 1, y, 1, "")
STORE_STORE(mp0_fence, x, 1, y, 1, "fence w, w")
STORE_STORE(mp0_tso, x, 1, y, 1, "fence.tso")
ONE(mp0_rl, "sw %4, 0(%2)\n amoswap.w.rl zero, %4, (%3)")
LOAD_LOAD(mp1, y, x, "")
LOAD_LOAD(mp1_fence, y, x, "fence r, r")
LOAD_LOAD(mp1_addr, y, x, "xor %1, %0, %0\n add %3, %3, %1")
ONE(mp1_aq, "amoor.w.aq %0, zero, (%3)\n lw %1, 0(%2)")
ONE(mp1_lr, "lr.w.aq %0, (%3)\n lw %1, 0(%2)")

LOAD_STORE(lb0, x, y, "")
LOAD_STORE(lb1, y, x, "")
LOAD_STORE(lb0_fence, x, y, "fence r, w")
LOAD_STORE(lb1_fence, y, x, "fence r, w")
ONE(lb0_data, "lw %0, 0(%2)\n xor %1, %0, %0\n addi %1, %1, 1\n sw %1, 0(%3)")
ONE(lb1_data, "lw %0, 0(%3)\n xor %1, %0, %0\n addi %1, %1, 1\n sw %1, 0(%2)")

ONE(store_x, "sw %4, 0(%2)")
ONE(store_y, "sw %4, 0(%3)")
LOAD_LOAD(read_xy, x, y, "")
LOAD_LOAD(read_xy_fence, x, y, "fence r, r")
LOAD_LOAD(read_yx_fence, y, x, "fence r, r")
LOAD_LOAD(read_xx, x, x, "")
LOAD_STORE(wrc1, x, y, "fence r, w")

STORE_STORE(ww0, x, 1, y, 2, "fence w, w")
STORE_STORE(ww1, y, 1, x, 2, "fence w, w")
STORE_STORE(r0_fence, x, 1, y, 1, "fence rw, rw")
ONE(r1_fence, "slli %1, %4, 1\n sw %1, 0(%3)\n fence rw, rw\n lw %0, 0(%2)")

static bool never(const struct outcome *o, const struct cell *c)
{
    return false;
}

static bool sb_both_old(const struct outcome *o, const struct cell *c)
{
    return !o->r[0][0] && !o->r[1][0];
}

static bool mp_flag_without_data(const struct outcome *o, const struct cell *c)
{
    return o->r[1][0] && !o->r[1][1];
}

static bool lb_both_new(const struct outcome *o, const struct cell *c)
{
    return o->r[0][0] && o->r[1][0];
}

static bool iriw_disagree(const struct outcome *o, const struct cell *c)
{
    return o->r[2][0] && !o->r[2][1] && o->r[3][0] && !o->r[3][1];
}

static bool corr_backwards(const struct outcome *o, const struct cell *c)
{
    return o->r[1][0] && !o->r[1][1];
}

static bool wrc_lost(const struct outcome *o, const struct cell *c)
{
    return o->r[1][0] && o->r[2][0] && !o->r[2][1];
}

static bool ww_both_first(const struct outcome *o, const struct cell *c)
{
    return c->x == 1 && c->y == 1;
}

static bool r_old(const struct outcome *o, const struct cell *c)
{
    return c->y == 2 && !o->r[1][0];
}

static const struct test tests[] = {
    {"SB", 2, {sb0, sb1}, never, sb_both_old},
    {"SB+fence.tso", 2, {sb0_tso, sb1_tso}, never, sb_both_old},
    {"SB+fence", 2, {sb0_fence, sb1_fence}, sb_both_old, never},
    {"SB+fence.w.r", 2, {sb0_wr, sb1_wr}, sb_both_old, never},
    {"SB+amo.aq", 2, {sb0_amo, sb1_amo}, sb_both_old, never},
    {"SB+amo.aqrl+lr.aqrl", 2, {sb0_lr, sb1_lr}, sb_both_old, never},
    {"MP", 2, {mp0, mp1}, never, mp_flag_without_data},
    {"MP+fence", 2, {mp0_fence, mp1_fence}, mp_flag_without_data, never},
    {"MP+fence.tso", 2, {mp0_tso, mp1_fence}, mp_flag_without_data, never},
    {"MP+fence+addr", 2, {mp0_fence, mp1_addr}, mp_flag_without_data, never},
    {"MP+amo.rl+amo.aq", 2, {mp0_rl, mp1_aq}, mp_flag_without_data, never},
    {"MP+amo.rl+lr.aq", 2, {mp0_rl, mp1_lr}, mp_flag_without_data, never},
    {"LB", 2, {lb0, lb1}, never, lb_both_new},
    {"LB+fence", 2, {lb0_fence, lb1_fence}, lb_both_new, never},
    {"LB+data", 2, {lb0_data, lb1_data}, lb_both_new, never},
    {"CoRR", 2, {store_x, read_xx}, corr_backwards, never},
    {"2+2W+fence", 2, {ww0, ww1}, ww_both_first, never},
    {"R+fence", 2, {r0_fence, r1_fence}, r_old, never},
    {"WRC+fence", 4, {store_x, wrc1, read_yx_fence, read_xx}, wrc_lost, never},
    {"IRIW", 4, {store_x, store_y, read_xy, mp1}, never, iriw_disagree},
    {"IRIW+fence", 4, {store_x, store_y, read_xy_fence, read_yx_fence}, iriw_disagree, never},
};

/* --- the machine ----------------------------------------------------------------------------- */

#define UART     ((volatile uint8_t *)0x10000000)
#define FINISHER ((volatile uint32_t *)0x100000)

void print(const char *text)
{
    while (*text)
        *UART = *text++;
}

void print_number(unsigned long n)
{
    char digits[24], *p = &digits[sizeof digits - 1];
    *p = 0;
    do
        *--p = '0' + n % 10;
    while (n /= 10);
    print(p);
}

void report(const char *name, unsigned harts, unsigned long total, unsigned long forbidden,
            unsigned long weak)
{
    print(name);
    print(" harts ");
    print_number(harts);
    print(" total ");
    print_number(total);
    print(" forbidden ");
    print_number(forbidden);
    print(" weak ");
    print_number(weak);
    print("\n");
}

void barrier(void)
{
    static volatile uint32_t arrived, phase;
    uint32_t now = phase;
    mb();
    if (__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST) == HARTS) {
        arrived = 0;
        mb();
        phase = now + 1;
    } else {
        while (phase == now)
            pause();
    }
    mb();
}

/* --- running --------------------------------------------------------------------------------- */

static struct group {
    struct cell cells[CELLS];
    struct outcome outcomes[CELLS];
    _Alignas(64) volatile uint32_t progress[4][16];
    unsigned long forbidden, weak, total;
} groups[MAX_HARTS];

/* Wait a little for the others of the group, so that bodies meet, but not if they do not run. */
static void meet(struct group *g, unsigned part, unsigned harts, uint32_t at, uint32_t *random)
{
    g->progress[part][0] = at;
    for (unsigned k = 0; k < harts; k++)
        for (unsigned tries = 0; tries < 40 && (int32_t)(g->progress[k][0] - at) < 0; tries++)
            ;
    *random = *random * 1103515245 + 12345;
    for (unsigned delay = *random >> 16 & 7; delay; delay--)
        __asm__ volatile("");
}

static void tally(struct group *g, const struct test *t)
{
    for (unsigned i = 0; i < CELLS; i++) {
        g->forbidden += t->is_forbidden(&g->outcomes[i], &g->cells[i]);
        g->weak += t->is_weak(&g->outcomes[i], &g->cells[i]);
        g->cells[i].x = g->cells[i].y = 0;
    }
    g->total += CELLS;
}

static void run(const struct test *t, unsigned hart)
{
    static uint32_t at[MAX_HARTS][16], random[MAX_HARTS][16];
    unsigned part = hart % t->harts, count = HARTS / t->harts;
    struct group *g = &groups[hart / t->harts];
    bool works = hart / t->harts < count;
    if (count == 0)
        return;
    for (unsigned long done = 0; done < ITERATIONS; done += CELLS * count) {
        barrier();
        for (unsigned i = 0; works && i < CELLS; i++) {
            meet(g, part, t->harts, ++at[hart][0], &random[hart][0]);
            t->part[part](&g->cells[i], g->outcomes[i].r[part]);
        }
        barrier();
        if (works && part == 0)
            tally(g, t);
    }
    barrier();
    for (unsigned i = 1; hart == 0 && i < count; i++) {
        groups[0].forbidden += groups[i].forbidden;
        groups[0].weak += groups[i].weak;
        groups[0].total += groups[i].total;
        groups[i].forbidden = groups[i].weak = groups[i].total = 0;
    }
    if (hart == 0) {
        report(t->name, t->harts, g->total, g->forbidden, g->weak);
        g->forbidden = g->weak = g->total = 0;
    }
    barrier();
}

void litmus_main(unsigned hart)
{
    if (hart >= HARTS)
        for (;;)
            __asm__ volatile("wfi");
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++)
        run(&tests[i], hart);
    test_atomics(hart);
    test_reservations(hart);
    test_code(hart);
    barrier();
    if (hart == 0)
        *FINISHER = 0x5555;
    for (;;)
        __asm__ volatile("wfi");
}
