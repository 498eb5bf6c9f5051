#pragma once
/*
 * Makers of backends: one function per command line option, a row each in options_device.c. They
 * take the option's properties and return a backend whose close() frees it; NULL with a line in err
 * on errors. They ask for every property they know; what is left over is refused by the caller.
 */
#include <stddef.h>

#include "tools/emu/backend.h"
#include "tools/emu/props.h"

/* -drive: a raw disk image in a file (image.c, snapshot.c). */
struct backend *host_drive_open(struct props *props, char *err, size_t err_size);

/*
 * Lays what is written over the image, to be forgotten at the end, and takes the image over. NULL
 * if that is not possible (the image stays the caller's).
 */
struct block_backend *host_snapshot_open(struct block_backend *below);
