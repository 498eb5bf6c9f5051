#pragma once
/*
 * What trap_entry.S saves of the interrupted code. CONTEXT_REGS is the only list of it: the struct,
 * the saves and restores and the offsets (slot number * register size) all come from these rows.
 */

/* Registers a C function may clobber: all that the hot system call path saves besides gp sp tp. */
#define CONTEXT_CALLER_REGS(X) \
    X(ra, 1)                   \
    X(t0, 5)                   \
    X(t1, 6)                   \
    X(t2, 7)                   \
    X(a0, 10)                  \
    X(a1, 11)                  \
    X(a2, 12)                  \
    X(a3, 13)                  \
    X(a4, 14)                  \
    X(a5, 15)                  \
    X(a6, 16)                  \
    X(a7, 17)                  \
    X(t3, 28)                  \
    X(t4, 29)                  \
    X(t5, 30)                  \
    X(t6, 31)

/* Registers a C function preserves. */
#define CONTEXT_CALLEE_REGS(X) \
    X(s0, 8)                   \
    X(s1, 9)                   \
    X(s2, 18)                  \
    X(s3, 19)                  \
    X(s4, 20)                  \
    X(s5, 21)                  \
    X(s6, 22)                  \
    X(s7, 23)                  \
    X(s8, 24)                  \
    X(s9, 25)                  \
    X(s10, 26)                 \
    X(s11, 27)

/* Saved and restored by hand: the trap code needs them itself. */
#define CONTEXT_SPECIAL(X) \
    X(sepc, 0)             \
    X(sp, 2)               \
    X(gp, 3)               \
    X(tp, 4)               \
    X(sstatus, 32)         \
    X(scause, 33)          \
    X(stval, 34)

/* Slots, and the size rounded up so that the stack stays aligned to 16 bytes. */
#define CONTEXT_SLOTS 36

#ifndef __ASSEMBLER__
#    include <stddef.h>
/* In slot order. */
struct context {
    unsigned long sepc;
    unsigned long ra, sp, gp, tp, t0, t1, t2, s0, s1;
    unsigned long a0, a1, a2, a3, a4, a5, a6, a7;
    unsigned long s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
    unsigned long t3, t4, t5, t6;
    unsigned long sstatus, scause, stval;
    unsigned long spare;
};

#    define CONTEXT_ASSERT(name, slot) \
        _Static_assert(offsetof(struct context, name) == (slot) * sizeof(long), #name);
CONTEXT_CALLER_REGS(CONTEXT_ASSERT)
CONTEXT_CALLEE_REGS(CONTEXT_ASSERT)
CONTEXT_SPECIAL(CONTEXT_ASSERT)
_Static_assert(sizeof(struct context) == CONTEXT_SLOTS * sizeof(long), "context size");
_Static_assert(sizeof(struct context) % 16 == 0, "context alignment");

/* The system call convention, for kernel/syscall. Arguments are six registers in a row. */
static inline unsigned long context_syscall_number(const struct context *context)
{
    return context->a7;
}

static inline const unsigned long *context_syscall_args(const struct context *context)
{
    return &context->a0;
}

static inline void context_set_result(struct context *context, long result)
{
    context->a0 = (unsigned long)result;
}
#endif
