/*
 * Split virtqueues (Virtual I/O Device Version 1.2, section 2.7), the driver's side.
 *
 * The rings are memory the device may write to at any time, so nothing is read back from them that
 * the driver already knows: free list, chains and lengths are kept in the slots. Only used->idx and
 * the used elements are the device's word, and those are checked.
 */
#include "abi/errno.h"
#include "kernel/dev/virtio_internal.h"
#include "kernel/klog.h"
#include "lib/string.h"

#define NO_SLOT UINT16_MAX

/* ---- memory */

static uint16_t *used_event(struct virtqueue *vq)
{
    return &vq->avail->ring[vq->num];
}

static const uint16_t *avail_event(const struct virtqueue *vq)
{
    return (const uint16_t *)&vq->used->ring[vq->num];
}

/* In the legacy layout, which serves as a modern one, too. */
struct virtqueue *virtqueue_alloc(struct virtio_device *dev, unsigned index, unsigned num)
{
    struct virtqueue *vq = kzalloc(sizeof *vq + num * sizeof vq->slots[0]);
    if (!vq)
        return NULL;
    unsigned order = 0;
    while ((PAGE_SIZE << order) < virtq_legacy_size(num, PAGE_SIZE))
        order++;
    vq->memory = page_alloc_order(order);
    if (!vq->memory) {
        kfree(vq);
        return NULL;
    }
    uint8_t *ring = page_va(vq->memory);
    memset(ring, 0, PAGE_SIZE << order);
    vq->dev = dev;
    vq->index = index;
    vq->num = num;
    vq->desc = (struct virtq_desc *)ring;
    vq->avail = (struct virtq_avail *)(ring + num * sizeof(struct virtq_desc));
    vq->used = (struct virtq_used *)(ring + virtq_legacy_used_offset(num, PAGE_SIZE));
    spin_init(&vq->lock);
    waitq_init(&vq->waiters);
    for (unsigned i = 0; i < num; i++)
        vq->slots[i].next = (uint16_t)(i + 1 < num ? i + 1 : NO_SLOT);
    vq->free_count = (uint16_t)num;
    return vq;
}

void virtqueue_free(struct virtqueue *vq)
{
    page_put(vq->memory);
    kfree(vq);
}

struct virtio_seg virtio_seg(const void *va, size_t len)
{
    struct page *page = page_of_va(va);
    KASSERT(page);
    return (struct virtio_seg){page_pa(page) + ((uintptr_t)va & PAGE_MASK), (uint32_t)len};
}

/* ---- adding */

static bool use_indirect(const struct virtqueue *vq, unsigned count)
{
    return count > 1 && virtio_has(vq->dev, VIRTIO_F_INDIRECT_DESC);
}

unsigned virtqueue_max_segs(const struct virtqueue *vq)
{
    return vq->num; /* section 2.7.5.3.1: no chain is longer than the queue, indirect or not */
}

static struct virtq_desc descriptor(const struct virtio_seg *segs, unsigned i, unsigned out,
                                    unsigned count, uint16_t next)
{
    uint16_t flags =
        (uint16_t)((i >= out ? VIRTQ_DESC_F_WRITE : 0) | (i + 1 < count ? VIRTQ_DESC_F_NEXT : 0));
    return (struct virtq_desc){.addr = segs[i].pa,
                               .len = segs[i].len,
                               .flags = flags,
                               .next = i + 1 < count ? next : (uint16_t)0};
}

/* A table of the segments for one descriptor; NULL when there is no memory for it. */
static struct virtq_desc *indirect_table(const struct virtio_seg *segs, unsigned out,
                                         unsigned count)
{
    struct virtq_desc *table = kmalloc(count * sizeof *table);
    for (unsigned i = 0; table && i < count; i++)
        table[i] = descriptor(segs, i, out, count, (uint16_t)(i + 1));
    return table;
}

/* Takes the first `count` free descriptors; returns the last of them. */
static uint16_t take(struct virtqueue *vq, unsigned count)
{
    uint16_t last = vq->free_head;
    for (unsigned i = 1; i < count; i++)
        last = vq->slots[last].next;
    vq->free_head = vq->slots[last].next;
    vq->free_count = (uint16_t)(vq->free_count - count);
    return last;
}

