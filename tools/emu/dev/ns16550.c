/*
 * ns16550a UART (include/hw/ns16550.h; National PC16550D data sheet). Register-visible behaviour
 * only: characters leave at once, so the transmitter is empty whenever somebody looks. Characters
 * arrive as fast as the guest takes them: what the FIFO has no room for stays with the machine.
 */
#include "hw/ns16550.h"
#include "tools/emu/machine.h"

enum { UART_DATA, UART_BREAK }; /* input channels */

enum { OVERSAMPLING = 16 }; /* clock cycles per bit at divisor 1 */

struct uart {
    uint8_t rx_data[NS16550_FIFO_SIZE];  /* ring: characters ... */
    uint8_t rx_error[NS16550_FIFO_SIZE]; /* ... and the LSR bits that came with each */
    uint8_t rx_start, rx_count;
    uint8_t ier, fcr, lcr, mcr, lsr, msr, scr, dll, dlm;
    uint8_t thre_pending; /* the THRE interrupt: set when the THR empties, cleared by reading IIR */
    uint8_t timeout_pending; /* four character times without a read or an arrival */
    struct timer timeout;
};

static const struct state_field uart_fields[] = {
    STATE_ARRAY(struct uart, rx_data, 1),
    STATE_ARRAY(struct uart, rx_error, 1),
    STATE_FIELD(struct uart, rx_start, 1),
    STATE_FIELD(struct uart, rx_count, 1),
    STATE_FIELD(struct uart, ier, 1),
    STATE_FIELD(struct uart, fcr, 1),
    STATE_FIELD(struct uart, lcr, 1),
    STATE_FIELD(struct uart, mcr, 1),
    STATE_FIELD(struct uart, lsr, 1),
    STATE_FIELD(struct uart, msr, 1),
    STATE_FIELD(struct uart, scr, 1),
    STATE_FIELD(struct uart, dll, 1),
    STATE_FIELD(struct uart, dlm, 1),
    STATE_FIELD(struct uart, thre_pending, 1),
    STATE_FIELD(struct uart, timeout_pending, 1),
};

static bool fifo_on(const struct uart *u)
{
    return u->fcr & NS16550_FCR_ENABLE;
}

static unsigned rx_capacity(const struct uart *u)
{
    return fifo_on(u) ? NS16550_FIFO_SIZE : 1;
}

static unsigned rx_trigger(const struct uart *u)
{
    static const uint8_t levels[] = {1, 4, 8, 14};

    return fifo_on(u) ? levels[u->fcr >> 6] : 1;
}

/* Interrupt identification: the pending and enabled source of the highest priority. */
static uint8_t uart_iir(const struct uart *u)
{
    uint8_t fifo = fifo_on(u) ? NS16550_IIR_FIFO : 0;

    if ((u->ier & NS16550_IER_RLSI) && (u->lsr & NS16550_LSR_ERRORS))
        return fifo | NS16550_IIR_RLSI;
    if ((u->ier & NS16550_IER_RDI) && u->timeout_pending)
        return fifo | NS16550_IIR_CTI;
    if ((u->ier & NS16550_IER_RDI) && u->rx_count >= rx_trigger(u))
        return fifo | NS16550_IIR_RDI;
    if ((u->ier & NS16550_IER_THRI) && u->thre_pending)
        return fifo | NS16550_IIR_THRI;
    if ((u->ier & NS16550_IER_MSI) && (u->msr & NS16550_MSR_DELTAS))
        return fifo | NS16550_IIR_MSI;
    return fifo | NS16550_IIR_NONE;
}

static void uart_update_irq(struct device *dev)
{
    uint8_t iir = uart_iir(dev->state);

    if (dev->irq_level == !!(iir & NS16550_IIR_NONE)) /* it changes */
        trace_device(dev, UART, "interrupt %s, IIR 0x%02x", dev->irq_level ? "off" : "on", iir);
    device_set_irq(dev, !(iir & NS16550_IIR_NONE));
}

/* Four character times at the programmed rate and format, ns. */
static uint64_t uart_timeout_ns(const struct device *dev)
{
    const struct uart *u = dev->state;
    uint64_t divisor = u->dlm << 8 | u->dll;
    unsigned bits = 1 + 5 + (u->lcr & NS16550_LCR_WLS_MASK) + 1;

    if (u->lcr & NS16550_LCR_PEN)
        bits++;
    if (u->lcr & NS16550_LCR_STB)
        bits++;
    if (divisor == 0)
        divisor = 1;
    return 4 * bits * divisor * OVERSAMPLING * UINT64_C(1000000000) / dev->slot->clock_hz;
}

/*
 * After every arrival and every read in FIFO mode the time-out starts anew. One that has occurred
 * is cleared by reading a character only (data sheet, "FIFO interrupt mode operation").
 */
static void uart_restart_timeout(struct device *dev)
{
    struct uart *u = dev->state;

    if (fifo_on(u) && u->rx_count != 0)
        machine_set_timer(dev->machine, &u->timeout,
                          machine_now(dev->machine) + uart_timeout_ns(dev));
    else
        machine_cancel_timer(dev->machine, &u->timeout);
}

