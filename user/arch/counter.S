/* unsigned long tarn_instret(void): instructions this hart has retired, in every mode; the low word. */
    .section .text.tarn_instret, "ax"
    .globl tarn_instret
    .type tarn_instret, @function
tarn_instret:
    rdinstret a0
    ret
    .size tarn_instret, . - tarn_instret
