/* The S-mode test payload: what its files share. See tests/sbi/README.md. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/sbi.h"
#include "lib/fdt.h"

enum { MAX_HARTS = 64, XLEN = 8 * sizeof(long) };

#define csr_read(csr)                                           \
    ({                                                          \
        unsigned long v_;                                       \
        asm volatile("csrr %0, " #csr : "=r"(v_) : : "memory"); \
        v_;                                                     \
    })
#define csr_write(csr, v) asm volatile("csrw " #csr ", %0" ::"r"((unsigned long)(v)) : "memory")
#define csr_set(csr, v)   asm volatile("csrs " #csr ", %0" ::"r"((unsigned long)(v)) : "memory")
#define csr_clear(csr, v) asm volatile("csrc " #csr ", %0" ::"r"((unsigned long)(v)) : "memory")

/* ---- The machine, from the device tree (main.c) ---- */

struct machine {
    struct fdt tree;
    const char *bootargs;
    unsigned long harts[MAX_HARTS], self; /* available ids; the one that runs the tests */
    unsigned hart_count, self_index;      /* harts[self_index] == self */
    unsigned long absent_hart; /* an id between 0 and the last that is not available, or -1 */
    uint64_t ram, ram_size;
    uint64_t firmware, firmware_size; /* as /reserved-memory has it; size 0: not there */
    unsigned firmware_nodes;          /* that describe it */
    bool firmware_no_map;
    uint64_t tick_hz;
    bool is_tarn, is_opensbi; /* whose firmware this is */
    bool is_qemu;             /* what it runs on */
};
extern struct machine machine;

/* ---- TAP ---- */

