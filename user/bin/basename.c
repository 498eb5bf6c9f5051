/* basename(1): NAME [SUFFIX], or -a [-s SUFFIX] NAME... */
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char usage[] = "NAME [SUFFIX] | -a [-s SUFFIX] NAME...";

static void print_base(char *name, const char *suffix)
{
    size_t n = strlen(name);
    size_t m = strlen(suffix);
    char *base;

    while (n > 1 && name[n - 1] == '/')
        name[--n] = '\0';
    base = strrchr(name, '/');
    base = base && base[1] ? base + 1 : name;
    n = strlen(base);
    if (m < n && strcmp(base + n - m, suffix) == 0)
        base[n - m] = '\0';
    out_fmt("%s\n", base);
}

int main(int argc, char **argv)
{
    const char *suffix = NULL;
    bool all = false;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "+as:")) != -1) {
        if (c == '?')
            tool_usage(usage);
        all = true;
        if (c == 's')
            suffix = tool_argument;
    }
    if (tool_index == argc || (!all && argc - tool_index > 2))
        tool_usage(usage);
    if (!all) {
        print_base(argv[tool_index], tool_index + 1 < argc ? argv[tool_index + 1] : "");
        tool_exit(0);
    }
    for (; tool_index < argc; tool_index++)
        print_base(argv[tool_index], suffix ? suffix : "");
    tool_exit(0);
}
