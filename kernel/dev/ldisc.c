/* The line discipline: what happens to bytes between the line and the program. */
#include "kernel/dev/tty.h"
#include "abi/signal.h"
#include "lib/string.h"

#define TAB_STOP 8

static bool input_flag(const struct tty *tty, uint32_t flag)
{
    return tty->termios.c_iflag & flag;
}

static bool local_flag(const struct tty *tty, uint32_t flag)
{
    return tty->termios.c_lflag & flag;
}

/* ---- output */

struct out {
    struct tty *tty;
    size_t n;
    char buf[128];
};

static void out_flush(struct out *out)
{
    if (out->n > 0)
        out->tty->line->write(out->buf, out->n);
    out->n = 0;
}

static void out_raw(struct out *out, char c)
{
    if (out->n == sizeof out->buf)
        out_flush(out);
    out->buf[out->n++] = c;
}

static void move_column(struct tty *tty, char c)
{
    switch (c) {
    case '\r': tty->column = 0; break;
    case '\b': tty->column -= tty->column > 0; break;
    case '\t': tty->column = (tty->column / TAB_STOP + 1) * TAB_STOP; break;
    default:
        /* Control characters and the later bytes of a UTF-8 sequence take no room. */
        if ((uint8_t)c >= ' ' && c != 0x7f && ((uint8_t)c & 0xc0) != 0x80)
            tty->column++;
    }
}

/* One character with output processing. */
static void out_char(struct out *out, char c)
{
    struct tty *tty = out->tty;
    uint32_t oflag = tty->termios.c_oflag;
    if (oflag & OPOST) {
        if (c == '\n' && oflag & ONLCR) {
            out_raw(out, '\r');
            tty->column = 0;
        } else if (c == '\r') {
            if (oflag & ONOCR && tty->column == 0)
                return;
            if (oflag & OCRNL)
                c = '\n';
        }
        if (c == '\n' && oflag & ONLRET)
            tty->column = 0;
    }
    move_column(tty, c);
    out_raw(out, c);
}

void ldisc_output(struct tty *tty, const char *text, size_t n)
{
    if (!(tty->termios.c_oflag & OPOST)) {
        tty->line->write(text, n);
        return;
    }
    struct out out = {.tty = tty};
    while (n-- > 0)
        out_char(&out, *text++);
    out_flush(&out);
}

/* ---- the ring */

static uint8_t *at(struct tty *tty, uint32_t pos)
{
    return &tty->buf[pos % TTY_BUF];
}

static bool marked(const struct tty *tty, uint32_t pos)
{
    return tty->marks[pos % TTY_BUF / 8] & 1 << pos % 8;
}

static void mark(struct tty *tty, uint32_t pos, bool on)
{
    uint8_t bit = (uint8_t)(1 << pos % 8);
    uint8_t *byte = &tty->marks[pos % TTY_BUF / 8];
    *byte = (uint8_t)(on ? *byte | bit : *byte & ~bit);
}

/* Appends; the last place is kept for what ends a line. False when there is no room. */
static bool append(struct tty *tty, uint8_t byte, bool ends_line)
{
    uint32_t used = tty->tail - tty->head;
    if (used >= TTY_BUF || (used == TTY_BUF - 1 && !ends_line && local_flag(tty, ICANON)))
        return false;
    *at(tty, tty->tail) = byte;
    mark(tty, tty->tail, ends_line);
    tty->tail++;
    return true;
}

void ldisc_flush_input(struct tty *tty)
{
    tty->head = tty->done = tty->tail;
}

void ldisc_modes_changed(struct tty *tty, uint32_t old_lflag)
{
    if (!((old_lflag ^ tty->termios.c_lflag) & ICANON))
        return;
    /* To raw: all of it can be read. To canonical: what is there counts as a line. */
    tty->done = tty->tail;
    if (local_flag(tty, ICANON) && tty->head != tty->tail)
        mark(tty, tty->tail - 1, true);
}

size_t ldisc_readable(const struct tty *tty)
{
    return tty->done - tty->head;
}

