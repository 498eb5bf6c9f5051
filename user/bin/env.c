/* env(1): -i, -u NAME, NAME=VALUE..., then a command or the list of variables. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

extern char **environ;

static const char usage[] = "[-i] [-u NAME]... [NAME=VALUE]... [COMMAND [ARGUMENT]...]";

int main(int argc, char **argv)
{
    static char *nothing[] = {NULL};
    bool null_end = false;
    int c;

    tool_init(argv);
    tool_failure = 125;
    while ((c = tool_option(argc, argv, "+iu:0")) != -1) {
        switch (c) {
        case 'i': environ = nothing; break;
        case '0': null_end = true; break;
        case 'u':
            if (unsetenv(tool_argument) < 0)
                tool_die("cannot unset '%s': %s", tool_argument, strerror(errno));
            break;
        default: tool_usage(usage);
        }
    }
    if (tool_index < argc && strcmp(argv[tool_index], "-") == 0) {
        environ = nothing;
        tool_index++;
    }
    for (; tool_index < argc && strchr(argv[tool_index], '='); tool_index++) {
        char *equals = strchr(argv[tool_index], '=');

        *equals = '\0';
        if (setenv(argv[tool_index], equals + 1, 1) < 0)
            tool_die("cannot set '%s': %s", argv[tool_index], strerror(errno));
    }
    if (tool_index < argc) {
        execvp(argv[tool_index], argv + tool_index);
        tool_warn("'%s': %s", argv[tool_index], strerror(errno));
        return errno == ENOENT ? 127 : 126;
    }
    for (char **e = environ; e && *e; e++) {
        out_str(*e);
        out_char(null_end ? '\0' : '\n');
    }
    tool_exit(0);
}
