/* PMU. */
#include "riscv/bits.h"
#include "test.h"

#define FIRMWARE (1ul << (XLEN - 1)) /* counter_info: not a CSR */

static struct sbi_pmu_snapshot snapshot __attribute__((aligned(4096)));
static struct sbi_pmu_event_info infos[6] __attribute__((aligned(16)));
static unsigned counters;        /* logical ones */
static unsigned hw[3], first_fw; /* of cycle and instret; of the firmware */

static struct sbiret pmu(unsigned long fid, unsigned long a0, unsigned long a1, unsigned long a2,
                         unsigned long a3, unsigned long a4)
{
    return sbi(SBI_EXT_PMU, fid, a0, a1, a2, a3, a4);
}

static struct sbiret match(unsigned long base, unsigned long mask, unsigned long flags,
                           unsigned long event)
{
    return pmu(SBI_PMU_COUNTER_CONFIG_MATCHING, base, mask, flags, event, 0);
}

static long start(unsigned index, unsigned long flags, unsigned long value)
{
    return pmu(SBI_PMU_COUNTER_START, index, 1, flags, value, 0).error;
}

static long stop(unsigned index, unsigned long flags)
{
    return pmu(SBI_PMU_COUNTER_STOP, index, 1, flags, 0, 0).error;
}

static struct sbiret fw_read(unsigned index)
{
    return pmu(SBI_PMU_COUNTER_FW_READ, index, 0, 0, 0, 0);
}

static long set_shmem(unsigned long low, unsigned long high, unsigned long flags)
{
    return pmu(SBI_PMU_SNAPSHOT_SET_SHMEM, low, high, flags, 0, 0).error;
}

