/*
 * Split virtqueues, the device's side (include/hw/virtio_ring.h; virtio 1.2, section 2.7). Rings
 * and descriptors are guest memory that the guest may change at any time: each value is read once,
 * then checked, then used.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"

enum { CHAIN_COST = 4096 }; /* of a chain of no length, in bytes of virtio_spend() */

/* --- ring memory ------------------------------------------------------------------------------ */

static bool load16(struct virtio *v, uint64_t addr, uint16_t *value)
{
    const void *p = device_dma_readable(v->dev, addr, 2);

    if (p == NULL || addr % 2 != 0) {
        virtio_fail(v);
        return false;
    }
    *value = (uint16_t)ram_load(p, 2);
    return true;
}

static bool store16(struct virtio *v, uint64_t addr, uint16_t value)
{
    void *p = device_dma_writable(v->dev, addr, 2);

    if (p == NULL || addr % 2 != 0) {
        virtio_fail(v);
        return false;
    }
    ram_store(p, 2, value);
    return true;
}

static uint64_t avail_idx_addr(const struct virtio *v, unsigned q)
{
    return v->queue_driver[q] + offsetof(struct virtq_avail, idx);
}

static uint64_t avail_ring_addr(const struct virtio *v, unsigned q, uint16_t index)
{
    return v->queue_driver[q] + offsetof(struct virtq_avail, ring) +
           2 * (uint64_t)(index % v->queue_num[q]);
}

static uint64_t used_event_addr(const struct virtio *v, unsigned q)
{
    return v->queue_driver[q] + virtq_avail_size(v->queue_num[q]) - 2;
}

static uint64_t used_idx_addr(const struct virtio *v, unsigned q)
{
    return v->queue_device[q] + offsetof(struct virtq_used, idx);
}

static uint64_t used_ring_addr(const struct virtio *v, unsigned q, uint16_t index)
{
    return v->queue_device[q] + offsetof(struct virtq_used, ring) +
           sizeof(struct virtq_used_elem) * (uint64_t)(index % v->queue_num[q]);
}

static uint64_t avail_event_addr(const struct virtio *v, unsigned q)
{
    return v->queue_device[q] + virtq_used_size(v->queue_num[q]) - 2;
}

static bool is_usable(const struct virtio *v, unsigned q)
{
    return q < v->queue_count && v->queue_ready[q] && virtio_is_live(v);
}

/* --- taking buffers --------------------------------------------------------------------------- */

/* A table of descriptors: the queue's, or an indirect one. */
struct table {
    uint64_t addr;
    uint32_t count;
};

/* A driver must not offer more at once (2.7.5.2); lengths that are reported fit in 32 bits. */
#define CHAIN_MAX_BYTES UINT32_MAX

static bool add_segment(struct virtqueue_chain *chain, const struct virtq_desc *desc)
{
    struct virtqueue_segment *segments = chain->virtio->segments;
    unsigned count = chain->readable + chain->writable;

    if (desc->len == 0)
        return true;
    if (count == VIRTIO_MAX_SEGMENTS || desc->len - 1 > UINT64_MAX - desc->addr ||
        chain->readable_size + chain->writable_size + desc->len > CHAIN_MAX_BYTES)
        return false;
    segments[count] = (struct virtqueue_segment){desc->addr, desc->len};
    if (desc->flags & VIRTQ_DESC_F_WRITE) {
        chain->writable++;
        chain->writable_size += desc->len;
        return true;
    }
    chain->readable++;
    chain->readable_size += desc->len;
    return chain->writable == 0; /* what the device reads comes first (2.7.4.2) */
}

static bool fetch(struct virtio *v, const struct table *table, uint32_t index,
                  struct virtq_desc *desc)
{
    return index < table->count &&
           device_dma_read(v->dev, table->addr + index * sizeof *desc, desc, sizeof *desc);
}

/*
 * Go on in the indirect table that `desc` is: it must be the last descriptor of the queue's table
 * (2.7.5.3.1), and of a possible size; its WRITE flag means nothing.
 */
static bool enter_indirect(const struct virtio *v, const struct virtq_desc *desc,
                           struct table *table)
{
    if (!virtio_has_feature(v, VIRTIO_F_INDIRECT_DESC) || desc->flags & VIRTQ_DESC_F_NEXT ||
        desc->len == 0 || desc->len % sizeof *desc != 0 || desc->len / sizeof *desc > VIRTQ_NUM_MAX)
        return false;
    *table = (struct table){desc->addr, desc->len / (uint32_t)sizeof *desc};
    return true;
}

