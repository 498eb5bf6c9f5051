/*
 * dd(1): copy a file in blocks of a size. Operands if= of= bs= ibs= obs= count= skip= seek= conv=
 * iflag= oflag= status= as POSIX and the GNU coreutils have them; conversions notrunc, excl,
 * nocreat, noerror, sync, fsync, fdatasync, ucase, lcase, swab.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "lib/fmt.h"
#include "user/bin/dd/dd.h"
#include "user/lib/tool.h"

static struct {
    long long in_full, in_part, out_full, out_part, bytes;
} done;

static char *out_buf; /* obs bytes */
static size_t out_n;
static bool failed;

/* ---- files */

static void put_fd(int fd, int want)
{
    if (fd != want) {
        dup2(fd, want);
        close(fd);
    }
}

/* skip= and seek= in bytes. */
static long long offset_of(long long n, bool in_bytes, long long block)
{
    long long offset;
    if (in_bytes)
        return n;
    if (__builtin_mul_overflow(n, block, &offset))
        tool_die("offset too large");
    return offset;
}

static void open_files(void)
{
    long long seek = offset_of(opt.seek, opt.oflags & FLAG_SEEK_BYTES, opt.obs);
    if (opt.input) {
        int fd = open(opt.input, O_RDONLY | opt.iopen);
        if (fd < 0) {
            tool_warn_errno("failed to open '%s'", opt.input);
            exit(1);
        }
        put_fd(fd, STDIN_FILENO);
    }
    if (opt.output) {
        bool keep = opt.conv & CONV_NOTRUNC || seek > 0;
        int mode = O_WRONLY | opt.oopen | (opt.conv & CONV_NOCREAT ? 0 : O_CREAT) |
                   (opt.conv & CONV_EXCL ? O_EXCL : 0) | (keep ? 0 : O_TRUNC);
        int fd = open(opt.output, mode, 0666);
        if (fd < 0) {
            tool_warn_errno("failed to open '%s'", opt.output);
            exit(1);
        }
        put_fd(fd, STDOUT_FILENO);
        struct stat st;
        if (seek > 0 && !(opt.conv & CONV_NOTRUNC) && fstat(STDOUT_FILENO, &st) == 0 &&
            S_ISREG(st.st_mode) && ftruncate(STDOUT_FILENO, seek) < 0) {
            tool_warn_errno("failed to truncate to %lld bytes in output file '%s'", seek,
                            opt.output);
            exit(1);
        }
    }
    if (seek > 0 && lseek(STDOUT_FILENO, seek, SEEK_CUR) < 0) {
        tool_warn_errno("'%s': cannot seek", opt.output ? opt.output : "standard output");
        exit(1);
    }
}

/* ---- copying */

static void write_block(const char *data, size_t n)
{
    size_t written = 0;
    while (written < n) {
        ssize_t part = write(STDOUT_FILENO, data + written, n - written);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0) {
            tool_warn_errno("error writing '%s'", opt.output ? opt.output : "standard output");
            failed = true;
            break;
        }
        written += (size_t)part;
    }
    done.bytes += (long long)written;
    if (written == (size_t)opt.obs)
        done.out_full++;
    else if (written > 0)
        done.out_part++;
}

static void collect(const char *data, size_t n)
{
    while (n > 0 && !failed) {
        size_t room = (size_t)opt.obs - out_n;
        size_t part = n < room ? n : room;
        memcpy(out_buf + out_n, data, part);
        out_n += part;
        data += part;
        n -= part;
        if (out_n == (size_t)opt.obs) {
            write_block(out_buf, out_n);
            out_n = 0;
        }
    }
}

static void convert(char *data, size_t n)
{
    for (size_t i = 0; opt.conv & CONV_SWAB && i + 1 < n; i += 2) {
        char c = data[i];
        data[i] = data[i + 1];
        data[i + 1] = c;
    }
    for (size_t i = 0; opt.conv & (CONV_UCASE | CONV_LCASE) && i < n; i++) {
        unsigned char c = (unsigned char)data[i];
        data[i] = (char)(opt.conv & CONV_UCASE ? toupper(c) : tolower(c));
    }
}

/* One input block: its bytes, 0 at the end, -1 after an error that ends the copy. */
static ssize_t read_block(char *buf, size_t n)
{
    size_t got = 0;
    do {
        ssize_t part = read(STDIN_FILENO, buf + got, n - got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0) {
            tool_warn_errno("error reading '%s'", opt.input ? opt.input : "standard input");
            failed = true;
            if (!(opt.conv & CONV_NOERROR) || lseek(STDIN_FILENO, (off_t)n, SEEK_CUR) < 0)
                return got > 0 ? (ssize_t)got : -1;
            memset(buf, 0, n);
            return opt.conv & CONV_SYNC ? (ssize_t)n : 0;
        }
        if (part == 0)
            break;
        got += (size_t)part;
    } while (got < n && opt.iflags & FLAG_FULLBLOCK);
    return (ssize_t)got;
}

