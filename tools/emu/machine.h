#pragma once
/*
 * A whole machine: harts, memory, bus and devices made from a machine table. It knows nothing of
 * terminals, files or threads; whoever carries it (the command line program, a test, a browser
 * page) gives it a struct machine_host and calls machine_run() in a loop.
 *
 * One thread, the carrier's, drives a machine; machine_stop() alone may be called from others or
 * from a signal handler. On a counting clock, and if there is one hart, all of the machine runs on
 * that thread. In real time several harts run on threads of their own (machine_threads.c), which
 * exist from the first machine_run() on and rest outside of it: between two of them everything
 * belongs to the carrier's thread.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/backend.h"
#include "tools/emu/device.h"
#include "tools/emu/hart.h"
#include "tools/emu/ram.h"
#include "tools/emu/vclock.h"

struct htif;
struct props;
struct virtio_ops;

enum {
    MACHINE_MAX_HARTS = 64,
    MACHINE_MAX_DEVICES = 64,
};

/* Memory besides ROM and DRAM: buffers that belong to devices. */
struct machine_region {
    uint64_t base, size;
};

/* A kind of machine: data, one per file in machines/. `-M` picks one by name. */
struct machine_type {
    const char *name;
    const char *summary; /* one line for -M help */
    const char *model;   /* of the device tree's root */
    const char *compatible;
    uint64_t rom_base, rom_size; /* boot ROM: harts start at its first byte; size 0: none */
    uint64_t dram_base;
    uint64_t dram_max; /* bytes; 0: as many as there are addresses */
    const struct machine_region *regions;
    size_t region_count;
    unsigned hart_quirks; /* enum hart_quirk, ORed */
    /* As hart_ops.exception, called with the machine's lock. NULL: all exceptions trap. */
    bool (*exception)(struct machine *m, struct hart *hart, unsigned cause, uint64_t tval);
    uint64_t timebase_hz;
    unsigned max_harts;
    const struct device_slot *slots;
    size_t slot_count;
};

/* All of them, NULL at the end. The first is the default. */
extern const struct machine_type *const machine_types[];

/* What a machine needs from the world it runs in. */
struct machine_host {
    void *arg;
    /* Monotonic nanoseconds. */
    uint64_t (*now_ns)(void *arg);
    /* Bytes a device sends out, in order; source as for machine_input(). */
    void (*output)(void *arg, unsigned source, const uint8_t *bytes, size_t n);
    /*
     * Optional, for harts on threads of their own. wait: sleep for timeout_ns at most (UINT64_MAX:
     * for ever), or until wake() is called or the carrier has something to do, as machine_input().
     * Called by machine_run() on its thread while harts run. A machine that has it waits itself
     * while all harts do, instead of returning MACHINE_IDLE. wake: ends a wait() that is under way,
     * or else the next one; any thread, any signal handler. output() is then called on any thread,
     * though not on two at once.
     */
    void (*wait)(void *arg, uint64_t timeout_ns);
    void (*wake)(void *arg);
};

/* A device for a socket of the machine. */
struct machine_attachment {
    const struct virtio_ops *ops;
    struct props *props; /* what -device said besides; used during machine_create() only */
};

struct machine_config {
    const struct machine_type *type;
    struct isa isa;
    unsigned hart_count;
    uint64_t ram_size;        /* bytes */
    uint64_t icount_ns;       /* machine time per instruction; 0: real time */
    uint64_t wall_ns;         /* wall clock at machine time 0, ns since 1970 */
    struct machine_host host; /* copied */
    struct machine_attachment *attachments;
    unsigned attachment_count;
    struct backend *backends; /* list, not owned; must outlive the machine */
    bool virtio_legacy;       /* virtio devices have the legacy register layout */
    bool aclint;              /* the tree shows an ACLINT where it would a CLINT; S-mode has one */
};

enum machine_reason {
    MACHINE_BUDGET,   /* the budget is used up */
    MACHINE_IDLE,     /* all harts wait; nothing happens before `deadline` but input */
    MACHINE_POWEROFF, /* the guest ended the run with `code` */
    MACHINE_RESET,    /* the guest asked for a reset: machine_reset() and go on, or not */
    MACHINE_STOP,     /* machine_stop() was called */
    MACHINE_STUCK,    /* `hart` is in a loop of exceptions (hart_ops.stuck); it may go on */
    MACHINE_DEBUG,    /* a hart, `hart`, reached a debugger's point: hart_take_hit() */
};

