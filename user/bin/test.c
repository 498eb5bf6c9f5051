/* test(1), also installed as [. */
#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    tool_init(argv);
    tool_failure = 2;
    return tool_test(argc, argv);
}
