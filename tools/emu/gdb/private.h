#pragma once
/* The inside of the gdb stub, shared by its files. */
#include "tools/emu/disasm.h"
#include "tools/emu/gdb/gdb.h"
#include "tools/emu/gdb/packet.h"

/* Error numbers in replies, as errno(3) has them. */
enum { GDB_EPERM = 1, GDB_EFAULT = 14, GDB_EINVAL = 22, GDB_ENOSPC = 28 };

/* Signals in stop replies, in gdb's numbering. */
enum { GDB_SIGNAL_0 = 0, GDB_SIGINT = 2, GDB_SIGTRAP = 5, GDB_SIGSEGV = 11 };

/* Bits of QEMU's sstep: how single steps are done. */
enum { GDB_SSTEP_ENABLE = 1, GDB_SSTEP_NOIRQ = 2, GDB_SSTEP_NOTIMER = 4 };

enum {
    GDB_ALL_HARTS = -1,
    GDB_HELD_BACK = 1 << 16, /* bytes that may come while the machine runs */
};

/* Why the harts stand still. */
struct gdb_stop {
    int signal;
    unsigned hart;
    struct hart_hit hit;
};

struct gdb {
    struct machine *machine;
    struct gdb_host host;
    struct disasm *disasm; /* for names */
    char *target;          /* the target description */
    size_t target_len;

    struct gdb_packet in;
    uint8_t held_back[GDB_HELD_BACK]; /* came while the machine ran, but for interrupts */
    size_t held_back_len;
    char out[GDB_PACKET_MAX]; /* the reply that is being written; what does not fit is lost */
    size_t out_len;
    uint8_t bytes[GDB_PACKET_MAX / 2]; /* of memory, on their way */
    char frame[GDB_FRAME_MAX];         /* the last that was sent */
    size_t frame_len;
    bool no_ack;
    bool swbreak, hwbreak; /* gdb understands these stop reasons */
    bool extended;         /* it would go on after the machine's end */

    enum gdb_wish mode;
    bool connected;
    bool resumed;     /* gdb waits for a stop reply */
    bool interrupted; /* by gdb; the machine has not stopped yet */
    struct gdb_stop stop;

    unsigned hart;     /* that registers and addresses are of */
    int continue_hart; /* that c and s are about, or GDB_ALL_HARTS */
    bool physical;     /* addresses are, in m, M and X */
    bool mmio;         /* physical ones may be devices' */
    unsigned sstep;

    /* Points as gdb has them now, and as the harts know them. */
    struct hart_points points, applied;
    bool is_hardware[HART_BREAKS_MAX];

    struct {
        unsigned hart;
        uint64_t start, end; /* go on while the pc is in there */
    } step;
};

/* --- stub.c: replies -------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) void gdb_put(struct gdb *g, const char *fmt, ...);
void gdb_put_hex(struct gdb *g, const void *bytes, size_t n);
void gdb_put_bytes(struct gdb *g, const void *bytes, size_t n);
void gdb_error(struct gdb *g, int number);
/* Sends what has been put, perhaps nothing, as a packet. */
void gdb_send(struct gdb *g);

/* --- stub.c: reading packets ------------------------------------------------------------------ */

/* A hexadecimal number at *p, which moves behind it. False if there is none, or it is too big. */
bool gdb_number(const char **p, uint64_t *value);
/* The character at *p, which moves on if it is that. */
bool gdb_char(const char **p, char c);
/* Bytes in hexadecimal at `text`, n of them; false if they are not. */
bool gdb_bytes(const char *text, uint8_t *bytes, size_t n);
/* A thread's number: the hart, or GDB_ALL_HARTS for all and any. False if there is none such. */
bool gdb_thread(const struct gdb *g, const char **p, int *hart);

static inline struct hart *gdb_hart(const struct gdb *g)
{
    return g->machine->harts[g->hart];
}

/* --- registers.c ------------------------------------------------------------------------------ */

/* Writes the target description; false when out of memory. */
bool gdb_describe(struct gdb *g);
void gdb_read_all(struct gdb *g);                       /* g */
void gdb_write_all(struct gdb *g, const char *content); /* G */
void gdb_read_one(struct gdb *g, const char *content);  /* p */
void gdb_write_one(struct gdb *g, const char *content); /* P */

/* --- memory.c --------------------------------------------------------------------------------- */

void gdb_read_memory(struct gdb *g, const char *content);        /* m */
void gdb_write_memory(struct gdb *g, const char *content);       /* M */
void gdb_write_binary(struct gdb *g, char *content, size_t len); /* X */

/* --- resume.c --------------------------------------------------------------------------------- */

/* vCont's actions; c, s, C, S. Nothing is replied unless that is refused. */
void gdb_vcont(struct gdb *g, const char *content);
void gdb_continue(struct gdb *g, const char *content);
/* The stop reply. */
void gdb_put_stop(struct gdb *g);
/* Z and z. */
void gdb_insert_point(struct gdb *g, const char *content);
void gdb_remove_point(struct gdb *g, const char *content);
/* Tells the harts of the points, if that is new to them. */
void gdb_apply_points(struct gdb *g);
/* The machine goes on; the harts in `held` do not. */
void gdb_run(struct gdb *g, uint64_t held);
/* The machine stands still now. */
void gdb_hold(struct gdb *g);
/* Puts the machine into its reset state. */
void gdb_restart(struct gdb *g);

/* --- query.c ---------------------------------------------------------------------------------- */

void gdb_query(struct gdb *g, const char *content); /* q */
void gdb_set(struct gdb *g, const char *content);   /* Q */

/* --- monitor*.c ------------------------------------------------------------------------------- */

/* Carries out a line of gdb's `monitor`: output goes out as packets. */
void gdb_monitor(struct gdb *g, const char *line);
/* Shows text to the user, in the middle of gdb_monitor(). */
__attribute__((format(printf, 2, 3))) void gdb_print(struct gdb *g, const char *fmt, ...);
