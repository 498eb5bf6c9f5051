/* Where program text comes from. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

enum { SOURCE_BLOCK = 1024, CONTROL_C = 3 };

void source_init_string(struct source *s, const char *text, size_t length)
{
    *s = (struct source){.text = text, .text_len = length, .fd = -1, .number = 1};
}

void source_init_fd(struct source *s, int fd, bool owns_fd, bool shared)
{
    *s = (struct source){.fd = fd, .owns_fd = owns_fd, .ahead = !shared, .number = 1};
    s->seekable = lseek(fd, 0, SEEK_CUR) >= 0;
}

void source_free(struct source *s)
{
    if (s->owns_fd)
        close(s->fd);
    strbuf_free(&s->line);
}

static ssize_t source_read(struct source *s, char *buf, size_t size)
{
    ssize_t n;

    do
        n = read(s->fd, buf, size);
    while (n < 0 && errno == EINTR);
    return n;
}

static void source_prompt(const struct source *s)
{
    const char *prompt = var_get(s->continued ? "PS2" : "PS1");

    out_flush();
    if (prompt)
        tool_write_all(STDERR_FILENO, prompt, strlen(prompt));
}

/*
 * At the prompt Ctrl-C is to give up the line, without a signal handler: the terminal passes it on
 * as a character that ends a line. Programs get the terminal as it was.
 */
static bool line_mode_begin(const struct source *s, struct termios *saved)
{
    struct termios mode;

    if (!s->prompt || tcgetattr(s->fd, saved) < 0)
        return false;
    mode = *saved;
    mode.c_lflag &= ~(tcflag_t)ISIG;
    mode.c_cc[VEOL] = CONTROL_C;
    return tcsetattr(s->fd, TCSANOW, &mode) == 0;
}

/*
 * Read a part of a line into s->line; false at its end. A program that is started by a command may
 * read from the same file, so unless the file is the shell's alone nothing behind the line may be
 * taken: what a seekable file gave too much is given back, other files are read byte by byte. A
 * terminal returns one line.
 */
static bool source_read_part(struct source *s)
{
    char block[SOURCE_BLOCK];
    ssize_t n = source_read(s, block, s->ahead || s->seekable || s->prompt ? sizeof(block) : 1);
    char *newline;

    if (n <= 0)
        return false;
    newline = memchr(block, '\n', (size_t)n);
    if (newline && s->seekable && !s->ahead) {
        ssize_t taken = newline - block + 1;

        lseek(s->fd, taken - n, SEEK_CUR);
        n = taken;
    }
    strbuf_write(&s->line, block, (size_t)n);
    if (s->prompt && block[n - 1] == CONTROL_C) {
        s->line.len = 0;
        s->interrupted = true;
        tool_write_all(STDERR_FILENO, "\n", 1);
        return false;
    }
    return !newline;
}

static void source_fill(struct source *s)
{
    struct termios saved;
    bool line_mode = line_mode_begin(s, &saved);

    s->line.len = 0;
    s->line_pos = 0;
    if (s->prompt)
        source_prompt(s);
    while (source_read_part(s)) {
    }
    if (line_mode)
        tcsetattr(s->fd, TCSANOW, &saved);
    if (sh.opt_verbose && !s->prompt)
        tool_write_all(STDERR_FILENO, s->line.s, s->line.len);
}

static int source_next(struct source *s)
{
    if (s->text)
        return s->pos < s->text_len ? (unsigned char)s->text[s->pos++] : SOURCE_EOF;
    if (s->interrupted)
        return SOURCE_EOF;
    if (s->line_pos == s->line.len)
        source_fill(s);
    if (s->line_pos == s->line.len)
        return SOURCE_EOF;
    return (unsigned char)s->line.s[s->line_pos++];
}

int source_getc(struct source *s)
{
    int c;

    if (s->pushed_count > 0) {
        c = s->pushed[--s->pushed_count];
    } else {
        do
            c = source_next(s);
        while (c == '\0');
    }
    if (c == '\n')
        s->number++;
    return c;
}

void source_ungetc(struct source *s, int c)
{
    if (c == '\n')
        s->number--;
    if (s->pushed_count < (int)(sizeof(s->pushed) / sizeof(s->pushed[0])))
        s->pushed[s->pushed_count++] = c;
}

bool source_at_end(const struct source *s)
{
    if (!s->text || s->pushed_count > 0)
        return false;
    for (size_t i = s->pos; i < s->text_len; i++) {
        if (!strchr(" \t\n", s->text[i]))
            return false;
    }
    return true;
}
