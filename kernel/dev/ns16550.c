/*
 * Serial port compatible with the PC16550D (National's data sheet; binding "ns16550a").
 *
 * Output is written by polling, a FIFO at a time: machines of this kind take it as fast as it
 * comes, and a panic needs no interrupts for it. Input comes by interrupt.
 */
#include "hw/ns16550.h"
#include "abi/errno.h"
#include "kernel/arch/arch.h"
#include "kernel/dev/internal.h"
#include "kernel/klog.h"
#include "lib/fdt.h"

#define LOCK_PATIENCE                                                          \
    1000000u /* tries before a writer barges in on one that died with the lock \
              */

static struct {
    uint8_t *base;
    unsigned shift; /* registers lie 1 << shift bytes apart */
    bool wide;      /* and want 32-bit accesses */
    unsigned irq;
    uint32_t busy; /* atomic; not a spinlock, so that output works when the kernel is dying */
} uart;

static uint8_t uart_read(unsigned reg)
{
    uint8_t *p = uart.base + (reg << uart.shift);
    return uart.wide ? (uint8_t)mmio_read32(p) : mmio_read8(p);
}

static void uart_write_reg(unsigned reg, uint8_t value)
{
    uint8_t *p = uart.base + (reg << uart.shift);
    if (uart.wide)
        mmio_write32(p, value);
    else
        mmio_write8(p, value);
}

static void uart_write(const char *text, size_t n)
{
    bool irq_on = arch_irq_save();
    for (unsigned tries = 0; __atomic_exchange_n(&uart.busy, 1, __ATOMIC_ACQUIRE); tries++) {
        if (tries > LOCK_PATIENCE)
            break;
    }
    while (n > 0) {
        while (!(uart_read(NS16550_LSR) & NS16550_LSR_THRE))
            continue;
        /* Empty means that a whole FIFO's worth fits. */
        for (unsigned room = NS16550_FIFO_SIZE; room > 0 && n > 0; room--, n--)
            uart_write_reg(NS16550_THR, (uint8_t)*text++);
    }
    __atomic_store_n(&uart.busy, 0, __ATOMIC_RELEASE);
    arch_irq_restore(irq_on);
}

static void uart_interrupt(void *arg)
{
    uint8_t bytes[NS16550_FIFO_SIZE];
    for (;;) {
        size_t n = 0;
        uint8_t status = 0;
        bool broken = false;
        while (n < sizeof bytes && (status = uart_read(NS16550_LSR)) & NS16550_LSR_DR) {
            uint8_t byte = uart_read(NS16550_RBR);
            if (status & NS16550_LSR_BI)
                broken = true; /* comes with a NUL that nobody sent */
            else
                bytes[n++] = byte;
        }
        if (n > 0)
            tty_input(bytes, n);
        if (broken)
            tty_break();
        if (n < sizeof bytes)
            break;
    }
    (void)uart_read(NS16550_IIR); /* acknowledges what is left */
}

static void uart_start(void)
{
    int err = irq_request(uart.irq, uart_interrupt, NULL, "ttyS0");
    if (err < 0) {
        klog(LOG_ERR, "ttyS0: no interrupt %u (error %d): no input", uart.irq, -err);
        return;
    }
    uart_write_reg(NS16550_IER, NS16550_IER_RDI | NS16550_IER_RLSI);
}

static const struct tty_line uart_line = {"ttyS0", 4, 64, uart_write, uart_start};

static int ns16550_probe(struct fdt *fdt, int node)
{
    uint32_t value = 0;
    if (uart.base)
        return 0; /* further ports are left alone */
    uart.base = dev_map_reg(fdt, node, 0);
    if (!uart.base)
        return -ENOMEM;
    if (fdt_prop_u32(fdt, node, "reg-shift", &value) == 0 && value <= 3)
        uart.shift = value;
    uart.wide = fdt_prop_u32(fdt, node, "reg-io-width", &value) == 0 && value == 4;
    uart.irq = dev_irq(fdt, node);
    /* The firmware has set the speed; 8 bits, no parity, FIFOs on, interrupts off until started. */
    uart_write_reg(NS16550_IER, 0);
    uart_write_reg(NS16550_LCR, NS16550_LCR_WLS_8);
    uart_write_reg(NS16550_FCR, NS16550_FCR_ENABLE | NS16550_FCR_TRIGGER_1);
    uart_write_reg(NS16550_MCR, NS16550_MCR_DTR | NS16550_MCR_RTS | NS16550_MCR_OUT2);
    console_add_line(&uart_line);
    return 0;
}

static const char *const ns16550_compatible[] = {"ns16550a", "ns16550", "snps,dw-apb-uart", NULL};
const struct driver ns16550_driver = {"ns16550", ns16550_compatible, ns16550_probe};