static void skip_input(char *buf)
{
    long long offset = offset_of(opt.skip, opt.iflags & FLAG_SKIP_BYTES, opt.ibs);
    if (offset == 0 || lseek(STDIN_FILENO, offset, SEEK_CUR) >= 0)
        return;
    const char *name = opt.input ? opt.input : "standard input";
    if (errno != ESPIPE) { /* beyond the end of a disk, where nothing is to be copied */
        tool_warn_errno("'%s': cannot skip", name);
        tool_exit(1);
    }
    while (offset > 0) {
        size_t n = offset < opt.ibs ? (size_t)offset : (size_t)opt.ibs;
        ssize_t got = read(STDIN_FILENO, buf, n);
        if (got <= 0)
            break;
        offset -= got;
    }
    if (offset > 0)
        tool_warn("'%s': cannot skip to specified offset", name);
}

/* Bytes the next input block may have; 0: the count is reached. */
static size_t wanted(long long taken)
{
    size_t n = (size_t)opt.ibs;
    if (opt.count < 0)
        return n;
    if (!(opt.iflags & FLAG_COUNT_BYTES))
        return done.in_full + done.in_part < opt.count ? n : 0;
    return opt.count - taken < (long long)n ? (size_t)(opt.count - taken) : n;
}

static void copy(char *buf)
{
    long long taken = 0;
    size_t n;
    while (!(failed && !(opt.conv & CONV_NOERROR)) && (n = wanted(taken)) > 0) {
        bool was_failed = failed;
        ssize_t got = read_block(buf, n);
        if (got < 0 || (got == 0 && failed == was_failed))
            break;
        taken += got;
        if (got == (ssize_t)opt.ibs)
            done.in_full++;
        else
            done.in_part++;
        if (opt.conv & CONV_SYNC && got < (ssize_t)opt.ibs) {
            memset(buf + got, 0, (size_t)opt.ibs - (size_t)got);
            got = (ssize_t)opt.ibs;
        }
        convert(buf, (size_t)got);
        if (opt.bs > 0)
            write_block(buf, (size_t)got);
        else
            collect(buf, (size_t)got);
    }
    if (out_n > 0)
        write_block(out_buf, out_n);
}

/* ---- the report */

/* "1.5 MB": a number of bytes with two digits, in powers of base. */
static const char *human(long long bytes, int base, char text[24])
{
    static const char *const unit[2][5] = {{"B", "kB", "MB", "GB", "TB"},
                                           {"B", "KiB", "MiB", "GiB", "TiB"}};
    int i = 0;
    long long tenths = bytes * 10;
    while (tenths >= 10LL * base && i < 4) {
        tenths = (tenths + base / 2) / base;
        i++;
    }
    size_t n = 0;
    char digits[16];
    long long whole = tenths < 100 && i > 0 ? tenths / 10 : (tenths + 5) / 10;
    do {
        digits[n++] = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole > 0);
    char *p = text;
    while (n > 0)
        *p++ = digits[--n];
    if (tenths < 100 && i > 0) {
        *p++ = '.';
        *p++ = (char)('0' + tenths % 10);
    }
    *p++ = ' ';
    strcpy(p, unit[base == 1024][i]);
    return text;
}

/* A line on standard error that does not begin with the program's name. */
__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    char line[160];
    va_list args;
    va_start(args, format);
    int n = fmt_vsnprint(line, sizeof line, format, args);
    va_end(args);
    tool_write_all(STDERR_FILENO, line, (size_t)n);
}

static void report_rate(const struct timespec *start)
{
    struct timespec end;
    char si[24], iec[24], rate[24], sizes[64] = "";
    clock_gettime(CLOCK_MONOTONIC, &end);
    long long us = (end.tv_sec - start->tv_sec) * 1000000LL + (end.tv_nsec - start->tv_nsec) / 1000;
    long long bytes = done.bytes, whole = us > 0 ? us : 1;
    if (bytes >= 1000)
        strcat(strcat(sizes, " ("), human(bytes, 1000, si));
    if (bytes >= 1024)
        strcat(strcat(sizes, ", "), human(bytes, 1024, iec));
    if (bytes >= 1000)
        strcat(sizes, ")");
    human(bytes >> 43 == 0 ? bytes * 1000000 / whole : bytes / whole * 1000000, 1000, rate);
    say("%lld byte%s%s copied, %lld.%06lld s, %s/s\n", bytes, bytes == 1 ? "" : "s", sizes,
        us / 1000000, us % 1000000, rate);
}

static void report(const struct timespec *start)
{
    if (opt.quiet)
        return;
    say("%lld+%lld records in\n", done.in_full, done.in_part);
    say("%lld+%lld records out\n", done.out_full, done.out_part);
    if (!opt.no_rate)
        report_rate(start);
}

int main(int argc, char **argv)
{
    struct timespec start;

    tool_init(argv);
    parse_options(argc, argv);
    char *in_buf = tool_alloc((size_t)opt.ibs);
    out_buf = opt.bs > 0 ? NULL : tool_alloc((size_t)opt.obs);
    open_files();
    skip_input(in_buf);
    clock_gettime(CLOCK_MONOTONIC, &start);
    copy(in_buf);
    if (opt.conv & (CONV_FSYNC | CONV_FDATASYNC) &&
        (opt.conv & CONV_FSYNC ? fsync(STDOUT_FILENO) : fdatasync(STDOUT_FILENO)) < 0) {
        tool_warn_errno("fsync failed for '%s'", opt.output ? opt.output : "standard output");
        failed = true;
    }
    report(&start);
    return failed ? 1 : 0;
}
