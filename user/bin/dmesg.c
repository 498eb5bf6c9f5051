/*
 * dmesg [-c] [-n LEVEL]: print the kernel log; -c clears it afterwards; -n prints nothing and lets
 * messages below LEVEL (1 to 8) reach the console.
 */
#include <stdbool.h>
#include <sys/klog.h>
#include <unistd.h>
#include "user/lib/tool.h"

#define USAGE "[-c] [-n LEVEL]"

static void set_level(const char *text)
{
    long long level;
    if (!tool_number(text, 1, 8, &level)) {
        tool_die("%s: a level is a number from 1 to 8", text);
    }
    if (klogctl(ABI_SYSLOG_CONSOLE_LEVEL, NULL, (int)level) < 0) {
        tool_warn_errno("cannot set the level");
        tool_exit(1);
    }
}

static int print_log(bool clear)
{
    int size = klogctl(ABI_SYSLOG_SIZE_BUFFER, NULL, 0);
    if (size < 0) {
        tool_warn_errno("cannot read the log");
        return 1;
    }
    char *log = tool_alloc((size_t)size);
    int length = klogctl(clear ? ABI_SYSLOG_READ_CLEAR : ABI_SYSLOG_READ_ALL, log, size);
    if (length < 0) {
        tool_warn_errno("cannot read the log");
        return 1;
    }
    out_write(log, (size_t)length);
    if (length > 0 && log[length - 1] != '\n') {
        out_char('\n');
    }
    return 0;
}

int main(int argc, char **argv)
{
    bool clear = false;
    const char *level = NULL;
    int option;
    tool_init(argv);
    while ((option = getopt(argc, argv, "cn:")) != -1) {
        switch (option) {
        case 'c': clear = true; break;
        case 'n': level = optarg; break;
        default: tool_usage(USAGE);
        }
    }
    if (optind < argc) {
        tool_usage(USAGE);
    }
    if (level) {
        set_level(level);
        return 0;
    }
    tool_exit(print_log(clear));
}
