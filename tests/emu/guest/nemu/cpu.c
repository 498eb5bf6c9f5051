/* The hart as NEMU has it: states at reset, ecall, mret, the timer interrupt. */
#include "tests/emu/guest/nemu/nemu.h"

#define MIE  0x8
#define MPIE 0x80
#define MPP  0x1800

static volatile word last_cause, last_a7, last_mstatus, ecall_pc;
static volatile int ticks;

struct context *on_trap(struct context *c)
{
    last_cause = c->mcause;
    last_mstatus = c->mstatus;
    last_a7 = c->x[17];
    if (c->mcause & INTERRUPT) {
        ticks++;
        return c;
    }
    ecall_pc = c->mepc;
    c->mepc += 4;
    return c;
}

static void timer(void)
{
    uint64_t start;
    int at_start;

    while (ticks == 0) /* from now on not in the middle of a period */
        ;
    at_start = ticks;
    start = uptime();
    while (uptime() - start < 500000)
        ;
    show("ticks in half a second", (word)(ticks - at_start));
    show("cause", last_cause);
    show("mstatus in the handler", last_mstatus & (MIE | MPIE | MPP));
    show("mie", CSR_READ(mie));
    show("mip", CSR_READ(mip) & 0x80);
    CSR_WRITE(mstatus, CSR_READ(mstatus) & ~(word)MIE);
    start = uptime();
    while (uptime() - start < 50000)
        ;
    show("mip after a while", CSR_READ(mip) & 0x80);
}

int main(void)
{
    show("mstatus", CSR_READ(mstatus) & 0xffffffff);
    show("satp", CSR_READ(satp));
    CSR_WRITE(mtvec, trap_entry);
    yield();
    show("cause", last_cause);
    show("a7", last_a7);
    show("mstatus", last_mstatus & (MIE | MPIE | MPP));
    /* Nothing below M-mode: a context without MPP stays in it. */
    CSR_WRITE(mstatus, 0);
    show("MPP", CSR_READ(mstatus) & MPP);
    yield();
    show("cause", last_cause);
    CSR_WRITE(mstatus, MIE | MPP);
    timer();
    return 0;
}
