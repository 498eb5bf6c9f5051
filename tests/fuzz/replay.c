/*
 * Feeds files to a fuzz target that is built without a fuzzer. With -c COUNT before them also
 * so many random changes of each, the same in each run.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

enum { SPAN = 64 }; /* bytes that are changed at once, at most */

static unsigned below(size_t n)
{
    static uint64_t state = 0x9e3779b97f4a7c15;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return n > 0 ? (unsigned)((state >> 33) % n) : 0;
}

/* One change in `size` bytes, of which there are as many as in `data`; returns the new size. */
static size_t change(uint8_t *bytes, size_t size, const uint8_t *data)
{
    static const char marks[] = ",;:=#$}*-.0f9xz \r\n";
    size_t at = below(size), n = below(size - at < SPAN ? size - at : SPAN);

    switch (below(6)) {
    case 0: bytes[at] = (uint8_t)below(256); return size;
    case 1: bytes[at] = (uint8_t)marks[below(sizeof marks - 1)]; return size;
    case 2: memset(bytes + at, "0f8"[below(3)], n); return size;
    case 3: memmove(bytes + at, data + below(size - n), n); return size;
    case 4: /* cut out */ memmove(bytes + at, bytes + at + n, size - at - n); return size - n;
    default: return at;
    }
}

static void replay_changed(const uint8_t *data, size_t size)
{
    uint8_t *bytes = fuzz_copy(data, size);
    size_t n = size;

    for (unsigned changes = 1 + below(4); changes > 0 && n > 0; changes--)
        n = change(bytes, n, data);
    LLVMFuzzerTestOneInput(bytes, n);
    free(bytes);
}

static int replay(const char *path, unsigned long changes)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        perror(path);
        return 1;
    }
    long size = ftell(f);
    rewind(f);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    size_t got = data ? fread(data, 1, (size_t)size, f) : 0;
    fclose(f);
    LLVMFuzzerTestOneInput(data, got);
    for (unsigned long i = 0; i < changes; i++)
        replay_changed(data, got);
    free(data);
    printf("%s: %zu bytes, survived\n", path, got);
    return 0;
}

int main(int argc, char **argv)
{
    unsigned long changes = 0;
    int failed = 0, i = 1;
    if (argc > 2 && strcmp(argv[1], "-c") == 0) {
        changes = strtoul(argv[2], NULL, 0);
        i = 3;
    }
    for (; i < argc; i++)
        failed |= replay(argv[i], changes);
    return failed;
}
