/* BASE, TIME, IPI, RFENCE, SRST, and the calling convention. */
#include "riscv/bits.h"
#include "test.h"

/* ---- Calling convention: everything but a0 and a1 survives ---- */

static void check_preserved(const char *name, unsigned long eid, unsigned long fid,
                            unsigned long a0, unsigned long a1, unsigned long a2)
{
    unsigned long in[32], out[32];
    for (unsigned i = 0; i < 32; i++)
        in[i] = 0x5a5a0000ul + i * 0x101 + ((unsigned long)i << (XLEN - 8));
    in[10] = a0;
    in[11] = a1;
    in[12] = a2;
    in[16] = fid;
    in[17] = eid;
    call_with_registers(in, out);
    csr_write(sscratch, machine.self_index);
    unsigned wrong = 0;
    for (unsigned i = 1; i < 32; i++)
        if (i != 10 && i != 11 && in[i] != out[i])
            wrong = i;
    CLAUSE(SBI, ECALL, PRESERVES_REGISTERS);
    check(wrong == 0, "%s preserves registers", name);
    if (wrong)
        print("# x%u was %lx, is %lx\n", wrong, in[wrong], out[wrong]);
    if (eid <= SBI_EXT_LEGACY_SHUTDOWN) {
        CLAUSE(LEGACY, ANY, PRESERVES_A1);
        check(out[11] == a1, "%s leaves a1 alone", name);
    }
}

static void test_convention(void)
{
    unsigned long self_bit = 1ul << machine.self;
    check_preserved("get_spec_version", SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 1, 2, 3);
    check_preserved("get_impl_id", SBI_EXT_BASE, SBI_BASE_GET_IMPL_ID, 1, 2, 3);
    check_preserved("set_timer", SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1, -1, 3);
    check_preserved("send_ipi", SBI_EXT_IPI, SBI_IPI_SEND_IPI, self_bit, 0, 3);
    csr_clear(sip, MIP_SSIP);
    check_preserved("remote_fence_i", SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_FENCE_I, self_bit, 0, 3);
    check_preserved("hart_get_status", SBI_EXT_HSM, SBI_HSM_HART_GET_STATUS, machine.self, 2, 3);
    check_preserved("an unknown extension", 0x0fedcba9, 0, 1, 2, 3);
    check_preserved("legacy clear_ipi", SBI_EXT_LEGACY_CLEAR_IPI, 77, 1, 0x1234, 3);
    check_preserved("legacy getchar", SBI_EXT_LEGACY_GETCHAR, 77, 1, 0x1234, 3);
    check_preserved("legacy set_timer", SBI_EXT_LEGACY_SET_TIMER, 77, -1, -1, 3);
}

/* ---- BASE ---- */

