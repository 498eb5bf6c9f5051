#pragma once
/*
 * The inside of a hart, shared by the files of the core. Those are compiled once with XLEN=32 and
 * once with XLEN=64 into the same program: every external function of the core is declared through
 * CORE(), which appends the suffix, and tools/emu/hart.c reaches them through struct core.
 *
 * Exit protocol
 * -------------
 * Guest code runs as decoded blocks (struct block): straight-line instructions, conditional
 * branches leaving them sideways, ended by an unconditional transfer, by anything that changes how
 * later instructions run (CSR, SYSTEM), by the end of the page or by the length limit. Everything
 * that runs blocks - the interpreter, later a JIT - keeps these rules:
 *
 *  1. Entering a block: the whole length is taken off the budget, then budget < 0 or attention != 0
 *     sends execution to the "check" exit with the length put back and pc = the block's start.
 *     Nothing of the block has run then. Interrupts, stop requests, tracing and the end of the
 * budget are dealt with there and nowhere else, so they cost two compares per block.
 *  2. Leaving sideways (taken branch) gives the unexecuted rest of the length back to the budget.
 *  3. Before anything that may look at or change hart state beyond the registers - slow memory
 * access, MMIO, CSR, SYSTEM - the position is published in hart->at (block, op, pc of the block,
 * budget), from which hart_pc() and hart_instret() are exact.
 *  4. An instruction that faults leaves registers as they were, has hart->exc set, and goes to the
 *     "fault" exit. pc is block pc + the op's offset; instructions before it in the block retired,
 *     it did not. It is charged to the budget, so that endless faults cannot stop hart_run().
 *  5. After a slow memory access attention != 0 ends the block behind that instruction: the access
 *     may have raised an interrupt, killed this very block (a store to code) or asked to stop.
 *  6. Blocks are found by physical address. A direct transfer inside one page is linked block to
 * block; all blocks of a page die together, so such a link never outlives its target. Transfers to
 *     another page go through the jump cache (virtual pc and fetch context -> block), which every
 *     change of translation empties; a miss there translates anew.
 *  7. A dead block's memory stays readable until the arena is reset, and that happens only in
 *     block_get(), never while a block is being executed.
 *  8. Decoded code is the hart's own. What the hart itself stores where it has decoded kills the
 *     page's blocks at once (code_store()). If other harts share the memory, a page's blocks were
 *     decoded from a copy of it, and theirs are noticed at FENCE.I: that empties the jump caches
 *     and begins an epoch, and before blocks of an older epoch are entered (code_find(); rule 6
 *     leaves no other way into a page) the copy is compared with memory. The same happens at the
 *     next check exit when the host writes (ATTENTION_FENCE_I).
 *  9. Guest memory is shared with harts on other threads: every access is atomic in the host's
 *     sense (ram_load(), ram_store() and the like; not torn if aligned), and a write minds the
 *     reservations of others (store_shared(), store_begin(); resv.h has the reasons). Everything
 *     else in struct hart belongs to the thread in hart_run(), but attention and mip_lines.
 * 10. Breakpoints of a debugger are virtual addresses, blocks are physical ones; what they have in
 *     common is the page offset. A block ends before any instruction at the page offset of one, no
 *     block that begins at such an offset is linked to, and none is in the jump cache under a
 *     breakpoint's address: so every way to it leads through block_get(), which fails with
 *     EXC_DEBUG. Pages with watchpoints are not cached for data: accesses come through locate(),
 *     which fails in the same way.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "riscv/bits.h"
#include "tools/emu/decode.h"
#include "tools/emu/fp/fp.h"
#include "tools/emu/hart.h"
#include "tools/emu/resv.h"

#ifdef XLEN
#    if XLEN == 64
typedef uint64_t uxlen;
typedef int64_t sxlen;
#        define CORE(name) name##_rv64
#        define IF64(...)  __VA_ARGS__
#        define IF32(...)
#    else
typedef uint32_t uxlen;
typedef int32_t sxlen;
#        define CORE(name) name##_rv32
#        define IF64(...)
#        define IF32(...) __VA_ARGS__
#    endif
/* The registers as the core sees them. */
typedef uxlen __attribute__((may_alias)) reg_t;
#    define X(hart) ((reg_t *)(hart)->x)
#endif

#define likely(c)   __builtin_expect(!!(c), 1)
#define unlikely(c) __builtin_expect(!!(c), 0)

