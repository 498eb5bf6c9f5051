/* uname [-asnrvm]: what this system is. */
#include <sys/utsname.h>
#include <unistd.h>
#include "user/lib/tool.h"

enum { SYSNAME = 1, NODENAME = 2, RELEASE = 4, VERSION = 8, MACHINE = 16, ALL = 31 };

static unsigned parse_options(int argc, char **argv)
{
    unsigned wanted = 0;
    int option;
    while ((option = getopt(argc, argv, "asnrvm")) != -1) {
        switch (option) {
        case 'a': wanted |= ALL; break;
        case 's': wanted |= SYSNAME; break;
        case 'n': wanted |= NODENAME; break;
        case 'r': wanted |= RELEASE; break;
        case 'v': wanted |= VERSION; break;
        case 'm': wanted |= MACHINE; break;
        default: tool_usage("[-asnrvm]");
        }
    }
    if (optind < argc) {
        tool_usage("[-asnrvm]");
    }
    return wanted ? wanted : SYSNAME;
}

int main(int argc, char **argv)
{
    struct utsname name;
    tool_init(argv);
    unsigned wanted = parse_options(argc, argv);
    if (uname(&name) < 0) {
        tool_warn_errno("cannot get the system's name");
        return 1;
    }
    const char *words[] = {name.sysname, name.nodename, name.release, name.version, name.machine};
    const char *separator = "";
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (wanted >> i & 1) {
            out_fmt("%s%s", separator, words[i]);
            separator = " ";
        }
    }
    out_char('\n');
    tool_exit(0);
}