size_t ldisc_read(struct tty *tty, uint8_t *out, size_t n)
{
    size_t count = 0;
    bool canonical = local_flag(tty, ICANON);
    while (tty->head != tty->done && count < n) {
        uint8_t byte = *at(tty, tty->head);
        bool end = canonical && marked(tty, tty->head);
        tty->head++;
        if (end && byte == '\0')
            return count; /* an end of file is not a byte */
        out[count++] = byte;
        if (end)
            return count;
    }
    /* A line that fits exactly and ends by VEOF: swallow that, or the next read would say 0. */
    if (canonical && count > 0 && tty->head != tty->done && marked(tty, tty->head) &&
        *at(tty, tty->head) == '\0')
        tty->head++;
    return count;
}

/* ---- editing */

static bool is_cc(const struct tty *tty, unsigned index, uint8_t byte)
{
    return byte != '\0' && tty->termios.c_cc[index] == byte;
}

/* How a control character is shown: ^X. */
static bool shown_as_caret(const struct tty *tty, uint8_t byte)
{
    return local_flag(tty, ECHOCTL) && (byte < ' ' || byte == 0x7f) && byte != '\t' && byte != '\n';
}

static void echo(struct tty *tty, struct out *out, uint8_t byte)
{
    if (!local_flag(tty, ECHO) && !(byte == '\n' && local_flag(tty, ECHONL)))
        return;
    if (tty->done == tty->tail)
        tty->edit_col = tty->column; /* the first of a line */
    if (shown_as_caret(tty, byte)) {
        out_char(out, '^');
        out_char(out, (char)(byte ^ 0x40));
    } else {
        out_char(out, (char)byte);
    }
}

static bool continues_utf8(const struct tty *tty, uint8_t byte)
{
    return input_flag(tty, IUTF8) && (byte & 0xc0) == 0x80;
}

/* The column after the line as it is now, for rubbing out tabs. */
static unsigned line_end_column(struct tty *tty)
{
    unsigned column = tty->edit_col;
    for (uint32_t pos = tty->done; pos != tty->tail; pos++) {
        uint8_t byte = *at(tty, pos);
        if (byte == '\t')
            column = (column / TAB_STOP + 1) * TAB_STOP;
        else if (byte < ' ' || byte == 0x7f)
            column += shown_as_caret(tty, byte) ? 2 : 0;
        else if (!continues_utf8(tty, byte))
            column++;
    }
    return column;
}

