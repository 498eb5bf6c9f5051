/*
 * The screen, input events and sound as files. On a machine without one of the devices its tests
 * have nothing to do.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "abi/events.h"
#include "abi/sound.h"
#include "usertests.h"

/* Opens a device; false when the machine has none. */
static bool open_device(const char *path, int flags, int *fd)
{
    *fd = open(path, flags);
    if (*fd < 0) {
        CHECK_EQ(errno, ENOENT);
        return false;
    }
    return true;
}

static void *bad_address(void)
{
    static void *volatile address = (void *)8; /* the compiler is not to see through it */
    return address;
}

/* ---- /dev/fb and /proc/dispinfo */

/* The framebuffer's size in bytes, as /proc/dispinfo says. */
static off_t screen_bytes(void)
{
    unsigned width, height;
    FILE *file = fopen("/proc/dispinfo", "r");
    CHECK(file);
    CHECK_EQ(fscanf(file, "WIDTH : %u HEIGHT : %u", &width, &height), 2);
    CHECK_EQ(fclose(file), 0);
    CHECK(width > 0 && height > 0);
    return (off_t)width * height * 4;
}

static void test_fb(void)
{
    char bytes[64], back[64];
    int fd;
    if (!open_device("/dev/fb", O_RDWR, &fd)) {
        CHECK_ERR(open("/proc/dispinfo", O_RDONLY), ENOENT);
        return;
    }
    off_t size = screen_bytes();
    CHECK_EQ(lseek(fd, 0, SEEK_END), size);
    CHECK_EQ(read(fd, back, 1), 0);
    CHECK_ERR(write(fd, bytes, 1), ENOSPC);
    CHECK_EQ(write(fd, bytes, 0), 0);
    CHECK_EQ(lseek(fd, -5, SEEK_CUR), size - 5);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 3 + 1);
    CHECK_EQ(write(fd, bytes, sizeof bytes), 5);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), size);
    CHECK_EQ(pread(fd, back, sizeof back, size - 5), 5);
    CHECK_EQ(memcmp(bytes, back, 5), 0);
    CHECK_EQ(pwrite(fd, bytes, sizeof bytes, 1), sizeof bytes); /* wherever it begins */
    CHECK_EQ(pread(fd, back, sizeof back, 1), sizeof back);
    CHECK_EQ(memcmp(bytes, back, sizeof bytes), 0);
    CHECK_EQ(lseek(fd, 1 << 30, SEEK_END), size + (1 << 30));
    CHECK_EQ(read(fd, back, 1), 0);
    CHECK_ERR(write(fd, bytes, 1), ENOSPC);
    CHECK_OK(fsync(fd));
    CHECK_OK(close(fd));
}

static void test_fb_errors(void)
{
    int fd, reader;
    if (!open_device("/dev/fb", O_RDWR, &fd))
        return;
    CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK_ERR(lseek(fd, 0, 9), EINVAL);
    CHECK_ERR(pread(fd, &reader, 1, -1), EINVAL);
    CHECK_ERR(write(fd, bad_address(), 4), EFAULT);
    CHECK_ERR(write(fd, bad_address(), 100000), EFAULT);
    CHECK_ERR(read(fd, bad_address(), 4), EFAULT);
    CHECK_ERR(read(fd, bad_address(), 100000), EFAULT);
    CHECK_ERR(ioctl(fd, FIONREAD, &reader), ENOTTY);
    CHECK_ERR(ftruncate(fd, 0), EINVAL);
    CHECK_OK(reader = open("/dev/fb", O_RDONLY));
    CHECK_ERR(write(reader, "", 1), EBADF);
    struct pollfd both = {.fd = fd, .events = POLLIN | POLLOUT};
    CHECK_EQ(poll(&both, 1, -1), 1);
    CHECK_EQ(both.revents, POLLIN | POLLOUT);
}

