#pragma once
/*
 * A RISC-V hart. It is a value machine: it owns every bit of its state, touches guest RAM through
 * struct ram, and reaches everything else through struct hart_ops. Whoever carries it (a machine,
 * a user-mode process, a test) calls hart_run() in a loop; hart_run() always returns.
 *
 * Threads: a hart is driven by one thread at a time. Only hart_set_irq() and hart_stop() may be
 * called from other threads while it runs.
 *
 * Physical addresses, register and CSR values are 64 bits wide here whatever the hart's XLEN; an
 * XLEN=32 hart zero-extends.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/isa.h"
#include "tools/emu/ram.h"
#include "tools/emu/state.h"

struct hart;

enum hart_priv { HART_U = 0, HART_S = 1, HART_M = 3 };
enum hart_access { HART_READ, HART_WRITE, HART_FETCH };

/*
 * What a hart needs from its carrier. `opaque` is hart_config.opaque. All are called from inside
 * hart_run() with the hart's state precise (hart_instret(), hart_pc() are right), and may call
 * hart_set_irq() and hart_stop() on any hart.
 */
struct hart_ops {
    /*
     * Physical access outside RAM: size is 1, 2, 4 or 8, paddr is a multiple of it.
     * false = nobody answers (access fault).
     */
    bool (*mmio_read)(void *opaque, struct hart *hart, uint64_t paddr, unsigned size,
                      uint64_t *value);
    bool (*mmio_write)(void *opaque, struct hart *hart, uint64_t paddr, unsigned size,
                       uint64_t value);
    /*
     * Optional: a store of `size` bytes went to a watched page of RAM (ram_watch()). done: they are
     * in memory; else they will be when the instruction ends (atomics).
     */
    void (*stored)(void *opaque, struct hart *hart, uint64_t paddr, unsigned size, bool done);
    /* Optional (NULL = false): does anything outside RAM answer at paddr? Has no effect. */
    bool (*mmio_present)(void *opaque, uint64_t paddr);
    /* mtime: what rdtime reads and stimecmp is compared with. */
    uint64_t (*time)(void *opaque, struct hart *hart);
    /*
     * Optional (NULL: every exception traps as the privileged specification says). Called before a
     * synchronous exception is taken; true = dealt with, go on at the pc the callee set.
     */
    bool (*exception)(void *opaque, struct hart *hart, unsigned cause, uint64_t tval);
    /* Optional: the hart is waiting for another one in a loop; a good time to let that run. */
    void (*yield)(void *opaque, struct hart *hart);
    /*
     * Optional: the hart's exceptions lead nowhere (a double fault): the first instruction of their
     * handler, or the same instruction of it again and again, is their cause. Once after a reset.
     */
    void (*stuck)(void *opaque, struct hart *hart);
    /* Optional: stimecmp or menvcfg.STCE changed; hart_timer_deadline() may differ now. */
    void (*deadline_changed)(void *opaque, struct hart *hart);
    /* Optional: hart_pmp_rules() may differ now. Called by hart_create() and hart_reset(), too. */
    void (*pmp_changed)(void *opaque, struct hart *hart);
};

/* Ways in which harts of some machines differ from the privileged specification. */
enum hart_quirk {
    /* There is only M-mode: mstatus.MPP always holds it. */
    HART_M_ONLY = 1 << 0,
    /*
     * satp translates in M-mode, too. Nothing but V counts in a page table entry: R, W and X only
     * tell a superpage (which is aligned) from a pointer, and entries of the last level need none.
     * Translations are looked up anew after writing satp and after MRET: no SFENCE.VMA is needed.
     */
    HART_M_TRANSLATES = 1 << 1,
    /* Taking the machine timer interrupt withdraws it. It is enabled in mie at reset. */
    HART_MTI_PULSE = 1 << 2,
};

struct hart_config {
    struct isa isa;
    unsigned id;     /* mhartid */
    unsigned quirks; /* enum hart_quirk, ORed; 0: none */
    uint64_t reset_pc;
    const struct hart_ops *ops; /* not copied */
    void *opaque;
    struct ram *ram; /* not owned; with ram_share(), if other harts use it too */
};

/* Creates a hart in its reset state. NULL when out of memory. */
struct hart *hart_create(const struct hart_config *config);
void hart_destroy(struct hart *hart);

/* As at power-on: M-mode, pc = reset_pc, registers and counters zero, irq lines kept. */
void hart_reset(struct hart *hart);

/* Where the next hart_reset() lets it start, instead of hart_config.reset_pc. */
void hart_set_reset_pc(struct hart *hart, uint64_t pc);

/* --- running --------------------------------------------------------------------------------- */

