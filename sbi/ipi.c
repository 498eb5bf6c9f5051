/*
 * Mail between harts. A hart that wants something of another sets a bit in that hart's memory and
 * then its MSIP. A remote fence is described once, in the struct of the hart that asks; its bit
 * in each target's rfence_from says whose request is waiting, and rfence_left of the asker counts
 * the targets still to do it. A hart asks for one fence at a time, so nothing can overflow, and a
 * hart that waits serves its own mail, so two that ask each other cannot block.
 */
#include "sbi/csr.h"
#include "sbi/hsm.h"
#include "sbi/ipi.h"
#include "sbi/pmu.h"

enum {
    WORD_BITS = 8 * sizeof(long),
};

#define PAGE_SIZE       4096UL
#define FENCE_PAGES_MAX 64 /* beyond that many pages the whole address space is fenced */

/* Memory written so far is visible before the device write that follows. */
static void fence_before_device(void)
{
    asm volatile("fence rw, ow" ::: "memory");
}

void ipi_poke(struct hart *to)
{
    fence_before_device();
    if (to->msip)
        *to->msip = 1;
}

/* Whether a hart has, or will come back to, an S-mode context that fences and interrupts reach. */
static bool is_running(struct hart *hart)
{
    switch (hsm_state(hart)) {
    case SBI_HART_STARTED:
    case SBI_HART_SUSPENDED:
    case SBI_HART_SUSPEND_PENDING:
    case SBI_HART_RESUME_PENDING: return true;
    default: return false;
    }
}

void ipi_send(hartset_t harts)
{
    struct hart *self = hart_self();
    for (unsigned i = 0; harts; i++, harts >>= 1) {
        struct hart *to = hart_at(i);
        if (!(harts & 1))
            continue;
        if (to == self) {
            csr_set(mip, MIP_SSIP);
        } else if (is_running(to)) {
            pmu_count(self, SBI_PMU_FW_IPI_SENT);
            __atomic_fetch_or(&to->mail, MAIL_SSIP, __ATOMIC_RELEASE);
            ipi_poke(to);
        }
    }
}

static void fence_page(const struct rfence *f, unsigned long va)
{
    if (f->kind == RFENCE_VMA_ASID)
        asm volatile("sfence.vma %0, %1" ::"r"(va), "r"(f->asid) : "memory");
    else
        asm volatile("sfence.vma %0" ::"r"(va) : "memory");
}

static void fence_vma(const struct rfence *f)
{
    unsigned long first = f->start & ~(PAGE_SIZE - 1);
    bool all = (f->start == 0 && f->size == 0) || f->size > FENCE_PAGES_MAX * PAGE_SIZE;
    if (!all) {
        unsigned long bytes = f->start - first + f->size;
        for (unsigned long done = 0; done < bytes; done += PAGE_SIZE)
            fence_page(f, first + done);
    } else if (f->kind == RFENCE_VMA_ASID) {
        asm volatile("sfence.vma zero, %0" ::"r"(f->asid) : "memory");
    } else {
        asm volatile("sfence.vma" ::: "memory");
    }
}

static void rfence_do(const struct rfence *f)
{
    if (f->kind == RFENCE_I)
        fence_i();
    else
        fence_vma(f);
}

/* The firmware event of sending it; receiving it is the next. */
static unsigned fence_event(const struct rfence *f)
{
    return SBI_PMU_FW_FENCE_I_SENT + 2 * f->kind;
}

/* Do the fences that wait in this hart's mail. */
static void rfence_serve(struct hart *self)
{
    for (unsigned word = 0; word < HART_MAX / WORD_BITS; word++) {
        if (!__atomic_load_n(&self->rfence_from[word], __ATOMIC_RELAXED))
            continue;
        unsigned long from = __atomic_exchange_n(&self->rfence_from[word], 0, __ATOMIC_ACQUIRE);
        for (unsigned i = word * WORD_BITS; from; i++, from >>= 1) {
            if (!(from & 1))
                continue;
            pmu_count(self, fence_event(&hart_at(i)->rfence) + 1);
            rfence_do(&hart_at(i)->rfence);
            __atomic_fetch_sub(&hart_at(i)->rfence_left, 1, __ATOMIC_RELEASE);
        }
    }
}

/* Leave the request with each running hart of the set but this one. */
static void rfence_post(struct hart *self, hartset_t harts)
{
    /* A hart seen as not running fences after it has said that it runs (hart_enter_smode). */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    for (unsigned i = 0; i < hart_count; i++) {
        struct hart *to = hart_at(i);
        if (to == self || !(harts >> i & 1) || !is_running(to))
            continue;
        pmu_count(self, fence_event(&self->rfence));
        __atomic_fetch_add(&self->rfence_left, 1, __ATOMIC_RELAXED);
        __atomic_fetch_or(&to->rfence_from[self->index / WORD_BITS], 1UL << self->index % WORD_BITS,
                          __ATOMIC_RELEASE);
        ipi_poke(to);
    }
}

void rfence_send(hartset_t harts, const struct rfence *request)
{
    struct hart *self = hart_self();
    hartset_t own = (hartset_t)1 << self->index;
    bool others = harts & ~own;
    if (others) {
        self->rfence = *request;
        rfence_post(self, harts);
    }
    if (harts & own)
        rfence_do(request);
    while (others && __atomic_load_n(&self->rfence_left, __ATOMIC_ACQUIRE)) {
        rfence_serve(self);
        pause();
    }
}

void ipi_take(struct hart *self)
{
    if (self->msip)
        *self->msip = 0;
    /* The interrupt is cleared before the mail is read: mail that comes later interrupts again. */
    asm volatile("fence ow, rw" ::: "memory");
    uint32_t mail = __atomic_exchange_n(&self->mail, 0, __ATOMIC_ACQUIRE);
    if (mail & MAIL_EVENT)
        self->sse_look = true;
    if (mail & MAIL_SSIP) {
        pmu_count(self, SBI_PMU_FW_IPI_RECEIVED);
        csr_set(mip, MIP_SSIP);
    }
    rfence_serve(self);
}
