/*
 * The machine as its carrier sees it: budgets, timed and held-back input, reset, saved state; and
 * random accesses to every device, which must leave the host alone. Linked with the sanitized
 * emulator's objects; prints TAP. Arguments: seed, numbers of random accesses and programs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/cfi_flash.h"
#include "hw/clint.h"
#include "hw/ns16550.h"
#include "hw/plic.h"
#include "tools/emu/machine.h"

static int count, failed;

static void ok(bool condition, const char *text)
{
    printf("%sok %d - %s\n", condition ? "" : "not ", ++count, text);
    failed += !condition;
}

static uint64_t host_ns;
static char output[65536];
static size_t output_size;

static uint64_t fake_now(void *arg)
{
    (void)arg;
    return host_ns;
}

static void take_output(void *arg, unsigned source, const uint8_t *bytes, size_t n)
{
    (void)arg;
    (void)source;
    for (size_t i = 0; i < n && output_size < sizeof output; i++)
        output[output_size++] = (char)bytes[i];
}

/* The kind of machine that is made, with as many harts as it can have. */
static const struct machine_type *const *kind = machine_types;

static struct machine *create_clock(unsigned harts, uint64_t icount_ns, unsigned xlen,
                                    uint64_t (*now)(void *arg))
{
    struct machine_config config = {
        .type = *kind,
        .hart_count = harts < (*kind)->max_harts ? harts : (*kind)->max_harts,
        .ram_size = 1 << 20,
        .icount_ns = icount_ns,
        .host = {.now_ns = now, .output = take_output},
    };
    char err[128];
    struct machine *m;

    isa_default(&config.isa, xlen);
    output_size = 0;
    m = machine_create(&config, err, sizeof err);
    if (m == NULL) {
        printf("Bail out! %s\n", err);
        exit(1);
    }
    return m;
}

static struct machine *create_xlen(unsigned harts, uint64_t icount_ns, unsigned xlen)
{
    return create_clock(harts, icount_ns, xlen, fake_now);
}

static struct machine *create(unsigned harts, uint64_t icount_ns)
{
    return create_xlen(harts, icount_ns, 64);
}

/* Machine code at the start of DRAM and a jump to it in the ROM. */
static void load(struct machine *m, const uint32_t *code, size_t size)
{
    static const uint32_t jump[] = {0x00100293, 0x01f29293, 0x00028067}; /* li t0, 1<<31; jr t0 */

    machine_add_image(m, 0x1000, sizeof jump, jump, sizeof jump);
    machine_add_image(m, 0x80000000, size, code, size);
    machine_reset(m);
}

static const uint32_t spin[] = {0x0000006f};               /* j . */
static const uint32_t sleep_[] = {0x10500073, 0xffdff06f}; /* 1: wfi; j 1b */

/* Polls the UART and sends back what it receives. */
static const uint32_t echo[] = {
    0x10000437, /* lui s0, 0x10000 */
    0x00544283, /* 1: lbu t0, 5(s0) */
    0x0012f293, /* andi t0, t0, 1 */
    0xfe028ce3, /* beqz t0, 1b */
    0x00044283, /* lbu t0, 0(s0) */
    0x00540023, /* sb t0, 0(s0) */
    0xfedff06f, /* j 1b */
};

static void test_budget(void)
{
    static const uint64_t budgets[] = {1, 2, 999, 5000, 5001, 123457};

    for (unsigned harts = 1; harts <= 3; harts++) {
        struct machine *m = create(harts, 1);
        uint64_t sum = 0;
        bool exact = true;
        load(m, spin, sizeof spin);
        for (unsigned i = 0; i < sizeof budgets / sizeof budgets[0]; i++) {
            exact &= machine_run(m, budgets[i]).reason == MACHINE_BUDGET;
            sum += budgets[i];
            exact &= m->instructions == sum && m->spent == sum && machine_now(m) == sum;
        }
        ok(exact, "budgets are kept exactly, and time with them");
        machine_destroy(m);
    }
}

/* Instructions that the interpreter may run as one, or of which one uses the other's result. */
static const uint32_t neighbours[] = {
    0x00001417, /* auipc s0, 1 */
    0x00128293, /* 1: addi t0, t0, 1 */
    0x00328313, /* addi t1, t0, 3 */
    0x005303b3, /* add t2, t1, t0 */
    0x00139393, /* slli t2, t2, 1 */
    0x0063ce33, /* xor t3, t2, t1 */
    0x01c42023, /* sw t3, 0(s0) */
    0x00042e83, /* lw t4, 0(s0) */
    0x01ce8f33, /* add t5, t4, t3 */
    0xfe0290e3, /* bnez t0, 1b */
};