/* All of it in one write and in one read. */
static void test_fb_whole(void)
{
    int fd;
    if (!open_device("/dev/fb", O_RDWR, &fd))
        return;
    size_t size = (size_t)screen_bytes();
    unsigned char *old = malloc(size), *new = malloc(size);
    CHECK(old && new);
    CHECK_EQ(read(fd, old, size), size);
    for (size_t i = 0; i < size; i++)
        new[i] = (unsigned char)~old[i];
    CHECK_EQ(pwrite(fd, new, size, 0), size);
    memset(old, 0, size);
    CHECK_EQ(pread(fd, old, size, 0), size);
    CHECK_EQ(memcmp(old, new, size), 0);
    memset(new, 0, size);
    CHECK_EQ(pwrite(fd, new, size, 0), size);
}

/* ---- /dev/events, while nobody touches a key */

static void test_events(void)
{
    char line[EVENTS_LINE_MAX];
    int fd, n = -1;
    if (!open_device("/dev/events", O_RDONLY, &fd))
        return;
    CHECK_EQ(read(fd, line, sizeof line), 0);
    CHECK_EQ(read(fd, line, 0), 0);
    struct pollfd in = {.fd = fd, .events = POLLIN};
    CHECK_EQ(poll(&in, 1, 0), 0);
    CHECK_EQ(poll(&in, 1, 10), 0);
    CHECK_OK(ioctl(fd, FIONREAD, &n));
    CHECK_EQ(n, 0);
    CHECK_OK(ioctl(fd, EVENTS_SETMODE, EVENTS_POINTER));
    CHECK_EQ(read(fd, line, sizeof line), 0);
    CHECK_OK(ioctl(fd, EVENTS_SETMODE, EVENTS_BLOCK));
    CHECK_OK(fcntl(fd, F_SETFL, O_NONBLOCK));
    CHECK_ERR(read(fd, line, sizeof line), EAGAIN);
    CHECK_OK(ioctl(fd, EVENTS_SETMODE, 0));
    CHECK_EQ(read(fd, line, sizeof line), 0);
}

static void test_events_errors(void)
{
    int fd;
    if (!open_device("/dev/events", O_RDWR, &fd))
        return;
    CHECK_ERR(write(fd, "kd A\n", 5), EINVAL);
    CHECK_ERR(lseek(fd, 0, SEEK_SET), ESPIPE);
    CHECK_ERR(pread(fd, &fd, 1, 0), ESPIPE);
    CHECK_ERR(fsync(fd), EINVAL);
    CHECK_ERR(ioctl(fd, EVENTS_SETMODE, 4), EINVAL);
    CHECK_ERR(ioctl(fd, EVENTS_SETMODE, -1), EINVAL);
    CHECK_ERR(ioctl(fd, TCGETS, 0), ENOTTY);
    CHECK_ERR(ioctl(fd, FIONREAD, bad_address()), EFAULT);
}

