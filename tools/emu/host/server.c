#include "tools/emu/host/server.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { SEND_TIMEOUT_MS = 5000 };

__attribute__((format(printf, 3, 4))) static int fail(char *err, size_t err_size, const char *fmt,
                                                      ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(err, err_size, fmt, ap);
    va_end(ap);
    return -1;
}

/* --- where to listen ---------------------------------------------------------------------------
 */

/* ,NAME[=VALUE]...: what a server does anyway is accepted, the rest refused. */
static int check_options(const char *options, char *err, size_t err_size)
{
    static const char *const known[] = {"server",      "server=on", "wait=off",
                                        "nowait",      "nodelay",   "nodelay=on",
                                        "nodelay=off", "ipv4=on",   "reconnect=0"};

    while (*options == ',') {
        size_t n = strcspn(++options, ",");
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            found |= strlen(known[i]) == n && memcmp(known[i], options, n) == 0;
        if (!found)
            return fail(err, err_size, "option '%.*s' is not supported", (int)n, options);
        options += n;
    }
    return 0;
}

static int listen_on(const struct sockaddr *address, socklen_t len)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

    if (fd < 0)
        return -1;
    if (address->sa_family != AF_UNIX)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address, len) != 0 || listen(fd, 2) != 0) {
        int saved_errno = errno;
        close(fd);
        errno = saved_errno;
        return -1;
    }
    return fd;
}

/* HOST:PORT of n characters; HOST may be empty, or in brackets. */
static int open_tcp(struct host_server *s, const char *text, size_t n, char *err, size_t err_size)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list;
    char host[256], *port;
    int fd = -1, error;

    if (n >= sizeof host)
        return fail(err, err_size, "the address is too long");
    memcpy(host, text, n);
    host[n] = '\0';
    port = strrchr(host, ':');
    if (port == NULL || port[1] == '\0' || strspn(port + 1, "0123456789") != strlen(port + 1) ||
        strtoul(port + 1, NULL, 10) > UINT16_MAX)
        return fail(err, err_size, "'%s' is not [HOST]:PORT", host);
    *port++ = '\0';
    if (host[0] == '[' && port[-2] == ']') {
        port[-2] = '\0';
        memmove(host, host + 1, strlen(host));
        hints.ai_family = AF_INET6;
    }
    s->any_port = strspn(port, "0") == strlen(port);
    error = getaddrinfo(host[0] != '\0' ? host : "127.0.0.1", port, &hints, &list);
    if (error != 0)
        return fail(err, err_size, "%s:%s: %s", host, port, gai_strerror(error));
    for (const struct addrinfo *a = list; a != NULL && fd < 0; a = a->ai_next)
        fd = listen_on(a->ai_addr, a->ai_addrlen);
    freeaddrinfo(list);
    return fd >= 0 ? fd : fail(err, err_size, "%s:%s: %s", host, port, strerror(errno));
}

/* A socket that nobody listens on any more is no file to be careful with. */
static void remove_stale(const struct sockaddr_un *address)
{
    struct stat st;
    int fd;

    if (stat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
        errno == ECONNREFUSED)
        unlink(address->sun_path);
    close(fd);
}

static int open_unix(struct host_server *s, const char *text, size_t n, char *err, size_t err_size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (n == 0 || n >= sizeof address.sun_path)
        return fail(err, err_size, "a Unix socket's path has 1 to %zu bytes",
                    sizeof address.sun_path - 1);
    memcpy(address.sun_path, text, n);
    remove_stale(&address);
    fd = listen_on((const struct sockaddr *)&address, sizeof address);
    if (fd < 0)
        return fail(err, err_size, "%s: %s", address.sun_path, strerror(errno));
    memcpy(s->path, address.sun_path, n + 1);
    return fd;
}

/* --- the client ------------------------------------------------------------------------------- */

static void drop(struct host_server *s)
{
    int fd = s->client.fd;

    if (fd < 0)
        return;
    host_poll_set(&s->client, -1, POLLIN);
    close(fd);
    s->disconnected(s->arg);
}

/* Takes what has come; false if that was nothing. */
static bool take(struct host_server *s)
{
    uint8_t bytes[4096];
    ssize_t n = s->client.fd >= 0 ? recv(s->client.fd, bytes, sizeof bytes, MSG_DONTWAIT) : -1;

    if (n > 0)
        s->received(s->arg, bytes, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        drop(s);
    return n > 0;
}

static void client_ready(struct host_poll *p, short revents)
{
    (void)revents;
    take(p->arg);
}

static void listener_ready(struct host_poll *p, short revents)
{
    struct host_server *s = p->arg;
    int fd = accept4(p->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), on = 1;

    (void)revents;
    if (fd < 0)
        return;
    while (take(s)) /* perhaps the client has left, and we did not see it yet */
        ;
    if (s->client.fd >= 0) {
        close(fd);
        return;
    }
    if (s->path[0] == '\0')
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    host_poll_set(&s->client, fd, POLLIN);
    s->connected(s->arg);
}

void host_server_send(struct host_server *s, const void *bytes, size_t n)
{
    const char *p = bytes;

    while (n > 0 && s->client.fd >= 0) {
        ssize_t sent = send(s->client.fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        struct pollfd fd = {.fd = s->client.fd, .events = POLLOUT};
        if (sent >= 0) {
            p += sent;
            n -= (size_t)sent;
        } else if (errno == EAGAIN ? poll(&fd, 1, SEND_TIMEOUT_MS) == 0 : errno != EINTR) {
            drop(s);
        }
    }
}

/* --- life ------------------------------------------------------------------------------------- */

int host_server_open(struct host_server *s, const char *spec, char *err, size_t err_size)
{
    const char *where = strchr(spec, ':');
    size_t n = where != NULL ? strcspn(++where, ",") : 0;
    int fd;

    if (where != NULL && check_options(where + n, err, err_size) != 0)
        return -1;
    if (strncmp(spec, "tcp:", 4) == 0)
        fd = open_tcp(s, where, n, err, err_size);
    else if (strncmp(spec, "unix:", 5) == 0)
        fd = open_unix(s, where, n, err, err_size);
    else
        fd = fail(err, err_size, "'%s' is neither tcp:[HOST]:PORT nor unix:PATH", spec);
    if (fd < 0)
        return -1;
    s->listener = (struct host_poll){.fd = fd, .events = POLLIN, .ready = listener_ready, .arg = s};
    s->client = (struct host_poll){.fd = -1, .events = POLLIN, .ready = client_ready, .arg = s};
    host_poll_open();
    host_poll_add(&s->listener);
    host_poll_add(&s->client);
    s->opened = true;
    return 0;
}

unsigned host_server_port(const struct host_server *s)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } address;
    socklen_t len = sizeof address;

    if (getsockname(s->listener.fd, &address.any, &len) != 0)
        return 0;
    if (address.any.sa_family == AF_INET)
        return ntohs(address.in.sin_port);
    return address.any.sa_family == AF_INET6 ? ntohs(address.in6.sin6_port) : 0;
}

void host_server_close(struct host_server *s)
{
    if (!s->opened)
        return;
    host_poll_remove(&s->listener);
    host_poll_remove(&s->client);
    close(s->listener.fd);
    if (s->client.fd >= 0)
        close(s->client.fd);
    if (s->path[0] != '\0')
        unlink(s->path);
    s->opened = false;
}
