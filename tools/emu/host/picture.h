#pragma once
/* Picture files. */
#include <stdbool.h>
#include <stdint.h>

/*
 * Whether the file's name ends in that of a format we write: .ppm, and .png if libpng was there
 * when this was built; and whether there seems to be such a file to write to, or a folder to make
 * it in. Otherwise *why is a text that says what is wrong.
 */
bool picture_can_write(const char *path, const char **why);

/* Write the pixels, 00rrggbb in rows of `width`. 0, or -1 (errno says why). */
int picture_write(const char *path, const uint32_t *pixels, uint32_t width, uint32_t height);