/* A reader that waits for an event can be killed. */
static void test_events_kill(void)
{
    char line[EVENTS_LINE_MAX];
    int fd, status;
    if (!open_device("/dev/events", O_RDONLY, &fd))
        return;
    CHECK_OK(ioctl(fd, EVENTS_SETMODE, EVENTS_BLOCK));
    pid_t child = fork();
    CHECK_OK(child);
    if (child == 0) {
        read(fd, line, sizeof line);
        _exit(1);
    }
    usleep(20000);
    CHECK_OK(kill(child, SIGTERM));
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

/* ---- /dev/sb and /dev/sbctl */

static const struct abi_sound format = {44100, 2, 1024};

/* Opens control and data, and the stream. */
static bool open_sound(int *control, int *data, int flags)
{
    if (!open_device("/dev/sbctl", O_RDWR, control))
        return false;
    CHECK_EQ(write(*control, &format, sizeof format), sizeof format);
    CHECK_OK(*data = open("/dev/sb", O_WRONLY | flags));
    return true;
}

static int room(int control)
{
    int32_t n;
    CHECK_EQ(read(control, &n, sizeof n), sizeof n);
    return (int)n;
}

static void test_sound_errors(void)
{
    static const struct abi_sound bad[] = {{12345, 2, 1024}, {0, 2, 1024},     {44100, 0, 1024},
                                           {44100, 9, 1024}, {44100, 2, 0},    {-1, -1, -1},
                                           {44100, 2, -5},   {44100, -2, 1024}};
    int control, data, value;
    if (!open_device("/dev/sbctl", O_RDWR, &control)) {
        CHECK_ERR(open("/dev/sb", O_WRONLY), ENOENT);
        return;
    }
    CHECK_OK(data = open("/dev/sb", O_RDWR));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_ERR(write(control, &bad[i], sizeof *bad), EINVAL);
    CHECK_ERR(write(data, "1234", 4), EINVAL); /* the stream is not open */
    CHECK_EQ(room(control), 0);
    CHECK_ERR(write(control, &format, sizeof format - 1), EINVAL);
    CHECK_ERR(write(control, bad_address(), sizeof format), EFAULT);
    CHECK_ERR(read(control, &value, sizeof value - 1), EINVAL);
    CHECK_ERR(read(control, bad_address(), sizeof value), EFAULT);
    CHECK_ERR(read(data, &value, sizeof value), EINVAL);
    CHECK_ERR(lseek(data, 0, SEEK_SET), ESPIPE);
    CHECK_ERR(lseek(control, 0, SEEK_SET), ESPIPE);
    CHECK_ERR(ioctl(control, TCGETS, 0), ENOTTY);
    CHECK_ERR(ioctl(control, SOUND_UNDERRUNS, bad_address()), EFAULT);
    CHECK_ERR(ioctl(data, SOUND_UNDERRUNS, &value), ENOTTY);
    CHECK_EQ(write(control, &format, sizeof format), sizeof format);
    CHECK_ERR(write(data, bad_address(), 4), EFAULT);
}

static double seconds(void)
{
    struct timespec ts;
    CHECK_OK(clock_gettime(CLOCK_MONOTONIC, &ts));
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Writing without waiting fills the queue; closing waits until it has been played. */
static void test_sound_queue(void)
{
    static char silence[8192];
    int control, data;
    long queued = 0, n;
    if (!open_sound(&control, &data, O_NONBLOCK))
        return;
    int size = room(control);
    CHECK(size >= 16384);
    double start = seconds();
    while ((n = write(data, silence, sizeof silence)) > 0)
        queued += n;
    CHECK(n == -1 && errno == EAGAIN);
    CHECK(queued >= size);
    CHECK(room(control) < size);
    struct pollfd out = {.fd = data, .events = POLLOUT};
    CHECK_EQ(poll(&out, 1, 5000), 1);
    CHECK_EQ(out.revents, POLLOUT);
    CHECK_OK(close(data));
    /* The device may be ahead by what it plays from. */
    double length = (double)queued / (44100 * 4), took = seconds() - start;
    CHECK(took > length - 0.1 && took < length + 2);
    CHECK_EQ(room(control), size);
}

/* A writer that waits for room can be killed, and what it wrote is not played to the end. */
static void test_sound_kill(void)
{
    static char silence[8192];
    int control, data, status;
    if (!open_sound(&control, &data, 0))
        return;
    CHECK_OK(close(control));
    pid_t child = fork();
    CHECK_OK(child);
    if (child == 0) {
        while (write(data, silence, sizeof silence) > 0)
            continue;
        _exit(1);
    }
    CHECK_OK(close(data));
    usleep(50000);
    double start = seconds();
    CHECK_OK(kill(child, SIGTERM));
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    CHECK(seconds() - start < 0.3);
}

const struct test tests_device[] = {
    {"fb", test_fb, TEST_TARN},
    {"fb_errors", test_fb_errors, TEST_TARN},
    {"fb_whole", test_fb_whole, TEST_TARN},
    {"events", test_events, TEST_TARN},
    {"events_errors", test_events_errors, TEST_TARN},
    {"events_kill", test_events_kill, TEST_TARN},
    {"sound_errors", test_sound_errors, TEST_TARN},
    {"sound_queue", test_sound_queue, TEST_TARN},
    {"sound_kill", test_sound_kill, TEST_TARN},
    {NULL, NULL, 0},
};
