/* HSM: start, stop, status and suspend; and all harts at once. */
#include "riscv/bits.h"
#include "test.h"

static long start(unsigned long id, unsigned long addr)
{
    return sbi(SBI_EXT_HSM, SBI_HSM_HART_START, id, addr, 0).error;
}

static struct sbiret status(unsigned long id)
{
    return sbi(SBI_EXT_HSM, SBI_HSM_HART_GET_STATUS, id);
}

/* Addresses at which no hart may start. */
static void check_bad_addresses(unsigned long id)
{
    unsigned long fw = machine.firmware, end = fw + machine.firmware_size;
    CLAUSE(HSM, HART_START, INVALID_ADDRESS);
    check_equal(start(id, fw), SBI_ERR_INVALID_ADDRESS, "hart_start: first of the firmware");
    CLAUSE(HSM, HART_START, INVALID_ADDRESS);
    check_equal(start(id, end - 4), SBI_ERR_INVALID_ADDRESS, "hart_start: last of the firmware");
    CLAUSE(HSM, HART_START, INVALID_ADDRESS);
    check_ours("takes any address", start(id, 0) == SBI_ERR_INVALID_ADDRESS,
               "hart_start: address 0");
    CLAUSE(HSM, HART_START, INVALID_ADDRESS);
    check_ours("takes any address", start(id, 0x10000000) == SBI_ERR_INVALID_ADDRESS,
               "hart_start: a device's address");
    CLAUSE(HSM, HART_START, INVALID_ADDRESS);
    check_ours("takes any address",
               start(id, machine.ram + machine.ram_size) == SBI_ERR_INVALID_ADDRESS,
               "hart_start: behind the RAM");
    CLAUSE(HSM, HART_START, INVALID_ADDRESS);
    check_ours("takes any address",
               start(id, (unsigned long)hart_entry + 1) == SBI_ERR_INVALID_ADDRESS,
               "hart_start: an odd address");
}

static long job_stop_translated(struct worker *w)
{
    paging_on();
    return job_stop(w);
}

static void test_other_hart(unsigned i)
{
    struct worker *w = &workers[i];
    unsigned long id = machine.harts[i];
    CLAUSE(HSM, HART_GET_STATUS, STOPPED);
    check(status(id).value == SBI_HART_STOPPED, "hart %lu is stopped", id);
    check_bad_addresses(id);
    check(status(id).value == SBI_HART_STOPPED, "hart %lu is still stopped", id);
    CLAUSE(HSM, HART_START, SUCCESS);
    check(worker_start(w), "hart %lu starts", id);
    CLAUSE(HSM, HART_START, REGISTERS);
    check(w->id == id && w->arg == (unsigned long)w, "a0 is its id, a1 the argument");
    CLAUSE(HSM, HART_START, REGISTERS);
    check(w->satp == 0 && !(w->status & SSTATUS_SIE), "satp and sstatus.SIE are 0");
    CLAUSE(HSM, HART_GET_STATUS, STARTED);
    check(status(id).value == SBI_HART_STARTED, "its state is STARTED");
    CLAUSE(HSM, HART_START, ALREADY_AVAILABLE);
    check_equal(start(id, (unsigned long)hart_entry), SBI_ERR_ALREADY_AVAILABLE,
                "hart_start: already started");
    CLAUSE(HSM, HART_STOP, SUCCESS);
    check(worker_stop(w), "it stops");
    bool good = true;
    for (unsigned n = 0; n < 20; n++)
        good = good && worker_start(w) && worker_stop(w);
    check(good, "it starts and stops twenty times");
    worker_start(w);
    worker_begin(w, job_stop_translated);
    check(wait_until(status(id).value == SBI_HART_STOPPED), "it stops with paging on");
    check(worker_start(w) && w->satp == 0, "and starts with satp = 0");
    worker_stop(w);
}

