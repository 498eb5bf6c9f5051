#include <stdarg.h>

#include "abi/sbi.h"
#include "lib/fmt.h"
#include "sbi/console.h"
#include "sbi/csr.h"
#include "sbi/panic.h"
#include "sbi/reset.h"

_Noreturn void hart_halt(void)
{
    csr_write(mie, 0);
    for (;;)
        wfi();
}

/* The console's lock is not taken: its holder may be the one that failed. */
static void put_raw(void *arg, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\n')
            console_putc('\r');
        console_putc(s[i]);
    }
}

static void print_raw(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fmt_vprint(put_raw, NULL, fmt, ap);
    va_end(ap);
}

static _Noreturn void stop(void)
{
    reset_system(SBI_RESET_SHUTDOWN, true);
    hart_halt();
}

_Noreturn void panic(const char *fmt, ...)
{
    va_list ap;
    print_raw("sbi: panic on hart %lu: ", csr_read(mhartid));
    va_start(ap, fmt);
    fmt_vprint(put_raw, NULL, fmt, ap);
    va_end(ap);
    print_raw("\n");
    stop();
}

static const char *cause_text(unsigned long cause)
{
    static const struct {
        unsigned long cause;
        const char *text;
    } rows[] = {
#define EXCEPTION(id, num, text) {(num), text},
#define INTERRUPT(id, num, text) {CAUSE_INTERRUPT | (num), text},
#include "riscv/cause.def"
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].cause == cause)
            return rows[i].text;
    return "unknown cause";
}

_Noreturn void panic_trap(const struct trap_frame *frame)
{
    static const char names[32][5] = {
        "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
        "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
        "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    };
    const int width = 2 * sizeof(long);
    unsigned long cause = csr_read(mcause), pc = csr_read(mepc);
    if (!console_present())
        console_init_emergency();
    print_raw("sbi: panic on hart %lu: %s in the firmware\n", csr_read(mhartid), cause_text(cause));
    print_raw("mepc %0*lx  mtval %0*lx  mcause %lx  mstatus %lx\n", width, pc, width,
              csr_read(mtval), cause, csr_read(mstatus));
    for (unsigned i = 1; i < 32; i++)
        print_raw("%4s %0*lx%s", names[i], width, frame->x[i], i % 4 == 3 ? "\n" : "  ");
    stop();
}
