/* sync(1): write what is cached to the disks: everything, or with operands those files; -d their
 * data only. */
#include <fcntl.h>
#include <unistd.h>

#include "user/lib/tool.h"

static const char usage[] = "[-d] [FILE]...";

static bool sync_file(const char *path, bool data)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    if (fd < 0) {
        tool_warn_errno("error opening '%s'", path);
        return false;
    }
    bool good = (data ? fdatasync(fd) : fsync(fd)) == 0;
    if (!good)
        tool_warn_errno("error syncing '%s'", path);
    close(fd);
    return good;
}

int main(int argc, char **argv)
{
    bool data = false, good = true;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "d")) >= 0) {
        if (c != 'd')
            tool_usage(usage);
        data = true;
    }
    if (data && tool_index == argc)
        tool_die("--data needs at least one argument");
    if (tool_index == argc)
        sync();
    for (int i = tool_index; i < argc; i++)
        good &= sync_file(argv[i], data);
    return good ? 0 : 1;
}
