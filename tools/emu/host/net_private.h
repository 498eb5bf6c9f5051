#pragma once
/* What the networks of the host's side share. */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/backend.h"

/*
 * A frame for the guest. It is dropped when no device has taken the network, or so much waits for
 * the guest that it seems not to look.
 */
void net_input(struct net_backend *b, const uint8_t *frame, size_t n);

/* Free what net_options.c has given it. */
void net_free_names(struct net_backend *b);

/* Frames from the guest, put in on any thread and taken out on the session's. */
struct net_queue {
    pthread_mutex_t lock;
    struct net_frame *first, **last;
    size_t bytes;
};

void net_queue_init(struct net_queue *q);
void net_queue_destroy(struct net_queue *q);

/* Copies the frame and wakes the session's thread; drops it when there are too many. */
void net_queue_put(struct net_queue *q, const uint8_t *frame, size_t n);
bool net_queue_is_empty(struct net_queue *q);

/* Take all out, in order; the lock is not held during take(). */
void net_queue_drain(struct net_queue *q, void (*take)(void *arg, const uint8_t *frame, size_t n),
                     void *arg);
