/* cp(1): -r -R trees, -p times and mode, -a both, -f, -i, -n, -v. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"
#include "user/lib/tool_copy.h"

static const char usage[] = "[-afinprRv] SOURCE... DESTINATION";

int main(int argc, char **argv)
{
    struct copy_options opt = {0};
    const char *to;
    bool into;
    bool ok = true;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "afinprRv")) != -1) {
        if (c == '?')
            tool_usage(usage);
        opt.recursive |= c == 'r' || c == 'R' || c == 'a';
        opt.preserve |= c == 'p' || c == 'a';
        opt.force |= c == 'f';
        opt.ask |= c == 'i';
        opt.no_clobber |= c == 'n';
        opt.verbose |= c == 'v';
    }
    argc -= tool_index;
    argv += tool_index;
    to = copy_destination(argc, argv, &into);
    if (opt.preserve)
        umask(0);
    for (int i = 0; i < argc - 1; i++) {
        char *target = into ? copy_target(to, argv[i]) : tool_strdup(to);

        ok &= copy_path(argv[i], target, &opt);
        free(target);
    }
    tool_exit(ok ? 0 : 1);
}
