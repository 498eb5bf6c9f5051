/* SUSP and FWFT. */
#include "lib/fdt.h"
#include "riscv/bits.h"
#include "test.h"

/* ---- SUSP ---- */

static long system_suspend(unsigned long type, unsigned long addr)
{
    return sbi(SBI_EXT_SUSP, SBI_SUSP_SYSTEM_SUSPEND, type, addr, 0).error;
}

static void test_sleep(void)
{
    csr_write(sie, MIP_STIP);
    uint64_t begin = time_now(), end = begin + 20000;
    sbi(SBI_EXT_TIME, SBI_TIME_SET_TIMER, (unsigned long)end, (unsigned long)(end >> 32));
    paging_on();
    struct resumed r = suspend_until_resumed(SBI_EXT_SUSP, SBI_SUSP_SYSTEM_SUSPEND,
                                             SBI_SUSP_SUSPEND_TO_RAM, 0x7654321);
    CLAUSE(SUSP, SYSTEM_SUSPEND, SUCCESS);
    check_equal(r.error, 0, "system_suspend: the hart resumes");
    CLAUSE(SUSP, SYSTEM_SUSPEND, REGISTERS);
    check(r.id == machine.self && r.arg == 0x7654321, "a0 is the hart's id, a1 the argument");
    CLAUSE(SUSP, SYSTEM_SUSPEND, REGISTERS);
    check(r.satp == 0 && !(r.status & SSTATUS_SIE), "satp and sstatus.SIE are 0");
    check(time_now() >= end, "after the interrupt that wakes it, not before");
    csr_write(sie, 0);
    sbi(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1, -1);
}

void test_susp(void)
{
    if (!has_extension(SBI_EXT_SUSP)) {
        CLAUSE(SUSP, SYSTEM_SUSPEND, NOT_SUPPORTED);
        check_equal(system_suspend(SBI_SUSP_SUSPEND_TO_RAM, (unsigned long)hart_entry),
                    SBI_ERR_NOT_SUPPORTED, "system_suspend on a machine that cannot");
        return;
    }
    static const unsigned types[] = {1, 0x7fffffff, 0x80000000, 0xffffffff};
    for (unsigned i = 0; i < 4; i++) {
        CLAUSE(SUSP, SYSTEM_SUSPEND, INVALID_PARAM);
        check_equal(system_suspend(types[i], (unsigned long)hart_entry), SBI_ERR_INVALID_PARAM,
                    "system_suspend: no such sleep type");
    }
    CLAUSE(SUSP, SYSTEM_SUSPEND, INVALID_ADDRESS);
    check_equal(system_suspend(SBI_SUSP_SUSPEND_TO_RAM, machine.firmware), SBI_ERR_INVALID_ADDRESS,
                "system_suspend: resume in the firmware");
    CLAUSE(SUSP, SYSTEM_SUSPEND, INVALID_ADDRESS);
    check_equal(system_suspend(SBI_SUSP_SUSPEND_TO_RAM, 0x1000000), SBI_ERR_INVALID_ADDRESS,
                "system_suspend: resume where there is no memory");
    CLAUSE(SUSP, SYSTEM_SUSPEND, INVALID_ADDRESS);
    check_equal(system_suspend(SBI_SUSP_SUSPEND_TO_RAM, (unsigned long)hart_entry + 1),
                SBI_ERR_INVALID_ADDRESS, "system_suspend: resume at an odd address");
    CLAUSE(SUSP, ANY, UNKNOWN_FUNCTION);
    check_equal(sbi(SBI_EXT_SUSP, 1).error, SBI_ERR_NOT_SUPPORTED, "SUSP: unknown function");
    unsigned other = machine.self_index == 0;
    if (machine.hart_count > 1 && worker_start(&workers[other])) {
        CLAUSE(SUSP, SYSTEM_SUSPEND, DENIED);
        check_equal(system_suspend(SBI_SUSP_SUSPEND_TO_RAM, (unsigned long)hart_entry),
                    SBI_ERR_DENIED, "system_suspend: another hart is running");
        worker_stop(&workers[other]);
    }
    test_sleep();
}

/* ---- FWFT ---- */

static long set(unsigned long feature, unsigned long value, unsigned long flags)
{
    return sbi(SBI_EXT_FWFT, SBI_FWFT_SET, feature, value, flags).error;
}

static struct sbiret get(unsigned long feature)
{
    return sbi(SBI_EXT_FWFT, SBI_FWFT_GET, feature);
}

