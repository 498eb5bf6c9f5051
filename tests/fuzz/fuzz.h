/* The interface between a fuzz target and what drives it, which is libFuzzer's. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise that must hold whatever the input was. */
#define fuzz_require(condition) \
    do {                        \
        if (!(condition))       \
            abort();            \
    } while (0)

/* A copy of exactly size bytes, aligned to 16, so that a sanitizer sees every step outside. */
static inline uint8_t *fuzz_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    return copy;
}

/* An input that is taken apart field by field; behind its end there are zeros. */
struct fuzz_input {
    const uint8_t *p;
    size_t left;
};

/* The next field, of at most 4 bytes, little-endian. */
static inline uint32_t fuzz_take(struct fuzz_input *in, unsigned size)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < size && in->left > 0; i++, in->left--)
        value |= (uint32_t)*in->p++ << 8 * i;
    return value;
}