#define PAGE_SHIFT  12
#define PAGE_SIZE   4096u
#define PAGE_OFFSET (PAGE_SIZE - 1)

/* enum-like exception numbers: CAUSE_LOAD_PAGE and so on; IRQ_MTI etc. are bits of mip. */
enum cause {
#define EXCEPTION(id, num, text) CAUSE_##id = num,
#define INTERRUPT(id, num, text) IRQ_##id = num,
#include "riscv/cause.def"
};

/* --- decoded code ---------------------------------------------------------------------------- */

struct block;

/*
 * One decoded instruction, as the interpreter wants it. x[SINK] takes results meant for x0. Offsets
 * count in halfwords from the block's start, immediates of branches in bytes from there.
 */
struct op {
    const void *fn; /* where its code is */
    union {
        struct block *link; /* branch, jump: the target's block, if in the same page */
        uint64_t raw;       /* CSR, SYSTEM, floating point, illegal: instruction bits */
        const void *alone;  /* first of a pair: where its code is if it is run alone */
    };
    int32_t imm;
    uint8_t rd, rs1, rs2;
    uint8_t offset;
};

/* Meanings that fields of op have in some classes, where they are not operands. */
#define op_left rd  /* BRANCH: instructions of the block behind this one */
#define op_end  rs2 /* JAL, JALR, CSR, SYSTEM, end of block: offset behind it */

/*
 * In floating-point operations (not loads and stores) imm holds the third source register, and
 * above it the enum fpu_state in which they may be done as fp/quick.h does them.
 */
#define OP_RS3(op)             ((op)->imm & 31)
#define OP_FPU_STATE(op)       ((op)->imm >> 8)
#define OP_FPU_IMM(rs3, state) ((rs3) | (int32_t)(state) << 8)

/*
 * Code for ops that are not rows of insn.def; numbered behind those.
 *
 * CHAIN ops take their first operand (rs1; STORE: rs2) from the host register in which the op
 * before left its result. A pair (pair.def) is the code of an op that does the work of the op
 * behind it, too. That one stays as it is, for faults, slow accesses and budgets that end between
 * the two.
 */
enum op_extra {
    OP_END = INSN_BASE_COUNT, /* falls out of the block's end */
    OP_ILLEGAL,
    OP_MISALIGNED, /* branch or jump to an address that cannot be one (no C) */
    OP_HISTORY,    /* notes the block, in place of its first op's code (block_first()) */
    OP_CHAINS,
    OP_BEFORE_CHAINS = OP_CHAINS - 1,
#define PART(xlen, class, arg) OP_CHAIN_##class##_##arg,
#include "tools/emu/core/pair.def"
    OP_PAIRS,
    OP_BEFORE_PAIRS = OP_PAIRS - 1,
#define PAIR(xlen, class1, arg1, class2, arg2, how) \
    OP_PAIR_##class1##_##arg1##_##class2##_##arg2##_##how,
#include "tools/emu/core/pair.def"
    OP_CHAIN_PAIRS, /* the same pairs, their first op chained */
    OP_BEFORE_CHAIN_PAIRS = OP_CHAIN_PAIRS - 1,
#define PAIR(xlen, class1, arg1, class2, arg2, how) \
    OP_CHAIN_PAIR_##class1##_##arg1##_##class2##_##arg2##_##how,
#include "tools/emu/core/pair.def"
    /* STORE instructions of harts that share memory: one for each row STORE_OP of insn.def. */
    OP_SHARED_STORE,
#define STORE_OP(id, xlen, type) +1
    OP_COUNT = OP_SHARED_STORE
#include "riscv/insn.def"
};

#define SINK            32
#define BLOCK_MAX_INSNS 64

struct block {
    uint32_t count;     /* instructions */
    uint16_t page_off;  /* offset in the page */
    bool cached;        /* may be linked to (not the scratch block) */
    struct block *next; /* in the code page's bucket */
    uint64_t branches;  /* bit i: op i is a conditional branch */
    uint64_t pairs;     /* bit i: op i is the first of a pair */
    struct op ops[];    /* count of them, an end op if the last falls through, a spare one */
};

/* Where the first op's code is, if that op notes the block: kept in the op behind all others. */
static inline const void **block_first(struct block *block)
{
    return &block->ops[block->count + 1].fn;
}

#define PAGE_BUCKETS 64

