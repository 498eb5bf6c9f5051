/* /dev/events: a queue of input events for every opening (abi/events.h). */
#include "abi/events.h"
#include "abi/errno.h"
#include "abi/ioctl.h"
#include "abi/poll.h"
#include "kernel/dev/dev.h"
#include "kernel/dev/input.h"
#include "kernel/mm/mm.h"
#include "kernel/mm/uaccess.h"
#include "kernel/sched/sched.h"
#include "lib/fmt.h"
#include "lib/string.h"

/* An opening. */
struct client {
    struct chardev dev; /* with priv pointing here */
    struct list link;
    unsigned mode;       /* EVENTS_BLOCK, EVENTS_POINTER */
    unsigned head, used; /* of queue: the oldest, and how many */
    struct waitq readers;
    struct event queue[EVENTS_QUEUE_MAX];
};

static struct list clients = LIST_INIT(clients);
static struct spinlock clients_lock = SPINLOCK_INIT; /* the list and what is in the clients */

/* ---- in */

static bool wants(const struct client *client, enum event_kind kind)
{
    return kind == EVENT_KEY_DOWN || kind == EVENT_KEY_UP || client->mode & EVENTS_POINTER;
}

static void push(struct client *client, struct event event)
{
    if (client->used == EVENTS_QUEUE_MAX) {
        client->head = (client->head + 1) % EVENTS_QUEUE_MAX;
        client->used--;
    }
    client->queue[(client->head + client->used++) % EVENTS_QUEUE_MAX] = event;
    waitq_wake_one(&client->readers);
}

void events_post(enum event_kind kind, unsigned a, unsigned b)
{
    struct event event = {(uint8_t)kind, (uint16_t)a, (uint16_t)b};
    spin_lock(&clients_lock);
    struct client *client;
    list_for_each_entry (client, &clients, link) {
        if (wants(client, kind))
            push(client, event);
    }
    spin_unlock(&clients_lock);
    chardev_ready();
}

/* ---- out */

#define KEY(name, evdev, usage, am) \
    _Static_assert(sizeof "kd " #name "\n" <= EVENTS_LINE_MAX, "too long a name");
#include "hw/key.def"

/* The line of an event, without a NUL: its length. */
static size_t line_of(const struct event *event, char line[EVENTS_LINE_MAX])
{
    static const char *const words[] = {"kd", "ku", "mm", "md", "mu"};
    const char *word = words[event->kind];
    int n;
    if (event->kind == EVENT_KEY_DOWN || event->kind == EVENT_KEY_UP)
        n = fmt_snprint(line, EVENTS_LINE_MAX, "%s %s\n", word, input_key_name(event->a));
    else if (event->kind == EVENT_MOVE)
        n = fmt_snprint(line, EVENTS_LINE_MAX, "%s %u %u\n", word, event->a, event->b);
    else
        n = fmt_snprint(line, EVENTS_LINE_MAX, "%s %u\n", word, event->a);
    return (size_t)n;
}

/* Waits for an event if the opening waits for events. 1: there is one, 0: there is none. */
static int wait_event(struct client *client, unsigned flags)
{
    int err = 0;
    while (client->used == 0 && err == 0) {
        if (!(client->mode & EVENTS_BLOCK))
            return 0;
        if (flags & CHARDEV_NONBLOCK)
            return -EAGAIN;
        err = waitq_sleep(&client->readers, &clients_lock);
    }
    return err < 0 ? err : 1;
}

static long events_read(struct chardev *dev, void *buf, size_t n, int64_t pos, unsigned flags)
{
    struct client *client = dev->priv;
    char line[EVENTS_LINE_MAX];
    if (n == 0)
        return 0;
    spin_lock(&clients_lock);
    long result = wait_event(client, flags);
    if (result > 0) {
        size_t size = line_of(&client->queue[client->head], line);
        result = size <= n ? (long)size : -EINVAL;
    }
    if (result > 0) {
        client->head = (client->head + 1) % EVENTS_QUEUE_MAX;
        client->used--;
    }
    spin_unlock(&clients_lock);
    if (result > 0)
        memcpy(buf, line, (size_t)result);
    return result;
}

static unsigned events_poll(struct chardev *dev)
{
    struct client *client = dev->priv;
    spin_lock(&clients_lock);
    unsigned ready = client->used > 0 ? POLLIN | POLLRDNORM : 0;
    spin_unlock(&clients_lock);
    return ready;
}

static long set_mode(struct client *client, uintptr_t mode)
{
    if (mode & ~(uintptr_t)(EVENTS_BLOCK | EVENTS_POINTER))
        return -EINVAL;
    spin_lock(&clients_lock);
    client->mode = (unsigned)mode;
    spin_unlock(&clients_lock);
    waitq_wake_all(&client->readers); /* they may not have to wait any more */
    return 0;
}

static long events_ioctl(struct chardev *dev, uint32_t request, uintptr_t arg)
{
    struct client *client = dev->priv;
    char line[EVENTS_LINE_MAX];
    if (request == EVENTS_SETMODE)
        return set_mode(client, arg);
    if (request != FIONREAD)
        return -ENOTTY;
    spin_lock(&clients_lock);
    int32_t size = client->used > 0 ? (int32_t)line_of(&client->queue[client->head], line) : 0;
    spin_unlock(&clients_lock);
    return copy_out(uaddr_of(arg), &size, sizeof size);
}

/* ---- openings */

static int events_open(struct chardev **dev, unsigned flags)
{
    struct client *client = kzalloc(sizeof *client);
    if (!client)
        return -ENOMEM;
    client->dev = **dev;
    client->dev.priv = client;
    waitq_init(&client->readers);
    spin_lock(&clients_lock);
    list_add(&clients, &client->link);
    spin_unlock(&clients_lock);
    *dev = &client->dev;
    return 0;
}

static void events_close(struct chardev *dev)
{
    struct client *client = dev->priv;
    spin_lock(&clients_lock);
    list_del(&client->link);
    spin_unlock(&clients_lock);
    kfree(client);
}

static const struct chardev_ops events_ops = {
    .open = events_open,
    .close = events_close,
    .read = events_read,
    .ioctl = events_ioctl,
    .poll = events_poll,
};

void events_init(void)
{
    static struct chardev device = {"events", 13, 63, 0666, true, &events_ops, NULL, NULL};
    static bool done;
    if (!done)
        chardev_register(&device);
    done = true;
}
