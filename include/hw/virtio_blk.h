#pragma once
/*
 * Virtio block device ("Virtual I/O Device (VIRTIO) Version 1.2", section 5.2). Queue 0 takes the
 * requests (queue 0 to num_queues - 1 with VIRTIO_BLK_F_MQ). All numbers are little-endian.
 */
#include <stdint.h>

/* What `sector` and `capacity` count, whatever blk_size says. */
#define VIRTIO_BLK_SECTOR_SIZE 512u

/* Section 5.2.3: feature bits, by number. */
enum virtio_blk_feature {
    VIRTIO_BLK_F_BARRIER = 0, /* legacy */
    VIRTIO_BLK_F_SIZE_MAX = 1,
    VIRTIO_BLK_F_SEG_MAX = 2,
    VIRTIO_BLK_F_GEOMETRY = 4,
    VIRTIO_BLK_F_RO = 5,
    VIRTIO_BLK_F_BLK_SIZE = 6,
    VIRTIO_BLK_F_SCSI = 7, /* legacy */
    VIRTIO_BLK_F_FLUSH = 9,
    VIRTIO_BLK_F_TOPOLOGY = 10,
    VIRTIO_BLK_F_CONFIG_WCE = 11,
    VIRTIO_BLK_F_MQ = 12,
    VIRTIO_BLK_F_DISCARD = 13,
    VIRTIO_BLK_F_WRITE_ZEROES = 14,
    VIRTIO_BLK_F_LIFETIME = 15,
    VIRTIO_BLK_F_SECURE_ERASE = 16,
};

/* Section 5.2.4: the configuration space; a field counts only with the feature that names it. */
struct virtio_blk_config {
    uint64_t capacity; /* in sectors; always valid */
    uint32_t size_max; /* bytes in one segment */
    uint32_t seg_max;  /* segments of data in one request */
    struct virtio_blk_geometry {
        uint16_t cylinders;
        uint8_t heads;
        uint8_t sectors;
    } geometry;
    uint32_t blk_size; /* bytes in a block: the unit requests should keep to */
    struct virtio_blk_topology {
        uint8_t physical_block_exp; /* log2 of blocks in a physical block */
        uint8_t alignment_offset;   /* in blocks */
        uint16_t min_io_size;       /* in blocks */
        uint32_t opt_io_size;       /* in blocks */
    } topology;
    uint8_t writeback; /* 1: the device's cache is write-back */
    uint8_t unused0;
    uint16_t num_queues;
    uint32_t max_discard_sectors; /* in one segment */
    uint32_t max_discard_seg;     /* segments in one request */
    uint32_t discard_sector_alignment;
    uint32_t max_write_zeroes_sectors;
    uint32_t max_write_zeroes_seg;
    uint8_t write_zeroes_may_unmap;
    uint8_t unused1[3];
    uint32_t max_secure_erase_sectors;
    uint32_t max_secure_erase_seg;
    uint32_t secure_erase_sector_alignment;
};

/* Section 5.2.6: what a request is for. */
enum virtio_blk_type {
    VIRTIO_BLK_T_IN = 0,  /* read */
    VIRTIO_BLK_T_OUT = 1, /* write */
    VIRTIO_BLK_T_FLUSH = 4,
    VIRTIO_BLK_T_FLUSH_OUT = 5, /* legacy: another name of FLUSH */
    VIRTIO_BLK_T_GET_ID = 8,    /* the serial number: VIRTIO_BLK_ID_BYTES, NUL-padded */
    VIRTIO_BLK_T_GET_LIFETIME = 10,
    VIRTIO_BLK_T_DISCARD = 11,
    VIRTIO_BLK_T_WRITE_ZEROES = 13,
    VIRTIO_BLK_T_SECURE_ERASE = 14,
};

#define VIRTIO_BLK_ID_BYTES 20

/* A request: this header, device-readable; then the data; then one byte of enum virtio_blk_status.
 */
struct virtio_blk_req {
    uint32_t type;
    uint32_t reserved;
    uint64_t sector; /* of reads and writes; else 0 */
};

/* The data of DISCARD, WRITE_ZEROES and SECURE_ERASE: one or several of these. */
struct virtio_blk_discard_write_zeroes {
    uint64_t sector;
    uint32_t num_sectors;
    uint32_t flags; /* bit 0: WRITE_ZEROES may unmap; the others are 0 */
};

#define VIRTIO_BLK_WRITE_ZEROES_UNMAP 1u

enum virtio_blk_status {
    VIRTIO_BLK_S_OK = 0,
    VIRTIO_BLK_S_IOERR = 1,
    VIRTIO_BLK_S_UNSUPP = 2,
};

_Static_assert(sizeof(struct virtio_blk_req) == 16, "section 5.2.6");
_Static_assert(sizeof(struct virtio_blk_discard_write_zeroes) == 16, "section 5.2.6");
_Static_assert(__builtin_offsetof(struct virtio_blk_config, writeback) == 32, "section 5.2.4");
_Static_assert(__builtin_offsetof(struct virtio_blk_config, max_write_zeroes_sectors) == 48,
               "section 5.2.4");
