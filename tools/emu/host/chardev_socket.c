/*
 * A character device that is a stream socket: a server that serves one client after the other, or a
 * client that connects again if told to.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tools/emu/host/chardev.h"
#include "tools/emu/message.h"

#define NS_PER_S UINT64_C(1000000000)

/* Longest name of a socket, and room for one of any family. */
union address {
    struct sockaddr any;
    struct sockaddr_un un;
    struct sockaddr_storage storage;
};

static bool fail(const struct chardev *c, const char *what, char *err, size_t err_size)
{
    if (c->path[0] != '\0')
        snprintf(err, err_size, "%s: %s", c->path, what);
    else
        snprintf(err, err_size, "%s:%s: %s", c->host, c->port, what);
    return false;
}

static bool unix_address(const struct chardev *c, union address *a, socklen_t *len)
{
    a->un = (struct sockaddr_un){.sun_family = AF_UNIX};
    *len = sizeof a->un;
    return snprintf(a->un.sun_path, sizeof a->un.sun_path, "%s", c->path) <
           (int)sizeof a->un.sun_path;
}

/* One of the host's addresses: c->address says which, and c->addresses then of how many. */
static const char *tcp_address(struct chardev *c, union address *a, socklen_t *len)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = c->is_server ? AI_PASSIVE : 0};
    struct addrinfo *list, *found = NULL;
    int error = getaddrinfo(c->host[0] != '\0' ? c->host : NULL, c->port, &hints, &list);

    if (error != 0)
        return gai_strerror(error);
    c->addresses = 0;
    for (struct addrinfo *i = list; i != NULL; i = i->ai_next)
        if (c->addresses++ == c->address || found == NULL)
            found = i;
    *len = found->ai_addrlen;
    memcpy(&a->storage, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(list);
    return NULL;
}

/* An unconnected socket and the address it is for; -1 with *why set. */
static int make_socket(struct chardev *c, union address *a, socklen_t *len, const char **why)
{
    int fd;

    *why = NULL;
    if (c->path[0] == '\0')
        *why = tcp_address(c, a, len);
    else if (!unix_address(c, a, len))
        *why = "the path is too long for a socket";
    if (*why != NULL)
        return -1;
    fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        *why = strerror(errno);
    return fd;
}

static void take(struct chardev *c, int fd)
{
    int one = 1;

    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    if (c->path[0] == '\0')
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    chardev_connect(c, fd, fd);
}

/* --- server ---------------------------------------------------------------------------------- */

/* While a client is connected, others wait. */
static void watch_listener(struct chardev *c)
{
    host_poll_set(&c->listener, c->listener.fd, c->in_fd < 0 ? POLLIN : 0);
}

static void accept_client(struct host_poll *p, short revents)
{
    struct chardev *c = p->arg;
    int fd = revents != 0 ? accept(p->fd, NULL, NULL) : -1;

    if (fd >= 0) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        take(c, fd);
    }
    watch_listener(c);
}

/* A socket that a run before us left; nobody else's file. */
static void remove_old(const char *path)
{
    struct stat st;

    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
        unlink(path);
}

static bool listen_on(struct chardev *c, char *err, size_t err_size)
{
    union address a;
    socklen_t len;
    const char *why;
    int one = 1, fd = make_socket(c, &a, &len, &why);

    if (fd < 0)
        return fail(c, why, err, err_size);
    if (c->path[0] != '\0')
        remove_old(c->path);
    else
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    c->listener = (struct host_poll){.fd = fd, .events = POLLIN, .ready = accept_client, .arg = c};
    if (bind(fd, &a.any, len) != 0 || listen(fd, 1) != 0) {
        fail(c, strerror(errno), err, err_size);
        close(fd);
        c->listener.fd = -1;
        c->path[0] = '\0'; /* not ours to remove */
        return false;
    }
    host_poll_add(&c->listener);
    return true;
}

/* wait=on: the machine starts when somebody has connected. False if a signal came first. */
static bool await_client(struct chardev *c, char *err, size_t err_size)
{
    if (c->path[0] != '\0')
        message("waiting for a connection to %s", c->path);
    else
        message("waiting for a connection to %s:%s", c->host, c->port);
    while (c->in_fd < 0) {
        struct pollfd fds[2] = {{.fd = c->listener.fd, .events = POLLIN},
                                {.fd = term_signal_fd(), .events = POLLIN}};
        if (poll(fds, 2, -1) > 0 && fds[0].revents != 0)
            accept_client(&c->listener, fds[0].revents);
        if (term_signal() != 0)
            return fail(c, "interrupted", err, err_size);
    }
    return true;
}

/* --- client ---------------------------------------------------------------------------------- */

