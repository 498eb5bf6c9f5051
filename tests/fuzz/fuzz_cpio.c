/* cpio: the reader in memory and the stream must agree, whatever pieces the stream comes in. */
#include "fuzz.h"
#include "lib/cpio.h"

static volatile uint64_t sink;

struct source {
    const uint8_t *data;
    size_t left;
    unsigned piece;
};

static long source_read(void *arg, void *buf, size_t n)
{
    struct source *s = arg;
    s->piece = s->piece * 1103515245 + 12345;
    size_t limit = 1 + (s->piece >> 16) % 300;
    n = n < limit ? n : limit;
    n = n < s->left ? n : s->left;
    memcpy(buf, s->data, n);
    s->data += n;
    s->left -= n;
    return (long)n;
}

static bool same_entry(const struct cpio_entry *a, const struct cpio_entry *b)
{
    return strcmp(a->name, b->name) == 0 && a->name_len == b->name_len && a->size == b->size &&
           a->mode == b->mode && a->ino == b->ino && a->nlink == b->nlink && a->mtime == b->mtime;
}

/* Read an entry's data from the stream, not always to its end, and compare. */
static void compare_data(struct cpio_stream *cs, const struct cpio_entry *memory)
{
    uint8_t buf[256];
    uint32_t done = 0;
    for (unsigned i = 0; i < 8 && done < memory->size; i++) {
        long got = cpio_stream_read(cs, buf, sizeof buf);
        fuzz_require(got > 0 && (uint32_t)got <= memory->size - done);
        fuzz_require(memcmp(buf, memory->data + done, (size_t)got) == 0);
        done += (uint32_t)got;
    }
    if (done == memory->size)
        fuzz_require(cpio_stream_read(cs, buf, sizeof buf) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cpio_stream cs;
    uint8_t *copy = fuzz_copy(data, size);
    struct source source = {copy, size, (unsigned)size};
    struct cpio cpio;
    struct cpio_entry a, b;
    cpio_open(&cpio, copy, size);
    cpio_stream_open(&cs, source_read, &source);
    int result;
    while ((result = cpio_next(&cpio, &a)) == CPIO_ENTRY) {
        fuzz_require(a.name_len > 0 && strlen(a.name) == a.name_len);
        for (uint32_t i = 0; i < a.size; i++)
            sink += a.data[i];
        fuzz_require(cpio_stream_next(&cs, &b) == CPIO_ENTRY && same_entry(&a, &b));
        compare_data(&cs, &a);
    }
    fuzz_require(result != CPIO_ENTRY && cpio.pos <= size);
    /* streams do not look at checksums, and meet the end of the data later */
    if (result != CPIO_ECHECKSUM && result != CPIO_ETRUNC)
        fuzz_require(cpio_stream_next(&cs, &b) == result);
    free(copy);
    return 0;
}