/* One instruction at a time is what the others must agree with. */
static void test_pieces(void)
{
    enum { PIECES = 12, TOTAL = 27720 /* a multiple of each */ };
    uint64_t want[32];
    bool same = true;

    for (unsigned piece = 1; piece <= PIECES; piece++) {
        struct machine *m = create(1, 1);
        load(m, neighbours, sizeof neighbours);
        for (unsigned done = 0; done < TOTAL; done += piece)
            machine_run(m, piece);
        for (unsigned r = 0; r < 32; r++) {
            uint64_t value = hart_read_reg(m->harts[0], r);
            if (piece == 1)
                want[r] = value;
            same &= value == want[r];
        }
        same &= m->instructions == TOTAL;
        machine_destroy(m);
    }
    ok(same, "runs of 1 to 12 instructions add up to the same");
}

/* A hart that does nothing but trap retires nothing, but neither budget nor time stand still. */
static void test_trap_loop(void)
{
    static const uint32_t illegal[] = {0};
    struct machine *m = create(1, 10);

    load(m, illegal, sizeof illegal);
    ok(machine_run(m, 5003).reason == MACHINE_STUCK, "an endless trap is reported, once");
    ok(machine_run(m, 5003 - m->spent).reason == MACHINE_BUDGET && m->instructions == 3 &&
           m->spent == 5003 && machine_now(m) == 50030,
       "an endless trap uses up budget and time");
    machine_destroy(m);
}

static void test_idle(void)
{
    struct machine *m = create(2, 0);
    struct machine_exit exit;

    load(m, sleep_, sizeof sleep_);
    exit = machine_run(m, 1000000);
    ok(exit.reason == MACHINE_IDLE && exit.deadline == VCLOCK_NEVER, "two sleeping harts are idle");
    machine_bus_write(m, 0x2000000 + clint_mtimecmp_reg(0), 8, 5000);
    exit = machine_run(m, 1000000);
    ok(exit.reason == MACHINE_IDLE && exit.deadline == 500000, "until the timer, 500 us");
    machine_stop(m);
    ok(machine_run(m, 1000).reason == MACHINE_STOP, "machine_stop() before a run ends it");
    ok(machine_run(m, 1000000).reason == MACHINE_IDLE, "but only once");
    machine_destroy(m);
}

/* Harts on threads: budgets are exact, whichever hart uses them. */
static void test_threads_budget(void)
{
    static const uint64_t budgets[] = {1, 2, 999, 20000, 20001, 1234567};

    for (unsigned harts = 2; harts <= 5; harts += 3) {
        struct machine *m = create(harts, 0);
        uint64_t sum = 0;
        bool exact = true;
        load(m, spin, sizeof spin);
        for (unsigned i = 0; i < sizeof budgets / sizeof budgets[0]; i++) {
            exact &= machine_run(m, budgets[i]).reason == MACHINE_BUDGET;
            sum += budgets[i];
            exact &= m->instructions == sum && m->spent == sum;
        }
        ok(exact, "threads: budgets are kept exactly");
        machine_destroy(m);
    }
}

/* Harts that run for ever are stopped: by their guest, by anybody, and started again. */
static void test_threads_stop(void)
{
    static const uint32_t off[] = {
        0xf1402573, /* csrr a0, mhartid */
        0x00051063, /* 1: bnez a0, 1b */
        0x001002b7, /* lui t0, 0x100 */
        0x00005337, /* lui t1, 5 */
        0x55530313, /* addi t1, t1, 0x555 */
        0x0062a023, /* sw t1, (t0) */
        0x0000006f, /* j . */
    };
    struct machine *m = create(4, 0);
    bool same = true;

    load(m, off, sizeof off);
    for (unsigned i = 0; i < 100; i++) {
        same &= machine_run(m, UINT64_MAX).reason == MACHINE_POWEROFF;
        machine_reset(m);
        machine_stop(m);
        same &= machine_run(m, UINT64_MAX).reason == MACHINE_STOP;
    }
    ok(same, "threads: power-off and reset stop all harts");
    machine_destroy(m);
}

