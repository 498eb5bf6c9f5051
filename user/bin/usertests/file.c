/* Files by descriptor: reading, writing, positions, flags, descriptors. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "usertests.h"

static void test_write_read(void)
{
    static unsigned char data[100000];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = pattern(i);
    }
    put_file("f", data, sizeof(data));
    check_file("f", data, sizeof(data));
    put_file("f", data, 10); /* O_TRUNC */
    check_file("f", data, 10);
}

/* Pieces of every size around a page, so that each crosses page boundaries somewhere else. */
static void test_odd_sizes(void)
{
    static unsigned char data[3 * 4096 + 99];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = pattern(i);
    }
    for (size_t piece = 4093; piece <= 4099; piece++) {
        int fd = must_open("f", O_RDWR | O_CREAT | O_TRUNC, 0644);
        for (size_t at = 0; at < sizeof(data); at += piece) {
            size_t left = sizeof(data) - at;
            must_write(fd, data + at, left < piece ? left : piece);
        }
        CHECK_OK(close(fd));
        check_file("f", data, sizeof(data));
    }
}

static void test_large_file(void)
{
    enum { SIZE = 2 << 20 };
    unsigned char *data = malloc(SIZE);
    CHECK(data);
    for (size_t i = 0; i < SIZE; i++) {
        data[i] = pattern(i);
    }
    put_file("f", data, SIZE);
    check_file("f", data, SIZE);
    CHECK_OK(unlink("f"));
}

static void test_seek(void)
{
    char c;
    int fd = must_open("f", O_RDWR | O_CREAT, 0644);
    must_write(fd, "0123456789", 10);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 10);
    CHECK_EQ(lseek(fd, 3, SEEK_SET), 3);
    CHECK_EQ(read(fd, &c, 1), 1);
    CHECK_EQ(c, '3');
    CHECK_EQ(lseek(fd, 2, SEEK_CUR), 6);
    CHECK_EQ(lseek(fd, -1, SEEK_END), 9);
    CHECK_EQ(read(fd, &c, 1), 1);
    CHECK_EQ(c, '9');
    CHECK_EQ(read(fd, &c, 1), 0);
    CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK_ERR(lseek(fd, -11, SEEK_END), EINVAL);
    CHECK_ERR(lseek(fd, 0, 99), EINVAL);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 10); /* a failed seek moves nothing */
    CHECK_ERR(lseek(-1, 0, SEEK_SET), EBADF);
}

/* Beyond the end is no error; a write there leaves a hole that reads as zeros. */
static void test_sparse(void)
{
    static char zeros[70000], have[70000];
    int fd = must_open("f", O_RDWR | O_CREAT, 0644);
    struct stat st;
    CHECK_EQ(lseek(fd, sizeof(zeros), SEEK_SET), sizeof(zeros));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 0);
    CHECK_EQ(read(fd, have, 1), 0);
    must_write(fd, "x", 1);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, sizeof(zeros) + 1);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(read_full(fd, have, sizeof(have)), sizeof(have));
    CHECK(memcmp(zeros, have, sizeof(have)) == 0);
    CHECK_EQ(read(fd, have, sizeof(have)), 1);
    CHECK_EQ(have[0], 'x');
}

/* Offsets have 64 bits on both XLENs. */
static void test_large_offset(void)
{
    int fd = must_open("f", O_RDWR | O_CREAT, 0644);
    off_t far = ((off_t)3 << 30) + 5;
    CHECK_EQ(lseek(fd, far, SEEK_SET), far);
    CHECK_EQ(lseek(fd, far, SEEK_CUR), 2 * far);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 2 * far);
}

static void test_append(void)
{
    put_file("f", "abc", 3);
    int fd = must_open("f", O_RDWR | O_APPEND, 0);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    must_write(fd, "def", 3);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 6);
    int other = must_open("f", O_WRONLY | O_APPEND, 0);
    must_write(other, "ghi", 3);
    must_write(fd, "jkl", 3);
    check_file("f", "abcdefghijkl", 12);
}

