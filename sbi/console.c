#include "hw/ns16550.h"
#include "lib/fmt.h"
#include "sbi/console.h"
#include "sbi/csr.h"
#include "sbi/platform.h"
#include "sbi/spin.h"

#define EMERGENCY_UART 0x10000000
#define DRAIN_POLLS    1000000u

static struct spin console_lock;

static uint8_t uart_read(unsigned reg)
{
    uintptr_t addr = platform.uart.base + (reg << platform.uart.shift);
    return platform.uart.width == 4 ? *(volatile uint32_t *)addr : *(volatile uint8_t *)addr;
}

static void uart_write(unsigned reg, uint8_t value)
{
    uintptr_t addr = platform.uart.base + (reg << platform.uart.shift);
    if (platform.uart.width == 4)
        *(volatile uint32_t *)addr = value;
    else
        *(volatile uint8_t *)addr = value;
}

bool console_present(void)
{
    return platform.uart.base != 0;
}

/*
 * The divisor is left as the machine set it: its clock is not always known. So are bytes under way
 * in either direction.
 */
void console_init(void)
{
    if (!console_present())
        return;
    uart_write(NS16550_IER, 0);
    uart_write(NS16550_LCR, NS16550_LCR_WLS_8);
    uart_write(NS16550_FCR, NS16550_FCR_ENABLE);
    uart_write(NS16550_MCR, NS16550_MCR_DTR | NS16550_MCR_RTS | NS16550_MCR_OUT2);
}

void console_init_emergency(void)
{
    unsigned long value = 0;
    if (!trap_probe("lbu %2, 0(%3)", value, EMERGENCY_UART + NS16550_LSR))
        return;
    platform.uart.base = EMERGENCY_UART;
    platform.uart.width = 1;
    console_init();
}

static bool can_send(void)
{
    return uart_read(NS16550_LSR) & NS16550_LSR_THRE;
}

void console_putc(char c)
{
    if (!console_present())
        return;
    while (!can_send()) {
    }
    uart_write(NS16550_THR, c);
}

void console_drain(void)
{
    if (!console_present())
        return;
    for (unsigned i = 0; i < DRAIN_POLLS && !(uart_read(NS16550_LSR) & NS16550_LSR_TEMT); i++) {
    }
}

static void put_text(void *arg, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\n')
            console_putc('\r');
        console_putc(s[i]);
    }
}

void console_print(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    spin_lock(&console_lock);
    fmt_vprint(put_text, NULL, fmt, ap);
    spin_unlock(&console_lock);
    va_end(ap);
}

size_t console_write(const char *s, size_t n)
{
    size_t done = 0;
    spin_lock(&console_lock);
    while (done < n && can_send())
        uart_write(NS16550_THR, s[done++]);
    spin_unlock(&console_lock);
    return done;
}

size_t console_read(char *s, size_t n)
{
    size_t done = 0;
    spin_lock(&console_lock);
    while (done < n && (uart_read(NS16550_LSR) & NS16550_LSR_DR))
        s[done++] = uart_read(NS16550_RBR);
    spin_unlock(&console_lock);
    return done;
}
