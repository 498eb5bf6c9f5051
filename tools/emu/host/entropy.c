/*
 * Random bytes: -object rng-random or rng-builtin, and the default for devices that name none. In
 * runs that must repeat exactly they come from a generator with a fixed seed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "tools/emu/host/backends.h"

struct entropy {
    struct entropy_backend entropy;
    int fd;         /* of rng-random, else -1 */
    bool repeating; /* by `state` */
    uint64_t state;
    char id[64];
};

static bool repeating;

void host_entropy_repeat(void)
{
    repeating = true;
}

/* SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
static uint64_t next(struct entropy *e)
{
    uint64_t z = e->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static ssize_t fetch(const struct entropy *e, void *buf, size_t n)
{
    return e->fd >= 0 ? read(e->fd, buf, n) : getrandom(buf, n < 256 ? n : 256, 0);
}

/* A source that fails is not worth a guest's life: what it does not give is the generator's. */
static void entropy_fill(struct entropy_backend *b, void *buf, size_t n)
{
    struct entropy *e = (struct entropy *)b;
    uint8_t *p = buf;

    while (n > 0 && !e->repeating) {
        ssize_t got = fetch(e, p, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        p += got;
        n -= (size_t)got;
    }
    while (n > 0) {
        uint64_t word = next(e);
        size_t part = n < sizeof word ? n : sizeof word;
        memcpy(p, &word, part);
        p += part;
        n -= part;
    }
}

static void entropy_close(struct backend *b)
{
    struct entropy *e = (struct entropy *)b;

    if (e->fd >= 0)
        close(e->fd);
    free(e);
}

static struct entropy *make(void)
{
    struct entropy *e = calloc(1, sizeof *e);

    if (e == NULL)
        return NULL;
    *e = (struct entropy){
        .fd = -1,
        .repeating = repeating,
        .entropy = {.backend = {.kind = BACKEND_ENTROPY, .close = entropy_close},
                    .fill = entropy_fill},
    };
    if (!repeating && getrandom(&e->state, sizeof e->state, 0) < 0)
        e->state = (uintptr_t)e;
    return e;
}

struct backend *host_entropy_default(void)
{
    struct entropy *e = make();

    return e != NULL ? &e->entropy.backend : NULL;
}

static bool open_source(struct entropy *e, struct props *props, char *err, size_t err_size)
{
    const char *type = props_get(props, "qom-type"), *id = props_get(props, "id"), *file;

    if (type == NULL || (strcmp(type, "rng-random") != 0 && strcmp(type, "rng-builtin") != 0)) {
        snprintf(err, err_size, "'%s' is not supported, only rng-random and rng-builtin",
                 type != NULL ? type : "");
        return false;
    }
    if (id == NULL || strlen(id) >= sizeof e->id) {
        snprintf(err, err_size, "%s: %s", type,
                 id == NULL ? "id= is missing" : "the id is too long");
        return false;
    }
    strcpy(e->id, id);
    e->entropy.backend.id = e->id;
    if (strcmp(type, "rng-builtin") == 0)
        return true;
    file = props_get(props, "filename");
    if (repeating) {
        snprintf(err, err_size,
                 "rng-random: cannot be repeated, as --icount wants; use rng-builtin");
        return false;
    }
    if (file == NULL)
        file = "/dev/urandom";
    e->fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (e->fd < 0)
        snprintf(err, err_size, "rng-random: %s: %s", file, strerror(errno));
    return e->fd >= 0;
}

struct backend *host_object_open(struct props *props, char *err, size_t err_size)
{
    struct entropy *e = make();

    if (e == NULL) {
        snprintf(err, err_size, "out of memory");
        return NULL;
    }
    if (open_source(e, props, err, err_size))
        return &e->entropy.backend;
    entropy_close(&e->entropy.backend);
    return NULL;
}