static void test_reserved(void)
{
    static const unsigned reserved[] = {6,          0x3fffffff, 0x40000000, 0x7fffffff,
                                        0x80000000, 0xbfffffff, 0xc0000000, 0xffffffff};
    for (unsigned i = 0; i < 8; i++) {
        CLAUSE(FWFT, SET, DENIED);
        check(set(reserved[i], 0, 0) == SBI_ERR_DENIED, "fwft_set: feature %#x", reserved[i]);
        struct sbiret r = get(reserved[i]);
        CLAUSE(FWFT, GET, DENIED);
        check(r.error == SBI_ERR_DENIED && r.value == 0, "fwft_get: feature %#x", reserved[i]);
    }
    CLAUSE(FWFT, ANY, UNKNOWN_FUNCTION);
    check_equal(sbi(SBI_EXT_FWFT, 2).error, SBI_ERR_NOT_SUPPORTED, "FWFT: unknown function");
}

/* A feature that the hart has: its values, and that a set that fails changes nothing. */
static void test_feature(unsigned feature, unsigned long top)
{
    struct sbiret r = get(feature);
    if (r.error == SBI_ERR_NOT_SUPPORTED) {
        CLAUSE(FWFT, SET, NOT_SUPPORTED);
        CLAUSE(FWFT, GET, NOT_SUPPORTED);
        check(set(feature, 0, 0) == SBI_ERR_NOT_SUPPORTED && r.value == 0,
              "feature %u is not there, for get and for set", feature);
        return;
    }
    CLAUSE(FWFT, GET, SUCCESS);
    check(r.error == 0 && r.value == 0, "feature %u is off at first", feature);
    CLAUSE(FWFT, SET, SUCCESS);
    check_equal(set(feature, top, 0), 0, "fwft_set: on");
    check(get(feature).value == (long)top, "  and it is");
    CLAUSE(FWFT, SET, INVALID_PARAM);
    check_equal(set(feature, top + 1, 0), SBI_ERR_INVALID_PARAM, "fwft_set: a bad value");
    CLAUSE(FWFT, SET, INVALID_PARAM);
    check_equal(set(feature, 0, 2), SBI_ERR_INVALID_PARAM, "fwft_set: a reserved flag");
    check(get(feature).value == (long)top, "  change nothing");
    check_equal(set(feature, 0, 0), 0, "fwft_set: off");
    check(get(feature).value == 0, "  and it is");
}

/* Delegated, a misaligned access is S-mode's own; otherwise the machine does it. */
static void test_misaligned_delegation(void)
{
    static char bytes[16] __attribute__((aligned(8)));
    set(SBI_FWFT_MISALIGNED_EXC_DELEG, 1, 0);
    struct caught load = try_load((unsigned long)bytes + 1, 4);
    struct caught store = try_store((unsigned long)bytes + 1, 0, 4);
    set(SBI_FWFT_MISALIGNED_EXC_DELEG, 0, 0);
    if (load.cause == -1ul) {
        check(store.cause == -1ul, "the hart itself does misaligned accesses");
    } else {
        check(load.cause == 4 && load.tval == (unsigned long)bytes + 1,
              "a delegated misaligned load comes to S-mode");
        check(store.cause == 6 && store.tval == (unsigned long)bytes + 1,
              "a delegated misaligned store comes to S-mode");
    }
    check(try_load((unsigned long)bytes + 1, 4).cause == -1ul, "undelegated it is done");
}

static long job_fwft(struct worker *w)
{
    long found = get(SBI_FWFT_MISALIGNED_EXC_DELEG).value;
    long error = set(SBI_FWFT_MISALIGNED_EXC_DELEG, 1, SBI_FWFT_LOCK);
    if (error == 0 && set(SBI_FWFT_MISALIGNED_EXC_DELEG, 0, 0) != SBI_ERR_DENIED_LOCKED)
        error = -100;
    if (get(SBI_FWFT_MISALIGNED_EXC_DELEG).value != 1)
        error = -101;
    return found ? -102 : error;
}

/* What is local to a hart is, and starts anew with it; the lock as well. */
static void test_local(void)
{
    struct worker *w = &workers[machine.self_index == 0];
    long result = -1;
    if (machine.hart_count == 1)
        return;
    for (unsigned round = 0; round < 2; round++) {
        worker_start(w);
        worker_begin(w, job_fwft);
        CLAUSE(FWFT, SET, DENIED_LOCKED);
        check(worker_done(w, &result) && result == 0, "another hart locks its own (%ld)", result);
        worker_stop(w);
    }
    check(get(SBI_FWFT_MISALIGNED_EXC_DELEG).value == 0, "  which is not this hart's");
}

void test_fwft(void)
{
    if (!has_extension(SBI_EXT_FWFT)) {
        skip("this firmware has no FWFT", "firmware features");
        return;
    }
    test_reserved();
    for (unsigned feature = 0; feature < SBI_FWFT_FEATURE_COUNT; feature++)
        test_feature(feature, feature == SBI_FWFT_POINTER_MASKING_PMLEN ? 16 : 1);
    test_misaligned_delegation();
    test_local();
}