static void test_info(void)
{
    struct sbiret r = pmu(SBI_PMU_NUM_COUNTERS, 0, 0, 0, 0, 0);
    counters = r.value;
    CLAUSE(PMU, NUM_COUNTERS, SUCCESS);
    check(r.error == 0 && counters > 2 && counters <= 64, "num_counters: %u", counters);
    unsigned good = 0;
    for (unsigned i = 0; i < counters; i++) {
        r = pmu(SBI_PMU_COUNTER_GET_INFO, i, 0, 0, 0, 0);
        unsigned long csr = r.value & 0xfff, width = r.value >> 12 & 0x3f;
        bool firmware = r.value & FIRMWARE;
        good += r.error == 0 && (firmware || (csr >= 0xc00 && csr < 0xc20 && width > 30));
        if (!firmware && (csr == 0xc00 || csr == 0xc02))
            hw[csr & 3] = i;
        if (firmware && !first_fw)
            first_fw = i;
    }
    CLAUSE(PMU, COUNTER_GET_INFO, SUCCESS);
    check(good == counters, "counter_get_info: a CSR from cycle to hpmcounter31, or firmware's");
    check(hw[0] != hw[2] && first_fw, "  cycle, instret and the firmware's are among them");
    CLAUSE(PMU, COUNTER_GET_INFO, INVALID_PARAM);
    check_equal(pmu(SBI_PMU_COUNTER_GET_INFO, counters, 0, 0, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "counter_get_info: no such counter");
    CLAUSE(PMU, COUNTER_GET_INFO, INVALID_PARAM);
    check_equal(pmu(SBI_PMU_COUNTER_GET_INFO, -1, 0, 0, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "counter_get_info: -1");
    CLAUSE(PMU, ANY, UNKNOWN_FUNCTION);
    check_equal(pmu(9, 0, 0, 0, 0, 0).error, SBI_ERR_NOT_SUPPORTED, "PMU: unknown function");
}

/* Everything that names a set of counters refuses one with a counter that is not there. */
static void test_sets(void)
{
    static const unsigned long fids[] = {SBI_PMU_COUNTER_CONFIG_MATCHING, SBI_PMU_COUNTER_START,
                                         SBI_PMU_COUNTER_STOP};
    const enum clause invalid[] = {CLAUSE_ID(PMU, COUNTER_CONFIG_MATCHING, INVALID_PARAM),
                                   CLAUSE_ID(PMU, COUNTER_START, INVALID_PARAM),
                                   CLAUSE_ID(PMU, COUNTER_STOP, INVALID_PARAM)};
    for (unsigned i = 0; i < 3; i++) {
        clause(invalid[i]);
        check(pmu(fids[i], counters, 1, 0, 1, 0).error == SBI_ERR_INVALID_PARAM,
              "function %lu: counter %u", fids[i], counters);
        clause(invalid[i]);
        check(pmu(fids[i], counters - 1, 3, 0, 1, 0).error == SBI_ERR_INVALID_PARAM,
              "function %lu: a set that goes beyond the last", fids[i]);
        clause(invalid[i]);
        check(pmu(fids[i], -1, 1, 0, 1, 0).error == SBI_ERR_INVALID_PARAM,
              "function %lu: counter -1", fids[i]);
        clause(invalid[i]);
        CLAUSE(PMU, COUNTER_CONFIG_MATCHING, RESERVED_FLAGS);
        check_known("takes them",
                    pmu(fids[i], first_fw, 1, 0x100, 1, 0).error == SBI_ERR_INVALID_PARAM,
                    "function %lu: reserved flags", fids[i]);
    }
}

/* An instruction counter counts between start and stop, and not behind. */
static void test_instret(void)
{
    unsigned i = hw[2];
    struct sbiret r = match(i, 1, SBI_PMU_CFG_CLEAR_VALUE, SBI_PMU_HW_INSTRUCTIONS);
    CLAUSE(PMU, COUNTER_CONFIG_MATCHING, SUCCESS);
    check(r.error == 0 && r.value == (long)i, "instructions: the counter instret is found");
    CLAUSE(PMU, COUNTER_START, SUCCESS);
    check_equal(start(i, SBI_PMU_START_SET_VALUE, 1000), 0, "  it starts");
    unsigned long before = csr_read(instret);
    check(before >= 1000 && before < 100000000, "  from the value given (%lu)", before);
    check(csr_read(instret) > before, "  and counts");
    CLAUSE(PMU, COUNTER_START, ALREADY_STARTED);
    check_equal(start(i, 0, 0), SBI_ERR_ALREADY_STARTED, "started twice");
    CLAUSE(PMU, COUNTER_CONFIG_MATCHING, NOT_SUPPORTED);
    check_equal(match(i, 1, 0, SBI_PMU_HW_INSTRUCTIONS).error, SBI_ERR_NOT_SUPPORTED,
                "a counter that runs is not configured");
    CLAUSE(PMU, COUNTER_STOP, SUCCESS);
    check_equal(stop(i, 0), 0, "it stops");
    before = csr_read(instret);
    /* QEMU 7.2 counts nanoseconds without -icount, and goes on when it is told to stop. */
    if (machine.is_qemu)
        skip("this machine's counters do not stop", "  and does not count");
    else
        check(csr_read(instret) == before, "  and does not count");
    CLAUSE(PMU, COUNTER_STOP, ALREADY_STOPPED);
    check_equal(stop(i, SBI_PMU_STOP_RESET), SBI_ERR_ALREADY_STOPPED, "stopped twice");
    check_equal(start(i, 0, 0), 0, "it starts again");
    check(csr_read(instret) >= before && csr_read(instret) < before + 100000000, "  where it was");
}

static void test_cycles(void)
{
    struct sbiret r =
        match(0, (1ul << first_fw) - 1, SBI_PMU_CFG_AUTO_START, SBI_PMU_HW_CPU_CYCLES);
    CLAUSE(PMU, COUNTER_CONFIG_MATCHING, SUCCESS);
    check(r.error == 0 && r.value < (long)first_fw, "cycles: some counter, started at once");
    check_equal(start(r.value, 0, 0), SBI_ERR_ALREADY_STARTED, "  it runs");
    check_equal(stop(r.value, SBI_PMU_STOP_RESET), 0, "  it stops");
    match(hw[0], 1, SBI_PMU_CFG_SKIP_MATCH | SBI_PMU_CFG_AUTO_START, SBI_PMU_HW_CPU_CYCLES);
}

static void test_events(void)
{
    static const unsigned none[] = {0,       11,      0x7fff,  0x1ffff, 0x40000,
                                    0xe0000, 0xf0016, 0xf00ff, 0xf0100, 0xfffff};
    for (unsigned i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        CLAUSE(PMU, COUNTER_CONFIG_MATCHING, NOT_SUPPORTED);
        check(match(0, 1ul << first_fw | 1, 0, none[i]).error == SBI_ERR_NOT_SUPPORTED,
              "event %#x: no counter", none[i]);
    }
    check_equal(match(first_fw, 1, 0, SBI_PMU_HW_CPU_CYCLES).error, SBI_ERR_NOT_SUPPORTED,
                "a hardware event on a firmware counter");
    check_equal(match(0, 1, 0, SBI_PMU_FW_EVENT(SBI_PMU_FW_SET_TIMER)).error, SBI_ERR_NOT_SUPPORTED,
                "a firmware event on a hardware counter");
    check_equal(pmu(SBI_PMU_COUNTER_CONFIG_MATCHING, first_fw, 1, 0,
                    SBI_PMU_FW_EVENT(SBI_PMU_FW_SET_TIMER), 1)
                    .error,
                SBI_ERR_NOT_SUPPORTED, "event data where there is none");
    CLAUSE(PMU, COUNTER_FW_READ, INVALID_PARAM);
    check_equal(fw_read(0).error, SBI_ERR_INVALID_PARAM, "counter_fw_read: a hardware counter");
    CLAUSE(PMU, COUNTER_FW_READ, INVALID_PARAM);
    check_equal(fw_read(counters).error, SBI_ERR_INVALID_PARAM, "counter_fw_read: no such counter");
    CLAUSE(PMU, COUNTER_FW_READ_HI, INVALID_PARAM);
    check_equal(pmu(SBI_PMU_COUNTER_FW_READ_HI, 0, 0, 0, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "counter_fw_read_hi: a hardware counter");
    CLAUSE(PMU, COUNTER_FW_READ_HI, INVALID_PARAM);
    check_equal(pmu(SBI_PMU_COUNTER_FW_READ_HI, counters, 0, 0, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "counter_fw_read_hi: no such counter");
    struct sbiret r = pmu(SBI_PMU_COUNTER_FW_READ_HI, first_fw, 0, 0, 0, 0);
    CLAUSE(PMU, COUNTER_FW_READ_HI, SUCCESS);
    check(r.error == 0 && r.value == 0, "counter_fw_read_hi");
}

/* A programmable counter that counts instructions, NONE if the hart has none. */
#define NONE (~0u)
static unsigned find_programmable(unsigned long flags)
{
    unsigned long fixed = 1ul << hw[0] | 1ul << hw[2];
    unsigned long hart = first_fw >= XLEN ? ~0ul : (1ul << first_fw) - 1;
    struct sbiret r = hart & ~fixed ? match(0, hart & ~fixed, flags, SBI_PMU_HW_INSTRUCTIONS)
                                    : (struct sbiret){SBI_ERR_NOT_SUPPORTED, 0};
    return r.error ? NONE : (unsigned)r.value;
}

/* Sscofpmf: a counter that overflows raises the local interrupt 13. */
static void test_overflow(void)
{
    unsigned i = find_programmable(SBI_PMU_CFG_CLEAR_VALUE);
    csr_set(sie, MIP_LCOFIP);
    bool has_overflow = csr_read(sie) & MIP_LCOFIP;
    csr_clear(sie, MIP_LCOFIP);
    if (i == NONE || !has_overflow || machine.is_qemu) {
        skip("this machine has no overflow of instruction counts", "counter overflow");
        return;
    }
    check_equal(pmu(SBI_PMU_COUNTER_START, i, 1, SBI_PMU_START_SET_VALUE, -200, -1).error, 0,
                "a programmable counter starts 200 before its overflow");
    check(wait_until(csr_read(sip) & MIP_LCOFIP), "  which raises an interrupt");
    set_shmem((unsigned long)&snapshot, 0, 0);
    check_equal(stop(i, SBI_PMU_STOP_SNAPSHOT | SBI_PMU_STOP_RESET), 0, "  it stops");
    check(snapshot.overflow == 1 && snapshot.values[0] < 100000000, "  and the snapshot says so");
    set_shmem(-1, -1, 0);
    csr_clear(sip, MIP_LCOFIP);
}

unsigned pmu_overflow_soon(void)
{
    unsigned i = find_programmable(SBI_PMU_CFG_CLEAR_VALUE);
    if (i != NONE)
        pmu(SBI_PMU_COUNTER_START, i, 1, SBI_PMU_START_SET_VALUE, -200, -1);
    return i;
}

void pmu_overflow_end(unsigned i)
{
    stop(i, SBI_PMU_STOP_RESET);
}

/* ---- What the firmware counts ---- */

static long job_fence(struct worker *w)
{
    sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_FENCE_I, 1, machine.self);
    sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_SFENCE_VMA, 1, machine.self, 0, 0);
    sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_SFENCE_VMA_ASID, 1, machine.self, 0, 0, 0);
    return sbi(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, machine.self).error;
}

static void act(unsigned event, struct worker *other)
{
    static char bytes[16] __attribute__((aligned(8)));
    unsigned long id = other ? machine.harts[other - workers] : 0;
    switch (event) {
    case SBI_PMU_FW_MISALIGNED_LOAD: try_load((unsigned long)bytes + 1, 4); break;
    case SBI_PMU_FW_MISALIGNED_STORE: try_store((unsigned long)bytes + 1, 0, 4); break;
    case SBI_PMU_FW_ACCESS_LOAD: try_load(machine.firmware, 4); break;
    case SBI_PMU_FW_ACCESS_STORE: try_store(machine.firmware, 0, 4); break;
    case SBI_PMU_FW_ILLEGAL_INSN: try_illegal(); break;
    case SBI_PMU_FW_SET_TIMER: sbi(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1, -1); break;
    case SBI_PMU_FW_IPI_SENT: sbi(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, id); break;
    case SBI_PMU_FW_FENCE_I_SENT: sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_FENCE_I, 1, id); break;
    case SBI_PMU_FW_SFENCE_VMA_SENT:
        sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_SFENCE_VMA, 1, id, 0, 0);
        break;
    case SBI_PMU_FW_SFENCE_VMA_ASID_SENT:
        sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_SFENCE_VMA_ASID, 1, id, 0, 0, 0);
        break;
    default: worker_begin(other, job_fence); worker_done(other, NULL);
    }
}