void test_hsm(void)
{
    CLAUSE(HSM, HART_GET_STATUS, STARTED);
    check(status(machine.self).value == SBI_HART_STARTED, "this hart's state is STARTED");
    CLAUSE(HSM, HART_GET_STATUS, INVALID_PARAM);
    check_equal(status(100000).error, SBI_ERR_INVALID_PARAM, "hart_get_status: no such hart");
    CLAUSE(HSM, HART_GET_STATUS, INVALID_PARAM);
    check_equal(status(-1).error, SBI_ERR_INVALID_PARAM, "hart_get_status: hart -1");
    CLAUSE(HSM, HART_START, INVALID_PARAM);
    check_equal(start(100000, (unsigned long)hart_entry), SBI_ERR_INVALID_PARAM,
                "hart_start: no such hart");
    CLAUSE(HSM, HART_START, ALREADY_AVAILABLE);
    check_equal(start(machine.self, (unsigned long)hart_entry), SBI_ERR_ALREADY_AVAILABLE,
                "hart_start: this hart");
    CLAUSE(HSM, ANY, UNKNOWN_FUNCTION);
    check_equal(sbi(SBI_EXT_HSM, 4).error, SBI_ERR_NOT_SUPPORTED, "HSM: unknown function");
    if (machine.absent_hart != -1ul) {
        check_equal(status(machine.absent_hart).error, SBI_ERR_INVALID_PARAM,
                    "hart_get_status: a disabled hart");
        check_equal(start(machine.absent_hart, (unsigned long)hart_entry), SBI_ERR_INVALID_PARAM,
                    "hart_start: a disabled hart");
    }
    for (unsigned i = 0; i < machine.hart_count; i++)
        if (i != machine.self_index)
            test_other_hart(i);
}

/* ---- Suspend ---- */

static long suspend(unsigned type, unsigned long addr)
{
    return sbi(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, type, addr, 0).error;
}

static void timer_in(unsigned ticks)
{
    uint64_t when = time_now() + ticks;
    sbi(SBI_EXT_TIME, SBI_TIME_SET_TIMER, when, XLEN == 32 ? when >> 32 : 0);
}

static long job_suspend(struct worker *w)
{
    long error = 0;
    csr_write(sie, MIP_SSIP);
    while (!error && !(csr_read(sip) & MIP_SSIP))
        error = suspend(SBI_SUSPEND_RETENTIVE, 0);
    csr_clear(sip, MIP_SSIP);
    csr_write(sie, 0);
    return error == 0;
}

/* Another hart sleeps: a fence does not wake it, an interrupt does. */
static void test_suspended_hart(unsigned i)
{
    struct worker *w = &workers[i];
    unsigned long id = machine.harts[i];
    long good = 0;
    worker_start(w);
    worker_begin(w, job_suspend);
    CLAUSE(HSM, HART_GET_STATUS, SUSPENDED);
    check(wait_until(status(id).value == SBI_HART_SUSPENDED), "hart %lu is suspended", id);
    check_equal(sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_FENCE_I, 1, id).error, 0,
                "a fence reaches a suspended hart");
    check_known("wakes up", status(id).value == SBI_HART_SUSPENDED && w->busy,
                "and leaves it suspended");
    sbi(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, id);
    CLAUSE(HSM, HART_SUSPEND, SUCCESS);
    check(worker_done(w, &good) && good, "an interrupt wakes hart %lu", id);
    worker_stop(w);
}