static int add_locked(struct virtqueue *vq, const struct virtio_seg *segs, unsigned out,
                      unsigned in, void *token)
{
    unsigned count = out + in;
    uint16_t head = vq->free_head;
    if (count == 0 || count > vq->num)
        return -EINVAL;
    if (virtio_is_broken(vq->dev))
        return -EIO;
    if (vq->free_count == 0)
        return -ENOSPC;
    struct virtqueue_slot *slot = &vq->slots[head];
    struct virtq_desc *table = use_indirect(vq, count) ? indirect_table(segs, out, count) : NULL;
    if (!table && vq->free_count < count)
        return -ENOSPC;
    slot->indirect = table;
    if (table) {
        struct virtio_seg seg = virtio_seg(table, count * sizeof *table);
        vq->desc[head] =
            (struct virtq_desc){.addr = seg.pa, .len = seg.len, .flags = VIRTQ_DESC_F_INDIRECT};
    } else {
        uint16_t at = head;
        for (unsigned i = 0; i < count; i++, at = vq->slots[at].next)
            vq->desc[at] = descriptor(segs, i, out, count, vq->slots[at].next);
    }
    slot->last = take(vq, table ? 1 : count);
    slot->token = token;
    slot->room = 0;
    for (unsigned i = out; i < count; i++)
        slot->room += segs[i].len;
    vq->avail->ring[vq->added % vq->num] = head;
    vq->added++;
    /* Section 2.7.13.3: descriptors and ring entry are visible before the index is. */
    __atomic_store_n(&vq->avail->idx, vq->added, __ATOMIC_RELEASE);
    return 0;
}

int virtqueue_add(struct virtqueue *vq, const struct virtio_seg *segs, unsigned out, unsigned in,
                  void *token)
{
    spin_lock(&vq->lock);
    int err = add_locked(vq, segs, out, in, token);
    spin_unlock(&vq->lock);
    return err;
}

/* Whether the device wants to hear of buffers `kicked` to `added` (sections 2.7.7, 2.7.10). */
static bool wants_kick(struct virtqueue *vq)
{
    if (!virtio_has(vq->dev, VIRTIO_F_EVENT_IDX))
        return !(__atomic_load_n(&vq->used->flags, __ATOMIC_RELAXED) & VIRTQ_USED_F_NO_NOTIFY);
    uint16_t event = __atomic_load_n(avail_event(vq), __ATOMIC_RELAXED);
    return virtq_need_event(event, vq->added, vq->kicked);
}

static void kick_locked(struct virtqueue *vq)
{
    if (vq->added == vq->kicked || virtio_is_broken(vq->dev))
        return;
    arch_io_barrier(); /* the index is visible before the device's wish is read, and both before I/O
                        */
    bool notify = wants_kick(vq);
    vq->kicked = vq->added;
    if (notify)
        virtio_set_reg(vq->dev, VIRTIO_MMIO_QUEUE_NOTIFY, vq->index);
}

void virtqueue_kick(struct virtqueue *vq)
{
    spin_lock(&vq->lock);
    kick_locked(vq);
    spin_unlock(&vq->lock);
}

/* ---- completing */

/* Frees the buffer that starts at `head` and returns its token. */
static void *release(struct virtqueue *vq, uint16_t head)
{
    struct virtqueue_slot *slot = &vq->slots[head];
    void *token = slot->token;
    unsigned count = 1;
    for (uint16_t at = head; at != slot->last; at = vq->slots[at].next)
        count++;
    vq->slots[slot->last].next = vq->free_head;
    vq->free_head = head;
    vq->free_count = (uint16_t)(vq->free_count + count);
    slot->token = NULL;
    kfree(slot->indirect);
    slot->indirect = NULL;
    return token;
}

