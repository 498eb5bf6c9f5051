/* Terminals: <termios.h> and what else goes through ioctl(2). */
#include <errno.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "tarn/syscall.h"

_Static_assert(sizeof(struct termios) == sizeof(struct abi_termios), "termios is the kernel's");

int ioctl(int fd, unsigned long request, ...)
{
    va_list list;
    va_start(list, request);
    ulong_t arg = va_arg(list, ulong_t);
    va_end(list);
    return (int)sys_result(sys_ioctl(fd, (uint32_t)request, arg));
}

int isatty(int fd)
{
    struct termios mode;
    return tcgetattr(fd, &mode) == 0;
}

int tcgetattr(int fd, struct termios *mode)
{
    return ioctl(fd, TCGETS, mode);
}

int tcsetattr(int fd, int when, const struct termios *mode)
{
    if (when < TCSANOW || when > TCSAFLUSH) {
        errno = EINVAL;
        return -1;
    }
    return ioctl(fd, TCSETS + (unsigned long)when, mode); /* TCSETS, TCSETSW, TCSETSF */
}

int tcdrain(int fd)
{
    return ioctl(fd, TCSBRK, 1UL);
}

int tcflush(int fd, int queue)
{
    return ioctl(fd, TCFLSH, (ulong_t)queue);
}

pid_t tcgetpgrp(int fd)
{
    int group;
    return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}

int tcsetpgrp(int fd, pid_t group)
{
    return ioctl(fd, TIOCSPGRP, &group);
}

void cfmakeraw(struct termios *mode)
{
    mode->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    mode->c_oflag &= ~(tcflag_t)OPOST;
    mode->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    mode->c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    mode->c_cflag |= CS8;
    mode->c_cc[VMIN] = 1;
    mode->c_cc[VTIME] = 0;
}

/* One speed for both directions, as the kernel keeps it. */
speed_t cfgetospeed(const struct termios *mode)
{
    return mode->c_cflag & CBAUD;
}

speed_t cfgetispeed(const struct termios *mode)
{
    return cfgetospeed(mode);
}

int cfsetospeed(struct termios *mode, speed_t speed)
{
    if (speed & ~(speed_t)CBAUD) {
        errno = EINVAL;
        return -1;
    }
    mode->c_cflag = (mode->c_cflag & ~(tcflag_t)CBAUD) | speed;
    return 0;
}

int cfsetispeed(struct termios *mode, speed_t speed)
{
    return speed == B0 ? 0 : cfsetospeed(mode, speed); /* 0: the same as for output */
}
