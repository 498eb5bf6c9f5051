/*
 * A hart as the firmware knows it: identity, saved context, what it can do, and the mail other
 * harts leave for it. While M-mode code runs, tp points at the hart's own struct.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/sbi.h"
#include "sbi/asm.h"

enum {
    HART_MAX = 64,
    HART_NONE = -1,
};

/* A set of harts: bit i is hart_at(i), not the hart with id i. */
typedef uint64_t hartset_t;

/*
 * The general registers of the context that trapped. x[1] to x[31] are all there for an exception;
 * for calls and interrupts trap_entry.S saves only those that C functions may change.
 */
struct trap_frame {
    unsigned long x[32];
};

/* One remote fence, asked for by this hart of others; see ipi.c. */
struct rfence {
    enum rfence_kind { /* the function ids of RFENCE */
                       RFENCE_I,
                       RFENCE_VMA,
                       RFENCE_VMA_ASID,
    } kind;
    unsigned long start, size, asid;
};

/* Performance counters of a hart; see pmu.h. */
enum {
    PMU_HW_MAX = 31,
    PMU_FW_COUNTERS = 16,
    PMU_NO_EVENT = 31, /* of the firmware: no enum sbi_pmu_fw_event we count */
};
#define PMU_NO_SHMEM (~0UL)

struct pmu {
    bool present, has_overflow; /* mcountinhibit; Sscofpmf */
    uint8_t hw_count;
    struct {
        uint8_t csr;    /* number */
        uint32_t event; /* event_idx or PMU_NONE */
    } hw[PMU_HW_MAX];
    uint64_t started;   /* bit per logical counter */
    uint32_t fw_events; /* bit per event that some firmware counter counts now */
    uint8_t fw_event[PMU_FW_COUNTERS];
    uint64_t fw_value[PMU_FW_COUNTERS];
    unsigned long shmem; /* snapshots go there */
};

enum { DBTR_MAX = 8 }; /* debug triggers used of a hart, at most */
#define DBTR_NO_SHMEM (~0UL)

/* A supervisor software event; see sse.h. */
struct sse_event {
    uint32_t state; /* enum sbi_sse_state */
    uint32_t priority, config;
    unsigned long preferred_hart;
    unsigned long entry_pc, entry_arg;
    unsigned long interrupted_sepc, interrupted_flags, interrupted_a6, interrupted_a7;
};

/* Local events, in the order of their ids. */
enum { SSE_PMU, SSE_SOFTWARE, SSE_LOCAL_COUNT };

struct hart {
    struct trap_frame frame;  /* known to trap_entry.S */
    unsigned long id;         /* mhartid; known to entry.S */
    unsigned long timer_fast; /* timer, or HART_TIMER_NONE: set it in C; known to trap_entry.S */
    unsigned long sse_look;   /* an event may be due: call sse_deliver(); known to trap_entry.S */
    unsigned long timer;      /* mtimecmp's address or HART_TIMER_... */

    unsigned index;          /* its bit in a hartset_t */
    volatile uint32_t *msip; /* NULL: no hart can interrupt this one */
    uintptr_t mtimecmp;      /* 0: it has none */
    uint32_t intc_phandle;   /* of its interrupt controller in the device tree */

    bool has_counters;  /* the CSRs time, cycle and instret can be read */
    bool has_sstc;      /* stimecmp */
    bool has_h;         /* hypervisor extension */
    bool protected;     /* PMP keeps lower modes out of firmware memory */
    unsigned pmp_count; /* entries that hold a value */
    unsigned long misa;

    struct pmu pmu;
    bool has_tinfo;
    uint8_t dbtr_count;
    unsigned long dbtr_state[DBTR_MAX]; /* 0: not installed */
    unsigned long dbtr_shmem;
    struct sse_event sse_local[SSE_LOCAL_COUNT];
    uint32_t sse_raised; /* bit per local event that waits; changed with atomics */
    bool sse_masked;
    uint8_t fwft_present, fwft_locked; /* bit per enum sbi_fwft_feature */

    /* Hart state management: enum sbi_hart_state, changed with atomics. */
    uint32_t state;
    unsigned long start_addr, start_arg; /* valid once start_ready is set */
    bool start_ready;

    /* Mail, see ipi.c. */
    uint32_t mail;                                        /* enum mail_bits */
    unsigned long rfence_from[HART_MAX / (8 * REGBYTES)]; /* harts whose request waits here */
    struct rfence rfence;                                 /* this hart's own request */
    uint32_t rfence_left;                                 /* harts that have not done it */
};

static inline struct hart *hart_self(void)
{
    struct hart *self;
    asm("mv %0, tp" : "=r"(self));
    return self;
}

extern unsigned hart_count;  /* harts the device tree offers, at most HART_MAX */
extern uintptr_t hart_slots; /* address of slot 0 */

static inline struct hart *hart_at(unsigned index)
{
    return (struct hart *)(hart_slots + ((uintptr_t)index << HART_SLOT_SHIFT));
}

/*
 * Make the table: count harts with the given ids (any order; the table is sorted by id), in memory
 * from `slots` on, which must be aligned to 16 bytes and have room for count slots.
 */
void hart_table_init(uintptr_t slots, const unsigned long *ids, unsigned count);

/* The hart of that id, NULL if the platform has none. */
struct hart *hart_find(unsigned long id);

/*
 * The harts an SBI call names by mask and base ("Hart list parameter", SBI 3.0 section 3.1).
 * Returns false if the base or any bit names no hart.
 */
bool hart_list(unsigned long mask, unsigned long base, hartset_t *set);

/* Set all M-mode registers of the hart that runs this: delegation, counters, PMP, interrupts. */
void hart_init(struct hart *self);

/*
 * Put the S-mode registers into the state in which SBI starts a hart, then enter S-mode at addr
 * with a0 = hart id and a1 = arg. Does not return.
 */
_Noreturn void hart_enter_smode(struct hart *self, unsigned long addr, unsigned long arg);

/* Same after a non-retentive suspend: pending and enabled interrupts are left as they are. */
_Noreturn void hart_resume_smode(struct hart *self, unsigned long addr, unsigned long arg);

/* trap_entry.S: mret to addr in the mode of mstatus.MPP, every register but a0 and a1 cleared. */
_Noreturn void smode_enter(unsigned long id, unsigned long arg, unsigned long addr);
