/*
 * The only instructions that touch user memory. Addresses have been checked to be in user space by
 * the callers (kernel/mm/uaccess.c). A fault that cannot be resolved ends at the fix-up.
 */
#include "kernel/arch/asm.h"

#define USER(...)                                                                                  \
991: __VA_ARGS__;                                                                                  \
     EXTABLE(991b, 9f)

/*
 * unsigned long arch_user_copy(void *to, const void *from, unsigned long n)
 * Either side may be the user's. Returns the number of bytes not copied.
 */
FUNCTION(arch_user_copy)
    li      t6, SSTATUS_SUM
    csrs    sstatus, t6
    add     a2, a0, a2                  /* a2 = end of destination */
    xor     t0, a0, a1
    andi    t0, t0, REGBYTES - 1
    bnez    t0, 5f                      /* never aligned together: bytes */
    /* Bytes up to alignment. */
1:  andi    t0, a0, REGBYTES - 1
    beqz    t0, 2f
    bgeu    a0, a2, 8f
    USER(lb t1, 0(a1))
    USER(sb t1, 0(a0))
    addi    a0, a0, 1
    addi    a1, a1, 1
    j       1b
    /* Eight registers at a time, then one, then bytes. */
2:  addi    t0, a2, -8 * REGBYTES
    bltu    t0, a0, 4f
    sltu    t1, a2, t0                  /* end below 8 registers: wrapped */
    bnez    t1, 4f
3:  USER(REG_L t1, 0 * REGBYTES(a1))
    USER(REG_L t2, 1 * REGBYTES(a1))
    USER(REG_L t3, 2 * REGBYTES(a1))
    USER(REG_L t4, 3 * REGBYTES(a1))
    USER(REG_L a3, 4 * REGBYTES(a1))
    USER(REG_L a4, 5 * REGBYTES(a1))
    USER(REG_L a5, 6 * REGBYTES(a1))
    USER(REG_L a6, 7 * REGBYTES(a1))
    USER(REG_S t1, 0 * REGBYTES(a0))
    USER(REG_S t2, 1 * REGBYTES(a0))
    USER(REG_S t3, 2 * REGBYTES(a0))
    USER(REG_S t4, 3 * REGBYTES(a0))
    USER(REG_S a3, 4 * REGBYTES(a0))
    USER(REG_S a4, 5 * REGBYTES(a0))
    USER(REG_S a5, 6 * REGBYTES(a0))
    USER(REG_S a6, 7 * REGBYTES(a0))
    addi    a0, a0, 8 * REGBYTES
    addi    a1, a1, 8 * REGBYTES
    bgeu    t0, a0, 3b
4:  addi    t0, a2, -REGBYTES
    bltu    t0, a0, 5f
    USER(REG_L t1, 0(a1))
    USER(REG_S t1, 0(a0))
    addi    a0, a0, REGBYTES
    addi    a1, a1, REGBYTES
    j       4b
5:  bgeu    a0, a2, 8f
    USER(lb t1, 0(a1))
    USER(sb t1, 0(a0))
    addi    a0, a0, 1
    addi    a1, a1, 1
    j       5b
8:
9:  csrc    sstatus, t6
    sub     a0, a2, a0
    ret
END(arch_user_copy)

/* unsigned long arch_user_zero(void *to, unsigned long n): the number of bytes not cleared. */
FUNCTION(arch_user_zero)
    li      t6, SSTATUS_SUM
    csrs    sstatus, t6
    add     a1, a0, a1
1:  andi    t0, a0, REGBYTES - 1
    beqz    t0, 2f
    bgeu    a0, a1, 8f
    USER(sb zero, 0(a0))
    addi    a0, a0, 1
    j       1b
2:  addi    t0, a1, -REGBYTES
    bltu    t0, a0, 3f
    USER(REG_S zero, 0(a0))
    addi    a0, a0, REGBYTES
    j       2b
3:  bgeu    a0, a1, 8f
    USER(sb zero, 0(a0))
    addi    a0, a0, 1
    j       3b
8:
9:  csrc    sstatus, t6
    sub     a0, a1, a0
    ret
END(arch_user_zero)

/*
 * long arch_user_string(char *to, const char *from, unsigned long n)
 * Copies up to and including a NUL, at most n bytes. The number of bytes copied without a NUL (n:
 * there was none), or -1 for a fault.
 */
FUNCTION(arch_user_string)
    li      t6, SSTATUS_SUM
    csrs    sstatus, t6
    mv      t0, a0
    add     a2, a0, a2
1:  bgeu    a0, a2, 2f
    USER(lbu t1, 0(a1))
    sb      t1, 0(a0)
    beqz    t1, 2f
    addi    a0, a0, 1
    addi    a1, a1, 1
    j       1b
2:  csrc    sstatus, t6
    sub     a0, a0, t0
    ret
9:  csrc    sstatus, t6
    li      a0, -1
    ret
END(arch_user_string)

/* bool arch_probe_stimecmp(void): whether this hart lets S-mode at stimecmp. */
FUNCTION(arch_probe_stimecmp)
    USER(csrr a0, 0x14d)
    li      a0, 1
    ret
9:  li      a0, 0
    ret
END(arch_probe_stimecmp)
