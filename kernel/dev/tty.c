/* The terminal as a device: reading, writing, ioctl(2), sessions (ioctl_tty(2)). */
#include "kernel/dev/tty.h"
#include "abi/errno.h"
#include "abi/ioctl.h"
#include "abi/poll.h"
#include "abi/signal.h"
#include "kernel/klog.h"
#include "kernel/mm/uaccess.h"
#include "kernel/sched/job.h"
#include "lib/string.h"

static struct tty console_tty;

static const struct abi_termios default_termios = {
    .c_iflag = ICRNL | IXON | IMAXBEL | IUTF8,
    .c_oflag = OPOST | ONLCR,
    .c_cflag = B115200 | CS8 | CREAD | CLOCAL,
    .c_lflag = ISIG | ICANON | IEXTEN | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE,
    .c_cc = {[VINTR] = 3,
             [VQUIT] = 28,
             [VERASE] = 0x7f,
             [VKILL] = 21,
             [VEOF] = 4,
             [VMIN] = 1,
             [VSTART] = 17,
             [VSTOP] = 19,
             [VSUSP] = 26,
             [VREPRINT] = 18,
             [VDISCARD] = 15,
             [VWERASE] = 23,
             [VLNEXT] = 22},
};

/* ---- from the line */

void tty_input(const uint8_t *bytes, size_t n)
{
    struct tty *tty = &console_tty;
    bool readable = false;
    while (n > 0) {
        int sig = 0;
        spin_lock(&tty->lock);
        while (n > 0 && sig == 0) {
            sig = ldisc_input(tty, *bytes++);
            n--;
        }
        int pgrp = tty->pgrp;
        readable = ldisc_readable(tty) > 0;
        spin_unlock(&tty->lock);
        if (sig && pgrp > 0)
            job_signal_pgrp(pgrp, sig);
    }
    if (readable) {
        waitq_wake_all(&tty->readers);
        chardev_ready();
    }
}

void tty_break(void)
{
    struct tty *tty = &console_tty;
    spin_lock(&tty->lock);
    uint32_t iflag = tty->termios.c_iflag;
    bool interrupt = !(iflag & IGNBRK) && iflag & BRKINT;
    int pgrp = tty->pgrp;
    if (interrupt)
        ldisc_flush_input(tty);
    spin_unlock(&tty->lock);
    if (interrupt && pgrp > 0)
        job_signal_pgrp(pgrp, SIGINT);
    else if (!(iflag & (IGNBRK | BRKINT)))
        tty_input((const uint8_t[]){0}, 1);
}

/* ---- reading */

/* Whether a member of another than the foreground group is asking. tty->lock is held. */
static bool in_background(const struct tty *tty)
{
    int pgrp = job_current_pgrp();
    return tty->session != 0 && job_current_session() == tty->session && tty->pgrp != 0 &&
           pgrp != 0 && pgrp != tty->pgrp;
}

/* How many bytes a read must wait for (termios(3): MIN and TIME); 0: none. */
static size_t bytes_wanted(const struct tty *tty, size_t n)
{
    if (tty->termios.c_lflag & ICANON)
        return 1;
    size_t min = tty->termios.c_cc[VMIN];
    return min < n ? min : n;
}

/* Waits until there is something to read: 0 (go on, perhaps with nothing) or an error. */
static int wait_input(struct tty *tty, size_t n, bool nonblock)
{
    uint64_t deadline = UINT64_MAX;
    size_t seen = 0;
    for (;;) {
        size_t readable = ldisc_readable(tty), want = bytes_wanted(tty, n);
        bool raw = !(tty->termios.c_lflag & ICANON);
        uint64_t time_ns_ = raw ? tty->termios.c_cc[VTIME] * 100000000ull : 0;
        if (want == 0 && time_ns_ > 0)
            want = 1; /* MIN = 0, TIME > 0: TIME bounds the whole wait */
        if (readable >= want)
            return 0;
        if (nonblock)
            return readable > 0 ? 0 : -EAGAIN;
        if (in_background(tty))
            return -EIO;
        /* MIN > 0: the timer runs from byte to byte. */
        if (time_ns_ > 0 &&
            (tty->termios.c_cc[VMIN] == 0 ? deadline == UINT64_MAX : readable > seen))
            deadline = time_ns() + time_ns_;
        seen = readable;
        int err = waitq_sleep_until(&tty->readers, &tty->lock, deadline);
        if (err == -ETIMEDOUT)
            return 0;
        if (err < 0)
            return raw && ldisc_readable(tty) > 0 ? 0 : err;
    }
}

static long tty_read(struct chardev *dev, void *buf, size_t n, int64_t pos, unsigned flags)
{
    struct tty *tty = dev->priv;
    if (n == 0)
        return 0;
    spin_lock(&tty->lock);
    long result = in_background(tty) ? -EIO : wait_input(tty, n, flags & CHARDEV_NONBLOCK);
    if (result == 0)
        result = (long)ldisc_read(tty, buf, n);
    spin_unlock(&tty->lock);
    return result;
}

