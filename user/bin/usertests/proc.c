/* /proc and /dev. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

static char text[8192];

/* A file's text, with a NUL, in `text`. */
static void load(const char *path)
{
    int fd = must_open(path, O_RDONLY, 0);
    ssize_t length = read_full(fd, text, sizeof(text) - 1);
    if (length <= 0) {
        FAIL("%s gives %zd, errno %d", path, length, errno);
    }
    text[length] = '\0';
    CHECK_OK(close(fd));
}

static long field(const char *key)
{
    const char *found = strstr(text, key);
    if (!found) {
        FAIL("no %s", key);
    }
    return strtol(found + strlen(key), NULL, 10);
}

static void test_meminfo(void)
{
    load("/proc/meminfo");
    long total = field("MemTotal:"), unused = field("MemFree:");
    CHECK(total > 4096);
    CHECK(unused > 0 && unused < total);
    CHECK(strstr(text, " kB\n"));
}

/* Memory a process uses is missing while it does, and back afterwards. */
static void test_meminfo_follows(void)
{
    load("/proc/meminfo");
    long before = field("MemFree:");
    pid_t pid = must_fork();
    if (pid == 0) {
        enum { SIZE = 4 << 20 };
        volatile char *room = malloc(SIZE);
        CHECK(room);
        for (int i = 0; i < SIZE; i += 512) {
            room[i] = 1;
        }
        load("/proc/meminfo");
        CHECK(field("MemFree:") <= before - SIZE / 1024);
        _exit(0);
    }
    must_succeed(pid);
}

static void test_uptime(void)
{
    load("/proc/uptime");
    char *end;
    double first = strtod(text, &end);
    CHECK(first > 0);
    CHECK(*end == ' ');
    sleep_ms(60);
    load("/proc/uptime");
    CHECK(strtod(text, NULL) >= first + 0.04);
}

static void test_cpuinfo(void)
{
    load("/proc/cpuinfo");
    CHECK(strstr(text, "processor"));
    if (on_tarn) {
        CHECK(strstr(text, "hart"));
        CHECK(strstr(text, sizeof(long) == 8 ? "rv64" : "rv32"));
        CHECK(strstr(text, sizeof(long) == 8 ? "sv39" : "sv32"));
    }
}

static void test_status(void)
{
    char path[64], name[64];
    snprintf(path, sizeof(path), "/proc/%d/status", (int)getpid());
    load(path);
    CHECK_EQ(field("Pid:"), getpid());
    CHECK_EQ(field("PPid:"), getppid());
    CHECK(sscanf(strstr(text, "Name:"), "Name:\t%63s", name) == 1);
    CHECK(strncmp(name, strrchr(self_path, '/') + 1, 15) == 0);
    CHECK(strstr(text, "State:\tR"));
    load("/proc/self/status");
    CHECK_EQ(field("Pid:"), getpid());
}

/* A process is there from its making to its being waited for. */
static void test_lifetime(void)
{
    char path[64];
    pid_t pid = must_fork();
    if (pid == 0) {
        _exit(0);
    }
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    do {
        load(path);
    } while (!strstr(text, "State:\tZ"));
    must_succeed(pid);
    CHECK_ERR(open(path, O_RDONLY), ENOENT);
    CHECK_ERR(access("/proc/99999", F_OK), ENOENT);
    CHECK_ERR(access("/proc/0", F_OK), ENOENT);
}

static void test_listing(void)
{
    char mine[16];
    snprintf(mine, sizeof(mine), "%d", (int)getpid());
    bool found_me = false, found_init = false, found_meminfo = false;
    const struct dirent *entry;
    DIR *dir = opendir("/proc");
    CHECK(dir);
    while ((entry = readdir(dir))) {
        found_me |= strcmp(entry->d_name, mine) == 0;
        found_init |= strcmp(entry->d_name, "1") == 0;
        found_meminfo |= strcmp(entry->d_name, "meminfo") == 0;
    }
    CHECK(found_me && found_init && found_meminfo);
    closedir(dir);
}

static void test_is_read_only(void)
{
    CHECK(open("/proc/new", O_WRONLY | O_CREAT, 0644) < 0);
    CHECK(mkdir("/proc/new", 0755) < 0);
    CHECK(unlink("/proc/meminfo") < 0);
    CHECK(rename("/proc/meminfo", "/proc/x") < 0);
    load("/proc/meminfo");
}

/* Reading in single bytes gives the same as reading at once. */
static void test_small_reads(void)
{
    static char whole[2048], bytes[2048];
    int fd = must_open("/proc/self/status", O_RDONLY, 0);
    int again = must_open("/proc/version", O_RDONLY, 0);
    CHECK(read(fd, whole, 10) == 10);
    CHECK(memcmp(whole, "Name:\t", 6) == 0);
    ssize_t length = read_full(again, whole, sizeof(whole));
    CHECK(length > 0);
    CHECK_EQ(lseek(again, 0, SEEK_SET), 0);
    for (ssize_t i = 0; i < length; i++) {
        CHECK_EQ(read(again, bytes + i, 1), 1);
    }
    CHECK_EQ(read(again, bytes, 1), 0);
    CHECK(memcmp(whole, bytes, (size_t)length) == 0);
}

static void test_null(void)
{
    char c;
    int fd = must_open("/dev/null", O_RDWR, 0);
    CHECK_EQ(read(fd, &c, 1), 0);
    CHECK_EQ(write(fd, "lost", 4), 4);
}

static void test_zero(void)
{
    static char buffer[10000];
    int fd = must_open("/dev/zero", O_RDWR, 0);
    memset(buffer, 'x', sizeof(buffer));
    CHECK_EQ(read(fd, buffer, sizeof(buffer)), sizeof(buffer));
    for (size_t i = 0; i < sizeof(buffer); i++) {
        CHECK_EQ(buffer[i], 0);
    }
    CHECK_EQ(write(fd, "lost", 4), 4);
}

/* Random bytes differ, and each value comes up about as often as others. */
static void test_random(void)
{
    static unsigned char buffer[16384], other[16];
    int counts[256] = {0};
    int fd = must_open("/dev/random", O_RDONLY, 0);
    CHECK_EQ(read_full(fd, buffer, sizeof(buffer)), sizeof(buffer));
    CHECK_EQ(read_full(fd, other, sizeof(other)), sizeof(other));
    CHECK(memcmp(buffer, other, sizeof(other)) != 0);
    for (size_t i = 0; i < sizeof(buffer); i++) {
        counts[buffer[i]]++;
    }
    for (int i = 0; i < 256; i++) {
        CHECK(counts[i] > 20 && counts[i] < 120); /* 64 expected, 8 the deviation */
    }
}

const struct test tests_proc[] = {
    {"meminfo", test_meminfo, 0},
    {"meminfo_follows", test_meminfo_follows, TEST_TARN},
    {"uptime", test_uptime, 0},
    {"cpuinfo", test_cpuinfo, 0},
    {"status", test_status, 0},
    {"lifetime", test_lifetime, 0},
    {"listing", test_listing, 0},
    {"is_read_only", test_is_read_only, 0},
    {"small_reads", test_small_reads, 0},
    {"dev_null", test_null, 0},
    {"dev_zero", test_zero, 0},
    {"dev_random", test_random, 0},
    {0},
};
