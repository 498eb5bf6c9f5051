#pragma once
/*
 * The part of a thread that kernel/arch knows, and the shape of a stack slot:
 *
 *   slot + 0           control block (struct thread, which starts with struct arch_thread)
 *   slot + half a page floating-point registers, once the thread has used them (fp.c)
 *   slot + PAGE_SIZE   guard: never mapped, so that an overflow faults
 *   slot + 2 pages     kernel stack, growing down from the end of the slot,
 *   ...                whose top holds the user's struct context
 *
 * `tp` points at the slot in the kernel; sscratch holds it while user code runs, and 0 in the
 * kernel. trap_entry.S reaches these fields by the THREAD_ offsets of asm.h, asserted in trap.c.
 */

#define STACK_SLOT_PAGES  5
#define STACK_SLOT_SIZE   (STACK_SLOT_PAGES * 4096)
#define STACK_SLOT_FP     (4096 / 2) /* from the start of the slot: where control blocks end */
#define STACK_SLOT_BOTTOM (2 * 4096) /* the stack's lowest byte, from the start of the slot */

#ifndef __ASSEMBLER__
#    include <stdbool.h>
#    include <stdint.h>

struct context;

/* What a hart needs to know of an address space. Masks have a bit per hart index; atomic. */
struct arch_space {
    unsigned long satp;
    unsigned long harts;      /* have it loaded: whom a shoot-down must reach */
    unsigned long stale_code; /* must execute fence.i before they run it */
};

extern struct arch_space kernel_space; /* of kernel threads: nothing in the user half */

struct arch_thread {
    unsigned long kernel_sp;                  /* where context_switch() left off */
    unsigned long scratch;                    /* trap entry only */
    unsigned long work;                       /* THREAD_WORK_ bits (sched.h); atomic */
    void (*syscall)(struct context *context); /* the process's system call door */
    struct arch_space *space;                 /* address space to load when switched to */
    void *fp;                /* its floating-point registers' area, NULL: it has not used any */
    unsigned long hart;      /* index of the hart it runs on; valid while it runs */
    unsigned long irq_depth; /* spinlocks held, plus interrupts being handled */
    unsigned long in_irq;    /* nesting of interrupt handlers: must not sleep */
    bool irq_were_on;        /* before the first of those spinlocks */
};

/* The running thread. Constant for as long as a thread lives, so the compiler may keep it. */
static inline struct arch_thread *arch_current(void)
{
    struct arch_thread *thread;
    __asm__("mv %0, tp" : "=r"(thread));
    return thread;
}

/* The context of a thread's last entry from user mode, at the top of its stack. */
struct context *arch_user_context(struct arch_thread *thread);
#endif