struct machine_exit {
    enum machine_reason reason;
    int code;          /* MACHINE_POWEROFF: 0 is success */
    uint64_t deadline; /* MACHINE_IDLE: machine time, VCLOCK_NEVER if only input can help */
    unsigned hart;     /* MACHINE_DEBUG, MACHINE_STUCK */
};

/* Bytes that stand in memory at every reset (firmware, kernel, device tree). */
struct machine_image {
    uint64_t addr, size; /* size bytes of memory: the data, then zeros */
    uint64_t data_size;
    const void *data; /* not owned; NULL: fetched when needed */
    bool (*fetch)(void *arg, void *to, uint64_t size);
    void *arg;
    struct machine_image *next;
};

/* Bytes from outside that wait for their time, or for room in their device. */
struct machine_event {
    uint64_t time;
    unsigned source;
    size_t size, taken;
    struct machine_event *next;
    uint8_t bytes[];
};

/* What can be traced of devices; the harts' kinds (enum hart_trace_kind) lie below. */
enum machine_trace_kind {
    MACHINE_TRACE_MMIO = 1 << 16,   /* accesses to device registers */
    MACHINE_TRACE_VIRTIO = 1 << 17, /* virtio: status, queues, requests */
    MACHINE_TRACE_PLIC = 1 << 18,   /* interrupt lines, claims, completions */
    MACHINE_TRACE_UART = 1 << 19,   /* characters, interrupts */
    MACHINE_TRACE_SBI = 1 << 20,    /* not the machine's: calls from S-mode to M-mode (trace.c) */
    MACHINE_TRACE_KINDS = 0x1f << 16,
};

/* A line about a device (NULL: none answers); hart is the one that accesses it, NULL if none does.
 */
typedef void machine_trace_fn(void *arg, enum machine_trace_kind kind, const struct device *dev,
                              struct hart *hart, const char *text);

/* Fields are private to machine*.c; devices use the functions below. */
struct machine {
    const struct machine_type *type;
    struct machine_host host;
    struct vclock clock;
    struct isa isa;
    struct ram *ram;
    struct hart *harts[MACHINE_MAX_HARTS];
    unsigned hart_count;
    unsigned next_hart;                      /* whose slice is next */
    struct hart *current;                    /* running now, NULL between slices */
    uint64_t stimer_seen[MACHINE_MAX_HARTS]; /* expired own timer that the hart was entered with */
    uint64_t slice_instret;                  /* current's instruction count when its slice began */
    uint64_t held;                           /* bit set: a debugger wants the hart not to run */
    uint64_t slice_rest;   /* of the slice that MACHINE_DEBUG interrupted; 0: none */
    uint64_t slice_end;    /* counting clock: machine time at which the slice ends */
    uint64_t mtime_offset; /* mtime is machine time in ticks plus this */
    uint64_t wall_ns;
    uint64_t instructions; /* retired by all harts since the machine was created */
    uint64_t spent;        /* of all budgets so far: retired, trapped and waited for */
    uint64_t start_left;   /* of it, what harts still execute in short turns after a reset */
    struct device *devices[MACHINE_MAX_DEVICES]; /* in the table's order */
    struct device *by_base[MACHINE_MAX_DEVICES]; /* by address */
    unsigned device_count;
    struct device *bus_hit; /* answered last */
    struct device *intc;    /* the interrupt controller, NULL if none */
    struct htif *htif;      /* NULL if none */
    struct backend *backends;
    unsigned attached; /* devices, so far */
    bool virtio_legacy;
    bool aclint;
    struct hart_pmp_rule dma_rules[HART_PMP_MAX]; /* hart 0's; locked */
    unsigned dma_rule_count;
    struct machine_image *images;
    struct machine_event *events; /* by time */
    struct machine_exit exit;     /* valid if exit_pending */
    bool exit_pending;
    struct hart *accessing; /* the hart in the middle of an access to a device; NULL: none */
    unsigned trace_kinds;   /* enum machine_trace_kind, ORed */
    machine_trace_fn *trace;
    void *trace_arg;
    bool stop_requested;             /* set by machine_stop(), possibly from a signal handler */
    struct machine_threads *threads; /* NULL: harts take turns on the carrier's thread */
};

/* --- for the carrier ------------------------------------------------------------------------- */

/* Creates a machine, not yet reset. NULL with a line in err if it cannot be. */
struct machine *machine_create(const struct machine_config *config, char *err, size_t err_size);
void machine_destroy(struct machine *m);

/*
 * Power-on: images into memory, devices and harts into their reset states. Other RAM is kept.
 * Returns 0, or -1 if an image could not be fetched: then the machine must not run.
 */
