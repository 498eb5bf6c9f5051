/*
 * SBI "Debug Triggers Extension". Logical trigger i is the hart's trigger i, so a chain that is
 * contiguous in one numbering is in the other. What is installed stands in the hart's registers;
 * remembered is only the state word: which modes the trigger fires in when it is enabled.
 */
#include "lib/string.h"
#include "sbi/csr.h"
#include "sbi/dbtr.h"
#include "sbi/ecall.h"
#include "sbi/platform.h"

enum { XLEN = 8 * sizeof(long) };
enum { TYPE_MATCH = 2, TYPE_ICOUNT, TYPE_ITRIGGER, TYPE_ETRIGGER, TYPE_MATCH6 };

#define DMODE    (1UL << (XLEN - 5))
#define CHAIN    (1UL << 11) /* of the match types */
#define STATE_OF (SBI_DBTR_STATE_U | SBI_DBTR_STATE_S | SBI_DBTR_STATE_VU | SBI_DBTR_STATE_VS)

/* Bits of tdata1 by type: the modes it fires in, and what the hart sets when it has. */
static const struct layout {
    unsigned long u, s, m, vu, vs, hit;
} layouts[] = {
    [TYPE_MATCH] = {1 << 3, 1 << 4, 1 << 6, 0, 0, 1 << 20},
    [TYPE_ICOUNT] = {1 << 6, 1 << 7, 1 << 9, 1 << 25, 1 << 26, 1 << 24},
    [TYPE_ITRIGGER] = {1 << 6, 1 << 7, 1 << 9, 1 << 11, 1 << 12, 1UL << (XLEN - 6)},
    [TYPE_ETRIGGER] = {1 << 6, 1 << 7, 1 << 9, 1 << 11, 1 << 12, 1UL << (XLEN - 6)},
    [TYPE_MATCH6] = {1 << 3, 1 << 4, 1 << 6, 1 << 23, 1 << 24, 1 << 22 | 1 << 25},
};

static unsigned type_of(unsigned long tdata1)
{
    return tdata1 >> (XLEN - 4);
}

static const struct layout *layout_of(unsigned long tdata1)
{
    unsigned type = type_of(tdata1);
    return type >= TYPE_MATCH && type <= TYPE_MATCH6 ? &layouts[type] : NULL;
}

static bool is_chained(unsigned long tdata1)
{
    unsigned type = type_of(tdata1);
    return (type == TYPE_MATCH || type == TYPE_MATCH6) && tdata1 & CHAIN;
}

/* ---- The hart's registers; trap_redirect() and S-mode do not touch tselect ---- */

static void write_trigger(unsigned index, const struct sbi_dbtr_entry *e)
{
    csr_write(tselect, index);
    csr_write(tdata1, 0); /* never half of the new with half of the old */
    csr_write(tdata2, e->tdata2);
    if (e->tdata3 || csr_read(tdata3))
        csr_write(tdata3, e->tdata3);
    csr_write(tdata1, e->tdata1);
}

static void read_trigger(unsigned index, struct sbi_dbtr_entry *e)
{
    csr_write(tselect, index);
    e->tdata1 = csr_read(tdata1);
    e->tdata2 = csr_read(tdata2);
    e->tdata3 = csr_read(tdata3);
}

static void clear_trigger(struct hart *self, unsigned index)
{
    write_trigger(index, &(struct sbi_dbtr_entry){0});
    self->dbtr_state[index] = 0;
}

/* Bit per type the trigger can be: tinfo, or on a hart without it what it is now. */
static unsigned long types_of(const struct hart *self, unsigned index)
{
    csr_write(tselect, index);
    return self->has_tinfo ? csr_read(tinfo) & 0xffff : 1UL << type_of(csr_read(tdata1));
}

static bool can_be(const struct hart *self, unsigned index, unsigned long tdata1)
{
    return types_of(self, index) >> type_of(tdata1) & 1;
}

/* Install at index, or replace what is there. False if the hart does not keep what it is given. */
static bool place(struct hart *self, unsigned index, const struct sbi_dbtr_entry *e)
{
    const struct layout *l = layout_of(e->tdata1);
    struct sbi_dbtr_entry kept;
    write_trigger(index, e);
    read_trigger(index, &kept);
    self->dbtr_state[index] =
        SBI_DBTR_STATE_MAPPED | SBI_DBTR_STATE_HAS_HW |
        (unsigned long)index << SBI_DBTR_STATE_HW_SHIFT |
        (e->tdata1 & l->u ? SBI_DBTR_STATE_U : 0) | (e->tdata1 & l->s ? SBI_DBTR_STATE_S : 0) |
        (e->tdata1 & l->vu ? SBI_DBTR_STATE_VU : 0) | (e->tdata1 & l->vs ? SBI_DBTR_STATE_VS : 0);
    return !((kept.tdata1 ^ e->tdata1) & ~l->hit) && kept.tdata2 == e->tdata2 &&
           kept.tdata3 == e->tdata3;
}

