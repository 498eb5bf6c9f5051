/* A machine's life: creation, reset, time, input. Running it is machine_run.c. */
#include "tools/emu/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/dev/virtio.h"
#include "tools/emu/htif.h"

#define NS_PER_S UINT64_C(1000000000)

/* A hart's interrupt inputs, as numbers in mip. */
static const uint8_t irq_bits[] = {1, 3, 5, 7, 9, 11};

static bool op_mmio_read(void *opaque, struct hart *hart, uint64_t paddr, unsigned size,
                         uint64_t *value)
{
    struct machine *m = opaque;
    bool answered;

    machine_lock(m);
    m->accessing = hart;
    answered = machine_bus_read(m, paddr, size, value);
    m->accessing = NULL;
    machine_unlock(m);
    return answered;
}

static bool op_mmio_write(void *opaque, struct hart *hart, uint64_t paddr, unsigned size,
                          uint64_t value)
{
    struct machine *m = opaque;
    bool answered;

    machine_lock(m);
    m->accessing = hart;
    answered = machine_bus_write(m, paddr, size, value);
    m->accessing = NULL;
    machine_unlock(m);
    return answered;
}

static bool op_mmio_present(void *opaque, uint64_t paddr)
{
    return machine_bus_present(opaque, paddr);
}

static void op_stored(void *opaque, struct hart *hart, uint64_t paddr, unsigned size, bool done)
{
    struct machine *m = opaque;

    (void)hart;
    machine_lock(m);
    if (m->htif != NULL)
        htif_stored(m->htif, paddr, size, done);
    machine_unlock(m);
}

static uint64_t op_time(void *opaque, struct hart *hart)
{
    (void)hart;
    return machine_mtime(opaque);
}

static void op_yield(void *opaque, struct hart *hart)
{
    machine_yield(opaque, hart);
}

/* The slice was cut to end at the next deadline known when it began: look again. */
static void op_deadline_changed(void *opaque, struct hart *hart)
{
    const struct machine *m = opaque;

    if (m->current == hart)
        hart_stop(hart);
}

static void op_pmp_changed(void *opaque, struct hart *hart)
{
    machine_pmp_changed(opaque, hart);
}

static bool op_exception(void *opaque, struct hart *hart, unsigned cause, uint64_t tval)
{
    struct machine *m = opaque;
    bool done;

    machine_lock(m);
    done = m->type->exception(m, hart, cause, tval);
    machine_unlock(m);
    return done;
}

static void op_stuck(void *opaque, struct hart *hart);

#define COMMON_OPS                                                                           \
    .mmio_read = op_mmio_read, .mmio_write = op_mmio_write, .mmio_present = op_mmio_present, \
    .stored = op_stored, .time = op_time, .yield = op_yield,                                 \
    .deadline_changed = op_deadline_changed, .pmp_changed = op_pmp_changed, .stuck = op_stuck

static const struct hart_ops hart_ops = {COMMON_OPS};
/* Of machine types that look at exceptions. */
static const struct hart_ops hart_ops_exception = {COMMON_OPS, .exception = op_exception};

__attribute__((format(printf, 3, 4))) static bool fail(char *err, size_t err_size, const char *fmt,
                                                       ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(err, err_size, fmt, ap);
    va_end(ap);
    return false;
}

static bool create_memory(struct machine *m, uint64_t size, unsigned harts, char *err,
                          size_t err_size)
{
    const struct machine_type *type = m->type;

    if (type->dram_max != 0 && size > type->dram_max)
        return fail(err, err_size, "machine %s has at most %llu MiB of memory", type->name,
                    (unsigned long long)type->dram_max >> 20);
    m->ram = ram_create(type->dram_base, size);
    if (m->ram == NULL)
        return fail(err, err_size, "cannot reserve %llu MiB of guest memory",
                    (unsigned long long)size >> 20);
    if (type->rom_size != 0 &&
        ram_add_region(m->ram, type->rom_base, type->rom_size, RAM_GUEST_READONLY) != 0)
        return fail(err, err_size, "out of memory");
    for (size_t i = 0; i < type->region_count; i++)
        if (ram_add_region(m->ram, type->regions[i].base, type->regions[i].size, 0) != 0)
            return fail(err, err_size, "out of memory");
    if (harts > 1 && ram_share(m->ram, vclock_is_real(&m->clock)) != 0)
        return fail(err, err_size, "out of memory");
    return true;
}

