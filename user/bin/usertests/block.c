/*
 * Block devices, on a machine that has /dev/vda: a scratch disk, which begins with the words below
 * (any other is left alone), and perhaps a read-only /dev/vdb. See tests/kernel/blk.test.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include "abi/ioctl.h"
#include "usertests.h"

#define DISK   "/dev/vda"
#define FIXED  "/dev/vdb"
#define MAGIC  "Tarn scratch disk"
#define RANDOM (512 * 1024) /* bytes from START on that the tests write to */
#define START  8192

/* The scratch disk, or -1 when there is none. */
static int open_disk(int flags)
{
    char words[sizeof MAGIC - 1] = "";
    int fd = open(DISK, O_RDONLY);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, words, sizeof words);
    close(fd);
    if (n != sizeof words || memcmp(words, MAGIC, sizeof words) != 0)
        return -1;
    fd = open(DISK, flags);
    CHECK(fd >= 0);
    return fd;
}

static int64_t size_of(int fd)
{
    uint64_t size = 0;
    CHECK_OK(ioctl(fd, BLKGETSIZE64, &size));
    return (int64_t)size;
}

static void test_numbers(void)
{
    struct stat st;
    int value = -1, fd = open_disk(O_RDONLY);
    unsigned long sectors = 0;
    if (fd < 0)
        return;
    CHECK_OK(fstat(fd, &st));
    CHECK(S_ISBLK(st.st_mode));
    CHECK_EQ(major(st.st_rdev), 254);
    CHECK_EQ(minor(st.st_rdev), 0);
    CHECK_EQ(st.st_size, 0);
    CHECK_OK(ioctl(fd, BLKGETSIZE, &sectors));
    CHECK_EQ((int64_t)sectors * 512, size_of(fd));
    CHECK_OK(ioctl(fd, BLKSSZGET, &value));
    CHECK_EQ(value, 512);
    CHECK_OK(ioctl(fd, BLKROGET, &value));
    CHECK_EQ(value, 0);
    CHECK_OK(ioctl(fd, BLKBSZGET, &value));
    CHECK_EQ(value, 4096);
    CHECK_OK(ioctl(fd, BLKPBSZGET, &value));
    CHECK(value >= 512);
    CHECK_ERR(ioctl(fd, BLKSSZGET, 16), EFAULT);
    CHECK_ERR(ioctl(fd, TIOCGWINSZ, &value), ENOTTY);
    CHECK_ERR(ftruncate(fd, 0), EINVAL);
    /* The same device by a node of one's own. */
    CHECK_OK(mknod("node", S_IFBLK | 0600, st.st_rdev));
    int other = open("node", O_RDONLY);
    CHECK_EQ(size_of(other), size_of(fd));
    CHECK_OK(mknod("nothing", S_IFBLK | 0600, makedev(254, 255)));
    CHECK_ERR(open("nothing", O_RDONLY), ENXIO);
}

static void test_seek(void)
{
    int fd = open_disk(O_RDONLY);
    if (fd < 0)
        return;
    int64_t size = size_of(fd);
    CHECK_EQ(lseek(fd, 0, SEEK_END), size);
    CHECK_EQ(lseek(fd, -1, SEEK_CUR), size - 1);
    CHECK_ERR(lseek(fd, 2, SEEK_CUR), EINVAL);
    CHECK_ERR(lseek(fd, size + 1, SEEK_SET), EINVAL);
    CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), size - 1);
}

static void test_end(void)
{
    char buf[600] = "";
    int fd = open_disk(O_RDWR);
    if (fd < 0)
        return;
    int64_t size = size_of(fd);
    CHECK_EQ(pread(fd, buf, sizeof buf, size - 100), 100);
    CHECK_EQ(pwrite(fd, buf, sizeof buf, size - 100), 100);
    CHECK_EQ(pread(fd, buf, sizeof buf, size), 0);
    CHECK_EQ(pread(fd, buf, sizeof buf, (int64_t)1 << 60), 0);
    CHECK_ERR(pwrite(fd, buf, 1, size), ENOSPC);
    CHECK_ERR(pwrite(fd, buf, 1, (int64_t)1 << 60), ENOSPC);
    CHECK_EQ(pwrite(fd, buf, 0, size), 0);
    CHECK_ERR(write(open(DISK, O_WRONLY | O_APPEND), buf, 1), ENOSPC);
    CHECK_ERR(pread(fd, buf, 1, -1), EINVAL);
    CHECK_ERR(pwrite(fd, (void *)16, 4096, START), EFAULT);
    CHECK_ERR(pread(fd, (void *)16, 1, START), EFAULT);
}

