/*
 * The counters' registers by number. A CSR's number is part of the instruction, so there is one
 * instruction and a return for each; n is 0 (cycle), 2 (instret) or 3 to 31, and for events 3 to 31.
 * Four functions on RV64, and four more on RV32 for the upper halves:
 *
 *   unsigned long hpm_..._read(unsigned n)
 *   void hpm_..._write(unsigned n, unsigned long value)
 */

.macro table name, base, write
    .globl  \name
    .balign 4
\name:
    la      t0, 1f
    slli    a0, a0, 3
    add     t0, t0, a0
    jr      t0
    .option push
    .option norvc
    .balign 4
1:
    .set    number, \base
    .rept   32
    .if     \write
    csrw    number, a1
    .else
    csrr    a0, number
    .endif
    ret
    .set    number, number + 1
    .endr
    .option pop
.endm

    .text
    table   hpm_counter_read, 0xb00, 0
    table   hpm_counter_write, 0xb00, 1
    table   hpm_event_read, 0x320, 0
    table   hpm_event_write, 0x320, 1
#if __riscv_xlen == 32
    table   hpm_counterh_read, 0xb80, 0
    table   hpm_counterh_write, 0xb80, 1
    table   hpm_eventh_read, 0x720, 0
    table   hpm_eventh_write, 0x720, 1
#endif

    /*
     * bool hpm_exists(unsigned n): whether counter n is there and keeps what is written; it is 0
     * afterwards. Only before the first entry to S-mode, because the probe may trap. The functions
     * above change t0, a0 and nothing else.
     */
    .globl  hpm_exists
hpm_exists:
    mv      t3, ra
    mv      t4, a0
    la      t1, 9f
    csrrw   t1, mtvec, t1
    li      a1, 1
    call    hpm_counter_write
    mv      a0, t4
    call    hpm_counter_read
    snez    t5, a0
    mv      a0, t4
    li      a1, 0
    call    hpm_counter_write
    mv      a0, t5
    j       8f
    .balign 4
9:  li      a0, 0
8:  csrw    mtvec, t1
    jr      t3