static void uart_timed_out(void *arg)
{
    struct device *dev = arg;
    struct uart *u = dev->state;

    if (u->rx_count != 0 && fifo_on(u)) {
        u->timeout_pending = 1;
        uart_update_irq(dev);
    }
}

/* LSR: DR and the error bits show the oldest character; FIFOE whether any has an error. */
static void uart_show_oldest(struct uart *u)
{
    if (u->rx_count == 0) {
        u->lsr &= ~(NS16550_LSR_DR | NS16550_LSR_FIFOE);
        return;
    }
    u->lsr |= NS16550_LSR_DR | u->rx_error[u->rx_start];
    u->rx_error[u->rx_start] = 0; /* reported once: a read of LSR clears it for good */
}

/* A character arrives from the line with its LSR error bits. No room: overrun, newest lost
 * in FIFO mode, the unread one overwritten without FIFO (data sheet, LSR bit 1). */
static void uart_receive(struct device *dev, uint8_t byte, uint8_t error)
{
    struct uart *u = dev->state;

    trace_device(dev, UART, "receives 0x%02x, line status 0x%02x%s", byte, error,
                 u->rx_count == rx_capacity(u) ? ", overrun" : "");
    if (u->rx_count == rx_capacity(u)) {
        u->lsr |= NS16550_LSR_OE;
        if (fifo_on(u))
            return;
        u->rx_count = 0;
    }
    unsigned end = (u->rx_start + u->rx_count) % NS16550_FIFO_SIZE;
    u->rx_data[end] = byte;
    u->rx_error[end] = error;
    u->rx_count++;
    if (error && fifo_on(u))
        u->lsr |= NS16550_LSR_FIFOE;
    uart_show_oldest(u);
    uart_restart_timeout(dev);
}

/* Take what there is room for; nothing in loopback, which cuts off the line. */
static size_t uart_input(struct device *dev, unsigned channel, const uint8_t *bytes, size_t n)
{
    struct uart *u = dev->state;
    size_t taken = 0;

    if (u->mcr & NS16550_MCR_LOOP)
        return 0;
    for (; taken < n && u->rx_count < rx_capacity(u); taken++) {
        if (channel == UART_BREAK)
            uart_receive(dev, 0, NS16550_LSR_BI | NS16550_LSR_FE);
        else
            uart_receive(dev, bytes[taken], 0);
    }
    uart_update_irq(dev);
    return taken;
}

static uint8_t uart_read_rbr(struct device *dev)
{
    struct uart *u = dev->state;
    uint8_t byte = u->rx_data[u->rx_start];

    if (u->rx_count == 0) /* the data sheet leaves it open; without FIFO chips show the last one */
        return fifo_on(u) ? 0 : byte;
    if (fifo_on(u))
        u->rx_start = (u->rx_start + 1) % NS16550_FIFO_SIZE;
    u->rx_count--;
    u->timeout_pending = 0;
    uart_show_oldest(u);
    uart_restart_timeout(dev);
    machine_input_ready(dev);
    uart_update_irq(dev);
    return byte;
}

/* Modem status: the lines of nobody, i.e. a connected peer; in loopback, the MCR outputs. */
static uint8_t modem_lines(const struct uart *u)
{
    uint8_t lines = 0;

    if (!(u->mcr & NS16550_MCR_LOOP))
        return NS16550_MSR_CTS | NS16550_MSR_DSR | NS16550_MSR_DCD;
    if (u->mcr & NS16550_MCR_RTS)
        lines |= NS16550_MSR_CTS;
    if (u->mcr & NS16550_MCR_DTR)
        lines |= NS16550_MSR_DSR;
    if (u->mcr & NS16550_MCR_OUT1)
        lines |= NS16550_MSR_RI;
    if (u->mcr & NS16550_MCR_OUT2)
        lines |= NS16550_MSR_DCD;
    return lines;
}

static void uart_update_modem(struct uart *u)
{
    uint8_t now = modem_lines(u), changed = (u->msr ^ now) & 0xf0;

    if (changed & NS16550_MSR_CTS)
        u->msr |= NS16550_MSR_DCTS;
    if (changed & NS16550_MSR_DSR)
        u->msr |= NS16550_MSR_DDSR;
    if (changed & NS16550_MSR_DCD)
        u->msr |= NS16550_MSR_DDCD;
    if ((changed & NS16550_MSR_RI) && !(now & NS16550_MSR_RI))
        u->msr |= NS16550_MSR_TERI;
    u->msr = (u->msr & NS16550_MSR_DELTAS) | now;
}

static void uart_transmit(struct device *dev, uint8_t byte)
{
    struct uart *u = dev->state;

    trace_device(dev, UART, "sends 0x%02x%s", byte, u->mcr & NS16550_MCR_LOOP ? " to itself" : "");
    if (u->mcr & NS16550_MCR_LOOP)
        uart_receive(dev, byte, 0);
    else
        machine_output(dev, UART_DATA, &byte, 1);
    u->thre_pending = 1;
}

