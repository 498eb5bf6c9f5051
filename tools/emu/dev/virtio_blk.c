/*
 * virtio-blk (include/hw/virtio_blk.h; virtio 1.2, section 5.2): a disk whose sectors are a block
 * backend's. Requests are carried out at once, between the image and guest memory; so a write is in
 * the image when its request is used, and on stable storage after a flush (writeback cache).
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "hw/virtio_blk.h"
#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"

enum {
    REQUESTQ = 0,
    QUEUE_SIZE = 256,
    SEG_MAX = QUEUE_SIZE - 2,    /* besides header and status */
    IOV_MAX_PIECES = 64,         /* handed to the backend at a time */
    MAX_RANGES = 16,             /* of a discard or write-zeroes request */
    MAX_RANGE_SECTORS = 1 << 21, /* 1 GiB: what one range covers at most */
    MAX_BLOCK_SIZE = 2 << 20,
};

/* What the driver has said about it: nothing yet, or as config.writeback has it. */
enum cache { WRITETHROUGH, WRITEBACK, BY_FEATURES };

struct blk {
    struct block_backend *backend;
    char serial[VIRTIO_BLK_ID_BYTES + 1];
    bool discard, write_zeroes;
    uint32_t block_size, physical_block_exp;
    uint32_t min_io_size, opt_io_size; /* blocks */
    uint8_t cache;                     /* enum cache */
};

static const struct state_field blk_fields[] = {STATE_FIELD(struct blk, cache, 1)};

/*
 * Is a write stable only after a flush (5.2.5.2)? A driver that does not know the flush, and says
 * nothing else, cannot be let wait for one; a legacy one has said nothing before DRIVER_OK.
 */
static bool is_writeback(const struct virtio *v)
{
    const struct blk *blk = v->model;

    if (blk->cache == BY_FEATURES)
        return !blk->backend->write_through &&
               (v->legacy || virtio_has_feature(v, VIRTIO_BLK_F_FLUSH));
    return blk->cache == WRITEBACK;
}

/* --- requests --------------------------------------------------------------------------------- */

static bool in_disk(const struct blk *blk, uint64_t sector, uint64_t bytes)
{
    uint64_t size = blk->backend->size;

    return sector <= size / VIRTIO_BLK_SECTOR_SIZE &&
           bytes <= size - sector * VIRTIO_BLK_SECTOR_SIZE;
}

/* Data between the image and the driver's buffer, `bytes` from `start` of the chain's part. */
static bool transfer(const struct blk *blk, const struct virtqueue_chain *chain, bool write,
                     uint64_t start, uint64_t bytes, uint64_t sector)
{
    struct block_backend *b = blk->backend;
    uint64_t offset = sector * VIRTIO_BLK_SECTOR_SIZE;
    struct iovec iov[IOV_MAX_PIECES];

    while (bytes > 0) {
        uint64_t part;
        int count = write ? virtqueue_map_readable(chain, start, bytes, iov, IOV_MAX_PIECES, &part)
                          : virtqueue_map_writable(chain, start, bytes, iov, IOV_MAX_PIECES, &part);
        if (count <= 0 || (write ? b->write : b->read)(b, offset, iov, (unsigned)count) != 0)
            return false;
        start += part;
        offset += part;
        bytes -= part;
    }
    return true;
}

/* The data is between the header and the status byte. Whole sectors, on the disk (5.2.6.1). */
static uint8_t do_read(const struct blk *blk, const struct virtqueue_chain *chain, uint64_t sector)
{
    uint64_t bytes = chain->writable_size - 1;

    if (bytes % VIRTIO_BLK_SECTOR_SIZE != 0 || !in_disk(blk, sector, bytes) ||
        !transfer(blk, chain, false, 0, bytes, sector))
        return VIRTIO_BLK_S_IOERR;
    return VIRTIO_BLK_S_OK;
}

static uint8_t do_flush(const struct blk *blk)
{
    return blk->backend->flush(blk->backend) == 0 ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
}

/* The end of a request that has changed the disk: without a writeback cache it is stable now. */
static uint8_t written_status(const struct virtio *v)
{
    return is_writeback(v) ? VIRTIO_BLK_S_OK : do_flush(v->model);
}

static uint8_t do_write(struct virtio *v, const struct virtqueue_chain *chain, uint64_t sector)
{
    const struct blk *blk = v->model;
    uint64_t start = sizeof(struct virtio_blk_req), bytes = chain->readable_size - start;

    if (blk->backend->read_only || bytes % VIRTIO_BLK_SECTOR_SIZE != 0 ||
        !in_disk(blk, sector, bytes) || !transfer(blk, chain, true, start, bytes, sector))
        return VIRTIO_BLK_S_IOERR;
    return written_status(v);
}

