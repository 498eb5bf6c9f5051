/* Folders: making and removing them, the current one, listing. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "usertests.h"

static void test_mkdir(void)
{
    struct stat st;
    CHECK_OK(mkdir("d", 0755));
    CHECK_ERR(mkdir("d", 0755), EEXIST);
    CHECK_ERR(mkdir("none/d", 0755), ENOENT);
    CHECK_ERR(mkdir("", 0755), ENOENT);
    CHECK_ERR(mkdir("/", 0755), EEXIST);
    CHECK_ERR(mkdir("d/.", 0755), EEXIST);
    CHECK_OK(mkdir("d/e/", 0755)); /* a trailing slash is allowed here */
    put_file("f", "x", 1);
    CHECK_ERR(mkdir("f", 0755), EEXIST);
    CHECK_ERR(mkdir("f/d", 0755), ENOTDIR);
    CHECK_OK(stat("d", &st));
    CHECK_EQ(st.st_nlink, 3);
}

static void test_rmdir(void)
{
    CHECK_OK(mkdir("d", 0755));
    put_file("d/f", "x", 1);
    CHECK_ERR(rmdir("d"), ENOTEMPTY);
    CHECK_OK(unlink("d/f"));
    CHECK_ERR(rmdir("d/."), EINVAL);
    CHECK_ERR(rmdir("d/none"), ENOENT);
    CHECK_OK(mkdir("d/e", 0755));
    CHECK_ERR(rmdir("d"), ENOTEMPTY);
    CHECK_ERR(rmdir("d/e/.."), ENOTEMPTY);
    CHECK_OK(rmdir("d/e"));
    CHECK_OK(rmdir("d"));
    CHECK_ERR(rmdir("d"), ENOENT);
    put_file("f", "x", 1);
    CHECK_ERR(rmdir("f"), ENOTDIR);
    CHECK_ERR(rmdir("/"), EBUSY);
}

static void test_current(void)
{
    char start[512], here[512];
    CHECK(getcwd(start, sizeof(start)));
    CHECK_OK(mkdir("d", 0755));
    CHECK_OK(chdir("d"));
    CHECK(getcwd(here, sizeof(here)));
    CHECK(strncmp(here, start, strlen(start)) == 0 && strcmp(here + strlen(start), "/d") == 0);
    put_file("f", "x", 1);
    CHECK_OK(chdir(".."));
    check_file("d/f", "x", 1);
    CHECK_ERR(chdir("none"), ENOENT);
    CHECK_ERR(chdir("d/f"), ENOTDIR);
    CHECK_ERR(chdir(""), ENOENT);
    errno = 0;
    CHECK(!getcwd(here, 2));
    CHECK_EQ(errno, ERANGE);
    CHECK_OK(chdir("/"));
    CHECK(getcwd(here, 2));
    CHECK(strcmp(here, "/") == 0);
}

/* A folder removed while one is in it: nothing can be made there any more. */
static void test_removed_current(void)
{
    char here[64];
    CHECK_OK(mkdir("d", 0755));
    CHECK_OK(chdir("d"));
    CHECK_OK(rmdir("../d"));
    CHECK_ERR(open("f", O_WRONLY | O_CREAT, 0644), ENOENT);
    CHECK_ERR(mkdir("e", 0755), ENOENT);
    errno = 0;
    CHECK(!getcwd(here, sizeof(here)));
    CHECK_EQ(errno, ENOENT);
    CHECK_OK(chdir(".."));
}

/* Children have their parent's current folder, and changes are their own. */
static void test_current_forked(void)
{
    CHECK_OK(mkdir("d", 0755));
    pid_t pid = must_fork();
    if (pid == 0) {
        CHECK_OK(chdir("d"));
        put_file("f", "x", 1);
        _exit(0);
    }
    must_succeed(pid);
    CHECK_ERR(access("f", F_OK), ENOENT);
    CHECK_OK(access("d/f", F_OK));
}

static void test_deep(void)
{
    enum { DEPTH = 100 };
    char start[512], here[2048];
    CHECK(getcwd(start, sizeof(start)));
    for (int i = 0; i < DEPTH; i++) {
        CHECK_OK(mkdir("dd", 0755));
        CHECK_OK(chdir("dd"));
    }
    CHECK(getcwd(here, sizeof(here)));
    CHECK_EQ(strlen(here), strlen(start) + DEPTH * 3);
    for (int i = 0; i < DEPTH; i++) {
        CHECK_OK(chdir(".."));
        CHECK_OK(rmdir("dd"));
    }
}

