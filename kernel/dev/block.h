#pragma once
/*
 * Block devices: disks of a driver, and requests to them. Requests are asynchronous, any number may
 * be under way, and they may end in any order: who needs an order waits. What has been written is
 * safe from a power failure only after a flush that was submitted when the write had ended.
 *
 * There is no cache and no waiting here: fs has the page cache, and /dev/NAME.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lib/list.h"

#define BLOCK_SECTOR   512u /* bytes; what all sector numbers count, whatever the block size */
#define BLOCK_SEGS_MAX 64u  /* no device takes more segments in a request */

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH, BLOCK_DISCARD };

/* Memory of the page allocator or kmalloc(), not crossing a page boundary. */
struct block_seg {
    void *va;
    uint32_t len; /* bytes: a multiple of the device's block size */
};

struct block_request {
    enum block_op op;
    uint64_t sector;              /* the first; not of a flush */
    uint64_t count;               /* of a discard: sectors, at most max_discard */
    const struct block_seg *segs; /* of reads and writes; they and the memory stay until the end */
    unsigned seg_count;           /* 1 to the device's max_segs */
    /*
     * The end: 0; -EIO; -EOPNOTSUPP (flush, discard); -EPERM for changes to a read-only device;
     * -EINVAL for a request the device cannot take. Interrupt context, or the submitter's before
     * block_submit() returns. The request is the submitter's again.
     */
    void (*done)(struct block_request *request, int error);
    struct list link; /* the driver's */
};

struct block_device;

struct block_ops {
    /* Starts a checked request. Any context. */
    void (*submit)(struct block_device *dev, struct block_request *request);
};

struct block_device {
    const char *name; /* /dev/NAME */
    uint32_t major, minor;
    uint64_t sectors;       /* may change, see block_sectors() */
    uint32_t block_size;    /* bytes: a power of two, BLOCK_SECTOR to a page */
    uint32_t physical_size; /* bytes: what the device would like to write at a time */
    unsigned max_segs;
    uint32_t max_discard; /* sectors in one discard; 0: it cannot */
    bool read_only;
    const struct block_ops *ops;
    void *priv;
    /* The listener's: its size has changed. Any context without locks; NULL at first. */
    void (*resized)(struct block_device *dev, uint64_t before);
    void *user; /* for resized() */
    struct block_device *next;
};

/* Adds a device; it lives for ever. Its node appears as soon as there is a /dev. Thread context. */
void block_register(struct block_device *dev);

/* How large it is now, and the driver's way to change that. Any context, the latter no locks. */
uint64_t block_sectors(struct block_device *dev);
void block_set_sectors(struct block_device *dev, uint64_t sectors);

/* Checks and starts a request; everything else comes by done(). Any context, no locks of done()'s.
 */
void block_submit(struct block_device *dev, struct block_request *request);

/* How the file system layer hears of devices: registered once, told of earlier ones at once. */
void block_listen(void (*added)(struct block_device *dev));
