/*
 * Looking at every instruction, for counters of events and for triggers. While something wants that
 * (hart->watch) blocks are one instruction long and each comes by here: watch_fetch() before it is
 * fetched, watch_insn() before it is executed, watch_after() behind it.
 */
#include "tools/emu/core/core.h"

/* The major opcodes that access memory, or transfer control. */
enum opcode {
    OPCODE_LOAD = 0x03,
    OPCODE_LOAD_FP = 0x07,
    OPCODE_MISC_MEM = 0x0f,
    OPCODE_STORE = 0x23,
    OPCODE_STORE_FP = 0x27,
    OPCODE_AMO = 0x2f,
    OPCODE_BRANCH = 0x63,
    OPCODE_JALR = 0x67,
    OPCODE_JAL = 0x6f,
};

#define FUNCT3(bits) ((bits) >> 12 & 7)
#define FUNCT5(bits) ((bits) >> 27)
#define FUNCT3_CBO   2
#define FUNCT5_LR    2
#define FUNCT5_SC    3
#define CBO_ZERO     4 /* imm */

/* What an instruction does to memory. `bits` are those of its row, never a compressed spelling's.
 */
static struct watch_access access_of(const struct hart *h, const struct insn *insn, uint32_t bits)
{
    struct watch_access a = {
        .va = X(h)[insn->rs1] + (uxlen)(sxlen)insn->imm,
        .size = 1u << (FUNCT3(bits) & 3),
    };
    switch (bits & 0x7f) {
    case OPCODE_LOAD:
    case OPCODE_LOAD_FP: a.load = true; break;
    case OPCODE_STORE:
    case OPCODE_STORE_FP: a.store = true; break;
    case OPCODE_AMO:
        a.va = X(h)[insn->rs1];
        a.size = 1u << FUNCT3(bits);
        a.load = FUNCT5(bits) != FUNCT5_SC;
        a.store = FUNCT5(bits) != FUNCT5_LR;
        break;
    case OPCODE_MISC_MEM:
        a.va = X(h)[insn->rs1] & ~(uxlen)63;
        a.size = 64;
        a.store = FUNCT3(bits) == FUNCT3_CBO && bits >> 20 == CBO_ZERO;
        break;
    default: break;
    }
    return a;
}

static uint32_t events_of(const struct watch_access *a, uint32_t bits)
{
    uint32_t events = 1u << EVENT_CYCLES | 1u << EVENT_INSTRUCTIONS;
    uint32_t opcode = bits & 0x7f;
    if (a->load)
        events |= 1u << EVENT_LOADS;
    if (a->store)
        events |= 1u << EVENT_STORES;
    if (opcode == OPCODE_BRANCH || opcode == OPCODE_JAL || opcode == OPCODE_JALR)
        events |= 1u << EVENT_BRANCHES;
    if (opcode == OPCODE_BRANCH)
        events |= 1u << EVENT_TAKEN; /* if so */
    return events;
}

bool CORE(watch_fetch)(struct hart *h, uxlen pc)
{
    return !(h->watch & WATCH_TRIGGER) || CORE(trigger_fetch)(h, pc);
}

bool CORE(watch_insn)(struct hart *h, uxlen pc)
{
    struct insn insn;
    uint32_t bits = 0;
    struct watch_access access = {.size = 0};
    if (decode(h->decoder, CORE(block_raw)(h, pc), &insn)) {
        bits = decoder_row(h->decoder, insn.id)->match;
        access = access_of(h, &insn, bits);
    }
    h->step = (struct step){
        .armed = true,
        .priv = h->priv,
        .instret = hart_instret(h),
        .next = pc + insn.len,
        .events = events_of(&access, bits),
    };
    return !(h->watch & WATCH_TRIGGER) || CORE(trigger_access)(h, &access);
}

void CORE(watch_after)(struct hart *h)
{
    struct step *s = &h->step;
    if (!s->armed)
        return;
    if (h->watch & WATCH_TRIGGER)
        CORE(trigger_after)(h, s->priv);
    if (h->pc == s->next)
        s->events &= ~(1u << EVENT_TAKEN);
    if (hart_instret(h) != s->instret) /* it did not trap */
        count_pending(h);
    s->armed = false;
}
