#include <stddef.h>

#include "lib/string.h"
#include "sbi/csr.h"
#include "sbi/dbtr.h"
#include "sbi/fwft.h"
#include "sbi/hart.h"
#include "sbi/platform.h"
#include "sbi/pmu.h"
#include "sbi/sse.h"
#include "sbi/timer.h"
#include "sbi/trap.h"

_Static_assert(offsetof(struct hart, frame) == 0, "trap_entry.S: frame");
_Static_assert(offsetof(struct trap_frame, x[31]) == 31 * REGBYTES, "trap_entry.S: registers");
_Static_assert(offsetof(struct hart, id) == HART_ID, "entry.S: id");
_Static_assert(offsetof(struct hart, timer_fast) == HART_TIMER, "trap_entry.S: timer");
_Static_assert(offsetof(struct hart, sse_look) == HART_LOOK, "trap_entry.S: sse_look");
_Static_assert(sizeof(struct hart) <= HART_SLOT_SIZE - 2560, "room for a stack in each slot");
_Static_assert(CAUSE_ECALL_S == ASM_CAUSE_ECALL_S, "trap_entry.S: mcause");
_Static_assert(FW_SPEC_VERSION == SBI_VERSION(3, 0), "trap_entry.S: specification version");

unsigned hart_count;
uintptr_t hart_slots;
static bool ids_are_indices; /* ids 0 to hart_count - 1: the usual case, and the fast one */

void hart_table_init(uintptr_t slots, const unsigned long *ids, unsigned count)
{
    hart_slots = slots;
    ids_are_indices = true;
    for (unsigned i = 0; i < count; i++) {
        unsigned rank = 0;
        for (unsigned j = 0; j < count; j++)
            rank += ids[j] < ids[i];
        struct hart *hart = hart_at(rank);
        memset(hart, 0, sizeof(*hart));
        hart->id = ids[i];
        hart->index = rank;
        hart->state = SBI_HART_STOPPED;
        ids_are_indices &= ids[i] == rank;
    }
    hart_count = count;
}

struct hart *hart_find(unsigned long id)
{
    if (ids_are_indices)
        return id < hart_count ? hart_at(id) : NULL;
    for (unsigned i = 0; i < hart_count; i++)
        if (hart_at(i)->id == id)
            return hart_at(i);
    return NULL;
}

/* hart_list() where ids have gaps. */
static bool sparse_list(unsigned long mask, unsigned long base, hartset_t *set)
{
    *set = 0;
    for (; mask; mask >>= 1, base++) {
        struct hart *hart = mask & 1 ? hart_find(base) : NULL;
        if ((mask & 1) && !hart)
            return false;
        if (hart)
            *set |= (hartset_t)1 << hart->index;
    }
    return true;
}

bool hart_list(unsigned long mask, unsigned long base, hartset_t *set)
{
    hartset_t all = ~0ull >> (HART_MAX - hart_count);
    *set = all;
    if (base == SBI_HART_MASK_ALL)
        return true;
    if (base > hart_at(hart_count - 1)->id)
        return false;
    if (!ids_are_indices)
        return sparse_list(mask, base, set);
    *set = (hartset_t)mask << base;
    return (unsigned long)(*set >> base) == mask && !(*set & ~all);
}

/* ---- M-mode registers of one hart ---- */

static void probe_features(struct hart *self)
{
    unsigned long ignored;
    self->misa = csr_read(misa);
    self->has_h = self->misa & MISA('H');
    self->has_counters = csr_probe(time, &ignored) && csr_probe(cycle, &ignored);
    self->has_sstc = csr_probe(stimecmp, &ignored);
}

/*
 * What S-mode handles without coming here: its own page faults, breakpoints, system calls of
 * U-mode; illegal instructions where M-mode has nothing to emulate. Access faults go there too:
 * the firmware's memory is not S-mode's to know more about than that it may not be touched.
 */
static void init_delegation(struct hart *self)
{
    unsigned long exceptions =
        1UL << CAUSE_INSN_MISALIGNED | 1UL << CAUSE_INSN_ACCESS | 1UL << CAUSE_BREAKPOINT |
        1UL << CAUSE_LOAD_ACCESS | 1UL << CAUSE_STORE_ACCESS | 1UL << CAUSE_ECALL_U |
        1UL << CAUSE_INSN_PAGE | 1UL << CAUSE_LOAD_PAGE | 1UL << CAUSE_STORE_PAGE;
    if (self->has_counters)
        exceptions |= 1UL << CAUSE_ILLEGAL_INSN;
    if (self->has_h) /* calls from VS-mode, guest page faults, virtual instructions */
        exceptions |= 1UL << 10 | 0xfUL << 20;
    csr_write(medeleg, exceptions);
    csr_write(mideleg, MIP_SSIP | MIP_STIP | MIP_SEIP | MIP_LCOFIP);
}