/* How often the firmware saw that of one of them; -1: no counter for it. */
static long counted(unsigned event, struct worker *other)
{
    struct sbiret r = match(first_fw, 3, SBI_PMU_CFG_CLEAR_VALUE, SBI_PMU_FW_EVENT(event));
    if (r.error)
        return -1;
    act(event, other);
    long before = fw_read(r.value).value;
    start(r.value, 0, 0);
    act(event, other);
    stop(r.value, 0);
    long during = fw_read(r.value).value;
    act(event, other);
    long after = fw_read(r.value).value;
    stop(r.value, SBI_PMU_STOP_RESET);
    csr_clear(sip, MIP_SSIP);
    return before == 0 && after == during ? during : -2;
}

static void test_firmware_events(void)
{
    struct worker *other = NULL;
    if (machine.hart_count > 1 && worker_start(&workers[machine.self_index == 0]))
        other = &workers[machine.self_index == 0];
    for (unsigned e = 0; e <= SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED; e++) {
        bool two = e >= SBI_PMU_FW_IPI_SENT;
        if (two && !other)
            continue;
        long n = counted(e, other);
        CLAUSE(PMU, COUNTER_FW_READ, SUCCESS);
        if (e <= SBI_PMU_FW_MISALIGNED_STORE)
            check(n == 0 || n == 1, "firmware event %u: %ld, as the hart traps or does it", e, n);
        else
            check(n == 1, "firmware event %u is counted (%ld)", e, n);
    }
    if (other)
        worker_stop(other);
    check(try_load(machine.firmware, 4).cause == 5 && try_illegal().cause == 2,
          "what was counted still comes to S-mode");
}

