#pragma once
/*
 * Character devices: where a serial line or a console of the guest goes on the host. Each is a
 * character_backend (backend.h) that a device takes; what arrives enters by machine_input(), no
 * faster than the device takes it.
 *
 * Output is queued and written by the session's thread. While a queue is full its writer waits:
 * for ever on stdio and files, else for a second; then, and while nobody is connected, the oldest
 * bytes give way to the newest, and who connects or reads on later gets what is left.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/backend.h"
#include "tools/emu/host/host.h"
#include "tools/emu/props.h"

struct chardev;

struct chardev_kind {
    const char *name; /* as in -chardev */
    /* Make the connection. False with a line in err. */
    bool (*open)(struct chardev *c, struct props *props, char *err, size_t err_size);
    /* Output, if it is not simply queued by chardev_queue(); the lock is held. Optional. */
    void (*print)(struct chardev *c, const uint8_t *bytes, size_t n);
    /* Bytes that were read, if they are not simply the guest's. Optional. */
    void (*typed)(struct chardev *c, const uint8_t *bytes, size_t n);
    /* Whether reading is all right now. Optional. */
    bool (*may_read)(struct chardev *c);
    /* The peer is gone. Optional: without it nothing more is read. */
    void (*hung_up)(struct chardev *c);
    /* Before the descriptors are closed. Optional. */
    void (*close)(struct chardev *c);
};

extern const struct chardev_kind chardev_null, chardev_stdio, chardev_file, chardev_pty,
    chardev_socket;

enum { CHARDEV_QUEUE = 65536, CHARDEV_PATH = 256 };

struct chardev {
    struct character_backend character;
    const struct chardev_kind *kind;
    char *id;          /* owned */
    int in_fd, out_fd; /* -1: nobody there. The same where it is one connection */
    bool patient;      /* a full queue waits for ever */
    bool stalled;      /* the reader has not read for long: do not wait for it */
    bool is_broken;    /* writing has failed, until somebody else connects */
    bool is_socket;
    struct host_poll in, out;
    struct chardev *next;

    pthread_mutex_t lock; /* of the queue and out_fd */
    uint8_t *queue;       /* ring of CHARDEV_QUEUE bytes, NULL: output goes nowhere */
    size_t start, used;

    /* The kinds': */
    int slave_fd;            /* of a pty: kept open, so that it does not hang up between readers */
    char path[CHARDEV_PATH]; /* of a file or Unix socket */
    char host[CHARDEV_PATH], port[32];
    unsigned address, addresses; /* of the host: the one to try next, and how many there are */
    struct host_poll listener;   /* of a server; of a client, its next attempt to connect */
    bool is_server;
    uint64_t reconnect_ns; /* 0: never */
};

/*
 * Make one from what stands behind -serial, or find the one it names. NULL with a line in err.
 * (What makes one from the properties of -chardev is host_chardev_open(), backends.h.) All are kept
 * in a list until they are closed: by backend.close, or by chardev_close_all(). Closing writes what
 * is left of the output, as far as somebody takes it.
 */
struct chardev *chardev_serial(const char *spelling, char *err, size_t err_size);

/* The one with the id, NULL if there is none. */
struct chardev *chardev_find(const char *id);

/* Whether a device of the machine has stdin and stdout. */
bool chardev_has_terminal(void);

/* Connect it to a device's input; output may be written with chardev_write() from then on. */
void chardev_attach(struct chardev *c, struct machine *m, unsigned source);

/* Queue output; any thread, also before a device is attached. */
void chardev_write(struct chardev *c, const uint8_t *bytes, size_t n);

/* Whether there is output that chardev_flush_all() would write. */
bool chardev_output_waits(void);
void chardev_flush_all(void);

void chardev_close_all(void);

/* --- for the kinds -----------------------------------------------------------------------------
 */

/* Queue output; the lock is held. */
void chardev_queue(struct chardev *c, const uint8_t *bytes, size_t n);

/* Bytes for the guest, and a break. */
void chardev_give(struct chardev *c, const uint8_t *bytes, size_t n);
void chardev_give_break(struct chardev *c);

/* There is (another) peer; -1: there is none any more. The descriptors are owned. */
void chardev_connect(struct chardev *c, int in_fd, int out_fd);

/* Keys that end the run were typed (stdio). */
extern bool chardev_quit;