static void test_pread_pwrite(void)
{
    char buf[4] = {0};
    put_file("f", "0123456789", 10);
    int fd = must_open("f", O_RDWR, 0);
    CHECK_EQ(pread(fd, buf, 3, 4), 3);
    CHECK(memcmp(buf, "456", 3) == 0);
    CHECK_EQ(pwrite(fd, "xy", 2, 8), 2);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
    check_file("f", "01234567xy", 10);
    CHECK_EQ(pread(fd, buf, 3, 10), 0);
    CHECK_ERR(pread(fd, buf, 1, -1), EINVAL);
    CHECK_ERR(pwrite(fd, buf, 1, -1), EINVAL);
    CHECK_EQ(pwrite(fd, "z", 1, 12), 1);
    check_file("f", "01234567xy\0\0z", 13);
}

static void test_truncate(void)
{
    struct stat st;
    put_file("f", "0123456789", 10);
    int fd = must_open("f", O_RDWR, 0);
    CHECK_OK(ftruncate(fd, 4));
    check_file("f", "0123", 4);
    CHECK_OK(ftruncate(fd, 8)); /* what was cut off does not come back */
    check_file("f", "0123\0\0\0\0", 8);
    CHECK_OK(ftruncate(fd, 100000));
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_size, 100000);
    CHECK_ERR(ftruncate(fd, -1), EINVAL);
    int reader = must_open("f", O_RDONLY, 0);
    CHECK_ERR(ftruncate(reader, 0), EINVAL);
    CHECK_ERR(ftruncate(99, 0), EBADF);
}

/* A read or write the descriptor's access mode does not allow, and descriptors that are none. */
static void test_bad_descriptor(void)
{
    char c = 0;
    put_file("f", "x", 1);
    int reader = must_open("f", O_RDONLY, 0);
    int writer = must_open("f", O_WRONLY, 0);
    CHECK_ERR(write(reader, &c, 1), EBADF);
    CHECK_ERR(read(writer, &c, 1), EBADF);
    CHECK_OK(close(reader));
    const int bad[] = {-1, reader, 100000, 0x7fffffff};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct stat st;
        CHECK_ERR(read(bad[i], &c, 1), EBADF);
        CHECK_ERR(write(bad[i], &c, 1), EBADF);
        CHECK_ERR(close(bad[i]), EBADF);
        CHECK_ERR(dup(bad[i]), EBADF);
        CHECK_ERR(fstat(bad[i], &st), EBADF);
        CHECK_ERR(fcntl(bad[i], F_GETFD), EBADF);
        CHECK_ERR(fsync(bad[i]), EBADF);
    }
}

