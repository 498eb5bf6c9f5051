/*
 * virtio-gpu, 2D (virtio 1.2, section 5.7): one screen. All commands are done at once, so an answer
 * is also its fence. What is shown is what was flushed, or set to be scanned out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/virtio_gpu.h"
#include "tools/emu/dev/gpu_resource.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"
#include "tools/emu/edid.h"

enum { CONTROL_SIZE = 64, CURSOR_SIZE = 16 /* entries of the queues */ };

enum { DEFAULT_WIDTH = 1280, DEFAULT_HEIGHT = 800 };

#define DEFAULT_HOSTMEM (UINT64_C(256) << 20)

struct gpu {
    struct display_backend *display;
    struct gpu_resources resources;
    uint32_t scanout;             /* resource that is shown, 0: none */
    struct virtio_gpu_rect shown; /* the part of it */
    uint32_t events;              /* config.events_read */
    uint32_t width, height;       /* preferred */
    bool edid;
};

static const struct state_field gpu_fields[] = {
    STATE_FIELD(struct gpu, scanout, 1),      STATE_FIELD(struct gpu, shown.x, 1),
    STATE_FIELD(struct gpu, shown.y, 1),      STATE_FIELD(struct gpu, shown.width, 1),
    STATE_FIELD(struct gpu, shown.height, 1), STATE_FIELD(struct gpu, events, 1),
};

/* A command under way. */
struct command {
    struct virtio *v;
    struct gpu *gpu;
    const struct virtqueue_chain *chain;
    struct virtio_gpu_ctrl_hdr hdr; /* of the request */
    union {
        struct virtio_gpu_ctrl_hdr hdr;
        struct virtio_gpu_resp_display_info info;
        struct virtio_gpu_resp_edid edid;
    } answer;
    uint32_t answer_size;
};

/* Read a whole request of that size; false if it is shorter. */
static bool read_request(const struct command *c, void *request, size_t size)
{
    return virtqueue_read(c->chain, 0, request, size) == size;
}

/* --- the screen ----------------------------------------------------------------------------- */

/* Show what of the rectangle of the resource is in the part that is scanned out. */
static void show(struct gpu *gpu, const struct gpu_resource *r, const struct virtio_gpu_rect *rect)
{
    enum { PIECE = 1024 };
    const struct virtio_gpu_rect *s = &gpu->shown;
    uint32_t x0 = rect->x > s->x ? rect->x : s->x, y0 = rect->y > s->y ? rect->y : s->y;
    uint64_t right = (uint64_t)rect->x + rect->width, bottom = (uint64_t)rect->y + rect->height;
    uint32_t words[PIECE];

    if (right > (uint64_t)s->x + s->width)
        right = (uint64_t)s->x + s->width;
    if (bottom > (uint64_t)s->y + s->height)
        bottom = (uint64_t)s->y + s->height;
    for (uint32_t y = y0; y < bottom; y++) {
        for (uint32_t x = x0, n; x < right; x += n) {
            n = right - x < PIECE ? (uint32_t)(right - x) : PIECE;
            gpu_resource_read(r, x, y, n, words);
            for (uint32_t i = 0; i < n; i++)
                words[i] &= 0xffffff;
            gpu->display->update(gpu->display, x - s->x, y - s->y, n, 1, words, sizeof words);
        }
    }
}

static void screen_off(struct gpu *gpu)
{
    if (gpu->scanout != 0)
        gpu->display->resize(gpu->display, 0, 0);
    gpu->scanout = 0;
    gpu->shown = (struct virtio_gpu_rect){0};
}

/* --- commands: each returns the type of its answer ------------------------------------------ */

static unsigned get_display_info(struct command *c)
{
    struct virtio_gpu_display_one *mode = &c->answer.info.pmodes[0];

    mode->r.width = c->gpu->width;
    mode->r.height = c->gpu->height;
    mode->enabled = 1;
    c->answer_size = sizeof c->answer.info;
    return VIRTIO_GPU_RESP_OK_DISPLAY_INFO;
}

