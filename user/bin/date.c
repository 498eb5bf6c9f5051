/* date(1): show the time (UTC) by +FORMAT; -u is accepted, -d @SECONDS shows that time. */
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    const char *format = "%a %b %e %H:%M:%S UTC %Y";
    char text[256];
    time_t when = time(NULL);
    struct tm tm = {0};
    long long seconds;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "ud:")) != -1) {
        switch (c) {
        case 'u': break;
        case 'd':
            if (tool_argument[0] != '@' ||
                !tool_number(tool_argument + 1, LLONG_MIN, LLONG_MAX, &seconds))
                tool_die("invalid date '%s'", tool_argument);
            when = (time_t)seconds;
            break;
        default: tool_usage("[-u] [-d @SECONDS] [+FORMAT]");
        }
    }
    if (tool_index < argc) {
        if (argv[tool_index][0] != '+' || tool_index + 1 < argc)
            tool_die("extra operand '%s'", argv[tool_index + (argv[tool_index][0] == '+')]);
        format = argv[tool_index] + 1;
    }
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
