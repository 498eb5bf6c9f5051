#pragma once
/*
 * /dev/sb and /dev/sbctl: one output stream of signed 16-bit samples, little-endian, channels
 * interleaved.
 *
 * To open the stream, write a struct abi_sound to /dev/sbctl; what was queued before is dropped. A
 * read of /dev/sbctl gives an int: how many bytes can be written to /dev/sb without waiting.
 *
 * A write to /dev/sb (EINVAL before the stream was opened) waits until all of it is queued; with
 * O_NONBLOCK it takes what there is room for, EAGAIN when there is none. What is queued is played
 * from the first write on. Closing the last descriptor waits until all has been played; the stream
 * stays open for another one. A signal ends the waiting, and the playing with it.
 */
#include <stdint.h>

struct abi_sound {
    int32_t rate;     /* frames per second */
    int32_t channels; /* samples in a frame */
    int32_t samples;  /* frames the device takes at a time: fewer for less delay */
};

/* ioctl on /dev/sbctl: int, out: how often nothing was queued in time since the stream was opened.
 */
#define SOUND_UNDERRUNS 0x4502
