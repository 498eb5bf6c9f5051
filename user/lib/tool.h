/*
 * What the small user programs share: error messages in the customary form, checked allocation,
 * number parsing, buffered output whose failures are noticed, and buffered input by line.
 *
 * Nothing here uses stdio, so a program that includes this header stays small. The functions are
 * plain POSIX and build for the host as well.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The name messages start with; tool_init() sets it to the last component of argv[0]. */
extern const char *tool_name;

/* The exit status of tool_die() and of failed allocation; 1 unless the program sets another. */
extern int tool_failure;

void tool_init(char **argv);

/*
 * Messages on standard error, after flushing standard output so that the order is kept:
 * "name: text\n", and with the error's text "name: text: strerror(errno)\n". The format is that
 * of fmt_vprint().
 */
void tool_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void tool_warn_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void tool_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "Usage: name synopsis\n" on standard error, then exit with tool_failure. */
_Noreturn void tool_usage(const char *synopsis);

/*
 * The next option letter of the command line, -1 when there are no more, '?' after a message about
 * an unknown one or a missing argument. In spec a letter with an argument is followed by ':'.
 * Options may stand behind operands (they are moved to the front) unless spec starts with '+'; "--"
 * ends them, and "-" is an operand. Afterwards the operands are argv[tool_index] and on.
 */
int tool_option(int argc, char **argv, const char *spec);
extern const char *tool_argument;
extern int tool_index;

/* malloc and friends that end the program with a message when memory is exhausted. */
void *tool_alloc(size_t size);
void *tool_realloc(void *old, size_t size);
char *tool_strdup(const char *s);

/*
 * Parse a whole string as a decimal integer with optional sign, in [min, max]. Returns false when
 * it is malformed or out of range, and leaves *value alone then.
 */
bool tool_number(const char *s, long long min, long long max, long long *value);

/*
 * The test behind a class's name in a bracket expression ("alpha" of [[:alpha:]]), not terminated;
 * NULL if there is no such class.
 */
typedef int tool_class_fn(int c);
tool_class_fn *tool_class(const char *name, size_t size);

/* DIR "/" NAME with exactly one slash between them; the caller frees it. */
char *tool_path(const char *dir, const char *name);

/* Ask "name: text" on standard error; true when the line read from standard input starts with y. */
bool tool_confirm(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- standard output, buffered ---- */

/*
 * Append to the buffer of standard output. A failed write is remembered (out_failed() says so) and
 * later output is dropped: with EPIPE the program should just end.
 */
void out_write(const void *data, size_t size);
void out_str(const char *s);
void out_char(int c);
void out_fmt(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Write what is buffered; returns false (errno set) if this or an earlier write failed. */
bool out_flush(void);
bool out_failed(void);
/* Forget a failure and what is buffered: for the shell, whose built-ins fail one at a time. */
void out_reset(void);

/*
 * The end of a program: flush standard output; a failure gives the message "name: write error: ..."
 * and turns a successful status into tool_failure.
 */
_Noreturn void tool_exit(int status);

/* write() until all is written. Returns false with errno set on failure. */
bool tool_write_all(int fd, const void *data, size_t size);

/* ---- buffered input ---- */

struct reader {
    int fd;
    bool failed; /* a read failed; errno is in error */
    int error;
    bool eof;
    size_t start, end; /* what of buf is not consumed */
    size_t cap;
    char *buf;
};

/* Prepare to read from fd, which stays the caller's. reader_free() releases the buffer only. */
void reader_init(struct reader *r, int fd);
void reader_free(struct reader *r);

/*
 * The next line including its newline (only the last one may lack it), any length, NULs included.
 * The bytes belong to the reader until the next call and are writable. Returns false at the end or
 * after an error (r->failed).
 */
bool reader_line(struct reader *r, char **line, size_t *length);

/* Whatever comes next, at least one byte. Returns false at the end or after an error. */
bool reader_chunk(struct reader *r, char **data, size_t *length);

/* Open a file for reading, "-" meaning standard input. -1 after a message "name: file: error". */
int tool_open(const char *file);
/* Close what tool_open() returned; standard input stays open. */
void tool_close(int fd);

/* ---- signals ---- */

/* The name without "SIG" ("KILL"), or NULL for a number that has none. */
const char *tool_signal_name(int number);
/* What is said of a process the signal ended ("Segmentation fault"). Never NULL. */
const char *tool_signal_text(int number);
/* The number for "KILL", "SIGKILL", "kill" or "9"; -1 when unknown. 0 is accepted as a number. */
int tool_signal_number(const char *name);

/* ---- commands that are programs and shell built-ins alike; each returns its exit status ---- */

int tool_echo(int argc, char **argv);
int tool_printf(int argc, char **argv);
int tool_test(int argc, char **argv);
/* `resolve` turns an operand such as %1 into a process id (negative: a group), or returns 0. */
int tool_kill(int argc, char **argv, pid_t (*resolve)(const char *operand));

/*
 * Decode the escape sequence after a backslash at *s (not including the backslash) and advance *s
 * past it: a b e f n r t v \\ , \xHH, and up to three octal digits; with zero_octal (echo and %b) a
 * leading 0 does not count among the three. Returns the byte, -1 for \c (stop output), or -2 when
 * it is no escape (nothing consumed).
 */
int tool_escape(const char **s, bool zero_octal);
