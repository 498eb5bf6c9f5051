/* reboot: restart the machine. */
#include <sys/reboot.h>
#include <unistd.h>
#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    tool_init(argv);
    if (argc > 1) {
        tool_usage("");
    }
    sync();
    reboot(RB_AUTOBOOT);
    tool_warn_errno("cannot restart");
    return 1;
}