enum hart_exit_reason {
    HART_EXIT_BUDGET, /* the budget is used up */
    HART_EXIT_WFI,    /* waiting: hart_waiting() is true until an interrupt is pending */
    HART_EXIT_STOP,   /* hart_stop() was called */
    HART_EXIT_DEBUG,  /* a debugger's point was reached: hart_take_hit() */
};

struct hart_exit {
    enum hart_exit_reason reason;
    uint64_t executed; /* instructions retired by this call */
    uint64_t used;     /* of the budget: those, and instructions that trapped */
};

/*
 * Runs at most `budget` instructions (exactly `budget` if the reason is HART_EXIT_BUDGET and no
 * instruction trapped: one that traps uses up budget too, but does not retire). hart_run(h, 1) is a
 * single step. STIP is brought up to date with ops->time at entry. A waiting hart with nothing
 * pending returns HART_EXIT_WFI at once, executing nothing.
 */
struct hart_exit hart_run(struct hart *hart, uint64_t budget);

/* Makes hart_run() return HART_EXIT_STOP at the next instruction boundary it looks at. Any thread.
 */
void hart_stop(struct hart *hart);

/*
 * Drives an interrupt input: `bit` is the number in mip (3 MSIP, 7 MTIP, 11 MEIP, 9 SEIP, 1 SSIP, 5
 * STIP). SEIP and the software-writable copy are ORed as the specification says. SSIP is an edge:
 * raising it sets the bit until software clears it. Any thread.
 */
void hart_set_irq(struct hart *hart, unsigned bit, bool level);

/* In WFI and nothing pending-and-enabled in mie (whatever the global enables say). */
bool hart_waiting(const struct hart *hart);

/* The mtime at which the hart's own timer (Sstc) will raise STIP; UINT64_MAX if never. */
uint64_t hart_timer_deadline(const struct hart *hart);

/* --- looking and poking (gdb, loader, tests) ------------------------------------------------- */

unsigned hart_id(const struct hart *hart);
const struct isa *hart_isa(const struct hart *hart);
uint64_t hart_pc(const struct hart *hart);
void hart_set_pc(struct hart *hart, uint64_t pc);
uint64_t hart_read_reg(const struct hart *hart, unsigned reg); /* x0..x31 */
void hart_write_reg(struct hart *hart, unsigned reg, uint64_t value);

/*
 * f0..f31, all 64 bits: values of narrower formats are NaN-boxed. Writing makes mstatus.FS dirty,
 * if it is not off. Meaningless without F.
 */
uint64_t hart_read_freg(const struct hart *hart, unsigned reg);
void hart_write_freg(struct hart *hart, unsigned reg, uint64_t value);

enum hart_priv hart_priv(const struct hart *hart);
void hart_set_priv(struct hart *hart, enum hart_priv priv);

/*
 * CSR access from outside, with M-mode's rights. Return false if there is no such CSR (or, for
 * writing, it is read-only). Writes have the side effects a csrw would have.
 */
bool hart_csr_read(struct hart *hart, unsigned num, uint64_t *value);
bool hart_csr_write(struct hart *hart, unsigned num, uint64_t value);

/*
 * What `vaddr` means in a privilege (of fetches: MPRV does not matter) with the hart's page tables
 * of now, without faulting, permission and PMP checks, or setting A and D. False if it is not
 * mapped.
 */
bool hart_translate(struct hart *hart, uint64_t vaddr, enum hart_priv priv, uint64_t *paddr);

/* Forget cached translations (after a page table was edited from outside). */
void hart_flush_tlb(struct hart *hart);

/* What an active PMP entry means to S-mode. */
struct hart_pmp_rule {
    uint64_t first, last; /* bytes */
    bool read, write;
};

enum { HART_PMP_MAX = 64 };

/* The active entries by priority: the first that matches decides. Returns how many, at most
 * HART_PMP_MAX. */
unsigned hart_pmp_rules(const struct hart *hart, struct hart_pmp_rule *rules);

/* Instructions retired since reset; never affected by mcountinhibit or writes to minstret. */
uint64_t hart_instret(const struct hart *hart);

/* --- debugging (hart_debug.c) ---------------------------------------------------------------- */

enum { HART_BREAKS_MAX = 256, HART_WATCHES_MAX = 64 };
enum hart_watch_kind { HART_WATCH_READ = 1 << 0, HART_WATCH_WRITE = 1 << 1 };

/*
 * Where a debugger wants the hart to stop. Addresses are virtual, in whatever address space and
 * privilege. The guest notices nothing: its memory and its own triggers are left alone.
 */
