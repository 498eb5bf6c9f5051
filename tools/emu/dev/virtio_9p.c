/*
 * virtio-9p-device: carries 9P messages between the driver and whoever shares a folder
 * (hw/virtio_9p.h). A request is answered at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/virtio_9p.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"

enum {
    QUEUE_SIZE = 128,
    TAG_MAX = 31,       /* QEMU's */
    P9_TYPE_OFFSET = 4, /* in every message, behind its size */
};

struct p9 {
    struct share_backend *share;
    uint8_t *request, *response; /* share->message_max bytes each */
    struct {
        uint16_t tag_len;
        char tag[TAG_MAX + 1];
    } config;
};

static bool p9_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    struct p9 *p9 = v->model;
    const char *tag = props_get(props, "mount_tag");

    if (tag == NULL || tag[0] == '\0' || strlen(tag) > TAG_MAX) {
        snprintf(err, err_size, "mount_tag= must be given, with 1 to %d characters", TAG_MAX);
        return false;
    }
    p9->config.tag_len = (uint16_t)strlen(tag);
    memcpy(p9->config.tag, tag, strlen(tag));
    p9->share = (struct share_backend *)virtio_take_backend(v, props, "fsdev", BACKEND_SHARE, err,
                                                            err_size);
    if (p9->share == NULL)
        return false;
    p9->request = malloc(p9->share->message_max);
    p9->response = malloc(p9->share->message_max);
    if (p9->request == NULL || p9->response == NULL) {
        snprintf(err, err_size, "out of memory");
        return false;
    }
    virtio_add_queue(v, QUEUE_SIZE);
    return true;
}

static void p9_destroy(struct virtio *v)
{
    struct p9 *p9 = v->model;

    free(p9->request);
    free(p9->response);
}

static uint64_t p9_features(struct virtio *v)
{
    (void)v;
    return 1u << VIRTIO_9P_MOUNT_TAG;
}

static void p9_reset(struct virtio *v)
{
    struct p9 *p9 = v->model;

    p9->share->reset(p9->share);
}

static uint64_t p9_config_read(struct virtio *v, unsigned offset, unsigned size)
{
    const struct p9 *p9 = v->model;
    uint64_t value = 0;

    memcpy(&value, (const uint8_t *)&p9->config + offset, size);
    return value;
}

/* The name of a request of n bytes, without its T. */
static const char *request_name(const uint8_t *request, size_t n)
{
    switch (n > P9_TYPE_OFFSET ? request[P9_TYPE_OFFSET] : 0) {
#define NAME(name, number, changes) \
    case number: return #name;
        P9_REQUESTS(NAME)
#undef NAME
    default: return "unknown";
    }
}

static size_t limit(uint64_t size, size_t max)
{
    return size < max ? (size_t)size : max;
}

static void p9_notify(struct virtio *v, unsigned queue)
{
    struct p9 *p9 = v->model;
    struct virtqueue_chain chain;

    while (virtqueue_pop(v, queue, &chain)) {
        size_t n = limit(chain.readable_size, p9->share->message_max);
        size_t room = limit(chain.writable_size, p9->share->message_max);
        if (virtqueue_read(&chain, 0, p9->request, n) != n)
            return; /* the device has failed */
        virtio_trace(v, "request T%s, %zu bytes", request_name(p9->request, n), n);
        n = p9->share->answer(p9->share, p9->request, n, p9->response, room);
        if (n == 0) { /* no message, or nowhere to answer */
            virtio_fail(v);
            return;
        }
        virtio_trace(v, "answer%s, %zu bytes",
                     p9->response[P9_TYPE_OFFSET] == P9_Rlerror ? " Rlerror" : "", n);
        if (virtqueue_write(&chain, 0, p9->response, n) != n)
            return;
        virtqueue_push(v, queue, &chain, (uint32_t)n);
    }
}

const struct virtio_ops virtio_9p_ops = {
    .name = "virtio-9p-device",
    .summary = "a shared folder: fsdev=ID,mount_tag=NAME",
    .device_id = VIRTIO_ID_9P,
    .state_size = sizeof(struct p9),
    .create = p9_create,
    .destroy = p9_destroy,
    .features = p9_features,
    .reset = p9_reset,
    .notify = p9_notify,
    .config_size = sizeof(struct virtio_9p_config) + TAG_MAX,
    .config_read = p9_config_read,
};
