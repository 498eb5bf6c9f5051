/* What all character devices share: the list, the output queue, input with back pressure. */
#include "tools/emu/host/chardev.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/emu/host/backends.h"
#include "tools/emu/machine.h"
#include "tools/emu/message.h"

enum { CONSOLE_DATA, CONSOLE_BREAK }; /* channels, the same for all devices that can be a console */
enum { READ_SIZE = 512, WRITE_SIZE = 4096 /* a pipe that polls writable takes it at once */ };
enum { PATIENCE_MS = 1000 };

/* While the device has no room for input nobody tells us when it has again. */
enum { ROOM_NS = 5000000 };

bool chardev_quit;

static struct chardev *first;
static bool output_waits; /* atomic */

/* --- output ---------------------------------------------------------------------------------- */

static void drop_oldest(struct chardev *c, size_t n)
{
    n = n < c->used ? n : c->used;
    c->start = (c->start + n) % CHARDEV_QUEUE;
    c->used -= n;
}

/* Does the reader take bytes within so long? False: no, or a signal came first. */
static bool wait_writable(const struct chardev *c, int timeout_ms)
{
    for (;;) {
        struct pollfd fds[2] = {
            {.fd = c->out_fd, .events = POLLOUT},
            {.fd = term_signal_fd(), .events = POLLIN},
        };
        int n = poll(fds, 2, timeout_ms);
        if (n > 0 && fds[0].revents != 0)
            return true;
        if (n == 0 || term_signal() != 0 || (n < 0 && errno != EINTR))
            return false;
    }
}

/* Write what the reader takes within so long (-1: for ever); locked. */
static void flush(struct chardev *c, int timeout_ms)
{
    while (c->used != 0 && c->out_fd >= 0 && !c->is_broken && wait_writable(c, timeout_ms)) {
        size_t n = CHARDEV_QUEUE - c->start;
        ssize_t done;
        n = n < c->used ? n : c->used;
        n = n < WRITE_SIZE ? n : WRITE_SIZE;
        if (c->is_socket)
            done = send(c->out_fd, c->queue + c->start, n, MSG_NOSIGNAL);
        else
            done = write(c->out_fd, c->queue + c->start, n);
        if (done > 0) {
            drop_oldest(c, (size_t)done);
            c->stalled = false;
        } else if (done < 0 && errno != EINTR && errno != EAGAIN) {
            if (c->kind == &chardev_file)
                message("%s: %s", c->path, strerror(errno));
            else if (c->kind == &chardev_stdio && errno == EPIPE)
                term_end(SIGPIPE);
            c->is_broken = true;
        }
    }
    if (c->is_broken && c->patient)
        c->used = 0;
}

static void make_room(struct chardev *c)
{
    if (c->out_fd >= 0 && !c->is_broken && !c->stalled) {
        flush(c, c->patient ? -1 : 0);
        if (c->used == CHARDEV_QUEUE && !c->patient && wait_writable(c, PATIENCE_MS))
            flush(c, 0);
        c->stalled = c->used == CHARDEV_QUEUE && !c->patient;
    }
    if (c->used == CHARDEV_QUEUE)
        drop_oldest(c, WRITE_SIZE);
}

void chardev_queue(struct chardev *c, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        size_t end = (c->start + c->used) % CHARDEV_QUEUE, room = CHARDEV_QUEUE - c->used;
        if (room > CHARDEV_QUEUE - end)
            room = CHARDEV_QUEUE - end;
        if (room > n)
            room = n;
        memcpy(c->queue + end, bytes, room);
        c->used += room;
        bytes += room;
        n -= room;
        if (c->used == CHARDEV_QUEUE)
            make_room(c);
    }
}

void chardev_write(struct chardev *c, const uint8_t *bytes, size_t n)
{
    if (c->queue == NULL || n == 0)
        return;
    pthread_mutex_lock(&c->lock);
    if (c->kind->print != NULL)
        c->kind->print(c, bytes, n);
    else
        chardev_queue(c, bytes, n);
    pthread_mutex_unlock(&c->lock);
    if (!__atomic_exchange_n(&output_waits, true, __ATOMIC_RELAXED))
        host_poll_wake();
}

bool chardev_output_waits(void)
{
    return __atomic_load_n(&output_waits, __ATOMIC_RELAXED);
}

static void write_backend(struct character_backend *b, const uint8_t *bytes, size_t n)
{
    chardev_write((struct chardev *)b, bytes, n);
}

static void hang_up(struct chardev *c)
{
    c->in_fd = -1;
    if (c->kind->hung_up != NULL)
        c->kind->hung_up(c);
}

/* Before every wait: what is queued goes out, and if not all of it does, we wait for that. */
static void prepare_output(struct host_poll *p)
{
    struct chardev *c = p->arg;
    bool is_broken;

    pthread_mutex_lock(&c->lock);
    flush(c, c->patient ? -1 : 0);
    is_broken = c->is_broken;
    host_poll_set(p, c->out_fd, c->used != 0 && !is_broken ? POLLOUT : 0);
    pthread_mutex_unlock(&c->lock);
    if (is_broken && c->kind->hung_up != NULL)
        hang_up(c);
}

