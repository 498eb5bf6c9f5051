/* printf(1), without floating point. */
#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    int status;

    tool_init(argv);
    status = tool_printf(argc, argv);
    tool_exit(status ? 1 : 0);
}
