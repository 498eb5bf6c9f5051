#include "tools/emu/htif.h"

#include <stdlib.h>
#include <string.h>

#include "tools/emu/htif_private.h"

enum {
    DEVICE_SYSCALL = 0,
    DEVICE_CONSOLE = 1,
    DEVICE_NEGATIVE = 0xffff, /* device and command of a negative status, sign-extended */
    CONSOLE_GETCHAR = 0,
    CONSOLE_PUTCHAR = 1,
    GETCHAR_VALID = 0x100,
};

#define PAYLOAD_BITS 48
#define PAYLOAD_MASK ((UINT64_C(1) << PAYLOAD_BITS) - 1)

/* How long half a word may stay alone: instructions on a counting clock, else nanoseconds. */
#define HALF_INSNS 1000
#define HALF_NS    50000000

enum { LOW_HALF = 1, HIGH_HALF = 2, BOTH_HALVES = 3 };

static const struct state_field fields[] = {
    STATE_FIELD(struct htif_state, halves, 1),
    STATE_FIELD(struct htif_state, reading, 1),
    STATE_FIELD(struct htif_state, reads, 1),
    STATE_FIELD(struct htif_state, answer_count, 1),
    STATE_FIELD(struct htif_state, read_command, 1),
    STATE_FIELD(struct htif_state, block, 1),
    STATE_FIELD(struct htif_state, buffer, 1),
    STATE_FIELD(struct htif_state, room, 1),
    STATE_ARRAY(struct htif_state, answers, 1),
    STATE_FIELD(struct htif_state, status, 1),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

/* --- the words ------------------------------------------------------------------------------- */

static uint64_t get_word(const struct htif *h, uint64_t paddr)
{
    uint8_t bytes[8] = {0};
    uint64_t value = 0;

    ram_read(h->machine->ram, paddr, bytes, sizeof bytes);
    for (unsigned i = 0; i < sizeof bytes; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static void put_word(const struct htif *h, uint64_t paddr, uint64_t value)
{
    uint8_t bytes[8];

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    ram_write(h->machine->ram, paddr, bytes, sizeof bytes);
}

/* Of the 8 bytes at `word`, the halves that [paddr, paddr + size) touches. */
static unsigned touched(uint64_t word, uint64_t paddr, unsigned size)
{
    unsigned halves = 0;

    if (paddr < word + 4 && paddr + size > word)
        halves |= LOW_HALF;
    if (paddr < word + 8 && paddr + size > word + 4)
        halves |= HIGH_HALF;
    return halves;
}

/* --- answers --------------------------------------------------------------------------------- */

static void send_answers(struct htif *h)
{
    struct htif_state *s = &h->state;

    if (s->answer_count == 0 || get_word(h, h->fromhost) != 0)
        return;
    put_word(h, h->fromhost, s->answers[0]);
    s->answer_count--;
    memmove(s->answers, s->answers + 1, s->answer_count * sizeof s->answers[0]);
}

void htif_answer(struct htif *h, uint64_t command, uint64_t payload)
{
    if (h->no_fromhost || h->state.answer_count == HTIF_ANSWERS)
        return; /* a guest that asks so often without listening loses answers */
    h->state.answers[h->state.answer_count++] =
        (command & ~PAYLOAD_MASK) | (payload & PAYLOAD_MASK);
    send_answers(h);
}

/* --- commands -------------------------------------------------------------------------------- */

void htif_end_run(struct htif *h, uint64_t status)
{
    int code = status & 0xff;

    h->state.status = status;
    machine_power_off(h->machine, status != 0 && code == 0 ? 1 : code);
}

void htif_wait_input(struct htif *h, enum htif_reading reading, uint64_t command)
{
    h->state.reading = (uint8_t)reading;
    h->state.reads = true;
    h->state.read_command = command;
    if (h->console != NULL)
        machine_input_ready(h->console);
}

static void put_char(struct htif *h, uint8_t byte)
{
    if (h->console != NULL)
        machine_output(h->console, 0, &byte, 1);
}

/* Carry out what tohost says. */
static void take_command(struct htif *h)
{
    uint64_t command = get_word(h, h->tohost), payload = command & PAYLOAD_MASK;

    h->state.halves = 0;
    machine_cancel_timer(h->machine, &h->timer);
    if (command == 0)
        return;
    put_word(h, h->tohost, 0);
    switch (command >> PAYLOAD_BITS) {
    case DEVICE_SYSCALL << 8:
        if ((payload & 1) == 0) {
            htif_syscall(h, command, payload);
            break;
        }
        /* fall through */
    case DEVICE_NEGATIVE: htif_end_run(h, payload >> 1); break;
    case DEVICE_CONSOLE << 8 | CONSOLE_GETCHAR: htif_wait_input(h, HTIF_READ_CHAR, command); break;
    case DEVICE_CONSOLE << 8 | CONSOLE_PUTCHAR: put_char(h, (uint8_t)payload); break;
    default: break; /* no such device: Spike ignores it, too */
    }
}

static void look(void *arg)
{
    struct htif *h = arg;

    take_command(h);
    send_answers(h);
}

/* Have look() called after `ns`, unless it will be sooner. */
static void look_later(struct htif *h, uint64_t ns)
{
    uint64_t when = machine_now(h->machine) + ns;

    if (!h->timer.armed || when < h->timer.deadline)
        machine_set_timer(h->machine, &h->timer, when);
}

static uint64_t half_ns(const struct htif *h)
{
    const struct vclock *clock = &h->machine->clock;

    return vclock_is_real(clock) ? HALF_NS : HALF_INSNS * clock->ns_per_insn;
}

void htif_stored(struct htif *h, uint64_t paddr, unsigned size, bool done)
{
    unsigned to = touched(h->tohost, paddr, size);
    unsigned from = h->no_fromhost ? 0 : touched(h->fromhost, paddr, size);

    if (!done) {
        if (to | from)
            look_later(h, half_ns(h));
        return;
    }
    if (to != 0) {
        /* Storing to the low half again, a guest does not mean to go on with the high one. */
        bool again = to == LOW_HALF && size == 4 && h->state.halves == LOW_HALF;
        h->state.halves |= (uint8_t)to;
        if (again || h->state.halves == BOTH_HALVES)
            take_command(h);
        else
            look_later(h, half_ns(h));
    }
    if (from != 0)
        send_answers(h);
}

/* --- input ----------------------------------------------------------------------------------- */

bool htif_wants_input(const struct htif *h)
{
    return h->state.reads;
}

size_t htif_input(struct htif *h, const uint8_t *bytes, size_t n)
{
    enum htif_reading reading = h->state.reading;

    if (n == 0)
        return 0;
    h->state.reading = HTIF_READ_NONE;
    switch (reading) {
    case HTIF_READ_CHAR: htif_answer(h, h->state.read_command, GETCHAR_VALID | bytes[0]); return 1;
    case HTIF_READ_SYSCALL: return htif_syscall_input(h, bytes, n);
    default: return 0;
    }
}

/* --- life ------------------------------------------------------------------------------------ */

int htif_attach(struct machine *m, uint64_t tohost, uint64_t fromhost, bool no_fromhost)
{
    struct htif *h = m->htif == NULL ? calloc(1, sizeof *h) : NULL;

    if (h == NULL)
        return -1;
    *h = (struct htif){
        .machine = m,
        .console = machine_console(m),
        .tohost = tohost,
        .fromhost = fromhost,
        .no_fromhost = no_fromhost,
        .timer = {.fire = look, .arg = h},
    };
    if (ram_watch(m->ram, tohost, 8) != 0 ||
        (!no_fromhost && ram_watch(m->ram, fromhost, 8) != 0)) {
        free(h);
        return -1;
    }
    m->htif = h;
    return 0;
}

void htif_destroy(struct htif *h)
{
    free(h);
}

void htif_reset(struct htif *h)
{
    machine_cancel_timer(h->machine, &h->timer);
    state_reset(&h->state, fields, FIELD_COUNT);
}

uint64_t htif_status(const struct htif *h)
{
    return h->state.status;
}
