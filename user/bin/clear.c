/* clear(1): home the cursor and erase the screen and its history (ECMA-48 CUP, ED). */
#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    tool_init(argv);
    if (argc > 1)
        tool_usage("");
    out_str("\033[H\033[2J\033[3J");
    tool_exit(0);
}
