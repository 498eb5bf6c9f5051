/*
 * -netdev user: libslirp between the guest's frames and the host's sockets. The library belongs to
 * the session's thread: frames that the guest sends, on whatever thread, wait in a queue for it.
 */
#include "tools/emu/host/net.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/host.h"
#include "tools/emu/host/net_private.h"
#include "tools/emu/host/net_user.h"
#include "tools/emu/machine.h"

#ifdef HAVE_SLIRP
#    include <libslirp.h>

#    define NS_PER_MS 1000000

/* One of the library's, which has few and sets them rarely. */
struct user_timer {
    SlirpTimerCb fire;
    void *arg;
    int64_t expires_ms; /* INT64_MAX: not set */
    struct user_timer *next;
};

struct net_user {
    struct net_backend backend;
    struct net_queue queue; /* frames of the guest's */
    struct host_poll poll;
    Slirp *slirp;
    struct user_timer *timers;
};

/* --- what the library asks for ---------------------------------------------------------------- */

static ssize_t send_packet(const void *frame, size_t n, void *arg)
{
    struct net_user *u = arg;

    net_input(&u->backend, frame, n);
    return (ssize_t)n;
}

static void guest_error(const char *text, void *arg)
{
    (void)text; /* the guest's own affair */
    (void)arg;
}

/* The machine's clock; until there is one, it is to begin. */
static int64_t clock_get_ns(void *arg)
{
    struct net_user *u = arg;
    struct machine *m = u->backend.backend.machine;

    return m != NULL ? (int64_t)machine_now(m) : 0;
}

static void *timer_new(SlirpTimerCb fire, void *fire_arg, void *arg)
{
    struct net_user *u = arg;
    struct user_timer *timer = malloc(sizeof *timer);

    if (timer == NULL)
        abort(); /* the library has no way to hear of it */
    *timer = (struct user_timer){
        .fire = fire, .arg = fire_arg, .expires_ms = INT64_MAX, .next = u->timers};
    u->timers = timer;
    return timer;
}

static void timer_free(void *timer, void *arg)
{
    struct net_user *u = arg;

    for (struct user_timer **link = &u->timers; *link != NULL; link = &(*link)->next) {
        if (*link == timer) {
            *link = (*link)->next;
            free(timer);
            return;
        }
    }
}

static void timer_mod(void *arg, int64_t expires_ms, void *opaque)
{
    struct user_timer *timer = arg;

    (void)opaque;
    timer->expires_ms = expires_ms;
}

static void ignore_fd(int fd, void *arg)
{
    (void)fd; /* they are listed anew for every wait */
    (void)arg;
}

static void notify(void *arg)
{
    (void)arg; /* all calls come on the thread that waits */
}

static const SlirpCb callbacks = {
    .send_packet = send_packet,
    .guest_error = guest_error,
    .clock_get_ns = clock_get_ns,
    .timer_new = timer_new,
    .timer_free = timer_free,
    .timer_mod = timer_mod,
    .register_poll_fd = ignore_fd,
    .unregister_poll_fd = ignore_fd,
    .notify = notify,
};

/* --- waiting ---------------------------------------------------------------------------------- */

static const struct {
    int slirp;
    short host;
} event_bits[] = {
    {SLIRP_POLL_IN, POLLIN},   {SLIRP_POLL_OUT, POLLOUT}, {SLIRP_POLL_PRI, POLLPRI},
    {SLIRP_POLL_ERR, POLLERR}, {SLIRP_POLL_HUP, POLLHUP},
};
enum { EVENT_BITS = sizeof event_bits / sizeof event_bits[0] };

static int add_poll(int fd, int events, void *arg)
{
    short host = 0;

    (void)arg;
    for (int i = 0; i < EVENT_BITS; i++)
        if (events & event_bits[i].slirp)
            host |= event_bits[i].host;
    return host_poll_fd(fd, host);
}

static int get_revents(int slot, void *arg)
{
    short host = host_poll_revents(slot);
    int events = 0;

    (void)arg;
    for (int i = 0; i < EVENT_BITS; i++)
        if (host & event_bits[i].host)
            events |= event_bits[i].slirp;
    return events;
}

static int64_t now_ms(struct net_user *u)
{
    return clock_get_ns(u) / NS_PER_MS;
}

/*
 * How long the library can be left alone, ms; UINT32_MAX for ever. Frames for the guest must not
 * come up here, so what is due is only seen to after the wait, which is then none.
 */
static void prepare(struct host_poll *p)
{
    struct net_user *u = p->arg;
    uint32_t timeout_ms = UINT32_MAX;
    int64_t now = now_ms(u);

    slirp_pollfds_fill(u->slirp, &timeout_ms, add_poll, u);
    for (const struct user_timer *t = u->timers; t != NULL; t = t->next)
        if (t->expires_ms < now + timeout_ms)
            timeout_ms = t->expires_ms > now ? (uint32_t)(t->expires_ms - now) : 0;
    if (!net_queue_is_empty(&u->queue))
        timeout_ms = 0;
    host_poll_deadline(
        p, timeout_ms == UINT32_MAX ? 0 : host_now_ns(NULL) + (uint64_t)timeout_ms * NS_PER_MS);
}

