#pragma once
/*
 * Split virtqueues ("Virtual I/O Device (VIRTIO) Version 1.2", section 2.7). Fields are
 * little-endian; in a legacy device they have the guest's byte order, which on RISC-V is the same.
 *
 * A queue of `num` entries (a power of 2 up to 32768) has three parts:
 *
 *   descriptor table   num * struct virtq_desc                                    aligned to 16
 *   available ring     flags, idx, ring[num], used_event: written by the driver   aligned to 2
 *   used ring          flags, idx, ring[num], avail_event: written by the device  aligned to 4
 *
 * Indices count up modulo 65536 and are taken modulo num where they select an entry. Legacy queues
 * are contiguous: the table at the start, the available ring behind it, the used ring at the next
 * multiple of QUEUE_ALIGN.
 */
#include <stdbool.h>
#include <stdint.h>

enum virtq_limit {
    VIRTQ_NUM_MAX = 32768,
    VIRTQ_DESC_ALIGN = 16,
    VIRTQ_AVAIL_ALIGN = 2,
    VIRTQ_USED_ALIGN = 4,
};

enum virtq_desc_flag {
    VIRTQ_DESC_F_NEXT = 1,     /* goes on at `next` */
    VIRTQ_DESC_F_WRITE = 2,    /* the device writes it, else reads it */
    VIRTQ_DESC_F_INDIRECT = 4, /* the buffer is a table of descriptors */
};

struct virtq_desc {
    uint64_t addr;
    uint32_t len;
    uint16_t flags;
    uint16_t next;
};

enum virtq_avail_flag {
    VIRTQ_AVAIL_F_NO_INTERRUPT = 1, /* without VIRTIO_F_EVENT_IDX: no interrupt is wanted */
};

struct virtq_avail {
    uint16_t flags;
    uint16_t idx; /* where the driver will put the next entry */
    uint16_t ring[];
    /* uint16_t used_event, with VIRTIO_F_EVENT_IDX: interrupt when used.idx passes this */
};

enum virtq_used_flag {
    VIRTQ_USED_F_NO_NOTIFY = 1, /* without VIRTIO_F_EVENT_IDX: no notification is wanted */
};

struct virtq_used_elem {
    uint32_t id;  /* head of the chain that was used */
    uint32_t len; /* bytes written to it */
};

struct virtq_used {
    uint16_t flags;
    uint16_t idx; /* where the device will put the next entry */
    struct virtq_used_elem ring[];
    /* uint16_t avail_event, with VIRTIO_F_EVENT_IDX: notify when avail.idx passes this */
};

/* Bytes of the two rings of a queue with num entries, the event index included. */
static inline uint32_t virtq_avail_size(uint32_t num)
{
    return (uint32_t)sizeof(struct virtq_avail) + 2 * num + 2;
}

static inline uint32_t virtq_used_size(uint32_t num)
{
    return (uint32_t)(sizeof(struct virtq_used) + sizeof(struct virtq_used_elem) * num + 2);
}

/* Offset of a legacy queue's used ring, and the whole queue's size; align is a power of 2. */
static inline uint32_t virtq_legacy_used_offset(uint32_t num, uint32_t align)
{
    uint32_t end = (uint32_t)sizeof(struct virtq_desc) * num + virtq_avail_size(num);

    return (end + align - 1) & ~(align - 1);
}

static inline uint32_t virtq_legacy_size(uint32_t num, uint32_t align)
{
    uint32_t end = virtq_legacy_used_offset(num, align) + virtq_used_size(num);

    return (end + align - 1) & ~(align - 1);
}

/* With VIRTIO_F_EVENT_IDX: whether an index that went from `from` to `to` has passed `event`. */
static inline bool virtq_need_event(uint16_t event, uint16_t to, uint16_t from)
{
    return (uint16_t)(to - event - 1) < (uint16_t)(to - from);
}
