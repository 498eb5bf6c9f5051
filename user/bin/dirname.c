/* dirname(1) */
#include <string.h>

#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    int i = 1;

    tool_init(argv);
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    if (i == argc || (argv[i][0] == '-' && argv[i][1]))
        tool_usage("NAME...");
    for (; i < argc; i++) {
        char *name = argv[i];
        size_t n = strlen(name);

        while (n > 1 && name[n - 1] == '/')
            n--;
        while (n > 0 && name[n - 1] != '/')
            n--;
        while (n > 1 && name[n - 1] == '/')
            n--;
        if (n == 0)
            out_char('.');
        else
            out_write(name, n);
        out_char('\n');
    }
    tool_exit(0);
}