static unsigned get_edid(struct command *c)
{
    struct virtio_gpu_get_edid request;

    if (!virtio_has_feature(c->v, VIRTIO_GPU_F_EDID) || !read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    if (request.scanout != 0)
        return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    edid_make(c->answer.edid.edid, c->gpu->width, c->gpu->height);
    c->answer.edid.size = EDID_SIZE;
    c->answer_size = sizeof c->answer.edid;
    return VIRTIO_GPU_RESP_OK_EDID;
}

static unsigned resource_create_2d(struct command *c)
{
    struct virtio_gpu_resource_create_2d request;

    if (!read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    return gpu_resource_create(&c->gpu->resources, &request);
}

/* The resource of a command that says nothing else. */
static unsigned read_resource(struct command *c, struct gpu_resource **r)
{
    struct virtio_gpu_resource_unref request; /* that of DETACH_BACKING is the same */

    if (!read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    *r = gpu_resource_find(&c->gpu->resources, request.resource_id);
    return *r != NULL ? VIRTIO_GPU_RESP_OK_NODATA : VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
}

static unsigned resource_unref(struct command *c)
{
    struct gpu_resource *r;
    unsigned result = read_resource(c, &r);

    if (result != VIRTIO_GPU_RESP_OK_NODATA)
        return result;
    if (c->gpu->scanout == r->id)
        screen_off(c->gpu);
    gpu_resource_destroy(&c->gpu->resources, r);
    return VIRTIO_GPU_RESP_OK_NODATA;
}

static unsigned set_scanout(struct command *c)
{
    struct virtio_gpu_set_scanout request;
    struct gpu *gpu = c->gpu;
    struct gpu_resource *r;

    if (!read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    if (request.scanout_id != 0)
        return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
    if (request.resource_id == 0) {
        screen_off(gpu);
        return VIRTIO_GPU_RESP_OK_NODATA;
    }
    r = gpu_resource_find(&gpu->resources, request.resource_id);
    if (r == NULL)
        return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
    if (!gpu_resource_contains(r, &request.r))
        return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    if (request.r.width != gpu->shown.width || request.r.height != gpu->shown.height)
        gpu->display->resize(gpu->display, request.r.width, request.r.height);
    gpu->scanout = r->id;
    gpu->shown = request.r;
    show(gpu, r, &gpu->shown);
    return VIRTIO_GPU_RESP_OK_NODATA;
}

/* A rectangle inside a resource is worked on. */
static void spend(struct command *c, const struct virtio_gpu_rect *r)
{
    virtio_spend(c->v, sizeof(uint32_t) * r->width * r->height);
}

static unsigned resource_flush(struct command *c)
{
    struct virtio_gpu_resource_flush request;
    const struct gpu_resource *r;

    if (!read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    r = gpu_resource_find(&c->gpu->resources, request.resource_id);
    if (r == NULL)
        return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
    if (!gpu_resource_contains(r, &request.r))
        return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    if (c->gpu->scanout == r->id) {
        spend(c, &request.r);
        show(c->gpu, r, &request.r);
    }
    return VIRTIO_GPU_RESP_OK_NODATA;
}

static unsigned transfer_to_host_2d(struct command *c)
{
    struct virtio_gpu_transfer_to_host_2d request;
    struct gpu_resource *r;

    if (!read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    r = gpu_resource_find(&c->gpu->resources, request.resource_id);
    if (r == NULL)
        return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
    if (gpu_resource_contains(r, &request.r))
        spend(c, &request.r);
    return gpu_resource_transfer(r, c->v->dev, &request.r, request.offset);
}

static unsigned resource_attach_backing(struct command *c)
{
    struct virtio_gpu_resource_attach_backing request;
    struct virtio_gpu_mem_entry *entries;
    struct gpu_resource *r;
    size_t size;

    if (!read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    r = gpu_resource_find(&c->gpu->resources, request.resource_id);
    if (r == NULL)
        return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
    if (request.nr_entries == 0 || request.nr_entries > GPU_ENTRIES_MAX)
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    size = request.nr_entries * sizeof *entries;
    entries = malloc(size);
    if (entries == NULL)
        return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
    if (virtqueue_read(c->chain, sizeof request, entries, size) != size) {
        free(entries);
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    }
    return gpu_resource_attach(&c->gpu->resources, r, c->v->dev, entries, request.nr_entries);
}

static unsigned resource_detach_backing(struct command *c)
{
    struct gpu_resource *r;
    unsigned result = read_resource(c, &r);

    if (result != VIRTIO_GPU_RESP_OK_NODATA)
        return result;
    if (r->entries == NULL)
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    gpu_resource_detach(&c->gpu->resources, r);
    return VIRTIO_GPU_RESP_OK_NODATA;
}

static unsigned move_cursor(struct command *c)
{
    struct virtio_gpu_update_cursor request;

    if (!read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    if (request.pos.scanout_id != 0)
        return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
    c->gpu->display->move_cursor(c->gpu->display, request.pos.x, request.pos.y);
    return VIRTIO_GPU_RESP_OK_NODATA;
}

static unsigned update_cursor(struct command *c)
{
    enum { SIDE = VIRTIO_GPU_CURSOR_SIZE };
    struct display_backend *display = c->gpu->display;
    struct virtio_gpu_update_cursor request;
    const struct gpu_resource *r;
    uint32_t *pixels;

    if (!read_request(c, &request, sizeof request))
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    if (request.pos.scanout_id != 0)
        return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
    if (request.resource_id == 0) {
        display->cursor(display, NULL, 0, 0, 0, 0);
        return move_cursor(c);
    }
    r = gpu_resource_find(&c->gpu->resources, request.resource_id);
    if (r == NULL)
        return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
    if (r->width != SIDE || r->height != SIDE || request.hot_x >= SIDE || request.hot_y >= SIDE)
        return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    pixels = malloc(SIDE * SIDE * sizeof *pixels);
    if (pixels == NULL)
        return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
    gpu_resource_read(r, 0, 0, SIDE * SIDE, pixels);
    display->cursor(display, pixels, SIDE, SIDE, request.hot_x, request.hot_y);
    free(pixels);
    return move_cursor(c);
}

/* Whatever else there is belongs to features that are not offered, or is unknown. */
static unsigned execute(struct command *c, unsigned queue)
{
    bool cursor = queue == VIRTIO_GPU_CURSORQ;

    switch (c->hdr.type) {
    case VIRTIO_GPU_CMD_UPDATE_CURSOR:
        return cursor ? update_cursor(c) : VIRTIO_GPU_RESP_ERR_UNSPEC;
    case VIRTIO_GPU_CMD_MOVE_CURSOR: return cursor ? move_cursor(c) : VIRTIO_GPU_RESP_ERR_UNSPEC;
    default: break;
    }
    if (cursor)
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    switch (c->hdr.type) {
    case VIRTIO_GPU_CMD_GET_DISPLAY_INFO: return get_display_info(c);
    case VIRTIO_GPU_CMD_RESOURCE_CREATE_2D: return resource_create_2d(c);
    case VIRTIO_GPU_CMD_RESOURCE_UNREF: return resource_unref(c);
    case VIRTIO_GPU_CMD_SET_SCANOUT: return set_scanout(c);
    case VIRTIO_GPU_CMD_RESOURCE_FLUSH: return resource_flush(c);
    case VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D: return transfer_to_host_2d(c);
    case VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING: return resource_attach_backing(c);
    case VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING: return resource_detach_backing(c);
    case VIRTIO_GPU_CMD_GET_EDID: return get_edid(c);
    default: return VIRTIO_GPU_RESP_ERR_UNSPEC;
    }
}

#define NAME(command) \
    case VIRTIO_GPU_CMD_##command: return #command
static const char *command_name(uint32_t type)
{
    switch (type) {
        NAME(GET_DISPLAY_INFO);
        NAME(RESOURCE_CREATE_2D);
        NAME(RESOURCE_UNREF);
        NAME(SET_SCANOUT);
        NAME(RESOURCE_FLUSH);
        NAME(TRANSFER_TO_HOST_2D);
        NAME(RESOURCE_ATTACH_BACKING);
        NAME(RESOURCE_DETACH_BACKING);
        NAME(GET_EDID);
        NAME(UPDATE_CURSOR);
        NAME(MOVE_CURSOR);
    default: return "unknown";
    }
}
#undef NAME

static void gpu_notify(struct virtio *v, unsigned queue)
{
    struct virtqueue_chain chain;

    while (virtqueue_pop(v, queue, &chain)) {
        struct command c = {.v = v, .gpu = v->model, .chain = &chain};
        struct virtio_gpu_ctrl_hdr *answer = &c.answer.hdr;
        size_t written;

        c.answer_size = sizeof *answer;
        answer->type = VIRTIO_GPU_RESP_ERR_UNSPEC;
        if (read_request(&c, &c.hdr, sizeof c.hdr))
            answer->type = execute(&c, queue);
        virtio_trace(v, "command 0x%04x %s, answer 0x%04x", c.hdr.type, command_name(c.hdr.type),
                     answer->type);
        if (c.hdr.flags & VIRTIO_GPU_FLAG_FENCE) {
            answer->flags = VIRTIO_GPU_FLAG_FENCE;
            answer->fence_id = c.hdr.fence_id;
            answer->ctx_id = c.hdr.ctx_id;
        }
        written = virtqueue_write(&chain, 0, &c.answer, c.answer_size);
        virtqueue_push(v, queue, &chain, (uint32_t)written);
    }
}

/* --- the device ----------------------------------------------------------------------------- */

static void gpu_reset(struct virtio *v)
{
    struct gpu *gpu = v->model;

    /* Whatever is on the screen: a reset of the machine has cleared the fields before. */
    gpu->display->resize(gpu->display, 0, 0);
    gpu->display->cursor(gpu->display, NULL, 0, 0, 0, 0);
    gpu->scanout = 0;
    gpu->shown = (struct virtio_gpu_rect){0};
    gpu_resource_destroy_all(&gpu->resources);
    gpu->events = 0;
}

static uint64_t gpu_features(struct virtio *v)
{
    const struct gpu *gpu = v->model;

    return gpu->edid ? UINT64_C(1) << VIRTIO_GPU_F_EDID : 0;
}

static uint64_t gpu_config_read(struct virtio *v, unsigned offset, unsigned size)
{
    const struct gpu *gpu = v->model;
    const struct virtio_gpu_config config = {.events_read = gpu->events, .num_scanouts = 1};
    uint64_t value = 0;

    memcpy(&value, (const uint8_t *)&config + offset, size);
    return value;
}

static void gpu_config_write(struct virtio *v, unsigned offset, unsigned size, uint64_t value)
{
    struct gpu *gpu = v->model;

    if (offset == offsetof(struct virtio_gpu_config, events_clear) && size == sizeof(uint32_t))
        gpu->events &= ~(uint32_t)value;
}

static uint32_t get_le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t clamp_pixels(uint32_t n)
{
    return n < EDID_MIN_PIXELS ? EDID_MIN_PIXELS : n > EDID_MAX_PIXELS ? EDID_MAX_PIXELS : n;
}

/* The person would like another size: struct display_wish. */
static size_t gpu_input(struct virtio *v, unsigned channel, const uint8_t *bytes, size_t n)
{
    struct gpu *gpu = v->model;

    if (channel == 0 && n >= sizeof(struct display_wish)) {
        gpu->width = clamp_pixels(get_le32(bytes));
        gpu->height = clamp_pixels(get_le32(bytes + 4));
        gpu->events |= VIRTIO_GPU_EVENT_DISPLAY;
        virtio_config_changed(v);
    }
    return n;
}

static bool gpu_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    struct gpu *gpu = v->model;
    uint64_t width = DEFAULT_WIDTH, height = DEFAULT_HEIGHT, outputs = 1;

    gpu->edid = true;
    gpu->resources.limit = DEFAULT_HOSTMEM;
    if (!props_u64(props, "xres", EDID_MIN_PIXELS, EDID_MAX_PIXELS, &width, err, err_size) ||
        !props_u64(props, "yres", EDID_MIN_PIXELS, EDID_MAX_PIXELS, &height, err, err_size) ||
        !props_u64(props, "max_outputs", 1, 1, &outputs, err, err_size) ||
        !props_u64(props, "max_hostmem", 0, UINT64_C(1) << 40, &gpu->resources.limit, err,
                   err_size) ||
        !props_bool(props, "edid", &gpu->edid, err, err_size))
        return false;
    gpu->width = (uint32_t)width;
    gpu->height = (uint32_t)height;
    gpu->display = (struct display_backend *)virtio_take_backend(v, props, "display",
                                                                 BACKEND_DISPLAY, err, err_size);
    if (gpu->display == NULL)
        return false;
    virtio_add_queue(v, CONTROL_SIZE);
    virtio_add_queue(v, CURSOR_SIZE);
    return true;
}

static void gpu_destroy(struct virtio *v)
{
    struct gpu *gpu = v->model;

    gpu_resource_destroy_all(&gpu->resources);
}

const struct virtio_ops virtio_gpu_ops = {
    .name = "virtio-gpu-device",
    .summary = "a screen: [xres=N][,yres=N][,edid=off][,max_hostmem=BYTES][,max_outputs=1]",
    .device_id = VIRTIO_ID_GPU,
    .state_size = sizeof(struct gpu),
    .fields = gpu_fields,
    .field_count = sizeof gpu_fields / sizeof gpu_fields[0],
    .config_size = sizeof(struct virtio_gpu_config),
    .create = gpu_create,
    .destroy = gpu_destroy,
    .features = gpu_features,
    .reset = gpu_reset,
    .notify = gpu_notify,
    .config_read = gpu_config_read,
    .config_write = gpu_config_write,
    .input = gpu_input,
};
