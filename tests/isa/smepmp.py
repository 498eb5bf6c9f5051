"""Smepmp's truth table: with mseccfg.MML, what each of the 16 combinations of pmpcfg's L, R, W and X permits to
M, S and U (table 1 of the Smepmp specification, copied here line by line).

generate(xlen) returns {name: assembly source}.
"""
R, W, X, L = 1, 2, 4, 0x80
USER, SUPERVISOR, MACHINE = 0, 1, 3
LOAD, STORE, FETCH, AMO, LR = range(5)
ACCESS_FAULT = {LOAD: 5, LR: 5, STORE: 7, AMO: 7, FETCH: 1}

# (L, R, W, X): (what M may, what S and U may)
TABLE = {
    (0, 0, 0, 0): ("", ""),
    (0, 0, 0, 1): ("", "x"),
    (0, 0, 1, 0): ("rw", "r"),
    (0, 0, 1, 1): ("rw", "rw"),
    (0, 1, 0, 0): ("", "r"),
    (0, 1, 0, 1): ("", "rx"),
    (0, 1, 1, 0): ("", "rw"),
    (0, 1, 1, 1): ("", "rwx"),
    (1, 0, 0, 0): ("", ""),
    (1, 0, 0, 1): ("x", ""),
    (1, 0, 1, 0): ("x", "x"),
    (1, 0, 1, 1): ("rx", "x"),
    (1, 1, 0, 0): ("r", ""),
    (1, 1, 0, 1): ("rx", ""),
    (1, 1, 1, 0): ("rw", ""),
    (1, 1, 1, 1): ("r", "r"),
}
NEEDS = {LOAD: "r", LR: "r", STORE: "w", AMO: "w", FETCH: "x"}


def rows():
    for (locked, r, w, x), (machine, others) in TABLE.items():
        for mode in (MACHINE, SUPERVISOR, USER):
            may = machine if mode == MACHINE else others
            for access in (LOAD, STORE, FETCH, AMO, LR):
                yield mode, access, L * locked | R * r | W * w | X * x, 0 if NEEDS[access] in may else ACCESS_FAULT[access]


BODY = """
#include "isa.h"
#include "smepmp.h"

TEST_BEGIN
    CASE
    SMEPMP_RULES
    li t0, 0x00000073               /* ecall, for fetches that succeed */
    la a0, zone
    sw t0, (a0)
    fence.i
    li t0, RLB | MML
    csrw mseccfg, t0
    CHECK_CSR(mseccfg, 7, RLB | MML)
    la s3, table
next:
    lw s4, 0(s3)                    /* mode */
    li t0, -1
    beq s4, t0, done
    lw s5, 4(s3)                    /* access */
    lw s6, 8(s3)                    /* the rule */
    lw s8, 12(s3)                   /* outcome */
    lw s11, 16(s3)                  /* row, for the report */
    li t0, 0xff
    csrc pmpcfg0, t0
    ori t0, s6, NAPOT
    csrs pmpcfg0, t0
    sfence.vma
    csrr t5, pmpcfg0
    andi t5, t5, 0xff
    ori t6, s6, NAPOT
    jal gp, check
    la a0, zone
    la t0, ecall_word
    lw a3, (t0)
    la s1, accesses
    slli t0, s5, 3
    add s1, s1, t0
    la t0, trapped
    SX t0, RESUME(tp)
    li t0, MPP
    csrc mstatus, t0
    slli t0, s4, MPP_SHIFT
    csrs mstatus, t0
    li t0, 2                        /* fetches in the mode, data by MPRV */
    beq s5, t0, 1f
    li t0, MPRV
    csrs mstatus, t0
    jr s1
1:  csrw mepc, a0
    mret

trapped:
    LX t5, CAUSE(tp)
    mv t6, s8
    bnez s8, 3f
    li t6, ECALL_M
    li t0, 2
    bne s5, t0, 3f
    addi t6, s4, 8
3:  jal gp, check
    beqz s8, 5f
    LX t5, TVAL(tp)
    mv t6, a0
    jal gp, check
5:  addi s3, s3, 20
    j next
done:
    TEST_END

    .option norvc
    .balign 8
accesses:
    lw a2, (a0)
    ecall
    sw a3, (a0)
    ecall
    ecall
    ecall
    amoadd.w a2, zero, (a0)
    ecall
    lr.w a2, (a0)
    ecall

    .balign 4
table:
"""


def generate(_xlen):
    lines = [f"    .word {mode}, {access}, {rule:#x}, {want}, {number << 8 | 1:#x}" for number, (mode, access, rule, want) in enumerate(rows())]
    source = "/* Smepmp's table; made by smepmp.py, whose row numbers the report gives as lines */" + BODY
    source += "\n".join(lines + ["    .word -1", "ecall_word:", "    .word 0x00000073", "    .bss", "    .balign 4096", "zone:", "    .space 4096", ""])
    return {"smepmp_table": source}
