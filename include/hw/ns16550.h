#pragma once
/*
 * ns16550a UART: register offsets and bits, as the National PC16550D data sheet (section 8) names
 * them. Offsets count registers; the device tree's reg-shift says how far apart they lie.
 */

/* Register numbers. The same number means different registers for reads and writes, and numbers 0
 * and 1 are the divisor latch while LCR.DLAB is set. */
enum ns16550_reg {
    NS16550_RBR = 0, /* read: receiver buffer */
    NS16550_THR = 0, /* write: transmitter holding register */
    NS16550_DLL = 0, /* DLAB: divisor latch, low byte */
    NS16550_IER = 1, /* interrupt enable */
    NS16550_DLM = 1, /* DLAB: divisor latch, high byte */
    NS16550_IIR = 2, /* read: interrupt identification */
    NS16550_FCR = 2, /* write: FIFO control */
    NS16550_LCR = 3, /* line control */
    NS16550_MCR = 4, /* modem control */
    NS16550_LSR = 5, /* line status */
    NS16550_MSR = 6, /* modem status */
    NS16550_SCR = 7, /* scratch */
    NS16550_REG_COUNT = 8,
};

enum ns16550_ier {
    NS16550_IER_RDI = 0x01,  /* received data available, and character time-out */
    NS16550_IER_THRI = 0x02, /* transmitter holding register empty */
    NS16550_IER_RLSI = 0x04, /* receiver line status */
    NS16550_IER_MSI = 0x08,  /* modem status */
    NS16550_IER_MASK = 0x0f,
};

enum ns16550_iir {
    NS16550_IIR_NONE = 0x01, /* no interrupt pending (the bit is active low) */
    NS16550_IIR_MSI = 0x00,  /* priority 4: modem status */
    NS16550_IIR_THRI = 0x02, /* priority 3: transmitter holding register empty */
    NS16550_IIR_RDI = 0x04,  /* priority 2: received data available */
    NS16550_IIR_RLSI = 0x06, /* priority 1: receiver line status */
    NS16550_IIR_CTI = 0x0c,  /* priority 2: character time-out (FIFO mode) */
    NS16550_IIR_ID_MASK = 0x0f,
    NS16550_IIR_FIFO = 0xc0, /* both bits set while the FIFOs are on */
};

enum ns16550_fcr {
    NS16550_FCR_ENABLE = 0x01,
    NS16550_FCR_CLEAR_RX = 0x02, /* clears itself */
    NS16550_FCR_CLEAR_TX = 0x04, /* clears itself */
    NS16550_FCR_DMA = 0x08,
    NS16550_FCR_TRIGGER_MASK = 0xc0, /* receiver interrupt at 1, 4, 8 or 14 bytes */
    NS16550_FCR_TRIGGER_1 = 0x00,
    NS16550_FCR_TRIGGER_4 = 0x40,
    NS16550_FCR_TRIGGER_8 = 0x80,
    NS16550_FCR_TRIGGER_14 = 0xc0,
};

enum ns16550_lcr {
    NS16550_LCR_WLS_MASK = 0x03, /* word length: 5 + this many bits */
    NS16550_LCR_WLS_8 = 0x03,
    NS16550_LCR_STB = 0x04,  /* two stop bits */
    NS16550_LCR_PEN = 0x08,  /* parity enable */
    NS16550_LCR_EPS = 0x10,  /* even parity */
    NS16550_LCR_SP = 0x20,   /* stick parity */
    NS16550_LCR_SBC = 0x40,  /* send break */
    NS16550_LCR_DLAB = 0x80, /* divisor latch access */
};

enum ns16550_mcr {
    NS16550_MCR_DTR = 0x01,
    NS16550_MCR_RTS = 0x02,
    NS16550_MCR_OUT1 = 0x04,
    NS16550_MCR_OUT2 = 0x08, /* gates the interrupt line on PCs; not on the boards modelled here */
    NS16550_MCR_LOOP = 0x10, /* local loopback */
    NS16550_MCR_MASK = 0x1f,
};

enum ns16550_lsr {
    NS16550_LSR_DR = 0x01,     /* data ready */
    NS16550_LSR_OE = 0x02,     /* overrun */
    NS16550_LSR_PE = 0x04,     /* parity error */
    NS16550_LSR_FE = 0x08,     /* framing error */
    NS16550_LSR_BI = 0x10,     /* break */
    NS16550_LSR_THRE = 0x20,   /* transmitter holding register (or FIFO) empty */
    NS16550_LSR_TEMT = 0x40,   /* transmitter empty */
    NS16550_LSR_FIFOE = 0x80,  /* an error is somewhere in the receiver FIFO */
    NS16550_LSR_ERRORS = 0x1e, /* OE PE FE BI: what raises the line status interrupt */
};

enum ns16550_msr {
    NS16550_MSR_DCTS = 0x01, /* CTS changed since the last read */
    NS16550_MSR_DDSR = 0x02,
    NS16550_MSR_TERI = 0x04, /* RI went away */
    NS16550_MSR_DDCD = 0x08,
    NS16550_MSR_DELTAS = 0x0f,
    NS16550_MSR_CTS = 0x10,
    NS16550_MSR_DSR = 0x20,
    NS16550_MSR_RI = 0x40,
    NS16550_MSR_DCD = 0x80,
};

enum ns16550_sizes {
    NS16550_FIFO_SIZE = 16,
};
