/*
 * Memory and string functions for the target: word-wide where the alignments allow it, because
 * page copies, page clears and path look-ups all come through here.
 *
 * Word-wise loads may take in bytes before or after an object, but only from words that hold at
 * least one byte of it: they never reach another page.
 *
 * A hosted build gets all but strlcpy() from its C library. The unit tests define
 * LIB_STRING_FOR_TEST, give the functions other names, and try both sizes of LIB_STRING_WORD.
 */
#include <stdbool.h>
#include <stdint.h>

#include "lib/string.h"

#if !__STDC_HOSTED__ || defined(LIB_STRING_FOR_TEST)

/* Without this, gcc recognises memset() in the body of memset() and calls it. */
#    pragma GCC optimize("no-tree-loop-distribute-patterns", "omit-frame-pointer")

#    define WORDWISE    __attribute__((no_sanitize("address")))
#    define WORD_INLINE static inline __attribute__((always_inline, no_sanitize("address")))

#    ifndef LIB_STRING_WORD
#        define LIB_STRING_WORD unsigned long
#    endif
typedef LIB_STRING_WORD __attribute__((may_alias)) word;

enum { WORD = sizeof(word), UNROLL = 8 };

static const word ones = (word)-1 / 0xff; /* 0x0101...01 */
static const word highs = (word)-1 / 0xff * 0x80;

WORD_INLINE bool is_aligned(const void *p)
{
    return (uintptr_t)p % WORD == 0;
}

/* Non-zero if a byte of w is zero. */
WORD_INLINE word zero_bytes(word w)
{
    return (w - ones) & ~w & highs;
}

/*
 * Copy n >= 2 * WORD bytes to an aligned d from an s that is not: aligned loads, shifted together.
 * Returns the number of bytes copied, which is n rounded down to words.
 */
WORD_INLINE size_t copy_shifted(unsigned char *d, const unsigned char *s, size_t n)
{
    unsigned low = (uintptr_t)s % WORD * 8, high = WORD * 8 - low;
    const word *from = (const word *)(s - low / 8);
    word *to = (word *)d, *end = to + n / WORD;
    word here = *from++;
    while (to < end) {
        word next = *from++;
        *to++ = here >> low | next << high;
        here = next;
    }
    return n / WORD * WORD;
}

/* Copy whole words between aligned places in rising order; returns the bytes copied. */
WORD_INLINE size_t copy_words(unsigned char *d, const unsigned char *s, size_t n)
{
    word *to = (word *)d;
    const word *from = (const word *)s;
    word *end = (word *)(d + n / (UNROLL * WORD) * (UNROLL * WORD));
    while (to != end) {
        word a = from[0], b = from[1], c = from[2], e = from[3];
        word f = from[4], g = from[5], h = from[6], i = from[7];
        to[0] = a, to[1] = b, to[2] = c, to[3] = e;
        to[4] = f, to[5] = g, to[6] = h, to[7] = i;
        from += UNROLL, to += UNROLL;
    }
    end = (word *)(d + n / WORD * WORD);
    while (to != end)
        *to++ = *from++;
    return n / WORD * WORD;
}

/*
 * Every byte is loaded before a store can reach it as long as d is below s or they do not overlap,
 * so memmove() can use this too.
 */
WORD_INLINE void *copy_up(void *dst, const void *src, size_t n)
{
    unsigned char *d = dst;
    const unsigned char *s = src;
    if (is_aligned(d) && is_aligned(s)) {
        size_t done = copy_words(d, s, n);
        d += done, s += done, n -= done;
    } else if (n >= 3 * WORD) {
        while (!is_aligned(d))
            *d++ = *s++, n--;
        size_t done = is_aligned(s) ? copy_words(d, s, n) : copy_shifted(d, s, n);
        d += done, s += done, n -= done;
    }
    for (unsigned char *end = d + n; d != end;)
        *d++ = *s++;
    return dst;
}

WORDWISE void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
    return copy_up(dst, src, n);
}

WORDWISE void *memmove(void *dst, const void *src, size_t n)
{
    if ((uintptr_t)dst - (uintptr_t)src >= n)
        return copy_up(dst, src, n);
    unsigned char *d = (unsigned char *)dst + n;
    const unsigned char *s = (const unsigned char *)src + n;
    if ((uintptr_t)d % WORD == (uintptr_t)s % WORD && n >= WORD) {
        while (!is_aligned(d))
            *--d = *--s, n--;
        for (; n >= WORD; n -= WORD) {
            d -= WORD, s -= WORD;
            *(word *)d = *(const word *)s;
        }
    }
    while (n--)
        *--d = *--s;
    return dst;
}