static bool create_harts(struct machine *m, unsigned count, char *err, size_t err_size)
{
    if (count == 0 || count > m->type->max_harts || count > MACHINE_MAX_HARTS)
        return fail(err, err_size, "machine %s has 1 to %u harts, not %u", m->type->name,
                    m->type->max_harts, count);
    for (unsigned i = 0; i < count; i++) {
        const struct hart_config config = {
            .isa = m->isa,
            .id = i,
            .reset_pc = m->type->rom_size != 0 ? m->type->rom_base : m->type->dram_base,
            .quirks = m->type->hart_quirks,
            .ops = m->type->exception != NULL ? &hart_ops_exception : &hart_ops,
            .opaque = m,
            .ram = m->ram,
        };
        m->harts[i] = hart_create(&config);
        if (m->harts[i] == NULL)
            return fail(err, err_size, "out of memory");
        m->hart_count = i + 1;
    }
    if (count > 1 && vclock_is_real(&m->clock) && !machine_threads_create(m))
        return fail(err, err_size, "out of memory");
    return true;
}

static bool create_devices(struct machine *m, char *err, size_t err_size)
{
    const struct machine_type *type = m->type;

    if (type->slot_count > MACHINE_MAX_DEVICES)
        return fail(err, err_size, "machine %s has too many devices", type->name);
    for (unsigned i = 0; i < type->slot_count; i++) {
        const struct device_slot *slot = &type->slots[i];
        struct device *dev = calloc(1, sizeof *dev);
        void *state = calloc(1, slot->ops->state_size != 0 ? slot->ops->state_size : 1);
        if (dev == NULL || state == NULL) {
            free(dev);
            free(state);
            return fail(err, err_size, "out of memory");
        }
        *dev = (struct device){
            .ops = slot->ops, .slot = slot, .machine = m, .state = state, .index = i};
        dev->phandle = MACHINE_MAX_HARTS * 2 + 1 + i;
        m->devices[m->device_count++] = dev;
        if (m->intc == NULL && slot->ops->interrupt != NULL)
            m->intc = dev;
    }
    if (!machine_bus_wire(m))
        return fail(err, err_size, "machine %s has devices that overlap", type->name);
    for (unsigned i = 0; i < m->device_count; i++)
        if (m->devices[i]->ops->init != NULL)
            m->devices[i]->ops->init(m->devices[i]);
    return true;
}

static bool attach_devices(struct machine *m, const struct machine_config *config, char *err,
                           size_t err_size)
{
    for (unsigned i = 0; i < config->attachment_count; i++) {
        const struct machine_attachment *a = &config->attachments[i];
        char why[128];
        if (!virtio_attach(m, a->ops, a->props, why, sizeof why))
            return fail(err, err_size, "-device %s: %s", a->ops->name, why);
    }
    return true;
}

struct machine *machine_create(const struct machine_config *config, char *err, size_t err_size)
{
    struct machine *m = calloc(1, sizeof *m);

    if (m == NULL) {
        fail(err, err_size, "out of memory");
        return NULL;
    }
    m->type = config->type;
    m->host = config->host;
    m->isa = config->isa;
    m->wall_ns = config->wall_ns;
    m->backends = config->backends;
    m->virtio_legacy = config->virtio_legacy;
    m->aclint = config->aclint;
    vclock_init(&m->clock, config->icount_ns, m->host.now_ns, m->host.arg);
    if (!create_memory(m, config->ram_size, config->hart_count, err, err_size) ||
        !create_harts(m, config->hart_count, err, err_size) || !create_devices(m, err, err_size) ||
        !attach_devices(m, config, err, err_size)) {
        machine_destroy(m);
        return NULL;
    }
    return m;
}

