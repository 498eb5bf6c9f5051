/* sleep(1): the sum of its operands, each a decimal number with an optional s, m, h or d. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "user/lib/tool.h"

/* Parse "12.5m" into nanoseconds; false when malformed. A value too large stays the largest. */
static bool parse_duration(const char *s, uint64_t *total)
{
    static const char units[] = "smhd";
    static const unsigned seconds[] = {1, 60, 3600, 86400};
    const uint64_t limit = (uint64_t)1000000000 * 1000000000; /* about thirty years */
    uint64_t ns = 0;
    uint64_t scale = 1000000000;
    const char *unit;
    bool digits = false;

    for (; *s >= '0' && *s <= '9'; s++, digits = true)
        ns = ns < limit / 10 ? ns * 10 + (uint64_t)(*s - '0') * 1000000000 : limit;
    if (*s == '.') {
        for (s++; *s >= '0' && *s <= '9'; s++, digits = true) {
            scale /= 10;
            ns += (uint64_t)(*s - '0') * scale;
        }
    }
    unit = *s ? strchr(units, *s) : units;
    if (!digits || !unit || (*s && s[1]))
        return false;
    ns = ns < limit / seconds[unit - units] ? ns * seconds[unit - units] : limit;
    *total = *total + ns < limit ? *total + ns : limit;
    return true;
}

int main(int argc, char **argv)
{
    struct timespec ts;
    uint64_t ns = 0;
    bool ok = true;

    tool_init(argv);
    if (argc < 2)
        tool_usage("NUMBER[smhd]...");
    for (int i = 1; i < argc; i++) {
        if (!parse_duration(argv[i], &ns)) {
            tool_warn("invalid time interval '%s'", argv[i]);
            ok = false;
        }
    }
    if (!ok)
        return 1;
    ts.tv_sec = (time_t)(ns / 1000000000);
    ts.tv_nsec = (long)(ns % 1000000000);
    while (nanosleep(&ts, &ts) < 0 && errno == EINTR) {
    }
    return 0;
}