/* prepare() sees to it. */
static void output_ready(struct host_poll *p, short revents)
{
    (void)p;
    (void)revents;
}

void chardev_flush_all(void)
{
    __atomic_store_n(&output_waits, false, __ATOMIC_RELAXED);
    for (struct chardev *c = first; c != NULL; c = c->next)
        if (c->queue != NULL)
            prepare_output(&c->out);
}

/* --- input ----------------------------------------------------------------------------------- */

void chardev_give(struct chardev *c, const uint8_t *bytes, size_t n)
{
    const struct backend *b = &c->character.backend;

    if (n != 0 && b->machine != NULL)
        machine_input(b->machine, machine_now(b->machine), b->source + CONSOLE_DATA, bytes, n);
}

void chardev_give_break(struct chardev *c)
{
    const struct backend *b = &c->character.backend;

    if (b->machine != NULL)
        machine_input(b->machine, machine_now(b->machine), b->source + CONSOLE_BREAK, "", 1);
}

static size_t input_room(const struct chardev *c)
{
    const struct backend *b = &c->character.backend;

    return b->machine != NULL ? machine_input_room(b->machine, b->source) : 0;
}

static void prepare_input(struct host_poll *p)
{
    struct chardev *c = p->arg;
    size_t room = input_room(c);
    bool may_read = c->kind->may_read == NULL || c->kind->may_read(c);

    host_poll_set(p, c->in_fd, room != 0 && may_read ? POLLIN : 0);
    host_poll_deadline(p, room == 0 && c->in_fd >= 0 && c->character.backend.machine != NULL
                              ? host_now_ns(NULL) + ROOM_NS
                              : 0);
}

static void input_ready(struct host_poll *p, short revents)
{
    struct chardev *c = p->arg;
    uint8_t bytes[READ_SIZE];
    size_t room = input_room(c);
    ssize_t n;

    if (revents == 0 || c->in_fd < 0 || room == 0)
        return;
    n = read(c->in_fd, bytes, room < sizeof bytes ? room : sizeof bytes);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
        hang_up(c);
    else if (n > 0 && c->kind->typed != NULL)
        c->kind->typed(c, bytes, (size_t)n);
    else if (n > 0)
        chardev_give(c, bytes, (size_t)n);
}

void chardev_connect(struct chardev *c, int in_fd, int out_fd)
{
    pthread_mutex_lock(&c->lock);
    if (c->out_fd >= 0 && c->out_fd != in_fd)
        close(c->out_fd);
    c->in_fd = in_fd;
    c->out_fd = out_fd;
    c->stalled = c->is_broken = false;
    pthread_mutex_unlock(&c->lock);
}

bool chardev_has_terminal(void)
{
    const struct chardev *c = first;

    while (c != NULL && c->kind != &chardev_stdio)
        c = c->next;
    return c != NULL && c->character.backend.machine != NULL;
}

void chardev_attach(struct chardev *c, struct machine *m, unsigned source)
{
    c->character.backend.machine = m;
    c->character.backend.source = source;
    c->character.backend.taken = true;
}

/* --- the list -------------------------------------------------------------------------------- */

static const struct chardev_kind *const kinds[] = {&chardev_null, &chardev_stdio,  &chardev_file,
                                                   &chardev_pty,  &chardev_socket, NULL};

struct chardev *chardev_find(const char *id)
{
    for (struct chardev *c = first; c != NULL; c = c->next)
        if (strcmp(c->id, id) == 0)
            return c;
    return NULL;
}

static void destroy(struct chardev *c)
{
    if (c->kind->close != NULL)
        c->kind->close(c);
    if (c->in_fd > STDERR_FILENO)
        close(c->in_fd);
    if (c->out_fd > STDERR_FILENO && c->out_fd != c->in_fd)
        close(c->out_fd);
    pthread_mutex_destroy(&c->lock);
    free(c->queue);
    free(c->id);
    free(c);
}

static void close_backend(struct backend *b)
{
    struct chardev *c = (struct chardev *)b;

    if (c->queue != NULL) {
        pthread_mutex_lock(&c->lock);
        flush(c, c->patient ? -1 : c->stalled ? 0 : PATIENCE_MS);
        pthread_mutex_unlock(&c->lock);
        host_poll_remove(&c->in);
        host_poll_remove(&c->out);
    }
    for (struct chardev **link = &first; *link != NULL; link = &(*link)->next) {
        if (*link == c) {
            *link = c->next;
            break;
        }
    }
    destroy(c);
}

