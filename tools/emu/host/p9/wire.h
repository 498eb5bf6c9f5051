#pragma once
/*
 * Fields of 9P messages, read and written in order. Both sides only note that something did not
 * fit; whoever uses them asks once, at the end.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct p9_reader {
    const uint8_t *at;
    size_t left;
    bool bad; /* a field went beyond the end: everything read since is 0 */
};

struct p9_writer {
    uint8_t *start;
    size_t used, room;
    bool full; /* a field had no room: nothing has been written since */
};

uint8_t p9_get8(struct p9_reader *in);
uint16_t p9_get16(struct p9_reader *in);
uint32_t p9_get32(struct p9_reader *in);
uint64_t p9_get64(struct p9_reader *in);

/* n bytes, in the message itself; NULL if there are not so many. */
const uint8_t *p9_get_bytes(struct p9_reader *in, size_t n);

/* A string, in the message itself and without NUL at its end; its length goes to *len. */
const char *p9_get_string(struct p9_reader *in, size_t *len);

/*
 * A string as C has it, into buf of `size` bytes. Returns 0; -EINVAL if there is a NUL in it or it
 * is not there, -ENAMETOOLONG if it is longer than size - 1.
 */
int p9_get_text(struct p9_reader *in, char *buf, size_t size);

/* Was every field there, and nothing behind the last? */
static inline bool p9_is_complete(const struct p9_reader *in)
{
    return !in->bad && in->left == 0;
}

void p9_put8(struct p9_writer *out, uint8_t value);
void p9_put16(struct p9_writer *out, uint16_t value);
void p9_put32(struct p9_writer *out, uint32_t value);
void p9_put64(struct p9_writer *out, uint64_t value);
void p9_put_string(struct p9_writer *out, const char *text, size_t len);

/* Room for n bytes that the caller fills in; NULL if there is none. */
uint8_t *p9_put_bytes(struct p9_writer *out, size_t n);
