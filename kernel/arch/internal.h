#pragma once
/* Between the files of kernel/arch, and from there to main.c. */
#include <stdbool.h>
#include <stdint.h>
#include "kernel/arch/arch.h"
#include "kernel/arch/context.h"
#include "kernel/arch/thread.h"

/* ---- boot, in this order (kernel/main.c) */

/* The device tree at physical address dtb; panics when there is none or it is damaged. */
void arch_fdt_init(paddr_t dtb);
/* SBI, harts named by the device tree (this one, boot_id, becomes index 0), clock. */
void arch_init(unsigned long boot_id);
void arch_time_start(void); /* time_ns() counts from here */
void arch_time_init(void);
/* Interrupts and counters of the hart it runs on. */
void arch_hart_init(void);

/*
 * Starts the harts of the device tree that are not running yet, each on the idle thread that
 * make_idle(index) gives, and waits until they are up. Harts that do not come are left out.
 */
void arch_start_harts(struct arch_thread *(*make_idle)(unsigned index));
/* What a secondary hart runs once it is set up; does not return. */
void arch_set_secondary_main(void (*function)(void));
/* Stops all other harts for good (panic). */
void arch_stop_others(void);

bool arch_stopping(void); /* some hart panics: stop here */
void arch_halt(void);     /* waits for ever */

paddr_t arch_fdt_pa(void);
size_t arch_fdt_size(void);

void arch_isa_set(const char *string);
/* Whether the ISA string of all harts names an extension ("sstc", "zbb"; lower case). */
bool arch_isa_has(const char *extension);
const char *arch_timer_name(void);
bool arch_probe_stimecmp(void);

/* ---- contexts (context.c) */

/* Makes a new thread's stack: out by the door into entry(arg) in the kernel, interrupts on. */
void arch_kernel_context(struct arch_thread *thread, void (*finish)(void), void (*entry)(void));
/* The same for a thread whose user context has been filled in already. */
void arch_user_thread(struct arch_thread *thread, void (*finish)(void));
/* Makes the current thread's user context a program's at its first instruction: the rest is zero.
 */
void arch_user_start(vaddr_t entry, vaddr_t sp);

/* A copy of the parent's user context that returns 0; sp 0 and tls NULL: as in the parent. */
void arch_fork_context(struct arch_thread *child, struct arch_thread *parent, vaddr_t sp,
                       const vaddr_t *tls);

/* Leaves the kernel for the current thread's user context, giving up the stack above it. */
void arch_enter_user(void) __attribute__((noreturn));

/* ---- floating point (fp.c). Callers of leave and enter have interrupts off. */

void arch_fp_init(void); /* looks at the ISA string, once */
/* Before a switch from, or to, a thread with an area: brings its registers where they belong. */
void fp_leave(struct arch_thread *thread);
void fp_enter(struct arch_thread *thread);
/* An illegal instruction of the current thread: true if it may be tried again, with registers. */
bool fp_first_use(struct arch_thread *thread);
/* Gives a new thread what the current one has; before the context is copied. */
void fp_fork(struct arch_thread *child, struct arch_thread *parent);

void context_switch(struct arch_thread *prev, struct arch_thread *next);
void thread_door(void);

/* ---- traps */

void trap_entry(void);
void trap_kernel(struct context *context);
void trap_user(struct context *context);
void trap_exit_to_user(struct context *context);
void trap_stack_overflow(struct context *context) __attribute__((noreturn));
const char *arch_cause_name(unsigned long scause);

/* ---- backtraces */

/* Prints the call chain of its caller by klog(LOG_CRIT), or the one of backtrace_from(). */
void backtrace_here(void);
/* From now on backtraces are of a trap's context: what matters in the panic that follows. */
void backtrace_from(const struct context *context);

/* ---- user_copy.S */

unsigned long arch_user_copy(void *to, const void *from, unsigned long n);
unsigned long arch_user_zero(void *to, unsigned long n);
long arch_user_string(char *to, const char *from, unsigned long n);

void secondary_entry(void);
void secondary_main(void);
void kernel_main(unsigned long hart_id, unsigned long dtb);
