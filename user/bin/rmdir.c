/* rmdir(1): -p removes the parents too, -v. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool verbose;

static bool remove_one(const char *path)
{
    if (verbose)
        out_fmt("%s: removing directory, '%s'\n", tool_name, path);
    if (rmdir(path) == 0)
        return true;
    tool_warn_errno("failed to remove '%s'", path);
    return false;
}

int main(int argc, char **argv)
{
    bool parents = false;
    int status = 0;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "pv")) != -1) {
        if (c == '?')
            tool_usage("[-pv] DIRECTORY...");
        parents |= c == 'p';
        verbose |= c == 'v';
    }
    if (tool_index == argc) {
        tool_warn("missing operand");
        return 1;
    }
    for (; tool_index < argc; tool_index++) {
        char *path = argv[tool_index];
        bool ok = remove_one(path);

        while (ok && parents) {
            size_t n = strlen(path);

            while (n > 0 && path[n - 1] == '/')
                n--;
            while (n > 0 && path[n - 1] != '/')
                n--;
            while (n > 0 && path[n - 1] == '/')
                n--;
            if (n == 0)
                break;
            path[n] = '\0';
            ok = remove_one(path);
        }
        if (!ok)
            status = 1;
    }
    tool_exit(status);
}
