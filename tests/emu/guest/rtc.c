/* Goldfish RTC: registers, latching, the alarm and its interrupt. */
#include "tests/emu/guest/guest.h"

static uint32_t rd(unsigned reg)
{
    return read32(RTC_BASE + reg);
}

static void wr(unsigned reg, uint32_t value)
{
    write32(RTC_BASE + reg, value);
}

static uint64_t now(void)
{
    uint32_t low = rd(GOLDFISH_RTC_TIME_LOW);

    return (uint64_t)rd(GOLDFISH_RTC_TIME_HIGH) << 32 | low;
}

static void set_alarm(uint64_t when)
{
    wr(GOLDFISH_RTC_ALARM_HIGH, (uint32_t)(when >> 32));
    wr(GOLDFISH_RTC_ALARM_LOW, (uint32_t)when);
}

/* Whether the PLIC has the RTC's interrupt pending. */
static unsigned long pending(void)
{
    return read32(PLIC_BASE + plic_pending_reg(RTC_IRQ)) >> RTC_IRQ & 1;
}

static void test_reset_values(void)
{
    note("alarm low", rd(GOLDFISH_RTC_ALARM_LOW));
    note("alarm high", rd(GOLDFISH_RTC_ALARM_HIGH));
    note("irq enabled", rd(GOLDFISH_RTC_IRQ_ENABLED));
    note("alarm status", rd(GOLDFISH_RTC_ALARM_STATUS));
    note("clear alarm reads", rd(GOLDFISH_RTC_CLEAR_ALARM));
    note("clear interrupt reads", rd(GOLDFISH_RTC_CLEAR_INTERRUPT));
    note("beyond", rd(0x20));
}

static void test_clock(void)
{
    uint64_t a, b;

    a = now();
    note("after 2000", a > UINT64_C(946684799) * 1000000000);
    delay(20 * TICKS_PER_MS);
    b = now();
    note("20 ms go by", b - a >= 20 * 1000000 && b - a < UINT64_C(10000000000));
    wr(GOLDFISH_RTC_TIME_HIGH, 5);
    wr(GOLDFISH_RTC_TIME_LOW, 0x10000000);
    a = now();
    note("set high", (unsigned long)(a >> 32));
    note("set low", (uint32_t)a >= 0x10000000 && (uint32_t)a < 0x80000000);
    rd(GOLDFISH_RTC_TIME_LOW);
    wr(GOLDFISH_RTC_TIME_HIGH, 7);
    note("high stays latched", rd(GOLDFISH_RTC_TIME_HIGH));
    rd(GOLDFISH_RTC_TIME_LOW);
    note("high latched anew", rd(GOLDFISH_RTC_TIME_HIGH));
}

static void test_alarm(void)
{
    uint64_t t = now();

    wr(GOLDFISH_RTC_IRQ_ENABLED, 1);
    note("enabled", rd(GOLDFISH_RTC_IRQ_ENABLED));
    set_alarm(t + UINT64_C(1000000000) * 1000);
    note("armed", rd(GOLDFISH_RTC_ALARM_STATUS));
    note("alarm reads back",
         rd(GOLDFISH_RTC_ALARM_LOW) == (uint32_t)(t + UINT64_C(1000000000) * 1000));
    note("not yet", pending());
    wr(GOLDFISH_RTC_CLEAR_ALARM, 0);
    note("disarmed", rd(GOLDFISH_RTC_ALARM_STATUS));
    set_alarm(now() + 30 * 1000000);
    note("armed again", rd(GOLDFISH_RTC_ALARM_STATUS));
    for (int i = 0; i < 5000 && rd(GOLDFISH_RTC_ALARM_STATUS); i++)
        delay(TICKS_PER_MS);
    note("went off", rd(GOLDFISH_RTC_ALARM_STATUS));
    note("pending", pending());
    write32(PLIC_BASE + plic_enable_reg(0, RTC_IRQ), 1u << RTC_IRQ);
    write32(PLIC_BASE + plic_priority_reg(RTC_IRQ), 1);
    note("MEIP", read_mip() >> 11 & 1);
    note("claim", read32(PLIC_BASE + plic_claim_reg(0)));
    wr(GOLDFISH_RTC_CLEAR_INTERRUPT, 0);
    write32(PLIC_BASE + plic_claim_reg(0), RTC_IRQ);
    note("quiet", pending());
    set_alarm(now() - 1000);
    note("past alarm: status", rd(GOLDFISH_RTC_ALARM_STATUS));
    note("past alarm: pending", pending());
    note("claim again", read32(PLIC_BASE + plic_claim_reg(0)));
    wr(GOLDFISH_RTC_CLEAR_INTERRUPT, 0);
    write32(PLIC_BASE + plic_claim_reg(0), RTC_IRQ);
    wr(GOLDFISH_RTC_IRQ_ENABLED, 0);
    set_alarm(0);
    note("disabled: pending", pending());
    wr(GOLDFISH_RTC_IRQ_ENABLED, 0xff);
    note("enable masks", rd(GOLDFISH_RTC_IRQ_ENABLED));
    note("enabled late: pending", pending());
}

static void test_sizes(void)
{
    read8(RTC_BASE);
    note_fault("8-bit read");
    read16(RTC_BASE);
    note_fault("16-bit read");
    write8(RTC_BASE + GOLDFISH_RTC_IRQ_ENABLED, 0);
    note_fault("8-bit write");
}

int main(void)
{
    test_reset_values();
    test_clock();
    test_alarm();
    test_sizes();
    report();
    return 0;
}
