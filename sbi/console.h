/* The firmware's console: a polled ns16550. Calls from several harts take turns by line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Set up the UART that platform.uart names. */
void console_init(void);

/* Use the UART where virt-like machines have theirs, if one answers there: for errors found before
 * a device tree could be read. */
void console_init_emergency(void);

bool console_present(void);

/* Write a byte, waiting until the UART takes it. Without a UART it is thrown away. */
void console_putc(char c);

/* Formatted output (lib/fmt.h); a line feed becomes carriage return and line feed. */
void console_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Write as many of n bytes as the UART takes without waiting; how many. */
size_t console_write(const char *s, size_t n);

/* Wait until the last byte has left the UART, but not for ever: nothing may be lost by a reset. */
void console_drain(void);

/* Read what has arrived, at most n bytes; how many. */
size_t console_read(char *s, size_t n);