static struct chardev *add(const struct chardev_kind *kind, struct props *props, const char *id,
                           char *err, size_t err_size)
{
    struct chardev *c = calloc(1, sizeof *c);
    char *own_id = strdup(id);
    uint8_t *queue = kind != &chardev_null ? malloc(CHARDEV_QUEUE) : NULL;

    if (c == NULL || own_id == NULL || (kind != &chardev_null && queue == NULL)) {
        free(c);
        free(own_id);
        free(queue);
        snprintf(err, err_size, "out of memory");
        return NULL;
    }
    c->id = own_id;
    c->queue = queue;
    c->kind = kind;
    c->in_fd = c->out_fd = c->slave_fd = -1;
    pthread_mutex_init(&c->lock, NULL);
    c->character.backend.kind = BACKEND_CHARACTER;
    c->character.backend.id = c->id;
    c->character.backend.close = close_backend;
    c->character.write = write_backend;
    c->in = (struct host_poll){.fd = -1, .prepare = prepare_input, .ready = input_ready, .arg = c};
    c->out =
        (struct host_poll){.fd = -1, .prepare = prepare_output, .ready = output_ready, .arg = c};
    if (!kind->open(c, props, err, err_size)) {
        destroy(c);
        return NULL;
    }
    c->next = first;
    first = c;
    if (c->queue != NULL) {
        host_poll_add(&c->in);
        host_poll_add(&c->out);
    }
    return c;
}

void chardev_close_all(void)
{
    while (first != NULL)
        close_backend(&first->character.backend);
}

struct backend *host_chardev_open(struct props *props, char *err, size_t err_size)
{
    const char *name = props_get(props, "backend"), *id = props_get(props, "id");
    struct chardev *c = NULL;
    size_t i = 0;

    while (name != NULL && kinds[i] != NULL && strcmp(kinds[i]->name, name) != 0)
        i++;
    if (name == NULL || kinds[i] == NULL)
        snprintf(err, err_size, "'%s' is not supported, only stdio, pty, file, socket and null",
                 name != NULL ? name : "");
    else if (id == NULL)
        snprintf(err, err_size, "%s needs an id", name);
    else if (chardev_find(id) != NULL)
        snprintf(err, err_size, "the id '%s' is there already", id);
    else
        c = add(kinds[i], props, id, err, err_size);
    return c != NULL ? &c->character.backend : NULL;
}

/* HOST:PORT,... or [HOST]:PORT,... as properties. */
static bool expand_tcp(const char *rest, char *text, size_t size)
{
    bool bracket = *rest == '[';
    const char *host = rest + bracket, *end = bracket ? strchr(host, ']') : strchr(host, ':');

    if (end == NULL || end[bracket] != ':')
        return false;
    return snprintf(text, size, "socket,host=%.*s,port=%s", (int)(end - host), host,
                    end + bracket + 1) < (int)size;
}

/* -serial's short spellings, as properties of -chardev. */
static bool expand(const char *spelling, char *text, size_t size)
{
    static const char *const plain[] = {"stdio", "pty", "null"};

    if (strcmp(spelling, "mon:stdio") == 0)
        spelling = "stdio";
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (strcmp(spelling, plain[i]) == 0)
            return snprintf(text, size, "%s", spelling) < (int)size;
    if (strncmp(spelling, "file:", 5) == 0)
        return snprintf(text, size, "file,path=%s", spelling + 5) < (int)size;
    if (strncmp(spelling, "unix:", 5) == 0)
        return snprintf(text, size, "socket,path=%s", spelling + 5) < (int)size;
    return strncmp(spelling, "tcp:", 4) == 0 && expand_tcp(spelling + 4, text, size);
}

/* Make a device from its properties in full; what is unknown among them is an error. */
static struct chardev *create(const char *text, char *err, size_t err_size)
{
    struct backend *b;
    struct props props;

    if (props_parse(&props, text, "backend", err, err_size) != 0)
        return NULL;
    b = host_chardev_open(&props, err, err_size);
    if (b != NULL && props_unknown(&props) != NULL) {
        snprintf(err, err_size, "the property '%s' is not supported", props_unknown(&props));
        close_backend(b);
        b = NULL;
    }
    props_free(&props);
    return (struct chardev *)b;
}

struct chardev *chardev_serial(const char *spelling, char *err, size_t err_size)
{
    char text[1024], full[1100];
    struct chardev *c;

    if (strncmp(spelling, "chardev:", 8) == 0) {
        c = chardev_find(spelling + 8);
        if (c == NULL)
            snprintf(err, err_size, "there is no -chardev with the id '%s'", spelling + 8);
        else if (c->character.backend.taken)
            snprintf(err, err_size, "'%s' is another device's", spelling + 8);
        if (c == NULL || c->character.backend.taken)
            return NULL;
        c->character.backend.taken = true; /* before any device of the machine */
        return c;
    }
    if (!expand(spelling, text, sizeof text)) {
        snprintf(err, err_size,
                 "'%s' is not supported, only stdio, mon:stdio, pty, file:PATH, unix:PATH, "
                 "tcp:HOST:PORT, chardev:ID, null and none",
                 spelling);
        return NULL;
    }
    snprintf(full, sizeof full, "%s,id=serial0", text);
    return create(full, err, err_size);
}
