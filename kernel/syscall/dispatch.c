/*
 * From registers to typed arguments and back: a thunk per row of abi/syscall.def, and the table of
 * them. The table belongs to one kind of process (struct arch_thread's `syscall`); others may come.
 */
#include "abi/errno.h"
#include "kernel/arch/asm.h"
#include "kernel/arch/context.h"
#include "kernel/sched/sched.h"
#include "kernel/syscall/syscall.h"

/* Those for which trap_entry.S saves every register. */
_Static_assert(SYS_clone == SYSCALL_FULL_FIRST && SYS_execve == SYSCALL_FULL_LAST, "full path");

typedef long syscall_thunk(const unsigned long *regs);

/* A 64-bit argument: one register, or low and high. */
static inline uint64_t take_u64(const unsigned long *regs, unsigned *next)
{
    uint64_t value = regs[(*next)++];
    if (sizeof(long) == 4)
        value |= (uint64_t)regs[(*next)++] << 32;
    return value;
}

#define TAKE_VAL(type, name)        type name = (type)regs[next++];
#define TAKE_U64(type, name)        type name = (type)take_u64(regs, &next);
#define TAKE_IN(type, name)         struct uaddr name = {regs[next++]};
#define TAKE_OUT(type, name)        struct uaddr name = {regs[next++]};
#define TAKE_INOUT(type, name)      struct uaddr name = {regs[next++]};
#define TAKE_STR(type, name)        struct uaddr name = {regs[next++]};
#define TAKE(direction, type, name) TAKE_##direction(type, name)
#define PASS(direction, type, name) name

#define SYSCALL(name, nr64, nr32, ...)                          \
    static long thunk_##name(const unsigned long *regs)         \
    {                                                           \
        unsigned next = 0;                                      \
        ABI_EACH(TAKE, ##__VA_ARGS__)                           \
        (void)next;                                             \
        (void)regs;                                             \
        return sys_##name(ABI_EACH_COMMA(PASS, ##__VA_ARGS__)); \
    }
#include "abi/syscall.def"
#undef SYSCALL

/* Rows without a number on this XLEN all land in one slot beyond the table. */
#define SLOT_OF(nr) ((nr) < 0 ? SYSCALL_TABLE_SIZE : (nr))

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static syscall_thunk *const table[SYSCALL_TABLE_SIZE + 1] = {
#define SYSCALL(name, nr64, nr32, ...) [SLOT_OF(ABI_SYSCALL_NR(nr64, nr32))] = thunk_##name,
#include "abi/syscall.def"
#undef SYSCALL
};
#pragma GCC diagnostic pop

void syscall_dispatch(struct context *context)
{
    unsigned long number = context_syscall_number(context);
    sched_own_stats()->syscalls++;
    if (number >= SYSCALL_TABLE_SIZE || !table[number]) {
        context_set_result(context, -ENOSYS);
        return;
    }
    context_set_result(context, table[number](context_syscall_args(context)));
}
