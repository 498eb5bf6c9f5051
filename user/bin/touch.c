/* touch(1): set file times to now; -c does not create, -a -m only one of them, -r FILE takes its.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    const char *reference = NULL;
    bool create = true;
    bool access_only = false;
    bool modify_only = false;
    int status = 0;
    struct stat st;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "acmr:")) != -1) {
        switch (c) {
        case 'a': access_only = true; break;
        case 'c': create = false; break;
        case 'm': modify_only = true; break;
        case 'r': reference = tool_argument; break;
        default: tool_usage("[-acm] [-r FILE] FILE...");
        }
    }
    if (tool_index == argc) {
        tool_warn("missing file operand");
        return 1;
    }
    if (reference) {
        if (stat(reference, &st) < 0) {
            tool_warn_errno("failed to get attributes of '%s'", reference);
            return 1;
        }
        times[0] = st.st_atim;
        times[1] = st.st_mtim;
    }
    if (access_only && !modify_only)
        times[1].tv_nsec = UTIME_OMIT;
    if (modify_only && !access_only)
        times[0].tv_nsec = UTIME_OMIT;
    for (; tool_index < argc; tool_index++) {
        const char *file = argv[tool_index];
        int fd;

        if (utimensat(AT_FDCWD, file, times, 0) == 0 || (errno == ENOENT && !create))
            continue;
        if (errno == ENOENT) {
            fd = open(file, O_WRONLY | O_CREAT, 0666);
            if (fd >= 0 && close(fd) == 0 && utimensat(AT_FDCWD, file, times, 0) == 0)
                continue;
        }
        tool_warn_errno("cannot touch '%s'", file);
        status = 1;
    }
    return status;
}
