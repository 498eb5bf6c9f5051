/* SBI "Supervisor Software Events Extension": the calls. What they do to events is in sse.c. */
#include "sbi/csr.h"
#include "sbi/ecall.h"
#include "sbi/platform.h"
#include "sbi/sse.h"

/* ---- Attributes ---- */

static unsigned long read_attr(const struct hart *self, const struct sse_event *e, unsigned attr)
{
    switch (attr) {
    case SBI_SSE_ATTR_STATUS:
        return e->state | (sse_is_raised(self, e) ? SBI_SSE_STATUS_PENDING : 0) |
               SBI_SSE_STATUS_INJECTABLE;
    case SBI_SSE_ATTR_PRIORITY: return e->priority;
    case SBI_SSE_ATTR_CONFIG: return e->config;
    case SBI_SSE_ATTR_PREFERRED_HART: return e->preferred_hart;
    case SBI_SSE_ATTR_ENTRY_PC: return e->entry_pc;
    case SBI_SSE_ATTR_ENTRY_ARG: return e->entry_arg;
    case SBI_SSE_ATTR_INTERRUPTED_SEPC: return e->interrupted_sepc;
    case SBI_SSE_ATTR_INTERRUPTED_FLAGS: return e->interrupted_flags;
    case SBI_SSE_ATTR_INTERRUPTED_A6: return e->interrupted_a6;
    default: return e->interrupted_a7;
    }
}

/* Whether the attribute may be written, and that value: SBI_SUCCESS or why not. */
static long check_attr(const struct hart *self, const struct sse_event *e, unsigned attr,
                       unsigned long value)
{
    static const unsigned char flags[2] = {
        SBI_SSE_FLAG_SPP | SBI_SSE_FLAG_SPIE,
        SBI_SSE_FLAG_SPP | SBI_SSE_FLAG_SPIE | SBI_SSE_FLAG_SPV | SBI_SSE_FLAG_SPVP,
    };
    bool good = true;
    switch (attr) {
    case SBI_SSE_ATTR_STATUS:
    case SBI_SSE_ATTR_ENTRY_PC:
    case SBI_SSE_ATTR_ENTRY_ARG: return SBI_ERR_BAD_RANGE;
    case SBI_SSE_ATTR_PREFERRED_HART:
        if (!sse_is_global(e))
            return SBI_ERR_BAD_RANGE;
        good = hart_find(value) != NULL;
        break;
    case SBI_SSE_ATTR_CONFIG: good = !(value & ~(unsigned long)SBI_SSE_CONFIG_ONE_SHOT); break;
    case SBI_SSE_ATTR_INTERRUPTED_FLAGS:
        good = !(value & ~(unsigned long)flags[self->has_h]);
        break;
    default: break;
    }
    bool right_time = attr >= SBI_SSE_ATTR_INTERRUPTED_SEPC ? sse_runs_here(self, e)
                                                            : e->state <= SBI_SSE_REGISTERED;
    return !right_time ? SBI_ERR_INVALID_STATE : good ? SBI_SUCCESS : SBI_ERR_INVALID_PARAM;
}

static void write_attr(struct sse_event *e, unsigned attr, unsigned long value)
{
    switch (attr) {
    case SBI_SSE_ATTR_PRIORITY: e->priority = value; break;
    case SBI_SSE_ATTR_CONFIG: e->config = value; break;
    case SBI_SSE_ATTR_PREFERRED_HART: e->preferred_hart = value; break;
    case SBI_SSE_ATTR_INTERRUPTED_SEPC: e->interrupted_sepc = value; break;
    case SBI_SSE_ATTR_INTERRUPTED_FLAGS: e->interrupted_flags = value; break;
    case SBI_SSE_ATTR_INTERRUPTED_A6: e->interrupted_a6 = value; break;
    default: e->interrupted_a7 = value; break;
    }
}

/* What S-mode says of the memory for attributes. */
static long check_range(uint32_t first, uint32_t count, unsigned long low, unsigned long high)
{
    if (count == 0)
        return SBI_ERR_INVALID_PARAM;
    if (first >= SBI_SSE_ATTR_COUNT || count > SBI_SSE_ATTR_COUNT - first)
        return SBI_ERR_BAD_RANGE;
    if (low % sizeof(long) || high || !platform_is_smode_ram(low, count * sizeof(long)))
        return SBI_ERR_INVALID_ADDRESS;
    return SBI_SUCCESS;
}

