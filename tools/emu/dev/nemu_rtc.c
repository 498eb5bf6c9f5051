/* NEMU's clock (include/hw/nemu.h), and the machine timer interrupt that comes with it. */
#include "hw/nemu.h"
#include "riscv/bits.h"
#include "tools/emu/machine.h"

enum { MTIP = 7 /* bit of mip */ };

struct rtc {
    uint64_t start; /* machine time of the last reset */
    uint64_t ticks; /* of the timer, since then */
    uint32_t latch[2];
    struct timer timer;
};

static const struct state_field rtc_fields[] = {
    STATE_FIELD(struct rtc, start, 1),
    STATE_FIELD(struct rtc, ticks, 1),
    STATE_ARRAY(struct rtc, latch, 1),
};

static void rtc_arm(struct device *dev)
{
    struct rtc *rtc = dev->state;

    machine_set_timer(dev->machine, &rtc->timer,
                      rtc->start + (rtc->ticks + 1) * 1000000000 / NEMU_TIMER_HZ);
}

/* The hart withdraws the interrupt when it takes it (HART_MTI_PULSE). */
static void rtc_tick(void *arg)
{
    struct device *dev = arg;
    struct rtc *rtc = dev->state;

    uint64_t due = (machine_now(dev->machine) - rtc->start) * NEMU_TIMER_HZ / 1000000000;

    rtc->ticks = due > rtc->ticks ? due : rtc->ticks + 1; /* those that were missed are lost */
    machine_set_hart_irq(dev->machine, 0, MTIP, true);
    rtc_arm(dev);
}

static void rtc_init(struct device *dev)
{
    struct rtc *rtc = dev->state;

    rtc->timer.fire = rtc_tick;
    rtc->timer.arg = dev;
}

static void rtc_reset(struct device *dev)
{
    struct rtc *rtc = dev->state;

    rtc->start = machine_now(dev->machine);
    rtc_arm(dev);
}

static bool rtc_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    struct rtc *rtc = dev->state;

    if (offset + size > NEMU_RTC_HIGH) {
        uint64_t us = (machine_now(dev->machine) - rtc->start) / 1000;
        rtc->latch[0] = (uint32_t)us;
        rtc->latch[1] = (uint32_t)(us >> 32);
    }
    *value = ((uint64_t)rtc->latch[1] << 32 | rtc->latch[0]) >> (8 * offset);
    return true;
}

static bool rtc_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    return true;
}

const struct device_ops nemu_rtc_device = {
    .name = "nemu_rtc",
    .node = "rtc",
    .compatible = {"nemu,rtc"},
    .sizes = 4 | 8,
    .state_size = sizeof(struct rtc),
    .fields = rtc_fields,
    .field_count = sizeof rtc_fields / sizeof rtc_fields[0],
    .init = rtc_init,
    .reset = rtc_reset,
    .read = rtc_read,
    .write = rtc_write,
};