/* Counters are S-mode's to read, and U-mode's until S-mode says otherwise. */
static void init_counters(void)
{
    csr_try_write(mcounteren, 0xffffffff);
    csr_try_write(scounteren, COUNTER_CY | COUNTER_TM | COUNTER_IR);
    csr_try_write(mcountinhibit, 0);
}

/* Extensions that S-mode may use only if M-mode lets it; bits the hart lacks stay 0. */
static void init_environment(struct hart *self)
{
    unsigned long low = 0xf0; /* CBZE CBCFE CBIE: cache-block instructions */
#if __riscv_xlen == 64
    csr_try_write(menvcfg, low | MENVCFG64_PBMTE | (self->has_sstc ? MENVCFG64_STCE : 0));
#else
    csr_try_write(menvcfg, low);
    csr_try_write(menvcfgh, self->has_sstc ? MENVCFGH_STCE : 0);
#endif
    csr_try_write(mstateen0, ~0UL);
#if __riscv_xlen == 32
    csr_try_write(mstateen0h, ~0UL);
#endif
}

/* How many of PMP's first 16 entries hold an address; none on a hart without PMP. */
static unsigned pmp_count(void)
{
    unsigned long count = 0;
    trap_probe(".irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
               "csrw pmpaddr\\n, %3\n"
               "csrr t0, pmpaddr\\n\n"
               "beqz t0, 1f\n"
               "addi %2, %2, 1\n"
               ".endr\n",
               count, 0x1000);
    return count;
}

/*
 * Entry 0: nobody below M-mode touches the firmware. Entry 1: the rest is theirs. Without PMP
 * there is no protection to give and none to lift.
 */
static void init_pmp(struct hart *self)
{
    self->pmp_count = pmp_count();
    if (self->pmp_count < 2)
        return;
    unsigned long firmware =
        (platform.firmware.base | (platform.firmware.size / 2 - 1)) >> PMP_SHIFT;
    unsigned long config = PMP_A_NAPOT | (PMP_A_NAPOT | PMP_R | PMP_W | PMP_X) << 8;
    csr_write(pmpcfg0, 0);
    csr_write(pmpaddr0, firmware);
    csr_write(pmpaddr1, ~0UL);
    csr_write(pmpcfg0, config);
    self->protected = csr_read(pmpaddr0) == firmware && (csr_read(pmpcfg0) & 0xffff) == config;
    asm volatile("sfence.vma" ::: "memory");
}

void hart_init(struct hart *self)
{
    probe_features(self);
    csr_clear(mstatus, MSTATUS_MIE | MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM |
                           MSTATUS_TW | MSTATUS_TSR | MSTATUS_FS | MSTATUS_VS);
    init_delegation(self);
    init_counters();
    init_environment(self);
    fwft_init(self);
    pmu_init(self);
    dbtr_init(self);
    init_pmp(self);
    timer_init(self);
    if (self->msip)
        *self->msip = 0;
    csr_set(mie, MIP_MSIP);
}

/* ---- Entering S-mode ---- */

static _Noreturn void enter(struct hart *self, unsigned long addr, unsigned long arg)
{
    csr_write(satp, 0);
    csr_clear(mstatus, MSTATUS_MPP | MSTATUS_SIE | MSTATUS_SUM | MSTATUS_MXR);
    csr_set(mstatus, PRIV_S << MSTATUS_MPP_SHIFT);
    __atomic_store_n(&self->state, SBI_HART_STARTED, __ATOMIC_SEQ_CST);
    /* Fences asked for while this hart did not count as running. */
    fence_i();
    asm volatile("sfence.vma" ::: "memory");
    smode_enter(self->id, arg, addr);
}

_Noreturn void hart_enter_smode(struct hart *self, unsigned long addr, unsigned long arg)
{
    csr_clear(mie, MIP_SSIP | MIP_STIP | MIP_SEIP);
    csr_clear(mip, MIP_SSIP | MIP_STIP);
    timer_init(self);
    fwft_reset(self);
    pmu_reset(self);
    sse_reset(self);
    dbtr_reset(self);
    csr_clear(mstatus, MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS | MSTATUS_VS);
    csr_write(stvec, addr & ~3UL);
    csr_write(sscratch, 0);
    enter(self, addr, arg);
}

_Noreturn void hart_resume_smode(struct hart *self, unsigned long addr, unsigned long arg)
{
    enter(self, addr, arg);
}