/* One range of a discard or write-zeroes request (5.2.6.2). */
static uint8_t do_range(const struct blk *blk, const struct virtio_blk_discard_write_zeroes *range,
                        bool zero)
{
    uint32_t allowed = zero ? VIRTIO_BLK_WRITE_ZEROES_UNMAP : 0;
    uint64_t bytes = (uint64_t)range->num_sectors * VIRTIO_BLK_SECTOR_SIZE;
    bool unmap = !zero || range->flags & VIRTIO_BLK_WRITE_ZEROES_UNMAP;

    if (range->flags & ~allowed)
        return VIRTIO_BLK_S_UNSUPP;
    if (range->num_sectors > MAX_RANGE_SECTORS || !in_disk(blk, range->sector, bytes))
        return VIRTIO_BLK_S_IOERR;
    if (bytes != 0 && blk->backend->discard(blk->backend, range->sector * VIRTIO_BLK_SECTOR_SIZE,
                                            bytes, zero, unmap) != 0)
        return VIRTIO_BLK_S_IOERR;
    return VIRTIO_BLK_S_OK;
}

static uint8_t do_ranges(struct virtio *v, const struct virtqueue_chain *chain, bool zero)
{
    const struct blk *blk = v->model;
    struct virtio_blk_discard_write_zeroes range;
    uint64_t start = sizeof(struct virtio_blk_req), bytes = chain->readable_size - start;
    uint8_t status = VIRTIO_BLK_S_OK;

    if (!virtio_has_feature(v, zero ? VIRTIO_BLK_F_WRITE_ZEROES : VIRTIO_BLK_F_DISCARD))
        return VIRTIO_BLK_S_UNSUPP;
    if (blk->backend->read_only || bytes == 0 || bytes % sizeof range != 0 ||
        bytes / sizeof range > MAX_RANGES)
        return VIRTIO_BLK_S_IOERR;
    for (; bytes > 0 && status == VIRTIO_BLK_S_OK; bytes -= sizeof range, start += sizeof range) {
        if (virtqueue_read(chain, start, &range, sizeof range) != sizeof range)
            return VIRTIO_BLK_S_IOERR;
        virtio_spend(v, (uint64_t)range.num_sectors * VIRTIO_BLK_SECTOR_SIZE);
        status = do_range(blk, &range, zero);
    }
    return status == VIRTIO_BLK_S_OK ? written_status(v) : status;
}

/* How much of the identification there is room for, before the status. */
static size_t id_size(const struct virtqueue_chain *chain)
{
    uint64_t room = chain->writable_size - 1;

    return room < VIRTIO_BLK_ID_BYTES ? (size_t)room : VIRTIO_BLK_ID_BYTES;
}

static uint8_t do_get_id(const struct blk *blk, const struct virtqueue_chain *chain)
{
    char id[VIRTIO_BLK_ID_BYTES] = {0};
    size_t n = id_size(chain);

    memcpy(id, blk->serial, strlen(blk->serial));
    return virtqueue_write(chain, 0, id, n) == n ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
}

static uint8_t do_request(struct virtio *v, const struct virtqueue_chain *chain,
                          const struct virtio_blk_req *req)
{
    const struct blk *blk = v->model;

    switch (req->type) {
    case VIRTIO_BLK_T_IN: return do_read(blk, chain, req->sector);
    case VIRTIO_BLK_T_OUT: return do_write(v, chain, req->sector);
    case VIRTIO_BLK_T_FLUSH: return do_flush(blk);
    case VIRTIO_BLK_T_FLUSH_OUT: return v->legacy ? do_flush(blk) : VIRTIO_BLK_S_UNSUPP;
    case VIRTIO_BLK_T_GET_ID: return do_get_id(blk, chain);
    case VIRTIO_BLK_T_DISCARD: return do_ranges(v, chain, false);
    case VIRTIO_BLK_T_WRITE_ZEROES: return do_ranges(v, chain, true);
    default: return VIRTIO_BLK_S_UNSUPP;
    }
}

/*
 * How many bytes from the writable part's first on have been written, the status at its end
 * included (2.7.8.2). After an error nobody knows what is before the status.
 */
static uint32_t written_size(const struct virtqueue_chain *chain, uint32_t type, uint8_t status)
{
    uint64_t data = 0;

    if (status == VIRTIO_BLK_S_OK && type == VIRTIO_BLK_T_IN)
        data = chain->writable_size - 1;
    else if (status == VIRTIO_BLK_S_OK && type == VIRTIO_BLK_T_GET_ID)
        data = id_size(chain);
    return (uint32_t)data + (data == chain->writable_size - 1);
}