static void uart_write_ier(struct uart *u, uint8_t value)
{
    uint8_t changed = u->ier ^ value;

    u->ier = value & NS16550_IER_MASK;
    /* Enabling THRI with the THR empty raises it, as chips do and drivers rely on. */
    if (changed & NS16550_IER_THRI)
        u->thre_pending = !!(u->ier & NS16550_IER_THRI);
}

static void uart_write_fcr(struct device *dev, uint8_t value)
{
    struct uart *u = dev->state;
    bool toggled = (u->fcr ^ value) & NS16550_FCR_ENABLE;

    /* Switching the FIFOs on or off empties them, and so do the clear bits. */
    if (toggled || (value & NS16550_FCR_CLEAR_RX)) {
        u->rx_count = 0;
        u->timeout_pending = 0;
        u->lsr &= ~NS16550_LSR_BI;
        uart_show_oldest(u);
    }
    if (toggled || (value & NS16550_FCR_CLEAR_TX))
        u->thre_pending = 1;
    u->fcr = value & NS16550_FCR_ENABLE;
    if (u->fcr) /* the other bits can be written only together with this one */
        u->fcr |= value & (NS16550_FCR_DMA | NS16550_FCR_TRIGGER_MASK);
    uart_restart_timeout(dev);
    machine_input_ready(dev);
}

static uint8_t uart_read_reg(struct device *dev, unsigned reg)
{
    struct uart *u = dev->state;
    uint8_t value;

    switch (reg) {
    case NS16550_RBR: return u->lcr & NS16550_LCR_DLAB ? u->dll : uart_read_rbr(dev);
    case NS16550_IER: return u->lcr & NS16550_LCR_DLAB ? u->dlm : u->ier;
    case NS16550_IIR:
        value = uart_iir(u);
        if ((value & NS16550_IIR_ID_MASK) == NS16550_IIR_THRI)
            u->thre_pending = 0;
        break;
    case NS16550_LCR: return u->lcr;
    case NS16550_MCR: return u->mcr;
    case NS16550_LSR:
        value = u->lsr;
        u->lsr &= ~(NS16550_LSR_ERRORS | NS16550_LSR_FIFOE);
        for (unsigned i = 0; i < u->rx_count && fifo_on(u); i++)
            if (u->rx_error[(u->rx_start + i) % NS16550_FIFO_SIZE])
                u->lsr |= NS16550_LSR_FIFOE;
        break;
    case NS16550_MSR:
        value = u->msr;
        u->msr &= ~NS16550_MSR_DELTAS;
        break;
    default: return u->scr;
    }
    uart_update_irq(dev);
    return value;
}

static void uart_write_reg(struct device *dev, unsigned reg, uint8_t value)
{
    struct uart *u = dev->state;

    switch (reg) {
    case NS16550_THR:
        if (u->lcr & NS16550_LCR_DLAB)
            u->dll = value;
        else
            uart_transmit(dev, value);
        break;
    case NS16550_IER:
        if (u->lcr & NS16550_LCR_DLAB)
            u->dlm = value;
        else
            uart_write_ier(u, value);
        break;
    case NS16550_FCR: uart_write_fcr(dev, value); break;
    case NS16550_LCR: u->lcr = value; break;
    case NS16550_MCR:
        u->mcr = value & NS16550_MCR_MASK;
        uart_update_modem(u);
        machine_input_ready(dev);
        break;
    case NS16550_SCR: u->scr = value; break;
    default: break; /* LSR and MSR: factory test only */
    }
    uart_update_irq(dev);
}

static void uart_init(struct device *dev)
{
    struct uart *u = dev->state;

    u->timeout.fire = uart_timed_out;
    u->timeout.arg = dev;
}

static void uart_reset(struct device *dev)
{
    struct uart *u = dev->state;

    machine_cancel_timer(dev->machine, &u->timeout);
    u->lsr = NS16550_LSR_THRE | NS16550_LSR_TEMT;
    u->mcr = NS16550_MCR_OUT2;
    u->msr = modem_lines(u);
    u->dll = 12; /* 9600 baud on a PC; some firmware never sets it */
}

/* Accesses of any size reach the one byte-wide register at that offset. */
static bool uart_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    if (offset >= NS16550_REG_COUNT)
        return false;
    *value = uart_read_reg(dev, (unsigned)offset);
    return true;
}

static bool uart_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    if (offset >= NS16550_REG_COUNT)
        return false;
    uart_write_reg(dev, (unsigned)offset, (uint8_t)value);
    return true;
}

static void uart_fdt(struct device *dev, struct fdt_writer *w)
{
    fdtw_prop_u32(w, "clock-frequency", (uint32_t)dev->slot->clock_hz);
}

const struct device_ops ns16550_device = {
    .name = "ns16550",
    .node = "serial",
    .compatible = {"ns16550a"},
    .sizes = 1 | 2 | 4 | 8,
    .is_console = true,
    .state_size = sizeof(struct uart),
    .fields = uart_fields,
    .field_count = sizeof uart_fields / sizeof uart_fields[0],
    .init = uart_init,
    .reset = uart_reset,
    .read = uart_read,
    .write = uart_write,
    .input = uart_input,
    .fdt = uart_fdt,
};