struct hart_points {
    unsigned break_count, watch_count;
    uint64_t breaks[HART_BREAKS_MAX]; /* before the instruction there is executed */
    struct hart_watchpoint {          /* before [addr, addr + size) is accessed */
        uint64_t addr, size;
        unsigned kinds; /* enum hart_watch_kind, ORed */
    } watches[HART_WATCHES_MAX];
};

/*
 * Makes hart_run() return HART_EXIT_DEBUG at these points; NULL: at none. The structure is the
 * caller's; after it changed, and while the hart does not run, this must be called again. A hart
 * is slower only at accesses to pages with watchpoints.
 */
void hart_set_points(struct hart *hart, const struct hart_points *points);

/* What made hart_run() return HART_EXIT_DEBUG. */
struct hart_hit {
    enum { HART_HIT_NONE, HART_HIT_BREAK, HART_HIT_WATCH } what;
    unsigned kinds; /* WATCH: that the watchpoint asks for */
    uint64_t addr;  /* WATCH: the first byte of it that would be accessed */
};

/* If it waits (WFI), it no longer does. */
void hart_end_wait(struct hart *hart);

/* Tells what was hit since last asked (it is forgotten as well when the hart runs again). */
struct hart_hit hart_take_hit(struct hart *hart);

/*
 * Executes the one instruction at the pc, whatever breakpoint is there, or takes the exception it
 * causes. With `interrupts`, one that is deliverable is taken instead; else none is. A hart that
 * waits (WFI) ceases to. HART_EXIT_DEBUG: a watchpoint was hit.
 */
struct hart_exit hart_step(struct hart *hart, bool interrupts);

/* --- tracing --------------------------------------------------------------------------------- */

enum hart_trace_kind {
    HART_TRACE_INSN = 1 << 0,  /* about to execute */
    HART_TRACE_BLOCK = 1 << 1, /* about to enter */
    HART_TRACE_TRAP = 1 << 2,  /* taken */
    HART_TRACE_CSR = 1 << 3,   /* read, and perhaps written, by an instruction */
    HART_TRACE_WALK = 1 << 4,  /* page tables walked, as no cached translation was found */
    HART_TRACE_FLUSH = 1 << 5, /* cached translations forgotten */
    HART_TRACE_MRET = 1 << 6,  /* executed: pc and priv are those gone to */
};

/* How a walk of the page tables came out. */
struct hart_walk {
    enum hart_access access;
    uint64_t vaddr;
    int fault;      /* the exception, or -1: */
    uint64_t paddr; /* of vaddr */
    unsigned shift; /* size of the page is 1 << shift */
    uint64_t pte;   /* of the last level looked at, before A and D were set */
};

struct hart_trace {
    enum hart_trace_kind kind;
    enum hart_priv priv; /* at that time; of a trap, before it */
    uint64_t pc;         /* of the instruction; of a trap, epc */
    union {
        uint32_t insn;        /* INSN: raw bits, 16 or 32 of them */
        unsigned block_insns; /* BLOCK: its length */
        struct {
            uint64_t cause; /* the interrupt bit is bit 63 */
            uint64_t tval, target;
            enum hart_priv to;
        } trap;
        struct {
            unsigned number;
            bool written;
            uint64_t old, value; /* value: read back after the write */
        } csr;
        struct hart_walk walk;
        struct {
            bool page; /* only what maps vaddr */
            uint64_t vaddr;
        } flush;
    };
};

typedef void hart_trace_fn(void *arg, struct hart *hart, const struct hart_trace *event);

/* Calls `fn` for the kinds in the mask; 0 switches off. Costs nothing when off. */
void hart_set_trace(struct hart *hart, unsigned kinds, hart_trace_fn *fn, void *arg);

/* --- history (hart_history.c) ---------------------------------------------------------------- */

enum { HART_HISTORY = 64 };

/*
 * From now on remember instructions, too, not only traps. That costs some per cent of speed. False
 * when out of memory.
 */
bool hart_keep_history(struct hart *hart);

/*
 * Tells the last traps and instructions, HART_HISTORY of each and oldest first, as they would have
 * been traced. Not while the hart runs. Instructions are those that lie there now.
 */
void hart_history(struct hart *hart, hart_trace_fn *fn, void *arg);

/*
 * How many times in a row the last trap had been taken before: for the same cause, at the same
 * instruction, and about the same address if the handler had returned in between.
 */
unsigned hart_trap_repeats(const struct hart *hart);

/* --- state ----------------------------------------------------------------------------------- */

/* The hart's table; offsets are from the struct hart. */
const struct state_field *hart_state_fields(size_t *count);

/*
 * After a field was changed from outside (load): recompute what is derived from state and drop what
 * is cached.
 */
void hart_state_changed(struct hart *hart);