/* Each of many entries is listed exactly once, beside "." and "..". */
static void test_list(void)
{
    enum { COUNT = 500 };
    static unsigned char seen[COUNT];
    char name[64];
    CHECK_OK(mkdir("d", 0755));
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof(name), "d/a rather long name, number %d", i);
        CHECK_OK(close(must_open(name, O_WRONLY | O_CREAT, 0644)));
    }
    DIR *dir = opendir("d");
    CHECK(dir);
    int count = 0, dots = 0;
    const struct dirent *entry;
    while ((entry = readdir(dir))) {
        int number;
        count++;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            dots++;
            CHECK_EQ(entry->d_type, DT_DIR);
        } else {
            CHECK(sscanf(entry->d_name, "a rather long name, number %d", &number) == 1);
            CHECK(number >= 0 && number < COUNT);
            CHECK_EQ(seen[number]++, 0);
            CHECK_EQ(entry->d_type, DT_REG);
        }
    }
    CHECK_EQ(count, COUNT + 2);
    CHECK_EQ(dots, 2);
    rewinddir(dir);
    CHECK(readdir(dir));
    CHECK_OK(closedir(dir));
}

/* A listing during which entries go still ends, and gives each that stays once. */
static void test_list_while_removing(void)
{
    char name[32];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "f%d", i);
        put_file(name, "x", 1);
    }
    DIR *dir = opendir(".");
    CHECK(dir);
    int kept = 0, rounds = 0;
    const struct dirent *entry;
    while ((entry = readdir(dir))) {
        CHECK(++rounds < 1000);
        if (entry->d_name[0] == 'f') {
            int number = atoi(entry->d_name + 1);
            if (number % 2 == 0) {
                CHECK_OK(unlink(entry->d_name));
            } else {
                kept++;
            }
        }
    }
    CHECK_EQ(kept, 50);
    closedir(dir);
}

static void test_list_errors(void)
{
    char buf[512];
    put_file("f", "x", 1);
    errno = 0;
    CHECK(!opendir("f") && errno == ENOTDIR);
    errno = 0;
    CHECK(!opendir("none") && errno == ENOENT);
    int file = must_open("f", O_RDONLY, 0);
    int dir = must_open(".", O_RDONLY | O_DIRECTORY, 0);
    CHECK_ERR(syscall(SYS_getdents64, file, buf, sizeof(buf)), ENOTDIR);
    CHECK_ERR(syscall(SYS_getdents64, 99, buf, sizeof(buf)), EBADF);
    CHECK_ERR(syscall(SYS_getdents64, dir, buf, 1), EINVAL); /* not even one entry fits */
    CHECK_ERR(read(dir, buf, sizeof(buf)), EISDIR);
    CHECK_ERR(write(dir, buf, 1), EBADF);
}

/* The *at() calls begin at their descriptor, unless the path is absolute. */
static void test_relative(void)
{
    struct stat st;
    CHECK_OK(mkdir("d", 0755));
    put_file("f", "x", 1);
    int dir = must_open("d", O_RDONLY | O_DIRECTORY, 0);
    int file = must_open("f", O_RDONLY, 0);
    int fd = openat(dir, "g", O_WRONLY | O_CREAT, 0644);
    CHECK_OK(fd);
    CHECK_OK(access("d/g", F_OK));
    CHECK_OK(mkdirat(dir, "e", 0755));
    CHECK_OK(fstatat(dir, "e", &st, 0));
    CHECK_OK(fstatat(dir, "../f", &st, 0));
    CHECK_OK(fstatat(dir, "/", &st, 0));
    CHECK_OK(fstatat(99, "/", &st, 0));
    CHECK_ERR(fstatat(99, "f", &st, 0), EBADF);
    CHECK_ERR(fstatat(file, "f", &st, 0), ENOTDIR);
    CHECK_OK(renameat(dir, "g", AT_FDCWD, "h"));
    CHECK_OK(unlinkat(dir, "e", AT_REMOVEDIR));
    CHECK_OK(rmdir("d"));
    CHECK_ERR(openat(dir, "x", O_WRONLY | O_CREAT, 0644), ENOENT); /* it is gone */
}

const struct test tests_dir[] = {
    {"mkdir", test_mkdir, 0},
    {"rmdir", test_rmdir, 0},
    {"current", test_current, 0},
    {"removed_current", test_removed_current, 0},
    {"current_forked", test_current_forked, 0},
    {"deep", test_deep, 0},
    {"list", test_list, 0},
    {"list_while_removing", test_list_while_removing, 0},
    {"list_errors", test_list_errors, 0},
    {"relative", test_relative, 0},
    {0},
};