WORDWISE void *memset(void *dst, int byte, size_t n)
{
    unsigned char *d = dst;
    if (n >= 2 * WORD) {
        while (!is_aligned(d))
            *d++ = (unsigned char)byte, n--;
        word w = ones * (unsigned char)byte;
        word *to = (word *)d;
        for (word *end = to + n / (UNROLL * WORD) * UNROLL; to != end; to += UNROLL) {
            to[0] = w, to[1] = w, to[2] = w, to[3] = w;
            to[4] = w, to[5] = w, to[6] = w, to[7] = w;
        }
        for (word *end = (word *)(d + n / WORD * WORD); to != end;)
            *to++ = w;
        d = (unsigned char *)to;
        n %= WORD;
    }
    for (unsigned char *end = d + n; d != end;)
        *d++ = (unsigned char)byte;
    return dst;
}

WORDWISE int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *p = a, *q = b;
    if ((uintptr_t)p % WORD == (uintptr_t)q % WORD) {
        while (n > 0 && !is_aligned(p)) {
            if (*p != *q)
                return *p - *q;
            p++, q++, n--;
        }
        while (n >= WORD && *(const word *)p == *(const word *)q)
            p += WORD, q += WORD, n -= WORD;
    }
    for (; n > 0; p++, q++, n--) {
        if (*p != *q)
            return *p - *q;
    }
    return 0;
}

WORDWISE void *memchr(const void *s, int byte, size_t n)
{
    const unsigned char *p = s;
    unsigned char c = (unsigned char)byte;
    for (; n > 0 && !is_aligned(p); p++, n--) {
        if (*p == c)
            return (void *)p;
    }
    for (word pattern = ones * c; n >= WORD; p += WORD, n -= WORD) {
        if (zero_bytes(*(const word *)p ^ pattern))
            break;
    }
    for (; n > 0; p++, n--) {
        if (*p == c)
            return (void *)p;
    }
    return NULL;
}

WORDWISE size_t strlen(const char *s)
{
    const char *p = s;
    for (; !is_aligned(p); p++) {
        if (*p == '\0')
            return p - s;
    }
    while (!zero_bytes(*(const word *)p))
        p += WORD;
    while (*p != '\0')
        p++;
    return p - s;
}

size_t strnlen(const char *s, size_t max)
{
    const char *end = memchr(s, '\0', max);
    return end ? (size_t)(end - s) : max;
}

WORDWISE int strcmp(const char *a, const char *b)
{
    if ((uintptr_t)a % WORD == (uintptr_t)b % WORD) {
        for (; !is_aligned(a); a++, b++) {
            if (*a != *b || *a == '\0')
                return (unsigned char)*a - (unsigned char)*b;
        }
        word w;
        while ((w = *(const word *)a) == *(const word *)b) {
            if (zero_bytes(w))
                return 0;
            a += WORD, b += WORD;
        }
    }
    while (*a == *b && *a != '\0')
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (; n > 0; a++, b++, n--) {
        if (*a != *b || *a == '\0')
            return (unsigned char)*a - (unsigned char)*b;
    }
    return 0;
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++) {
        if (*s == '\0')
            return NULL;
    }
    return (char *)s;
}

char *strrchr(const char *s, int c)
{
    const char *found = NULL;
    for (;; s++) {
        if (*s == (char)c)
            found = s;
        if (*s == '\0')
            return (char *)found;
    }
}

char *strstr(const char *s, const char *needle)
{
    size_t n = strlen(needle);
    if (n == 0)
        return (char *)s;
    for (; (s = strchr(s, *needle)) != NULL; s++) {
        if (strncmp(s, needle, n) == 0)
            return (char *)s;
    }
    return NULL;
}

size_t strspn(const char *s, const char *accept)
{
    size_t n = 0;
    while (s[n] != '\0' && strchr(accept, s[n]))
        n++;
    return n;
}

size_t strcspn(const char *s, const char *reject)
{
    size_t n = 0;
    while (s[n] != '\0' && !strchr(reject, s[n]))
        n++;
    return n;
}

char *strcpy(char *restrict dst, const char *restrict src)
{
    return memcpy(dst, src, strlen(src) + 1);
}

char *strncpy(char *restrict dst, const char *restrict src, size_t n)
{
    size_t len = strnlen(src, n);
    memcpy(dst, src, len);
    memset(dst + len, 0, n - len);
    return dst;
}

#endif

/* Weak: newer hosts have it. */
__attribute__((weak)) size_t strlcpy(char *restrict dst, const char *restrict src, size_t size)
{
    size_t len = strlen(src);
    if (size > 0) {
        size_t n = len < size ? len : size - 1;
        memcpy(dst, src, n);
        dst[n] = '\0';
    }
    return len;
}
