/* pwd(1): -P (the default) the physical directory, -L $PWD when it names the same one. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

/* $PWD, if it is absolute, has no . or .. components, and is this directory. */
static const char *logical_directory(void)
{
    const char *pwd = getenv("PWD");
    struct stat a, b;

    if (!pwd || *pwd != '/' || strstr(pwd, "/./") || strstr(pwd, "/../"))
        return NULL;
    if (stat(pwd, &a) < 0 || stat(".", &b) < 0 || a.st_dev != b.st_dev || a.st_ino != b.st_ino)
        return NULL;
    return pwd;
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    bool logical = false;
    size_t size = 256;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "LP")) != -1) {
        if (c == '?')
            tool_usage("[-L | -P]");
        logical = c == 'L';
    }
    if (logical)
        path = logical_directory();
    for (char *buf = NULL; !path; size *= 2) {
        buf = tool_realloc(buf, size);
        path = getcwd(buf, size);
        if (!path && size > 65536) {
            tool_warn_errno("cannot find the current directory");
            return 1;
        }
    }
    out_fmt("%s\n", path);
    tool_exit(0);
}