/* What was decoded is noted by granules, so that data beside code is not mistaken for it. */
#define GRANULE_SHIFT 6
#define GRANULE_SIZE  (1u << GRANULE_SHIFT)

/* All blocks decoded from one physical page. */
struct code_page {
    uint64_t paddr;
    const uint8_t *host;
    uint64_t decoded; /* granules that blocks were decoded from */
    uint8_t *copy;    /* what they were decoded from; NULL if no other hart can write there */
    uint32_t epoch;   /* hart->code_epoch when copy and memory were last the same */
    struct code_page *next;
    struct block *bucket[PAGE_BUCKETS];
};

#define CODE_PAGE_HASH 1024
#define JUMP_ENTRIES   2048

struct jump_entry {
    uint64_t pc; /* odd = empty */
    struct block *block;
};

/* What must be undone to empty a cache cheaply: the first few slots filled, then "many". */
#define FILLED_MAX 96
struct filled {
    uint32_t count;
    uint16_t slot[FILLED_MAX];
};

struct jump_cache {
    bool used; /* before that, nothing is in it, not even empty entries */
    struct filled filled;
    uint64_t pages[4]; /* bit set: some virtual page hashing there may have entries */
    struct jump_entry entry[JUMP_ENTRIES];
};

/* --- translation cache ----------------------------------------------------------------------- */

#define TLB_ENTRIES   1024
#define FETCH_ENTRIES 256
#define TLB_EMPTY     UINT64_MAX

/*
 * tag: the page's virtual address; compared with an address whose low bits, except those that would
 * make the access misaligned, are cleared. addend: what to add to a virtual address to get the host
 * address.
 */
struct tlb_entry {
    uint64_t tag;
    uintptr_t addend;
};

struct tlb {
    struct tlb_entry read[TLB_ENTRIES], write[TLB_ENTRIES];
    struct filled read_filled, write_filled;
    bool used;
};

struct fetch_entry {
    uint64_t tag;
    uint64_t paddr; /* of the page; bit 0 set: part of it must not be executed (PMP) */
};

struct fetch_tlb {
    struct fetch_entry entry[FETCH_ENTRIES];
};

#define FETCH_SPLIT 1

/*
 * Contexts under which translations are cached. Data: effective privilege, with SUM for S, with
 * MXR. Fetch: privilege.
 */
enum data_context { DATA_M, DATA_U, DATA_S, DATA_S_SUM, DATA_MXR, DATA_CONTEXTS = 2 * DATA_MXR };
enum fetch_context { FETCH_U, FETCH_S, FETCH_M, FETCH_CONTEXTS };

/* --- the hart -------------------------------------------------------------------------------- */

/* Why the next block boundary needs looking at; set by anybody, atomically. */
enum attention {
    ATTENTION_IRQ = 1 << 0,     /* interrupt inputs or enables changed */
    ATTENTION_STOP = 1 << 1,    /* hart_stop() */
    ATTENTION_CODE = 1 << 2,    /* decoded code died */
    ATTENTION_TRACE = 1 << 3,   /* every block is looked at, by tracing or hart->watch; stays set */
    ATTENTION_FENCE_I = 1 << 4, /* code was written from outside: do as FENCE.I does */
};

/* In hart->exc: no exception, but a point of the debugger's. */
#define EXC_DEBUG 0xff

#define PMP_MAX   64
#define RESV_NONE 1

struct pmp_range {
    uint64_t first, last; /* inclusive */
    uint8_t cfg;          /* 0 = off */
};

enum fixed_counter { FIXED_CYCLE, FIXED_INSTRET, FIXED_COUNT };

#define FIRST_HPM     3 /* the programmable counters are this one to 31 */
#define TRIGGER_COUNT 4

/* What the programmable counters can count. */
enum hart_event {
    EVENT_NONE,
#define EVENT(id, selector, how, text) EVENT_##id,
#include "tools/emu/event.def"
    EVENT_COUNT
};

/* Which of them count what now; all zero while none does. Derived from the CSRs. */
struct counting {
    uint32_t selected[EVENT_COUNT]; /* bit i: counter i, unless mcountinhibit stops it */
    uint32_t in_mode[4];            /* by privilege */
};

