#pragma once
/*
 * Block devices for fs/ in host tests: image files. Requests do not end at once but, in an order
 * that chance decides, when somebody waits (waitq_sleep_hard(), waitq_sleep_killable()) or the test
 * calls block_host_end_one().
 */
#include <stdbool.h>
#include "fs/port.h"

struct block_host {
    struct block_device dev; /* name, number, sizes: the test's to fill in */
    int fd;                  /* the image */
    uint64_t sectors;
    /* What happened. */
    unsigned long reads, writes, flushes, discards; /* requests */
    unsigned long sectors_read, sectors_written;
    unsigned long unflushed; /* writes since the last flush */
    unsigned most;           /* requests under way at the same time */
    /* What shall happen: requests that touch this sector end with -EIO. UINT64_MAX: none. */
    uint64_t bad_read, bad_write;
};

/* A device over an image file of `sectors` sectors; dev.priv is the struct itself. */
void block_host_init(struct block_host *disk, const char *name, uint32_t minor, int fd,
                     uint64_t sectors);

/* Carries out and ends one of the requests under way; false: there is none. */
bool block_host_end_one(void);