/* ---- writing */

#define WRITE_PIECE 256u /* bytes written with interrupts off */

static long tty_write(struct chardev *dev, const void *buf, size_t n, int64_t pos, unsigned flags)
{
    struct tty *tty = dev->priv;
    const char *text = buf;
    size_t done = 0;
    int err = 0;
    while (done < n && err == 0) {
        size_t piece = n - done < WRITE_PIECE ? n - done : WRITE_PIECE;
        spin_lock(&tty->lock);
        while (tty->stopped && err == 0)
            err = flags & CHARDEV_NONBLOCK ? -EAGAIN : waitq_sleep(&tty->writers, &tty->lock);
        if (err == 0) {
            ldisc_output(tty, text + done, piece);
            done += piece;
        }
        spin_unlock(&tty->lock);
    }
    return done > 0 ? (long)done : err;
}

static unsigned tty_poll(struct chardev *dev)
{
    struct tty *tty = dev->priv;
    unsigned ready = 0;
    spin_lock(&tty->lock);
    if (ldisc_readable(tty) > 0)
        ready |= POLLIN | POLLRDNORM;
    if (!tty->stopped)
        ready |= POLLOUT | POLLWRNORM;
    spin_unlock(&tty->lock);
    return ready;
}

/* ---- sessions */

/*
 * Makes it the controlling terminal of the session the caller leads, unless another one that still
 * lives has it. proc's locks may be held around tty->lock, so proc is asked outside of it.
 */
static int take_session(struct tty *tty, bool steal)
{
    int session = job_current_session(), err = 0;
    if (session == 0 || session != job_current_pid())
        return -EPERM;
    spin_lock(&tty->lock);
    int owner = tty->session, pgrp = tty->pgrp;
    spin_unlock(&tty->lock);
    if (owner != 0 && owner != session && !steal && job_pgrp_in_session(pgrp, owner))
        return -EPERM;
    spin_lock(&tty->lock);
    if (tty->session == owner && owner != session) {
        tty->session = session;
        tty->pgrp = job_current_pgrp();
    } else if (tty->session != session) {
        err = -EPERM; /* somebody else was quicker */
    }
    spin_unlock(&tty->lock);
    return err;
}

void console_session_end(int session)
{
    struct tty *tty = &console_tty;
    spin_lock(&tty->lock);
    if (tty->session == session && session != 0)
        tty->session = tty->pgrp = 0;
    spin_unlock(&tty->lock);
}

static int tty_open(struct chardev **dev, unsigned flags)
{
    struct tty *tty = (*dev)->priv;
    spin_lock(&tty->lock);
    bool vacant = tty->session == 0;
    spin_unlock(&tty->lock);
    if (vacant && !(flags & CHARDEV_NOCTTY))
        take_session(tty, false); /* if the caller leads one */
    return 0;
}

/* /dev/tty: the terminal of whoever opens it. */
static int ctty_open(struct chardev **dev, unsigned flags)
{
    struct tty *tty = (*dev)->priv;
    spin_lock(&tty->lock);
    bool own = tty->session != 0 && tty->session == job_current_session();
    spin_unlock(&tty->lock);
    return own ? 0 : -ENXIO;
}

/* ---- ioctl */

static int set_termios(struct tty *tty, uint32_t request, uintptr_t arg)
{
    struct abi_termios new;
    if (copy_in(&new, uaddr_of(arg), sizeof new) < 0)
        return -EFAULT;
    spin_lock(&tty->lock);
    uint32_t old_lflag = tty->termios.c_lflag;
    tty->termios = new;
    if (request == TCSETSF)
        ldisc_flush_input(tty);
    ldisc_modes_changed(tty, old_lflag);
    if (!(new.c_iflag &IXON) && tty->stopped) {
        tty->stopped = false;
        waitq_wake_all(&tty->writers);
    }
    spin_unlock(&tty->lock);
    waitq_wake_all(&tty->readers); /* their conditions have changed */
    return 0;
}

/* Requests about the session; they answer only to members of it. */
static int session_ioctl(struct tty *tty, uint32_t request, int *value)
{
    int err = -ENOTTY, session = job_current_session();
    bool known = request == TIOCSPGRP && *value > 0 && job_pgrp_in_session(*value, session);
    spin_lock(&tty->lock);
    if (tty->session != 0 && tty->session == session) {
        err = 0;
        if (request == TIOCGPGRP)
            *value = tty->pgrp;
        else if (request == TIOCGSID)
            *value = tty->session;
        else if (*value <= 0)
            err = -EINVAL;
        else if (!known)
            err = -EPERM;
        else
            tty->pgrp = *value;
    }
    spin_unlock(&tty->lock);
    return err;
}