/* What hart_history() is made of. `after`: of how many blocks noted. */
struct trap_note {
    struct hart_trace event;
    uint64_t after, instret;
};
struct block_note {
    uint64_t pc, instret; /* before it */
    enum hart_priv priv;
};
struct trap_history {
    struct trap_note notes[HART_HISTORY];
    uint64_t count;
    unsigned same;    /* as often as the last one in a row */
    unsigned repeats; /* hart_trap_repeats() */
    bool returned;    /* by mret or sret, since the last */
    bool stuck;
};
struct block_history {
    struct block_note notes[HART_HISTORY];
    uint64_t count;
};

/* Who wants to see every instruction: blocks are one instruction long then. */
enum watch {
    WATCH_COUNT = 1 << 0,
    WATCH_TRIGGER = 1 << 1,
};

/* A data access as triggers see it; neither load nor store = none. */
struct watch_access {
    uint64_t va;
    unsigned size;
    bool load, store;
};

/* The instruction under way, while hart->watch. */
struct step {
    bool armed;
    enum hart_priv priv;
    uint64_t instret, next; /* before it; the address behind it */
    uint32_t events;        /* that it stands for if it retires */
    uint32_t uncounted;     /* counters it wrote */
    uint32_t rewritten;     /* triggers it wrote */
};

/* Storage of the CSRs that have some: one member per FIELD and WARL row. */
#define CSR_STORE_FIELD(name) uint64_t name;
#define CSR_STORE_WARL(name)  uint64_t name;
#define CSR_STORE_VIEW(name)
#define CSR_STORE_READ(name)
#define CSR_STORE_CONST(name)
struct csr_storage {
#define CSR(name, number, xlen, ext, check, kind, mask) CSR_STORE_##kind(name)
#include "riscv/csr.def"
    /* Behind views, because RV32 shows halves or they come in arrays: */
    uint64_t menvcfg, stimecmp, mseccfg;
    uint64_t mstateen[4];
    uint64_t fixed_cfg[FIXED_COUNT]; /* mcyclecfg, minstretcfg */
    uint64_t hpmcounter[32], hpmevent[32];
    uint64_t tdata1[TRIGGER_COUNT], tdata2[TRIGGER_COUNT], tdata3[TRIGGER_COUNT];
    uint8_t pmpcfg[PMP_MAX];
    uint64_t pmpaddr[PMP_MAX];
};

struct core;

/* What is known of mstatus.FS and fcsr, so that floating-point instructions need one look only. */
enum fpu_state {
    FPU_CAREFUL, /* FS is off, or not yet dirty */
    FPU_DIRTY,
    FPU_QUICK, /* dirty, frm is RNE and fflags has NX: only other flags are news */
    FPU_NEVER, /* for ops: never so */
};

struct hart {
    /* Registers first: the interpreter's base pointer. XLEN-bit elements packed; [32] is the sink.
     */
    uint64_t x[33];
    uint64_t f[32]; /* NaN-boxed */
    uint64_t pc;
    uint32_t attention;
    uint32_t ialign_mask; /* low bits a jump target must not have: 2 without C */
    struct tlb *data;     /* for the current data context */
    struct jump_cache *jump;
    enum hart_priv priv;
    enum fetch_context fetch;
    enum fpu_state fpu;
    bool waiting; /* in WFI */

    /* Rule 3: where execution is, while inside hart_run(). */
    struct {
        const struct block *block; /* NULL: between blocks, hart->pc is right */
        const struct op *op;
        uint64_t pc;
        int64_t budget;
    } at;
    int64_t run_budget; /* of this hart_run() */
    uint64_t unretired; /* charged to the budget in this hart_run() but not retired */
    uint64_t retired;   /* before this hart_run() */

    struct {
        uint8_t cause;
        uint64_t tval;
    } exc;

    /*
     * LR's reservation. Harts that share memory also have one in the table, which others break.
     */
    struct resv *resv;  /* that table; NULL: this hart has the memory to itself */
    uint64_t resv_addr; /* virtual address of LR, or RESV_NONE */
    uint64_t resv_value;
    uint32_t resv_size;
    uint32_t failed; /* SCs that failed and PAUSE instructions... */
    uint32_t pauses; /* ...since hart_ops.yield was last called */

    struct csr_storage csr;
    uint64_t mip_lines;                 /* inputs, atomic */
    uint64_t mip_soft;                  /* bits written by software */
    uint64_t fixed_offset[FIXED_COUNT]; /* counter = instret + offset, or while inhibited... */
    uint64_t fixed_frozen[FIXED_COUNT]; /* ...this */
    bool stimer;                        /* time >= stimecmp, when Sstc is on */

