/*
 * Floating-point registers of user threads. The kernel itself has no floating-point code.
 *
 * The registers of the thread a hart runs are in the hart; when it is switched away from, they go
 * into its area if they changed since they were loaded. sstatus.FS in its user context says which:
 *
 *   Off      it has not used any since exec: nothing is kept, and thread->fp is NULL
 *   Initial  all zero, as its area says, too
 *   Clean    as in its area
 *   Dirty    changed: the area is out of date while the thread is on a hart
 *
 * A program starts with Off. Its first floating-point instruction is illegal then, traps, and is
 * executed again with zeroed registers; so programs without any cost nothing. Without a unit in the
 * hart that instruction stays illegal.
 *
 * While the kernel runs, sstatus.FS itself means nothing: who touches the registers turns it on,
 * and the way back to user mode sets it from the context.
 */
#include "kernel/arch/csr.h"
#include "kernel/arch/internal.h"
#include "lib/string.h"

void fp_save_s(void *area);
void fp_load_s(const void *area);
void fp_save_d(void *area);
void fp_load_d(const void *area);

#define FS(value) ((unsigned long)(value) << MSTATUS_FS_SHIFT)

static struct {
    size_t size; /* of an area; 0: the harts have no floating point */
    void (*save)(void *area);
    void (*load)(const void *area);
} unit;

void arch_fp_init(void)
{
    if (arch_isa_has("d")) {
        unit.size = 32 * 8 + 4;
        unit.save = fp_save_d;
        unit.load = fp_load_d;
    } else if (arch_isa_has("f")) {
        unit.size = 32 * 4 + 4;
        unit.save = fp_save_s;
        unit.load = fp_load_s;
    }
}

static void *area_of(struct arch_thread *thread)
{
    return (char *)thread + STACK_SLOT_FP;
}

static void set_state(struct arch_thread *thread, unsigned state)
{
    struct context *context = arch_user_context(thread);
    context->sstatus = (context->sstatus & ~(unsigned long)SSTATUS_FS) | FS(state);
}

void fp_leave(struct arch_thread *thread)
{
    if ((arch_user_context(thread)->sstatus & SSTATUS_FS) != FS(FS_DIRTY))
        return;
    csr_set(sstatus, SSTATUS_FS);
    unit.save(thread->fp);
    set_state(thread, FS_CLEAN);
}

void fp_enter(struct arch_thread *thread)
{
    csr_set(sstatus, SSTATUS_FS);
    unit.load(thread->fp);
}

bool fp_first_use(struct arch_thread *thread)
{
    if (!unit.size || thread->fp)
        return false;
    bool were_on = arch_irq_save();
    thread->fp = area_of(thread);
    memset(thread->fp, 0, unit.size);
    set_state(thread, FS_INITIAL);
    fp_enter(thread);
    arch_irq_restore(were_on);
    return true;
}

void fp_fork(struct arch_thread *child, struct arch_thread *parent)
{
    if (!parent->fp)
        return;
    bool were_on = arch_irq_save();
    fp_leave(parent); /* its registers stay loaded */
    child->fp = area_of(child);
    memcpy(child->fp, parent->fp, unit.size);
    arch_irq_restore(were_on);
}
