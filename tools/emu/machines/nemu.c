/*
 * NEMU, the teaching machine of Nanjing University's PA course: one hart that runs everything in
 * M-mode, devices at 0xa0000000, and no firmware: images start at the beginning of DRAM. EBREAK
 * ends the run with a0 as status. What NEMU cannot go on after ends the run here, too, as long as
 * the program has set no mtvec.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hw/nemu.h"
#include "tools/emu/machine.h"
#include "tools/emu/machines/nemu.h"

enum {
    CAUSE_BREAKPOINT = 3,
    CAUSE_ECALL = 11,
    CSR_MTVEC = 0x305,
    CSR_MEPC = 0x341,
    CSR_MCAUSE = 0x342,
    REG_A0 = 10,
    ABORT_STATUS = 1,
    REPEATS_MAX = 1000,
};

/* On the console, as NEMU's own messages. */
static void say(struct machine *m, const char *text)
{
    struct device *console = machine_console(m);

    if (console != NULL)
        machine_output(console, 0, (const uint8_t *)text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static void say_line(struct machine *m, const char *format,
                                                           ...)
{
    char line[200];
    va_list ap;

    va_start(ap, format);
    vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    say(m, line);
    say(m, "\n");
}

void nemu_abort(struct machine *m, const char *format, ...)
{
    char why[160];
    va_list ap;

    va_start(ap, format);
    vsnprintf(why, sizeof why, format, ap);
    va_end(ap);
    say_line(m, "nemu: ABORT at pc = 0x%0*" PRIx64 ": %s", (int)m->isa.xlen / 4,
             hart_pc(m->harts[0]), why);
    machine_power_off(m, ABORT_STATUS);
}

static const char *cause_text(unsigned cause)
{
    switch (cause) {
#define EXCEPTION(id, num, text) \
    case num:                    \
        return text;
#define INTERRUPT(id, num, text)
#include "riscv/cause.def"
    default: return "exception";
    }
}

/* The program's status as a process can return it: 0 stays 0, and nothing else becomes 0. */
static int halt(struct machine *m, struct hart *hart)
{
    uint64_t status = hart_read_reg(hart, REG_A0);

    nemu_vga_finish(machine_device(m, "nemu_vga", 0));
    say_line(m, "nemu: HIT %s TRAP at pc = 0x%0*" PRIx64, status == 0 ? "GOOD" : "BAD",
             (int)m->isa.xlen / 4, hart_pc(hart));
    return status == 0 || (status & 0xff) != 0 ? (int)(status & 0xff) : 1;
}

static uint64_t csr(struct hart *hart, unsigned num)
{
    uint64_t value = 0;

    hart_csr_read(hart, num, &value);
    return value;
}

/*
 * The abstract machine's handler returns to where a fault came from, which NEMU does not get to:
 * there, faults end the run.
 */
static bool is_endless(struct hart *hart, unsigned cause)
{
    return cause != CAUSE_ECALL && hart_trap_repeats(hart) >= REPEATS_MAX &&
           csr(hart, CSR_MEPC) == hart_pc(hart) && csr(hart, CSR_MCAUSE) == cause;
}

static bool nemu_exception(struct machine *m, struct hart *hart, unsigned cause, uint64_t tval)
{
    bool has_handler = csr(hart, CSR_MTVEC) != 0;

    if (cause == CAUSE_BREAKPOINT) {
        machine_power_off(m, halt(m, hart));
        return true;
    }
    if (has_handler && !is_endless(hart, cause))
        return false;
    nemu_abort(m, "%s, mtval 0x%" PRIx64 ", and %s", cause_text(cause), tval,
               has_handler ? "its handler goes back to it" : "mtvec is not set");
    return true;
}

/* Device type, base, size. */
#define NEMU_DEVICES(DEVICE)                                      \
    DEVICE(nemu_rtc, NEMU_RTC_BASE, NEMU_RTC_SIZE)                \
    DEVICE(nemu_keyboard, NEMU_KEYBOARD_BASE, NEMU_KEYBOARD_SIZE) \
    DEVICE(nemu_vga, NEMU_VGA_BASE, NEMU_VGA_SIZE)                \
    DEVICE(nemu_audio, NEMU_AUDIO_BASE, NEMU_AUDIO_SIZE)          \
    DEVICE(nemu_disk, NEMU_DISK_BASE, NEMU_DISK_REG_SIZE)         \
    DEVICE(nemu_serial, NEMU_SERIAL_BASE, NEMU_SERIAL_SIZE)

#define DECLARE(type, base, size) extern const struct device_ops type##_device;
NEMU_DEVICES(DECLARE)

#define SLOT(type, base, size) {&type##_device, base, size, 0, 0, false},
static const struct device_slot nemu_slots[] = {NEMU_DEVICES(SLOT)};

/* As much as the abstract machine maps. */
static const struct machine_region nemu_regions[] = {
    {NEMU_FB_BASE, NEMU_FB_SIZE},
    {NEMU_SBUF_BASE, NEMU_SBUF_SIZE},
};

const struct machine_type machine_nemu = {
    .name = "nemu",
    .summary = "the teaching machine of NJU's PA course",
    .model = "nemu,tarn",
    .compatible = "nemu",
    .dram_base = NEMU_DRAM_BASE,
    .dram_max = 0x20000000,
    .regions = nemu_regions,
    .region_count = sizeof nemu_regions / sizeof nemu_regions[0],
    .hart_quirks = HART_M_ONLY | HART_M_TRANSLATES | HART_MTI_PULSE,
    .exception = nemu_exception,
    .timebase_hz = 1000000,
    .max_harts = 1,
    .slots = nemu_slots,
    .slot_count = sizeof nemu_slots / sizeof nemu_slots[0],
};
