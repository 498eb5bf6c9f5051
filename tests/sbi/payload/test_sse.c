/* SSE. */
#include "riscv/bits.h"
#include "test.h"

/* What a handler is given, and what it left; known to start.S up to stack_top. */
struct event {
    unsigned long x[32], stack_top;
    unsigned id;          /* event */
    unsigned inject;      /* from the handler, at its first run; 0: nothing */
    unsigned long resume; /* go on there instead; 0: where it was */
    volatile unsigned runs, order;
    volatile unsigned long hart, seen[SBI_SSE_ATTR_COUNT], sstatus, satp;
    volatile bool nested; /* the injected event ran before inject returned */
};

void event_entry(void); /* start.S */
void event_handler(unsigned long hart, struct event *e);

static struct event local = {.id = SBI_SSE_LOCAL_SOFTWARE};
static struct event global = {.id = SBI_SSE_GLOBAL_SOFTWARE};
static struct event overflow = {.id = SBI_SSE_LOCAL_PMU};
static char stacks[3][4096] __attribute__((aligned(16)));
static unsigned long words[SBI_SSE_ATTR_COUNT];
static volatile unsigned clock;

static long sse(unsigned long fid, unsigned long a0, unsigned long a1, unsigned long a2,
                unsigned long a3)
{
    return sbi(SBI_EXT_SSE, fid, a0, a1, a2, a3, 0).error;
}

static long attr_read(unsigned id, unsigned attr, unsigned long *value)
{
    return sse(SBI_SSE_READ_ATTRS, id, attr, 1, (unsigned long)value);
}

static unsigned long get(unsigned id, unsigned attr)
{
    static unsigned long value[MAX_HARTS];
    unsigned long *own = &value[csr_read(sscratch) % MAX_HARTS];
    *own = -1;
    attr_read(id, attr, own);
    return *own;
}

static long set(unsigned id, unsigned attr, unsigned long value)
{
    words[0] = value;
    return sse(SBI_SSE_WRITE_ATTRS, id, attr, 1, (unsigned long)words);
}

static unsigned state(unsigned id)
{
    return get(id, SBI_SSE_ATTR_STATUS) & 3;
}

static long inject(unsigned id, unsigned long hart)
{
    return sse(SBI_SSE_INJECT, id, hart, 0, 0);
}

void event_handler(unsigned long hart, struct event *e)
{
    e->hart = hart;
    e->order = ++clock;
    e->sstatus = csr_read(sstatus);
    e->satp = csr_read(satp);
    for (unsigned i = 0; i < SBI_SSE_ATTR_COUNT; i++)
        e->seen[i] = get(e->id, i);
    if (e->inject && e->runs == 0) {
        struct event *other = e->inject == local.id ? &local : &global;
        unsigned before = other->runs;
        inject(e->inject, machine.self);
        e->nested = other->runs != before;
    }
    if (e->resume)
        csr_write(sepc, e->resume);
    e->runs++;
}

/* Register and enable with the priority given. */
static void arm(struct event *e, unsigned long priority)
{
    unsigned n = e == &overflow ? 2 : e == &global;
    e->stack_top = (unsigned long)(stacks[n] + sizeof(stacks[n]));
    e->runs = 0;
    e->nested = false;
    set(e->id, SBI_SSE_ATTR_PRIORITY, priority);
    sse(SBI_SSE_REGISTER, e->id, (unsigned long)event_entry, (unsigned long)e, 0);
    sse(SBI_SSE_ENABLE, e->id, 0, 0, 0);
}

static void disarm(struct event *e)
{
    sse(SBI_SSE_DISABLE, e->id, 0, 0, 0);
    sse(SBI_SSE_UNREGISTER, e->id, 0, 0, 0);
    e->inject = 0;
    e->resume = 0;
}

