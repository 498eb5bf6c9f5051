#pragma once
/* The table of keys (hw/key.def) as functions. Codes are evdev's; 0 is no key. */
#include <stdbool.h>
#include <stddef.h>

/* Codes of keys are below this. */
enum { KEYS_CODE_MAX = 256 };

/* By its name, n characters, in capitals or not. */
unsigned keys_by_name(const char *name, size_t n);

/* By USB HID usage, which is SDL's scancode. */
unsigned keys_by_usage(unsigned usage);

/* The key that has the character on a US keyboard, and whether with shift. */
unsigned keys_by_character(char c, bool *shifted);

/* The code's name, NULL if it is no key. */
const char *keys_name(unsigned code);

/* The number of the key in the abstract machine and in NEMU's register, 0 if it has none. */
unsigned keys_am(unsigned code);