/* Let an installed trigger fire in its modes, or in none. */
static void arm(struct hart *self, unsigned index, bool on)
{
    unsigned long state = self->dbtr_state[index];
    csr_write(tselect, index);
    unsigned long tdata1 = csr_read(tdata1);
    const struct layout *l = layout_of(tdata1);
    tdata1 &= ~(l->u | l->s | l->vu | l->vs);
    if (on)
        tdata1 |= (state & SBI_DBTR_STATE_U ? l->u : 0) | (state & SBI_DBTR_STATE_S ? l->s : 0) |
                  (state & SBI_DBTR_STATE_VU ? l->vu : 0) | (state & SBI_DBTR_STATE_VS ? l->vs : 0);
    csr_write(tdata1, tdata1);
}

/* Triggers 0 to the result - 1 of this hart exist. Only before the first entry to S-mode. */
static unsigned probe_triggers(void)
{
    unsigned long ignored, selected;
    unsigned count = 0;
    for (; count < DBTR_MAX && csr_try_write(tselect, count); count++)
        if (!csr_probe(tselect, &selected) || selected != count || !csr_probe(tdata1, &ignored) ||
            type_of(ignored) == 0)
            break;
    return count;
}

void dbtr_init(struct hart *self)
{
    unsigned long ignored;
    self->dbtr_count = probe_triggers();
    self->has_tinfo = self->dbtr_count && csr_probe(tinfo, &ignored);
}

void dbtr_reset(struct hart *self)
{
    self->dbtr_shmem = DBTR_NO_SHMEM;
    for (unsigned i = 0; i < self->dbtr_count; i++)
        clear_trigger(self, i);
}

static bool dbtr_available(void)
{
    return probe_triggers() != 0;
}

/* ---- Calls ---- */

static struct sbiret fail(long error, unsigned long index)
{
    return (struct sbiret){.error = error, .value = index};
}

static struct sbiret num_triggers(struct hart *self, unsigned long tdata1)
{
    unsigned count = 0;
    if (tdata1 == 0)
        return sbi_value(self->dbtr_count);
    for (unsigned i = 0; i < self->dbtr_count; i++)
        count += layout_of(tdata1) && can_be(self, i, tdata1);
    return sbi_value(count);
}

static struct sbiret setup_shmem(struct hart *self, unsigned long low, unsigned long high,
                                 unsigned long flags)
{
    bool none = low == -1ul && high == -1ul;
    if (flags || (!none && low % sizeof(long)))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (!none &&
        (high || !platform_is_smode_ram(low, self->dbtr_count * sizeof(struct sbi_dbtr_entry))))
        return sbi_error(SBI_ERR_INVALID_ADDRESS);
    self->dbtr_shmem = none ? DBTR_NO_SHMEM : low;
    return sbi_value(0);
}

/* The specification's bound leaves the last trigger out of every range. */
static struct sbiret read_triggers(struct hart *self, struct sbi_dbtr_entry *memory,
                                   unsigned long base, unsigned long count)
{
    unsigned max = self->dbtr_count;
    if (base >= max || count >= max - base)
        return sbi_error(SBI_ERR_BAD_RANGE);
    for (unsigned i = 0; i < count; i++) {
        struct sbi_dbtr_entry e;
        read_trigger(base + i, &e);
        e.state = self->dbtr_state[base + i];
        memory[i] = e;
    }
    return sbi_value(0);
}

/* Neither M-mode's nor a debugger's, and of a type there is. */
static bool is_sound(const struct sbi_dbtr_entry *e)
{
    const struct layout *l = layout_of(e->tdata1);
    return l && !(e->tdata1 & (DMODE | l->m));
}

/* A run of free triggers for the chain that starts at entry, DBTR_MAX if there is none. */
static unsigned find_room(struct hart *self, const struct sbi_dbtr_entry *entry, unsigned length)
{
    for (unsigned first = 0; first + length <= self->dbtr_count; first++) {
        unsigned n = 0;
        while (n < length && !self->dbtr_state[first + n] &&
               can_be(self, first + n, entry[n].tdata1))
            n++;
        if (n == length)
            return first;
    }
    return DBTR_MAX;
}