void machine_destroy(struct machine *m)
{
    if (m == NULL)
        return;
    machine_threads_destroy(m);
    machine_drop_events(m);
    htif_destroy(m->htif);
    for (unsigned i = 0; i < m->device_count; i++) {
        if (m->devices[i]->ops->destroy != NULL)
            m->devices[i]->ops->destroy(m->devices[i]);
        free(m->devices[i]->state);
        free(m->devices[i]);
    }
    for (unsigned i = 0; i < m->hart_count; i++)
        hart_destroy(m->harts[i]);
    while (m->images != NULL) {
        struct machine_image *image = m->images;
        m->images = image->next;
        free(image);
    }
    if (m->ram != NULL)
        ram_destroy(m->ram);
    free(m);
}

/* Put the images into memory. Returns 0, or -1. */
static int load_images(struct machine *m)
{
    for (const struct machine_image *image = m->images; image != NULL; image = image->next) {
        if (image->data != NULL)
            ram_write(m->ram, image->addr, image->data, image->data_size);
        else if (!image->fetch(image->arg, ram_dma_ptr(m->ram, image->addr, image->data_size),
                               image->data_size))
            return -1;
        ram_fill(m->ram, image->addr + image->data_size, 0, image->size - image->data_size);
    }
    return 0;
}

int machine_reset(struct machine *m)
{
    m->exit_pending = false;
    m->next_hart = 0;
    m->slice_rest = 0;
    machine_set_mtime(m, 0);
    for (unsigned i = 0; i < m->hart_count; i++)
        for (unsigned k = 0; k < sizeof irq_bits; k++)
            hart_set_irq(m->harts[i], irq_bits[k], false);
    for (unsigned i = 0; i < m->device_count; i++) {
        m->devices[i]->irq_level = false;
        state_reset(m->devices[i]->state, m->devices[i]->ops->fields,
                    m->devices[i]->ops->field_count);
    }
    for (unsigned i = 0; i < m->device_count; i++)
        if (m->devices[i]->ops->reset != NULL)
            m->devices[i]->ops->reset(m->devices[i]);
    if (m->htif != NULL)
        htif_reset(m->htif);
    if (load_images(m) != 0)
        return -1;
    for (unsigned i = 0; i < m->hart_count; i++) {
        m->stimer_seen[i] = UINT64_MAX;
        hart_reset(m->harts[i]);
    }
    machine_start_together(m);
    return 0;
}

static int add_image(struct machine *m, const struct machine_image *image)
{
    struct machine_image **link = &m->images;

    if (image->data_size > image->size ||
        (image->size != 0 && ram_host(m->ram, image->addr, image->size) == NULL))
        return -1;
    while (*link != NULL)
        link = &(*link)->next;
    *link = malloc(sizeof **link);
    if (*link == NULL)
        return -1;
    **link = *image;
    return 0;
}

int machine_add_image(struct machine *m, uint64_t addr, uint64_t size, const void *data,
                      uint64_t data_size)
{
    return add_image(m, &(struct machine_image){
                            .addr = addr, .size = size, .data = data, .data_size = data_size});
}

int machine_add_fetched_image(struct machine *m, uint64_t addr, uint64_t size,
                              bool (*fetch)(void *arg, void *to, uint64_t data_size), void *arg,
                              uint64_t data_size)
{
    return add_image(
        m, &(struct machine_image){
               .addr = addr, .size = size, .data_size = data_size, .fetch = fetch, .arg = arg});
}

struct device *machine_device(struct machine *m, const char *type_name, unsigned n)
{
    for (unsigned i = 0; i < m->device_count; i++)
        if (strcmp(m->devices[i]->ops->name, type_name) == 0 && n-- == 0)
            return m->devices[i];
    return NULL;
}

struct device *machine_console(struct machine *m)
{
    for (unsigned i = 0; i < m->device_count; i++)
        if (m->devices[i]->ops->is_console)
            return m->devices[i];
    return NULL;
}

struct backend *machine_take_backend(struct device *dev, enum backend_kind kind)
{
    for (struct backend *b = dev->machine->backends; b != NULL; b = b->next) {
        if (b->kind != kind || b->taken)
            continue;
        b->taken = true;
        b->machine = dev->machine;
        b->source = machine_source(dev, 0);
        return b;
    }
    return NULL;
}

/* --- time ------------------------------------------------------------------------------------ */

uint64_t machine_now(struct machine *m)
{
    uint64_t now = vclock_now(&m->clock);

    if (m->current != NULL && !vclock_is_real(&m->clock))
        now += (hart_instret(m->current) - m->slice_instret) * m->clock.ns_per_insn;
    return now;
}