static void test_read_only(void)
{
    int value = 0, fd = open(FIXED, O_RDWR);
    if (fd < 0 || ioctl(fd, BLKROGET, &value) < 0 || value == 0)
        return;
    CHECK_ERR(write(fd, "x", 1), EPERM);
    CHECK(ioctl(fd, BLKDISCARD, (uint64_t[]){0, 512}) == -1);
    CHECK(errno == EPERM || errno == EOPNOTSUPP); /* as the device can or cannot */
}

/* Random reads and writes against a copy in memory; now and then the cache is emptied. */
static void test_random(void)
{
    static uint8_t model[RANDOM], buf[20000];
    int fd = open_disk(O_RDWR);
    if (fd < 0)
        return;
    CHECK_EQ(pread(fd, model, RANDOM, START), RANDOM);
    srandom(1);
    for (int i = 0; i < 1000; i++) {
        size_t pos = (size_t)random() % RANDOM, n = (size_t)random() % sizeof buf;
        if (i % 3 == 0)
            pos &= ~(size_t)4095, n &= ~(size_t)4095;
        if (n > RANDOM - pos)
            n = RANDOM - pos;
        if (i % 2 == 0) {
            memset(buf, i, n);
            CHECK_EQ(pwrite(fd, buf, n, (off_t)(START + pos)), n);
            memcpy(model + pos, buf, n);
        } else {
            CHECK_EQ(pread(fd, buf, n, (off_t)(START + pos)), n);
            CHECK(memcmp(buf, model + pos, n) == 0);
        }
        if (i % 100 == 99)
            CHECK_OK(ioctl(fd, BLKFLSBUF, 0));
    }
    CHECK_EQ(pread(fd, buf, sizeof buf, START), sizeof buf);
    CHECK(memcmp(buf, model, sizeof buf) == 0);
}

/* Processes write blocks of their own at the same time, unaligned: nobody harms a neighbour. */
static void test_concurrent(void)
{
    enum { WRITERS = 4, ROUNDS = 100, PIECE = 700 };
    uint8_t buf[PIECE], got[PIECE];
    int fd = open_disk(O_RDWR);
    if (fd < 0)
        return;
    for (int w = 0; w < WRITERS; w++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid > 0)
            continue;
        for (int i = 0; i < ROUNDS; i++) {
            memset(buf, w * ROUNDS + i, sizeof buf);
            CHECK_EQ(pwrite(fd, buf, PIECE, START + (i * WRITERS + w) * PIECE), PIECE);
            if (i % 25 == w)
                CHECK_OK(fsync(fd));
        }
        _exit(0);
    }
    for (int w = 0; w < WRITERS; w++) {
        int status;
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
    CHECK_OK(ioctl(fd, BLKFLSBUF, 0));
    for (int i = 0; i < ROUNDS * WRITERS; i++) {
        memset(buf, i % WRITERS * ROUNDS + i / WRITERS, sizeof buf);
        CHECK_EQ(pread(fd, got, PIECE, START + i * PIECE), PIECE);
        CHECK(memcmp(buf, got, PIECE) == 0);
    }
}

static void test_sync(void)
{
    int fd = open_disk(O_RDWR | O_SYNC);
    if (fd < 0)
        return;
    CHECK_EQ(pwrite(fd, "sync", 4, START), 4);
    CHECK_OK(fsync(fd));
    CHECK_OK(fdatasync(fd));
    CHECK_OK(syncfs(fd));
    CHECK_ERR(syncfs(-1), EBADF);
    sync();
}

const struct test tests_block[] = {
    {"numbers", test_numbers, TEST_TARN}, {"seek", test_seek, TEST_TARN},
    {"end", test_end, TEST_TARN},         {"read_only", test_read_only, TEST_TARN},
    {"random", test_random, TEST_TARN},   {"concurrent", test_concurrent, TEST_TARN},
    {"sync", test_sync, TEST_TARN},       {NULL, NULL, 0},
};