/* Buffers the device has used and we have not seen; UINT16_MAX: its index is nonsense. */
static uint16_t used_count(struct virtqueue *vq)
{
    uint16_t idx = __atomic_load_n(&vq->used->idx, __ATOMIC_ACQUIRE);
    uint16_t count = (uint16_t)(idx - vq->seen);
    return count <= vq->num ? count : UINT16_MAX;
}

/* Takes one used buffer: its token and *result; NULL when there is none (or no sense in it). */
static void *take_used(struct virtqueue *vq, long *result)
{
    uint16_t count = virtio_is_broken(vq->dev) ? 0 : used_count(vq);
    if (count == 0)
        return NULL;
    const volatile struct virtq_used_elem *elem = &vq->used->ring[vq->seen % vq->num];
    uint32_t id = elem->id, len = elem->len;
    if (count == UINT16_MAX || id >= vq->num || !vq->slots[id].token) {
        virtio_break(vq->dev, count == UINT16_MAX ? "used index out of range"
                                                  : "used a buffer it was not given");
        return NULL;
    }
    vq->seen++;
    /* Some devices count what they did not write, too. */
    *result = (long)(len < vq->slots[id].room ? len : vq->slots[id].room);
    return release(vq, (uint16_t)id);
}

/* Asks for an interrupt at the next buffer; false if that buffer is there already. */
static bool enable_interrupt(struct virtqueue *vq)
{
    __atomic_store_n(used_event(vq), vq->seen, __ATOMIC_RELAXED);
    arch_io_barrier();
    return used_count(vq) == 0;
}

/* How long virtqueue_transact() waits before it gives the device up. */
#define PATIENCE_NS 30000000000ull

/* What virtqueue_transact() waits for. */
struct transaction {
    bool done;
    long result;
};

/* Hands a finished buffer to its owner. vq->lock is held, and given up meanwhile. */
static void finish(struct virtqueue *vq, void *token, long result)
{
    if (vq->complete) {
        spin_unlock(&vq->lock);
        vq->complete(vq->arg, token, result);
        spin_lock(&vq->lock);
    } else {
        struct transaction *t = token;
        t->result = result;
        t->done = true;
        waitq_wake_all(&vq->waiters);
    }
}

void virtqueue_interrupt(struct virtqueue *vq)
{
    void *token;
    long result;
    spin_lock(&vq->lock);
    do {
        while ((token = take_used(vq, &result)) != NULL)
            finish(vq, token, result);
    } while (!virtio_is_broken(vq->dev) && !enable_interrupt(vq));
    spin_unlock(&vq->lock);
}

void virtqueue_poll(struct virtqueue *vq)
{
    virtqueue_interrupt(vq);
}

bool virtqueue_is_held(const struct virtqueue *vq)
{
    return spin_held(&vq->lock);
}

void virtqueue_fail(struct virtqueue *vq)
{
    spin_lock(&vq->lock);
    for (unsigned i = 0; i < vq->num; i++) {
        if (vq->slots[i].token)
            finish(vq, release(vq, (uint16_t)i), -EIO);
    }
    waitq_wake_all(&vq->waiters); /* also who waits for room */
    spin_unlock(&vq->lock);
}

long virtqueue_transact(struct virtqueue *vq, const struct virtio_seg *segs, unsigned out,
                        unsigned in)
{
    struct transaction t = {false, 0};
    int err;
    KASSERT(!vq->complete);
    spin_lock(&vq->lock);
    while ((err = add_locked(vq, segs, out, in, &t)) == -ENOSPC)
        waitq_sleep_hard(&vq->waiters, &vq->lock);
    if (err == 0)
        kick_locked(vq);
    uint64_t deadline = time_ns() + PATIENCE_NS;
    while (err == 0 && !t.done) {
        if (waitq_sleep_hard_until(&vq->waiters, &vq->lock, deadline) != -ETIMEDOUT)
            continue;
        deadline = UINT64_MAX; /* for the end that giving up brings */
        spin_unlock(&vq->lock);
        virtio_break(vq->dev, "it does not answer");
        spin_lock(&vq->lock);
    }
    spin_unlock(&vq->lock);
    return err < 0 ? err : t.result;
}