/* ---- Shared memory ---- */

static void test_snapshot(void)
{
    unsigned i = first_fw;
    match(i, 1, SBI_PMU_CFG_CLEAR_VALUE, SBI_PMU_FW_EVENT(SBI_PMU_FW_SET_TIMER));
    CLAUSE(PMU, COUNTER_START, NO_SHMEM);
    check_equal(start(i, SBI_PMU_START_SNAPSHOT, 0), SBI_ERR_NO_SHMEM, "start from no snapshot");
    CLAUSE(PMU, COUNTER_STOP, NO_SHMEM);
    check_equal(stop(i, SBI_PMU_STOP_SNAPSHOT), SBI_ERR_NO_SHMEM, "stop into no snapshot");
    CLAUSE(PMU, SNAPSHOT_SET_SHMEM, INVALID_PARAM);
    check_equal(set_shmem((unsigned long)&snapshot, 0, 1), SBI_ERR_INVALID_PARAM,
                "set_shmem: flags");
    CLAUSE(PMU, SNAPSHOT_SET_SHMEM, INVALID_PARAM);
    check_equal(set_shmem((unsigned long)&snapshot + 8, 0, 0), SBI_ERR_INVALID_PARAM,
                "set_shmem: not a page");
    CLAUSE(PMU, SNAPSHOT_SET_SHMEM, INVALID_ADDRESS);
    check_equal(set_shmem(machine.firmware, 0, 0), SBI_ERR_INVALID_ADDRESS,
                "set_shmem: the firmware's memory");
    CLAUSE(PMU, SNAPSHOT_SET_SHMEM, INVALID_ADDRESS);
    check_equal(set_shmem(0x1000000, 0, 0), SBI_ERR_INVALID_ADDRESS, "set_shmem: no memory");
    CLAUSE(PMU, SNAPSHOT_SET_SHMEM, INVALID_ADDRESS);
    check_equal(set_shmem((unsigned long)&snapshot, 1, 0), SBI_ERR_INVALID_ADDRESS,
                "set_shmem: beyond what the hart reaches");
    CLAUSE(PMU, SNAPSHOT_SET_SHMEM, SUCCESS);
    check_equal(set_shmem((unsigned long)&snapshot, 0, 0), 0, "set_shmem");
    snapshot.values[0] = 70;
    snapshot.values[1] = 71;
    CLAUSE(PMU, COUNTER_START, SUCCESS);
    check_equal(start(i, SBI_PMU_START_SNAPSHOT, 0), 0, "start from the snapshot");
    sbi(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1, -1);
    check(fw_read(i).value == 71, "  which gave the value");
    CLAUSE(PMU, COUNTER_STOP, SUCCESS);
    check_equal(stop(i, SBI_PMU_STOP_SNAPSHOT | SBI_PMU_STOP_RESET), 0, "stop into the snapshot");
    check(snapshot.values[0] == 71 && snapshot.values[1] == 71 && snapshot.overflow == 0,
          "  one slot has changed");
    CLAUSE(PMU, SNAPSHOT_SET_SHMEM, SUCCESS);
    check_equal(set_shmem(-1, -1, 0), 0, "set_shmem: none");
    check_equal(stop(i, SBI_PMU_STOP_SNAPSHOT), SBI_ERR_NO_SHMEM, "  and there is none");
}

