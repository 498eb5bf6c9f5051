#pragma once
/*
 * A window with the machine's screen (SDL2), scaled with its aspect kept, and with keyboard and
 * pointer for the machine. Everything here is for the session's thread, without the machine's lock;
 * after window_open() it runs by itself, from host_poll_wait().
 *
 * Ctrl-Alt-F is full screen and back; Ctrl-Alt-G grabs keyboard and pointer, as a click does for a
 * mouse, and frees them; closing the window ends the run. A window of another size tells the
 * machine that the person would like a screen of that size.
 */
#include <stdbool.h>
#include <stddef.h>

#include "tools/emu/machine.h"
#include "tools/emu/seat.h"

struct window;

/* Whether this was built with SDL2. */
bool window_available(void);

/* Whether there seems to be a display to open one on. */
bool window_likely(void);

/*
 * Open a window on the seat; the title must stay. closed() is called when the person closes it,
 * with the machine's lock. NULL with a line in err if that is not possible.
 */
struct window *window_open(struct machine *m, struct seat *seat, const char *title,
                           void (*closed)(void *arg), void *arg, char *err, size_t err_size);

/* NULL is fine. */
void window_close(struct window *w);
