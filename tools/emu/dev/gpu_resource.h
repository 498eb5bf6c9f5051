#pragma once
/*
 * What a 2D GPU draws from: images that the guest makes, on the host's side, with the guest memory
 * behind them. Results are enum virtio_gpu_ctrl_type: RESP_OK_NODATA or an error.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hw/virtio_gpu.h"
#include "tools/emu/device.h"

enum {
    GPU_RESOURCES_MAX = 4096,
    GPU_ENTRIES_MAX = 16384, /* pieces of guest memory behind one */
};

struct gpu_resource {
    uint32_t id, width, height;
    const struct gpu_format *format;
    uint32_t *pixels; /* as the guest has them: little-endian words in the format */
    struct virtio_gpu_mem_entry *entries; /* the backing, in host byte order; NULL: none */
    uint32_t entry_count;
    uint64_t backing_size; /* bytes */
    struct gpu_resource *next;
};

struct gpu_resources {
    struct gpu_resource *first;
    unsigned count;
    uint64_t used, limit; /* bytes of host memory */
};

struct gpu_resource *gpu_resource_find(const struct gpu_resources *all, uint32_t id);
unsigned gpu_resource_create(struct gpu_resources *all,
                             const struct virtio_gpu_resource_create_2d *request);
void gpu_resource_destroy(struct gpu_resources *all, struct gpu_resource *r);
void gpu_resource_destroy_all(struct gpu_resources *all);

/*
 * Give it `count` pieces of memory, which must be memory that the device may read; entries is
 * malloc'ed and the resource's from now on, or freed after an error.
 */
unsigned gpu_resource_attach(struct gpu_resources *all, struct gpu_resource *r,
                             const struct device *dev, struct virtio_gpu_mem_entry *entries,
                             uint32_t count);
void gpu_resource_detach(struct gpu_resources *all, struct gpu_resource *r);

/* Whether the rectangle is inside the resource, and not empty. */
bool gpu_resource_contains(const struct gpu_resource *r, const struct virtio_gpu_rect *rect);

/*
 * Copy a rectangle of the guest's memory: `offset` is where its first pixel is in the backing,
 * whose rows are as long as the resource's.
 */
unsigned gpu_resource_transfer(struct gpu_resource *r, const struct device *dev,
                               const struct virtio_gpu_rect *rect, uint64_t offset);

/* n pixels from (x, y) on as words aarrggbb; formats without alpha have aa = 255. */
void gpu_resource_read(const struct gpu_resource *r, uint32_t x, uint32_t y, uint32_t n,
                       uint32_t *out);
