/*
 * lib/inflate*.c and lib/crc32.c. Witnesses: gzip at every level, and zlib by way of python for raw
 * data with each kind of block. Then bad data by hand, and random damage.
 */
#include "lib/inflate.h"
#include "tap.h"

#include "../fuzz/fuzz_inflate.c"

static uint8_t *data;
static size_t data_size;

/* Data of several characters: noise, text with repeats, long runs, few letters. */
static void make_data(unsigned kind, size_t size)
{
    static const char *const words[] = {"kernel ", "memory ",      "the ",        "of ",
                                        "\n",      "trap frame, ", "0x80000000 ", "a"};
    data = realloc(data, size + 64);
    data_size = size;
    for (size_t i = 0; i < size;) {
        const char *word = words[random_below(8)];
        size_t run = random_below(2000), distance = random_below(40000);
        switch (kind) {
        case 0: data[i++] = (uint8_t)random_u64(); break;
        case 1:
            for (; *word && i < size; word++)
                data[i++] = (uint8_t)*word;
            break;
        case 2:
            for (uint8_t byte = (uint8_t)random_u64(); run > 0 && i < size; run--)
                data[i++] = byte;
            break;
        case 3: data[i++] = (uint8_t)('a' + random_below(2)); break;
        default: /* noise that comes back from far away */
            if (i > distance && random_below(20) == 0) {
                for (run %= 300; run > 0 && i < size; run--, i++)
                    data[i] = data[i - distance - 1];
            } else {
                data[i++] = (uint8_t)random_u64();
            }
        }
    }
}

/* Whether compressed data gives the data, at once and in pieces of the given size. */
static bool gives_data(enum inflate_format format, const uint8_t *in, size_t size, size_t piece)
{
    uint8_t *out = malloc(data_size + 1);
    size_t used = 0, done = 0;
    long n = inflate_all(&inf, format, in, size, out, data_size, &used);
    bool same = n == (long)data_size && memcmp(out, data, data_size) == 0 && used == size;
    if (!same)
        diag("%ld, want %zu; used %zu of %zu", n, data_size, used, size);
    memset(out, 0, data_size);
    inflate_init(&inf, format, in, size);
    while (same && done <= data_size &&
           (n = inflate_read(&inf, out + done,
                             data_size + 1 - done < piece ? data_size + 1 - done : piece)) > 0)
        done += (size_t)n;
    same = same && n == 0 && done == data_size && memcmp(out, data, data_size) == 0 &&
           inflate_consumed(&inf) == size && inflate_read(&inf, out, 1) == 0;
    free(out);
    return same;
}

static void test_gzip(void)
{
    struct cases c = {.text = "gzip at every level"}, room = {.text = "too little room"};
    static const size_t sizes[] = {0, 1, 100, 5000, 40000};
    for (unsigned kind = 0; kind < 5; kind++) {
        for (unsigned k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            make_data(kind, sizes[k]);
            scratch_write("data", data, data_size);
            if (run("for i in 1 2 3 4 5 6 7 8 9; do gzip -c -$i data > data.$i.gz || exit 1; "
                    "done") != 0)
                exit(99);
            for (unsigned level = 1; level <= 9; level++) {
                size_t size;
                char name[16];
                sprintf(name, "data.%u.gz", level);
                uint8_t *in = read_whole_file(scratch_path(name), &size);
                cases_check(&c, gives_data(INFLATE_GZIP, in, size, 1 + random_below(3000)),
                            "level %u of %zu bytes of kind %u", level, data_size, kind);
                if (data_size > 0) {
                    uint8_t *out = malloc(data_size - 1);
                    cases_check(&room,
                                inflate_all(&inf, INFLATE_GZIP, in, size, out, data_size - 1,
                                            NULL) == -INFLATE_EROOM,
                                "%zu bytes", data_size);
                    free(out);
                }
                free(in);
            }
        }
    }
    cases_end(&c);
    cases_end(&room);
}

/* zlib's strategies give stored, fixed and dynamic blocks, and codes without matches. */
static void test_raw(void)
{
    static const char *const script =
        "import sys, zlib\n"
        "data = open('data', 'rb').read()\n"
        "n = 0\n"
        "for level in (0, 1, 6, 9):\n"
        "    for strategy in (0, 1, 2, 3, 4):\n"
        "        for memory in (1, 9):\n"
        "            c = zlib.compressobj(level, zlib.DEFLATED, -15, memory, strategy)\n"
        "            out = b''.join(c.compress(data[i:i + 9999]) + (c.flush(zlib.Z_FULL_FLUSH) if "
        "i % 3 == 0 else b'')\n"
        "                           for i in range(0, len(data), 9999)) + c.flush()\n"
        "            open('raw.%d' % n, 'wb').write(out)\n"
        "            n += 1\n";
    struct cases c = {.text = "raw data of each of zlib's strategies"};
    scratch_write("raw.py", script, strlen(script));
    for (unsigned kind = 0; kind < 5; kind++) {
        make_data(kind, 50000);
        scratch_write("data", data, data_size);
        if (run("python3 raw.py") != 0) {
            skip(c.text, "no python3 with zlib");
            return;
        }
        for (unsigned i = 0; i < 40; i++) {
            size_t size;
            char name[16];
            sprintf(name, "raw.%u", i);
            uint8_t *in = read_whole_file(scratch_path(name), &size);
            cases_check(&c, gives_data(INFLATE_RAW, in, size, 1 + random_below(3000)),
                        "%s of kind %u", name, kind);
            free(in);
        }
    }
    cases_end(&c);
}