void test_base(void)
{
    struct sbiret r = sbi(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION);
    CLAUSE(BASE, GET_SPEC_VERSION, SUCCESS);
    CLAUSE(BASE, GET_SPEC_VERSION, RESERVED_BITS);
    check(r.error == 0 && r.value > 0 && !((unsigned long)r.value >> 31),
          "get_spec_version: %ld.%ld", r.value >> 24, r.value & 0xffffff);
    check_known("an older version", r.value == SBI_VERSION(3, 0), "version 3.0");
    r = sbi(SBI_EXT_BASE, SBI_BASE_GET_IMPL_ID);
    CLAUSE(BASE, GET_IMPL_ID, SUCCESS);
    check(r.error == 0, "get_impl_id: %#lx", r.value);
    r = sbi(SBI_EXT_BASE, SBI_BASE_GET_IMPL_VERSION);
    CLAUSE(BASE, GET_IMPL_VERSION, SUCCESS);
    check(r.error == 0, "get_impl_version: %#lx", r.value);
    CLAUSE(BASE, GET_MVENDORID, SUCCESS);
    check_equal(sbi(SBI_EXT_BASE, SBI_BASE_GET_MVENDORID).error, 0, "get_mvendorid");
    CLAUSE(BASE, GET_MARCHID, SUCCESS);
    check_equal(sbi(SBI_EXT_BASE, SBI_BASE_GET_MARCHID).error, 0, "get_marchid");
    CLAUSE(BASE, GET_MIMPID, SUCCESS);
    check_equal(sbi(SBI_EXT_BASE, SBI_BASE_GET_MIMPID).error, 0, "get_mimpid");
    CLAUSE(BASE, ANY, UNKNOWN_FUNCTION);
    check_equal(sbi(SBI_EXT_BASE, 7).error, SBI_ERR_NOT_SUPPORTED, "BASE: unknown function");
    check_equal(sbi(SBI_EXT_BASE, -1).error, SBI_ERR_NOT_SUPPORTED, "BASE: function -1");
    CLAUSE(SBI, ECALL, UNKNOWN_EXTENSION);
    check_equal(sbi(0x0fedcba9, 0).error, SBI_ERR_NOT_SUPPORTED, "unknown extension");
    CLAUSE(SBI, ECALL, UNKNOWN_EXTENSION);
    check_equal(sbi(-1, 0).error, SBI_ERR_NOT_SUPPORTED, "extension -1");
    CLAUSE(LEGACY, ANY, RESERVED_EXTENSION);
    check_equal(sbi(0x0f, 0).error, SBI_ERR_NOT_SUPPORTED, "reserved legacy extension");

    static const unsigned long present[] = {SBI_EXT_BASE,
                                            SBI_EXT_TIME,
                                            SBI_EXT_IPI,
                                            SBI_EXT_RFENCE,
                                            SBI_EXT_HSM,
                                            SBI_EXT_SRST,
                                            SBI_EXT_LEGACY_SET_TIMER,
                                            SBI_EXT_LEGACY_SHUTDOWN};
    for (unsigned i = 0; i < sizeof(present) / sizeof(present[0]); i++) {
        r = sbi(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, present[i]);
        CLAUSE(BASE, PROBE_EXTENSION, AVAILABLE);
        check(r.error == 0 && r.value != 0, "probe_extension %#lx", present[i]);
    }
    check_known("SBI 1.0", has_extension(SBI_EXT_DBCN), "probe_extension DBCN");
    r = sbi(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, 0x0fedcba9);
    CLAUSE(BASE, PROBE_EXTENSION, NOT_AVAILABLE);
    check(r.error == 0 && r.value == 0, "probe_extension of an unknown one");
    r = sbi(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, 0x0f);
    CLAUSE(BASE, PROBE_EXTENSION, NOT_AVAILABLE);
    check(r.error == 0 && r.value == 0, "probe_extension of a reserved one");
    test_convention();
}

/* ---- TIME ---- */

static struct sbiret set_timer(uint64_t when)
{
    return sbi(SBI_EXT_TIME, SBI_TIME_SET_TIMER, when, XLEN == 32 ? when >> 32 : 0);
}

static bool timer_pending(void)
{
    return csr_read(sip) & MIP_STIP;
}

void test_time(void)
{
    csr_write(sie, 0);
    CLAUSE(TIME, SET_TIMER, SUCCESS);
    check_equal(set_timer(-1).error, 0, "set_timer(-1)");
    CLAUSE(TIME, SET_TIMER, NEVER);
    check(!timer_pending(), "set_timer(-1) clears a pending interrupt");
    check_equal(set_timer(time_now() + 1000).error, 0, "set_timer soon");
    CLAUSE(TIME, SET_TIMER, SUCCESS);
    check(wait_until(timer_pending()), "the timer interrupt becomes pending");
    check_equal(set_timer(time_now() + 100 * machine.tick_hz).error, 0, "set_timer later");
    CLAUSE(TIME, SET_TIMER, FUTURE_CLEARS_PENDING);
    check(!timer_pending(), "a time in the future clears the pending interrupt");
    check_equal(set_timer(0).error, 0, "set_timer(0)");
    CLAUSE(TIME, SET_TIMER, ABSOLUTE_TIME);
    check(wait_until(timer_pending()), "a time in the past is due at once");
    uint64_t high = (time_now() | 0xffffffff) + 1;
    set_timer(high); /* low half 0: wrong if halves are dropped or due in between */
    check(!timer_pending(), "the high half counts");

    volatile struct interrupts *mine = &interrupts[machine.self_index];
    unsigned before = mine->timer;
    uint64_t due = time_now() + 5000;
    set_timer(due);
    csr_set(sie, MIP_STIP);
    csr_set(sstatus, SSTATUS_SIE);
    bool came = wait_until(mine->timer != before);
    uint64_t then = time_now();
    csr_clear(sstatus, SSTATUS_SIE);
    csr_write(sie, 0);
    CLAUSE(TIME, SET_TIMER, ABSOLUTE_TIME);
    check(came && then >= due, "the timer interrupt is taken, not early");
    set_timer(-1);
    CLAUSE(TIME, ANY, UNKNOWN_FUNCTION);
    check_equal(sbi(SBI_EXT_TIME, 1, -1, -1).error, SBI_ERR_NOT_SUPPORTED,
                "TIME: unknown function");
}