static uint64_t ticking_now(void *arg)
{
    (void)arg;
    return __atomic_add_fetch(&host_ns, 30, __ATOMIC_RELAXED);
}

/*
 * A timer that expires between two looks at the clock is seen by the later one. This clock goes on
 * with every look, so deadlines fall everywhere between the looks that a run takes at it. Each hart
 * arms its own timer (Sstc) and waits for it, `left` times over.
 */
static void test_timer_between_looks(unsigned harts)
{
    static const uint32_t nap[] = {
        0x0ff0000f, /* fence */
        0x02000293, /* li t0, 32 (STIE) */
        0x3042a073, /* csrs mie, t0 */
        0xfff0029b, /* li t0, -1 */
        0x03f29293, /* slli t0, t0, 63 (STCE) */
        0x30a2a073, /* csrs menvcfg, t0 */
        0x00000413, /* li s0, 0 */
        0x00347493, /* 1: andi s1, s0, 3 */
        0xc0102373, /* rdtime t1 */
        0x00930333, /* add t1, t1, s1 */
        0x00130313, /* addi t1, t1, 1 */
        0x14d31073, /* csrw stimecmp, t1 */
        0x10500073, /* 2: wfi */
        0x34402373, /* csrr t1, mip */
        0x02037313, /* andi t1, t1, 32 */
        0xfe030ae3, /* beqz t1, 2b */
        0x00140413, /* addi s0, s0, 1 */
        0xfd9ff06f, /* j 1b */
    };
    struct machine *m = create_clock(harts, 0, 64, ticking_now);
    unsigned idle = 0;

    load(m, nap, sizeof nap);
    while (idle < 1000000 && hart_read_reg(m->harts[0], 8) < 2000) {
        struct machine_exit exit = machine_run(m, 1000);
        idle++;
        /* The carrier sleeps until then; if that is never, no hart runs again. */
        if (exit.reason == MACHINE_IDLE && exit.deadline == VCLOCK_NEVER)
            break;
        if (exit.reason == MACHINE_IDLE && m->clock.host_origin + exit.deadline > host_ns)
            host_ns = m->clock.host_origin + exit.deadline;
    }
    ok(hart_read_reg(m->harts[0], 8) >= 2000, "no timer is missed between two looks at the clock");
    machine_destroy(m);
}

static void test_stop_reasons(void)
{
    struct machine *m = create(1, 0);
    struct machine_exit exit;

    load(m, spin, sizeof spin);
    machine_bus_write(m, 0x100000, 4, 0x73333);
    exit = machine_run(m, 1000);
    ok(exit.reason == MACHINE_POWEROFF && exit.code == 7, "power-off with a code");
    machine_bus_write(m, 0x100000, 4, 0x7777);
    machine_bus_write(m, 0x100000, 4, 0x5555);
    ok(machine_run(m, 1000).reason == MACHINE_RESET, "of two requests the first counts");
    machine_destroy(m);
}

static void test_input(void)
{
    struct machine *m = create(1, 10);
    unsigned source = machine_source(machine_console(m), 0);
    char bytes[3000];

    load(m, echo, sizeof echo);
    ok(machine_input(m, 0, 0xffff, "x", 1) == -1 && machine_input_room(m, 0xffff) == 0 &&
           machine_input(m, 0, source + DEVICE_MAX_CHANNELS, "x", 1) == -1,
       "a source that is not there");
    machine_input(m, 2000000, source, "later", 5);
    machine_input(m, 1000000, source, "soon ", 5);
    machine_input(m, 0, source, "now ", 4);
    machine_run(m, 50000);
    ok(output_size == 4 && memcmp(output, "now ", 4) == 0, "input in the past comes at once");
    machine_run(m, 49900);
    ok(output_size == 4, "input in the future does not come early");
    machine_run(m, 1000);
    ok(output_size == 9 && memcmp(output, "now soon ", 9) == 0, "but in time");
    machine_run(m, 200000);
    ok(output_size == 14 && memcmp(output, "now soon later", 14) == 0, "in the order of times");

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7 + i / 256);
    output_size = 0;
    machine_input(m, 0, source, bytes, sizeof bytes);
    ok(machine_input_room(m, source) == 4096 - sizeof bytes, "room shrinks by what waits");
    machine_input(m, 0, source, bytes, sizeof bytes);
    ok(machine_input_room(m, source) == 0, "down to nothing");
    machine_run(m, 2000000);
    ok(output_size == 2 * sizeof bytes && memcmp(output, bytes, sizeof bytes) == 0 &&
           memcmp(output + sizeof bytes, bytes, sizeof bytes) == 0,
       "what the FIFO has no room for waits and is not lost");
    machine_destroy(m);
}

