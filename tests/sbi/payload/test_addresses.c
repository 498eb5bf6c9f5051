/* Every call that takes an address, with addresses of the firmware. */
#include "riscv/bits.h"
#include "test.h"

/* An address parameter: how to hand over low and high, and the address's alignment. */
struct way {
    const char *name;
    unsigned long eid, align;
    long (*call)(unsigned long low, unsigned long high);
};

static long dbcn_write(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_DBCN, SBI_DBCN_CONSOLE_WRITE, 1, low, high).error;
}

static long dbcn_read(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_DBCN, SBI_DBCN_CONSOLE_READ, 1, low, high).error;
}

static long pmu_snapshot(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_PMU, SBI_PMU_SNAPSHOT_SET_SHMEM, low, high, 0).error;
}

static long pmu_event_info(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_PMU, SBI_PMU_EVENT_GET_INFO, low, high, 1, 0).error;
}

static long sse_read(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_SSE, SBI_SSE_READ_ATTRS, SBI_SSE_LOCAL_SOFTWARE, 0, 1, low, high).error;
}

static long sse_write(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_SSE, SBI_SSE_WRITE_ATTRS, SBI_SSE_LOCAL_SOFTWARE, SBI_SSE_ATTR_PRIORITY, 1,
               low, high)
        .error;
}

static long dbtr_memory(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_DBTR, SBI_DBTR_SETUP_SHMEM, low, high, 0).error;
}

static long sta_memory(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_STA, SBI_STA_STEAL_TIME_SET_SHMEM, low, high, 0).error;
}

static long nacl_memory(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_NACL, SBI_NACL_SET_SHMEM, low, high, 0).error;
}

static long mpxy_memory(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_MPXY, SBI_MPXY_SET_SHMEM, low, high, 0).error;
}

/* These take one register; the other half can only be ignored. */
static long hart_start(unsigned long low, unsigned long high)
{
    unsigned other = machine.self_index == 0;
    unsigned long id = machine.harts[other % machine.hart_count];
    return sbi(SBI_EXT_HSM, SBI_HSM_HART_START, id, low, 0).error;
}

static long hart_suspend(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, SBI_SUSPEND_NON_RETENTIVE, low, 0).error;
}

static long system_suspend(unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_SUSP, SBI_SUSP_SYSTEM_SUSPEND, SBI_SUSP_SUSPEND_TO_RAM, low, 0).error;
}

static const struct way ways[] = {
    {"DBCN console_write", SBI_EXT_DBCN, 1, dbcn_write},
    {"DBCN console_read", SBI_EXT_DBCN, 1, dbcn_read},
    {"PMU snapshot_set_shmem", SBI_EXT_PMU, 4096, pmu_snapshot},
    {"PMU event_get_info", SBI_EXT_PMU, 16, pmu_event_info},
    {"SSE read_attrs", SBI_EXT_SSE, sizeof(long), sse_read},
    {"SSE write_attrs", SBI_EXT_SSE, sizeof(long), sse_write},
    {"DBTR setup_shmem", SBI_EXT_DBTR, sizeof(long), dbtr_memory},
    {"STA steal_time_set_shmem", SBI_EXT_STA, 64, sta_memory},
    {"NACL set_shmem", SBI_EXT_NACL, 4096, nacl_memory},
    {"MPXY set_shmem", SBI_EXT_MPXY, 4096, mpxy_memory},
    {"HSM hart_start", SBI_EXT_HSM, 2, hart_start},
    {"HSM hart_suspend", SBI_EXT_HSM, 2, hart_suspend},
    {"SUSP system_suspend", SBI_EXT_SUSP, 2, system_suspend},
};

/* The error says no, and S-mode still cannot see what is there. */
static bool is_refused(const struct way *way, unsigned long low, unsigned long high)
{
    long error = way->call(low, high);
    bool there = machine.is_tarn && has_extension(way->eid);
    bool expected = error == SBI_ERR_INVALID_ADDRESS || error == SBI_ERR_INVALID_PARAM ||
                    (error == SBI_ERR_ALREADY_AVAILABLE && machine.hart_count == 1) ||
                    (error == SBI_ERR_NOT_SUPPORTED && !there) ||
                    (error == SBI_ERR_FAILED && !machine.is_tarn); /* limits of their own */
    if (!expected)
        print("# %s at %#lx, %#lx: error %ld\n", way->name, high, low, error);
    return expected && try_load(low, 1).cause == 5;
}

/* First and last of every page of the firmware, for every call; and with a high half. */
void test_addresses(void)
{
    unsigned long first = machine.firmware, end = first + machine.firmware_size;
    for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        unsigned bad = 0;
        if (!machine.is_tarn && !has_extension(ways[i].eid))
            continue;
        for (unsigned long page = first; page < end; page += 4096)
            bad += !is_refused(&ways[i], page, 0) ||
                   !is_refused(&ways[i], page + 4096 - ways[i].align, 0);
        bad += !is_refused(&ways[i], first, 1) + !is_refused(&ways[i], first, -1ul);
        CLAUSE(SBI, SHMEM, FIRMWARE_UNTOUCHED);
        check(bad == 0, "%s: no address of the firmware (%u wrong)", ways[i].name, bad);
    }
}
