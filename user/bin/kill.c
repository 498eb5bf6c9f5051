/* kill(1) */
#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    int status;

    tool_init(argv);
    status = tool_kill(argc, argv, NULL);
    tool_exit(status ? 1 : 0);
}