int machine_reset(struct machine *m);

/*
 * Run all harts for at most `budget` instructions in sum. Always returns, and with MACHINE_BUDGET
 * only after exactly the budget (trapped instructions counted).
 */
struct machine_exit machine_run(struct machine *m, uint64_t budget);

/* Makes machine_run() return soon with MACHINE_STOP. Any thread, any signal handler. */
void machine_stop(struct machine *m);

/*
 * The one door for everything from outside: bytes for `source` at machine time `time` (at once if
 * that is past). Events at equal times keep their order. Returns 0, or -1 if out of memory or there
 * is no such source.
 */
int machine_input(struct machine *m, uint64_t time, unsigned source, const void *bytes, size_t n);

/* The same for who has the machine's lock: a timer, or one who locks for more than this. */
int machine_post(struct machine *m, uint64_t time, unsigned source, const void *bytes, size_t n);

/* A source's number from the device's index and its channel. */
static inline unsigned machine_source(const struct device *dev, unsigned channel)
{
    return dev->index << 8 | channel;
}

/*
 * How many bytes it makes sense to hand in for the source now; more are not lost, but pile up. 0 if
 * there is no such source.
 */
size_t machine_input_room(struct machine *m, unsigned source);

/* How many bytes have been handed in for the source that its device has not taken yet. */
size_t machine_input_waiting(struct machine *m, unsigned source);

/* The n-th instance of a type in table order, NULL if there are fewer. */
struct device *machine_device(struct machine *m, const char *type_name, unsigned n);

/* The first device that can be the console, NULL if none. */
struct device *machine_console(struct machine *m);

/*
 * Have size bytes of memory at addr hold data_size bytes of data, then zeros, at every reset. The
 * data must stay. Returns 0, or -1 if that is not all memory (nothing done) or out of memory.
 */
int machine_add_image(struct machine *m, uint64_t addr, uint64_t size, const void *data,
                      uint64_t data_size);

/*
 * The same with data that nobody keeps in memory between resets: fetch() puts its data_size bytes
 * at `to`, or returns false.
 */
int machine_add_fetched_image(struct machine *m, uint64_t addr, uint64_t size,
                              bool (*fetch)(void *arg, void *to, uint64_t data_size), void *arg,
                              uint64_t data_size);

/* Write the machine's device tree; the caller frees *blob. Returns its size, negative on error. */
int machine_fdt(struct machine *m, void **blob);

/* Calls `fn`, with the machine's lock, for the kinds in the mask; 0 switches off. */
void machine_set_trace(struct machine *m, unsigned kinds, machine_trace_fn *fn, void *arg);

/* --- for a debugger (machine_debug.c), between two machine_run() ------------------------------ */

/* hart_set_points() on all harts. */
void machine_set_points(struct machine *m, const struct hart_points *points);

/*
 * hart_step() on one hart, while time goes on as in machine_run(): MACHINE_BUDGET when it is done,
 * or what else came of it.
 */
struct machine_exit machine_step(struct machine *m, unsigned hart, bool interrupts);

/*
 * Lets the other harts run `budget` instructions each at most, on the carrier's thread.
 * MACHINE_BUDGET, or what came of it.
 */
struct machine_exit machine_run_others(struct machine *m, unsigned but, uint64_t budget);

/*
 * From a hart's run, locked: end this machine_run() with MACHINE_DEBUG. What the guest ended the
 * run with comes first.
 */
void machine_report_hit(struct machine *m, unsigned hart);
/* Outside of a run: if one is to end so, it shall not. */
void machine_forget_hits(struct machine *m);

/* --- for devices ----------------------------------------------------------------------------- */

/* Machine time, exact even in the middle of a slice. */
uint64_t machine_now(struct machine *m);

/* The machine's mtime, in ticks of the time base; and setting it. */
uint64_t machine_mtime(struct machine *m);
void machine_set_mtime(struct machine *m, uint64_t ticks);

/* Machine time at which mtime reaches `ticks` (past or future); VCLOCK_NEVER if out of range. */
uint64_t machine_mtime_deadline(struct machine *m, uint64_t ticks);

/*
 * For devices that are part of the machine, from init: the first backend of the kind that nobody
 * has, whatever its name; NULL if there is none. From now on it is the device's.
 */
struct backend *machine_take_backend(struct device *dev, enum backend_kind kind);

/* Wall clock now, ns since 1970. */
uint64_t machine_wall_ns(struct machine *m);