/* Gather the chain that begins at chain->head. False if it breaks a rule. */
static bool walk(struct virtio *v, unsigned q, struct virtqueue_chain *chain)
{
    struct table table = {v->queue_desc[q], v->queue_num[q]};
    bool indirect = false;
    uint32_t index = chain->head, left = table.count; /* more steps would be a loop */
    struct virtq_desc desc;

    while (left-- > 0) {
        if (!fetch(v, &table, index, &desc))
            return false;
        if (desc.flags & VIRTQ_DESC_F_INDIRECT) {
            if (indirect || !enter_indirect(v, &desc, &table))
                return false;
            indirect = true;
            index = 0;
            left = table.count;
        } else {
            if (!add_segment(chain, &desc))
                return false;
            if (!(desc.flags & VIRTQ_DESC_F_NEXT))
                return true;
            index = desc.next;
        }
    }
    return false;
}

bool virtqueue_load(struct virtio *v, unsigned q, uint16_t head, struct virtqueue_chain *chain)
{
    *chain = (struct virtqueue_chain){.virtio = v, .head = head, .segments = v->segments};
    if (!is_usable(v, q))
        return false;
    if (walk(v, q, chain))
        return true;
    virtio_fail(v);
    return false;
}

/*
 * Are there buffers? If not, the driver shall tell us of the next one; it may have added one while
 * we were about to ask.
 */
