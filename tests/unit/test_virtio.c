/* tools/emu/dev: every virtio device, fed with random steps of a driver, in both layouts. */
#include "tests/fuzz/fuzz_virtio.c"

#include "tap.h"

enum {
    DEVICES = 11,
    CONVERSATIONS = 300,
    STEPS = 100,
    INPUT_MAX = 2 + STEPS * 160,
    STEP_BYTES = 40
};

static uint64_t seed = 20240229;
static uint8_t bytes[INPUT_MAX];
static size_t used;

static uint32_t chance(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 32) * n >> 32);
}

static void put_byte(uint32_t value)
{
    bytes[used++] = (uint8_t)value;
}

static void put_half(uint32_t value)
{
    put_byte(value);
    put_byte(value >> 8);
}

static void put_word(uint32_t value)
{
    put_half(value);
    put_half(value >> 16);
}

/* A word of a message: often a small number, or a kind of command as the gpu and sound have. */
static uint32_t word(void)
{
    switch (chance(5)) {
    case 0: return chance(0x10000) << 16 | chance(0x10000);
    case 1: return 0x100 + chance(12);
    default: return chance(20);
    }
}

static uint32_t length(void)
{
    static const uint32_t usual[] = {1, 4, 8, 16, 24, 32, 48, 64, 512, 513, 1024, 4096};

    return chance(12) == 0 ? chance(0x10000) : usual[chance(sizeof usual / sizeof usual[0])];
}

/* A message in memory (step 3), then a buffer that begins with it (step 8). */
static void put_message(void)
{
    uint32_t addr = chance(64) * 64, count = 1 + chance(4), readable = chance(count + 1);

    put_byte(3);
    put_half(addr);
    put_byte(48);
    for (unsigned i = 0; i < 12; i++)
        put_word(word());
    put_byte(8);
    put_byte(chance(4));
    put_byte(count - 1);
    for (unsigned i = 0; i < count; i++) {
        put_half(i == 0 ? addr : 4096 + chance(0xf000));
        put_half(i == 0 && readable > 1 ? UINT32_C(16) << chance(3) : length());
        put_byte(i >= readable ? VIRTQ_DESC_F_WRITE : chance(60) == 0 ? VIRTQ_DESC_F_INDIRECT : 0);
    }
}

/* A message of right shape (steps from 9 on), or a frame, with anything in its fields. */
static void put_right_message(void)
{
    put_byte(9 + chance(15));
    for (unsigned i = chance(STEP_BYTES); i > 0; i--)
        put_byte(chance(256));
}

static void put_step(void)
{
    uint32_t kind = chance(16);

    switch (kind) {
    case 0:
    case 1:
        put_byte(kind);
        put_byte(chance(4));
        put_half(chance(0x300));
        put_word(word());
        break;
    case 2:
        put_byte(kind);
        put_word(chance(4) == 0 ? word() : UINT32_MAX);
        break;
    case 4:
        put_byte(kind);
        put_byte(chance(4));
        put_half(chance(0x2000));
        put_half(word());
        break;
    case 5:
        put_byte(kind);
        put_byte(chance(4));
        put_half(32);
        for (unsigned i = 0; i < 8; i++)
            put_word(word());
        break;
    case 6:
        put_byte(kind);
        put_half(chance(0x10000));
        break;
    default:
        if (chance(2) == 0)
            put_message();
        else
            put_right_message();
        break;
    }
}

static void test_random(unsigned device, bool legacy)
{
    for (unsigned i = 0; i < CONVERSATIONS; i++) {
        used = 0;
        put_byte(legacy | (i % 8 == 0) << 1); /* some with lines about it all */
        put_byte(device);
        for (unsigned k = 0; k < STEPS; k++)
            put_step();
        LLVMFuzzerTestOneInput(bytes, used);
    }
    ok(1, "device %u, %s: %d random conversations", device, legacy ? "legacy" : "modern",
       CONVERSATIONS);
}

int main(void)
{
    for (unsigned device = 0; device < DEVICES; device++) {
        test_random(device, false);
        test_random(device, true);
    }
    return tap_done();
}
