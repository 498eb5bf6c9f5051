/*
 * events: prints what keys and pointer do, a line for each event (abi/events.h), until it has
 * printed COUNT of them (-n). -p: the pointer's, too. -v: says on standard error when it listens.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "abi/events.h"
#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    char line[EVENTS_LINE_MAX];
    int mode = EVENTS_BLOCK, c;
    bool verbose = false;
    long long count = -1;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "n:pv")) != -1) {
        switch (c) {
        case 'n':
            if (!tool_number(tool_argument, 0, LLONG_MAX, &count))
                tool_die("invalid count '%s'", tool_argument);
            break;
        case 'p': mode |= EVENTS_POINTER; break;
        case 'v': verbose = true; break;
        default: tool_usage("[-pv] [-n COUNT]");
        }
    }
    if (tool_index < argc)
        tool_usage("[-pv] [-n COUNT]");
    int fd = open("/dev/events", O_RDONLY);
    if (fd < 0 || ioctl(fd, EVENTS_SETMODE, mode) < 0) {
        tool_warn_errno("/dev/events");
        return 1;
    }
    if (verbose)
        tool_warn("listening");
    for (; count != 0; count -= count > 0) {
        ssize_t n = read(fd, line, sizeof line);
        if (n < 0) {
            tool_warn_errno("/dev/events");
            return 1;
        }
        out_write(line, (size_t)n);
        if (!out_flush())
            break;
    }
    tool_exit(0);
}