/* ---- IPI ---- */

static bool soft_pending(void)
{
    return csr_read(sip) & MIP_SSIP;
}

static long send_ipi(unsigned long mask, unsigned long base)
{
    return sbi(SBI_EXT_IPI, SBI_IPI_SEND_IPI, mask, base).error;
}

/* Lists with a hart that is not there; refused is the clause that says so for this function. */
static void check_bad_lists(const char *what, unsigned long eid, unsigned long fid,
                            enum clause refused)
{
    unsigned long last = machine.harts[machine.hart_count - 1];
    clause(refused);
    check_known("ignores bits beyond the last hart",
                sbi(eid, fid, 2, last).error == SBI_ERR_INVALID_PARAM, "%s: a hart beyond the last",
                what);
    clause(refused);
    check_known("ignores bits beyond the last hart",
                sbi(eid, fid, 1 | 1ul << (XLEN - 1), last).error == SBI_ERR_INVALID_PARAM,
                "%s: a valid hart and one that is not", what);
    clause(refused);
    check_known("ignores bits beyond the last hart",
                sbi(eid, fid, 1, last + 1).error == SBI_ERR_INVALID_PARAM, "%s: a base beyond",
                what);
    clause(refused);
    check_known("ignores bases beyond the last hart",
                sbi(eid, fid, 1, 100000).error == SBI_ERR_INVALID_PARAM, "%s: a base far beyond",
                what);
    if (machine.absent_hart == -1ul)
        return;
    CLAUSE(SBI, HART_MASK, DISABLED_HART);
    check(sbi(eid, fid, 1, machine.absent_hart).error == SBI_ERR_INVALID_PARAM,
          "%s: a hart that is disabled", what);
    CLAUSE(SBI, HART_MASK, BASE_OF_NO_HART);
    unsigned long other = machine.self == machine.absent_hart + 1 ? 4 : 2;
    check(sbi(eid, fid, other, machine.absent_hart).error == SBI_SUCCESS,
          "%s: from a hart that is disabled, but without it", what);
}

static long job_count_ipi(struct worker *w)
{
    unsigned before = interrupts[w->index].software;
    csr_set(sie, MIP_SSIP);
    csr_set(sstatus, SSTATUS_SIE);
    bool came = wait_until(interrupts[w->index].software != before);
    csr_clear(sstatus, SSTATUS_SIE);
    return came;
}

void test_ipi(void)
{
    unsigned long self = machine.self;
    csr_clear(sip, MIP_SSIP);
    CLAUSE(IPI, SEND_IPI, SUCCESS);
    check_equal(send_ipi(1ul << self, 0), 0, "send_ipi to self by mask");
    check(wait_until(soft_pending()), "the software interrupt is pending");
    csr_clear(sip, MIP_SSIP);
    CLAUSE(IPI, SEND_IPI, SUCCESS);
    check_equal(send_ipi(1, self), 0, "send_ipi to self by base");
    check(wait_until(soft_pending()), "the software interrupt is pending");
    csr_clear(sip, MIP_SSIP);
    CLAUSE(SBI, HART_MASK, ALL_HARTS);
    CLAUSE(IPI, SEND_IPI, SUCCESS);
    check_equal(send_ipi(0, -1), 0, "send_ipi to all harts");
    check(wait_until(soft_pending()), "the software interrupt is pending");
    csr_clear(sip, MIP_SSIP);
    check_equal(send_ipi(0, 0), 0, "send_ipi to no hart");
    check(!soft_pending(), "no software interrupt is pending");

    volatile struct interrupts *mine = &interrupts[machine.self_index];
    unsigned before = mine->software;
    csr_set(sie, MIP_SSIP);
    csr_set(sstatus, SSTATUS_SIE);
    send_ipi(1ul << self, 0);
    bool came = wait_until(mine->software != before);
    csr_clear(sstatus, SSTATUS_SIE);
    csr_write(sie, 0);
    CLAUSE(IPI, SEND_IPI, SUCCESS);
    check(came, "the software interrupt is taken");
    check_bad_lists("send_ipi", SBI_EXT_IPI, SBI_IPI_SEND_IPI,
                    CLAUSE_ID(IPI, SEND_IPI, INVALID_PARAM));
    check_known("sends to the harts that are there", !soft_pending(),
                "a refused call sends nothing");
    csr_clear(sip, MIP_SSIP);
    CLAUSE(IPI, ANY, UNKNOWN_FUNCTION);
    check_equal(sbi(SBI_EXT_IPI, 1, 1, 0).error, SBI_ERR_NOT_SUPPORTED, "IPI: unknown function");

    for (unsigned i = 0; i < machine.hart_count; i++) {
        struct worker *w = &workers[i];
        long got = 0;
        if (i == machine.self_index)
            continue;
        worker_start(w);
        worker_begin(w, job_count_ipi);
        wait_until(!w->job);
        send_ipi(1, machine.harts[i]);
        CLAUSE(IPI, SEND_IPI, SUCCESS);
        check(worker_done(w, &got) && got, "hart %lu takes an interrupt sent to it", w->id);
        worker_stop(w);
    }
}

