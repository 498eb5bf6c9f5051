/* Putting virtio devices into the slots of a machine, as -device asks for. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/dev/fw_cfg.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"

unsigned virtio_instance(const struct virtio *v)
{
    const struct device *dev;
    unsigned count = 0;

    for (unsigned n = 0; (dev = machine_device(v->dev->machine, v->dev->ops->name, n)) != NULL;
         n++) {
        const struct virtio *other = dev->state;
        count += other != v && other->ops == v->ops;
    }
    return count;
}

void virtio_add_queue(struct virtio *v, uint16_t size)
{
    v->queue_max[v->queue_count++] = size;
}

/* The number of a slot in QEMU's names of buses: they count by address. */
static unsigned bus_number(struct machine *m, const struct device *slot)
{
    const struct device *dev;
    unsigned number = 0;

    for (unsigned n = 0; (dev = machine_device(m, slot->ops->name, n)) != NULL; n++)
        if (dev->slot->base < slot->slot->base)
            number++;
    return number;
}

/* The slot that -device's bus= names, or the first free one; NULL with a line in err. */
static struct virtio *find_slot(struct machine *m, const char *bus, char *err, size_t err_size)
{
    struct device *dev;

    for (unsigned n = 0; (dev = machine_device(m, "virtio_mmio", n)) != NULL; n++) {
        struct virtio *v = dev->state;
        char name[40];
        snprintf(name, sizeof name, "virtio-mmio-bus.%u", bus_number(m, dev));
        if (bus != NULL ? strcmp(bus, name) != 0 : v->ops != NULL)
            continue;
        if (v->ops == NULL) {
            v->dev = dev;
            return v;
        }
        snprintf(err, err_size, "bus '%s' is taken", bus);
        return NULL;
    }
    if (bus != NULL)
        snprintf(err, err_size, "there is no bus '%s'", bus);
    else
        snprintf(err, err_size, "the machine has no free virtio slot");
    return NULL;
}

static bool has_id(struct machine *m, const char *id)
{
    const struct device *dev;

    for (unsigned n = 0; (dev = machine_device(m, "virtio_mmio", n)) != NULL; n++) {
        const struct virtio *v = dev->state;
        if (v->ops != NULL && strcmp(v->id, id) == 0)
            return true;
    }
    return false;
}

static bool create_device(struct virtio *v, const struct virtio_ops *ops, struct props *props,
                          char *err, size_t err_size)
{
    const char *id = props_get(props, "id");

    if (id != NULL && has_id(v->dev->machine, id)) {
        snprintf(err, err_size, "there are two with id '%s'", id);
        return false;
    }
    v->ops = ops;
    v->legacy = v->dev->machine->virtio_legacy;
    v->order = v->dev->machine->attached++;
    v->model = calloc(1, ops->state_size != 0 ? ops->state_size : 1);
    v->segments = calloc(VIRTIO_MAX_SEGMENTS, sizeof *v->segments);
    if (v->model == NULL || v->segments == NULL) {
        snprintf(err, err_size, "out of memory");
        return false;
    }
    if (id != NULL)
        snprintf(v->id, sizeof v->id, "%s", id);
    return ops->create(v, props, err, err_size);
}

/* The device that a part is for: the newest of its kind, or the one with the ID in bus=ID.0. */
static struct virtio *find_host(struct machine *m, const struct virtio_ops *ops, const char *bus,
                                char *err, size_t err_size)
{
    struct virtio *newest = NULL;
    struct device *dev;

    for (unsigned n = 0; (dev = machine_device(m, "virtio_mmio", n)) != NULL; n++) {
        struct virtio *v = dev->state;
        char name[sizeof v->id + 2];
        snprintf(name, sizeof name, "%s.0", v->id);
        if (v->ops == ops && (bus == NULL || strcmp(bus, name) == 0) &&
            (newest == NULL || v->order > newest->order))
            newest = v;
    }
    if (newest == NULL)
        snprintf(err, err_size, "there is no %s for it before it", ops->name);
    return newest;
}

/* bootindex=N: firmware is to try the device, in that order. */
static bool add_boot(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    struct device *fw_cfg = machine_device(v->dev->machine, "fw_cfg", 0);
    const char *text, *why;
    char path[FW_CFG_BOOT_PATH];
    uint64_t index = 0;

    if (v->ops->boot_name == NULL)
        return true;
    if (!props_u64(props, "bootindex", 0, INT32_MAX, &index, err, err_size))
        return false;
    text = props_get(props, "bootindex");
    if (text == NULL || fw_cfg == NULL)
        return true;
    snprintf(path, sizeof path, "/virtio-mmio@%016" PRIx64 "/%s", v->dev->slot->base,
             v->ops->boot_name);
    why = fw_cfg_add_boot(fw_cfg, index, path);
    if (why != NULL)
        snprintf(err, err_size, "bootindex=%s: %s", text, why);
    return why == NULL;
}

bool virtio_attach(struct machine *m, const struct virtio_ops *ops, struct props *props, char *err,
                   size_t err_size)
{
    const char *bus = props_get(props, "bus"), *unknown;
    struct virtio *v;
    bool ok;

    if (ops->host != NULL) {
        v = find_host(m, ops->host, bus, err, err_size);
        props_get(props, "id");
        ok = v != NULL && ops->create(v, props, err, err_size);
    } else {
        v = find_slot(m, bus, err, err_size);
        ok = v != NULL && create_device(v, ops, props, err, err_size) &&
             add_boot(v, props, err, err_size);
    }
    unknown = ok ? props_unknown(props) : NULL;
    if (unknown != NULL)
        snprintf(err, err_size, "there is no property '%s'", unknown);
    return ok && unknown == NULL;
}

struct backend *virtio_take_backend(struct virtio *v, struct props *props, const char *name,
                                    enum backend_kind kind, char *err, size_t err_size)
{
    const char *id = props_get(props, name);

    for (struct backend *b = v->dev->machine->backends; b != NULL; b = b->next) {
        if (b->kind != kind || (id != NULL) != (b->id != NULL) ||
            (id != NULL && strcmp(id, b->id) != 0))
            continue;
        if (b->taken && kind != BACKEND_ENTROPY) {
            snprintf(err, err_size, "%s '%s' is in use", name, id != NULL ? id : "default");
            return NULL;
        }
        b->taken = true;
        b->machine = v->dev->machine;
        b->source = machine_source(v->dev, 0);
        return b;
    }
    if (id != NULL)
        snprintf(err, err_size, "there is no %s '%s'", name, id);
    else
        snprintf(err, err_size, "the property '%s' is missing", name);
    return NULL;
}
