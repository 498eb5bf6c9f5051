/* -netdev, -nic and -net: which network, under which name, with a device or without. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/backends.h"
#include "tools/emu/host/net.h"

static const struct {
    const char *name;
    struct net_backend *(*open)(struct props *props, char *err, size_t err_size);
} types[] = {{"user", net_user_open}, {"tap", net_tap_open}};
enum { TYPE_COUNT = sizeof types / sizeof types[0] };

/* The network of the type that the first word names, under this id, with a device if not NULL. */
static struct backend *open_network(struct props *props, const char *id, const char *device,
                                    char *err, size_t err_size)
{
    const char *type = props_get(props, "type");
    struct net_backend *b = NULL;
    int i = 0;

    while (i < TYPE_COUNT && (type == NULL || strcmp(type, types[i].name) != 0))
        i++;
    if (i == TYPE_COUNT) {
        snprintf(err, err_size, "'%s' is not supported, only user and tap", type ? type : "");
        return NULL;
    }
    if (id == NULL) {
        snprintf(err, err_size, "id= must be given");
        return NULL;
    }
    b = types[i].open(props, err, err_size);
    if (b == NULL)
        return NULL;
    b->backend.id = strdup(id);
    b->backend.device = device != NULL ? strdup(device) : NULL;
    if (b->backend.id != NULL && (device == NULL || b->backend.device != NULL))
        return &b->backend;
    b->backend.close(&b->backend);
    snprintf(err, err_size, "out of memory");
    return NULL;
}

struct backend *host_netdev_open(struct props *props, char *err, size_t err_size)
{
    return open_network(props, props_get(props, "id"), NULL, err, err_size);
}

static struct backend *nothing(char *err)
{
    err[0] = '\0';
    return NULL;
}

struct backend *host_nic_open(struct props *props, char *err, size_t err_size)
{
    static unsigned unnamed;
    const char *type = props_get(props, "type"), *id = props_get(props, "id");
    const char *model = props_get(props, "model"), *mac = props_get(props, "mac");
    char name[32], device[64];

    if (type != NULL && strcmp(type, "none") == 0)
        return nothing(err);
    if (model != NULL && strcmp(model, "virtio") != 0 && strcmp(model, "virtio-net-device") != 0) {
        snprintf(err, err_size, "model=%s is not supported, only virtio-net-device", model);
        return NULL;
    }
    if (mac != NULL && strlen(mac) != strlen("52:54:00:12:34:56")) {
        snprintf(err, err_size, "mac: '%s' is not an address (example: 52:54:00:12:34:56)", mac);
        return NULL;
    }
    snprintf(name, sizeof name, "nic%u", unnamed++);
    snprintf(device, sizeof device, "virtio-net-device%s%s", mac != NULL ? ",mac=" : "",
             mac != NULL ? mac : "");
    return open_network(props, id != NULL ? id : name, device, err, err_size);
}

struct backend *host_net_open(struct props *props, char *err, size_t err_size)
{
    const char *type = props_get(props, "type");

    if (type != NULL && strcmp(type, "none") == 0)
        return nothing(err);
    snprintf(err, err_size, "'%s' is not supported, only none; -nic and -netdev make networks",
             type != NULL ? type : "");
    return NULL;
}
