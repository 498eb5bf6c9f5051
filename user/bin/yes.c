/* yes(1): repeat the arguments until nobody reads them. */
#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    tool_init(argv);
    while (!out_failed()) {
        for (int i = 1; i < argc; i++) {
            out_str(argv[i]);
            out_char(i + 1 < argc ? ' ' : '\n');
        }
        if (argc < 2)
            out_str("y\n");
    }
    tool_exit(1);
}
