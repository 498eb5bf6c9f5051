/* Address spaces on harts: switching, and forgetting cached translations and instructions. */
#include "kernel/arch/csr.h"
#include "kernel/arch/pagetable.h"
#include "kernel/arch/sbi.h"

void pt_flush_page(vaddr_t va)
{
    __asm__ volatile("sfence.vma %0" ::"r"(va) : "memory");
}

void pt_flush_all(void)
{
    __asm__ volatile("sfence.vma" ::: "memory");
}

struct arch_space kernel_space;

void pt_switch(struct arch_space *from, struct arch_space *to)
{
    if (from == to)
        return;
    unsigned long bit = 1UL << arch_hart_index();
    __atomic_fetch_or(&to->harts, bit, __ATOMIC_SEQ_CST);
    csr_write(satp, to->satp);
    pt_flush_all();
    __atomic_fetch_and(&from->harts, ~bit, __ATOMIC_SEQ_CST);
    if (to->stale_code & bit) {
        __atomic_fetch_and(&to->stale_code, ~bit, __ATOMIC_SEQ_CST);
        __asm__ volatile("fence.i" ::: "memory");
    }
}

/*
 * Takes harts out of a set, as many as one SBI call can name: a mask of their hardware numbers,
 * counted from *base. 0: none is left.
 */
static unsigned long take_ids(unsigned long *harts, unsigned long *base)
{
    unsigned long mask = 0;
    for (unsigned i = 0; i < arch_hart_count(); i++) {
        if (!(*harts & 1UL << i))
            continue;
        unsigned long id = arch_hart_id(i);
        if (!mask)
            *base = id;
        if (id - *base >= 8 * sizeof(long))
            continue;
        mask |= 1UL << (id - *base);
        *harts &= ~(1UL << i);
    }
    return mask;
}

void pt_code_changed(struct arch_space *space)
{
    bool were_on = arch_irq_save();
    unsigned long self = 1UL << arch_hart_index();
    __atomic_store_n(&space->stale_code, ~self, __ATOMIC_SEQ_CST);
    __asm__ volatile("fence.i" ::: "memory");
    unsigned long others = __atomic_load_n(&space->harts, __ATOMIC_SEQ_CST) & ~self;
    unsigned long mask, base;
    while ((mask = take_ids(&others, &base)) != 0)
        sbi_remote_fence_i(mask, base);
    arch_irq_restore(were_on);
}

void pt_shootdown(unsigned long harts, vaddr_t va, unsigned long size)
{
    bool were_on = arch_irq_save();
    unsigned long self = 1UL << arch_hart_index(), others = harts & ~self;
    if (harts & self) {
        if (size == PAGE_SIZE)
            pt_flush_page(va);
        else
            pt_flush_all();
    }
    unsigned long mask, base;
    while ((mask = take_ids(&others, &base)) != 0)
        sbi_remote_sfence(mask, base, va, size);
    arch_irq_restore(were_on);
}