/* Removes the last character of the line being edited, on the screen too. */
static void erase_char(struct tty *tty, struct out *out)
{
    uint8_t byte;
    if (tty->tail == tty->done)
        return;
    do {
        byte = *at(tty, --tty->tail);
    } while (continues_utf8(tty, byte) && tty->tail != tty->done);
    if (!local_flag(tty, ECHO))
        return;
    if (!local_flag(tty, ECHOE)) {
        echo(tty, out, tty->termios.c_cc[VERASE]);
        return;
    }
    unsigned target = line_end_column(tty);
    bool tab = byte == '\t';
    while (tty->column > target) {
        out_char(out, '\b');
        if (!tab) {
            out_raw(out, ' ');
            out_raw(out, '\b');
        }
    }
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

static void erase_word(struct tty *tty, struct out *out)
{
    while (tty->tail != tty->done && is_blank(*at(tty, tty->tail - 1)))
        erase_char(tty, out);
    while (tty->tail != tty->done && !is_blank(*at(tty, tty->tail - 1)))
        erase_char(tty, out);
}

static void kill_line(struct tty *tty, struct out *out)
{
    if (local_flag(tty, ECHOKE) && local_flag(tty, ECHOE)) {
        while (tty->tail != tty->done)
            erase_char(tty, out);
        return;
    }
    tty->tail = tty->done;
    echo(tty, out, tty->termios.c_cc[VKILL]);
    if (local_flag(tty, ECHOK))
        echo(tty, out, '\n');
}

static void reprint(struct tty *tty, struct out *out)
{
    echo(tty, out, tty->termios.c_cc[VREPRINT]);
    echo(tty, out, '\n');
    tty->edit_col = 0;
    for (uint32_t pos = tty->done; pos != tty->tail; pos++)
        echo(tty, out, *at(tty, pos));
}

static void line_done(struct tty *tty)
{
    tty->done = tty->tail;
}

static void beep(struct tty *tty, struct out *out)
{
    if (input_flag(tty, IMAXBEL))
        out_raw(out, '\a');
}

/* Canonical mode's special characters; false if byte is none of them. */
static bool edit(struct tty *tty, struct out *out, uint8_t byte)
{
    if (is_cc(tty, VERASE, byte)) {
        erase_char(tty, out);
    } else if (is_cc(tty, VKILL, byte)) {
        kill_line(tty, out);
    } else if (is_cc(tty, VEOF, byte)) {
        if (append(tty, '\0', true))
            line_done(tty);
    } else if (local_flag(tty, IEXTEN) && is_cc(tty, VWERASE, byte)) {
        erase_word(tty, out);
    } else if (local_flag(tty, IEXTEN) && is_cc(tty, VREPRINT, byte)) {
        reprint(tty, out);
    } else if (local_flag(tty, IEXTEN) && is_cc(tty, VLNEXT, byte)) {
        tty->literal = true;
        if (local_flag(tty, ECHOCTL) && local_flag(tty, ECHO)) {
            out_raw(out, '^');
            out_raw(out, '\b');
        }
    } else {
        return false;
    }
    return true;
}

/* The signal a character stands for, 0: none. */
static int signal_of(const struct tty *tty, uint8_t byte)
{
    if (!local_flag(tty, ISIG))
        return 0;
    return is_cc(tty, VINTR, byte)   ? SIGINT
           : is_cc(tty, VQUIT, byte) ? SIGQUIT
           : is_cc(tty, VSUSP, byte) ? SIGTSTP
                                     : 0;
}

/* ^S and ^Q: whether byte was one. */
static bool flow_control(struct tty *tty, uint8_t byte)
{
    if (!input_flag(tty, IXON))
        return false;
    bool start = is_cc(tty, VSTART, byte), stop = is_cc(tty, VSTOP, byte);
    if (stop && !(start && tty->stopped)) {
        tty->stopped = true;
    } else if (start || (tty->stopped && input_flag(tty, IXANY))) {
        tty->stopped = false;
        waitq_wake_all(&tty->writers);
    }
    return start || stop;
}

/* A byte that means itself. */
static void plain(struct tty *tty, struct out *out, uint8_t byte, bool literal)
{
    bool ends = local_flag(tty, ICANON) && !literal &&
                (byte == '\n' || is_cc(tty, VEOL, byte) ||
                 (local_flag(tty, IEXTEN) && is_cc(tty, VEOL2, byte)));
    echo(tty, out, byte);
    if (!append(tty, byte, ends))
        beep(tty, out);
    else if (ends || !local_flag(tty, ICANON))
        line_done(tty);
}

static int input(struct tty *tty, struct out *out, uint8_t byte)
{
    if (input_flag(tty, ISTRIP))
        byte &= 0x7f;
    if (tty->literal) {
        tty->literal = false;
        plain(tty, out, byte, true);
        return 0;
    }
    if (flow_control(tty, byte))
        return 0;
    int sig = signal_of(tty, byte);
    if (sig) {
        if (!local_flag(tty, NOFLSH))
            ldisc_flush_input(tty);
        echo(tty, out, byte);
        tty->stopped = false;
        return sig;
    }
    if (byte == '\r') {
        if (input_flag(tty, IGNCR))
            return 0;
        if (input_flag(tty, ICRNL))
            byte = '\n';
    } else if (byte == '\n' && input_flag(tty, INLCR)) {
        byte = '\r';
    }
    if (!local_flag(tty, ICANON) || !edit(tty, out, byte))
        plain(tty, out, byte, false);
    return 0;
}

int ldisc_input(struct tty *tty, uint8_t byte)
{
    struct out out = {.tty = tty};
    int sig = input(tty, &out, byte);
    out_flush(&out);
    return sig;
}
