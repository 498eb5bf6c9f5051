#include "riscv/pte.h"
#include "test.h"

#if __riscv_xlen == 64
enum { LEAF_SHIFT = 30, ENTRIES = 512 };
#    define SATP_MODE ((unsigned long)SV39_MODE << 60)
const unsigned long hole_va = 0x300000000, page_va = 0x340000000;
#    define USER_BASE 0x200000000ul
#else
enum { LEAF_SHIFT = 22, ENTRIES = 1024 };
#    define SATP_MODE ((unsigned long)SV32_MODE << 31)
const unsigned long hole_va = 0xf0000000, page_va = 0xe0000000;
#    define USER_BASE 0xc0000000ul
#endif

typedef unsigned long table_t[ENTRIES] __attribute__((aligned(4096)));
static table_t root, middle, last;

static unsigned long pte(unsigned long pa, unsigned long flags)
{
    return (pa >> SV_PAGE_SHIFT << PTE_PPN_SHIFT) | flags;
}

/* 4 GiB as they are (rv32: 3 GiB), with RAM once more for U-mode from USER_BASE on. */
unsigned long paging_satp(void)
{
    const unsigned long flags = PAGE_V | PAGE_R | PAGE_W | PAGE_X | PAGE_AD;
    for (unsigned long i = 0; i < (XLEN == 64 ? 4 : 768); i++)
        root[i] = pte(i << LEAF_SHIFT, flags);
    for (unsigned long i = 0; i < (XLEN == 64 ? 1 : 16); i++)
        root[(USER_BASE >> LEAF_SHIFT) + i] = pte(0x80000000ul + (i << LEAF_SHIFT), flags | PAGE_U);
    if (XLEN == 64) {
        root[page_va >> 30] = pte((unsigned long)middle, PAGE_V);
        middle[0] = pte((unsigned long)last, PAGE_V);
    } else {
        root[page_va >> 22] = pte((unsigned long)last, PAGE_V);
    }
    return SATP_MODE | (unsigned long)root >> SV_PAGE_SHIFT;
}

void paging_page(const void *page, unsigned long flags)
{
    __atomic_store_n(&last[0], page ? pte((unsigned long)page, flags | PAGE_V | PAGE_AD) : 0,
                     __ATOMIC_RELEASE);
    asm volatile("sfence.vma" ::: "memory"); /* this hart's; the others' are the tests' business */
}

void paging_on(void)
{
    csr_write(satp, paging_satp());
    asm volatile("sfence.vma" ::: "memory");
}

void paging_off(void)
{
    csr_write(satp, 0);
    asm volatile("sfence.vma" ::: "memory");
}

unsigned long user_alias(unsigned long pa)
{
    return pa - 0x80000000ul + USER_BASE;
}
