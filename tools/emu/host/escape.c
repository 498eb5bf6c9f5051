#include "tools/emu/host/escape.h"

enum { CTRL_A = 1 };

const char escape_help[] = "\r\n"
                           "Ctrl-A h  this help\r\n"
                           "Ctrl-A x  quit the emulator\r\n"
                           "Ctrl-A a  send Ctrl-A (so does Ctrl-A Ctrl-A)\r\n"
                           "Ctrl-A b  send a break\r\n"
                           "Ctrl-A t  time stamps on or off\r\n"
                           "Ctrl-A c  monitor (not there yet)\r\n";

enum escape_action escape_key(struct escape *escape, uint8_t *byte)
{
    if (!escape->pending) {
        escape->pending = *byte == CTRL_A;
        return escape->pending ? ESCAPE_NONE : ESCAPE_BYTE;
    }
    escape->pending = false;
    switch (*byte) {
    case CTRL_A:
    case 'a': *byte = CTRL_A; return ESCAPE_BYTE;
    case 'x': return ESCAPE_QUIT;
    case 'h':
    case '?': return ESCAPE_HELP;
    case 'b': return ESCAPE_BREAK;
    case 't': return ESCAPE_TIMESTAMPS;
    case 'c': return ESCAPE_MONITOR;
    default: return ESCAPE_NONE;
    }
}