void print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool check(bool good, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void skip(const char *reason, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void skip_known(const char *reason, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* a == b, with both printed if not. */
bool check_equal(long got, long want, const char *text);

/* What a firmware other than ours need not pass, for the reason given; witness.test knows who is
 * right. check_ours() does not even try: the call might not come back. */
#define check_known(reason, good, ...)                                  \
    do {                                                                \
        bool good_ = (good);                                            \
        if (machine.is_tarn || good_)                                   \
            check(good_, __VA_ARGS__);                                  \
        else                                                            \
            skip_known("known of this firmware: " reason, __VA_ARGS__); \
    } while (0)
#define check_ours(reason, good, ...)                                   \
    do {                                                                \
        if (machine.is_tarn)                                            \
            check(good, __VA_ARGS__);                                   \
        else                                                            \
            skip_known("known of this firmware: " reason, __VA_ARGS__); \
    } while (0)

/* ---- Clauses of the specification (clauses.c, ../clauses.def) ---- */

enum clause {
#define CLAUSE_ROW(ext, call, rule, section) CLAUSE_##ext##_##call##_##rule,
#include "tests/sbi/clauses.def"
    CLAUSE_COUNT
};
enum clause_result { CLAUSE_PASSED, CLAUSE_FAILED, CLAUSE_DIFFERS, CLAUSE_ABSENT };

/* The clause's id; naming it in a test that is linked in is what clauses.c asks of every row. */
#define CLAUSE_ID(ext, call, rule)                                                            \
    ({                                                                                        \
        asm volatile(".weak tested_" #ext "_" #call "_" #rule "\n.set tested_" #ext "_" #call \
                     "_" #rule ", 1");                                                        \
        CLAUSE_##ext##_##call##_##rule;                                                       \
    })
/* The next check tests this clause; several may be named before one check. */
#define CLAUSE(ext, call, rule) clause(CLAUSE_ID(ext, call, rule))
void clause(enum clause id);

/* The result of the check that the named clauses were waiting for. */
void clause_result(enum clause_result result);
/* What was not tested, failed, or differs in this run. */
void clauses_report(void);
void mode_clauses(void);

/* ---- Calls and traps (start.S, trap.c) ---- */

struct sbiret sbi_call(unsigned long eid, unsigned long fid, unsigned long a0, unsigned long a1,
                       unsigned long a2, unsigned long a3, unsigned long a4);
#define SBI_ARGS_(eid, fid, a, b, c, d, e, ...)                                               \
    eid, fid, (unsigned long)(a), (unsigned long)(b), (unsigned long)(c), (unsigned long)(d), \
        (unsigned long)(e)
#define sbi(...) sbi_call(SBI_ARGS_(__VA_ARGS__, 0, 0, 0, 0, 0, 0))

/* The firmware says that it has the extension, and is of a version of the specification that has
 * it: what came before was a draft. */
bool has_extension(unsigned long eid);

/* The ecall with x[1] to x[31] loaded from in, afterwards stored to out. */
void call_with_registers(const unsigned long *in, unsigned long *out);

/* What a trap left. cause is -1 if there was none. */
struct caught {
    unsigned long cause, tval, epc, status, value;
};

/* Do something that may trap, in S-mode; value is what was loaded. */
struct caught try_load(unsigned long addr, unsigned bytes);
struct caught try_store(unsigned long addr, unsigned long value, unsigned bytes);
struct caught try_jump(unsigned long addr);
struct caught try_illegal(void);
struct caught try_breakpoint(void);
struct caught try_amo(unsigned long addr);
struct caught try_legacy_mask(unsigned long eid, unsigned long mask_va);

/* Run code in U-mode at entry with a0 = arg until it traps; value is a0 then. */
struct caught user_run(unsigned long entry, unsigned long arg);
extern char user_ecall[], user_load[], user_store[], user_jump[], user_time[], user_csr[];

/* Interrupts: counted by cause, then masked in sie (timer) or cleared in sip (software). */
struct interrupts {
    unsigned software, timer;
};
extern volatile struct interrupts interrupts[MAX_HARTS];
void trap_init(void);
void trap_handler(unsigned long cause);

/* ---- Time ---- */

uint64_t time_now(void);
/* Wait until the condition holds; false if it took longer than thirty seconds. */
#define wait_until(condition)                                  \
    ({                                                         \
        uint64_t end_ = time_now() + 30 * machine.tick_hz;     \
        bool in_time_ = true;                                  \
        while (!(condition) && (in_time_ = time_now() < end_)) \
            __asm__ volatile(".4byte 0x0100000f"); /* pause */ \
        in_time_ || (condition);                               \
    })

/* ---- Other harts (worker.c) ---- */

struct worker {
    unsigned long stack_top;             /* known to start.S */
    unsigned long id, arg, satp, status; /* as the hart found them when it started */
    unsigned index;
    volatile unsigned starts; /* times it has come to life */
    long (*volatile job)(struct worker *);
    volatile long result;
    volatile bool busy;
};
extern struct worker workers[MAX_HARTS];

void hart_entry(void); /* start.S */
void worker_main(unsigned long id, struct worker *self, unsigned long satp, unsigned long status);

/* Start a hart and wait until it is there. */
bool worker_start(struct worker *w);
/* Give a started hart a job; wait for its end. */
void worker_begin(struct worker *w, long (*job)(struct worker *));
bool worker_done(struct worker *w, long *result);
long job_stop(struct worker *w);
/* Stop it and wait until it says so. */
bool worker_stop(struct worker *w);

/* ---- Paging (paging.c) ---- */

/* Identity map of everything but the places below, Sv39 or Sv32. */
unsigned long paging_satp(void);
void paging_on(void);
void paging_off(void);
extern const unsigned long hole_va; /* not mapped */
extern const unsigned long page_va; /* one page that paging_page() puts somewhere */
void paging_page(const void *page, unsigned long flags);
enum { PAGE_V = 1, PAGE_R = 2, PAGE_W = 4, PAGE_X = 8, PAGE_U = 16, PAGE_AD = 0xc0 };
/* An alias of a physical address that U-mode may use. */
unsigned long user_alias(unsigned long pa);

/* ---- Suspend (start.S) ---- */

/* A call that suspends (hart_suspend, system_suspend); returns what the hart found when it resumed:
 * a0, a1, satp, sstatus; or error if the call returned. */
struct resumed {
    unsigned long id, arg, satp, status;
    long error;
};
struct resumed suspend_until_resumed(unsigned long eid, unsigned long fid, unsigned long type,
                                     unsigned long arg);

/* ---- The tests ---- */

void test_base(void);
void test_time(void);
void test_ipi(void);
void test_rfence(void);
void test_hsm(void);
void test_suspend(void);
void test_susp(void);
void test_fwft(void);
void test_pmu(void);
/* Start a counter that overflows soon; end it. ~0: there is none. */
unsigned pmu_overflow_soon(void);
void pmu_overflow_end(unsigned counter);
void test_sse(void);
void test_dbtr(void);
void test_srst(void);
void test_dbcn(void);
void test_legacy(void);
void test_traps(void);
void test_misaligned(void);
void test_isolation(void);
void test_addresses(void);
void test_absent(void);
void test_tree(void);
void test_stress(void);
void mode_input(void);
void mode_bench(unsigned long instructions_at_entry);
