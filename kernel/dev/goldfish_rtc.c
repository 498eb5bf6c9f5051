/* Goldfish RTC: nanoseconds since 1970 in two registers. */
#include "hw/goldfish_rtc.h"
#include "abi/errno.h"
#include "kernel/arch/arch.h"
#include "kernel/dev/internal.h"

static uint8_t *base;

static int64_t rtc_read_ns(void)
{
    uint64_t low = mmio_read32(base + GOLDFISH_RTC_TIME_LOW); /* latches the high half */
    uint64_t high = mmio_read32(base + GOLDFISH_RTC_TIME_HIGH);
    return (int64_t)(high << 32 | low);
}

static int rtc_probe(struct fdt *fdt, int node)
{
    base = dev_map_reg(fdt, node, 0);
    if (!base)
        return -ENOMEM;
    clock_set_source(rtc_read_ns);
    return 0;
}

static const char *const rtc_compatible[] = {"google,goldfish-rtc", NULL};
const struct driver goldfish_rtc_driver = {"goldfish-rtc", rtc_compatible, rtc_probe};
