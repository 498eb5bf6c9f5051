/* seq(1) for integers: [-w] [-s SEPARATOR] [FIRST [STEP]] LAST. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "user/lib/tool.h"

static const char usage[] = "[-w] [-s SEPARATOR] [FIRST [STEP]] LAST";

static long long operand(const char *s)
{
    long long value;

    if (!tool_number(s, LLONG_MIN / 2, LLONG_MAX / 2, &value))
        tool_die("invalid integer argument: '%s'", s);
    return value;
}

static int width_of(long long value)
{
    return fmt_snprint(NULL, 0, "%lld", value);
}

int main(int argc, char **argv)
{
    const char *separator = "\n";
    long long first = 1;
    long long step = 1;
    long long last;
    bool equal = false;
    int width = 0;
    int i = 1;

    tool_init(argv);
    /* Not tool_option(): a negative number is no option. */
    for (; i < argc && argv[i][0] == '-' && (argv[i][1] < '0' || argv[i][1] > '9'); i++) {
        if (strcmp(argv[i], "-w") == 0) {
            equal = true;
        } else if (argv[i][1] == 's' && (argv[i][2] || i + 1 < argc)) {
            separator = argv[i][2] ? argv[i] + 2 : argv[++i];
        } else if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        } else {
            tool_usage(usage);
        }
    }
    argc -= i;
    argv += i;
    if (argc < 1 || argc > 3)
        tool_usage(usage);
    last = operand(argv[argc - 1]);
    if (argc > 1)
        first = operand(argv[0]);
    if (argc > 2)
        step = operand(argv[1]);
    if (step == 0)
        tool_die("invalid Zero increment value: '%s'", argv[1]);
    if (equal) {
        long long end = first + (last - first) / step * step;

        width = width_of(first) > width_of(end) ? width_of(first) : width_of(end);
    }
    for (long long v = first; step > 0 ? v <= last : v >= last; v += step) {
        if (v != first)
            out_str(separator);
        out_fmt("%0*lld", width, v);
        if (out_failed())
            break;
    }
    if (step > 0 ? first <= last : first >= last)
        out_char('\n');
    tool_exit(0);
}