static void fire_timers(struct net_user *u)
{
    int64_t now = now_ms(u);

    for (struct user_timer *t = u->timers; t != NULL; t = t->next) {
        if (t->expires_ms > now)
            continue;
        t->expires_ms = INT64_MAX;
        t->fire(t->arg);
    }
}

static void take_frame(void *arg, const uint8_t *frame, size_t n)
{
    struct net_user *u = arg;

    slirp_input(u->slirp, frame, (int)n);
}

static void finish(struct host_poll *p)
{
    struct net_user *u = p->arg;

    slirp_pollfds_poll(u->slirp, 0, get_revents, u);
    fire_timers(u);
    net_queue_drain(&u->queue, take_frame, u);
}

static void ready(struct host_poll *p, short revents)
{
    (void)p; /* finish() has done it all */
    (void)revents;
}

/* --- life ------------------------------------------------------------------------------------- */

static void send_frame(struct net_backend *b, const uint8_t *frame, size_t n)
{
    struct net_user *u = (struct net_user *)b;

    net_queue_put(&u->queue, frame, n);
}

static void close_user(struct backend *b)
{
    struct net_user *u = (struct net_user *)b;

    host_poll_remove(&u->poll);
    slirp_cleanup(u->slirp);
    net_queue_destroy(&u->queue);
    while (u->timers != NULL)
        timer_free(u->timers, u);
    net_free_names(&u->backend);
    free(u);
}

static Slirp *start(struct net_user *u, const struct net_user_options *o)
{
    SlirpConfig config = {
        .version = SLIRP_CONFIG_VERSION_MAX < 4 ? SLIRP_CONFIG_VERSION_MAX : 4,
        .restricted = o->restricted,
        .in_enabled = o->ipv4,
        .vnetwork = o->net,
        .vnetmask = o->mask,
        .vhost = o->host,
        .in6_enabled = o->ipv6,
        .vprefix_addr6 = o->prefix6,
        .vprefix_len = (uint8_t)o->prefix6_length,
        .vhost6 = o->host6,
        .vhostname = o->hostname,
        .tftp_server_name = o->tftp_server,
        .tftp_path = o->tftp,
        .bootfile = o->bootfile,
        .vdhcp_start = o->dhcp_start,
        .vnameserver = o->dns,
        .vnameserver6 = o->dns6,
        .vdnssearch = o->search[0] != NULL ? (const char **)(uintptr_t)o->search : NULL,
        .vdomainname = o->domain,
    };

    return slirp_new(&config, &callbacks, u);
}

static bool add_forwards(struct net_user *u, const struct net_user_options *o, char *err,
                         size_t err_size)
{
    for (unsigned i = 0; i < o->hostfwd_count; i++) {
        const struct net_user_forward *f = &o->hostfwd[i];
        if (slirp_add_hostfwd(u->slirp, f->udp, f->host, f->host_port, f->guest, f->guest_port) !=
            0) {
            snprintf(err, err_size, "hostfwd: cannot listen on %s port %d: %s",
                     f->udp ? "UDP" : "TCP", f->host_port, strerror(errno));
            return false;
        }
    }
    for (unsigned i = 0; i < o->guestfwd_count; i++) {
        struct net_user_forward f = o->guestfwd[i];
        if (slirp_add_exec(u->slirp, f.command, &f.guest, f.guest_port) != 0) {
            snprintf(err, err_size, "guestfwd: port %d: the address is taken or not in the network",
                     f.guest_port);
            return false;
        }
    }
    return true;
}

/* Why runs would not repeat, NULL if they do. IPv6's router advertises at random times. */
static const char *reason(const struct net_user_options *o)
{
    return o->restricted && !o->ipv6 && o->hostfwd_count == 0 && o->guestfwd_count == 0
               ? NULL
               : "user networking without restrict=on,ipv6=off";
}

struct net_backend *net_user_open(struct props *props, char *err, size_t err_size)
{
    struct net_user_options o;
    struct net_user *u;

    if (net_user_parse(&o, props, err, err_size) != 0)
        return NULL;
    u = calloc(1, sizeof *u);
    if (u == NULL || (u->slirp = start(u, &o)) == NULL) {
        snprintf(err, err_size, "libslirp does not start");
        free(u);
        return NULL;
    }
    u->backend = (struct net_backend){
        .backend = {.kind = BACKEND_NET, .close = close_user, .unrepeatable = reason(&o)},
        .send = send_frame};
    u->poll = (struct host_poll){
        .fd = -1, .ready = ready, .prepare = prepare, .finish = finish, .arg = u};
    net_queue_init(&u->queue);
    host_poll_add(&u->poll);
    if (!add_forwards(u, &o, err, err_size)) {
        close_user(&u->backend.backend);
        return NULL;
    }
    return &u->backend;
}

#else

struct net_backend *net_user_open(struct props *props, char *err, size_t err_size)
{
    (void)props;
    snprintf(err, err_size, "user: built without libslirp");
    return NULL;
}

#endif