/* ---- RFENCE ---- */

static unsigned long page_a[512] __attribute__((aligned(4096))),
    page_b[512] __attribute__((aligned(4096)));
static volatile int stage;

/* Read through the page, let the other hart change where it is, read again. */
static long job_watch_page(struct worker *w)
{
    csr_write(satp, paging_satp());
    asm volatile("sfence.vma" ::: "memory");
    long first = *(volatile unsigned long *)page_va;
    stage = 1;
    wait_until(stage == 2);
    long second = *(volatile unsigned long *)page_va;
    paging_off();
    return first == 0xa && second == 0xb;
}

static void check_remote_vma(struct worker *w, unsigned long fid, unsigned long start,
                             unsigned long size, const char *text)
{
    long good = 0;
    page_a[0] = 0xa;
    page_b[0] = 0xb;
    stage = 0;
    paging_page(page_a, PAGE_R);
    worker_begin(w, job_watch_page);
    wait_until(stage == 1);
    paging_page(page_b, PAGE_R);
    sbi(SBI_EXT_RFENCE, fid, 1, machine.harts[w - workers], start, size, 0);
    stage = 2;
    check(worker_done(w, &good) && good, "%s reaches another hart", text);
}

void test_rfence(void)
{
    unsigned long self = 1ul << machine.self;
    static const char *const names[] = {"remote_fence_i", "remote_sfence_vma",
                                        "remote_sfence_vma_asid"};
    const enum clause success[] = {CLAUSE_ID(RFENCE, REMOTE_FENCE_I, SUCCESS),
                                   CLAUSE_ID(RFENCE, REMOTE_SFENCE_VMA, SUCCESS),
                                   CLAUSE_ID(RFENCE, REMOTE_SFENCE_VMA_ASID, SUCCESS)};
    const enum clause no_hart[] = {CLAUSE_ID(RFENCE, REMOTE_FENCE_I, INVALID_PARAM),
                                   CLAUSE_ID(RFENCE, REMOTE_SFENCE_VMA, INVALID_PARAM),
                                   CLAUSE_ID(RFENCE, REMOTE_SFENCE_VMA_ASID, INVALID_PARAM)};
    const enum clause no_range[] = {0, CLAUSE_ID(RFENCE, REMOTE_SFENCE_VMA, INVALID_ADDRESS),
                                    CLAUSE_ID(RFENCE, REMOTE_SFENCE_VMA_ASID, INVALID_ADDRESS)};
    for (unsigned long fid = 0; fid < 3; fid++) {
        const char *name = names[fid];
        clause(success[fid]);
        check(sbi(SBI_EXT_RFENCE, fid, self, 0, 0, 0, 0).error == 0, "%s self", name);
        CLAUSE(SBI, HART_MASK, ALL_HARTS);
        check(sbi(SBI_EXT_RFENCE, fid, 0, -1, 0, -1, 0).error == 0, "%s all harts", name);
        check(sbi(SBI_EXT_RFENCE, fid, 0, 0, 0, 0, 0).error == 0, "%s no hart", name);
        check(sbi(SBI_EXT_RFENCE, fid, self, 0, 0x1234, 0x5678, 1).error == 0, "%s a range", name);
        check(sbi(SBI_EXT_RFENCE, fid, self, 0, -4096, 4096, 1).error == 0, "%s the last page",
              name);
        check_bad_lists(name, SBI_EXT_RFENCE, fid, no_hart[fid]);
        if (fid == 0)
            continue;
        clause(no_range[fid]);
        check_known("does not check ranges",
                    sbi(SBI_EXT_RFENCE, fid, self, 0, -4096, 8192, 0).error ==
                        SBI_ERR_INVALID_ADDRESS,
                    "%s: a range beyond the address space", name);
    }
    const enum clause hypervisor[] = {
        CLAUSE_ID(RFENCE, REMOTE_HFENCE_GVMA_VMID, NOT_SUPPORTED),
        CLAUSE_ID(RFENCE, REMOTE_HFENCE_GVMA, NOT_SUPPORTED),
        CLAUSE_ID(RFENCE, REMOTE_HFENCE_VVMA_ASID, NOT_SUPPORTED),
        CLAUSE_ID(RFENCE, REMOTE_HFENCE_VVMA, NOT_SUPPORTED),
    };
    for (unsigned long fid = 3; fid < 7; fid++) {
        clause(hypervisor[fid - 3]);
        check_known("has these where harts have H",
                    sbi(SBI_EXT_RFENCE, fid, self, 0).error == SBI_ERR_NOT_SUPPORTED,
                    "RFENCE: hypervisor function %lu", fid);
    }
    CLAUSE(RFENCE, ANY, UNKNOWN_FUNCTION);
    check_equal(sbi(SBI_EXT_RFENCE, 7, self, 0).error, SBI_ERR_NOT_SUPPORTED,
                "RFENCE: unknown function");

    for (unsigned i = 0; i < machine.hart_count; i++) {
        struct worker *w = &workers[i];
        if (i == machine.self_index)
            continue;
        check(worker_start(w), "hart %lu starts", machine.harts[i]);
        CLAUSE(RFENCE, REMOTE_SFENCE_VMA, SUCCESS);
        check_remote_vma(w, SBI_RFENCE_REMOTE_SFENCE_VMA, page_va, 4096,
                         "remote_sfence_vma of a page");
        check_remote_vma(w, SBI_RFENCE_REMOTE_SFENCE_VMA, page_va - 8192 + 8, 8192,
                         "remote_sfence_vma of a crooked range");
        CLAUSE(RFENCE, REMOTE_SFENCE_VMA, WHOLE_SPACE);
        check_remote_vma(w, SBI_RFENCE_REMOTE_SFENCE_VMA, 0, 0, "remote_sfence_vma of everything");
        CLAUSE(RFENCE, REMOTE_SFENCE_VMA, WHOLE_SPACE);
        check_remote_vma(w, SBI_RFENCE_REMOTE_SFENCE_VMA, 0, -1, "remote_sfence_vma of size -1");
        CLAUSE(RFENCE, REMOTE_SFENCE_VMA_ASID, SUCCESS);
        check_remote_vma(w, SBI_RFENCE_REMOTE_SFENCE_VMA_ASID, page_va, 4096,
                         "remote_sfence_vma_asid of a page");
        CLAUSE(RFENCE, REMOTE_SFENCE_VMA_ASID, WHOLE_SPACE);
        check_remote_vma(w, SBI_RFENCE_REMOTE_SFENCE_VMA_ASID, 0, -1,
                         "remote_sfence_vma_asid of everything");
        worker_stop(w);
    }
}