static uint64_t ns_to_ticks(const struct machine *m, uint64_t ns)
{
    uint64_t hz = m->type->timebase_hz;

    if (NS_PER_S % hz == 0)
        return ns / (NS_PER_S / hz);
    return (uint64_t)((unsigned __int128)ns * hz / NS_PER_S);
}

uint64_t machine_mtime(struct machine *m)
{
    return ns_to_ticks(m, machine_now(m)) + __atomic_load_n(&m->mtime_offset, __ATOMIC_RELAXED);
}

void machine_set_mtime(struct machine *m, uint64_t ticks)
{
    __atomic_store_n(&m->mtime_offset, ticks - ns_to_ticks(m, machine_now(m)), __ATOMIC_RELAXED);
    /* The harts' own timers expire at other times now. */
    for (unsigned i = 0; i < m->hart_count; i++) {
        m->stimer_seen[i] = UINT64_MAX;
        machine_wake_hart(m, i);
    }
}

uint64_t machine_mtime_deadline(struct machine *m, uint64_t ticks)
{
    uint64_t mtime = machine_mtime(m);
    uint64_t base = mtime - m->mtime_offset; /* ticks of machine time, which do not wrap */
    unsigned __int128 due, ns;

    if (ticks <= mtime)
        return machine_now(m);
    due = (unsigned __int128)base + (ticks - mtime);
    ns = (due * NS_PER_S + m->type->timebase_hz - 1) / m->type->timebase_hz;
    return ns < VCLOCK_NEVER ? (uint64_t)ns : VCLOCK_NEVER;
}

uint64_t machine_wall_ns(struct machine *m)
{
    return m->wall_ns + machine_now(m);
}

void machine_set_timer(struct machine *m, struct timer *timer, uint64_t deadline)
{
    vclock_set(&m->clock, timer, deadline);
    machine_kick_before(m, deadline);
    if (m->current != NULL && deadline < m->slice_end)
        hart_stop(m->current);
}

void machine_cancel_timer(struct machine *m, struct timer *timer)
{
    vclock_cancel(&m->clock, timer);
}

/* --- signals in and out ---------------------------------------------------------------------- */

void device_set_irq(struct device *dev, bool level)
{
    struct device *intc = dev->machine->intc;

    if (dev->irq_level == level)
        return;
    dev->irq_level = level;
    if (intc != NULL && dev->slot->irq != 0)
        intc->ops->interrupt(intc, dev->slot->irq, level);
}

void machine_set_hart_irq(struct machine *m, unsigned hart, unsigned bit, bool level)
{
    if (hart >= m->hart_count)
        return;
    hart_set_irq(m->harts[hart], bit, level);
    /* Another hart has something to do: do not let it wait for the end of this slice. */
    if (level)
        machine_wake_hart(m, hart);
    if (level && m->current != NULL && m->current != m->harts[hart])
        hart_stop(m->current);
}

void machine_output(struct device *dev, unsigned channel, const uint8_t *bytes, size_t n)
{
    struct machine *m = dev->machine;

    if (m->host.output != NULL)
        m->host.output(m->host.arg, machine_source(dev, channel), bytes, n);
}

/* What the guest asks for comes before what others want to know of. */
static void end_run(struct machine *m, const struct machine_exit *exit)
{
    bool weak = m->exit.reason == MACHINE_DEBUG || m->exit.reason == MACHINE_STUCK;

    if (m->exit_pending && (!weak || exit->reason == MACHINE_STUCK))
        return;
    m->exit = *exit;
    m->exit_pending = true;
    machine_halt(m);
    if (m->current != NULL)
        hart_stop(m->current);
}

static void op_stuck(void *opaque, struct hart *hart)
{
    machine_lock(opaque);
    end_run(opaque, &(struct machine_exit){.reason = MACHINE_STUCK, .hart = hart_id(hart)});
    machine_unlock(opaque);
}

void machine_power_off(struct machine *m, int code)
{
    end_run(m, &(struct machine_exit){.reason = MACHINE_POWEROFF, .code = code});
}

void machine_request_reset(struct machine *m)
{
    end_run(m, &(struct machine_exit){.reason = MACHINE_RESET});
}
