/*
 * The virtio transport over MMIO (include/hw/virtio_mmio.h; virtio 1.2, sections 2.1 to 2.5, 3.1
 * and 4.2): a slot of the machine, with a virtio device in it or without. Slots that QEMU's machine
 * has as well answer when they are empty (device ID 0); further ones do not exist then.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/emu/dev/virtio.h"
#include "tools/emu/machine.h"

#define VENDOR_ID 0x4e524154u /* "TARN" */

enum { STATUS_TEXT = 80 };

static const struct state_field virtio_fields[] = {
    STATE_FIELD(struct virtio, features, 1),
    STATE_ARRAY(struct virtio, queue_desc, 1),
    STATE_ARRAY(struct virtio, queue_driver, 1),
    STATE_ARRAY(struct virtio, queue_device, 1),
    STATE_ARRAY(struct virtio, queue_align, 1),
    STATE_ARRAY(struct virtio, queue_pfn, 1),
    STATE_ARRAY(struct virtio, queue_num, 1),
    STATE_ARRAY(struct virtio, queue_avail, 1),
    STATE_ARRAY(struct virtio, queue_used, 1),
    STATE_ARRAY(struct virtio, queue_signalled, 1),
    STATE_ARRAY(struct virtio, queue_ready, 1),
    STATE_ARRAY(struct virtio, queue_pending, 1),
    STATE_ARRAY(struct virtio, queue_left, 1),
    STATE_FIELD(struct virtio, driver_features, 1),
    STATE_FIELD(struct virtio, device_features_sel, 1),
    STATE_FIELD(struct virtio, driver_features_sel, 1),
    STATE_FIELD(struct virtio, queue_sel, 1),
    STATE_FIELD(struct virtio, guest_page_size, 1),
    STATE_FIELD(struct virtio, config_generation, 1),
    STATE_FIELD(struct virtio, status, 1),
    STATE_FIELD(struct virtio, interrupt_status, 1),
    STATE_FIELD(struct virtio, broken, 1),
};
enum { FIELD_COUNT = sizeof virtio_fields / sizeof virtio_fields[0] };

/*
 * A notification is served while the hart that wrote it waits and the machine is locked. It ends
 * after this much, so that a driver that asks for terabytes, or puts buffers in while another hart
 * waits, does not hold up the rest of the machine and its user.
 */
enum { SHARE_BYTES = 16 << 20, SHARE_PAUSE_NS = 1000 };

/* Legacy drivers use a device before they set DRIVER_OK, which it must support (3.1.2). */
bool virtio_is_live(const struct virtio *v)
{
    unsigned both = VIRTIO_STATUS_DRIVER_OK | VIRTIO_STATUS_FEATURES_OK;
    bool is_running = v->legacy ? v->status & (VIRTIO_STATUS_DRIVER | VIRTIO_STATUS_DRIVER_OK)
                                : (v->status & both) == both;

    return is_running && !(v->status & VIRTIO_STATUS_FAILED) && !v->broken;
}

/* --- interrupts and failure ------------------------------------------------------------------- */

void virtio_interrupt(struct virtio *v, unsigned bits)
{
    virtio_trace(v, "interrupts:%s%s", bits & VIRTIO_MMIO_INT_USED ? " used buffers" : "",
                 bits & VIRTIO_MMIO_INT_CONFIG ? " configuration" : "");
    v->interrupt_status |= (uint8_t)bits;
    device_set_irq(v->dev, v->interrupt_status != 0);
}

void virtio_config_changed(struct virtio *v)
{
    v->config_generation++;
    if (virtio_is_live(v))
        virtio_interrupt(v, VIRTIO_MMIO_INT_CONFIG);
}

/* A legacy driver does not know the bit; its device just stops. */
void virtio_fail(struct virtio *v)
{
    if (v->broken)
        return;
    virtio_trace(v, "fails, %s", v->legacy ? "and stops" : "and needs a reset");
    v->broken = 1;
    if (v->legacy)
        return;
    v->status |= VIRTIO_STATUS_DEVICE_NEEDS_RESET;
    if (v->status & VIRTIO_STATUS_DRIVER_OK)
        virtio_interrupt(v, VIRTIO_MMIO_INT_CONFIG);
}

void virtio_input_ready(struct virtio *v)
{
    virtio_begin(v);
    machine_input_ready(v->dev);
    virtio_end(v);
}

/* --- reset, features, status ------------------------------------------------------------------ */

