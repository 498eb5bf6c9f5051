/* mv(1): rename, or copy and remove across file systems; -f, -i, -n, -v. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/lib/tool.h"
#include "user/lib/tool_copy.h"

static struct {
    bool ask, no_clobber, verbose;
} opt;

/* Across file systems: copy, then let rm(1) take the source away. */
static bool move_by_copy(const char *from, const char *to)
{
    const struct copy_options copy = {.recursive = true, .preserve = true, .force = true};
    int status;
    pid_t pid;

    if (!copy_path(from, to, &copy))
        return false;
    out_flush();
    pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", "--", from, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        tool_warn("cannot remove '%s'", from);
        return false;
    }
    return true;
}

static bool move(const char *from, const char *to)
{
    struct stat a, b;

    if (lstat(from, &a) < 0) {
        tool_warn_errno("cannot stat '%s'", from);
        return false;
    }
    if (lstat(to, &b) == 0) {
        if (a.st_dev == b.st_dev && a.st_ino == b.st_ino) {
            tool_warn("'%s' and '%s' are the same file", from, to);
            return false;
        }
        if (opt.no_clobber || (opt.ask && !tool_confirm("overwrite '%s'?", to)))
            return true;
        if (S_ISDIR(b.st_mode) && !S_ISDIR(a.st_mode)) {
            tool_warn("cannot overwrite directory '%s' with non-directory", to);
            return false;
        }
        if (!S_ISDIR(b.st_mode) && S_ISDIR(a.st_mode)) {
            tool_warn("cannot overwrite non-directory '%s' with directory '%s'", to, from);
            return false;
        }
    }
    if (rename(from, to) < 0) {
        if (errno == EXDEV)
            return move_by_copy(from, to);
        if (errno == EINVAL)
            tool_warn("cannot move '%s' to a subdirectory of itself, '%s'", from, to);
        else
            tool_warn_errno("cannot move '%s' to '%s'", from, to);
        return false;
    }
    if (opt.verbose)
        out_fmt("renamed '%s' -> '%s'\n", from, to);
    return true;
}

int main(int argc, char **argv)
{
    const char *to;
    bool into;
    bool ok = true;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "finv")) != -1) {
        switch (c) {
        case 'f': opt.ask = opt.no_clobber = false; break;
        case 'i':
            opt.ask = true;
            opt.no_clobber = false;
            break;
        case 'n':
            opt.no_clobber = true;
            opt.ask = false;
            break;
        case 'v': opt.verbose = true; break;
        default: tool_usage("[-finv] SOURCE... DESTINATION");
        }
    }
    argc -= tool_index;
    argv += tool_index;
    to = copy_destination(argc, argv, &into);
    for (int i = 0; i < argc - 1; i++) {
        char *target = into ? copy_target(to, argv[i]) : tool_strdup(to);

        ok &= move(argv[i], target);
        free(target);
    }
    tool_exit(ok ? 0 : 1);
}
