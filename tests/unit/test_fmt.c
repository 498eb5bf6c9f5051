/* lib/fmt.c against the host's snprintf, on generated formats. */
#include <limits.h>

#include "lib/fmt.h"
#include "tap.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-truncation"

static struct cases compared = {.text = "generated formats agree with snprintf"};

enum { ROOM = 200 };

/* Compare the two outputs of one format, both with room bytes allowed. */
#define COMPARE(room, ...)                                                                   \
    do {                                                                                     \
        char ours[ROOM], theirs[ROOM];                                                       \
        memset(ours, 0x55, sizeof ours);                                                     \
        memset(theirs, 0x55, sizeof theirs);                                                 \
        int n = fmt_snprint(ours, room, __VA_ARGS__);                                        \
        int m = snprintf(theirs, room, __VA_ARGS__);                                         \
        cases_check(&compared, n == m && memcmp(ours, theirs, sizeof ours) == 0,             \
                    "format \"%s\": %d \"%s\", want %d \"%s\"", format, n, ours, m, theirs); \
    } while (0)

static char format[64];

/* Flags (out of allowed), width, precision; *width and *precision say which are passed as '*'. */
static void random_spec(const char *allowed, bool precision_ok, bool *star_width,
                        bool *star_precision)
{
    char *p = format;
    *p++ = '[', *p++ = '%';
    for (unsigned i = random_below(4); i > 0; i--)
        *p++ = allowed[random_below((unsigned)strlen(allowed))];
    *star_width = *star_precision = false;
    switch (random_below(4)) {
    case 0: *p++ = '*', *star_width = true; break;
    case 1: p += sprintf(p, "%u", random_below(40)); break;
    default: break;
    }
    if (precision_ok && random_below(2)) {
        *p++ = '.';
        switch (random_below(3)) {
        case 0: *p++ = '*', *star_precision = true; break;
        case 1: p += sprintf(p, "%u", random_below(30)); break;
        default: break;
        }
    }
    *p = '\0';
}

/* Call COMPARE with the stars' arguments before the value. */
#define WITH_STARS(value)                                                   \
    do {                                                                    \
        int w = (int)random_below(60) - 30, pr = (int)random_below(40) - 5; \
        if (sw && sp)                                                       \
            COMPARE(room, format, w, pr, value);                            \
        else if (sw)                                                        \
            COMPARE(room, format, w, value);                                \
        else if (sp)                                                        \
            COMPARE(room, format, pr, value);                               \
        else                                                                \
            COMPARE(room, format, value);                                   \
    } while (0)

static size_t random_room(void)
{
    return random_below(3) ? ROOM : random_below(20);
}

static void test_integers(void)
{
    static const char *const lengths[] = {"", "h", "hh", "l", "ll", "z", "j", "t"};
    for (unsigned i = 0; i < 60000; i++) {
        bool sw, sp;
        char conversion = "diuxXo"[random_below(6)];
        bool alternate = conversion == 'x' || conversion == 'X' || conversion == 'o';
        random_spec(alternate ? "-0 +#" : "-0 +", true, &sw, &sp);
        unsigned length = random_below(8);
        sprintf(format + strlen(format), "%s%c]", lengths[length], conversion);
        size_t room = random_room();
        uint64_t v = random_odd();
        if (length < 3)
            WITH_STARS((int)v);
        else
            WITH_STARS((unsigned long long)v); /* all of these are 64 bits wide on the host */
    }
}

static void test_text(void)
{
    static const char *const texts[] = {"", "a", "hello",
                                        "a longer text, forty characters long ...."};
    for (unsigned i = 0; i < 20000; i++) {
        bool sw, sp;
        size_t room = random_room();
        random_spec("-", true, &sw, &sp);
        strcat(format, "s]");
        const char *text = texts[random_below(4)];
        WITH_STARS(text);
        random_spec("-", false, &sw, &sp);
        strcat(format, "c]");
        int c = (int)random_u64();
        WITH_STARS(c);
        random_spec("-", false, &sw, &sp);
        strcat(format, "p]");
        void *pointer = (void *)(uintptr_t)(random_odd() | 1);
        WITH_STARS(pointer);
    }
}

static void count_put(void *arg, const char *s, size_t n)
{
    (void)s;
    *(size_t *)arg += n;
}

static void test_particulars(void)
{
    char buf[64];
    char unterminated[3] = {'a', 'b', 'c'};
    snprintf(format, sizeof format, "several");
    COMPARE(ROOM, "%d%% of %s: %c%c %5.2x|%-4u|", 7, "it", 'o', 'k', 3, 9u);
    COMPARE(ROOM, "%.3s|", unterminated);
    COMPARE(ROOM, "%s%s", "", "");
    const char *volatile null = NULL;
    fmt_snprint(buf, sizeof buf, "%s", null);
    is_str(buf, "(null)", "NULL string");
    fmt_snprint(buf, sizeof buf, "%p", NULL);
    is_str(buf, "0x0", "NULL pointer");
    const char *unknown = "a %q b %5.3f c %";
    fmt_snprint(buf, sizeof buf, unknown, 0);
    is_str(buf, unknown, "unknown conversions are copied");
    is_int(fmt_snprint(NULL, 0, "%d", 12345), 5, "no buffer: length only");
    size_t n = 0;
    is_int(fmt_print(count_put, &n, "%*d%s", 1000, 1, "xyz"), 1003, "fmt_print returns the length");
    is_int((long long)n, 1003, "and delivers as much");
    n = 0;
    const char *volatile wide = "%2147483647d%2147483647d";
    is_int(fmt_print(count_put, &n, wide, 1, 2), INT_MAX, "the length saturates");
}

int main(void)
{
    test_integers();
    test_text();
    test_particulars();
    cases_end(&compared);
    return tap_done();
}
