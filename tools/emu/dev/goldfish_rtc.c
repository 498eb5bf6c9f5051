/* Goldfish RTC (include/hw/goldfish_rtc.h): the wall clock, with an alarm. */
#include "hw/goldfish_rtc.h"
#include "tools/emu/machine.h"

struct rtc {
    uint64_t offset;    /* what the guest added to the clock by setting it, ns, modulo 2^64 */
    uint64_t alarm;     /* wall-clock ns */
    uint32_t time_high; /* latched by a read of TIME_LOW */
    uint8_t alarm_armed;
    uint8_t irq_pending;
    uint8_t irq_enabled;
    struct timer timer;
};

static const struct state_field rtc_fields[] = {
    STATE_FIELD(struct rtc, offset, 1),      STATE_FIELD(struct rtc, alarm, 1),
    STATE_FIELD(struct rtc, time_high, 1),   STATE_FIELD(struct rtc, alarm_armed, 1),
    STATE_FIELD(struct rtc, irq_pending, 1), STATE_FIELD(struct rtc, irq_enabled, 1),
};

static uint64_t rtc_now(struct device *dev)
{
    const struct rtc *rtc = dev->state;

    return machine_wall_ns(dev->machine) + rtc->offset;
}

static void rtc_update_irq(struct device *dev)
{
    const struct rtc *rtc = dev->state;

    device_set_irq(dev, rtc->irq_pending && rtc->irq_enabled);
}

static void rtc_disarm(struct device *dev)
{
    struct rtc *rtc = dev->state;

    rtc->alarm_armed = 0;
    machine_cancel_timer(dev->machine, &rtc->timer);
}

static void rtc_alarm(void *arg)
{
    struct device *dev = arg;
    struct rtc *rtc = dev->state;

    rtc->alarm_armed = 0;
    rtc->irq_pending = 1;
    rtc_update_irq(dev);
}

/* Arm the alarm, or sound it at once if its time is past. */
static void rtc_arm(struct device *dev)
{
    struct rtc *rtc = dev->state;
    uint64_t now = rtc_now(dev), machine_time = machine_now(dev->machine);
    uint64_t ahead = rtc->alarm - now;

    rtc_disarm(dev);
    if (rtc->alarm <= now) {
        rtc_alarm(dev);
        return;
    }
    rtc->alarm_armed = 1;
    machine_set_timer(dev->machine, &rtc->timer,
                      ahead < VCLOCK_NEVER - machine_time ? machine_time + ahead : VCLOCK_NEVER);
}

/* Set the clock; an armed alarm moves with the clock's jump. */
static void rtc_set(struct device *dev, uint64_t time)
{
    struct rtc *rtc = dev->state;

    rtc->offset += time - rtc_now(dev);
    if (rtc->alarm_armed)
        rtc_arm(dev);
}

static void rtc_init(struct device *dev)
{
    struct rtc *rtc = dev->state;

    rtc->timer.fire = rtc_alarm;
    rtc->timer.arg = dev;
}

static void rtc_reset(struct device *dev)
{
    rtc_disarm(dev);
}

static bool rtc_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    struct rtc *rtc = dev->state;
    uint64_t now;

    switch (offset) {
    case GOLDFISH_RTC_TIME_LOW:
        now = rtc_now(dev);
        rtc->time_high = (uint32_t)(now >> 32);
        *value = (uint32_t)now;
        break;
    case GOLDFISH_RTC_TIME_HIGH: *value = rtc->time_high; break;
    case GOLDFISH_RTC_ALARM_LOW: *value = (uint32_t)rtc->alarm; break;
    case GOLDFISH_RTC_ALARM_HIGH: *value = rtc->alarm >> 32; break;
    case GOLDFISH_RTC_IRQ_ENABLED: *value = rtc->irq_enabled; break;
    case GOLDFISH_RTC_ALARM_STATUS: *value = rtc->alarm_armed; break;
    default: *value = 0; break;
    }
    return true;
}

static uint64_t with_low(uint64_t old, uint64_t low)
{
    return (old & ~UINT64_C(0xffffffff)) | (uint32_t)low;
}

static uint64_t with_high(uint64_t old, uint64_t high)
{
    return (uint32_t)old | high << 32;
}

static bool rtc_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct rtc *rtc = dev->state;

    switch (offset) {
    case GOLDFISH_RTC_TIME_LOW: rtc_set(dev, with_low(rtc_now(dev), value)); break;
    case GOLDFISH_RTC_TIME_HIGH: rtc_set(dev, with_high(rtc_now(dev), value)); break;
    case GOLDFISH_RTC_ALARM_LOW:
        rtc->alarm = with_low(rtc->alarm, value);
        rtc_arm(dev);
        break;
    case GOLDFISH_RTC_ALARM_HIGH: rtc->alarm = with_high(rtc->alarm, value); break;
    case GOLDFISH_RTC_IRQ_ENABLED:
        rtc->irq_enabled = value & 1;
        rtc_update_irq(dev);
        break;
    case GOLDFISH_RTC_CLEAR_ALARM: rtc_disarm(dev); break;
    case GOLDFISH_RTC_CLEAR_INTERRUPT:
        rtc->irq_pending = 0;
        rtc_update_irq(dev);
        break;
    }
    return true;
}

const struct device_ops goldfish_rtc_device = {
    .name = "goldfish_rtc",
    .node = "rtc",
    .compatible = {"google,goldfish-rtc"},
    .sizes = 4,
    .state_size = sizeof(struct rtc),
    .fields = rtc_fields,
    .field_count = sizeof rtc_fields / sizeof rtc_fields[0],
    .init = rtc_init,
    .reset = rtc_reset,
    .read = rtc_read,
    .write = rtc_write,
};
