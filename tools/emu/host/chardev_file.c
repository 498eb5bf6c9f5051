/* Character devices that are opened once and stay: nothing, a file, a pseudo-terminal. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tools/emu/host/chardev.h"

static bool null_open(struct chardev *c, struct props *props, char *err, size_t err_size)
{
    (void)c;
    (void)props;
    (void)err;
    (void)err_size;
    return true;
}

const struct chardev_kind chardev_null = {.name = "null", .open = null_open};

static bool file_open(struct chardev *c, struct props *props, char *err, size_t err_size)
{
    const char *path = props_get(props, "path");
    bool append = false;
    int fd;

    if (!props_bool(props, "append", &append, err, err_size))
        return false;
    if (path == NULL || path[0] == '\0') {
        snprintf(err, err_size, "a file needs a path");
        return false;
    }
    snprintf(c->path, sizeof c->path, "%s", path);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0666);
    if (fd < 0) {
        snprintf(err, err_size, "%s: %s", path, strerror(errno));
        return false;
    }
    c->patient = true;
    chardev_connect(c, -1, fd);
    return true;
}

const struct chardev_kind chardev_file = {.name = "file", .open = file_open};

/*
 * The other end stays open here as well: else every reader that goes would hang the line up, and
 * its settings would be lost. Whether anybody reads shows only when the terminal's buffer is full.
 */
static bool pty_open(struct chardev *c, struct props *props, char *err, size_t err_size)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    struct termios mode;

    (void)props;
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 ||
        ptsname_r(fd, c->path, sizeof c->path) != 0 ||
        (c->slave_fd = open(c->path, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0) {
        snprintf(err, err_size, "pty: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (tcgetattr(c->slave_fd, &mode) == 0) {
        cfmakeraw(&mode);
        tcsetattr(c->slave_fd, TCSANOW, &mode);
    }
    chardev_connect(c, fd, fd);
    c->stalled = true; /* nobody may ever read */
    printf("char device redirected to %s (label %s)\n", c->path, c->id);
    fflush(stdout);
    return true;
}

static void pty_close(struct chardev *c)
{
    if (c->slave_fd >= 0)
        close(c->slave_fd);
}

const struct chardev_kind chardev_pty = {.name = "pty", .open = pty_open, .close = pty_close};
