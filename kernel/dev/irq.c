/* Interrupt sources and their handlers. */
#include "abi/errno.h"
#include "kernel/dev/dev.h"
#include "kernel/klog.h"
#include "kernel/sched/sched.h"

#define IRQ_TABLE 128 /* sources a handler can be connected to */

static struct irq {
    irq_handler_fn *handler;
    void *arg;
    const char *name;
    unsigned long count; /* atomic */
} irqs[IRQ_TABLE];

static const struct irq_chip *chip;
static unsigned source_count;
static struct spinlock irq_lock = SPINLOCK_INIT;

void irq_set_chip(const struct irq_chip *new_chip, unsigned sources)
{
    chip = new_chip;
    source_count = sources < IRQ_TABLE ? sources : IRQ_TABLE;
}

int irq_request(unsigned irq, irq_handler_fn *handler, void *arg, const char *name)
{
    if (!chip)
        return -ENODEV;
    if (irq == 0 || irq >= source_count)
        return -EINVAL;
    int err = -EBUSY;
    spin_lock(&irq_lock);
    if (!irqs[irq].handler) {
        irqs[irq].arg = arg;
        irqs[irq].name = name;
        /* Last: irq_dispatch() takes no lock. */
        __atomic_store_n(&irqs[irq].handler, handler, __ATOMIC_RELEASE);
        err = 0;
    }
    spin_unlock(&irq_lock);
    if (err == 0)
        chip->enable(irq);
    return err;
}

void irq_dispatch(unsigned irq)
{
    irq_handler_fn *handler =
        irq < IRQ_TABLE ? __atomic_load_n(&irqs[irq].handler, __ATOMIC_ACQUIRE) : NULL;
    if (!handler) {
        klog(LOG_WARNING, "irq: nobody handles interrupt %u", irq);
        return;
    }
    __atomic_add_fetch(&irqs[irq].count, 1, __ATOMIC_RELAXED);
    handler(irqs[irq].arg);
}

bool irq_info(unsigned irq, const char **name, unsigned long *count)
{
    if (irq >= IRQ_TABLE || !__atomic_load_n(&irqs[irq].handler, __ATOMIC_ACQUIRE))
        return false;
    *name = irqs[irq].name;
    *count = __atomic_load_n(&irqs[irq].count, __ATOMIC_RELAXED);
    return true;
}
