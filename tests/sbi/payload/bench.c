/* Mode "bench": instructions per call, and from reset to here. Means something where instret counts
 * exactly: on the emulator, and on QEMU with -icount shift=0. */
#include "riscv/bits.h"
#include "test.h"

/* One ecall between two readings; the second reading is not counted. */
static unsigned long cost(unsigned long eid, unsigned long fid, unsigned long a, unsigned long b)
{
    register unsigned long a0 asm("a0") = a;
    register unsigned long a1 asm("a1") = b;
    register unsigned long a2 asm("a2") = 0;
    register unsigned long a3 asm("a3") = 0;
    register unsigned long a6 asm("a6") = fid;
    register unsigned long a7 asm("a7") = eid;
    unsigned long before, after;
    asm volatile("csrr %0, instret\necall\ncsrr %1, instret"
                 : "=&r"(before), "=&r"(after), "+r"(a0), "+r"(a1)
                 : "r"(a2), "r"(a3), "r"(a6), "r"(a7)
                 : "memory");
    return after - before - 1;
}

static unsigned long cost_misaligned(void)
{
    static unsigned long words[2];
    unsigned long before, after, value;
    asm volatile("csrr %0, instret\n"
#if __riscv_xlen == 64
                 "ld %2, 0(%3)\n"
#else
                 "lw %2, 0(%3)\n"
#endif
                 "csrr %1, instret"
                 : "=&r"(before), "=&r"(after), "=&r"(value)
                 : "r"((char *)words + 1)
                 : "memory");
    return after - before - 1;
}

void mode_bench(unsigned long at_entry)
{
    unsigned long self = 1ul << machine.self;
    csr_write(sie, 0);
    print("bench reset-to-s %lu\n", at_entry);
    for (unsigned round = 0; round < 2; round++) { /* the first warms up whatever there is */
        unsigned long n[] = {
            cost(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 0, 0),
            cost(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1, -1),
            cost(SBI_EXT_IPI, SBI_IPI_SEND_IPI, self, 0),
            cost(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_FENCE_I, self, 0),
            cost(SBI_EXT_DBCN, SBI_DBCN_CONSOLE_WRITE_BYTE, ' ', 0),
            cost(SBI_EXT_HSM, SBI_HSM_HART_GET_STATUS, machine.self, 0),
            cost_misaligned(),
        };
        static const char *const names[] = {
            "get_spec_version", "set_timer",       "send_ipi-self",  "remote_fence_i-self",
            "dbcn-write_byte",  "hart_get_status", "misaligned-load"};
        csr_clear(sip, MIP_SSIP);
        if (round)
            for (unsigned i = 0; i < sizeof(n) / sizeof(n[0]); i++)
                print("\nbench %s %lu", names[i], n[i]);
    }
    print("\n");
}
