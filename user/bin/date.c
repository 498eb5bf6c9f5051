/*
 * date(1): show the time (UTC) by +FORMAT; -d shows another one, -s sets the clock to it first; -u
 * is accepted. Times are @SECONDS or YYYY-MM-DD[ HH:MM[:SS]].
 */
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/tool.h"

/* Seconds from 1970 to a day of the Gregorian calendar, by counting from a 1 March. */
static long long day_start(int year, int month, int day)
{
    int years = month > 2 ? year : year - 1;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long long days = 365LL * years + years / 4 - years / 100 + years / 400 + day_of_year;
    return (days - 719468) * 86400; /* from 1 March of the year 0 to 1970 */
}

static int days_in(int year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* `digits` digits and what follows them, *p moves behind it: the number, -1: they are not there. */
static int field(const char **p, int digits, char behind)
{
    int n = 0;
    for (; digits > 0; digits--, (*p)++) {
        if (**p < '0' || **p > '9')
            return -1;
        n = n * 10 + (**p - '0');
    }
    if (**p != behind && !(behind == ' ' && **p == 'T'))
        return -1;
    *p += behind != '\0';
    return n;
}

static bool parse(const char *text, long long *when)
{
    const char *p = text;
    int hour = 0, minute = 0, second = 0;
    if (*text == '@')
        return tool_number(text + 1, LLONG_MIN, LLONG_MAX, when);
    size_t n = strlen(text);
    int year = field(&p, 4, '-'), month = field(&p, 2, '-'), day = field(&p, 2, n > 10 ? ' ' : 0);
    if (n > 10) {
        hour = field(&p, 2, ':');
        minute = field(&p, 2, n > 16 ? ':' : 0);
    }
    if (n > 16)
        second = field(&p, 2, 0);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    *when = day_start(year, month, day) + hour * 3600 + minute * 60 + second;
    return true;
}

static void set_clock(long long seconds)
{
    struct timespec now = {.tv_sec = (time_t)seconds};
    if (clock_settime(CLOCK_REALTIME, &now) < 0) {
        tool_warn_errno("cannot set the clock");
        tool_exit(1);
    }
}

int main(int argc, char **argv)
{
    const char *format = "%a %b %e %H:%M:%S UTC %Y";
    char text[256];
    time_t when = time(NULL);
    struct tm tm = {0};
    long long seconds;
    bool set = false;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "ud:s:")) != -1) {
        switch (c) {
        case 'u': break;
        case 's': set = true; /* fall through */
        case 'd':
            if (!parse(tool_argument, &seconds))
                tool_die("invalid date '%s'", tool_argument);
            when = (time_t)seconds;
            break;
        default: tool_usage("[-u] [-d TIME | -s TIME] [+FORMAT]");
        }
    }
    if (tool_index < argc) {
        if (argv[tool_index][0] != '+' || tool_index + 1 < argc)
            tool_die("extra operand '%s'", argv[tool_index + (argv[tool_index][0] == '+')]);
        format = argv[tool_index] + 1;
    }
    if (set)
        set_clock(when);
    if (!gmtime_r(&when, &tm))
        tool_die("time out of range");
    for (const char *p = format; *p; p++) {
        char one[3] = {*p, *p == '%' ? p[1] : '\0', '\0'};

        if (one[0] == '%' && one[1] == 's') {
            out_fmt("%lld", (long long)when);
            p++;
        } else if (one[0] == '%' && one[1]) {
            out_write(text, strftime(text, sizeof(text), one, &tm));
            p++;
        } else {
            out_char(*p);
        }
    }
    out_char('\n');
    tool_exit(0);
}