static void try_later(struct chardev *c)
{
    host_poll_set(&c->listener, -1, 0);
    host_poll_deadline(&c->listener, host_now_ns(NULL) + c->reconnect_ns);
}

/* The attempt to connect has ended, or it is time for the next. */
static void connect_again(struct host_poll *p, short revents)
{
    struct chardev *c = p->arg;
    union address a;
    socklen_t len;
    const char *why;
    int error = 0, fd = p->fd;

    if (revents != 0) {
        len = sizeof error;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
    } else {
        fd = make_socket(c, &a, &len, &why);
        if (fd >= 0) {
            fcntl(fd, F_SETFL, O_NONBLOCK);
            error = connect(fd, &a.any, len) != 0 ? errno : 0;
        }
    }
    if (fd >= 0 && error == EINPROGRESS) {
        host_poll_set(p, fd, POLLOUT);
    } else if (fd >= 0 && error == 0) {
        host_poll_set(p, -1, 0);
        take(c, fd);
    } else {
        if (fd >= 0)
            close(fd);
        c->address = c->address + 1 < c->addresses ? c->address + 1 : 0;
        try_later(c);
    }
}

static bool connect_to(struct chardev *c, char *err, size_t err_size)
{
    union address a;
    socklen_t len;
    const char *why;
    int fd;

    c->listener = (struct host_poll){.fd = -1, .ready = connect_again, .arg = c};
    host_poll_add(&c->listener);
    do {
        fd = make_socket(c, &a, &len, &why);
        if (fd < 0)
            return fail(c, why, err, err_size);
        if (connect(fd, &a.any, len) == 0) {
            take(c, fd);
            return true;
        }
        fail(c, strerror(errno), err, err_size);
        close(fd);
    } while (++c->address < c->addresses);
    c->address = 0;
    if (c->reconnect_ns == 0)
        return false;
    try_later(c);
    return true;
}

/* --- both ------------------------------------------------------------------------------------ */

/* What makes no sense together, or at all; NULL: nothing. */
static const char *complaint(const struct chardev *c, struct props *props)
{
    const char *path = props_get(props, "path"), *port = props_get(props, "port");

    if ((path != NULL && path[0] != '\0') == (port != NULL && port[0] != '\0'))
        return "a socket needs either a path or a host and a port";
    if (port != NULL && port[strspn(port, "0123456789")] == '\0' &&
        strtoul(port, NULL, 10) > UINT16_MAX)
        return "there is no port above 65535";
    if (c->is_server && c->reconnect_ns != 0)
        return "reconnect is for clients, this is a server";
    if (!c->is_server && (props_get(props, "wait") != NULL || props_get(props, "nowait") != NULL))
        return "wait is for servers (server=on), this is a client";
    return NULL;
}

static bool socket_open(struct chardev *c, struct props *props, char *err, size_t err_size)
{
    const char *path = props_get(props, "path"), *host = props_get(props, "host");
    const char *port = props_get(props, "port"), *why;
    bool wait = true, nowait = false, nodelay;
    uint64_t seconds = 0;

    c->is_socket = true;
    c->listener.fd = -1;
    if (!props_bool(props, "server", &c->is_server, err, err_size) ||
        !props_bool(props, "wait", &wait, err, err_size) ||
        !props_bool(props, "nowait", &nowait, err, err_size) ||
        !props_bool(props, "nodelay", &nodelay, err, err_size) ||
        !props_u64(props, "reconnect", 0, UINT32_MAX, &seconds, err, err_size))
        return false;
    c->reconnect_ns = seconds * NS_PER_S;
    why = complaint(c, props);
    if (why != NULL) {
        snprintf(err, err_size, "%s", why);
        return false;
    }
    if (path != NULL)
        snprintf(c->path, sizeof c->path, "%s", path);
    snprintf(c->host, sizeof c->host, "%s", host != NULL ? host : "");
    snprintf(c->port, sizeof c->port, "%s", port != NULL ? port : "");
    if (!c->is_server)
        return connect_to(c, err, err_size);
    return listen_on(c, err, err_size) && (!wait || nowait || await_client(c, err, err_size));
}

static void socket_hung_up(struct chardev *c)
{
    chardev_connect(c, -1, -1);
    if (c->is_server)
        watch_listener(c);
    else if (c->reconnect_ns != 0)
        try_later(c);
}

static void socket_close(struct chardev *c)
{
    host_poll_remove(&c->listener);
    if (c->listener.fd >= 0)
        close(c->listener.fd);
    if (c->is_server && c->path[0] != '\0')
        unlink(c->path);
}

const struct chardev_kind chardev_socket = {
    .name = "socket",
    .open = socket_open,
    .hung_up = socket_hung_up,
    .close = socket_close,
};