static void trace_request(struct virtio *v, const struct virtqueue_chain *chain,
                          const struct virtio_blk_req *req, uint8_t status)
{
    static const char *const names[] = {
        [VIRTIO_BLK_T_IN] = "IN",           [VIRTIO_BLK_T_OUT] = "OUT",
        [VIRTIO_BLK_T_FLUSH] = "FLUSH",     [VIRTIO_BLK_T_FLUSH_OUT] = "FLUSH_OUT",
        [VIRTIO_BLK_T_GET_ID] = "GET_ID",   [VIRTIO_BLK_T_WRITE_ZEROES] = "WRITE_ZEROES",
        [VIRTIO_BLK_T_DISCARD] = "DISCARD",
    };
    const char *name = req->type < sizeof names / sizeof names[0] ? names[req->type] : NULL;

    virtio_trace(
        v, "request %u %s, sector %" PRIu64 ", bytes out %" PRIu64 " in %" PRIu64 ", status %u",
        req->type, name != NULL ? name : "unknown", req->sector, chain->readable_size - sizeof *req,
        chain->writable_size - 1, status);
}

/* Serve one buffer. One without room for header or status cannot even be answered. */
static bool serve(struct virtio *v, const struct virtqueue_chain *chain)
{
    struct virtio_blk_req req;
    uint8_t status;

    if (chain->writable_size == 0 || virtqueue_read(chain, 0, &req, sizeof req) != sizeof req) {
        virtio_fail(v);
        return false;
    }
    status = do_request(v, chain, &req);
    trace_request(v, chain, &req, status);
    if (virtqueue_write(chain, chain->writable_size - 1, &status, 1) != 1)
        return false;
    virtqueue_push(v, REQUESTQ, chain, written_size(chain, req.type, status));
    return true;
}

static void blk_notify(struct virtio *v, unsigned queue)
{
    struct virtqueue_chain chain;

    while (virtqueue_pop(v, queue, &chain) && serve(v, &chain))
        ;
}

/* --- features and configuration --------------------------------------------------------------- */

static uint64_t blk_features(struct virtio *v)
{
    const struct blk *blk = v->model;
    uint64_t features = UINT64_C(1) << VIRTIO_BLK_F_SEG_MAX | UINT64_C(1) << VIRTIO_BLK_F_GEOMETRY |
                        UINT64_C(1) << VIRTIO_BLK_F_BLK_SIZE | UINT64_C(1) << VIRTIO_BLK_F_FLUSH |
                        UINT64_C(1) << VIRTIO_BLK_F_TOPOLOGY |
                        UINT64_C(1) << VIRTIO_BLK_F_CONFIG_WCE;

    if (blk->backend->read_only)
        return features | UINT64_C(1) << VIRTIO_BLK_F_RO;
    if (blk->discard)
        features |= UINT64_C(1) << VIRTIO_BLK_F_DISCARD;
    if (blk->write_zeroes)
        features |= UINT64_C(1) << VIRTIO_BLK_F_WRITE_ZEROES;
    return features;
}

/* A geometry for who wants one, as disks of this size had: 16 heads of 63 sectors. */
static void set_geometry(struct virtio_blk_config *config)
{
    uint64_t cylinders = config->capacity / (16 * 63);

    config->geometry.cylinders = (uint16_t)(cylinders < 2       ? 2
                                            : cylinders > 16383 ? 16383
                                                                : cylinders);
    config->geometry.heads = 16;
    config->geometry.sectors = 63;
}

static void fill_config(const struct virtio *v, struct virtio_blk_config *config)
{
    const struct blk *blk = v->model;

    *config = (struct virtio_blk_config){
        .capacity = blk->backend->size / VIRTIO_BLK_SECTOR_SIZE,
        .seg_max = SEG_MAX,
        .blk_size = blk->block_size,
        .topology = {.physical_block_exp = (uint8_t)blk->physical_block_exp,
                     .min_io_size = (uint16_t)blk->min_io_size,
                     .opt_io_size = blk->opt_io_size},
        .writeback = is_writeback(v),
        .num_queues = 1,
    };
    set_geometry(config);
    if (blk->discard && !blk->backend->read_only) {
        config->max_discard_sectors = MAX_RANGE_SECTORS;
        config->max_discard_seg = MAX_RANGES;
        config->discard_sector_alignment = blk->block_size / VIRTIO_BLK_SECTOR_SIZE;
    }
    if (blk->write_zeroes && !blk->backend->read_only) {
        config->max_write_zeroes_sectors = MAX_RANGE_SECTORS;
        config->max_write_zeroes_seg = MAX_RANGES;
        config->write_zeroes_may_unmap = 1;
    }
}

static uint64_t blk_config_read(struct virtio *v, unsigned offset, unsigned size)
{
    struct virtio_blk_config config;

    fill_config(v, &config);
    return virtio_config_bytes(&config, offset, size);
}