    struct pmp_range pmp[PMP_MAX];
    unsigned pmp_active; /* entries up to the last that is not off */

    struct hart_config config;
    const struct core *core;
    struct decoder *decoder;
    uint8_t csr_index[4096]; /* number -> row of the core's table + 1 */
    const void *const *labels;

    hart_trace_fn *trace;
    void *trace_arg;
    unsigned trace_kinds;

    /* For a debugger (hart_debug.c) */
    const struct hart_points *points;           /* NULL: none */
    uint64_t break_offsets[PAGE_SIZE / 2 / 64]; /* bit set: a breakpoint there in some page */
    struct hart_hit hit;
    bool stepping;  /* breakpoints do not count... */
    bool irqs_held; /* ...and, perhaps, nor do interrupts */

    struct trap_history traps;
    struct block_history *blocks; /* NULL: not kept */

    unsigned watch; /* enum watch */
    struct step step;
    struct counting counting;

    /* Code cache */
    uint8_t *arena;
    size_t arena_used;
    uint32_t code_generation; /* changes whenever any block dies */
    uint32_t code_epoch;      /* counts FENCE.I */
    struct code_page *code_pages[CODE_PAGE_HASH];
    struct block *scratch; /* for what is not worth or not allowed to be cached */
    struct jump_cache jumps[FETCH_CONTEXTS];

    struct fetch_tlb fetch_tlb[FETCH_CONTEXTS];
    bool big;                    /* superpages are cached piecewise... */
    uint64_t big_base, big_mask; /* ...and all lie in this virtual range */
    struct tlb tlb[DATA_CONTEXTS];
};

#define ARENA_SIZE (32u << 20)

/* What hart.c calls; one instance per XLEN. */
struct core {
    enum hart_exit_reason (*execute)(struct hart *hart);
    const void *const *(*exec_labels)(void);
    bool (*csr_setup)(struct hart *hart);
    bool (*csr_read)(struct hart *hart, unsigned num, uint64_t *value);
    bool (*csr_write)(struct hart *hart, unsigned num, uint64_t value);
    void (*trigger_update)(struct hart *hart);
    bool (*translate)(struct hart *hart, uint64_t vaddr, enum hart_priv priv, uint64_t *paddr);
};
extern const struct core core_rv32, core_rv64;

static inline void hart_attend(struct hart *h, unsigned bits)
{
    __atomic_fetch_or(&h->attention, bits, __ATOMIC_RELEASE);
}

static inline unsigned hart_attention(const struct hart *h)
{
    return __atomic_load_n(&h->attention, __ATOMIC_RELAXED);
}

/* Hands an event, whose pc and privilege are those of now, to whoever traces. */
static inline void hart_trace(struct hart *h, struct hart_trace *event)
{
    event->pc = hart_pc(h);
    event->priv = h->priv;
    h->trace(h->trace_arg, h, event);
}

static inline bool hart_traces(const struct hart *h, unsigned kinds)
{
    return unlikely(h->trace_kinds & kinds);
}

/* Sets the pending exception; returns false, so that a failing access can `return hart_fault()`. */
static inline bool hart_fault(struct hart *h, enum cause cause, uint64_t tval)
{
    h->exc.cause = cause;
    h->exc.tval = tval;
    return false;
}

/* --- writing memory that other harts reserve ---------------------------------------------------
 */

/* Bracket a write to `host` that is no plain store; store_end() takes what store_begin() gave. */
static inline bool store_begin(struct hart *h, const void *host)
{
    bool watched = h->resv && resv_watched(h->resv, host);
    if (unlikely(watched))
        resv_lock(h->resv, host);
    return watched;
}

static inline void store_end(struct hart *h, const void *host, bool watched)
{
    if (unlikely(watched))
        resv_unlock(h->resv, h->config.id, host);
}

/* A plain store of 1, 2, 4 or 8 bytes to an aligned host address. */
static inline void store_shared(struct hart *h, void *host, unsigned size, uint64_t value)
{
    if (h->resv && unlikely(resv_watched(h->resv, host)))
        resv_store(h->resv, h->config.id, host, size, value);
    else
        ram_store(host, size, value);
}

/* --- hart_code.c: decoded blocks ------------------------------------------------------------- */

