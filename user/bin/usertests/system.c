/* The system as a whole: names, unknown calls, and what only the powerful may ask for. */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "usertests.h"

static void test_uname(void)
{
    struct utsname name;
    CHECK_OK(uname(&name));
    CHECK(name.sysname[0] && name.nodename[0] && name.release[0] && name.version[0]);
    if (on_tarn) {
        CHECK(strcmp(name.sysname, "Tarn") == 0);
        CHECK(strcmp(name.machine, sizeof(long) == 8 ? "riscv64" : "riscv32") == 0);
    }
}

static void test_unknown_calls(void)
{
    const long numbers[] = {-1, 500, 999, 4096, 0x7fffffff, (long)(~0ul >> 1)};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        CHECK_ERR(syscall(numbers[i], 0L, 0L, 0L, 0L, 0L, 0L), ENOSYS);
    }
}

static void test_yield(void)
{
    for (int i = 0; i < 1000; i++) {
        CHECK_OK(sched_yield());
    }
}

static void test_reboot_needs_magic(void)
{
    CHECK_ERR(syscall(SYS_reboot, 0L, 0L, 0L, NULL), EINVAL);
    CHECK_ERR(syscall(SYS_reboot, 0xfee1deadL, 0L, 0x4321fedcL, NULL), EINVAL);
    CHECK_ERR(syscall(SYS_reboot, 0xfee1deadL, 672274793L, 0x11111111L, NULL), EINVAL);
}

static void test_log(void)
{
    static char log[65536];
    CHECK_ERR(syscall(SYS_syslog, 99L, NULL, 0L), EINVAL);
    CHECK_ERR(syscall(SYS_syslog, 3L, NULL, 10L), EINVAL);
    CHECK_ERR(syscall(SYS_syslog, 3L, log, -1L), EINVAL);
    CHECK_ERR(syscall(SYS_syslog, 8L, NULL, 99L), EINVAL); /* there are 8 levels */
    CHECK_OK(syscall(SYS_syslog, 3L, log, (long)sizeof(log)));
    CHECK_OK(syscall(SYS_syslog, 3L, log, 0L));
    CHECK(syscall(SYS_syslog, 10L, NULL, 0L) > 0);
}

static void test_mount(void)
{
    struct stat before, after, folder;
    CHECK_OK(mkdir("m", 0755));
    CHECK_OK(stat("m", &before));
    put_file("f", "x", 1);
    CHECK_ERR(mount("none", "m", "nosuchfs", 0, NULL), ENODEV);
    CHECK_ERR(mount("none", "nowhere", "tmpfs", 0, NULL), ENOENT);
    CHECK_ERR(mount("none", "f", "tmpfs", 0, NULL), ENOTDIR);
    CHECK_ERR(umount("m"), EINVAL);
    CHECK_OK(mount("none", "m", "tmpfs", 0, NULL));
    CHECK_OK(stat("m", &after));
    CHECK(after.st_dev != before.st_dev);
    put_file("m/f", "inside", 6);
    CHECK_OK(stat("m/..", &folder));
    CHECK_EQ(folder.st_dev, before.st_dev);
    CHECK_ERR(rename("m/f", "g"), EXDEV);
    CHECK_ERR(rmdir("m"), EBUSY);
    int fd = must_open("m/f", 0, 0);
    CHECK_ERR(umount("m"), EBUSY);
    CHECK_OK(close(fd));
    CHECK_OK(umount("m"));
    CHECK_ERR(access("m/f", F_OK), ENOENT);
    CHECK_OK(rmdir("m"));
}

const struct test tests_system[] = {
    {"uname", test_uname, 0},
    {"unknown_calls", test_unknown_calls, 0},
    {"yield", test_yield, 0},
    {"reboot_needs_magic", test_reboot_needs_magic, TEST_TARN},
    {"log", test_log, TEST_TARN},
    {"mount", test_mount, TEST_TARN},
    {0},
};
