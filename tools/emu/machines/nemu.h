#pragma once
/* What the devices of the NEMU machine need of it. */
struct machine;
struct device;

/*
 * NEMU ends with a failed assertion when a program asks a device for something that cannot be; so
 * this ends the run, with a line on the console, given as for printf().
 */
__attribute__((format(printf, 2, 3))) void nemu_abort(struct machine *m, const char *format, ...);

/* Of the screen: the program has ended, show what it wanted to be shown. */
void nemu_vga_finish(struct device *dev);