static void test_gzip_header(void)
{
    size_t size, used;
    make_data(1, 3000);
    scratch_write("data", data, data_size);
    run("gzip -c9 data > data.gz && gzip -c9n data > bare.gz");
    uint8_t *in = read_whole_file(scratch_path("data.gz"), &size);
    ok(in[3] == 8 && gives_data(INFLATE_GZIP, in, size, 100), "header with a name");
    free(in);
    in = read_whole_file(scratch_path("bare.gz"), &size);
    ok(in[3] == 0 && gives_data(INFLATE_GZIP, in, size, 100), "header without a name");
    /* a header with everything, its checksum computed bit by bit */
    static const uint8_t extra[] = {
        0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 5, 0, 'e', 'x', 't', 'r', 'a', 'n', 0,
        'c',  'c',  0};
    uint32_t crc = 0xffffffff;
    for (unsigned i = 0; i < sizeof extra * 8; i++)
        crc = crc >> 1 ^ (((crc ^ extra[i / 8] >> i % 8) & 1) ? 0xedb88320 : 0);
    crc = ~crc;
    uint8_t *full = malloc(size + sizeof extra + 2);
    memcpy(full, extra, sizeof extra);
    full[sizeof extra] = (uint8_t)crc, full[sizeof extra + 1] = (uint8_t)(crc >> 8);
    memcpy(full + sizeof extra + 2, in + 10, size - 10);
    size_t full_size = size - 10 + sizeof extra + 2;
    ok(gives_data(INFLATE_GZIP, full, full_size, 100), "header with every field");
    uint8_t *out = malloc(data_size);
    full[12] ^= 1;
    is_int(inflate_all(&inf, INFLATE_GZIP, full, full_size, out, data_size, NULL), -INFLATE_EHEADER,
           "checksum of the header");
    full[12] ^= 1;
    struct cases c = {.text = "gzip data cut short anywhere"};
    for (size_t n = 0; n < full_size; n++) {
        uint8_t *part = fuzz_copy(full, n);
        long got = inflate_all(&inf, INFLATE_GZIP, part, n, out, data_size, &used);
        cases_check(&c, got == -INFLATE_ETRUNC, "%zu of %zu: %ld", n, full_size, got);
        free(part);
    }
    cases_end(&c);
    free(full);
    in[size - 1] ^= 1;
    is_int(inflate_all(&inf, INFLATE_GZIP, in, size, out, data_size, NULL), -INFLATE_ESIZE,
           "wrong size");
    in[size - 1] ^= 1, in[size - 5] ^= 0x80;
    is_int(inflate_all(&inf, INFLATE_GZIP, in, size, out, data_size, NULL), -INFLATE_ECRC,
           "wrong checksum");
    is_int(inflate_read(&inf, out, 1), -INFLATE_ECRC, "errors stay");
    in[2] = 7;
    is_int(inflate_all(&inf, INFLATE_GZIP, in, size, out, data_size, NULL), -INFLATE_EHEADER,
           "unknown method");
    in[2] = 8, in[3] = 0x20;
    is_int(inflate_all(&inf, INFLATE_GZIP, in, size, out, data_size, NULL), -INFLATE_EHEADER,
           "unknown flag");
    in[0] = 0;
    is_int(inflate_all(&inf, INFLATE_GZIP, in, size, out, data_size, NULL), -INFLATE_EHEADER,
           "no magic");
    free(in);
    free(out);
}

/* Bits of a raw stream, low end first; a code is written with its first bit first. */
static uint8_t stream[256];
static unsigned stream_bits;

static void put_bits(unsigned value, unsigned n)
{
    for (unsigned i = 0; i < n; i++, stream_bits++) {
        if (stream_bits % 8 == 0)
            stream[stream_bits / 8] = 0;
        stream[stream_bits / 8] |= (uint8_t)((value >> i & 1) << stream_bits % 8);
    }
}

static void put_code(unsigned code, unsigned n)
{
    while (n-- > 0)
        put_bits(code >> n & 1, 1);
}

static void gives(int want, const char *text)
{
    uint8_t out[600];
    uint8_t *in = fuzz_copy(stream, (stream_bits + 7) / 8);
    is_int(inflate_all(&inf, INFLATE_RAW, in, (stream_bits + 7) / 8, out, sizeof out, NULL), want,
           text);
    free(in);
    stream_bits = 0;
}

