/* inflate: all at once and in small pieces must agree, in both formats. */
#include "fuzz.h"
#include "lib/inflate.h"

enum { ROOM = 1 << 18 };

static struct inflate inf;

static void both_ways(enum inflate_format format, const uint8_t *in, size_t size)
{
    uint8_t *whole = malloc(ROOM), piece[1000];
    size_t used, done = 0;
    long total = inflate_all(&inf, format, in, size, whole, ROOM, &used);
    fuzz_require(used <= size);
    if (total >= 0) {
        long got;
        inflate_init(&inf, format, in, size);
        while ((got = inflate_read(&inf, piece, 1 + done % sizeof piece)) > 0) {
            fuzz_require(done + (size_t)got <= (size_t)total);
            fuzz_require(memcmp(whole + done, piece, (size_t)got) == 0);
            done += (size_t)got;
        }
        fuzz_require(got == 0 && done == (size_t)total && inflate_consumed(&inf) == used);
    }
    free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = fuzz_copy(data, size);
    both_ways(inflate_is_gzip(copy, size) ? INFLATE_GZIP : INFLATE_RAW, copy, size);
    free(copy);
    return 0;
}
