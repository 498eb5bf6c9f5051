/*
 * The one door for values from outside. Events stand in one queue by time; those that are due but
 * that their device has no room for stay in it, and hold back later ones of the same source only.
 */
#include "tools/emu/machine.h"

#include <stdlib.h>
#include <string.h>

#include "tools/emu/htif.h"

/* Beyond so many bytes waiting for one source, machine_input_room() asks for patience. */
enum { INPUT_ROOM = 4096 };

static struct device *source_device(const struct machine *m, unsigned source)
{
    struct device *dev = source >> 8 < m->device_count ? m->devices[source >> 8] : NULL;

    if ((source & 0xff) >= DEVICE_MAX_CHANNELS || dev == NULL || dev->ops->input == NULL)
        return NULL;
    return dev;
}

int machine_post(struct machine *m, uint64_t time, unsigned source, const void *bytes, size_t n)
{
    struct machine_event **link = &m->events, *event;

    if (source_device(m, source) == NULL || n > SIZE_MAX - sizeof *event)
        return -1;
    event = malloc(sizeof *event + n);
    if (event == NULL)
        return -1;
    *event = (struct machine_event){.time = time, .source = source, .size = n};
    memcpy(event->bytes, bytes, n);
    while (*link != NULL && (*link)->time <= time)
        link = &(*link)->next;
    event->next = *link;
    *link = event;
    return 0;
}

int machine_input(struct machine *m, uint64_t time, unsigned source, const void *bytes, size_t n)
{
    int err;

    machine_lock(m);
    err = machine_post(m, time, source, bytes, n);
    machine_unlock(m);
    return err;
}

size_t machine_input_waiting(struct machine *m, unsigned source)
{
    size_t waiting = 0;

    machine_lock(m);
    for (const struct machine_event *event = m->events; event != NULL; event = event->next)
        if (event->source == source)
            waiting += event->size - event->taken;
    machine_unlock(m);
    return waiting;
}

size_t machine_input_room(struct machine *m, unsigned source)
{
    size_t waiting = machine_input_waiting(m, source);

    return source_device(m, source) != NULL && waiting < INPUT_ROOM ? INPUT_ROOM - waiting : 0;
}

/* What of the event's bytes was taken: by its device, or by who else reads the console. */
static size_t offer(struct machine *m, struct device *dev, const struct machine_event *event)
{
    const uint8_t *bytes = event->bytes + event->taken;
    size_t n = event->size - event->taken;

    if (m->htif != NULL && htif_wants_input(m->htif) && dev == machine_console(m) &&
        (event->source & 0xff) == 0)
        return htif_input(m->htif, bytes, n);
    return dev->ops->input(dev, event->source & 0xff, bytes, n);
}

/* Deliver what is due at `now`, to all devices or to one. */
static void deliver(struct machine *m, uint64_t now, const struct device *only)
{
    uint32_t full[MACHINE_MAX_DEVICES] = {0}; /* bit: channel that took less than it was offered */
    struct machine_event **link = &m->events;

    while (*link != NULL && (*link)->time <= now) {
        struct machine_event *event = *link;
        struct device *dev = m->devices[event->source >> 8];
        unsigned channel = event->source & 0xff;

        if ((only == NULL || only == dev) && !(full[dev->index] >> channel & 1)) {
            event->taken += offer(m, dev, event);
            if (event->taken >= event->size) {
                *link = event->next;
                free(event);
                continue;
            }
            full[dev->index] |= UINT32_C(1) << channel;
        }
        link = &event->next;
    }
}

void machine_deliver(struct machine *m, uint64_t now)
{
    if (m->events != NULL && m->events->time <= now)
        deliver(m, now, NULL);
}

void machine_input_ready(struct device *dev)
{
    struct machine *m = dev->machine;

    if (m->events != NULL)
        deliver(m, machine_now(m), dev);
}

uint64_t machine_next_event(const struct machine *m, uint64_t now)
{
    for (const struct machine_event *event = m->events; event != NULL; event = event->next)
        if (event->time > now)
            return event->time;
    return VCLOCK_NEVER;
}

void machine_drop_events(struct machine *m)
{
    while (m->events != NULL) {
        struct machine_event *event = m->events;
        m->events = event->next;
        free(event);
    }
}
