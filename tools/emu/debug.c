#include "tools/emu/debug.h"

#include "tools/emu/message.h"

static void on_send(void *arg, const void *bytes, size_t n)
{
    struct debug *d = arg;

    host_server_send(&d->server, bytes, n);
}

static void on_connected(void *arg)
{
    const struct debug *d = arg;

    gdb_connected(d->gdb);
}

static void on_disconnected(void *arg)
{
    const struct debug *d = arg;

    gdb_disconnected(d->gdb);
}

static void on_received(void *arg, const uint8_t *bytes, size_t n)
{
    const struct debug *d = arg;

    gdb_receive(d->gdb, bytes, n);
}

int debug_open(struct debug *d, struct machine *m, const struct options *options)
{
    const struct gdb_host host = {.arg = d, .send = on_send};
    char err[256];

    if (options->gdb == NULL)
        return 0;
    d->server.connected = on_connected;
    d->server.disconnected = on_disconnected;
    d->server.received = on_received;
    d->server.arg = d;
    if (host_server_open(&d->server, options->gdb, err, sizeof err) != 0) {
        message("-gdb: %s", err);
        return -1;
    }
    d->gdb = gdb_create(m, &host, options->hold);
    if (d->gdb == NULL) {
        message("-gdb: out of memory");
        return -1;
    }
    if (d->server.any_port)
        message("-gdb: listening on port %u", host_server_port(&d->server));
    return 0;
}

void debug_close(struct debug *d)
{
    host_server_close(&d->server);
    gdb_destroy(d->gdb);
    d->gdb = NULL;
}