static void test_masks(void)
{
    CLAUSE(SSE, HART_MASK, ALREADY_STOPPED);
    check_equal(sse(SBI_SSE_HART_MASK, 0, 0, 0, 0), SBI_ERR_ALREADY_STOPPED, "events are masked");
    CLAUSE(SSE, HART_UNMASK, SUCCESS);
    check_equal(sse(SBI_SSE_HART_UNMASK, 0, 0, 0, 0), 0, "hart_unmask");
    CLAUSE(SSE, HART_UNMASK, ALREADY_STARTED);
    check_equal(sse(SBI_SSE_HART_UNMASK, 0, 0, 0, 0), SBI_ERR_ALREADY_STARTED, "hart_unmask twice");
    CLAUSE(SSE, COMPLETE, NOTHING_RUNS);
    check_equal(sse(SBI_SSE_COMPLETE, 0, 0, 0, 0), 0, "complete where nothing runs");
    CLAUSE(SSE, ANY, UNKNOWN_FUNCTION);
    check_equal(sse(10, 0, 0, 0, 0), SBI_ERR_NOT_SUPPORTED, "SSE: unknown function");
}

static void test_ids(void)
{
    static const unsigned reserved[] = {2,          0x3fff,     0x4000,     0x8001,     0xc000,
                                        0x10001,    0x18000,    0x20000,    0xfffe0000, 0xffff0001,
                                        0xffff4000, 0xffff8001, 0xffffc000, 0xffffffff};
    static const unsigned absent[] = {SBI_SSE_LOCAL_RAS, SBI_SSE_LOCAL_DOUBLE_TRAP,
                                      SBI_SSE_GLOBAL_RAS};
    static const unsigned char fids[] = {SBI_SSE_READ_ATTRS, SBI_SSE_WRITE_ATTRS, SBI_SSE_REGISTER,
                                         SBI_SSE_UNREGISTER, SBI_SSE_ENABLE,      SBI_SSE_DISABLE,
                                         SBI_SSE_INJECT};
    const enum clause invalid[] = {
        CLAUSE_ID(SSE, READ_ATTRS, INVALID_PARAM), CLAUSE_ID(SSE, WRITE_ATTRS, INVALID_PARAM),
        CLAUSE_ID(SSE, REGISTER, INVALID_PARAM),   CLAUSE_ID(SSE, UNREGISTER, INVALID_PARAM),
        CLAUSE_ID(SSE, ENABLE, INVALID_PARAM),     CLAUSE_ID(SSE, DISABLE, INVALID_PARAM),
        CLAUSE_ID(SSE, INJECT, INVALID_PARAM),
    };
    const enum clause lacking[] = {
        CLAUSE_ID(SSE, READ_ATTRS, NOT_SUPPORTED), CLAUSE_ID(SSE, WRITE_ATTRS, NOT_SUPPORTED),
        CLAUSE_ID(SSE, REGISTER, NOT_SUPPORTED),   CLAUSE_ID(SSE, UNREGISTER, NOT_SUPPORTED),
        CLAUSE_ID(SSE, ENABLE, NOT_SUPPORTED),     CLAUSE_ID(SSE, DISABLE, NOT_SUPPORTED),
        CLAUSE_ID(SSE, INJECT, NOT_SUPPORTED),
    };
    for (unsigned f = 0; f < sizeof(fids); f++) {
        unsigned bad = 0;
        for (unsigned i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
            bad += sse(fids[f], reserved[i], 0, 1, (unsigned long)words) != SBI_ERR_INVALID_PARAM;
        clause(invalid[f]);
        check(bad == 0, "SSE function %u: reserved events (%u wrong)", fids[f], bad);
        for (unsigned i = 0; i < 3; i++)
            bad += sse(fids[f], absent[i], 0, 1, (unsigned long)words) != SBI_ERR_NOT_SUPPORTED;
        clause(lacking[f]);
        check(bad == 0, "SSE function %u: events the platform lacks (%u wrong)", fids[f], bad);
    }
}

static void test_attributes(unsigned id, const char *name)
{
    unsigned long at = (unsigned long)words;
    bool is_global = SBI_SSE_IS_GLOBAL(id);
    CLAUSE(SSE, READ_ATTRS, SUCCESS);
    check_equal(sse(SBI_SSE_READ_ATTRS, id, 0, SBI_SSE_ATTR_COUNT, at), 0, name);
    unsigned wrong = 0;
    for (unsigned i = 0; i < SBI_SSE_ATTR_COUNT; i++) {
        unsigned long want = i == SBI_SSE_ATTR_STATUS ? SBI_SSE_STATUS_INJECTABLE : 0;
        if (i == SBI_SSE_ATTR_PREFERRED_HART)
            wrong += !is_global && words[i] != machine.self;
        else
            wrong += words[i] != want;
    }
    CLAUSE(SSE, READ_ATTRS, SUCCESS);
    check(wrong == 0, "  attributes at reset (%u wrong)", wrong);
    CLAUSE(SSE, READ_ATTRS, INVALID_PARAM);
    check_equal(sse(SBI_SSE_READ_ATTRS, id, 0, 0, at), SBI_ERR_INVALID_PARAM, "  none of them");
    CLAUSE(SSE, READ_ATTRS, BAD_RANGE);
    check_equal(sse(SBI_SSE_READ_ATTRS, id, 10, 1, at), SBI_ERR_BAD_RANGE, "  one too far");
    CLAUSE(SSE, READ_ATTRS, BAD_RANGE);
    check_equal(sse(SBI_SSE_READ_ATTRS, id, 9, 2, at), SBI_ERR_BAD_RANGE, "  beyond the last");
    CLAUSE(SSE, READ_ATTRS, BAD_RANGE);
    check_equal(sse(SBI_SSE_READ_ATTRS, id, 1, 0xffffffff, at), SBI_ERR_BAD_RANGE, "  too many");
    const enum clause no_memory[] = {CLAUSE_ID(SSE, READ_ATTRS, INVALID_ADDRESS),
                                     CLAUSE_ID(SSE, WRITE_ATTRS, INVALID_ADDRESS)};
    for (unsigned fid = SBI_SSE_READ_ATTRS; fid <= SBI_SSE_WRITE_ATTRS; fid++) {
        clause(no_memory[fid]);
        check_equal(sse(fid, id, 1, 1, at + 1), SBI_ERR_INVALID_ADDRESS, "  at an odd address");
        clause(no_memory[fid]);
        check_equal(sse(fid, id, 1, 1, machine.firmware), SBI_ERR_INVALID_ADDRESS,
                    "  in the firmware's memory");
        clause(no_memory[fid]);
        check_equal(sse(fid, id, 1, 1, 0x1000000), SBI_ERR_INVALID_ADDRESS, "  in no memory");
        clause(no_memory[fid]);
        check_equal(sbi(SBI_EXT_SSE, fid, id, 1, 1, at, 1).error, SBI_ERR_INVALID_ADDRESS,
                    "  beyond what the hart reaches");
    }
    CLAUSE(SSE, WRITE_ATTRS, BAD_RANGE);
    check_equal(set(id, SBI_SSE_ATTR_STATUS, 0), SBI_ERR_BAD_RANGE, "  STATUS is read-only");
    CLAUSE(SSE, WRITE_ATTRS, BAD_RANGE);
    check_equal(set(id, SBI_SSE_ATTR_ENTRY_PC, 0), SBI_ERR_BAD_RANGE, "  ENTRY_PC is read-only");
    CLAUSE(SSE, WRITE_ATTRS, BAD_RANGE);
    check_equal(set(id, SBI_SSE_ATTR_ENTRY_ARG, 0), SBI_ERR_BAD_RANGE, "  ENTRY_ARG is read-only");
    CLAUSE(SSE, WRITE_ATTRS, INVALID_PARAM);
    check_equal(set(id, SBI_SSE_ATTR_CONFIG, 2), SBI_ERR_INVALID_PARAM, "  CONFIG, reserved bits");
    CLAUSE(SSE, WRITE_ATTRS, INVALID_STATE);
    check_equal(set(id, SBI_SSE_ATTR_INTERRUPTED_A6, 0), SBI_ERR_INVALID_STATE,
                "  INTERRUPTED_A6 when it does not run");
    check_equal(set(id, SBI_SSE_ATTR_PREFERRED_HART, machine.self),
                is_global ? 0 : SBI_ERR_BAD_RANGE, "  PREFERRED_HART");
    if (is_global)
        check_equal(set(id, SBI_SSE_ATTR_PREFERRED_HART, 12345), SBI_ERR_INVALID_PARAM,
                    "  PREFERRED_HART, no such hart");
    CLAUSE(SSE, WRITE_ATTRS, SUCCESS);
    check_equal(set(id, SBI_SSE_ATTR_PRIORITY, 77), 0, "  PRIORITY");
    CLAUSE(SSE, WRITE_ATTRS, SUCCESS);
    check(get(id, SBI_SSE_ATTR_PRIORITY) == 77, "  which is what it was set to");
    words[0] = 5;
    words[1] = 8;
    check_equal(sse(SBI_SSE_WRITE_ATTRS, id, SBI_SSE_ATTR_PRIORITY, 2, at), SBI_ERR_INVALID_PARAM,
                "  two, one of them wrong");
    CLAUSE(SSE, WRITE_ATTRS, INVALID_PARAM);
    check(get(id, SBI_SSE_ATTR_PRIORITY) == 77, "  change nothing");
}

static void test_states(unsigned id)
{
    unsigned long pc = (unsigned long)event_entry;
    CLAUSE(SSE, REGISTER, INVALID_PARAM);
    check_equal(sse(SBI_SSE_REGISTER, id, pc + 1, 0, 0), SBI_ERR_INVALID_PARAM, "register: odd pc");
    CLAUSE(SSE, UNREGISTER, INVALID_STATE);
    check_equal(sse(SBI_SSE_UNREGISTER, id, 0, 0, 0), SBI_ERR_INVALID_STATE, "unregister: UNUSED");
    CLAUSE(SSE, ENABLE, INVALID_STATE);
    check_equal(sse(SBI_SSE_ENABLE, id, 0, 0, 0), SBI_ERR_INVALID_STATE, "enable: UNUSED");
    CLAUSE(SSE, DISABLE, INVALID_STATE);
    check_equal(sse(SBI_SSE_DISABLE, id, 0, 0, 0), SBI_ERR_INVALID_STATE, "disable: UNUSED");
    CLAUSE(SSE, REGISTER, SUCCESS);
    check_equal(sse(SBI_SSE_REGISTER, id, pc, 4711, 0), 0, "register");
    check(state(id) == SBI_SSE_REGISTERED && get(id, SBI_SSE_ATTR_ENTRY_PC) == pc &&
              get(id, SBI_SSE_ATTR_ENTRY_ARG) == 4711,
          "  state, entry and argument");
    CLAUSE(SSE, REGISTER, INVALID_STATE);
    check_equal(sse(SBI_SSE_REGISTER, id, pc, 0, 0), SBI_ERR_INVALID_STATE, "register twice");
    CLAUSE(SSE, DISABLE, INVALID_STATE);
    check_equal(sse(SBI_SSE_DISABLE, id, 0, 0, 0), SBI_ERR_INVALID_STATE, "disable: REGISTERED");
    CLAUSE(SSE, ENABLE, SUCCESS);
    check_equal(sse(SBI_SSE_ENABLE, id, 0, 0, 0), 0, "enable");
    check(state(id) == SBI_SSE_ENABLED, "  its state");
    CLAUSE(SSE, ENABLE, INVALID_STATE);
    check_equal(sse(SBI_SSE_ENABLE, id, 0, 0, 0), SBI_ERR_INVALID_STATE, "enable twice");
    CLAUSE(SSE, UNREGISTER, INVALID_STATE);
    check_equal(sse(SBI_SSE_UNREGISTER, id, 0, 0, 0), SBI_ERR_INVALID_STATE, "unregister: ENABLED");
    CLAUSE(SSE, WRITE_ATTRS, INVALID_STATE);
    check_equal(set(id, SBI_SSE_ATTR_PRIORITY, 1), SBI_ERR_INVALID_STATE, "PRIORITY: ENABLED");
    CLAUSE(SSE, DISABLE, SUCCESS);
    check_equal(sse(SBI_SSE_DISABLE, id, 0, 0, 0), 0, "disable");
    CLAUSE(SSE, UNREGISTER, SUCCESS);
    check_equal(sse(SBI_SSE_UNREGISTER, id, 0, 0, 0), 0, "unregister");
    check(state(id) == SBI_SSE_UNUSED, "  and it is UNUSED again");
}

/* The event comes at once, finds what it should, and nobody else notices. */
static void test_injection(struct event *e)
{
    unsigned long in[32], out[32], wrong = 0;
    arm(e, 0);
    for (unsigned i = 0; i < 32; i++)
        in[i] = 0x6b6b0000ul + i * 0x111;
    in[10] = e->id;
    in[11] = machine.self;
    in[16] = SBI_SSE_INJECT;
    in[17] = SBI_EXT_SSE;
    csr_write(sepc, 0x1234);
    csr_set(sstatus, SSTATUS_SPP | SSTATUS_SPIE);
    csr_clear(sstatus, SSTATUS_SIE);
    call_with_registers(in, out);
    unsigned long status = csr_read(sstatus), sepc = csr_read(sepc);
    csr_write(sscratch, machine.self_index);
    CLAUSE(SSE, INJECT, SUCCESS);
    check(out[10] == 0 && e->runs == 1, "inject %#x: the handler runs, once (%u)", e->id, e->runs);
    for (unsigned i = 1; i < 32; i++)
        if (i != 10 && i != 11 && in[i] != out[i])
            wrong = i;
    CLAUSE(SSE, INJECTION, STATE_RESUMED);
    check(wrong == 0, "  every register survives (x%lu)", wrong);
    CLAUSE(SSE, INJECTION, STATE_RESUMED);
    check(sepc == 0x1234 && (status & SSTATUS_SPP) && (status & SSTATUS_SPIE) &&
              !(status & SSTATUS_SIE),
          "  so do sepc and sstatus");
    check(e->hart == machine.self && !(e->sstatus & SSTATUS_SIE) && (e->sstatus & SSTATUS_SPP),
          "  the handler knows its hart, has interrupts off, and whom it interrupted");
    check((e->seen[SBI_SSE_ATTR_STATUS] & 7) == SBI_SSE_RUNNING, "  the event is RUNNING");
    CLAUSE(SSE, INJECTION, STATE_SAVED);
    check(e->seen[SBI_SSE_ATTR_INTERRUPTED_SEPC] == 0x1234 &&
              e->seen[SBI_SSE_ATTR_INTERRUPTED_FLAGS] == (SBI_SSE_FLAG_SPP | SBI_SSE_FLAG_SPIE) &&
              e->seen[SBI_SSE_ATTR_INTERRUPTED_A6] == SBI_SSE_INJECT &&
              e->seen[SBI_SSE_ATTR_INTERRUPTED_A7] == SBI_EXT_SSE,
          "  what was interrupted is in its attributes");
    CLAUSE(SSE, COMPLETE, ENABLED);
    check(state(e->id) == SBI_SSE_ENABLED, "  it is ENABLED again");
    disarm(e);
}

static void test_masked(void)
{
    arm(&local, 0);
    CLAUSE(SSE, HART_MASK, SUCCESS);
    check_equal(sse(SBI_SSE_HART_MASK, 0, 0, 0, 0), 0, "hart_mask");
    check_equal(inject(local.id, machine.self), 0, "inject on a hart that masks events");
    check(local.runs == 0 &&
              get(local.id, SBI_SSE_ATTR_STATUS) ==
                  (SBI_SSE_ENABLED | SBI_SSE_STATUS_PENDING | SBI_SSE_STATUS_INJECTABLE),
          "  it is pending");
    check_equal(sse(SBI_SSE_HART_UNMASK, 0, 0, 0, 0), 0, "  until the hart unmasks");
    check(local.runs == 1 && !(get(local.id, SBI_SSE_ATTR_STATUS) & SBI_SSE_STATUS_PENDING),
          "  and then it runs");
    disarm(&local);
    CLAUSE(SSE, INJECT, INVALID_PARAM);
    check_equal(inject(local.id, 12345), SBI_ERR_INVALID_PARAM, "inject on no hart");
}

static void test_one_shot(void)
{
    set(local.id, SBI_SSE_ATTR_CONFIG, SBI_SSE_CONFIG_ONE_SHOT);
    arm(&local, 0);
    inject(local.id, machine.self);
    CLAUSE(SSE, COMPLETE, ONE_SHOT);
    check(local.runs == 1 && state(local.id) == SBI_SSE_REGISTERED,
          "a one-shot event ends REGISTERED");
    disarm(&local);
    sse(SBI_SSE_UNREGISTER, local.id, 0, 0, 0);
    set(local.id, SBI_SSE_ATTR_CONFIG, 0);
}

/* From the handler of the first the second is injected. */
static void test_nesting(struct event *first, unsigned long priority, struct event *second,
                         unsigned long other_priority, bool nests)
{
    arm(first, priority);
    arm(second, other_priority);
    first->inject = second->id;
    inject(first->id, machine.self);
    check(first->runs == 1 && second->runs == 1, "%#x (%lu) and %#x (%lu) both run", first->id,
          priority, second->id, other_priority);
    if (priority == other_priority)
        CLAUSE(SSE, EVENT, TIE_BY_ID);
    else if (nests)
        CLAUSE(SSE, EVENT, PREEMPTION);
    else
        CLAUSE(SSE, EVENT, LOWER_WAITS);
    check(first->nested == nests, "  the second %s", nests ? "within the first" : "behind it");
    disarm(first);
    disarm(second);
}

/* The overflow of a counter as an event, where there is one. */
static void test_overflow(void)
{
    struct event *e = &overflow;
    unsigned long status;
    if (machine.is_qemu || attr_read(e->id, SBI_SSE_ATTR_STATUS, &status) != 0) {
        check(machine.is_qemu || attr_read(e->id, 0, &status) == SBI_ERR_NOT_SUPPORTED,
              "the counters' event is not there");
        return;
    }
    arm(e, 0);
    unsigned counter = pmu_overflow_soon();
    check(wait_until(e->runs == 1), "a counter's overflow comes as an event");
    check(!(csr_read(sip) & MIP_LCOFIP), "  and not as an interrupt");
    pmu_overflow_end(counter);
    disarm(e);
}

static long job_events(struct worker *w)
{
    arm(&local, 0);
    sse(SBI_SSE_HART_UNMASK, 0, 0, 0, 0);
    w->arg = 1;
    bool came = wait_until(local.runs == 1);
    disarm(&local);
    return came;
}

static void test_other_hart(void)
{
    unsigned index = machine.self_index == 0;
    struct worker *w = &workers[index];
    long came = 0;
    if (machine.hart_count == 1 || !worker_start(w))
        return;
    w->arg = 0;
    worker_begin(w, job_events);
    wait_until(__atomic_load_n(&w->arg, __ATOMIC_ACQUIRE) == 1);
    CLAUSE(SSE, INJECT, SUCCESS);
    check_equal(inject(local.id, machine.harts[index]), 0, "inject on another hart");
    check(worker_done(w, &came) && came && local.hart == machine.harts[index], "  where it runs");

    arm(&local, 0);
    set(global.id, SBI_SSE_ATTR_PREFERRED_HART, machine.harts[index]);
    arm(&global, 0);
    worker_begin(w, job_events); /* an unmasked hart that waits */
    wait_until(w->arg == 1);
    inject(global.id, machine.self);
    check(wait_until(global.runs == 1), "a global event runs");
    check(global.hart == machine.harts[index], "  on the preferred hart");
    inject(local.id, machine.harts[index]);
    worker_done(w, NULL);
    disarm(&global);
    disarm(&local);
    worker_stop(w);
    worker_start(w);
    check_equal(inject(local.id, machine.harts[index]), 0, "a restarted hart has all masked again");
    worker_stop(w);
}

void test_sse(void)
{
    if (!has_extension(SBI_EXT_SSE)) {
        skip("this firmware has no SSE", "software events");
        return;
    }
    test_masks();
    test_ids();
    test_attributes(local.id, "attributes of the local event");
    test_attributes(global.id, "attributes of the global event");
    test_states(local.id);
    test_states(global.id);
    test_injection(&local);
    test_injection(&global);
    test_masked();
    test_one_shot();
    test_nesting(&local, 10, &global, 5, true);
    test_nesting(&local, 5, &global, 10, false);
    test_nesting(&global, 5, &local, 5, true); /* the lower id goes first */
    test_nesting(&local, 5, &global, 5, false);
    test_overflow();
    test_other_hart();
    sse(SBI_SSE_HART_MASK, 0, 0, 0, 0);
}
