/* mkdir(1): -p with parents, -m MODE, -v. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

static struct {
    bool parents, verbose, has_mode;
    mode_t mode;
} opt;

static bool make(const char *path, mode_t mode, bool may_exist)
{
    struct stat st;

    if (mkdir(path, mode) == 0) {
        if (opt.verbose)
            out_fmt("%s: created directory '%s'\n", tool_name, path);
        return true;
    }
    if (errno == EEXIST && may_exist && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return true;
    tool_warn_errno("cannot create directory '%s'", path);
    return false;
}

/* Make each directory above the last component; they must stay writable for us. */
static bool make_parents(char *path)
{
    mode_t mask = umask(0);
    bool ok = true;

    umask(mask);
    for (char *p = path + strspn(path, "/"); ok && (p = strchr(p, '/')); p += strspn(p, "/")) {
        if (!p[strspn(p, "/")])
            break;
        *p = '\0';
        ok = make(path, (0777 & ~mask) | S_IWUSR | S_IXUSR, true);
        *p = '/';
    }
    return ok;
}

int main(int argc, char **argv)
{
    int status = 0;
    char *end;
    int c;

    tool_init(argv);
    opt.mode = 0777;
    while ((c = tool_option(argc, argv, "pm:v")) != -1) {
        switch (c) {
        case 'p': opt.parents = true; break;
        case 'v': opt.verbose = true; break;
        case 'm':
            opt.has_mode = true;
            opt.mode = (mode_t)strtoul(tool_argument, &end, 8);
            if (*end || !*tool_argument || opt.mode > 07777)
                tool_die("invalid mode '%s'", tool_argument);
            break;
        default: tool_usage("[-pv] [-m MODE] DIRECTORY...");
        }
    }
    if (tool_index == argc) {
        tool_warn("missing operand");
        return 1;
    }
    for (; tool_index < argc; tool_index++) {
        mode_t mask = 0;
        bool ok = !opt.parents || make_parents(argv[tool_index]);

        if (opt.has_mode)
            mask = umask(0);
        ok = ok && make(argv[tool_index], opt.mode, opt.parents);
        if (opt.has_mode)
            umask(mask);
        if (!ok)
            status = 1;
    }
    tool_exit(status);
}