/* All or none. The memory is S-mode's, so it is read once. */
static struct sbiret install(struct hart *self, struct sbi_dbtr_entry *memory, unsigned long count)
{
    struct sbi_dbtr_entry entry[DBTR_MAX];
    uint8_t at[DBTR_MAX];
    long error = SBI_SUCCESS;
    unsigned done = 0;
    if (count >= self->dbtr_count)
        return sbi_error(SBI_ERR_BAD_RANGE);
    memcpy(entry, memory, count * sizeof(*memory));
    for (unsigned i = 0; i < count; i++)
        if (!is_sound(&entry[i]) || (i == count - 1 && is_chained(entry[i].tdata1)))
            return fail(SBI_ERR_INVALID_PARAM, i);
    while (done < count && !error) {
        unsigned length = 1;
        while (is_chained(entry[done + length - 1].tdata1))
            length++;
        unsigned first = find_room(self, &entry[done], length);
        if (first == DBTR_MAX)
            error = SBI_ERR_FAILED;
        for (unsigned n = 0; n < length && !error; n++, done++) {
            at[done] = first + n;
            if (!place(self, first + n, &entry[done])) {
                clear_trigger(self, first + n);
                error = SBI_ERR_NOT_SUPPORTED;
                break;
            }
        }
    }
    for (unsigned i = 0; i < done; i++) {
        if (error)
            clear_trigger(self, at[i]);
        else
            memory[i].state = at[i];
    }
    return fail(error, error ? done : 0);
}

static long update_one(struct hart *self, const struct sbi_dbtr_entry *e)
{
    struct sbi_dbtr_entry old;
    if (e->state >= self->dbtr_count || !is_sound(e))
        return SBI_ERR_INVALID_PARAM;
    unsigned long state = self->dbtr_state[e->state];
    if (!state)
        return SBI_ERR_FAILED;
    read_trigger(e->state, &old);
    if (type_of(old.tdata1) != type_of(e->tdata1) ||
        is_chained(old.tdata1) != is_chained(e->tdata1))
        return SBI_ERR_INVALID_PARAM;
    if (place(self, e->state, e))
        return SBI_SUCCESS;
    write_trigger(e->state, &old);
    self->dbtr_state[e->state] = state;
    return SBI_ERR_NOT_SUPPORTED;
}

static struct sbiret update(struct hart *self, const struct sbi_dbtr_entry *memory,
                            unsigned long count)
{
    if (count >= self->dbtr_count)
        return sbi_error(SBI_ERR_BAD_RANGE);
    for (unsigned i = 0; i < count; i++) {
        struct sbi_dbtr_entry e = memory[i];
        long error = update_one(self, &e);
        if (error)
            return fail(error, i);
    }
    return sbi_value(0);
}

/* The calls on a set of triggers, which must all be installed. */
static struct sbiret on_set(struct hart *self, unsigned long base, unsigned long mask,
                            unsigned long fid)
{
    for (unsigned i = 0; i < XLEN; i++)
        if (mask >> i & 1 &&
            (base + i >= self->dbtr_count || base + i < base || !self->dbtr_state[base + i]))
            return sbi_error(SBI_ERR_INVALID_PARAM);
    for (unsigned i = 0; i < self->dbtr_count; i++) {
        if (i < base || !(mask >> (i - base) & 1))
            continue;
        if (fid == SBI_DBTR_UNINSTALL)
            clear_trigger(self, i);
        else
            arm(self, i, fid == SBI_DBTR_ENABLE);
    }
    return sbi_value(0);
}

static struct sbiret dbtr_call(ECALL_ARGS)
{
    struct hart *self = hart_self();
    struct sbi_dbtr_entry *memory = (struct sbi_dbtr_entry *)self->dbtr_shmem;
    bool needs_memory = fid >= SBI_DBTR_READ && fid <= SBI_DBTR_UPDATE;
    if (needs_memory && self->dbtr_shmem == DBTR_NO_SHMEM)
        return sbi_error(SBI_ERR_NO_SHMEM);
    switch (fid) {
    case SBI_DBTR_NUM_TRIGGERS: return num_triggers(self, a0);
    case SBI_DBTR_SETUP_SHMEM: return setup_shmem(self, a0, a1, a2);
    case SBI_DBTR_READ: return read_triggers(self, memory, a0, a1);
    case SBI_DBTR_INSTALL: return install(self, memory, a0);
    case SBI_DBTR_UPDATE: return update(self, memory, a0);
    case SBI_DBTR_UNINSTALL:
    case SBI_DBTR_ENABLE:
    case SBI_DBTR_DISABLE: return on_set(self, a0, a1, fid);
    default: return sbi_error(SBI_ERR_NOT_SUPPORTED);
    }
}

const struct ext ext_dbtr = {SBI_EXT_DBTR, SBI_EXT_DBTR, dbtr_available, dbtr_call};
