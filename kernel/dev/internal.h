#pragma once
/* What the files of kernel/dev share among themselves. */
#include "kernel/dev/dev.h"

extern const struct driver plic_driver, ns16550_driver, goldfish_rtc_driver, virtio_mmio_driver;
extern const struct virtio_driver virtio_blk_driver, virtio_console_driver, virtio_gpu_driver,
    virtio_input_driver, virtio_rng_driver, virtio_snd_driver;

/* Seeds random_bytes() from the clock and /chosen/rng-seed. */
void random_init(struct fdt *fdt);

/*
 * The line a terminal is on. write() may be called from any context with interrupts on or off, also
 * while a panic unwinds; it must not sleep or log. start() turns input on, which then arrives by
 * tty_input().
 */
struct tty_line {
    const char *name; /* ttyS0 */
    uint32_t major, minor;
    void (*write)(const char *text, size_t n);
    void (*start)(void);
};

/* A line says that it is there; the first serial port (ttyS) becomes the default console. */
void console_add_line(const struct tty_line *line);
extern const struct tty_line sbi_line; /* hvc0 */

/* Makes the terminal's character devices. */
void tty_init(const struct tty_line *line);
/* Bytes from the line. Interrupt or thread context, no locks held. */
void tty_input(const uint8_t *bytes, size_t n);
/* A break condition on the line. */
void tty_break(void);
