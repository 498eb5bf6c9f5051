#pragma once
/*
 * What arch calls in the layers above: a table they fill in at boot, each its own fields. All
 * fields are set before the event they are for can happen.
 */
#include "kernel/arch/arch.h"
#include "kernel/arch/thread.h"

struct context;

/* Kinds of access that fault; the values mm's VM_ constants have. */
#define ARCH_READ  1u
#define ARCH_WRITE 2u
#define ARCH_EXEC  4u

/* Why a user program cannot go on; the words of the privileged specification. */
enum arch_fault {
    FAULT_ACCESS,     /* no permission or nothing there, after page_fault() said so */
    FAULT_BUS,        /* the hardware or the file behind the address fails */
    FAULT_ILLEGAL,    /* illegal instruction */
    FAULT_BREAKPOINT, /* ebreak */
    FAULT_ALIGNMENT,  /* misaligned access */
};

struct arch_hooks {
    /* sched; in interrupt context */
    void (*timer)(void);
    void (*ipi)(void);
    /* sched: an interrupt in the kernel is over; may switch threads. Interrupts off, no locks. */
    void (*preempt)(void);
    /* sched: what is pending before user mode; returns with interrupts off and no work left */
    void (*exit_to_user)(struct context *context);
    /* mm: make va accessible in the current address space; 0 or -errno. May sleep. */
    int (*page_fault)(vaddr_t va, unsigned access);
    /* proc: end the program. `name` is the cause's, `error` page_fault()'s. Interrupts on. */
    void (*user_fault)(enum arch_fault fault, const char *name, vaddr_t pc, vaddr_t address,
                       int error);
    /* mm: a zeroed page for a table, as a physical address (0: none), and back */
    paddr_t (*table_alloc)(void);
    void (*table_free)(paddr_t pa);
    /* what the controller of external interrupts set */
    void (*external)(void);
};

extern struct arch_hooks arch_hooks;