/* Input times decide, not when it was handed in: the basis of recording and replaying. */
static void test_input_repeats(void)
{
    uint64_t done[2];

    for (int run = 0; run < 2; run++) {
        struct machine *m = create(1, 10);
        unsigned source = machine_source(machine_console(m), 0);
        load(m, echo, sizeof echo);
        if (run == 1)
            machine_run(m, 33333);
        machine_input(m, 1234560, source, "!", 1);
        while (output_size == 0)
            machine_run(m, 1);
        done[run] = m->instructions;
        machine_destroy(m);
    }
    ok(done[0] == done[1], "input at a time arrives at the same instruction whenever it was given");
}

static void test_state(void)
{
    struct machine *m = create(2, 10);
    bool same = true, refused = true;

    machine_reset(m);
    machine_bus_write(m, 0xc000000 + plic_priority_reg(10), 4, 5);
    machine_bus_write(m, 0x10000000 + NS16550_SCR, 1, 0x42);
    machine_bus_write(m, 0x2000000 + clint_mtimecmp_reg(1), 8, UINT64_C(0x123456789abcdef0));
    for (unsigned i = 0; i < m->device_count; i++) {
        const struct device_ops *ops = m->devices[i]->ops;
        size_t size = state_size(ops->fields, ops->field_count, 1);
        uint8_t *saved = malloc(size + 1), *again = malloc(size + 1);
        state_save(m->devices[i]->state, ops->fields, ops->field_count, saved);
        state_reset(m->devices[i]->state, ops->fields, ops->field_count);
        if (size != 0)
            refused &= !state_load(m->devices[i]->state, ops->fields, ops->field_count, 1, saved,
                                   size - 1);
        same &= state_load(m->devices[i]->state, ops->fields, ops->field_count, 1, saved, size);
        state_save(m->devices[i]->state, ops->fields, ops->field_count, again);
        same &= memcmp(saved, again, size) == 0;
        free(saved);
        free(again);
    }
    ok(same, "device state survives saving and loading");
    ok(refused, "a state of another size is refused");
    uint64_t value;
    machine_bus_read(m, 0x10000000 + NS16550_SCR, 1, &value);
    ok(value == 0x42, "the UART's scratch register came back");
    machine_bus_read(m, 0x2000000 + clint_mtimecmp_reg(1), 8, &value);
    ok(value == UINT64_C(0x123456789abcdef0), "and the second hart's mtimecmp");
    machine_destroy(m);
}

/* --- what QEMU 7.2 does otherwise, held against the specifications ---------------------------- */

static uint32_t plic(struct machine *m, unsigned reg)
{
    uint64_t value;

    machine_bus_read(m, 0xc000000 + reg, 4, &value);
    return (uint32_t)value;
}

static void plic_set(struct machine *m, unsigned reg, uint32_t value)
{
    machine_bus_write(m, 0xc000000 + reg, 4, value);
}

static uint8_t uart(struct machine *m, unsigned reg)
{
    uint64_t value;

    machine_bus_read(m, 0x10000000 + reg, 1, &value);
    return (uint8_t)value;
}

static void uart_set(struct machine *m, unsigned reg, uint8_t value)
{
    machine_bus_write(m, 0x10000000 + reg, 1, value);
}

static unsigned external(struct machine *m)
{
    uint64_t mip;

    hart_csr_read(m->harts[0], 0x344, &mip);
    return mip >> 11 & 1;
}

