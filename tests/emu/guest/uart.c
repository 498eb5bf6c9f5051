/* ns16550a, mostly in loopback: registers, FIFO, every interrupt and its priority. */
#include "tests/emu/guest/guest.h"

static uint8_t rd(unsigned reg)
{
    return read8(UART_BASE + reg);
}

static void wr(unsigned reg, uint8_t value)
{
    write8(UART_BASE + reg, value);
}

static void test_registers(void)
{
    wr(NS16550_FCR, 0);
    wr(NS16550_IER, 0xff);
    note("IER mask", rd(NS16550_IER));
    wr(NS16550_IER, 0);
    wr(NS16550_LCR, 0xff);
    note("LCR", rd(NS16550_LCR));
    wr(NS16550_DLL, 0x12);
    wr(NS16550_DLM, 0x34);
    note("DLL", rd(NS16550_DLL));
    note("DLM", rd(NS16550_DLM));
    wr(NS16550_LCR, NS16550_LCR_WLS_8);
    note("IER behind the latch", rd(NS16550_IER));
    wr(NS16550_LCR, NS16550_LCR_WLS_8 | NS16550_LCR_DLAB);
    note("DLL kept", rd(NS16550_DLL));
    wr(NS16550_DLL, 1);
    wr(NS16550_DLM, 0);
    wr(NS16550_LCR, NS16550_LCR_WLS_8);
    wr(NS16550_SCR, 0xa5);
    note("SCR", rd(NS16550_SCR));
    wr(NS16550_MCR, 0xef);
    note("MCR", rd(NS16550_MCR));
    wr(NS16550_MCR, 0);
    note("LSR idle", rd(NS16550_LSR));
    note("MSR lines", rd(NS16550_MSR) & 0xf0);
    note("IIR idle", rd(NS16550_IIR));
    wr(NS16550_FCR, NS16550_FCR_ENABLE);
    note("IIR with FIFO", rd(NS16550_IIR));
    wr(NS16550_FCR, 0);
}

static void test_modem_loop(void)
{
    static const uint8_t values[] = {0x00, 0x01, 0x02, 0x04, 0x08, 0x0f};

    for (unsigned i = 0; i < sizeof values; i++) {
        wr(NS16550_MCR, NS16550_MCR_LOOP | values[i]);
        note("MSR in loopback", rd(NS16550_MSR) & 0xf0);
    }
}

/* One character at a time, without FIFO. */
static void test_loopback(void)
{
    wr(NS16550_MCR, NS16550_MCR_LOOP);
    note("no data", rd(NS16550_LSR));
    wr(NS16550_THR, 'A');
    note("data ready", rd(NS16550_LSR));
    note("IIR masked", rd(NS16550_IIR));
    wr(NS16550_IER, NS16550_IER_RDI);
    note("IIR data", rd(NS16550_IIR));
    note("RBR", rd(NS16550_RBR));
    note("read", rd(NS16550_LSR));
    note("IIR none", rd(NS16550_IIR));
    wr(NS16550_THR, 'B');
    wr(NS16550_THR, 'C');
    note("overrun", rd(NS16550_LSR));
    note("overrun is cleared by reading", rd(NS16550_LSR));
    note("RBR has the new one", rd(NS16550_RBR));
    wr(NS16550_IER, 0);
}

static void test_thre(void)
{
    wr(NS16550_IER, NS16550_IER_THRI);
    note("THRE on enabling", rd(NS16550_IIR));
    note("cleared by reading", rd(NS16550_IIR));
    wr(NS16550_THR, 'x');
    note("THRE after writing", rd(NS16550_IIR));
    wr(NS16550_IER, 0);
    rd(NS16550_RBR);
    wr(NS16550_IER, NS16550_IER_THRI);
    note("THRE on enabling again", rd(NS16550_IIR));
    wr(NS16550_IER, NS16550_IER_THRI | NS16550_IER_RDI);
    note("nothing new", rd(NS16550_IIR));
    wr(NS16550_THR, 'y');
    note("data beats THRE", rd(NS16550_IIR));
    note("data still", rd(NS16550_IIR));
    rd(NS16550_RBR);
    note("then THRE", rd(NS16550_IIR));
    note("then none", rd(NS16550_IIR));
    wr(NS16550_IER, 0);
}