/* The sizes a driver finds, for a legacy one that does not choose. */
static void default_queues(struct virtio *v)
{
    for (unsigned q = 0; q < v->queue_count; q++)
        v->queue_num[q] = v->legacy ? v->queue_max[q] : 0;
}

/*
 * By writing 0 to Status (2.1, 4.2.2.1): the configuration's generation goes on. So does the page
 * size, which belongs to the transport: Linux sets it once, before it first resets a device.
 */
static void reset_device(struct virtio *v)
{
    uint32_t generation = v->config_generation, page_size = v->guest_page_size;

    state_reset(v, virtio_fields, FIELD_COUNT);
    v->config_generation = generation;
    v->guest_page_size = page_size;
    default_queues(v);
    device_set_irq(v->dev, false);
    if (v->ops->reset != NULL)
        v->ops->reset(v);
}

static uint64_t offered_features(struct virtio *v)
{
    uint64_t common = UINT64_C(1) << VIRTIO_F_INDIRECT_DESC | UINT64_C(1) << VIRTIO_F_EVENT_IDX;
    uint64_t own = v->ops->features != NULL ? v->ops->features(v) : 0;

    if (v->legacy)
        return ((own | common) & UINT32_MAX) | UINT64_C(1) << VIRTIO_F_ANY_LAYOUT;
    return own | common | UINT64_C(1) << VIRTIO_F_VERSION_1;
}

static bool accepts_features(struct virtio *v)
{
    uint64_t features = v->driver_features;

    if (features & ~offered_features(v))
        return false;
    if (!v->legacy && !(features >> VIRTIO_F_VERSION_1 & 1))
        return false; /* 6.2 permits to insist on it */
    return v->ops->accepts == NULL || v->ops->accepts(v, features);
}

/* Legacy drivers cannot be refused: what was not offered is not there (4.2.4, 2.2.3). */
static void settle_legacy_features(struct virtio *v)
{
    v->features = v->driver_features & offered_features(v);
    if (v->ops->accepts != NULL && !v->ops->accepts(v, v->features))
        v->features = 0;
}

/* The names of the bits in the status, each behind a blank; text has room for them. */
static const char *status_names(uint8_t status, char *text)
{
    static const struct {
        uint8_t bit;
        const char *name;
    } bits[] = {
        {VIRTIO_STATUS_ACKNOWLEDGE, "ACKNOWLEDGE"},
        {VIRTIO_STATUS_DRIVER, "DRIVER"},
        {VIRTIO_STATUS_FEATURES_OK, "FEATURES_OK"},
        {VIRTIO_STATUS_DRIVER_OK, "DRIVER_OK"},
        {VIRTIO_STATUS_DEVICE_NEEDS_RESET, "DEVICE_NEEDS_RESET"},
        {VIRTIO_STATUS_FAILED, "FAILED"},
    };
    size_t n = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < sizeof bits / sizeof bits[0]; i++)
        if (status & bits[i].bit)
            n += (size_t)snprintf(text + n, STATUS_TEXT - n, " %s", bits[i].name);
    return text;
}

static void trace_features(struct virtio *v, uint64_t features, bool accepted)
{
    virtio_trace(v, "features 0x%" PRIx64 " of 0x%" PRIx64 "%s", features, offered_features(v),
                 accepted ? "" : ", not accepted");
}

static void set_status(struct virtio *v, uint8_t value)
{
    uint8_t risen = (uint8_t)(value & ~v->status & ~VIRTIO_STATUS_DEVICE_NEEDS_RESET);

    if (value == 0) {
        virtio_trace(v, "is reset, status was 0x%02x", v->status);
        reset_device(v);
        return;
    }
    if (!v->legacy && risen & VIRTIO_STATUS_FEATURES_OK) {
        if (!(v->status & VIRTIO_STATUS_DRIVER_OK) && accepts_features(v))
            v->features = v->driver_features;
        else
            risen &= (uint8_t)~VIRTIO_STATUS_FEATURES_OK; /* which the driver will see (3.1.1) */
        trace_features(v, v->driver_features, risen & VIRTIO_STATUS_FEATURES_OK);
    }
    if (v->legacy && risen & VIRTIO_STATUS_DRIVER_OK)
        trace_features(v, v->features, true);
    v->status |= risen;
    virtio_trace(v, "status 0x%02x%s", v->status, status_names(v->status, (char[STATUS_TEXT]){0}));
    if (risen & VIRTIO_STATUS_DRIVER_OK && virtio_is_live(v)) {
        virtio_begin(v);
        if (v->ops->ready != NULL)
            v->ops->ready(v);
        virtio_input_ready(v);
        virtio_end(v);
    }
}

