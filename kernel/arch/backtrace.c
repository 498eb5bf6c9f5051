/*
 * Call chains by frame pointer. The compiler keeps (return address, caller's frame pointer) just
 * below the address fp holds; the chain ends at fp 0 or where it leaves the current stack.
 */
#include "kernel/arch/image.h"
#include "kernel/arch/internal.h"
#include "kernel/klog.h"

#define BACKTRACE_DEPTH 24

/* The function that contains pc and pc's offset in it; NULL without symbols. */
static const char *symbol_of(unsigned long pc, unsigned long *offset)
{
    const unsigned long *volatile table = ksyms_table; /* weak: NULL in the first link */
    if (!table)
        return NULL;
    unsigned long count = table[0], low = 0, high = count;
    const unsigned long *pairs = &table[1];
    while (low < high) {
        unsigned long middle = low + (high - low) / 2;
        if (pairs[2 * middle] <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    *offset = pc - pairs[2 * (low - 1)];
    return (const char *)&pairs[2 * count] + pairs[2 * (low - 1) + 1];
}

static bool in_text(unsigned long pc)
{
    return pc >= (unsigned long)__text_start && pc < (unsigned long)__text_end;
}

/* `back` 1: pc is a return address, whose call may be the last instruction of its function. */
static void print_frame(unsigned long pc, unsigned long back)
{
    unsigned long offset;
    const char *name = in_text(pc) ? symbol_of(pc - back, &offset) : NULL;
    if (name)
        klog(LOG_CRIT, "  %#lx %s+%#lx", pc, name, offset + back);
    else
        klog(LOG_CRIT, "  %#lx", pc);
}

/* Follows frames from fp on, within the current stack. */
static void print_chain(unsigned long fp)
{
    unsigned long low = (unsigned long)arch_current() + STACK_SLOT_BOTTOM;
    unsigned long high = (unsigned long)arch_current() + STACK_SLOT_SIZE;
    for (int depth = 0; depth < BACKTRACE_DEPTH; depth++) {
        if (fp < low + 2 * sizeof(long) || fp > high || fp % sizeof(long))
            return;
        const unsigned long *frame = (const unsigned long *)fp;
        if (!in_text(frame[-1]))
            return;
        print_frame(frame[-1], 1);
        low = fp; /* frames only get older, further up */
        fp = frame[-2];
    }
}

/* What panic() shows instead of its own callers, after a trap. */
static const struct context *trapped;

void backtrace_from(const struct context *context)
{
    trapped = context;
}

__attribute__((noinline)) void backtrace_here(void)
{
    const unsigned long *frame = __builtin_frame_address(0);
    klog(LOG_CRIT, "backtrace:");
    if (!trapped) {
        print_frame(frame[-1], 1);
        print_chain(frame[-2]);
        return;
    }
    unsigned long fp = trapped->s0, ra = trapped->ra, offset;
    unsigned long stack = (unsigned long)arch_current();
    bool readable = fp >= stack + STACK_SLOT_BOTTOM + 2 * sizeof(long) &&
                    fp <= stack + STACK_SLOT_SIZE && fp % sizeof(long) == 0;
    frame = (const unsigned long *)fp;
    print_frame(trapped->sepc, 0);
    /*
     * A function that calls nothing keeps its return address in ra only, and saves its caller's fp
     * (unless it has restored it already) in the place of the return address. In any other function
     * ra names the function itself, or is in its frame too.
     */
    if (in_text(ra) && symbol_of(ra - 1, &offset) != symbol_of(trapped->sepc, &offset) &&
        !(readable && frame[-1] == ra))
        print_frame(ra, 1);
    if (readable && !in_text(frame[-1]))
        fp = frame[-1];
    print_chain(fp);
}
