#pragma once
/* All that a floating-point unit holds, and user/arch/float.S's ways to see what becomes of it. */
#include <setjmp.h>
#include <stdint.h>

struct tarn_float {
    uint64_t f[32];
    uint32_t fcsr;
};

/*
 * Load the unit from *in, do something, store it to *out. The first returns the system call's
 * result, and like fork() twice when it is clone.
 */
long tarn_float_call(const struct tarn_float *in, struct tarn_float *out, long number, long a,
                     long b, long c);
void tarn_float_spin(const struct tarn_float *in, struct tarn_float *out, unsigned long turns);
void tarn_float_touch(const struct tarn_float *in, struct tarn_float *out, void *page);
/* Only fs0 to fs11 come through setjmp() and longjmp(). */
void tarn_float_jump(const struct tarn_float *in, struct tarn_float *out, jmp_buf buf);

void tarn_float_read(struct tarn_float *out);