/* The cached block starting at physical address `paddr`, or NULL. */
struct block *code_find(struct hart *h, uint64_t paddr);

/*
 * Room for a block of up to BLOCK_MAX_INSNS starting at `paddr` in RAM, and in *source the *avail
 * bytes to decode it from. May reset the arena: every block is dead afterwards if
 * hart->code_generation changed. code_commit() keeps it (ops used: `ops`; decoded from the first
 * `bytes`) and makes it findable.
 */
struct block *code_begin(struct hart *h, uint64_t paddr, unsigned *avail, const uint8_t **source);
void code_commit(struct hart *h, struct block *block, uint64_t paddr, unsigned ops, unsigned bytes);

/* Everything decoded dies. */
void code_flush(struct hart *h);
/*
 * The hart itself is about to write [paddr, paddr + len), inside one page: what it decoded from
 * there dies. Returns whether it may write to the page again without asking.
 */
bool code_store(struct hart *h, uint64_t paddr, unsigned len);
/* ram_client: somebody else is. */
void code_written(void *hart, uint64_t paddr, unsigned len);
/* FENCE.I. */
void code_fence(struct hart *h);

void jump_flush(struct hart *h, enum fetch_context context);
void jump_flush_page(struct hart *h, enum fetch_context context, uint64_t vpage);

static inline struct jump_entry *jump_slot(struct jump_cache *jc, uint64_t pc)
{
    return &jc->entry[(pc >> 1 ^ pc >> 12) & (JUMP_ENTRIES - 1)];
}

/* Remembers the block for the current fetch context. */
void jump_insert(struct hart *h, uint64_t pc, struct block *block);

/* --- hart_pair.c ----------------------------------------------------------------------------- */

/*
 * Does `second`, right behind `first`, take that one's result as its first operand? Operands of
 * `second` may change places if that is the same to it.
 */
bool chain_fits(const struct insn *first, struct insn *second);
/* The op (enum op_extra) for an instruction whose first operand is chained; 0 = there is none. */
unsigned chain_op(const struct insn *insn);
/*
 * The op for two instructions; chained1, chained2: whether their first operands are. 0 = there is
 * none. An op has no code on an XLEN that lacks its instructions.
 */
unsigned pair_op(const struct insn *first, bool chained1, const struct insn *second, bool chained2);

/* --- hart_tlb.c: cached translations --------------------------------------------------------- */

/* Empties everything, or everything but what M-mode uses untranslated. */
void tlb_flush(struct hart *h, bool keep_m);
/* Forgets one virtual page (and all pages of a superpage it may be in). */
void tlb_flush_page(struct hart *h, uint64_t vaddr);
/* Forgets pointers for writing to the page at `host`; ram_client: to all. */
void tlb_revoke_page(struct hart *h, const void *host);
void tlb_write_revoked(void *hart);
/* Caches that the page of vaddr is at `host`; access is HART_READ or HART_WRITE. */
void tlb_fill(struct hart *h, enum hart_access access, uint64_t vaddr, const void *host);
void tlb_fill_fetch(struct hart *h, uint64_t vaddr, uint64_t paddr, bool split);
/* Notes that a page of more than 4 KiB at vaddr was cached piecewise. */
void tlb_note_big(struct hart *h, uint64_t vaddr, unsigned shift);
/* Recomputes hart->data, ->fetch and ->jump after priv or mstatus changed. */
void tlb_context_changed(struct hart *h);

/* The privilege loads and stores run with (mstatus.MPRV). */
enum hart_priv hart_data_priv(const struct hart *h);

/* --- hart_pmp.c ------------------------------------------------------------------------------ */

/* May [paddr, paddr + size) be accessed? */
bool pmp_allows(const struct hart *h, uint64_t paddr, unsigned size, enum hart_access access,
                enum hart_priv priv);
/* Does the answer differ inside the page at paddr? */
bool pmp_splits_page(const struct hart *h, uint64_t paddr);
/* Recomputes the ranges after pmpcfg or pmpaddr changed. */
void pmp_update(struct hart *h);
/*
 * Write one pmpcfg byte, pmpaddr or mseccfg, honouring locks; what a hart with fewer entries does
 * not have stays 0. The caller calls pmp_update().
 */
void pmp_write_cfg(struct hart *h, unsigned index, uint8_t cfg);
void pmp_write_addr(struct hart *h, unsigned index, uint64_t value);
void pmp_write_mseccfg(struct hart *h, uint64_t value);

