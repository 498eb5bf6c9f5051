/* echo(1): -n no newline, -e decode escapes, -E do not. */
#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    tool_init(argv);
    tool_exit(tool_echo(argc, argv));
}