/* RISC-V PLIC Specification 1.0.0. */
static void test_plic(void)
{
    enum { UART = 10, BIT = 1 << UART };
    struct machine *m = create(1, 10);

    machine_reset(m);
    plic_set(m, plic_enable_reg(0, 0), UINT32_MAX);
    ok(plic(m, plic_enable_reg(0, 0)) == 0xfffffffe, "enable: there is no source 0");
    plic_set(m, plic_enable_reg(0, 0), 0);
    plic_set(m, plic_priority_reg(UART), 1);
    uart_set(m, NS16550_IER, NS16550_IER_THRI);
    ok(external(m) == 0, "pending and not enabled: quiet");
    plic_set(m, plic_enable_reg(0, UART), BIT);
    ok(external(m) == 1, "enabling is noticed at once");
    uart_set(m, NS16550_IER, 0);
    ok(plic(m, plic_pending_reg(UART)) == BIT && external(m) == 1,
       "gateway: a request stays when its line drops");
    plic_set(m, plic_threshold_reg(0), 7);
    ok(external(m) == 0 && plic(m, plic_claim_reg(0)) == UART, "claim: not subject to threshold");
    plic_set(m, plic_threshold_reg(0), 0);
    uart_set(m, NS16550_IER, NS16550_IER_THRI);
    ok(plic(m, plic_pending_reg(UART)) == 0, "gateway: no second request before completion");
    plic_set(m, plic_enable_reg(0, UART), 0);
    plic_set(m, plic_claim_reg(0), UART);
    ok(plic(m, plic_pending_reg(UART)) == 0, "completion: ignored for a source not enabled");
    plic_set(m, plic_enable_reg(0, UART), BIT);
    plic_set(m, plic_claim_reg(0), UART);
    ok(plic(m, plic_pending_reg(UART)) == BIT && external(m) == 1,
       "completion: a line still high is a new request");
    machine_destroy(m);
}

static uint32_t flash(struct machine *m, uint32_t offset)
{
    uint64_t value;

    machine_bus_read(m, 0x22000000 + offset, 4, &value);
    return (uint32_t)value;
}

/* Intel StrataFlash data sheet, "Buffered programming": the array changes on confirmation. */
static void test_flash_buffer(void)
{
    static const uint32_t start[] = {CFI_BUFFER_PROGRAM, 1, 0x11111111, 0x22222222};
    struct machine *m = create(1, 10);
    uint32_t before[2], after[2];

    machine_reset(m);
    for (unsigned run = 0; run < 2; run++) {
        for (unsigned i = 0; i < sizeof start / sizeof start[0]; i++)
            machine_bus_write(m, 0x22001000 + (i == 3 ? 0x10 : 0), 4, start[i]);
        before[run] = *(const uint32_t *)ram_code_host(m->ram, 0x22001010, 4);
        machine_bus_write(m, 0x22001000, 4, run == 0 ? 0x77 : CFI_CONFIRM);
        machine_bus_write(m, 0x22001000, 4, CFI_READ_ARRAY);
        after[run] = flash(m, 0x1010) ^ flash(m, 0x1000) ^ flash(m, 0x1004);
    }
    ok(before[0] == 0 && after[0] == 0, "flash: a buffer that is not confirmed is forgotten");
    ok(before[1] == 0 && after[1] == 0x33333333, "flash: it is programmed when it is confirmed");
    for (unsigned i = 0; i < sizeof start / sizeof start[0]; i++)
        machine_bus_write(m, i == 3 ? 0x22003000 : 0x22002000, 4, start[i]);
    machine_bus_write(m, 0x22002000, 4, CFI_CONFIRM);
    after[0] = flash(m, 0);
    machine_bus_write(m, 0x22000000, 4, CFI_READ_ARRAY);
    ok(after[0] == 0x00900090 && flash(m, 0x2000) == 0x11111111 && flash(m, 0x3000) == 0,
       "flash: words elsewhere are refused, with an error in the status");
    machine_destroy(m);
}

/* Is the interrupt pending at that hart, and no interrupt at any other? */
static bool only_at(struct machine *m, unsigned hart, unsigned bit)
{
    for (unsigned h = 0; h < m->hart_count; h++) {
        uint64_t mip, want = h == hart ? UINT64_C(1) << bit : 0;
        hart_csr_read(m->harts[h], 0x344, &mip);
        if (mip != want)
            return false;
    }
    return true;
}