static void test_event_info(void)
{
    static const struct {
        unsigned event, supported;
    } want[] = {{SBI_PMU_HW_CPU_CYCLES, 1},
                {SBI_PMU_HW_INSTRUCTIONS, 1},
                {SBI_PMU_FW_EVENT(SBI_PMU_FW_IPI_SENT), 1},
                {SBI_PMU_FW_EVENT(22), 0},
                {0, 0},
                {0x40000, 0}};
    unsigned good = 0;
    for (unsigned i = 0; i < 6; i++)
        infos[i] = (struct sbi_pmu_event_info){want[i].event, 0x55, 0};
    unsigned long at = (unsigned long)infos;
    CLAUSE(PMU, EVENT_GET_INFO, SUCCESS);
    check_equal(pmu(SBI_PMU_EVENT_GET_INFO, at, 0, 6, 0, 0).error, 0, "event_get_info");
    for (unsigned i = 0; i < 6; i++)
        good += infos[i].event == want[i].event && infos[i].output == want[i].supported;
    CLAUSE(PMU, EVENT_GET_INFO, SUCCESS);
    check(good == 6, "  says which there are (%u right)", good);
    CLAUSE(PMU, EVENT_GET_INFO, INVALID_PARAM);
    check_equal(pmu(SBI_PMU_EVENT_GET_INFO, at, 0, 6, 1, 0).error, SBI_ERR_INVALID_PARAM,
                "event_get_info: flags");
    CLAUSE(PMU, EVENT_GET_INFO, INVALID_PARAM);
    check_equal(pmu(SBI_PMU_EVENT_GET_INFO, at + 8, 0, 1, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "event_get_info: not aligned");
    CLAUSE(PMU, EVENT_GET_INFO, INVALID_ADDRESS);
    check_equal(pmu(SBI_PMU_EVENT_GET_INFO, machine.firmware, 0, 1, 0, 0).error,
                SBI_ERR_INVALID_ADDRESS, "event_get_info: the firmware's memory");
    CLAUSE(PMU, EVENT_GET_INFO, INVALID_ADDRESS);
    check_equal(pmu(SBI_PMU_EVENT_GET_INFO, at, 0, -1, 0, 0).error, SBI_ERR_INVALID_ADDRESS,
                "event_get_info: more than there is memory");
    infos[5].event = 1u << 20;
    CLAUSE(PMU, EVENT_GET_INFO, INVALID_PARAM);
    check_equal(pmu(SBI_PMU_EVENT_GET_INFO, at, 0, 6, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "event_get_info: a reserved bit");
}

void test_pmu(void)
{
    if (!has_extension(SBI_EXT_PMU)) {
        skip("this firmware has no PMU", "performance counters");
        return;
    }
    if (!machine.is_tarn) {
        skip("counters of another order", "performance counters");
        return;
    }
    test_info();
    test_sets();
    test_instret();
    test_cycles();
    test_events();
    test_firmware_events();
    test_snapshot();
    test_overflow();
    test_event_info();
}
