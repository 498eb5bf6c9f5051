/*
 * Translation in M-mode, with page tables as the abstract machine makes them: the kernel's own
 * range mapped one to one, user space at 0x40000000, entries with nothing but V, and no SFENCE.VMA.
 */
#include "tests/emu/guest/nemu/nemu.h"

#define PAGE 4096
#if __riscv_xlen == 64
#    define LEVELS 3
#    define BITS   9
#else
#    define LEVELS 2
#    define BITS   10
#endif
#define V    1
#define RWX  0xe
#define USER 0x40000000ul

static uint8_t pool[512 * PAGE] __attribute__((aligned(PAGE)));
static unsigned pages;
static volatile word last_cause, last_tval;

struct context *on_trap(struct context *c)
{
    last_cause = c->mcause;
    last_tval = CSR_READ(mtval);
    c->mepc += 4;
    return c;
}

static word *new_page(void)
{
    if (pages == sizeof pool / PAGE)
        halt(99);
    return (word *)(pool + PAGE * pages++);
}

static word entry_of(const void *page, word bits)
{
    return (word)page >> 12 << 10 | bits;
}

/* Where the entry of level `end` for va is; the levels above get pointers. */
static word *entry(word *table, word va, int end)
{
    for (int level = LEVELS - 1;; level--) {
        word *e = &table[va >> (12 + level * BITS) & ((1 << BITS) - 1)];
        if (level == end)
            return e;
        if (!(*e & V))
            *e = entry_of(new_page(), V);
        table = (word *)(*e >> 10 << 12);
    }
}

static void map(word *table, word va, const void *pa, word bits)
{
    *entry(table, va, 0) = entry_of(pa, bits);
}

static void set_satp(const word *table)
{
    CSR_WRITE(satp, (word)1 << (__riscv_xlen - 1) | (word)table >> 12);
}

static word *new_space(void)
{
    word *table = new_page();

    for (word pa = 0x80000000; pa < 0x80400000; pa += PAGE)
        map(table, pa, (void *)pa, V);
    map(table, 0xa0000000, (void *)0xa0000000, V);
    return table;
}

static volatile uint32_t *const user = (volatile uint32_t *)USER;

int main(void)
{
    word *a = new_space(), *b = new_space(), *page[4];
    uint32_t code[] = {0x02a50513, 0x00008067}; /* addi a0, a0, 42; ret */

    for (int i = 0; i < 4; i++) {
        page[i] = new_page();
        *(uint32_t *)page[i] = 0x11111111u * (uint32_t)(i + 1);
    }
    map(a, USER, page[0], V);
    map(b, USER, page[1], V);
    CSR_WRITE(mtvec, trap_entry);
    set_satp(a);
    show("a", *user);
    set_satp(b);
    show("b", *user);
    *user = 0xb;
    set_satp(a);
    show("a again", *user);
    show("b through the kernel", *(uint32_t *)page[1]);
    (void)*(volatile uint32_t *)(USER + PAGE);
    show("read fault", last_cause);
    show("at", last_tval);
    *(volatile uint32_t *)(USER + 2 * PAGE) = 1;
    show("write fault", last_cause);
    map(a, USER + PAGE, page[2], V); /* what was not there is not remembered */
    show("mapped", user[PAGE / 4]);
    map(a, USER, page[2], V);
    yield(); /* mret forgets translations */
    show("mapped anew", *user);
    for (unsigned i = 0; i < 2; i++)
        ((uint32_t *)page[3])[i] = code[i];
    map(a, USER + 3 * PAGE, page[3], V);
    __asm__ volatile(".insn i 0x0f, 1, x0, x0, 0"); /* fence.i */
    show("called", ((word(*)(word))(USER + 3 * PAGE))(1));
    show("cause", last_cause);
    /* A superpage: 4 MiB, or 2 MiB, from 0x80000000 on. */
    *entry(a, USER + 0x10000000, 1) = entry_of((void *)0x80000000, V | RWX);
    show("superpage", *(volatile uint32_t *)(USER + 0x10000000) == *(uint32_t *)0x80000000);
    /* A pointer may carry permissions, too. */
    *entry(b, USER, 1) |= RWX;
    set_satp(b);
    show("pointer", *user);
    CSR_WRITE(satp, 0);
    show("bare", *(uint32_t *)page[1]);
    return 0;
}
