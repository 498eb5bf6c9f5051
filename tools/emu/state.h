#pragma once
/* Declared state: what harts and devices say they are made of. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One row per piece of architectural state: where it lies inside the structure that owns it, how
 * many elements of `size` bytes, and since which version of the format it exists. Reset, save,
 * load and `info` walk these tables; devices declare theirs the same way.
 */
struct state_field {
    const char *name;
    size_t offset;
    uint16_t size;  /* of one element: 1, 2, 4 or 8 */
    uint16_t count; /* elements */
    uint16_t version;
};

/* Rows for a scalar member and for an array member that have existed since version `since`. */
#define STATE_FIELD(type, member, since)                                       \
    {                                                                          \
#        member, offsetof(type, member), sizeof(((type *)0)->member), 1, since \
    }
#define STATE_ARRAY(type, member, since)                                        \
    {                                                                           \
#        member, offsetof(type, member), sizeof(((type *)0)->member[0]),        \
            sizeof(((type *)0)->member) / sizeof(((type *)0)->member[0]), since \
    }

/* Writes reset zeros into every declared field of `base`. */
void state_reset(void *base, const struct state_field *fields, size_t count);

/* Bytes that the values of the fields that exist in format `version` take when saved. */
size_t state_size(const struct state_field *fields, size_t count, unsigned version);

/*
 * Writes the values of all fields to buf (state_size() bytes for the newest version), little-endian
 * whatever the host.
 */
void state_save(const void *base, const struct state_field *fields, size_t count, uint8_t *buf);

/*
 * Reads values of format `version` from the n bytes at buf. Fields younger than that get zeros.
 * False, with base unchanged, if n is not that format's size.
 */
bool state_load(void *base, const struct state_field *fields, size_t count, unsigned version,
                const uint8_t *buf, size_t n);

/*
 * Hands a line "PREFIX.name 0xvalue" per field to put(); of arrays only the elements that are not
 * zero, and none of arrays longer than 256 elements.
 */
void state_print(const void *base, const struct state_field *fields, size_t count,
                 const char *prefix, void (*put)(void *arg, const char *line), void *arg);
