/*
 * PLIC: registers of all contexts, routing to MEIP and SEIP, priorities, claim and complete. The
 * sources are the UART's THRE interrupt (level, dropped at its IER) and the RTC's alarm.
 */
#include "tests/emu/guest/guest.h"

enum { SEIP = 9, MEIP = 11 };

static uint32_t rd(unsigned reg)
{
    return read32(PLIC_BASE + reg);
}

static void wr(unsigned reg, uint32_t value)
{
    write32(PLIC_BASE + reg, value);
}

/* QEMU 7.2 looks at new enable bits only at the next other change: a write of the threshold. */
static void enable(unsigned context, uint32_t bits)
{
    wr(plic_enable_reg(context, 0), bits);
    wr(plic_threshold_reg(context), 0);
}

static void uart_raise(void)
{
    write8(UART_BASE + NS16550_IER, NS16550_IER_THRI);
}

static void uart_drop(void)
{
    write8(UART_BASE + NS16550_IER, 0);
}

static void rtc_raise(void)
{
    write32(RTC_BASE + GOLDFISH_RTC_IRQ_ENABLED, 1);
    write32(RTC_BASE + GOLDFISH_RTC_ALARM_HIGH, 0);
    write32(RTC_BASE + GOLDFISH_RTC_ALARM_LOW, 0);
}

static void rtc_drop(void)
{
    write32(RTC_BASE + GOLDFISH_RTC_CLEAR_INTERRUPT, 0);
}

static void test_registers(void)
{
    wr(plic_priority_reg(1), 0xff);
    note("priority mask", rd(plic_priority_reg(1)));
    wr(plic_priority_reg(95), 5);
    note("priority of 95", rd(plic_priority_reg(95)));
    wr(plic_priority_reg(95), 0);
    wr(plic_priority_reg(1), 0);
    wr(plic_threshold_reg(0), 0xff);
    note("threshold mask", rd(plic_threshold_reg(0)));
    wr(plic_threshold_reg(0), 0);
    for (unsigned context = 0; context < 4; context++) {
        wr(plic_enable_reg(context, 0), 0xfffffffe);
        wr(plic_enable_reg(context, 64), 0x1000 + context);
        note("enable", rd(plic_enable_reg(context, 0)));
        note("enable, word 2", rd(plic_enable_reg(context, 64)));
        note("enable, word 3", rd(plic_enable_reg(context, 96)));
        wr(plic_enable_reg(context, 0), 0);
        wr(plic_enable_reg(context, 64), 0);
        note("enable again", rd(plic_enable_reg(context, 0)));
    }
    wr(plic_pending_reg(0), 0xffffffff);
    note("pending is read only", rd(plic_pending_reg(0)));
    note("no such context", rd(plic_threshold_reg(100)));
    note("claim of nothing", rd(plic_claim_reg(0)));
    note("faults", (unsigned long)last_cause);
}

static void test_routing(void)
{
    wr(plic_priority_reg(UART_IRQ), 1);
    uart_raise();
    note("pending", rd(plic_pending_reg(UART_IRQ)) >> UART_IRQ & 1);
    note("not enabled", read_mip() & (1ul << MEIP | 1ul << SEIP));
    enable(1, 1u << UART_IRQ);
    note("SEIP", read_mip() & (1ul << MEIP | 1ul << SEIP));
    enable(0, 1u << UART_IRQ);
    note("both", read_mip() & (1ul << MEIP | 1ul << SEIP));
    wr(plic_threshold_reg(1), 1);
    note("threshold hides SEIP", read_mip() & (1ul << MEIP | 1ul << SEIP));
    wr(plic_threshold_reg(1), 0);
    wr(plic_priority_reg(UART_IRQ), 0);
    note("priority 0 never", read_mip() & (1ul << MEIP | 1ul << SEIP));
    wr(plic_priority_reg(UART_IRQ), 3);
    note("claim", rd(plic_claim_reg(0)));
    note("claimed: not pending", rd(plic_pending_reg(UART_IRQ)) >> UART_IRQ & 1);
    note("claimed: quiet", read_mip() & (1ul << MEIP | 1ul << SEIP));
    note("claim in the other", rd(plic_claim_reg(1)));
    uart_drop();
    wr(plic_claim_reg(0), UART_IRQ);
    note("completed", read_mip() & (1ul << MEIP | 1ul << SEIP));
    enable(1, 0);
}

static void test_priorities(void)
{
    uint32_t both = 1u << UART_IRQ | 1u << RTC_IRQ;

    enable(0, both);
    wr(plic_priority_reg(UART_IRQ), 2);
    wr(plic_priority_reg(RTC_IRQ), 2);
    uart_raise();
    rtc_raise();
    note("both pending", rd(plic_pending_reg(0)) & both);
    note("tie: lower number", rd(plic_claim_reg(0)));
    note("then the other", rd(plic_claim_reg(0)));
    note("then none", rd(plic_claim_reg(0)));
    uart_drop();
    rtc_drop();
    wr(plic_claim_reg(0), UART_IRQ);
    wr(plic_claim_reg(0), RTC_IRQ);
    wr(plic_priority_reg(RTC_IRQ), 7);
    uart_raise();
    rtc_raise();
    note("higher priority first", rd(plic_claim_reg(0)));
    note("lower after it", rd(plic_claim_reg(0)));
    uart_drop();
    rtc_drop();
    wr(plic_claim_reg(0), 77);
    note("completing another", rd(plic_pending_reg(0)) & both);
    wr(plic_claim_reg(0), RTC_IRQ);
    wr(plic_claim_reg(0), UART_IRQ);
    note("quiet", read_mip() & (1ul << MEIP | 1ul << SEIP));
}

static void test_sizes(void)
{
    read8(PLIC_BASE + PLIC_PRIORITY);
    note_fault("8-bit read");
    read16(PLIC_BASE + PLIC_ENABLE);
    note_fault("16-bit read");
    write8(PLIC_BASE + PLIC_ENABLE, 1);
    note_fault("8-bit write");
#if __riscv_xlen == 64
    read64(PLIC_BASE + PLIC_ENABLE);
    note_fault("64-bit read");
#endif
    read32(PLIC_BASE + 0x600000);
    note_fault("beyond");
}

int main(void)
{
    test_registers();
    test_routing();
    test_priorities();
    test_sizes();
    report();
    return 0;
}