/* Every context and every hart's registers reach that hart and mode alone. */
static void test_routes(unsigned harts)
{
    enum { UART = 10, BIT = 1 << UART, NOBODY = 64, SSIP = 1, MSIP = 3, MTIP = 7, SEIP = 9 };
    struct machine *m = create(harts, 10);
    bool contexts = true, others = true, software = true, timers = true, supervisor = true;

    m->aclint = true;
    machine_reset(m);
    plic_set(m, plic_priority_reg(UART), 1);
    for (unsigned c = 0; c < 2 * harts; c++) {
        plic_set(m, plic_enable_reg(c, UART), BIT);
        uart_set(m, NS16550_IER, NS16550_IER_THRI);
        contexts &= only_at(m, c / 2, c % 2 == 0 ? 11 : SEIP);
        others &= plic(m, plic_claim_reg((c + 1) % (2 * harts))) == 0;
        contexts &= plic(m, plic_claim_reg(c)) == UART && only_at(m, NOBODY, 0);
        uart_set(m, NS16550_IER, 0);
        plic_set(m, plic_claim_reg(c), UART);
        plic_set(m, plic_enable_reg(c, UART), 0);
    }
    ok(contexts && others, "PLIC: M and S contexts of every hart");
    plic_set(m, plic_enable_reg(2 * harts, UART), BIT);
    plic_set(m, plic_threshold_reg(2 * harts), 1);
    ok(plic(m, plic_enable_reg(2 * harts, UART)) == 0 &&
           plic(m, plic_threshold_reg(2 * harts)) == 0,
       "PLIC: and no further context");
    for (unsigned h = 0; h < harts; h++) {
        machine_bus_write(m, 0x2000000 + clint_msip_reg(h), 4, 1);
        software &= only_at(m, h, MSIP);
        machine_bus_write(m, 0x2000000 + clint_msip_reg(h), 4, 0);
        machine_bus_write(m, 0x2000000 + clint_mtimecmp_reg(h), 8, 0);
        timers &= only_at(m, h, MTIP);
        machine_bus_write(m, 0x2000000 + clint_mtimecmp_reg(h), 8, UINT64_MAX);
        machine_bus_write(m, 0x2f00000 + aclint_setssip_reg(h), 4, 1);
        supervisor &= only_at(m, h, SSIP);
        hart_csr_write(m->harts[h], 0x344, 0);
    }
    ok(software && timers && supervisor,
       "CLINT, ACLINT: software and timer interrupts of every hart");
    machine_destroy(m);
}

/* National PC16550D: modem status in loopback, breaks, errors behind other characters. */
static void test_uart(void)
{
    struct machine *m = create(1, 10);
    unsigned source = machine_source(machine_console(m), 0);

    load(m, sleep_, sizeof sleep_);
    uart_set(m, NS16550_MCR, NS16550_MCR_LOOP | NS16550_MCR_OUT1);
    uart(m, NS16550_MSR);
    uart_set(m, NS16550_IER, NS16550_IER_MSI);
    ok(uart(m, NS16550_IIR) == NS16550_IIR_NONE, "modem: reading MSR clears its changes");
    uart_set(m, NS16550_MCR, NS16550_MCR_LOOP | NS16550_MCR_RTS);
    ok(uart(m, NS16550_IIR) == NS16550_IIR_MSI, "modem: a change interrupts");
    ok(uart(m, NS16550_MSR) == (NS16550_MSR_CTS | NS16550_MSR_DCTS | NS16550_MSR_TERI),
       "modem: MSR tells which, RI only by its end");
    uart_set(m, NS16550_MCR, 0);
    uart_set(m, NS16550_IER, 0);
    uart_set(m, NS16550_FCR, NS16550_FCR_ENABLE);
    machine_input(m, 0, source, "a", 1);
    machine_input(m, 0, source + 1, "", 1);
    machine_input(m, 0, source, "b", 1);
    machine_run(m, 100);
    ok(uart(m, NS16550_LSR) ==
           (NS16550_LSR_FIFOE | NS16550_LSR_TEMT | NS16550_LSR_THRE | NS16550_LSR_DR),
       "break: an error waits in the FIFO");
    uart_set(m, NS16550_IER, NS16550_IER_RLSI);
    ok(uart(m, NS16550_RBR) == 'a' && uart(m, NS16550_IIR) == (NS16550_IIR_FIFO | NS16550_IIR_RLSI),
       "break: it interrupts when it is next");
    ok((uart(m, NS16550_LSR) & (NS16550_LSR_ERRORS | NS16550_LSR_FIFOE)) ==
           (NS16550_LSR_BI | NS16550_LSR_FE | NS16550_LSR_FIFOE),
       "break: LSR says so");
    ok((uart(m, NS16550_LSR) & (NS16550_LSR_ERRORS | NS16550_LSR_FIFOE)) == 0, "break: once");
    ok(uart(m, NS16550_RBR) == 0 && uart(m, NS16550_RBR) == 'b', "break: its character is 0");
    machine_destroy(m);
}