static void test_line_status(void)
{
    wr(NS16550_IER, NS16550_IER_RLSI | NS16550_IER_RDI);
    wr(NS16550_THR, '1');
    wr(NS16550_THR, '2');
    note("line status beats data", rd(NS16550_IIR));
    note("LSR", rd(NS16550_LSR));
    note("then data", rd(NS16550_IIR));
    rd(NS16550_RBR);
    note("then none", rd(NS16550_IIR));
    wr(NS16550_IER, 0);
}

static void test_fifo(void)
{
    wr(NS16550_FCR,
       NS16550_FCR_ENABLE | NS16550_FCR_CLEAR_RX | NS16550_FCR_CLEAR_TX | NS16550_FCR_TRIGGER_4);
    wr(NS16550_IER, NS16550_IER_RDI);
    for (int i = 0; i < 3; i++)
        wr(NS16550_THR, (uint8_t)('a' + i));
    note("below trigger", rd(NS16550_LSR));
    delay(400 * TICKS_PER_MS);
    note("time-out", rd(NS16550_IIR));
    note("time-out stays", rd(NS16550_IIR));
    note("first", rd(NS16550_RBR));
    note("reading restarts it", rd(NS16550_IIR));
    for (int i = 0; i < 2; i++)
        wr(NS16550_THR, (uint8_t)('d' + i));
    note("trigger level", rd(NS16550_IIR));
    for (int i = 0; i < 4; i++)
        note("FIFO", rd(NS16550_RBR));
    note("empty", rd(NS16550_LSR));
    note("empty reads", rd(NS16550_RBR));
    for (int i = 0; i < 17; i++)
        wr(NS16550_THR, (uint8_t)(0x40 + i));
    note("overrun", rd(NS16550_LSR));
    for (int i = 0; i < 16; i++)
        note("kept", rd(NS16550_RBR));
    note("lost the last", rd(NS16550_LSR));
    for (int i = 0; i < 5; i++)
        wr(NS16550_THR, '!');
    wr(NS16550_FCR, NS16550_FCR_ENABLE | NS16550_FCR_CLEAR_RX);
    note("cleared", rd(NS16550_LSR));
    note("IIR after clearing", rd(NS16550_IIR));
    wr(NS16550_THR, '?');
    wr(NS16550_FCR, 0);
    note("off empties it", rd(NS16550_LSR));
    note("IIR without FIFO", rd(NS16550_IIR));
    wr(NS16550_IER, 0);
}

/* A time-out that has occurred stays until a character is read, whatever arrives. */
static void test_timeout(void)
{
    wr(NS16550_FCR, NS16550_FCR_ENABLE | NS16550_FCR_CLEAR_RX | NS16550_FCR_TRIGGER_8);
    wr(NS16550_IER, NS16550_IER_RDI);
    wr(NS16550_THR, 'a');
    delay(400 * TICKS_PER_MS);
    note("time-out below 8", rd(NS16550_IIR));
    wr(NS16550_THR, 'b');
    note("an arrival does not clear it", rd(NS16550_IIR));
    rd(NS16550_RBR);
    note("a read does", rd(NS16550_IIR));
    delay(400 * TICKS_PER_MS);
    note("again for the other", rd(NS16550_IIR));
    wr(NS16550_IER, 0);
    note("masked", rd(NS16550_IIR));
    wr(NS16550_IER, NS16550_IER_RDI);
    note("unmasked", rd(NS16550_IIR));
    wr(NS16550_FCR, NS16550_FCR_ENABLE | NS16550_FCR_CLEAR_RX);
    note("cleared with the FIFO", rd(NS16550_IIR));
    wr(NS16550_FCR, 0);
    wr(NS16550_IER, 0);
}

static void test_sizes(void)
{
    wr(NS16550_MCR, 0);
    write32(UART_BASE + 4, 0x11223302);
    note("32-bit write takes the low byte", rd(NS16550_MCR));
    note("32-bit read", read32(UART_BASE + 4));
    note("16-bit read", read16(UART_BASE + 4));
    note_fault("no faults");
    read8(UART_BASE + 8);
    note_fault("beyond the registers");
    write8(UART_BASE + 8, 0);
    note_fault("write beyond");
}

int main(void)
{
    test_registers();
    test_modem_loop();
    test_loopback();
    test_thre();
    test_line_status();
    test_fifo();
    test_timeout();
    test_sizes();
    report();
    return 0;
}
