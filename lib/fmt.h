/*
 * Formatted output: the integer and string part of ISO C printf.
 *
 *   flags       - 0 + space #          width and precision as digits or *
 *   lengths     hh h l ll z j t
 *   conversions d i u x X o c s p %
 *
 * %p prints 0x and the value in lower-case hexadecimal without padding (0x0 for NULL); a NULL for
 * %s prints (null). An unknown conversion is copied to the output as it stands and takes no
 * argument. There is no floating point, no %n and no locale.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * Receiver of the text: n > 0 bytes at s, not terminated. Called several times per format; the
 * bytes are only valid during the call.
 */
typedef void fmt_put_fn(void *arg, const char *s, size_t n);

/* Format into put(arg, ...). Returns the number of bytes produced, INT_MAX if it was more. */
int fmt_vprint(fmt_put_fn *put, void *arg, const char *fmt, va_list ap);
int fmt_print(fmt_put_fn *put, void *arg, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Format into buf of n bytes; terminated whenever n > 0. Returns the length the whole text has,
 * without the terminator, so a result >= n says that it was cut short.
 */
int fmt_vsnprint(char *buf, size_t n, const char *fmt, va_list ap);
int fmt_snprint(char *buf, size_t n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
