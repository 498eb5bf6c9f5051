/*
 * Test Anything Protocol for host unit tests, a repeatable source of random numbers, and scratch
 * files. Everything is static: one test program is one source file.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned tap_count, tap_failed;

/* Report one assertion; returns whether it holds. */
__attribute__((format(printf, 2, 3))) static inline bool ok(bool holds, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("%sok %u - ", holds ? "" : "not ", ++tap_count);
    vprintf(fmt, ap);
    printf("\n");
    fflush(stdout);
    va_end(ap);
    tap_failed += !holds;
    return holds;
}

/* A line of explanation. */
__attribute__((format(printf, 1, 2))) static inline void diag(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("# ");
    vprintf(fmt, ap);
    printf("\n");
    va_end(ap);
}

static inline bool is_int(long long got, long long want, const char *text)
{
    bool same = ok(got == want, "%s", text);
    if (!same)
        diag("got %lld (%#llx), want %lld (%#llx)", got, (unsigned long long)got, want,
             (unsigned long long)want);
    return same;
}

static inline bool is_str(const char *got, const char *want, const char *text)
{
    bool same = got && want ? strcmp(got, want) == 0 : got == want;
    ok(same, "%s", text);
    if (!same)
        diag("got \"%s\", want \"%s\"", got ? got : "(null)", want ? want : "(null)");
    return same;
}

static inline void skip(const char *text, const char *reason)
{
    printf("ok %u - %s # SKIP %s\n", ++tap_count, text, reason);
}

/*
 * For thousands of cases under one assertion: keeps count, and prints the first few bad ones.
 * cases_end() reports the assertion.
 */
struct cases {
    const char *text;
    unsigned long run, bad;
};

__attribute__((format(printf, 3, 4))) static inline void cases_check(struct cases *c, bool holds,
                                                                     const char *fmt, ...)
{
    c->run++;
    if (holds || c->bad++ >= 5)
        return;
    va_list ap;
    va_start(ap, fmt);
    printf("# bad: ");
    vprintf(fmt, ap);
    printf("\n");
    va_end(ap);
}

static inline bool cases_end(const struct cases *c)
{
    return ok(c->run > 0 && c->bad == 0, "%s (%lu cases)", c->text, c->run);
}

static inline int tap_done(void)
{
    printf("1..%u\n", tap_count);
    return tap_failed != 0;
}

/* xorshift64*: the same numbers in every run. */
static uint64_t random_state = 0x9e3779b97f4a7c15;

static inline uint64_t random_u64(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 0x2545f4914f6cdd1d;
}

/* 0 <= result < n */
static inline unsigned random_below(unsigned n)
{
    return (unsigned)((random_u64() >> 32) * n >> 32);
}

/* A number that is often small, often near a power of two. */
static inline uint64_t random_odd(void)
{
    uint64_t r = random_u64();
    unsigned bits = (unsigned)(r & 63);
    switch (r >> 6 & 3) {
    case 0: return random_u64();
    case 1: return random_u64() >> bits;
    case 2: return (1ULL << bits) + (r >> 8 & 3) - 1;
    default: return 0 - (random_u64() >> bits);
    }
}

/* A folder for this run, removed at exit. */
static char scratch_folder[64];

static inline void scratch_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch_folder);
    if (system(command) != 0)
        fprintf(stderr, "cannot remove %s\n", scratch_folder);
}

static inline const char *scratch(void)
{
    if (scratch_folder[0] == '\0') {
        strcpy(scratch_folder, "/tmp/tarn-unit.XXXXXX");
        if (!mkdtemp(scratch_folder)) {
            perror("mkdtemp");
            exit(99);
        }
        atexit(scratch_remove);
    }
    return scratch_folder;
}

/* Path of a scratch file; valid until eight more have been asked for. */
static inline const char *scratch_path(const char *name)
{
    static char paths[8][256];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch(), name);
    return path;
}

static inline void scratch_write(const char *name, const void *data, size_t size)
{
    FILE *f = fopen(scratch_path(name), "wb");
    if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0) {
        perror(name);
        exit(99);
    }
}

/* The contents of a file, with a NUL behind them; NULL if it cannot be read. The caller frees it.
 */
static inline uint8_t *read_whole_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    size_t room = 4096, n = 0, got;
    uint8_t *data = malloc(room);
    while ((got = fread(data + n, 1, room - n - 1, f)) > 0) {
        n += got;
        if (room - n < 2)
            data = realloc(data, room *= 2);
    }
    fclose(f);
    data[n] = '\0';
    if (size)
        *size = n;
    return data;
}

/* Run a shell command in the scratch folder, its output to the file log there; returns its status.
 */
__attribute__((format(printf, 1, 2))) static inline int run(const char *fmt, ...)
{
    char command[4096];
    int n = snprintf(command, sizeof command, "cd '%s' && exec >log 2>&1; ", scratch());
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(command + n, sizeof command - (size_t)n, fmt, ap);
    va_end(ap);
    return system(command);
}

/* Whether a command exists. */
static inline bool have(const char *command)
{
    return run("command -v %s", command) == 0;
}

/*
 * Change a valid input at random: bytes flipped, set, exchanged for tempting numbers, ranges
 * copied, or the end cut off. Returns the new size.
 */
static inline size_t mutate(uint8_t *data, size_t size)
{
    static const uint32_t tempting[] = {0,          1,          2,          3,          4,
                                        9,          0xff,       0xffff,     0x7fffffff, 0x80000000,
                                        0xfffffff0, 0xfffffffc, 0xffffffff, 0x100,      0x1000000};
    for (unsigned n = random_below(6) + 1; n > 0 && size > 8; n--) {
        size_t at = random_below((unsigned)size - 4);
        uint32_t value = tempting[random_below(sizeof tempting / sizeof tempting[0])];
        switch (random_below(8)) {
        case 0: data[at] ^= (uint8_t)(1 << random_below(8)); break;
        case 1: data[at] = (uint8_t)random_u64(); break;
        case 2: memcpy(data + at, &value, 4); break;
        case 3: value = __builtin_bswap32(value); /* fall through */
        case 4: memcpy(data + (at & ~(size_t)3), &value, 4); break;
        case 5: {
            size_t to = random_below((unsigned)size - 4), room = size - (to > at ? to : at);
            memmove(data + to, data + at, room > 16 ? 16 : room);
            break;
        }
        case 6: data[at] = (uint8_t)value; break;
        default:
            if (random_below(8) == 0)
                size -= random_below((unsigned)size / 2);
            break;
        }
    }
    return size;
}
