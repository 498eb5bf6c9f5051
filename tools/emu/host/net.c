/* What the networks of the host's side share: frames in both directions. */
#include "tools/emu/host/net.h"

#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/host.h"
#include "tools/emu/host/net_private.h"
#include "tools/emu/machine.h"

/* Bytes that may wait in one direction: some hundred frames, more than a TCP window commonly has.
 */
enum { WAITING_MAX = 1 << 20 };

struct net_frame {
    struct net_frame *next;
    size_t size;
    uint8_t bytes[];
};

void net_input(struct net_backend *net, const uint8_t *frame, size_t n)
{
    const struct backend *b = &net->backend;

    if (b->machine != NULL && machine_input_waiting(b->machine, b->source) + n <= WAITING_MAX)
        machine_input(b->machine, machine_now(b->machine), b->source, frame, n);
}

void net_free_names(struct net_backend *b)
{
    free((char *)(uintptr_t)b->backend.id);
    free((char *)(uintptr_t)b->backend.device);
}

void net_queue_init(struct net_queue *q)
{
    *q = (struct net_queue){.last = &q->first};
    pthread_mutex_init(&q->lock, NULL);
}

static struct net_frame *take_all(struct net_queue *q)
{
    struct net_frame *first;

    pthread_mutex_lock(&q->lock);
    first = q->first;
    q->first = NULL;
    q->last = &q->first;
    q->bytes = 0;
    pthread_mutex_unlock(&q->lock);
    return first;
}

static void ignore(void *arg, const uint8_t *frame, size_t n)
{
    (void)arg;
    (void)frame;
    (void)n;
}

void net_queue_destroy(struct net_queue *q)
{
    net_queue_drain(q, ignore, NULL);
    pthread_mutex_destroy(&q->lock);
}

void net_queue_put(struct net_queue *q, const uint8_t *frame, size_t n)
{
    struct net_frame *copy = malloc(sizeof *copy + n);
    bool was_empty = false;

    if (copy == NULL)
        return;
    copy->next = NULL;
    copy->size = n;
    memcpy(copy->bytes, frame, n);
    pthread_mutex_lock(&q->lock);
    if (q->bytes + n <= WAITING_MAX) {
        was_empty = q->first == NULL;
        *q->last = copy;
        q->last = &copy->next;
        q->bytes += n;
        copy = NULL;
    }
    pthread_mutex_unlock(&q->lock);
    free(copy);
    if (was_empty)
        host_poll_wake();
}

bool net_queue_is_empty(struct net_queue *q)
{
    bool empty;

    pthread_mutex_lock(&q->lock);
    empty = q->first == NULL;
    pthread_mutex_unlock(&q->lock);
    return empty;
}

void net_queue_drain(struct net_queue *q, void (*take)(void *arg, const uint8_t *frame, size_t n),
                     void *arg)
{
    struct net_frame *next;

    for (struct net_frame *frame = take_all(q); frame != NULL; frame = next) {
        next = frame->next;
        take(arg, frame->bytes, frame->size);
        free(frame);
    }
}