void test_suspend(void)
{
    static const unsigned bad[] = {1, 0x0fffffff, 0x80000001, 0x8fffffff};
    static const unsigned platform[] = {0x10000000, 0x7fffffff, 0x90000000, 0xffffffff};
    for (unsigned i = 0; i < 4; i++) {
        CLAUSE(HSM, HART_SUSPEND, INVALID_PARAM);
        check(suspend(bad[i], 0) == SBI_ERR_INVALID_PARAM, "hart_suspend: reserved type %#x",
              bad[i]);
    }
    for (unsigned i = 0; i < 4; i++) {
        CLAUSE(HSM, HART_SUSPEND, INVALID_PARAM);
        check_known("another error", suspend(platform[i], 0) == SBI_ERR_INVALID_PARAM,
                    "hart_suspend: platform type %#x", platform[i]);
    }
    CLAUSE(HSM, HART_SUSPEND, INVALID_ADDRESS);
    check_equal(suspend(SBI_SUSPEND_NON_RETENTIVE, machine.firmware), SBI_ERR_INVALID_ADDRESS,
                "hart_suspend: resume in the firmware");

    csr_write(sie, MIP_STIP);
    uint64_t begin = time_now();
    timer_in(20000);
    CLAUSE(HSM, HART_SUSPEND, SUCCESS);
    check_equal(suspend(SBI_SUSPEND_RETENTIVE, 0), 0, "retentive suspend returns");
    check(time_now() - begin >= 20000 && (csr_read(sip) & MIP_STIP),
          "after the interrupt, not before");
    CLAUSE(HSM, HART_SUSPEND, SUCCESS);
    check_equal(suspend(SBI_SUSPEND_RETENTIVE, 0), 0, "at once if one is pending already");
    unsigned long type =
        (unsigned long)((uint64_t)0xfedcba98 << 32); /* retentive, with rubbish above */
    CLAUSE(SBI, ECALL, UINT32_PARAMETER);
    check_equal(sbi(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, type, 0, 0).error, 0,
                "of a uint32_t only 32 bits count");

    begin = time_now();
    timer_in(20000);
    paging_on();
    struct resumed r = suspend_until_resumed(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND,
                                             SBI_SUSPEND_NON_RETENTIVE, 0x1234567);
    CLAUSE(HSM, HART_SUSPEND, RESUMES);
    check_equal(r.error, 0, "non-retentive suspend resumes");
    CLAUSE(HSM, HART_SUSPEND, REGISTERS);
    check(r.id == machine.self && r.arg == 0x1234567, "a0 is the hart's id, a1 the argument");
    CLAUSE(HSM, HART_SUSPEND, REGISTERS);
    check(r.satp == 0 && !(r.status & SSTATUS_SIE), "satp and sstatus.SIE are 0");
    check(time_now() - begin >= 20000, "after the interrupt, not before");
    check(status(machine.self).value == SBI_HART_STARTED, "its state is STARTED");
    csr_write(sie, 0);
    timer_in(-1);
    sbi(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1, -1);

    for (unsigned i = 0; i < machine.hart_count; i++)
        if (i != machine.self_index)
            test_suspended_hart(i);
}

/* ---- Everything at once: no call may wait for ever ---- */

static long hammer(void)
{
    long error = 0;
    /* Where each call waits for all harts, and the host has fewer, many rounds take minutes. */
    unsigned rounds = machine.is_tarn ? 100 : 1;
    for (unsigned n = 0; n < rounds; n++) {
        error |= sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_FENCE_I, 0, -1).error;
        error |= sbi(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_SFENCE_VMA, 0, -1, n << 12, 8192).error;
        error |= sbi(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 0, -1).error;
    }
    return error;
}

static long job_hammer(struct worker *w)
{
    csr_set(sie, MIP_SSIP);
    csr_set(sstatus, SSTATUS_SIE);
    long error = hammer();
    csr_clear(sstatus, SSTATUS_SIE);
    return error;
}

void test_stress(void)
{
    long error = 0, got = 0;
    bool all = true;
    for (unsigned i = 0; i < machine.hart_count; i++)
        if (i != machine.self_index)
            all = all && worker_start(&workers[i]);
    for (unsigned i = 0; i < machine.hart_count; i++)
        if (i != machine.self_index)
            worker_begin(&workers[i], job_hammer);
    error |= hammer();
    csr_clear(sip, MIP_SSIP);
    for (unsigned i = 0; i < machine.hart_count; i++) {
        if (i == machine.self_index)
            continue;
        all = worker_done(&workers[i], &got) && all;
        error |= got;
        all = worker_stop(&workers[i]) && all;
    }
    if (!check(all && error == 0, "all harts fence and interrupt each other"))
        print("# error %ld, %s\n", error, all ? "in time" : "not in time");
    csr_clear(sip, MIP_SSIP);
}