/* Every trigger level; a time-out after four characters' time, to the instruction. */
static void test_uart_levels(void)
{
    static const struct {
        uint8_t fcr;
        unsigned level;
    } levels[] = {{NS16550_FCR_TRIGGER_1, 1},
                  {NS16550_FCR_TRIGGER_4, 4},
                  {NS16550_FCR_TRIGGER_8, 8},
                  {NS16550_FCR_TRIGGER_14, 14}};
    /* Start, 8 data, parity and 2 stop bits, of 16 * 12 cycles at 3.6864 MHz; 10 ns each. */
    const uint64_t four = UINT64_C(4) * 12 * 16 * 12 * 100000000 / 3686400;
    struct machine *m = create(1, 10);
    bool exact = true;

    load(m, spin, sizeof spin);
    uart_set(m, NS16550_MCR, NS16550_MCR_LOOP);
    uart_set(m, NS16550_IER, NS16550_IER_RDI);
    for (unsigned i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        uart_set(m, NS16550_FCR, NS16550_FCR_ENABLE | NS16550_FCR_CLEAR_RX | levels[i].fcr);
        for (unsigned n = 1; n <= NS16550_FIFO_SIZE; n++) {
            uart_set(m, NS16550_THR, (uint8_t)n);
            exact &=
                uart(m, NS16550_IIR) ==
                (NS16550_IIR_FIFO | (n >= levels[i].level ? NS16550_IIR_RDI : NS16550_IIR_NONE));
        }
        for (unsigned n = NS16550_FIFO_SIZE; n > 0; n--) {
            exact &= (uart(m, NS16550_IIR) == (NS16550_IIR_FIFO | NS16550_IIR_RDI)) ==
                     (n >= levels[i].level);
            exact &= uart(m, NS16550_RBR) == NS16550_FIFO_SIZE + 1 - n;
        }
    }
    ok(exact, "FIFO: data interrupts at 1, 4, 8 and 14 characters and above");
    uart_set(m, NS16550_LCR, NS16550_LCR_WLS_8 | NS16550_LCR_PEN | NS16550_LCR_STB);
    uart_set(m, NS16550_THR, 'a');
    machine_run(m, four - 100);
    ok(uart(m, NS16550_IIR) == (NS16550_IIR_FIFO | NS16550_IIR_NONE), "time-out: not before");
    machine_run(m, 200);
    ok(uart(m, NS16550_IIR) == (NS16550_IIR_FIFO | NS16550_IIR_CTI),
       "time-out: four characters of the programmed length");
    machine_destroy(m);
}

/* All five causes at once, then one after the other is served (PC16550D, table IV). */
static void test_uart_priorities(void)
{
    enum { FIFO = NS16550_IIR_FIFO };
    struct machine *m = create(1, 10);

    load(m, sleep_, sizeof sleep_);
    uart_set(m, NS16550_MCR, NS16550_MCR_LOOP);
    uart(m, NS16550_MSR);
    uart_set(m, NS16550_FCR, NS16550_FCR_ENABLE | NS16550_FCR_TRIGGER_14);
    for (int i = 0; i < NS16550_FIFO_SIZE + 1; i++)
        uart_set(m, NS16550_THR, 'x');
    uart_set(m, NS16550_MCR, NS16550_MCR_LOOP | NS16550_MCR_DTR);
    machine_run(m, 1000000);
    ok(uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_NONE), "causes: none is enabled");
    uart_set(m, NS16550_IER, NS16550_IER_MASK);
    ok(uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_RLSI) &&
           uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_RLSI),
       "causes: line status first");
    ok((uart(m, NS16550_LSR) & NS16550_LSR_ERRORS) == NS16550_LSR_OE, "causes: overrun");
    ok(uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_CTI), "causes: then the time-out");
    uart(m, NS16550_RBR);
    ok(uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_RDI), "causes: then data");
    while (uart(m, NS16550_LSR) & NS16550_LSR_DR)
        uart(m, NS16550_RBR);
    ok(uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_THRI), "causes: then the transmitter");
    ok(uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_MSI) &&
           uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_MSI),
       "causes: then the modem, until MSR is read");
    ok(uart(m, NS16550_MSR) == (NS16550_MSR_DSR | NS16550_MSR_DDSR), "causes: DSR");
    ok(uart(m, NS16550_IIR) == (FIFO | NS16550_IIR_NONE), "causes: then none");
    machine_destroy(m);
}

static uint64_t random_state;