/* Attribute first + i is word i of the memory. */
static long read_attrs(struct hart *self, struct sse_event *e, uint32_t first, uint32_t count,
                       unsigned long *memory)
{
    for (uint32_t i = 0; i < count; i++)
        memory[i] = read_attr(self, e, first + i);
    return SBI_SUCCESS;
}

/* All of them or none. The memory is S-mode's, so each word is read once. */
static long write_attrs(struct hart *self, struct sse_event *e, uint32_t first, uint32_t count,
                        const volatile unsigned long *memory)
{
    unsigned long value[SBI_SSE_ATTR_COUNT];
    for (uint32_t i = 0; i < count; i++) {
        value[i] = memory[i];
        long error = check_attr(self, e, first + i, value[i]);
        if (error)
            return error;
    }
    for (uint32_t i = 0; i < count; i++)
        write_attr(e, first + i, value[i]);
    return SBI_SUCCESS;
}

/* ---- The states of an event ---- */

static long move(struct hart *self, struct sse_event *e, unsigned from, unsigned to)
{
    if (e->state != from)
        return SBI_ERR_INVALID_STATE;
    sse_set_state(self, e, to);
    return SBI_SUCCESS;
}

static long enroll(struct hart *self, struct sse_event *e, unsigned long pc, unsigned long arg)
{
    if (pc % 2)
        return SBI_ERR_INVALID_PARAM;
    long error = move(self, e, SBI_SSE_UNUSED, SBI_SSE_REGISTERED);
    if (error)
        return error;
    e->entry_pc = pc;
    e->entry_arg = arg;
    return SBI_SUCCESS;
}

/* A local event is raised on the hart of that id, whose event has the same place as ours. */
static long inject(struct hart *self, struct sse_event *e, unsigned long id)
{
    struct hart *hart = sse_is_global(e) ? self : hart_find(id);
    if (!hart)
        return SBI_ERR_INVALID_PARAM;
    sse_raise(hart, sse_is_global(e) ? e : &hart->sse_local[e - self->sse_local]);
    return SBI_SUCCESS;
}

static long mask(struct hart *self, bool masked)
{
    if (self->sse_masked == masked)
        return masked ? SBI_ERR_ALREADY_STOPPED : SBI_ERR_ALREADY_STARTED;
    __atomic_store_n(&self->sse_masked, masked, __ATOMIC_SEQ_CST);
    self->sse_look = true;
    return SBI_SUCCESS;
}

/* The calls that name an event; it is locked. */
static long event_call(struct hart *self, struct sse_event *e, ECALL_ARGS)
{
    long error;
    switch (fid) {
    case SBI_SSE_READ_ATTRS:
        error = check_range(a1, a2, a3, a4);
        return error ? error : read_attrs(self, e, a1, a2, (unsigned long *)a3);
    case SBI_SSE_WRITE_ATTRS:
        error = check_range(a1, a2, a3, a4);
        return error ? error : write_attrs(self, e, a1, a2, (unsigned long *)a3);
    case SBI_SSE_REGISTER: return enroll(self, e, a1, a2);
    case SBI_SSE_UNREGISTER: return move(self, e, SBI_SSE_REGISTERED, SBI_SSE_UNUSED);
    case SBI_SSE_ENABLE: return move(self, e, SBI_SSE_REGISTERED, SBI_SSE_ENABLED);
    case SBI_SSE_DISABLE: return move(self, e, SBI_SSE_ENABLED, SBI_SSE_REGISTERED);
    default: return inject(self, e, a1);
    }
}

static struct sbiret sse_call(ECALL_ARGS)
{
    struct hart *self = hart_self();
    long error;
    switch (fid) {
    case SBI_SSE_COMPLETE: /* a0 and a1 belong to what is resumed */
        return sse_complete(self) ? (struct sbiret){a0, a1} : sbi_value(0);
    case SBI_SSE_HART_UNMASK: return sbi_error(mask(self, false));
    case SBI_SSE_HART_MASK: return sbi_error(mask(self, true));
    default: break;
    }
    if (fid > SBI_SSE_HART_MASK)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    struct sse_event *e = sse_find(self, a0, &error);
    if (!e)
        return sbi_error(error);
    sse_lock(e);
    error = event_call(self, e, a0, a1, a2, a3, a4, a5, fid, eid);
    sse_unlock(e);
    return sbi_error(error);
}

const struct ext ext_sse = {SBI_EXT_SSE, SBI_EXT_SSE, .call = sse_call};
