#pragma once
/*
 * Devices: drivers found through the device tree, their interrupts, and the faces they show to the
 * layers above: character devices (which fs/ turns into files), the console, the wall clock, random
 * numbers.
 *
 * A driver is one file with a `struct driver` named in the table of driver.c: compatible strings
 * and a probe function. It learns every address and interrupt number from the device tree.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdt;

/* Probes all drivers. Boot hart, after mm_init(), interrupts may be on. Before console_init(). */
void dev_init(void);

struct driver {
    const char *name;              /* for the log */
    const char *const *compatible; /* NULL-terminated */
    /* Sets up the device at `node`: 0 or an error, which is logged and costs only this device. */
    int (*probe)(struct fdt *fdt, int node);
};

/* Registers of `node`'s reg entry `index`, mapped; NULL if there are none or they cannot be. */
void *dev_map_reg(struct fdt *fdt, int node, int index);
/* The node's first interrupt number at the platform's interrupt controller; 0: none. */
unsigned dev_irq(struct fdt *fdt, int node);

/* ---------------------------------------------------------------- interrupts */

#define IRQ_MAX 1024

/* Called in interrupt context with no locks held. */
typedef void irq_handler_fn(void *arg);

/* Connects and enables an interrupt source: 0, -EBUSY, -EINVAL, -ENODEV without a controller. */
int irq_request(unsigned irq, irq_handler_fn *handler, void *arg, const char *name);

/* What the controller's driver supplies. */
struct irq_chip {
    void (*enable)(unsigned irq);
};
void irq_set_chip(const struct irq_chip *chip, unsigned sources);
/* Runs the handler of a claimed source; called by the controller's driver. */
void irq_dispatch(unsigned irq);

/* For /proc/interrupts: false when nobody has asked for `irq`. */
bool irq_info(unsigned irq, const char **name, unsigned long *count);

/* ---------------------------------------------------------------- character devices */

enum chardev_flags {
    CHARDEV_NONBLOCK = 1 << 0,
    CHARDEV_NOCTTY = 1 << 1, /* opening must not make it the controlling terminal */
};

struct chardev;

/* Thread context, no locks held. Buffers are kernel memory. NULL entries: -EINVAL or nothing. */
struct chardev_ops {
    /*
     * May replace *dev by a device of this opening's own, which the other functions then get and
     * close() frees.
     */
    int (*open)(struct chardev **dev, unsigned flags);
    void (*close)(struct chardev *dev); /* the last descriptor of the opening is gone */
    /* At most n bytes: the count, 0 at the end of input, -EAGAIN, -EINTR... */
    long (*read)(struct chardev *dev, void *buf, size_t n, int64_t pos, unsigned flags);
    long (*write)(struct chardev *dev, const void *buf, size_t n, int64_t pos, unsigned flags);
    /* arg is a value or user address, as the request says. */
    long (*ioctl)(struct chardev *dev, uint32_t request, uintptr_t arg);
    unsigned (*poll)(struct chardev *dev); /* POLLIN... of abi/poll.h; NULL: always ready */
    int64_t (*size)(struct chardev *dev);  /* bytes, for SEEK_END; NULL: 0 */
    int (*fsync)(struct chardev *dev);     /* NULL: nothing is ever behind */
};

struct chardev {
    const char *name; /* /dev/NAME */
    uint32_t major, minor;
    uint32_t mode; /* permission bits */
    bool stream;   /* has no position */
    const struct chardev_ops *ops;
    void *priv;
    struct chardev *next;
};

/* Adds a device; it lives for ever. Its node appears as soon as there is a /dev. */
void chardev_register(struct chardev *dev);
/* The readiness poll() reports has changed. Any context. */
void chardev_ready(void);

/* How the file system layer hears of devices; registered once, told of earlier ones at once. */
struct chardev_listener {
    void (*added)(struct chardev *dev);
    void (*ready)(void);
};
void chardev_listen(const struct chardev_listener *listener);

/* ---------------------------------------------------------------- the console */

/*
 * Picks the console: `name` as in console= (with anything from a comma on ignored), NULL for the
 * default, which is the first serial port, or else the firmware's console. Directs the kernel log
 * there and registers /dev/console, /dev/tty and the device's own name.
 */
void console_init(const char *name);

/* A session leader has gone: the terminal belongs to no session any more. Any context. */
void console_session_end(int session);

/* ---------------------------------------------------------------- clock and random numbers */

/* Nanoseconds since 1970 UTC: the RTC's reading at boot plus time_ns(); since boot without an RTC.
 */
int64_t clock_realtime_ns(void);
/* Sets it (clock_settime, adjustments). */
void clock_set_realtime_ns(int64_t now);
/* The driver of a clock chip says what time it is now. */
void clock_set_source(int64_t (*read_ns)(void));

/* Unpredictable bytes as far as the machine gives entropy. Any context. */
void random_bytes(void *buf, size_t n);
/* Mixes more of it in. */
void random_add(const void *data, size_t n);