static bool has_buffer(struct virtio *v, unsigned q, bool ask)
{
    uint16_t idx;

    if (!load16(v, avail_idx_addr(v, q), &idx))
        return false;
    if (idx == v->queue_avail[q] && ask && virtio_has_feature(v, VIRTIO_F_EVENT_IDX)) {
        if (!store16(v, avail_event_addr(v, q), v->queue_avail[q]))
            return false;
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (!load16(v, avail_idx_addr(v, q), &idx))
            return false;
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if ((uint16_t)(idx - v->queue_avail[q]) > v->queue_num[q]) {
        virtio_fail(v); /* more than the ring holds */
        return false;
    }
    return idx != v->queue_avail[q];
}

bool virtqueue_has_buffer(struct virtio *v, unsigned q)
{
    return is_usable(v, q) && has_buffer(v, q, true);
}

void virtio_spend(struct virtio *v, uint64_t bytes)
{
    v->share.left -= bytes < v->share.left ? bytes : v->share.left;
}

bool virtqueue_pop(struct virtio *v, unsigned q, struct virtqueue_chain *chain)
{
    bool limited = v->share.limited && v->share.queue == q;
    uint16_t head;

    if (!is_usable(v, q) || !has_buffer(v, q, true))
        return false;
    if (limited && v->share.left == 0) {
        v->queue_left[q] = 1;
        return false;
    }
    if (!load16(v, avail_ring_addr(v, q, v->queue_avail[q]), &head) ||
        !virtqueue_load(v, q, head, chain))
        return false;
    v->queue_avail[q]++;
    if (limited)
        virtio_spend(v, CHAIN_COST + chain->readable_size + chain->writable_size);
    virtio_trace(
        v, "queue %u, takes %u: %" PRIu64 " bytes to read in %u pieces, %" PRIu64 " to write in %u",
        q, head, chain->readable_size, chain->readable, chain->writable_size, chain->writable);
    return true;
}

void virtqueue_unpop(struct virtio *v, unsigned q)
{
    v->queue_avail[q]--;
    virtio_trace(v, "queue %u, puts it back", q);
}

/* --- their bytes ------------------------------------------------------------------------------ */

/* One of the two parts of a chain. */
struct part {
    const struct virtqueue_segment *segments;
    unsigned count;
    bool write;
};

static struct part readable_part(const struct virtqueue_chain *chain)
{
    return (struct part){chain->segments, chain->readable, false};
}

static struct part writable_part(const struct virtqueue_chain *chain)
{
    return (struct part){chain->segments + chain->readable, chain->writable, true};
}

/* Skip `offset` bytes: the segment to begin with, and what of it lies before. */
static unsigned skip(const struct part *part, uint64_t *offset)
{
    unsigned i = 0;

    while (i < part->count && *offset >= part->segments[i].len)
        *offset -= part->segments[i++].len;
    return i;
}

/* The buffers are a callee's to change or not; both directions share the walk. */
static size_t copy(const struct virtqueue_chain *chain, struct part part, uint64_t offset,
                   uint8_t *to, const uint8_t *from, size_t n)
{
    struct device *dev = chain->virtio->dev;
    unsigned i = skip(&part, &offset);
    size_t done = 0;

    for (; i < part.count && done < n; i++, offset = 0) {
        uint64_t addr = part.segments[i].addr + offset, size = part.segments[i].len - offset;
        bool ok;
        if (size > n - done)
            size = n - done;
        ok = part.write ? device_dma_write(dev, addr, from + done, size)
                        : device_dma_read(dev, addr, to + done, size);
        if (!ok) {
            virtio_fail(chain->virtio);
            return 0;
        }
        done += size;
    }
    return done;
}

size_t virtqueue_read(const struct virtqueue_chain *chain, uint64_t offset, void *buf, size_t n)
{
    return copy(chain, readable_part(chain), offset, buf, NULL, n);
}

size_t virtqueue_write(const struct virtqueue_chain *chain, uint64_t offset, const void *buf,
                       size_t n)
{
    return copy(chain, writable_part(chain), offset, NULL, buf, n);
}

static int map(const struct virtqueue_chain *chain, struct part part, uint64_t offset, uint64_t n,
               struct iovec *iov, unsigned max, uint64_t *mapped)
{
    struct device *dev = chain->virtio->dev;
    unsigned i = skip(&part, &offset), count = 0;

    *mapped = 0;
    for (; i < part.count && n > *mapped; i++, offset = 0) {
        uint64_t addr = part.segments[i].addr + offset, size = part.segments[i].len - offset;
        void *host;
        if (size > n - *mapped)
            size = n - *mapped;
        host = part.write ? device_dma_writable(dev, addr, size)
                          : (void *)(uintptr_t)device_dma_readable(dev, addr, size);
        if (host == NULL) {
            virtio_fail(chain->virtio);
            return -1;
        }
        if (count > 0 && (char *)iov[count - 1].iov_base + iov[count - 1].iov_len == host)
            iov[count - 1].iov_len += size;
        else if (count < max)
            iov[count++] = (struct iovec){host, size};
        else
            return (int)count;
        *mapped += size;
    }
    return n == *mapped ? (int)count : -1;
}

int virtqueue_map_readable(const struct virtqueue_chain *chain, uint64_t offset, uint64_t n,
                           struct iovec *iov, unsigned max, uint64_t *mapped)
{
    return map(chain, readable_part(chain), offset, n, iov, max, mapped);
}

int virtqueue_map_writable(const struct virtqueue_chain *chain, uint64_t offset, uint64_t n,
                           struct iovec *iov, unsigned max, uint64_t *mapped)
{
    return map(chain, writable_part(chain), offset, n, iov, max, mapped);
}

/* --- giving them back ------------------------------------------------------------------------- */

void virtqueue_fill(struct virtio *v, unsigned q, uint16_t head, uint32_t written, unsigned ahead)
{
    struct virtq_used_elem elem = {.id = head, .len = written};

    virtio_trace(v, "queue %u, returns %u: %u bytes written", q, head, written);
    if (is_usable(v, q) &&
        !device_dma_write(v->dev, used_ring_addr(v, q, (uint16_t)(v->queue_used[q] + ahead)), &elem,
                          sizeof elem))
        virtio_fail(v);
}

void virtqueue_publish(struct virtio *v, unsigned q, unsigned count)
{
    if (!is_usable(v, q))
        return;
    v->queue_used[q] = (uint16_t)(v->queue_used[q] + count);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    if (!store16(v, used_idx_addr(v, q), v->queue_used[q]))
        return;
    v->queue_pending[q] = 1;
    virtio_begin(v);
    virtio_end(v);
}

void virtqueue_push(struct virtio *v, unsigned q, const struct virtqueue_chain *chain,
                    uint32_t written)
{
    virtqueue_fill(v, q, chain->head, written, 0);
    virtqueue_publish(v, q, 1);
}

/* Does the driver want an interrupt for what was used since the last one (2.7.7)? */
static bool wants_interrupt(struct virtio *v, unsigned q)
{
    uint16_t flags, event, old = v->queue_signalled[q];

    v->queue_signalled[q] = v->queue_used[q];
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* between writing used.idx and looking */
    if (virtio_has_feature(v, VIRTIO_F_EVENT_IDX))
        return load16(v, used_event_addr(v, q), &event) &&
               virtq_need_event(event, v->queue_used[q], old);
    return load16(v, v->queue_driver[q] + offsetof(struct virtq_avail, flags), &flags) &&
           !(flags & VIRTQ_AVAIL_F_NO_INTERRUPT);
}

void virtio_begin(struct virtio *v)
{
    v->busy++;
}

void virtio_end(struct virtio *v)
{
    bool interrupt = false;

    if (--v->busy != 0)
        return;
    for (unsigned q = 0; q < v->queue_count; q++) {
        if (!v->queue_pending[q])
            continue;
        v->queue_pending[q] = 0;
        if (is_usable(v, q) && wants_interrupt(v, q))
            interrupt = true;
    }
    if (interrupt)
        virtio_interrupt(v, VIRTIO_MMIO_INT_USED);
}