static int get_int(struct tty *tty, uint32_t request, uintptr_t arg)
{
    int value = 0, err = 0;
    if (request == FIONREAD) {
        spin_lock(&tty->lock);
        value = (int)ldisc_readable(tty);
        spin_unlock(&tty->lock);
    } else if (request != TIOCOUTQ) {
        err = session_ioctl(tty, request, &value);
    }
    return err < 0 ? err : copy_out(uaddr_of(arg), &value, sizeof value);
}

static int set_int(struct tty *tty, uintptr_t arg)
{
    int value;
    if (copy_in(&value, uaddr_of(arg), sizeof value) < 0)
        return -EFAULT;
    return session_ioctl(tty, TIOCSPGRP, &value);
}

static int winsize_ioctl(struct tty *tty, uint32_t request, uintptr_t arg)
{
    struct abi_winsize size;
    if (request == TIOCSWINSZ && copy_in(&size, uaddr_of(arg), sizeof size) < 0)
        return -EFAULT;
    spin_lock(&tty->lock);
    struct abi_winsize old = tty->winsize;
    if (request == TIOCSWINSZ)
        tty->winsize = size;
    int pgrp = tty->pgrp;
    spin_unlock(&tty->lock);
    if (request == TIOCGWINSZ)
        return copy_out(uaddr_of(arg), &old, sizeof old);
    if (memcmp(&old, &size, sizeof size) != 0 && pgrp > 0)
        job_signal_pgrp(pgrp, SIGWINCH);
    return 0;
}

/* TCFLSH (input; output is never queued) and TCXONC. */
static int flow_ioctl(struct tty *tty, uint32_t request, uintptr_t arg)
{
    if (arg > (request == TCFLSH ? 2 : 3))
        return -EINVAL;
    spin_lock(&tty->lock);
    if (request == TCFLSH && arg != 1) {
        ldisc_flush_input(tty);
    } else if (request == TCXONC && arg <= 1) {
        tty->stopped = arg == 0;
        waitq_wake_all(&tty->writers);
    }
    spin_unlock(&tty->lock);
    return 0;
}

/* TIOCNOTTY: the leader gives it up for the session, others need not be told apart. */
static int give_up(struct tty *tty)
{
    int err = 0;
    spin_lock(&tty->lock);
    if (tty->session == 0 || tty->session != job_current_session())
        err = -ENOTTY;
    else if (tty->session == job_current_pid())
        tty->session = tty->pgrp = 0;
    spin_unlock(&tty->lock);
    return err;
}

static long tty_ioctl(struct chardev *dev, uint32_t request, uintptr_t arg)
{
    struct tty *tty = dev->priv;
    switch (request) {
    case TCGETS: {
        spin_lock(&tty->lock);
        struct abi_termios termios = tty->termios;
        spin_unlock(&tty->lock);
        return copy_out(uaddr_of(arg), &termios, sizeof termios);
    }
    case TCSETS:
    case TCSETSW:
    case TCSETSF: return set_termios(tty, request, arg);
    case TCSBRK: return 0; /* output has always drained; a break cannot be sent */
    case TCXONC:
    case TCFLSH: return flow_ioctl(tty, request, arg);
    case TIOCSCTTY: return take_session(tty, arg == 1);
    case TIOCNOTTY: return give_up(tty);
    case TIOCSPGRP: return set_int(tty, arg);
    case TIOCGPGRP:
    case TIOCGSID:
    case TIOCOUTQ:
    case FIONREAD: return get_int(tty, request, arg);
    case TIOCGWINSZ:
    case TIOCSWINSZ: return winsize_ioctl(tty, request, arg);
    default: return -ENOTTY;
    }
}

/* ---- devices */

static const struct chardev_ops tty_ops = {
    .open = tty_open,
    .read = tty_read,
    .write = tty_write,
    .ioctl = tty_ioctl,
    .poll = tty_poll,
};

static const struct chardev_ops ctty_ops = {
    .open = ctty_open,
    .read = tty_read,
    .write = tty_write,
    .ioctl = tty_ioctl,
    .poll = tty_poll,
};

void tty_init(const struct tty_line *line)
{
    static struct chardev devices[] = {
        {"console", 5, 1, 0600, true, &tty_ops, &console_tty, NULL},
        {"tty", 5, 0, 0666, true, &ctty_ops, &console_tty, NULL},
        {NULL, 0, 0, 0600, true, &tty_ops, &console_tty, NULL},
    };
    struct tty *tty = &console_tty;
    spin_init(&tty->lock);
    waitq_init(&tty->readers);
    waitq_init(&tty->writers);
    tty->line = line;
    tty->termios = default_termios;
    devices[2].name = line->name;
    devices[2].major = line->major;
    devices[2].minor = line->minor;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        chardev_register(&devices[i]);
    line->start();
}
