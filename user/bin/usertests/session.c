/* Process groups, sessions and the terminal. */
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "usertests.h"

static void test_groups(void)
{
    pid_t me = getpid();
    CHECK_EQ(getpgid(0), me); /* the runner made it a leader */
    CHECK_EQ(getpgid(me), me);
    CHECK_EQ(getpgrp(), me);
    int hold[2];
    char c;
    CHECK_OK(pipe(hold));
    pid_t pid = must_fork();
    if (pid == 0) {
        close(hold[1]);
        read(hold[0], &c, 1);
        _exit(0);
    }
    CHECK_EQ(getpgid(pid), me); /* inherited */
    CHECK_OK(setpgid(pid, 0));
    CHECK_EQ(getpgid(pid), pid);
    CHECK_OK(setpgid(pid, me)); /* and back */
    CHECK_EQ(getpgid(pid), me);
    CHECK_ERR(setpgid(pid, 99999), EPERM); /* no such group in this session */
    CHECK_ERR(setpgid(pid, -1), EINVAL);
    CHECK_ERR(setpgid(99999, 0), ESRCH);
    CHECK_ERR(setpgid(1, 0), ESRCH); /* neither self nor child */
    CHECK_ERR(getpgid(99999), ESRCH);
    CHECK_OK(close(hold[1]));
    must_succeed(pid);
}

static void test_setsid(void)
{
    CHECK_ERR(setsid(), EPERM); /* a group's leader */
    pid_t pid = must_fork();
    if (pid == 0) {
        CHECK_EQ(setsid(), getpid());
        CHECK_EQ(getpgrp(), getpid());
        CHECK_ERR(setsid(), EPERM);
        CHECK_ERR(setpgid(0, 0), EPERM); /* a session's leader stays one */
        _exit(0);
    }
    must_succeed(pid);
}

/* After it has executed a program a child's group is its own affair. */
static void test_setpgid_after_exec(void)
{
    int ready[2], hold[2];
    char c;
    CHECK_OK(pipe(ready));
    CHECK_OK(pipe(hold));
    pid_t pid = must_fork();
    if (pid == 0) {
        dup2(hold[0], 0);
        dup2(ready[1], 1);
        close(hold[1]);
        execl(self_path, self_path, "--helper", "handshake", (char *)NULL);
        _exit(1);
    }
    CHECK_EQ(read(ready[0], &c, 1), 1); /* it runs */
    CHECK_ERR(setpgid(pid, 0), EACCES);
    CHECK_OK(close(hold[1]));
    must_succeed(pid);
}

static void test_not_a_terminal(void)
{
    struct termios mode;
    struct winsize size;
    int group = 0;
    put_file("f", "x", 1);
    int fd = must_open("f", O_RDWR, 0);
    CHECK(!isatty(fd));
    CHECK_ERR(tcgetattr(fd, &mode), ENOTTY);
    CHECK_ERR(ioctl(fd, TIOCGWINSZ, &size), ENOTTY);
    CHECK_ERR(ioctl(fd, TIOCGPGRP, &group), ENOTTY);
    CHECK_ERR(ioctl(fd, 0x12345678, &size), ENOTTY);
    CHECK_ERR(ioctl(99, TIOCGWINSZ, &size), EBADF);
}

/* The console's modes can be read, set and are then as set. */
static void test_console_modes(void)
{
    struct termios mode, changed, seen;
    int fd = must_open("/dev/console", O_RDWR | O_NOCTTY, 0);
    CHECK(isatty(fd));
    CHECK_OK(tcgetattr(fd, &mode));
    changed = mode;
    changed.c_lflag ^= ECHO | ICANON;
    changed.c_cc[VMIN] = 3;
    CHECK_OK(tcsetattr(fd, TCSANOW, &changed));
    CHECK_OK(tcgetattr(fd, &seen));
    CHECK_EQ(seen.c_lflag, changed.c_lflag);
    CHECK_EQ(seen.c_cc[VMIN], 3);
    CHECK_OK(tcsetattr(fd, TCSADRAIN, &mode));
    CHECK_OK(tcgetattr(fd, &seen));
    CHECK_EQ(seen.c_lflag, mode.c_lflag);
    CHECK_ERR(ioctl(fd, 0x12345678, 0), ENOTTY);
}

const struct test tests_session[] = {
    {"groups", test_groups, 0},
    {"setsid", test_setsid, 0},
    {"setpgid_after_exec", test_setpgid_after_exec, 0},
    {"not_a_terminal", test_not_a_terminal, 0},
    {"console_modes", test_console_modes, TEST_TARN},
    {0},
};