/* A count of zero transfers nothing and is no error. */
static void test_empty_transfer(void)
{
    char c;
    put_file("f", "x", 1);
    int fd = must_open("f", O_RDWR, 0);
    CHECK_EQ(read(fd, &c, 0), 0);
    CHECK_EQ(write(fd, &c, 0), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
}

/* dup()ed descriptors share a position, two open()s do not. */
static void test_dup(void)
{
    char c;
    put_file("f", "abcdef", 6);
    int fd = must_open("f", O_RDONLY, 0);
    int same = dup(fd);
    int other = must_open("f", O_RDONLY, 0);
    CHECK(same > fd);
    CHECK_EQ(read(fd, &c, 1), 1);
    CHECK_EQ(read(same, &c, 1), 1);
    CHECK_EQ(c, 'b');
    CHECK_EQ(read(other, &c, 1), 1);
    CHECK_EQ(c, 'a');
    CHECK_OK(close(fd));
    CHECK_EQ(read(same, &c, 1), 1);
    CHECK_EQ(c, 'c');
}

static void test_dup2(void)
{
    put_file("f", "abc", 3);
    int fd = must_open("f", O_RDONLY, 0);
    CHECK_EQ(dup2(fd, 20), 20);
    CHECK_EQ(dup2(fd, 20), 20); /* closes the one before */
    CHECK_EQ(dup2(fd, fd), fd);
    CHECK_ERR(dup2(99, 5), EBADF);
    CHECK_ERR(dup2(99, 99), EBADF);
    CHECK_ERR(dup2(fd, -1), EBADF);
    CHECK_ERR(dup2(fd, 1 << 20), EBADF);
}

/* The lowest free number is the next one; with none left EMFILE, and closing helps. */
static void test_descriptor_limit(void)
{
    for (int inherited = 3; inherited < 1024; inherited++) {
        close(inherited);
    }
    int first = must_open("/dev/null", O_RDONLY, 0);
    int fd, last = first;
    while ((fd = open("/dev/null", O_RDONLY)) >= 0) {
        CHECK_EQ(fd, last + 1);
        last = fd;
    }
    CHECK_EQ(errno, EMFILE);
    CHECK(last >= 63);
    CHECK_ERR(dup(first), EMFILE);
    CHECK_OK(close(first + 3));
    CHECK_EQ(open("/dev/null", O_RDONLY), first + 3);
}

static void test_fcntl(void)
{
    put_file("f", "abc", 3);
    int fd = must_open("f", O_RDWR | O_APPEND, 0);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    CHECK_OK(fcntl(fd, F_SETFD, FD_CLOEXEC));
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    int copy = fcntl(fd, F_DUPFD, 30);
    CHECK_EQ(copy, 30);
    CHECK_EQ(fcntl(copy, F_GETFD), 0); /* belongs to the descriptor */
    CHECK_EQ(fcntl(fd, F_DUPFD, 30), 31);
    int flags = fcntl(copy, F_GETFL);
    CHECK_EQ(flags & O_ACCMODE, O_RDWR);
    CHECK(flags & O_APPEND);
    CHECK_OK(fcntl(copy, F_SETFL, O_NONBLOCK));
    flags = fcntl(fd, F_GETFL); /* belongs to the open file */
    CHECK(!(flags & O_APPEND));
    CHECK(flags & O_NONBLOCK);
    CHECK_EQ(flags & O_ACCMODE, O_RDWR);
    int cloexec = fcntl(fd, F_DUPFD_CLOEXEC, 40);
    CHECK_EQ(cloexec, 40);
    CHECK_EQ(fcntl(cloexec, F_GETFD), FD_CLOEXEC);
    CHECK_ERR(fcntl(fd, F_DUPFD, -1), EINVAL);
    CHECK_ERR(fcntl(fd, F_DUPFD, 1 << 20), EINVAL);
    CHECK_ERR(fcntl(fd, 12345), EINVAL);
    int closing = must_open("f", O_RDONLY | O_CLOEXEC, 0);
    CHECK_EQ(fcntl(closing, F_GETFD), FD_CLOEXEC);
}

/* A file without a name lives until it is closed. */
static void test_unlinked(void)
{
    struct stat st;
    char buf[4];
    int fd = must_open("f", O_RDWR | O_CREAT, 0644);
    must_write(fd, "abc", 3);
    CHECK_OK(unlink("f"));
    CHECK_ERR(open("f", O_RDONLY), ENOENT);
    CHECK_OK(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 0);
    must_write(fd, "def", 3);
    CHECK_EQ(pread(fd, buf, 4, 1), 4);
    CHECK(memcmp(buf, "bcde", 4) == 0);
    int again = must_open("f", O_RDWR | O_CREAT | O_EXCL, 0644); /* another file */
    CHECK_EQ(read(again, buf, 1), 0);
}

const struct test tests_file[] = {
    {"write_read", test_write_read, 0},
    {"odd_sizes", test_odd_sizes, 0},
    {"large_file", test_large_file, 0},
    {"seek", test_seek, 0},
    {"sparse", test_sparse, 0},
    {"large_offset", test_large_offset, 0},
    {"append", test_append, 0},
    {"pread_pwrite", test_pread_pwrite, 0},
    {"truncate", test_truncate, 0},
    {"bad_descriptor", test_bad_descriptor, 0},
    {"empty_transfer", test_empty_transfer, 0},
    {"dup", test_dup, 0},
    {"dup2", test_dup2, 0},
    {"descriptor_limit", test_descriptor_limit, 0},
    {"fcntl", test_fcntl, 0},
    {"unlinked", test_unlinked, 0},
    {0},
};
