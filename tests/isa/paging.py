"""The test program for page permissions: every combination of mode, access, SUM, MXR and entry bits, with what the
privileged specification (4.3.2, the virtual address translation process) makes of it.

generate(xlen) returns {name: assembly source}.
"""
V, R, W, X, U, A, D = 0x01, 0x02, 0x04, 0x08, 0x10, 0x40, 0x80
SUM, MXR = 1 << 18, 1 << 19
USER, SUPERVISOR, BY_MPRV = 0, 1, 4
LOAD, STORE, FETCH, AMO, LR = range(5)
PAGE_FAULT = {LOAD: 13, LR: 13, STORE: 15, AMO: 15, FETCH: 12}
EITHER = 0x100  # success with the bit set, or this page fault


def outcome(mode, access, status, pte):
    """0, a cause, or EITHER | cause."""
    fault = PAGE_FAULT[access]
    if not pte & V or (pte & W and not pte & R) or not pte & (R | X):
        return fault
    allowed = {
        FETCH: pte & X,
        LOAD: pte & R or (status & MXR and pte & X),
        LR: pte & R or (status & MXR and pte & X),
        STORE: pte & W,
        AMO: pte & W,
    }[access]
    if mode & 3 == USER:
        allowed = allowed and pte & U
    elif pte & U:
        allowed = allowed and access != FETCH and status & SUM
    if not allowed:
        return fault
    writes = access in (STORE, AMO)
    return EITHER | fault if not pte & A or (writes and not pte & D) else 0


def rows():
    for mode in (SUPERVISOR, USER, SUPERVISOR | BY_MPRV, USER | BY_MPRV):
        for access in (LOAD, STORE, FETCH, AMO, LR):
            if mode & BY_MPRV and access == FETCH:
                continue  # MPRV does not concern fetches
            for status in (0, SUM, MXR, SUM | MXR):
                for low in range(32):
                    yield mode, access, status, low | A | D, outcome(mode, access, status, low | A | D)
        for bits in (0, A, D):
            for access in (LOAD, STORE, FETCH, AMO, LR):
                pte = V | R | W | X | bits | (U if mode & 3 == USER else 0)
                if not (mode & BY_MPRV and access == FETCH):
                    yield mode, access, 0, pte, outcome(mode, access, 0, pte)


BODY = """
#include "vm.h"

TEST_BEGIN
    VM_ON
    CASE
    la s3, table
next:
    lw s4, 0(s3)                    /* mode */
    li t0, -1
    beq s4, t0, done
    lw s5, 4(s3)                    /* access */
    lw s6, 8(s3)                    /* mstatus */
    lw s7, 12(s3)                   /* entry bits */
    lw s8, 16(s3)                   /* outcome */
    lw s11, 20(s3)                  /* row, for the report */
    la s0, leaf
    la t0, page
    li t1, 0x00000073               /* ecall, for fetches that succeed */
    sw t1, (t0)
    srli t0, t0, 2
    or s7, s7, t0
    SX s7, (s0)
    sfence.vma
    fence.i
    li t0, SUM | MXR | MPP
    csrc mstatus, t0
    li a0, WINDOW
    la s1, accesses
    slli t0, s5, 3
    add s1, s1, t0
    la t0, trapped
    SX t0, RESUME(tp)
    andi t0, s4, 3
    slli t0, t0, MPP_SHIFT
    or s6, s6, t0
    andi t0, s4, 4
    beqz t0, 1f
    li t0, MPRV
    or s6, s6, t0
    csrs mstatus, s6
    jr s1
1:  bnez s4, 2f
    li t0, U_OFFSET
    add s1, s1, t0
2:  csrs mstatus, s6
    csrw mepc, s1
    mret

trapped:
    LX s2, CAUSE(tp)
    andi t0, s8, 0x100
    bnez t0, either
    mv t5, s2
    mv t6, s8
    bnez s8, 3f
    jal success
    mv t6, a1
3:  jal gp, check
    beqz s8, 5f
fault:
    LX t5, TVAL(tp)
    mv t6, a0
    jal gp, check
    LX t5, EPC(tp)
    mv t6, s1
    li t0, 2
    bne s5, t0, 4f
    mv t6, a0
4:  jal gp, check
    LX t5, (s0)                     /* the entry is as it was */
    mv t6, s7
    bne t5, t6, fail
5:  addi s3, s3, 24
    j next
done:
    TEST_END

/* A machine may set A and D itself; nothing of this enters the signature. */
either:
    andi t6, s8, 0xff
    mv t5, s2
    beq t5, t6, 6f
    jal success
    mv t5, s2
    mv t6, a1
    bne t5, t6, fail
    LX t5, (s0)
    andi t6, t5, PTE_A
    beqz t6, fail
    li t0, STORE_PAGE
    andi t6, s8, 0xff
    bne t6, t0, 5b
    andi t6, t5, PTE_D
    beqz t6, fail
    j 5b
6:  LX t5, (s0)
    mv t6, s7
    bne t5, t6, fail
    j 5b

/* a1 = the cause by which the routine ends when the access succeeds: the mode's environment call */
success:
    addi a1, s4, 8
    andi t0, s4, 4
    beqz t0, 7f
    li a1, ECALL_M
7:  ret

    .option norvc
    .balign 8
accesses:
    lw a2, (a0)
    ecall
    sw a2, (a0)
    ecall
    jr a0
    ecall
    amoadd.w a2, a3, (a0)
    ecall
    lr.w a2, (a0)
    ecall

    .balign 4
table:
"""


def generate(xlen):
    lines = [f"    .word {mode}, {access}, {status:#x}, {pte:#x}, {want:#x}, {number << 8 | 1:#x}"
             for number, (mode, access, status, pte, want) in enumerate(rows())]
    source = "/* Page permissions; made by paging.py, whose row numbers the report gives as lines */" + BODY
    source += "\n".join(lines + ["    .word -1", "    VM_TABLES", "    .bss", "    .balign 4096", "page:", "    .space 4096", ""])
    return {"vm_permissions": source}