static uint32_t half(uint64_t value, uint32_t select)
{
    return select == 0 ? (uint32_t)value : select == 1 ? (uint32_t)(value >> 32) : 0;
}

static void set_half(uint64_t *value, uint32_t select, uint32_t part)
{
    if (select == 0)
        *value = (*value & ~(uint64_t)UINT32_MAX) | part;
    else if (select == 1)
        *value = (uint32_t)*value | (uint64_t)part << 32;
}

static void set_driver_features(struct virtio *v, uint32_t value)
{
    uint8_t settled = v->legacy ? VIRTIO_STATUS_DRIVER_OK : VIRTIO_STATUS_FEATURES_OK;

    if (v->status & settled)
        return;
    set_half(&v->driver_features, v->driver_features_sel, value);
    if (v->legacy)
        settle_legacy_features(v);
}

/* --- queues ----------------------------------------------------------------------------------- */

static bool is_power_of_2(uint32_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

static void start_queue(struct virtio *v, unsigned q)
{
    v->queue_avail[q] = v->queue_used[q] = v->queue_signalled[q] = 0;
    v->queue_pending[q] = 0;
    v->queue_ready[q] = 1;
    virtio_trace(v,
                 "queue %u has %u entries, descriptors at 0x%" PRIx64 ", available ring 0x%" PRIx64
                 ", used ring 0x%" PRIx64,
                 q, v->queue_num[q], v->queue_desc[q], v->queue_driver[q], v->queue_device[q]);
}

/* A queue of a size that was not offered, or misaligned, is nothing to start with. */
static void set_queue_ready(struct virtio *v, unsigned q, uint32_t value)
{
    if (value == 0) {
        virtio_trace(v, "queue %u stops", q);
        v->queue_ready[q] = 0;
        return;
    }
    if (v->queue_ready[q])
        return;
    if (!is_power_of_2(v->queue_num[q]) || v->queue_num[q] > v->queue_max[q] ||
        v->queue_desc[q] % VIRTQ_DESC_ALIGN != 0 || v->queue_driver[q] % VIRTQ_AVAIL_ALIGN != 0 ||
        v->queue_device[q] % VIRTQ_USED_ALIGN != 0)
        virtio_fail(v);
    else
        start_queue(v, q);
}

/* A legacy queue: one piece of memory. 0 takes it away. */
static void set_queue_pfn(struct virtio *v, unsigned q, uint32_t pfn)
{
    uint64_t base = (uint64_t)pfn * v->guest_page_size;
    uint32_t num = v->queue_num[q], align = v->queue_align[q];

    v->queue_pfn[q] = pfn;
    v->queue_ready[q] = 0;
    if (pfn == 0) {
        virtio_trace(v, "queue %u stops", q);
        return;
    }
    if (!is_power_of_2(num) || num > v->queue_max[q] || !is_power_of_2(align) ||
        align < VIRTQ_USED_ALIGN || align > UINT32_C(1) << 24 ||
        !is_power_of_2(v->guest_page_size) || base % VIRTQ_DESC_ALIGN != 0) {
        virtio_fail(v);
        return;
    }
    v->queue_desc[q] = base;
    v->queue_driver[q] = base + sizeof(struct virtq_desc) * num;
    v->queue_device[q] = base + virtq_legacy_used_offset(num, align);
    start_queue(v, q);
}

/* Registers of the selected queue. False: none of those. */
static bool write_queue(struct virtio *v, uint64_t offset, uint32_t value)
{
    unsigned q = v->queue_sel;

    if (q >= v->queue_count)
        return false;
    if (v->legacy) {
        switch (offset) {
        case VIRTIO_MMIO_QUEUE_NUM:
            v->queue_num[q] = value <= VIRTQ_NUM_MAX ? (uint16_t)value : 0;
            break;
        case VIRTIO_MMIO_QUEUE_ALIGN: v->queue_align[q] = value; break;
        case VIRTIO_MMIO_QUEUE_PFN: set_queue_pfn(v, q, value); break;
        }
        return true;
    }
    if (offset == VIRTIO_MMIO_QUEUE_READY)
        set_queue_ready(v, q, value);
    if (v->queue_ready[q])
        return true; /* fixed while in use */
    switch (offset) {
    case VIRTIO_MMIO_QUEUE_NUM:
        v->queue_num[q] = value <= VIRTQ_NUM_MAX ? (uint16_t)value : 0;
        break;
    case VIRTIO_MMIO_QUEUE_DESC_LOW: set_half(&v->queue_desc[q], 0, value); break;
    case VIRTIO_MMIO_QUEUE_DESC_HIGH: set_half(&v->queue_desc[q], 1, value); break;
    case VIRTIO_MMIO_QUEUE_DRIVER_LOW: set_half(&v->queue_driver[q], 0, value); break;
    case VIRTIO_MMIO_QUEUE_DRIVER_HIGH: set_half(&v->queue_driver[q], 1, value); break;
    case VIRTIO_MMIO_QUEUE_DEVICE_LOW: set_half(&v->queue_device[q], 0, value); break;
    case VIRTIO_MMIO_QUEUE_DEVICE_HIGH: set_half(&v->queue_device[q], 1, value); break;
    }
    return true;
}

static void resume(void *arg);

static void serve_queue(struct virtio *v, unsigned q)
{
    if (v->ops->notify == NULL)
        return;
    v->share.limited = true;
    v->share.queue = q;
    v->share.left = SHARE_BYTES;
    v->ops->notify(v, q);
    v->share.limited = false;
    if (v->queue_left[q]) {
        v->resume.fire = resume;
        v->resume.arg = v;
        machine_set_timer(v->dev->machine, &v->resume,
                          machine_now(v->dev->machine) + SHARE_PAUSE_NS);
    }
}

static void notify(struct virtio *v, uint32_t q)
{
    virtio_trace(v, "queue %u is notified", q);
    if (q >= v->queue_count || !v->queue_ready[q] || !virtio_is_live(v))
        return;
    virtio_begin(v);
    serve_queue(v, q);
    virtio_input_ready(v);
    virtio_end(v);
}

/* Go on with what a notification had left. */
static void resume(void *arg)
{
    struct virtio *v = arg;

    for (unsigned q = 0; q < v->queue_count; q++) {
        if (!v->queue_left[q])
            continue;
        v->queue_left[q] = 0;
        notify(v, q);
    }
}

/* --- registers -------------------------------------------------------------------------------- */

static uint32_t read_reg(struct virtio *v, uint64_t offset)
{
    unsigned q = v->queue_sel;

    switch (offset) {
    case VIRTIO_MMIO_DEVICE_FEATURES: return half(offered_features(v), v->device_features_sel);
    case VIRTIO_MMIO_QUEUE_NUM_MAX: return q < v->queue_count ? v->queue_max[q] : 0;
    case VIRTIO_MMIO_INTERRUPT_STATUS: return v->interrupt_status;
    case VIRTIO_MMIO_STATUS: return v->status;
    case VIRTIO_MMIO_QUEUE_PFN: return v->legacy && q < v->queue_count ? v->queue_pfn[q] : 0;
    case VIRTIO_MMIO_QUEUE_READY: return !v->legacy && q < v->queue_count ? v->queue_ready[q] : 0;
    case VIRTIO_MMIO_CONFIG_GENERATION: return v->legacy ? 0 : v->config_generation;
    case VIRTIO_MMIO_SHM_LEN_LOW:
    case VIRTIO_MMIO_SHM_LEN_HIGH: /* no device of ours has shared memory */
    case VIRTIO_MMIO_SHM_BASE_LOW:
    case VIRTIO_MMIO_SHM_BASE_HIGH: return v->legacy ? 0 : UINT32_MAX;
    default: return 0;
    }
}

static void write_reg(struct virtio *v, uint64_t offset, uint32_t value)
{
    switch (offset) {
    case VIRTIO_MMIO_DEVICE_FEATURES_SEL: v->device_features_sel = value; break;
    case VIRTIO_MMIO_DRIVER_FEATURES: set_driver_features(v, value); break;
    case VIRTIO_MMIO_DRIVER_FEATURES_SEL: v->driver_features_sel = value; break;
    case VIRTIO_MMIO_GUEST_PAGE_SIZE:
        if (v->legacy)
            v->guest_page_size = value;
        break;
    case VIRTIO_MMIO_QUEUE_SEL: v->queue_sel = value; break;
    case VIRTIO_MMIO_QUEUE_NOTIFY: notify(v, value); break;
    case VIRTIO_MMIO_INTERRUPT_ACK:
        virtio_trace(v, "interrupt 0x%x is acknowledged", value);
        v->interrupt_status &= (uint8_t)~value;
        device_set_irq(v->dev, v->interrupt_status != 0);
        break;
    case VIRTIO_MMIO_STATUS: set_status(v, (uint8_t)value); break;
    default: write_queue(v, offset, value); break;
    }
}

static bool in_config(const struct virtio *v, uint64_t offset, unsigned size)
{
    return offset < v->ops->config_size && size <= v->ops->config_size - offset;
}

static uint64_t read_config(struct virtio *v, uint64_t offset, unsigned size)
{
    if (size == 8)
        return read_config(v, offset, 4) | read_config(v, offset + 4, 4) << 32;
    if (!in_config(v, offset, size))
        return 0;
    return v->ops->config_read(v, (unsigned)offset, size);
}

static void write_config(struct virtio *v, uint64_t offset, unsigned size, uint64_t value)
{
    if (size == 8) {
        write_config(v, offset, 4, (uint32_t)value);
        write_config(v, offset + 4, 4, value >> 32);
    } else if (in_config(v, offset, size) && v->ops->config_write != NULL) {
        virtio_begin(v);
        v->ops->config_write(v, (unsigned)offset, size, value);
        virtio_end(v);
    }
}

/* Slots beyond QEMU's eight are there for their devices only. */
static bool exists(const struct device *dev)
{
    const struct virtio *v = dev->state;

    return v->ops != NULL || !dev->slot->optional;
}

static bool mmio_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    struct virtio *v = dev->state;

    if (!exists(dev))
        return false;
    if (offset >= VIRTIO_MMIO_CONFIG) {
        *value = v->ops != NULL ? read_config(v, offset - VIRTIO_MMIO_CONFIG, size) : 0;
        return true;
    }
    *value = 0;
    if (size != 4)
        return true;
    switch (offset) {
    case VIRTIO_MMIO_MAGIC_VALUE: *value = VIRTIO_MMIO_MAGIC; break;
    case VIRTIO_MMIO_VERSION: *value = dev->machine->virtio_legacy ? 1 : 2; break;
    case VIRTIO_MMIO_DEVICE_ID: *value = v->ops != NULL ? v->ops->device_id : 0; break;
    case VIRTIO_MMIO_VENDOR_ID: *value = VENDOR_ID; break;
    default: *value = v->ops != NULL ? read_reg(v, offset) : 0; break;
    }
    return true;
}

