/*
 * What a hart did last, for whoever asks after a crash: its traps, which are noted always, and its
 * instructions, if they are kept: then each block notes itself when it is entered (OP_HISTORY), and
 * what was executed of it follows from the numbers of instructions retired.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/emu/core/core.h"

bool hart_keep_history(struct hart *hart)
{
    if (!hart->blocks)
        hart->blocks = calloc(1, sizeof(*hart->blocks));
    code_flush(hart); /* decoded anew, blocks note themselves */
    return hart->blocks != NULL;
}

/* --- traps ------------------------------------------------------------------------------------ */

/*
 * As many times in a row the same exception at the same instruction, soon and without a return
 * between, do not come of a handler that gets anywhere. (The address it is about may change: that
 * of a stack.)
 */
enum { SAME_MAX = 16, SOON = 64 };

static bool is_same(const struct trap_note *a, const struct trap_note *b)
{
    return a->event.pc == b->event.pc && a->event.priv == b->event.priv &&
           a->event.trap.cause == b->event.trap.cause;
}

unsigned hart_trap_repeats(const struct hart *hart)
{
    return hart->traps.repeats;
}

void history_trap(struct hart *h, const struct hart_trace *event)
{
    struct trap_history *t = &h->traps;
    const struct trap_note *last = &t->notes[(t->count - 1) % HART_HISTORY];
    struct trap_note *now = &t->notes[t->count % HART_HISTORY];
    bool inside = event->priv == event->trap.to && !(event->trap.cause >> 63);
    *now = (struct trap_note){
        .event = *event, .after = h->blocks ? h->blocks->count : 0, .instret = hart_instret(h)};
    bool same = t->count != 0 && is_same(now, last);
    bool soon = now->instret - last->instret < SOON;
    bool at_same_address = now->event.trap.tval == last->event.trap.tval;
    t->same = same && inside && !t->returned && soon ? t->same + 1 : 0;
    t->repeats = same && (!t->returned || at_same_address) ? t->repeats + 1 : 0;
    t->count++;
    t->returned = false;
    if (t->stuck || !inside || (event->pc != event->trap.target && t->same < SAME_MAX))
        return;
    t->stuck = true;
    if (h->config.ops->stuck)
        h->config.ops->stuck(h->config.opaque, h);
}

void history_reset(struct hart *h)
{
    memset(&h->traps, 0, sizeof(h->traps));
    if (h->blocks)
        memset(h->blocks, 0, sizeof(*h->blocks));
}

/* --- telling it ------------------------------------------------------------------------------- */

static uint64_t address_mask(const struct hart *h)
{
    return h->config.isa.xlen == 32 ? UINT32_MAX : UINT64_MAX;
}

/* The instruction at an address as it is there now; false if there is none. */
static bool read_insn(struct hart *h, uint64_t pc, enum hart_priv priv, uint32_t *bits)
{
    uint16_t half[2] = {0, 0};
    for (unsigned i = 0; i < 2; i++) {
        uint64_t paddr;
        if (!hart_translate(h, pc + 2 * i, priv, &paddr) ||
            ram_read(h->config.ram, paddr, &half[i], sizeof(half[i])) != 0)
            return false;
        if (insn_length(half[0]) == 2)
            break;
    }
    *bits = half[0] | (uint32_t)half[1] << 16;
    return true;
}

/* A list of what is to be told, of which the last HART_HISTORY instructions are wanted. */
struct telling {
    struct hart *hart;
    hart_trace_fn *fn; /* NULL: only count */
    void *arg;
    uint64_t insns, skip; /* instructions so far; of which the first are left out */
};

static void tell_insn(struct telling *t, uint64_t pc, enum hart_priv priv, uint32_t bits)
{
    const struct hart_trace event = {.kind = HART_TRACE_INSN, .priv = priv, .pc = pc, .insn = bits};
    if (t->insns++ >= t->skip && t->fn)
        t->fn(t->arg, t->hart, &event);
}

/* The `count` instructions from the note's address on. */
static void tell_block(struct telling *t, const struct block_note *note, uint64_t count)
{
    uint64_t pc = note->pc;
    uint32_t bits;
    for (; count > 0 && read_insn(t->hart, pc, note->priv, &bits); count--) {
        tell_insn(t, pc, note->priv, bits);
        pc = (pc + insn_length(bits)) & address_mask(t->hart);
    }
}

/* A trap; before it the instruction that did not retire, if that caused it. */
static void tell_trap(struct telling *t, const struct trap_note *note)
{
    uint32_t bits;
    bool kept = t->hart->blocks && !(note->event.trap.cause >> 63);
    if (kept && read_insn(t->hart, note->event.pc, note->event.priv, &bits))
        tell_insn(t, note->event.pc, note->event.priv, bits);
    if (t->fn)
        t->fn(t->arg, t->hart, &note->event);
}

static void tell(struct telling *t)
{
    const struct block_history *b = t->hart->blocks;
    const struct trap_history *traps = &t->hart->traps;
    uint64_t trap = traps->count > HART_HISTORY ? traps->count - HART_HISTORY : 0;
    uint64_t blocks = b ? b->count : 0;
    uint64_t i = blocks > HART_HISTORY ? blocks - HART_HISTORY : 0;
    for (;; i++) {
        for (; trap < traps->count && traps->notes[trap % HART_HISTORY].after <= i; trap++)
            tell_trap(t, &traps->notes[trap % HART_HISTORY]);
        if (i >= blocks)
            break;
        const struct block_note *note = &b->notes[i % HART_HISTORY];
        uint64_t end =
            i + 1 < blocks ? b->notes[(i + 1) % HART_HISTORY].instret : hart_instret(t->hart);
        tell_block(t, note,
                   end - note->instret < BLOCK_MAX_INSNS ? end - note->instret : BLOCK_MAX_INSNS);
    }
}

void hart_history(struct hart *hart, hart_trace_fn *fn, void *arg)
{
    struct telling t = {.hart = hart, .arg = arg};
    tell(&t);
    t.skip = t.insns > HART_HISTORY ? t.insns - HART_HISTORY : 0;
    t.insns = 0;
    t.fn = fn;
    tell(&t);
}
