/* Traps, after trap_entry.S has saved the context. */
#include <stddef.h>
#include "kernel/arch/csr.h"
#include "kernel/arch/hooks.h"
#include "kernel/arch/image.h"
#include "kernel/arch/internal.h"
#include "kernel/klog.h"
#include "kernel/arch/pagetable.h"

/* trap_entry.S knows these by number (asm.h). */
_Static_assert(offsetof(struct arch_thread, kernel_sp) == 0 * sizeof(long), "THREAD_KERNEL_SP");
_Static_assert(offsetof(struct arch_thread, scratch) == 1 * sizeof(long), "THREAD_SCRATCH");
_Static_assert(offsetof(struct arch_thread, work) == 2 * sizeof(long), "THREAD_WORK");
_Static_assert(offsetof(struct arch_thread, syscall) == 3 * sizeof(long), "THREAD_SYSCALL");

struct arch_hooks arch_hooks;

const char *arch_cause_name(unsigned long scause)
{
    static const char *const names[] = {
#define EXCEPTION(id, num, text) [num] = text,
#include "riscv/cause.def"
    };
    if (scause < sizeof names / sizeof *names && names[scause])
        return names[scause];
    return "unknown cause";
}

static void handle_interrupt(unsigned long scause)
{
    struct arch_thread *thread = arch_current();
    thread->in_irq++;
    switch (scause & ~SCAUSE_INTERRUPT) {
    case IRQ_SSI:
        csr_clear(sip, MIP_SSIP);
        arch_hooks.ipi();
        break;
    case IRQ_STI: arch_hooks.timer(); break;
    case IRQ_SEI:
        if (arch_hooks.external) {
            arch_hooks.external();
            break;
        }
        /* fall through */
    default: panic("unexpected interrupt, scause %#lx", scause);
    }
    thread->in_irq--;
}

static unsigned access_of(unsigned long scause)
{
    switch (scause) {
    case CAUSE_INSN_PAGE: return ARCH_EXEC;
    case CAUSE_LOAD_PAGE: return ARCH_READ;
    case CAUSE_STORE_PAGE: return ARCH_WRITE;
    default: return 0;
    }
}

static void die(const struct context *c, const char *what)
{
    klog(LOG_CRIT, "%s: %s: sepc %#lx stval %#lx sstatus %#lx", what, arch_cause_name(c->scause),
         c->sepc, c->stval, c->sstatus);
    klog(LOG_CRIT, "ra %#lx sp %#lx tp %#lx a0 %#lx a1 %#lx a2 %#lx a7 %#lx", c->ra, c->sp, c->tp,
         c->a0, c->a1, c->a2, c->a7);
    backtrace_from(c);
}

/* Where a fault at `pc` continues, 0: nowhere, it is a bug. */
static unsigned long find_fixup(unsigned long pc)
{
    for (const struct extable_entry *e = __extable_start; e < __extable_end; e++)
        if ((unsigned long)&e->insn + (unsigned long)(long)e->insn == pc)
            return (unsigned long)&e->fixup + (unsigned long)(long)e->fixup;
    return 0;
}

void trap_kernel(struct context *context)
{
    if (context->scause & SCAUSE_INTERRUPT) {
        handle_interrupt(context->scause);
        arch_hooks.preempt();
        return;
    }
    unsigned long fixup = find_fixup(context->sepc);
    unsigned access = access_of(context->scause);
    /* User addresses were checked before: any other here is the kernel's own bad pointer. */
    if (!fixup || (access && context->stval >= pt_user_end())) {
        die(context, "kernel trap");
        panic("kernel trap: %s at %#lx, address %#lx", arch_cause_name(context->scause),
              context->sepc, context->stval);
    }
    if (access) {
        arch_irq_restore(context->sstatus & SSTATUS_SPIE);
        int error = arch_hooks.page_fault(context->stval, access);
        arch_irq_save();
        if (error == 0)
            return; /* again */
    }
    context->sepc = fixup;
}

static void user_exception(struct context *context)
{
    enum arch_fault fault = FAULT_ILLEGAL;
    int error = 0;
    switch (context->scause) {
    case CAUSE_INSN_PAGE:
    case CAUSE_LOAD_PAGE:
    case CAUSE_STORE_PAGE:
        fault = FAULT_ACCESS;
        if (context->stval < pt_user_end())
            error = arch_hooks.page_fault(context->stval, access_of(context->scause));
        else
            error = -1;
        if (error == 0)
            return;
        break;
    case CAUSE_INSN_ACCESS:
    case CAUSE_LOAD_ACCESS:
    case CAUSE_STORE_ACCESS: fault = FAULT_BUS; break;
    case CAUSE_INSN_MISALIGNED:
    case CAUSE_LOAD_MISALIGNED:
    case CAUSE_STORE_MISALIGNED: fault = FAULT_ALIGNMENT; break;
    case CAUSE_BREAKPOINT: fault = FAULT_BREAKPOINT; break;
    case CAUSE_ILLEGAL_INSN:
        if (fp_first_use(arch_current()))
            return;
        break;
    default: break;
    }
    arch_hooks.user_fault(fault, arch_cause_name(context->scause), context->sepc, context->stval,
                          error);
}

void trap_user(struct context *context)
{
    if (context->scause & SCAUSE_INTERRUPT) {
        handle_interrupt(context->scause);
        return;
    }
    arch_irq_enable();
    user_exception(context);
}

void trap_exit_to_user(struct context *context)
{
    arch_hooks.exit_to_user(context);
}

void trap_stack_overflow(struct context *context)
{
    die(context, "kernel stack overflow");
    panic("kernel stack overflow at %#lx, sp %#lx", context->sepc, context->sp);
}

/* ---- interrupts on this hart */

bool arch_irq_save(void)
{
    return csr_read_clear(sstatus, SSTATUS_SIE) & SSTATUS_SIE;
}

void arch_irq_restore(bool were_on)
{
    if (were_on)
        csr_set(sstatus, SSTATUS_SIE);
}

void arch_irq_enable(void)
{
    csr_set(sstatus, SSTATUS_SIE);
}

bool arch_irq_enabled(void)
{
    return csr_read(sstatus) & SSTATUS_SIE;
}

void arch_idle(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

void arch_set_external_handler(void (*handler)(void))
{
    arch_hooks.external = handler;
}

void arch_external_enable(void)
{
    csr_set(sie, MIP_SEIP);
}

void arch_io_barrier(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}
