#pragma once
/*
 * Makers of backends: one function per command line option, a row each in options_device.c. They
 * take the option's properties and return a backend whose close() frees it; NULL with a line in err
 * on errors. They ask for every property they know; what is left over is refused by the caller.
 */
#include <stdbool.h>
#include <stddef.h>

#include "tools/emu/backend.h"
#include "tools/emu/props.h"

/*
 * -netdev, -nic and -net: a network (net_options.c). -nic wants a device, too. NULL with an empty
 * line: none is wanted.
 */
struct backend *host_netdev_open(struct props *props, char *err, size_t err_size);
struct backend *host_nic_open(struct props *props, char *err, size_t err_size);
struct backend *host_net_open(struct props *props, char *err, size_t err_size);

/* -fsdev and -virtfs: a shared folder (share.c). -virtfs wants a device, too. */
struct backend *host_fsdev_open(struct props *props, char *err, size_t err_size);
struct backend *host_virtfs_open(struct props *props, char *err, size_t err_size);

/* -drive: a raw disk image in a file (image.c, snapshot.c). */
struct backend *host_drive_open(struct props *props, char *err, size_t err_size);

/* -audiodev: a sound output (audio.c). */
struct backend *host_audiodev_open(struct props *props, char *err, size_t err_size);

/*
 * The sound output of devices that name none: the host's, or with `silent` nobody's. With a file to
 * record to (--audio; NULL: none) everything that any output plays goes there, too.
 */
struct backend *host_audio_default(bool silent, const char *record, char *err, size_t err_size);

/*
 * Lays what is written over the image, to be forgotten at the end, and takes the image over. NULL
 * if that is not possible (the image stays the caller's).
 */
struct block_backend *host_snapshot_open(struct block_backend *below);

/* -chardev: where a serial line or console goes (chardev*.c). */
struct backend *host_chardev_open(struct props *props, char *err, size_t err_size);
/* -object: a source of random bytes (entropy.c); and the one for devices that name none. */
struct backend *host_object_open(struct props *props, char *err, size_t err_size);
struct backend *host_entropy_default(void);

/* From now on all such sources are the same in every run. */
void host_entropy_repeat(void);
