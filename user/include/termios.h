#pragma once
/* Terminal modes (POSIX <termios.h>); the constants are the kernel's. */
#include <sys/types.h>
#include "abi/termios.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned int tcflag_t;
typedef unsigned char cc_t;
typedef unsigned int speed_t;

#define NCCS ABI_NCCS

struct termios {
    tcflag_t c_iflag;
    tcflag_t c_oflag;
    tcflag_t c_cflag;
    tcflag_t c_lflag;
    cc_t c_line;
    cc_t c_cc[NCCS];
};

#define TCSANOW   0
#define TCSADRAIN 1
#define TCSAFLUSH 2

#define TCIFLUSH  0
#define TCOFLUSH  1
#define TCIOFLUSH 2

int tcgetattr(int fd, struct termios *mode);
int tcsetattr(int fd, int when, const struct termios *mode);
int tcdrain(int fd);
int tcflush(int fd, int queue);
void cfmakeraw(struct termios *mode);
speed_t cfgetispeed(const struct termios *mode);
speed_t cfgetospeed(const struct termios *mode);
int cfsetispeed(struct termios *mode, speed_t speed);
int cfsetospeed(struct termios *mode, speed_t speed);

#ifdef __cplusplus
}
#endif
