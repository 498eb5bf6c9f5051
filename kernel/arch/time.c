/* The time CSR, and this hart's next timer interrupt by stimecmp (Sstc) or by the firmware. */
#include "kernel/arch/arch.h"
#include "kernel/arch/csr.h"
#include "kernel/arch/internal.h"
#include "kernel/arch/sbi.h"
#include "kernel/klog.h"
#include "lib/fdt.h"

#define NS_PER_S 1000000000u

static uint32_t frequency = 10000000; /* ticks a second */
static uint32_t ns_per_tick = 100;    /* 0: not a whole number */
static uint64_t boot_ticks;
static bool use_stimecmp;

static uint64_t ticks_now(void)
{
#if __riscv_xlen == 64
    return csr_read(time);
#else
    unsigned long high, low;
    do {
        high = csr_read(timeh);
        low = csr_read(time);
    } while (high != csr_read(timeh));
    return (uint64_t)high << 32 | low;
#endif
}

void arch_time_start(void)
{
    boot_ticks = ticks_now();
}

void arch_time_init(void)
{
    struct fdt fdt = *arch_fdt();
    uint32_t value;
    if (fdt_prop_u32(&fdt, fdt_node_by_path(&fdt, "/cpus"), "timebase-frequency", &value) == 0 &&
        value >= 1000 && value <= NS_PER_S) {
        frequency = value;
        ns_per_tick = NS_PER_S % value ? 0 : NS_PER_S / value;
    } else {
        klog(LOG_WARNING, "time: no timebase-frequency, assuming %lu Hz", (unsigned long)frequency);
    }
    use_stimecmp = arch_isa_has("sstc") && arch_probe_stimecmp();
}

uint64_t time_ns(void)
{
    uint64_t ticks = ticks_now() - boot_ticks;
    if (ns_per_tick)
        return ticks * ns_per_tick;
    return ticks / frequency * NS_PER_S + ticks % frequency * NS_PER_S / frequency;
}

/* Rounded up, so that the interrupt never comes before the deadline. */
static uint64_t ticks_of_ns(uint64_t ns)
{
    if (ns >= UINT64_MAX / 2)
        return UINT64_MAX;
    if (ns_per_tick == 100) /* the usual clock: keep the division's divisor constant */
        return (ns + 99) / 100 + boot_ticks;
    uint64_t rest = ns % NS_PER_S * frequency;
    return ns / NS_PER_S * frequency + (rest + NS_PER_S - 1) / NS_PER_S + boot_ticks;
}

void arch_timer_set(uint64_t deadline_ns)
{
    uint64_t ticks = ticks_of_ns(deadline_ns);
    if (!use_stimecmp) {
        sbi_set_timer(ticks);
        return;
    }
#if __riscv_xlen == 64
    csr_write(CSR_STIMECMP, ticks);
#else
    csr_write(CSR_STIMECMP, UINT32_MAX); /* no early interrupt between the halves */
    csr_write(CSR_STIMECMPH, ticks >> 32);
    csr_write(CSR_STIMECMP, ticks);
#endif
}

const char *arch_timer_name(void)
{
    return use_stimecmp ? "stimecmp" : "sbi timer";
}

unsigned long arch_instret(void)
{
    return csr_read(instret);
}
