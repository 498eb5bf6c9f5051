/* -netdev tap: a network device of the host (Linux's tun, Documentation/networking/tuntap). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#ifdef __linux__
#    include <linux/if.h>
#    include <linux/if_tun.h>
#endif

#include "tools/emu/host/host.h"
#include "tools/emu/host/net.h"
#include "tools/emu/host/net_private.h"

#ifdef __linux__

enum {
    FRAME_MAX = 65536 + 18, /* no device has a larger MTU */
    BURST = 64,             /* frames taken at once; then others shall have their turn */
};

struct net_tap {
    struct net_backend backend;
    struct host_poll poll;
    uint8_t frame[FRAME_MAX];
};

static void ready(struct host_poll *p, short revents)
{
    struct net_tap *t = p->arg;

    if (revents & (POLLERR | POLLNVAL)) { /* the device is gone; nothing will ever come */
        host_poll_set(p, p->fd, 0);
        return;
    }
    for (int i = 0; i < BURST; i++) {
        ssize_t n = read(p->fd, t->frame, sizeof t->frame);
        if (n <= 0)
            return;
        net_input(&t->backend, t->frame, (size_t)n);
    }
}

static void send_frame(struct net_backend *b, const uint8_t *frame, size_t n)
{
    const struct net_tap *t = (const struct net_tap *)b;

    if (write(t->poll.fd, frame, n) < 0)
        (void)0; /* networks lose frames */
}

static void close_tap(struct backend *b)
{
    struct net_tap *t = (struct net_tap *)b;

    host_poll_remove(&t->poll);
    close(t->poll.fd);
    net_free_names(&t->backend);
    free(t);
}

/* Scripts that would set the device up are not run: only their absence is supported. */
static bool has_no_script(struct props *props, const char *name, bool needed, char *err,
                          size_t err_size)
{
    const char *value = props_get(props, name);

    if (value != NULL ? strcmp(value, "no") == 0 : !needed)
        return true;
    snprintf(err, err_size, "%s=no is needed: scripts are not supported", name);
    return false;
}

static int open_device(const char *name, char *err, size_t err_size)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

    if (name != NULL)
        snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) == 0)
        return fd;
    snprintf(err, err_size, "%s: %s",
             fd < 0         ? "/dev/net/tun"
             : name != NULL ? name
                            : "a new device",
             strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

struct net_backend *net_tap_open(struct props *props, char *err, size_t err_size)
{
    const char *name = props_get(props, "ifname");
    struct net_tap *t;
    int fd;

    if (!has_no_script(props, "script", true, err, err_size) ||
        !has_no_script(props, "downscript", false, err, err_size))
        return NULL;
    if (name != NULL && strlen(name) >= IFNAMSIZ) {
        snprintf(err, err_size, "ifname: '%s' is too long", name);
        return NULL;
    }
    fd = open_device(name, err, err_size);
    if (fd < 0)
        return NULL;
    t = calloc(1, sizeof *t);
    if (t == NULL) {
        close(fd);
        snprintf(err, err_size, "out of memory");
        return NULL;
    }
    t->backend = (struct net_backend){
        .backend = {.kind = BACKEND_NET, .close = close_tap, .unrepeatable = "tap"},
        .send = send_frame};
    t->poll = (struct host_poll){.fd = fd, .events = POLLIN, .ready = ready, .arg = t};
    host_poll_add(&t->poll);
    return &t->backend;
}

#else

struct net_backend *net_tap_open(struct props *props, char *err, size_t err_size)
{
    (void)props;
    snprintf(err, err_size, "tap is there on Linux only");
    return NULL;
}

#endif