static void blk_config_write(struct virtio *v, unsigned offset, unsigned size, uint64_t value)
{
    struct blk *blk = v->model;
    bool may = virtio_has_feature(v, VIRTIO_BLK_F_CONFIG_WCE) ||
               (v->legacy && !(v->status & VIRTIO_STATUS_DRIVER_OK)); /* 5.2.5.3 */

    if (offset == offsetof(struct virtio_blk_config, writeback) && size == 1 && may)
        blk->cache = value & 1 ? WRITEBACK : WRITETHROUGH;
}

static void blk_reset(struct virtio *v)
{
    struct blk *blk = v->model;

    blk->cache = BY_FEATURES;
}

static void blk_ready(struct virtio *v)
{
    struct blk *blk = v->model;

    if (!virtio_has_feature(v, VIRTIO_BLK_F_CONFIG_WCE))
        blk->cache = virtio_has_feature(v, VIRTIO_BLK_F_FLUSH) ? WRITEBACK : WRITETHROUGH;
}

/* --- creation --------------------------------------------------------------------------------- */

/* A size in bytes: 0 if there is none, or a power of 2. */
static bool size_prop(struct props *props, const char *name, uint64_t max, uint64_t *value,
                      char *err, size_t err_size)
{
    if (!props_u64(props, name, 0, max, value, err, err_size))
        return false;
    if ((*value & (*value - 1)) == 0 && (*value == 0 || *value >= VIRTIO_BLK_SECTOR_SIZE))
        return true;
    snprintf(err, err_size, "%s: not a power of 2 from 512 on", name);
    return false;
}

/* Block sizes, as QEMU's properties have them: bytes. */
static bool take_topology(struct blk *blk, struct props *props, char *err, size_t err_size)
{
    uint64_t logical = 512, physical = 0, min_io = 0, opt_io = 0;

    if (!size_prop(props, "logical_block_size", MAX_BLOCK_SIZE, &logical, err, err_size) ||
        !size_prop(props, "physical_block_size", MAX_BLOCK_SIZE, &physical, err, err_size) ||
        !size_prop(props, "min_io_size", MAX_BLOCK_SIZE, &min_io, err, err_size) ||
        !size_prop(props, "opt_io_size", UINT32_C(1) << 31, &opt_io, err, err_size))
        return false;
    if (logical == 0 || blk->backend->size % logical != 0) {
        snprintf(err, err_size, "logical_block_size: the image is not a multiple of it");
        return false;
    }
    blk->block_size = (uint32_t)logical;
    while (logical << blk->physical_block_exp < physical)
        blk->physical_block_exp++;
    blk->min_io_size = (uint32_t)(min_io / logical);
    blk->opt_io_size = (uint32_t)(opt_io / logical);
    if (blk->min_io_size <= UINT16_MAX)
        return true;
    snprintf(err, err_size, "min_io_size: too large");
    return false;
}

static bool blk_create(struct virtio *v, struct props *props, char *err, size_t err_size)
{
    struct blk *blk = v->model;
    const char *serial = props_get(props, "serial");

    blk->discard = blk->write_zeroes = true;
    blk->backend = (struct block_backend *)virtio_take_backend(v, props, "drive", BACKEND_BLOCK,
                                                               err, err_size);
    if (blk->backend == NULL || !props_bool(props, "discard", &blk->discard, err, err_size) ||
        !props_bool(props, "write-zeroes", &blk->write_zeroes, err, err_size) ||
        !take_topology(blk, props, err, err_size))
        return false;
    if (serial != NULL && strlen(serial) > VIRTIO_BLK_ID_BYTES) {
        snprintf(err, err_size, "serial: longer than %d characters", VIRTIO_BLK_ID_BYTES);
        return false;
    }
    if (serial != NULL)
        strcpy(blk->serial, serial);
    virtio_add_queue(v, QUEUE_SIZE);
    return true;
}

const struct virtio_ops virtio_blk_ops = {
    .name = "virtio-blk-device",
    .summary = "a disk: drive=ID[,bootindex=N][,serial=TEXT][,discard=off][,write-zeroes=off]"
               "[,logical_block_size=N][,physical_block_size=N][,min_io_size=N][,opt_io_size=N]",
    .device_id = VIRTIO_ID_BLOCK,
    .boot_name = "disk@0,0",
    .state_size = sizeof(struct blk),
    .fields = blk_fields,
    .field_count = sizeof blk_fields / sizeof blk_fields[0],
    .config_size = sizeof(struct virtio_blk_config),
    .create = blk_create,
    .features = blk_features,
    .reset = blk_reset,
    .ready = blk_ready,
    .notify = blk_notify,
    .config_read = blk_config_read,
    .config_write = blk_config_write,
};
