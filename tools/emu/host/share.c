/* -fsdev and -virtfs: a folder of the host for the guest, by the 9P server in p9/. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/backends.h"
#include "tools/emu/host/p9/p9.h"

struct share {
    struct share_backend backend;
    struct p9_server server;
    char *device; /* of -virtfs: what -device would be told */
    char *id;
};

static size_t answer(struct share_backend *b, const uint8_t *request, size_t n, uint8_t *response,
                     size_t room)
{
    return p9_answer(&((struct share *)b)->server, request, n, response, room);
}

static void reset(struct share_backend *b)
{
    p9_reset(&((struct share *)b)->server);
}

static void close_share(struct backend *b)
{
    struct share *share = (struct share *)b;

    p9_close(&share->server);
    free(share->device);
    free(share->id);
    free(share);
}

/*
 * Files belong to us and keep their modes as the guest sets them: QEMU's security_model=none, and
 * "passthrough" as well where we may give files away, which none tries too.
 */
static bool check_model(struct props *props, char *err, size_t err_size)
{
    const char *driver = props_get(props, "fsdriver"), *model = props_get(props, "security_model");

    if (driver != NULL && strcmp(driver, "local") != 0)
        snprintf(err, err_size, "'%s' is not supported, only local", driver);
    else if (model == NULL)
        snprintf(err, err_size, "security_model=none must be given");
    else if (strcmp(model, "none") != 0)
        snprintf(err, err_size, "security_model=%s is not supported, only none", model);
    else
        return true;
    return false;
}

static struct share *open_share(struct props *props, const char *id, char *err, size_t err_size)
{
    const char *path = props_get(props, "path");
    bool read_only = false;
    struct share *share;

    if (!check_model(props, err, err_size) ||
        !props_bool(props, "readonly", &read_only, err, err_size))
        return NULL;
    if (path == NULL || id == NULL) {
        snprintf(err, err_size, "%s= must be given", path == NULL ? "path" : "id");
        return NULL;
    }
    share = calloc(1, sizeof *share);
    if (share == NULL || (share->id = strdup(id)) == NULL) {
        snprintf(err, err_size, "out of memory");
        free(share);
        return NULL;
    }
    if (p9_open(&share->server, path, read_only, err, err_size) != 0) {
        free(share->id);
        free(share);
        return NULL;
    }
    share->backend = (struct share_backend){
        .backend = {.kind = BACKEND_SHARE, .id = share->id, .close = close_share},
        .message_max = P9_MSIZE_MAX,
        .answer = answer,
        .reset = reset,
    };
    return share;
}

struct backend *host_fsdev_open(struct props *props, char *err, size_t err_size)
{
    struct share *share = open_share(props, props_get(props, "id"), err, err_size);

    return share != NULL ? &share->backend.backend : NULL;
}

struct backend *host_virtfs_open(struct props *props, char *err, size_t err_size)
{
    const char *tag = props_get(props, "mount_tag"), *id = props_get(props, "id");
    struct share *share;

    if (tag == NULL) {
        snprintf(err, err_size, "mount_tag= must be given");
        return NULL;
    }
    share = open_share(props, id != NULL ? id : tag, err, err_size);
    if (share == NULL)
        return NULL;
    if (asprintf(&share->device, "virtio-9p-device,mount_tag=%s", tag) < 0) {
        share->device = NULL;
        close_share(&share->backend.backend);
        snprintf(err, err_size, "out of memory");
        return NULL;
    }
    share->backend.backend.device = share->device;
    return &share->backend.backend;
}