/* --- hart_fpu.c ------------------------------------------------------------------------------ */

/* Recomputes hart->fpu after mstatus.FS, frm or fflags changed. */
void fpu_changed(struct hart *h);
/* Floating-point state was written: FS becomes dirty. */
void fpu_dirty(struct hart *h);
/* false with an illegal-instruction exception pending if FS is off. */
bool fpu_on(struct hart *h, const struct op *op);

/*
 * One instruction each, by the expression of its operation in insn.def: fpu_ff_ADD() and so on.
 * false with an exception pending: FS is off, or the rounding mode reserved. Results for x
 * registers go to *value; x registers' values come as a and b.
 */
#define FF_OP(id, rounds, expr) \
    bool fpu_ff_##id(struct hart *h, const struct op *op, enum fp_format fmt);
#define FMA_OP(id, expr) bool fpu_fma_##id(struct hart *h, const struct op *op, enum fp_format fmt);
#define FX_OP(id, rounds, expr) \
    bool fpu_fx_##id(struct hart *h, const struct op *op, enum fp_format fmt, uint64_t *value);
#define XF_OP(id, rounds, expr)                                                           \
    bool fpu_xf_##id(struct hart *h, const struct op *op, enum fp_format fmt, uint64_t a, \
                     uint64_t b);
#include "riscv/insn.def"
bool fpu_li(struct hart *h, const struct op *op, enum fp_format fmt);

/* --- hart_count.c ---------------------------------------------------------------------------- */

/* mcycle or minstret now, and setting it. */
uint64_t count_fixed(const struct hart *h, enum fixed_counter k);
void count_fixed_put(struct hart *h, enum fixed_counter k, uint64_t value);
/* Write mcountinhibit, mcyclecfg or minstretcfg (legal values). */
void count_set_inhibit(struct hart *h, uint64_t value);
void count_set_config(struct hart *h, enum fixed_counter k, uint64_t value);
/* hart->priv = to, while mcycle or minstret counts in some modes only. */
void count_change_priv(struct hart *h, enum hart_priv to);

/* The event that a value of mhpmevent selects. */
enum hart_event count_find_event(uint64_t hpmevent);
/* Recomputes hart->counting after mhpmevent or mcountinhibit changed. */
void count_update(struct hart *h);
/* It happened while in `priv`: the counters of it, but for those in `except`, count. */
void count_add(struct hart *h, enum hart_event event, enum hart_priv priv, uint32_t except);

/* Counts the instruction that hart->step is about, once, as retired. */
void count_pending(struct hart *h);

static inline void count_rare(struct hart *h, enum hart_event event)
{
    if (unlikely(h->counting.selected[event]))
        count_add(h, event, h->priv, 0);
}

/* Every change of privilege goes by here. The caller calls tlb_context_changed(). */
static inline void hart_enter_priv(struct hart *h, enum hart_priv to)
{
    if (unlikely(h->csr.fixed_cfg[FIXED_CYCLE] | h->csr.fixed_cfg[FIXED_INSTRET]))
        count_change_priv(h, to);
    else
        h->priv = to;
}

/* --- hart_debug.c ---------------------------------------------------------------------------- */

/* Is there a breakpoint at this virtual address? */
bool debug_is_break(const struct hart *h, uint64_t va);
/*
 * `size` bytes at va are about to be accessed, for reading or writing (enum hart_watch_kind, ORed):
 * false with EXC_DEBUG pending if they are watched. *near: there is a watchpoint in the page, so
 * that further accesses must come by here, too.
 */
bool debug_access(struct hart *h, uint64_t va, unsigned size, unsigned kinds, bool *near);

/* May there be a breakpoint at the page offset of `address`, virtual or physical? */
static inline bool debug_may_break(const struct hart *h, uint64_t address)
{
    unsigned i = (address & PAGE_OFFSET) >> 1;
    return h->break_offsets[i / 64] >> i % 64 & 1;
}

/* --- hart_history.c -------------------------------------------------------------------------- */

/* A trap was taken: a HART_TRACE_TRAP event. */
void history_trap(struct hart *h, const struct hart_trace *event);
void history_reset(struct hart *h);

/* --- hart.c ---------------------------------------------------------------------------------- */