/* ---- SRST ---- */

void test_srst(void)
{
    static const unsigned bad_types[] = {3, 0xefffffff, 0xf0000000, 0xffffffff};
    static const unsigned bad_reasons[] = {2, 0xdfffffff, 0xe0000000, 0xf0000000, 0xffffffff};
    for (unsigned i = 0; i < 4; i++) {
        CLAUSE(SRST, SYSTEM_RESET, INVALID_PARAM);
        check_ours("another error",
                   sbi(SBI_EXT_SRST, 0, bad_types[i], 0).error == SBI_ERR_INVALID_PARAM,
                   "system_reset: type %#x", bad_types[i]);
    }
    for (unsigned i = 0; i < 5; i++) {
        CLAUSE(SRST, SYSTEM_RESET, INVALID_PARAM);
        check_ours("another error",
                   sbi(SBI_EXT_SRST, 0, SBI_RESET_SHUTDOWN, bad_reasons[i]).error ==
                       SBI_ERR_INVALID_PARAM,
                   "system_reset: reason %#x", bad_reasons[i]);
    }
    CLAUSE(SRST, ANY, UNKNOWN_FUNCTION);
    check_equal(sbi(SBI_EXT_SRST, 1, 0, 0).error, SBI_ERR_NOT_SUPPORTED, "SRST: unknown function");
}