/* As vclock_set(), also shortening the slice that is running. */
void machine_set_timer(struct machine *m, struct timer *timer, uint64_t deadline);
void machine_cancel_timer(struct machine *m, struct timer *timer);

/* Drive interrupt input `bit` (number in mip) of a hart; out of range: nothing. */
void machine_set_hart_irq(struct machine *m, unsigned hart, unsigned bit, bool level);

/*
 * The device has room for input again: it may get some before this returns. Not to be called from
 * device_ops.input.
 */
void machine_input_ready(struct device *dev);

/* Send bytes out. */
void machine_output(struct device *dev, unsigned channel, const uint8_t *bytes, size_t n);

/* End the run, or ask for a reset, after the instruction that is executing. */
void machine_power_off(struct machine *m, int code);
void machine_request_reset(struct machine *m);

/*
 * Have -d show a line, given as for printf(), if it shows lines of that kind (MMIO, VIRTIO, PLIC,
 * UART); the arguments are evaluated only then. Without -d this costs a test of a word.
 */
#define trace_device(dev, kind, ...)                                                 \
    do {                                                                             \
        if (__builtin_expect((dev)->machine->trace_kinds & MACHINE_TRACE_##kind, 0)) \
            machine_trace((dev)->machine, MACHINE_TRACE_##kind, (dev), __VA_ARGS__); \
    } while (0)
__attribute__((format(printf, 4, 5))) void machine_trace(struct machine *m,
                                                         enum machine_trace_kind kind,
                                                         const struct device *dev, const char *fmt,
                                                         ...);

/* phandle of a hart's interrupt-controller node. */
uint32_t machine_hart_intc_phandle(const struct machine *m, unsigned hart);

/* --- harts on threads (machine_threads.c) ----------------------------------------------------- */

/*
 * The machine's lock: devices, timers, input, and which hart sleeps. Device callbacks and the
 * functions for devices have it; only what calls in from a hart or from the carrier takes it. Does
 * nothing without threads, and so do the other functions here.
 */
void machine_lock(struct machine *m);
void machine_unlock(struct machine *m);

/* Make a machine's harts run on threads; false when out of memory. */
bool machine_threads_create(struct machine *m);
void machine_threads_destroy(struct machine *m);
/* Start the threads if they are not; false if the host refuses. */
bool machine_threads_start(struct machine *m);
/* machine_run() with threads. */
struct machine_exit machine_run_threads(struct machine *m, uint64_t budget);

/* End the carrier's sleep; the other only if that goes on after machine time `deadline`. */
void machine_kick(struct machine *m);
void machine_kick_before(struct machine *m, uint64_t deadline);
/* Locked: the hart may have something to do, or another deadline. */
void machine_wake_hart(struct machine *m, unsigned hart);
/* Locked: stop all harts, for a run has ended. */
void machine_halt(struct machine *m);
/* The hart waits for another one. */
void machine_yield(struct machine *m, struct hart *hart);

/* --- DMA (machine_dma.c) -------------------------------------------------------------------- */

/* The hart's PMP has changed: not locked. */
void machine_pmp_changed(struct machine *m, struct hart *hart);

/* --- running (machine_run.c) ------------------------------------------------------------------ */

/*
 * Whether the hart, which does not run, would execute something now. A hart notices its own timer
 * (Sstc) only when it is entered, so one that waits is entered once after that has expired; if it
 * does not care for that interrupt it goes on waiting.
 */
bool machine_is_runnable(struct machine *m, unsigned hart);

/* At a reset: the harts begin together. */
void machine_start_together(struct machine *m);

/* --- input (machine_input.c) ----------------------------------------------------------------- */

/* Deliver what is due at `now`. */
void machine_deliver(struct machine *m, uint64_t now);

/* When the first event that is not due at `now` will be; VCLOCK_NEVER if there is none. */
uint64_t machine_next_event(const struct machine *m, uint64_t now);

/* Forget all events. */
void machine_drop_events(struct machine *m);

/* --- bus (machine_bus.c) --------------------------------------------------------------------- */

/* Physical accesses outside RAM; false: nobody answers. */
bool machine_bus_read(struct machine *m, uint64_t paddr, unsigned size, uint64_t *value);
bool machine_bus_write(struct machine *m, uint64_t paddr, unsigned size, uint64_t value);
/* Is paddr in some device's window? */
bool machine_bus_present(const struct machine *m, uint64_t paddr);

/* Sorts the devices by address. False if two overlap. */
bool machine_bus_wire(struct machine *m);
