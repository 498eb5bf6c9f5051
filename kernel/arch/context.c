/* Hand-made contexts: what a new thread leaves the kernel with. */
#include "kernel/arch/csr.h"
#include "kernel/arch/internal.h"
#include "lib/string.h"

/* What context_switch() pops; see FRAME_REGS in trap_entry.S. */
struct switch_frame {
    unsigned long s[12];
    unsigned long ra;
    unsigned long pad[3];
};

struct context *arch_user_context(struct arch_thread *thread)
{
    return (struct context *)((char *)thread + STACK_SLOT_SIZE) - 1;
}

/* Below the context: a first return from context_switch() into thread_door(finish). */
static void make_frame(struct arch_thread *thread, void (*finish)(void))
{
    struct switch_frame *frame = (struct switch_frame *)arch_user_context(thread) - 1;
    memset(frame, 0, sizeof *frame);
    frame->s[0] = (unsigned long)finish;
    frame->ra = (unsigned long)thread_door;
    thread->kernel_sp = (unsigned long)frame;
}

void arch_kernel_context(struct arch_thread *thread, void (*finish)(void), void (*entry)(void))
{
    struct context *context = arch_user_context(thread);
    memset(context, 0, sizeof *context);
    context->sepc = (unsigned long)entry;
    context->sp = (unsigned long)context; /* it may become a user thread: keep the place free */
    context->tp = (unsigned long)thread;
    context->sstatus = SSTATUS_SPP | SSTATUS_SPIE;
    make_frame(thread, finish);
}

void arch_user_thread(struct arch_thread *thread, void (*finish)(void))
{
    make_frame(thread, finish);
}

void arch_user_start(vaddr_t entry, vaddr_t sp)
{
    struct arch_thread *self = arch_current();
    struct context *context = arch_user_context(self);
    self->fp = NULL;
    memset(context, 0, sizeof *context);
    context->sepc = entry;
    context->sp = sp;
    context->sstatus = SSTATUS_SPIE;
}

void arch_fork_context(struct arch_thread *child, struct arch_thread *parent, vaddr_t sp,
                       const vaddr_t *tls)
{
    struct context *context = arch_user_context(child);
    fp_fork(child, parent);
    *context = *arch_user_context(parent);
    context_set_result(context, 0);
    if (sp)
        context->sp = sp;
    if (tls)
        context->tp = *tls;
}

void arch_enter_user(void)
{
    __asm__ volatile("mv sp, %0; j trap_return" ::"r"(arch_user_context(arch_current())));
    __builtin_unreachable();
}
