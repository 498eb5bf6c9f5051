#pragma once
/*
 * A listening socket for one client at a time, on the session's thread (host_poll_wait()). Whoever
 * comes while there is a client is turned away.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emu/host/host.h"

struct host_server {
    /* The owner's, on the session's thread. disconnected() may come out of host_server_send(). */
    void (*connected)(void *arg);
    void (*disconnected)(void *arg);
    void (*received)(void *arg, const uint8_t *bytes, size_t n);
    void *arg;

    /* server.c's */
    struct host_poll listener, client;
    char path[108]; /* of a Unix socket, removed at the end; "": none */
    bool any_port;  /* it was asked for port 0 */
    bool opened;
};

/*
 * Listens where QEMU's character device `spec` says: tcp:[HOST]:PORT (HOST is this machine alone if
 * it is left out, PORT 0 any free one) or unix:PATH, then ,server=on and the like. Returns 0 after
 * host_poll_add(), or -1 with one line of reason in err.
 */
int host_server_open(struct host_server *s, const char *spec, char *err, size_t err_size);

/* The port a TCP server listens on, 0 if it is none. */
unsigned host_server_port(const struct host_server *s);

/* Send to the client, if there is one. One that takes nothing for seconds is disconnected. */
void host_server_send(struct host_server *s, const void *bytes, size_t n);

/* Closes everything, without callbacks. Does nothing if it was not opened. */
void host_server_close(struct host_server *s);