static bool mmio_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    struct virtio *v = dev->state;

    if (!exists(dev))
        return false;
    if (v->ops == NULL)
        return true;
    if (offset >= VIRTIO_MMIO_CONFIG)
        write_config(v, offset - VIRTIO_MMIO_CONFIG, size, value);
    else if (size == 4)
        write_reg(v, offset, (uint32_t)value);
    return true;
}

/* --- the slot --------------------------------------------------------------------------------- */

/* Bytes for a device that takes none are gone. */
static size_t mmio_input(struct device *dev, unsigned channel, const uint8_t *bytes, size_t n)
{
    struct virtio *v = dev->state;
    size_t taken;

    if (v->ops == NULL || v->ops->input == NULL)
        return n;
    virtio_begin(v);
    taken = v->ops->input(v, channel, bytes, n);
    virtio_end(v);
    return taken;
}

static void mmio_reset(struct device *dev)
{
    struct virtio *v = dev->state;

    if (v->ops == NULL)
        return;
    state_reset(v->model, v->ops->fields, v->ops->field_count);
    default_queues(v);
    if (v->ops->reset != NULL)
        v->ops->reset(v);
}

static void mmio_destroy(struct device *dev)
{
    struct virtio *v = dev->state;

    if (v->ops == NULL)
        return;
    if (v->ops->destroy != NULL && v->model != NULL)
        v->ops->destroy(v);
    free(v->model);
    free(v->segments);
}

const struct device_ops virtio_mmio_device = {
    .name = "virtio_mmio",
    .node = "virtio_mmio",
    .compatible = {"virtio,mmio"},
    .sizes = 1 | 2 | 4 | 8,
    .state_size = sizeof(struct virtio),
    .fields = virtio_fields,
    .field_count = FIELD_COUNT,
    .exists = exists,
    .reset = mmio_reset,
    .destroy = mmio_destroy,
    .read = mmio_read,
    .write = mmio_write,
    .input = mmio_input,
};