/* mip as software reads it. */
uint64_t hart_mip(const struct hart *h);
/* Re-evaluates STIP against the clock, if the hart has its own timer. */
void hart_update_stimer(struct hart *h);
/*
 * Let another hart run, for which this one seems to wait. That may take long, and a slice have many
 * of them: the own timer is looked at.
 */
void hart_yield(struct hart *h);
/* Somebody (enum watch) begins or ceases to want every instruction. */
void hart_watch(struct hart *h, unsigned who, bool on);
/* After a change of mip, mie, mideleg or enables: look at interrupts at the next block. */
void hart_irq_changed(struct hart *h);

/* --- the core, per XLEN ---------------------------------------------------------------------- */
#ifdef XLEN

/*
 * block.c: the block at virtual `pc` for the current context; at most `max` instructions of it
 * (then perhaps not cached). NULL with hart->exc set if it cannot be fetched.
 */
struct block *CORE(block_get)(struct hart *h, uxlen pc, int64_t max);
/* The bits of the instruction at pc, or 0; for traces. */
uint32_t CORE(block_raw)(struct hart *h, uxlen pc);

/*
 * mmu.c: the slow sides of memory access. false (or NULL) with hart->exc set on a fault. fetch_page
 * gives the physical address of pc's page, with FETCH_SPLIT set where PMP must be asked for each
 * instruction. cbo_access does a cache block's translation and checks, and zeroes it if so told.
 * atomic_slow gives where to operate: HART_READ for LR, HART_WRITE for SC and AMO.
 */
bool CORE(load_slow)(struct hart *h, uxlen va, unsigned size, uint64_t *value);
bool CORE(store_slow)(struct hart *h, uxlen va, unsigned size, uint64_t value);
void *CORE(atomic_slow)(struct hart *h, uxlen va, unsigned size, enum hart_access access);
bool CORE(cbo_access)(struct hart *h, uxlen va, bool zero);
bool CORE(fetch_page)(struct hart *h, uxlen pc, uint64_t *page);
bool CORE(translate)(struct hart *h, uint64_t vaddr, enum hart_priv priv, uint64_t *paddr);

/* csr.c: one CSR instruction; the old value in *old. false = illegal instruction, exc set. */
bool CORE(csr_op)(struct hart *h, const struct op *op, enum insn_csr kind, uxlen operand,
                  bool write, uxlen *old);
bool CORE(csr_setup)(struct hart *h);
bool CORE(csr_read)(struct hart *h, unsigned num, uint64_t *value);
bool CORE(csr_write)(struct hart *h, unsigned num, uint64_t value);

/*
 * trap.c: takes the exception in hart->exc that happened at hart->pc; sets hart->pc. Takes the most
 * urgent interrupt if one is deliverable.
 */
void CORE(trap_exception)(struct hart *h);
void CORE(trap_interrupt)(struct hart *h);

/*
 * watch.c: called while hart->watch is not 0. Before pc is fetched, before the instruction there is
 * executed (false = a breakpoint is pending), and at the boundary behind it.
 */
bool CORE(watch_fetch)(struct hart *h, uxlen pc);
bool CORE(watch_insn)(struct hart *h, uxlen pc);
void CORE(watch_after)(struct hart *h);

/* trigger.c: the same, for triggers; trigger_after wants to know in which mode it was. */
bool CORE(trigger_fetch)(struct hart *h, uxlen pc);
bool CORE(trigger_access)(struct hart *h, const struct watch_access *access);
void CORE(trigger_after)(struct hart *h, enum hart_priv priv);
void CORE(trigger_reset)(struct hart *h);
/* Recomputes whether any trigger must see the instructions. */
void CORE(trigger_update)(struct hart *h);

/* SYSTEM instructions: hart->pc is the instruction's address, `next` the one behind it. */
enum system_result { SYSTEM_DONE, SYSTEM_FAULT, SYSTEM_WAIT };
enum system_result CORE(system_op)(struct hart *h, enum insn_system what, const struct op *op,
                                   uxlen next);

/*
 * cbo.c: a cache block instruction on the block of va; `raw` is the instruction. false with
 * hart->exc set on a fault or where it is not enabled.
 */
bool CORE(cbo)(struct hart *h, enum insn_cbo what, uxlen va, uint32_t raw);

/* exec.c */
enum hart_exit_reason CORE(execute)(struct hart *h);
const void *const *CORE(exec_labels)(void);

#endif