static uint64_t random64(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Offsets near the beginning, near the end, and anywhere. */
static uint64_t random_offset(uint64_t size)
{
    switch (random64() % 4) {
    case 0: return random64() % size;
    case 1: return size - 1 - random64() % 64;
    default: return random64() % (size < 64 ? size : 64);
    }
}

static void test_random(unsigned long n)
{
    struct machine *m = create(4, 10);
    unsigned source = machine_source(machine_console(m), 0);
    uint64_t value;

    load(m, sleep_, sizeof sleep_);
    for (unsigned long i = 0; i < n; i++) {
        struct device *dev = m->devices[random64() % m->device_count];
        unsigned size = 1u << random64() % 4;
        uint64_t addr = (dev->slot->base + random_offset(dev->slot->size)) & ~(uint64_t)(size - 1);
        value = random64() >> random64() % 64;
        if (random64() & 1)
            machine_bus_read(m, addr, size, &value);
        else
            machine_bus_write(m, addr, size, value);
        if (i % 64 == 0 && machine_input_room(m, source) > 100)
            machine_input(m, machine_now(m) + random64() % 1000, source + random64() % 2, "abcdef",
                          6);
        if (i % 256 == 0 && machine_run(m, 100).reason == MACHINE_RESET)
            machine_reset(m);
        output_size = 0;
    }
    ok(true, "random accesses to all devices do the host no harm");
    machine_destroy(m);
}

/*
 * Random programs: loads, stores and anything else, with registers that point at devices, memory
 * and around. Whatever they do, budgets are kept and the host is unharmed.
 */
static void test_random_programs(unsigned long n, unsigned xlen)
{
    static const uint32_t kinds[] = {0x03, 0x23, 0x2f, 0x73, 0x13, 0x63, 0x6f};
    struct machine *m = create_xlen(3, 10, xlen);
    uint32_t code[256];
    bool kept = true;

    load(m, sleep_, sizeof sleep_);
    for (unsigned long i = 0; i < n; i++) {
        for (unsigned k = 0; k < 256; k++) {
            code[k] = (uint32_t)random64();
            if (random64() % 4 != 0)
                code[k] = (code[k] & ~0x7fu) | kinds[random64() % 7];
        }
        machine_reset(m);
        ram_write(m->ram, 0x80001000, code, sizeof code);
        for (unsigned h = 0; h < m->hart_count; h++) {
            for (unsigned r = 1; r < 32; r++) {
                struct device *dev = m->devices[random64() % m->device_count];
                hart_write_reg(m->harts[h], r,
                               random64() % 3 ? dev->slot->base + random_offset(dev->slot->size)
                                              : 0x80000000 + random64() % (2 << 20));
            }
            hart_set_pc(m->harts[h], 0x80001000);
            hart_csr_write(m->harts[h], 0x305, 0x80001000 + random64() % 1024); /* mtvec */
        }
        for (int run = 0; run < 4; run++) {
            uint64_t before = m->spent;
            enum machine_reason reason = machine_run(m, 500).reason;
            kept &=
                m->spent - before <= 500 && (reason != MACHINE_BUDGET || m->spent - before == 500);
        }
        output_size = 0;
    }
    ok(kept, "random programs keep their budgets and do the host no harm");
    machine_destroy(m);
}

int main(int argc, char **argv)
{
    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    test_budget();
    test_pieces();
    test_trap_loop();
    test_idle();
    test_threads_budget();
    test_threads_stop();
    test_timer_between_looks(1);
    test_timer_between_looks(3);
    test_stop_reasons();
    test_input();
    test_input_repeats();
    test_state();
    test_plic();
    test_routes(1);
    test_routes(64);
    test_flash_buffer();
    test_uart();
    test_uart_levels();
    test_uart_priorities();
    test_random(argc > 2 ? strtoul(argv[2], NULL, 0) : 100000);
    test_random_programs(argc > 3 ? strtoul(argv[3], NULL, 0) : 1000, 64);
    test_random_programs(argc > 3 ? strtoul(argv[3], NULL, 0) : 1000, 32);
    for (kind++; *kind != NULL; kind++) {
        test_random(argc > 2 ? strtoul(argv[2], NULL, 0) / 4 : 25000);
        test_random_programs(argc > 3 ? strtoul(argv[3], NULL, 0) / 2 : 500, 64);
        test_random_programs(argc > 3 ? strtoul(argv[3], NULL, 0) / 2 : 500, 32);
    }
    printf("1..%d\n", count);
    return failed != 0;
}
