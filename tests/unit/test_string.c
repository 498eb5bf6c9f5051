/*
 * lib/string.c against the host's C library: every combination of small alignments and sizes, and
 * nothing around the result may change. test_string32.c runs the same with words of 32 bits.
 */
#include "tap.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#define memcpy  t_memcpy
#define memmove t_memmove
#define memset  t_memset
#define memcmp  t_memcmp
#define memchr  t_memchr
#define strlen  t_strlen
#define strnlen t_strnlen
#define strcmp  t_strcmp
#define strncmp t_strncmp
#define strchr  t_strchr
#define strrchr t_strrchr
#define strstr  t_strstr
#define strspn  t_strspn
#define strcspn t_strcspn
#define strcpy  t_strcpy
#define strncpy t_strncpy
#define strlcpy t_strlcpy
#define LIB_STRING_FOR_TEST
#include "lib/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr
#undef strrchr
#undef strstr
#undef strspn
#undef strcspn
#undef strcpy
#undef strncpy
#undef strlcpy

enum { ROOM = 512 };

static uint8_t a[ROOM] __attribute__((aligned(16))), b[ROOM] __attribute__((aligned(16)));

static void fill(void)
{
    for (unsigned i = 0; i < ROOM; i++)
        a[i] = b[i] = (uint8_t)random_u64();
}

static void test_copy(void)
{
    struct cases copy = {.text = "memcpy"}, move = {.text = "memmove, overlapping both ways"},
                 set = {.text = "memset"};
    static uint8_t source[ROOM];
    for (unsigned i = 0; i < ROOM; i++)
        source[i] = (uint8_t)random_u64();
    for (unsigned d = 0; d < 16; d++) {
        for (unsigned s = 0; s < 16; s++) {
            for (unsigned n = 0; n < 200; n += n < 40 ? 1 : 7) {
                fill();
                void *r = t_memcpy(a + 32 + d, source + s, n);
                memcpy(b + 32 + d, source + s, n);
                cases_check(&copy, r == a + 32 + d && memcmp(a, b, ROOM) == 0, "%u %u %u", d, s, n);
            }
        }
    }
    for (unsigned d = 0; d < 90; d++) {
        for (unsigned n = 0; n < 200; n += n < 40 ? 1 : 9) {
            unsigned s = 32 + random_below(16);
            fill();
            void *r = t_memmove(a + d, a + s, n);
            memmove(b + d, b + s, n);
            cases_check(&move, r == a + d && memcmp(a, b, ROOM) == 0, "%u %u %u", d, s, n);
        }
    }
    for (unsigned d = 0; d < 16; d++) {
        for (unsigned n = 0; n < 300; n++) {
            int c = (int)random_u64();
            fill();
            void *r = t_memset(a + 32 + d, c, n);
            memset(b + 32 + d, c, n);
            cases_check(&set, r == a + 32 + d && memcmp(a, b, ROOM) == 0, "%u %u", d, n);
        }
    }
    cases_end(&copy);
    cases_end(&move);
    cases_end(&set);
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void test_compare(void)
{
    struct cases c = {.text = "memcmp and memchr"};
    for (unsigned i = 0; i < 60000; i++) {
        unsigned x = random_below(16), y = random_below(16), n = random_below(80);
        for (unsigned k = 0; k < 100; k++)
            a[x + k] = b[y + k] = (uint8_t)random_below(3) + 0x7f;
        if (n > 0 && random_below(2))
            a[x + random_below(n)] ^= 0x80;
        cases_check(&c, sign(t_memcmp(a + x, b + y, n)) == sign(memcmp(a + x, b + y, n)),
                    "memcmp %u %u %u", x, y, n);
        int byte = (int)random_below(4) + 0x7e + (int)random_below(2) * 256;
        cases_check(&c, t_memchr(a + x, byte, n) == memchr(a + x, byte, n), "memchr %u %u", x, n);
    }
    cases_end(&c);
}

/* A string of up to max letters out of few, at an alignment of its own. */
static char *random_string(uint8_t *room, unsigned max)
{
    char *s = (char *)room + random_below(16);
    unsigned n = random_below(max + 1);
    for (unsigned i = 0; i < n; i++)
        s[i] = "ab\x80\xff"[random_below(4)];
    s[n] = '\0';
    s[n + 1] = 'x';
    return s;
}

static void test_strings(void)
{
    struct cases c = {.text = "string functions"};
    static uint8_t needle_room[ROOM];
    for (unsigned i = 0; i < 40000; i++) {
        char *s = random_string(a, 60), *t = random_string(b, 60);
        char *needle = random_string(needle_room, 4);
        if (random_below(2))
            strncpy(t, s, random_below((unsigned)strlen(s) + 2));
        size_t n = random_below(64);
        int ch = "ab\x80z"[random_below(4)];
        if (random_below(8) == 0)
            ch = 0;
        cases_check(&c, t_strlen(s) == strlen(s), "strlen %s", s);
        cases_check(&c, t_strnlen(s, n) == strnlen(s, n), "strnlen %s %zu", s, n);
        cases_check(&c, sign(t_strcmp(s, t)) == sign(strcmp(s, t)), "strcmp %s %s", s, t);
        cases_check(&c, sign(t_strncmp(s, t, n)) == sign(strncmp(s, t, n)), "strncmp %s %s", s, t);
        cases_check(&c, t_strchr(s, ch) == strchr(s, ch), "strchr %s %d", s, ch);
        cases_check(&c, t_strrchr(s, ch) == strrchr(s, ch), "strrchr %s %d", s, ch);
        cases_check(&c, t_strstr(s, needle) == strstr(s, needle), "strstr %s %s", s, needle);
        cases_check(&c, t_strspn(s, needle) == strspn(s, needle), "strspn %s %s", s, needle);
        cases_check(&c, t_strcspn(s, needle) == strcspn(s, needle), "strcspn %s %s", s, needle);
    }
    cases_end(&c);
}

static void test_string_copies(void)
{
    struct cases c = {.text = "strcpy, strncpy, strlcpy"};
    static uint8_t source[ROOM];
    for (unsigned i = 0; i < 20000; i++) {
        char *s = random_string(source, 60);
        unsigned d = random_below(32), n = random_below(64);
        size_t len = strlen(s);
        char *p = (char *)a + d, *q = (char *)b + d;
        fill();
        cases_check(&c, t_strcpy(p, s) == p && strcpy(q, s) && !memcmp(a, b, ROOM), "strcpy %s", s);
        fill();
        t_strncpy(p, s, n);
        strncpy(q, s, n);
        cases_check(&c, memcmp(a, b, ROOM) == 0, "strncpy %s %u", s, n);
        fill();
        size_t r = t_strlcpy(p, s, n);
        snprintf(q, n, "%s", s);
        cases_check(&c, r == len && memcmp(a, b, ROOM) == 0, "strlcpy %s %u", s, n);
    }
    cases_end(&c);
}

int main(void)
{
    test_copy();
    test_compare();
    test_strings();
    test_string_copies();
    return tap_done();
}
