#pragma once
/*
 * Lists of properties as they stand on the command line: NAME=VALUE[,NAME=VALUE]... . A comma
 * inside a value is written twice, as QEMU has it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROPS_MAX = 24 };

struct props {
    char *text; /* owned copy that names and values point into */
    struct {
        const char *name, *value;
        bool used; /* somebody has asked for it */
    } list[PROPS_MAX];
    unsigned count;
};

/*
 * Take `text` apart. If first is not NULL, a first word without '=' is the value of the property
 * of that name ("virtio-rng-device,..." with first = "driver"). Other words without '=' mean
 * NAME=on. Returns 0; -1 with a line in err if it is malformed or too long. Free with props_free().
 */
int props_parse(struct props *props, const char *text, const char *first, char *err,
                size_t err_size);
void props_free(struct props *props);

/* The value of a property, NULL if it is not given; asking marks it as known. */
const char *props_get(struct props *props, const char *name);

/* As the kind of value: false with a line in err if it is none. Not given: *value is unchanged. */
bool props_bool(struct props *props, const char *name, bool *value, char *err, size_t err_size);
bool props_u64(struct props *props, const char *name, uint64_t min, uint64_t max, uint64_t *value,
               char *err, size_t err_size);

/* The first property that nobody asked for, NULL if there is none. */
const char *props_unknown(const struct props *props);
