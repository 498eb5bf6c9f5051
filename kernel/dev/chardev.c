/* The list of character devices, and who is told of them. */
#include "kernel/dev/dev.h"
#include "kernel/sched/sched.h"

static struct chardev *devices;
static const struct chardev_listener *listener;
static struct spinlock list_lock = SPINLOCK_INIT; /* both */

void chardev_register(struct chardev *dev)
{
    spin_lock(&list_lock);
    struct chardev **p = &devices;
    while (*p)
        p = &(*p)->next;
    *p = dev;
    const struct chardev_listener *l = listener;
    spin_unlock(&list_lock);
    if (l)
        l->added(dev);
}

void chardev_listen(const struct chardev_listener *new_listener)
{
    spin_lock(&list_lock);
    struct chardev *last = devices; /* those after it will announce themselves */
    while (last && last->next)
        last = last->next;
    __atomic_store_n(&listener, new_listener, __ATOMIC_RELEASE);
    spin_unlock(&list_lock);
    for (struct chardev *dev = devices; last && dev; dev = dev == last ? NULL : dev->next)
        new_listener->added(dev);
}

void chardev_ready(void)
{
    const struct chardev_listener *l = __atomic_load_n(&listener, __ATOMIC_ACQUIRE);
    if (l)
        l->ready();
}
