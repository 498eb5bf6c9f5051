#include "tools/emu/dev/gpu_resource.h"

#include <stdlib.h>
#include <string.h>

/* Where a pixel's parts are in the little-endian word of its four bytes. */
struct gpu_format {
    uint8_t id, red, green, blue;
    uint8_t alpha; /* NO_ALPHA: the byte means nothing */
};

enum { NO_ALPHA = 0xff };

static const struct gpu_format formats[] = {
    {VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM, 16, 8, 0, 24},
    {VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, 16, 8, 0, NO_ALPHA},
    {VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM, 8, 16, 24, 0},
    {VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM, 8, 16, 24, NO_ALPHA},
    {VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM, 0, 8, 16, 24},
    {VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM, 24, 16, 8, NO_ALPHA},
    {VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM, 24, 16, 8, 0},
    {VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM, 0, 8, 16, NO_ALPHA},
};

static const struct gpu_format *find_format(uint32_t id)
{
    for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i].id == id)
            return &formats[i];
    return NULL;
}

struct gpu_resource *gpu_resource_find(const struct gpu_resources *all, uint32_t id)
{
    struct gpu_resource *r = all->first;

    while (r != NULL && r->id != id)
        r = r->next;
    return id != 0 ? r : NULL;
}

/* Host memory that the pixels take; UINT64_MAX if too much to be a number. */
static uint64_t pixels_size(uint32_t width, uint32_t height)
{
    uint64_t n = (uint64_t)width * height;

    return n <= UINT64_MAX / sizeof(uint32_t) / 2 ? n * sizeof(uint32_t) : UINT64_MAX;
}

unsigned gpu_resource_create(struct gpu_resources *all,
                             const struct virtio_gpu_resource_create_2d *request)
{
    const struct gpu_format *format = find_format(request->format);
    uint64_t size = pixels_size(request->width, request->height);
    struct gpu_resource *r;

    if (request->resource_id == 0 || gpu_resource_find(all, request->resource_id) != NULL)
        return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
    if (format == NULL || size == 0)
        return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    if (size > all->limit - all->used || all->count == GPU_RESOURCES_MAX)
        return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
    r = calloc(1, sizeof *r);
    if (r != NULL)
        r->pixels = calloc(1, size);
    if (r == NULL || r->pixels == NULL) {
        free(r);
        return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
    }
    r->id = request->resource_id;
    r->width = request->width;
    r->height = request->height;
    r->format = format;
    r->next = all->first;
    all->first = r;
    all->count++;
    all->used += size;
    return VIRTIO_GPU_RESP_OK_NODATA;
}

void gpu_resource_destroy(struct gpu_resources *all, struct gpu_resource *r)
{
    struct gpu_resource **link = &all->first;

    while (*link != r)
        link = &(*link)->next;
    *link = r->next;
    gpu_resource_detach(all, r);
    all->used -= pixels_size(r->width, r->height);
    all->count--;
    free(r->pixels);
    free(r);
}

void gpu_resource_destroy_all(struct gpu_resources *all)
{
    while (all->first != NULL)
        gpu_resource_destroy(all, all->first);
}

unsigned gpu_resource_attach(struct gpu_resources *all, struct gpu_resource *r,
                             const struct device *dev, struct virtio_gpu_mem_entry *entries,
                             uint32_t count)
{
    uint64_t size = count * sizeof *entries;
    unsigned result = VIRTIO_GPU_RESP_OK_NODATA;
    uint64_t backing = 0;

    if (r->entries != NULL)
        result = VIRTIO_GPU_RESP_ERR_UNSPEC;
    else if (size > all->limit - all->used)
        result = VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
    for (uint32_t i = 0; i < count && result == VIRTIO_GPU_RESP_OK_NODATA; i++) {
        backing += entries[i].length;
        if (device_dma_readable(dev, entries[i].addr, entries[i].length) == NULL)
            result = VIRTIO_GPU_RESP_ERR_UNSPEC;
    }
    if (result != VIRTIO_GPU_RESP_OK_NODATA) {
        free(entries);
        return result;
    }
    r->entries = entries;
    r->entry_count = count;
    r->backing_size = backing;
    all->used += size;
    return result;
}

void gpu_resource_detach(struct gpu_resources *all, struct gpu_resource *r)
{
    if (r->entries != NULL)
        all->used -= r->entry_count * sizeof *r->entries;
    free(r->entries);
    r->entries = NULL;
    r->entry_count = 0;
    r->backing_size = 0;
}

bool gpu_resource_contains(const struct gpu_resource *r, const struct virtio_gpu_rect *rect)
{
    return rect->width != 0 && rect->height != 0 && rect->width <= r->width &&
           rect->height <= r->height && rect->x <= r->width - rect->width &&
           rect->y <= r->height - rect->height;
}

/* A place in the backing; rows are read in order, so it only moves on. */
struct cursor {
    uint32_t entry;
    uint64_t start; /* offset in the backing of that entry's first byte */
};

/* Copy n bytes at the offset, which with them is inside the backing. */
static bool copy_row(const struct gpu_resource *r, const struct device *dev, struct cursor *c,
                     uint64_t offset, uint8_t *out, uint64_t n)
{
    while (n > 0) {
        const struct virtio_gpu_mem_entry *e = &r->entries[c->entry];
        uint64_t skip, part;

        if (offset - c->start >= e->length) {
            c->start += e->length;
            c->entry++;
            continue;
        }
        skip = offset - c->start;
        part = e->length - skip < n ? e->length - skip : n;
        if (!device_dma_read(dev, e->addr + skip, out, part))
            return false;
        out += part;
        offset += part;
        n -= part;
    }
    return true;
}

unsigned gpu_resource_transfer(struct gpu_resource *r, const struct device *dev,
                               const struct virtio_gpu_rect *rect, uint64_t offset)
{
    uint64_t stride = (uint64_t)r->width * sizeof *r->pixels;
    uint64_t row = (uint64_t)rect->width * sizeof *r->pixels, extent;
    struct cursor c = {0};

    if (r->entries == NULL)
        return VIRTIO_GPU_RESP_ERR_UNSPEC;
    if (!gpu_resource_contains(r, rect))
        return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    extent = (rect->height - 1) * stride + row;
    if (extent > r->backing_size || offset > r->backing_size - extent)
        return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
    for (uint32_t y = 0; y < rect->height; y++) {
        uint32_t *to = r->pixels + (size_t)(rect->y + y) * r->width + rect->x;
        if (!copy_row(r, dev, &c, offset + y * stride, (uint8_t *)to, row))
            return VIRTIO_GPU_RESP_ERR_UNSPEC; /* it was memory once, but is not open any more */
    }
    return VIRTIO_GPU_RESP_OK_NODATA;
}

void gpu_resource_read(const struct gpu_resource *r, uint32_t x, uint32_t y, uint32_t n,
                       uint32_t *out)
{
    const struct gpu_format f = *r->format;
    const uint32_t *in = r->pixels + (size_t)y * r->width + x;

    if (f.red == 16 && f.blue == 0) { /* only the top byte may differ */
        uint32_t opaque = f.alpha == NO_ALPHA ? 0xff000000 : 0;
        for (uint32_t i = 0; i < n; i++)
            out[i] = in[i] | opaque;
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t alpha = f.alpha == NO_ALPHA ? 0xff : in[i] >> f.alpha & 0xff;
        out[i] = alpha << 24 | (in[i] >> f.red & 0xff) << 16 | (in[i] >> f.green & 0xff) << 8 |
                 (in[i] >> f.blue & 0xff);
    }
}