/* The head of a dynamic block: counts, then the lengths of the code of lengths in their order. */
static void put_dynamic(unsigned lit, unsigned dist, const uint8_t *lengths, unsigned n)
{
    put_bits(5, 3);
    put_bits(lit - 257, 5);
    put_bits(dist - 1, 5);
    put_bits(n - 4, 4);
    for (unsigned i = 0; i < n; i++)
        put_bits(lengths[i], 3);
}

static void test_bad_blocks(void)
{
    put_bits(7, 3);
    gives(-INFLATE_EBLOCK, "reserved block type");
    put_bits(1, 3), put_bits(0, 5), put_bits(3, 16), put_bits(3, 16);
    gives(-INFLATE_ESTORED, "stored block with a wrong check");
    put_bits(1, 3), put_bits(0, 5), put_bits(3, 16), put_bits(0xfffc, 16), put_bits('a', 8);
    gives(-INFLATE_ETRUNC, "stored block cut short");
    put_bits(1, 3), put_bits(0, 5), put_bits(2, 16), put_bits(0xfffd, 16), put_bits('a', 8),
        put_bits('b', 8);
    gives(2, "good stored block");
    put_bits(3, 3), put_code(0x30 + 'a', 8), put_code(1, 7), put_code(0, 5), put_code(0, 7);
    gives(1 + 3, "fixed: a literal, then three more of it");
    put_bits(3, 3), put_code(0x30 + 'a', 8), put_code(1, 7), put_code(1, 5), put_code(0, 7);
    gives(-INFLATE_EDISTANCE, "distance to before the start");
    put_bits(3, 3), put_code(0x30 + 'a', 8), put_code(0xc6, 8), put_code(0, 5), put_code(0, 7);
    gives(-INFLATE_ESYMBOL, "reserved length symbol 286");
    put_bits(3, 3), put_code(0x30 + 'a', 8), put_code(1, 7), put_code(30, 5), put_code(0, 7);
    gives(-INFLATE_ESYMBOL, "reserved distance symbol 30");
    static const uint8_t one[] = {0, 0, 1, 1}, over[] = {1, 1, 1, 1}, short_of[] = {0, 0, 0, 2};
    put_dynamic(287, 1, one, 4);
    gives(-INFLATE_ECODE, "287 literal codes");
    put_dynamic(257, 31, one, 4);
    gives(-INFLATE_ECODE, "31 distance codes");
    put_dynamic(257, 1, over, 4);
    gives(-INFLATE_ECODE, "too many codes of a length");
    put_dynamic(257, 1, short_of, 4);
    gives(-INFLATE_ECODE, "incomplete code");
    static const uint8_t repeat[] = {1, 0, 0, 1};
    put_dynamic(257, 1, repeat, 4), put_code(1, 1);
    gives(-INFLATE_ECODE, "repeat of nothing");
    put_dynamic(257, 1, one, 4), put_code(1, 1), put_bits(127, 7), put_code(1, 1), put_bits(127, 7);
    gives(-INFLATE_ECODE, "more lengths than there are codes");
    put_dynamic(257, 1, one, 4), put_code(1, 1), put_bits(127, 7), put_code(1, 1), put_bits(109, 7);
    gives(-INFLATE_ECODE, "no end of block");
}

static void test_crc(void)
{
    is_int(inflate_crc32(0, "123456789", 9), 0xcbf43926, "the check value of CRC-32");
    uint32_t crc = inflate_crc32(inflate_crc32(0, "1234", 4), "56789", 5);
    is_int(crc, 0xcbf43926, "in two pieces");
}

static void test_damage(void)
{
    struct cases c = {.text = "random damage"};
    for (unsigned kind = 0; kind < 5; kind++) {
        size_t size;
        make_data(kind, 3000);
        scratch_write("data", data, data_size);
        run("gzip -c9n data > data.gz");
        uint8_t *in = read_whole_file(scratch_path("data.gz"), &size);
        for (unsigned i = 0; i < 3000; i++) {
            uint8_t *bad = fuzz_copy(in, size);
            size_t n = mutate(bad, i % 3 ? size : size < 100 ? size : 100);
            /* also without the header, whose trailer would hide what comes out */
            if (i % 2 && n > 10)
                LLVMFuzzerTestOneInput(bad + 10, n - 10);
            else
                LLVMFuzzerTestOneInput(bad, n);
            cases_check(&c, true, "survived");
            free(bad);
        }
        free(in);
    }
    cases_end(&c);
}

int main(void)
{
    test_crc();
    test_bad_blocks();
    test_gzip_header();
    test_raw();
    test_gzip();
    test_damage();
    bool texts = true;
    for (int e = 0; e < INFLATE_ERROR_COUNT; e++)
        texts = texts && inflate_strerror(e) && inflate_strerror(e) == inflate_strerror(-e);
    ok(texts, "every error has a text");
    free(data);
    return tap_done();
}
