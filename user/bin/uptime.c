/* uptime(1): the time of day and how long the system has been up, from /proc/uptime; -s since when.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool read_uptime(unsigned long *seconds)
{
    int fd = tool_open("/proc/uptime");
    struct reader r;
    char *line;
    size_t n;
    bool ok;

    if (fd < 0)
        return false;
    reader_init(&r, fd);
    ok = reader_line(&r, &line, &n);
    if (ok) {
        line[n - 1] = '\0';
        *seconds = strtoul(line, NULL, 10);
    }
    reader_free(&r);
    tool_close(fd);
    return ok;
}

static void print_since(time_t when)
{
    struct tm tm = {0};

    gmtime_r(&when, &tm);
    out_fmt("%04d-%02d-%02d %02d:%02d:%02d\n", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
            tm.tm_hour, tm.tm_min, tm.tm_sec);
}

int main(int argc, char **argv)
{
    unsigned long up = 0;
    bool since = false;
    time_t now = time(NULL);
    struct tm tm = {0};
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "s")) != -1) {
        if (c == '?')
            tool_usage("[-s]");
        since = true;
    }
    if (!read_uptime(&up)) {
        tool_warn("cannot read the time since the start");
        return 1;
    }
    if (since) {
        print_since(now - (time_t)up);
        tool_exit(0);
    }
    gmtime_r(&now, &tm);
    out_fmt(" %02d:%02d:%02d up ", tm.tm_hour, tm.tm_min, tm.tm_sec);
    if (up >= 86400)
        out_fmt("%lu day%s, ", up / 86400, up / 86400 == 1 ? "" : "s");
    if (up % 86400 >= 3600)
        out_fmt("%2lu:%02lu\n", up % 86400 / 3600, up % 3600 / 60);
    else
        out_fmt("%lu min, %lu s\n", up % 3600 / 60, up % 60);
    tool_exit(0);
}
