/* Files by name: opening, creating, renaming, removing, status, links. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "usertests.h"

static void test_open_errors(void)
{
    put_file("f", "x", 1);
    CHECK_OK(mkdir("d", 0755));
    CHECK_ERR(open("none", O_RDONLY), ENOENT);
    CHECK_ERR(open("", O_RDONLY), ENOENT);
    CHECK_ERR(open("none/f", O_RDWR | O_CREAT, 0644), ENOENT);
    CHECK_ERR(open("f/x", O_RDONLY), ENOTDIR);
    CHECK_ERR(open("f/", O_RDONLY), ENOTDIR);
    CHECK_ERR(open("d", O_WRONLY), EISDIR);
    CHECK_ERR(open("d", O_RDWR), EISDIR);
    CHECK_ERR(open("f", O_RDONLY | O_DIRECTORY), ENOTDIR);
    CHECK_ERR(open("f", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
    CHECK_ERR(open("d", O_RDWR | O_CREAT | O_EXCL, 0755), EEXIST);
    CHECK_ERR(open("new/", O_WRONLY | O_CREAT, 0644), EISDIR);
}

static void test_name_lengths(void)
{
    char name[NAME_MAX + 2];
    memset(name, 'n', sizeof(name));
    name[NAME_MAX + 1] = '\0';
    CHECK_ERR(open(name, O_RDWR | O_CREAT, 0644), ENAMETOOLONG);
    CHECK_ERR(mkdir(name, 0755), ENAMETOOLONG);
    name[NAME_MAX] = '\0';
    put_file(name, "x", 1);
    check_file(name, "x", 1);
    char *path = malloc(PATH_MAX + 2);
    CHECK(path);
    for (int i = 0; i < PATH_MAX; i += 2) {
        memcpy(path + i, "./", 2);
    }
    path[PATH_MAX] = 'f';
    path[PATH_MAX + 1] = '\0';
    CHECK_ERR(open(path, O_RDONLY), ENAMETOOLONG);
    path[PATH_MAX - 2] = '\0'; /* one byte less than fits, with its NUL */
    CHECK_OK(open(path, O_RDONLY));
}

/* ".", "..", doubled and trailing slashes. */
static void test_path_syntax(void)
{
    CHECK_OK(mkdir("d", 0755));
    CHECK_OK(mkdir("d/e", 0755));
    put_file("d/f", "x", 1);
    const char *same[] = {"d/f",      "./d/f",         "d/./f",     "d//f",
                          "d/e/../f", "d/e/../../d/f", "d/e/.././f"};
    struct stat first, st;
    CHECK_OK(stat(same[0], &first));
    for (size_t i = 1; i < sizeof(same) / sizeof(same[0]); i++) {
        CHECK_OK(stat(same[i], &st));
        CHECK_EQ(st.st_ino, first.st_ino);
        CHECK_EQ(st.st_dev, first.st_dev);
    }
    CHECK_OK(stat("d/e///", &st));
    CHECK_ERR(stat("d/f/..", &st), ENOTDIR);
    CHECK_ERR(stat("d/none/..", &st), ENOENT);
    struct stat root, above;
    CHECK_OK(stat("/", &root));
    CHECK_OK(stat("/../..", &above));
    CHECK_EQ(root.st_ino, above.st_ino);
}

static void test_stat(void)
{
    struct stat st, other;
    put_file("f", "hello", 5);
    CHECK_OK(stat("f", &st));
    CHECK(S_ISREG(st.st_mode));
    CHECK_EQ(st.st_mode & 07777, 0644);
    CHECK_EQ(st.st_size, 5);
    CHECK_EQ(st.st_nlink, 1);
    CHECK_EQ(st.st_uid, 0);
    CHECK_EQ(st.st_gid, 0);
    CHECK(st.st_blksize >= 512);
    put_file("g", "", 0);
    CHECK_OK(stat("g", &other));
    CHECK(other.st_ino != st.st_ino);
    CHECK_EQ(other.st_dev, st.st_dev);
    CHECK_OK(mkdir("d", 0700));
    CHECK_OK(stat("d", &st));
    CHECK(S_ISDIR(st.st_mode));
    CHECK_EQ(st.st_mode & 07777, 0700);
    CHECK_OK(stat("/dev/null", &st));
    CHECK(S_ISCHR(st.st_mode));
    CHECK_ERR(stat("none", &st), ENOENT);
    CHECK_ERR(stat("", &st), ENOENT);
    CHECK_ERR(stat("f/x", &st), ENOTDIR);
    CHECK_OK(fstatat(AT_FDCWD, "f", &st, AT_SYMLINK_NOFOLLOW));
    CHECK_ERR(fstatat(AT_FDCWD, "f", &st, 0x40000000), EINVAL);
}

static void test_umask(void)
{
    struct stat st;
    CHECK_EQ(umask(027), 022);
    CHECK_OK(close(must_open("f", O_WRONLY | O_CREAT, 0666)));
    CHECK_OK(stat("f", &st));
    CHECK_EQ(st.st_mode & 07777, 0640);
    CHECK_OK(mkdir("d", 0777));
    CHECK_OK(stat("d", &st));
    CHECK_EQ(st.st_mode & 07777, 0750);
    CHECK_EQ(umask(022), 027);
}

static void test_access(void)
{
    put_file("f", "x", 1);
    CHECK_OK(access("f", F_OK));
    CHECK_OK(access("f", R_OK | W_OK));   /* root may */
    CHECK_ERR(access("f", X_OK), EACCES); /* but not execute what nobody may */
    CHECK_ERR(access("none", F_OK), ENOENT);
    CHECK_ERR(access("f", 64), EINVAL);
    CHECK_OK(access(self_path, X_OK));
}

static void test_unlink(void)
{
    put_file("f", "x", 1);
    CHECK_OK(mkdir("d", 0755));
    CHECK_OK(unlink("f"));
    CHECK_ERR(unlink("f"), ENOENT);
    CHECK_ERR(unlink("d"), EISDIR);
    CHECK_ERR(unlink(""), ENOENT);
    CHECK_ERR(unlinkat(AT_FDCWD, "d", 0x40000), EINVAL);
    put_file("g", "x", 1);
    CHECK_ERR(unlinkat(AT_FDCWD, "g", AT_REMOVEDIR), ENOTDIR);
    CHECK_OK(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR));
}

static void test_rename(void)
{
    struct stat before, after;
    put_file("f", "one", 3);
    put_file("g", "two", 3);
    CHECK_OK(stat("f", &before));
    CHECK_OK(rename("f", "h"));
    CHECK_ERR(access("f", F_OK), ENOENT);
    check_file("h", "one", 3);
    CHECK_OK(stat("h", &after));
    CHECK_EQ(before.st_ino, after.st_ino);
    int fd = must_open("g", O_RDONLY, 0);
    CHECK_OK(rename("h", "g")); /* replaces */
    check_file("g", "one", 3);
    char buf[3];
    CHECK_EQ(read(fd, buf, 3), 3); /* the replaced one is still open */
    CHECK(memcmp(buf, "two", 3) == 0);
    CHECK_OK(rename("g", "g"));
    check_file("g", "one", 3);
    CHECK_ERR(rename("none", "x"), ENOENT);
    CHECK_ERR(rename("g", "none/x"), ENOENT);
    CHECK_ERR(rename("g", "g/x"), ENOTDIR);
    CHECK_ERR(rename("", "x"), ENOENT);
}

static void test_rename_folders(void)
{
    struct stat st;
    CHECK_OK(mkdir("a", 0755));
    CHECK_OK(mkdir("a/b", 0755));
    CHECK_OK(mkdir("c", 0755));
    put_file("f", "x", 1);
    put_file("a/b/g", "y", 1);
    CHECK_ERR(rename("a", "a/b/x"), EINVAL); /* into itself */
    CHECK_ERR(rename("a", "a/x"), EINVAL);
    CHECK_ERR(rename("f", "c"), EISDIR);
    CHECK_ERR(rename("c", "f"), ENOTDIR);
    CHECK_ERR(rename("c", "a"), ENOTEMPTY);
    CHECK_OK(rename("a/b", "c")); /* over an empty one, from another folder */
    check_file("c/g", "y", 1);
    CHECK_OK(stat("a", &st));
    CHECK_EQ(st.st_nlink, 2); /* b's ".." is gone */
    CHECK_OK(rename("c", "a/d"));
    CHECK_OK(stat("a", &st));
    CHECK_EQ(st.st_nlink, 3);
    struct stat up;
    CHECK_OK(stat("a/d/..", &up));
    CHECK_EQ(up.st_ino, st.st_ino);
}

static void test_symlinks(void)
{
    char buf[64];
    struct stat st;
    put_file("f", "text", 4);
    CHECK_OK(symlink("f", "s"));
    check_file("s", "text", 4);
    CHECK_EQ(readlink("s", buf, sizeof(buf)), 1);
    CHECK_EQ(buf[0], 'f');
    CHECK_OK(lstat("s", &st));
    CHECK(S_ISLNK(st.st_mode));
    CHECK_EQ(st.st_size, 1);
    CHECK_OK(stat("s", &st));
    CHECK(S_ISREG(st.st_mode));
    CHECK_ERR(open("s", O_RDONLY | O_NOFOLLOW), ELOOP);
    CHECK_ERR(readlink("f", buf, sizeof(buf)), EINVAL);
    CHECK_ERR(readlink("none", buf, sizeof(buf)), ENOENT);
    CHECK_ERR(readlink("s", buf, 0), EINVAL);
    CHECK_ERR(symlink("x", "s"), EEXIST);
    CHECK_ERR(symlink("", "t"), ENOENT);
    CHECK_OK(symlink("loop2", "loop1"));
    CHECK_OK(symlink("loop1", "loop2"));
    CHECK_ERR(open("loop1", O_RDONLY), ELOOP);
    CHECK_OK(symlink("none", "dangling"));
    CHECK_ERR(open("dangling", O_RDONLY), ENOENT);
    CHECK_OK(mkdir("d", 0755));
    CHECK_OK(symlink("../f", "d/up"));
    check_file("d/up", "text", 4);
    CHECK_OK(unlink("s")); /* the link, not the file */
    check_file("f", "text", 4);
    CHECK_EQ(readlink("d/up", buf, 2), 2); /* cut to what fits */
}

static void test_times(void)
{
    struct stat st;
    put_file("f", "x", 1);
    struct timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 5},
                                {.tv_sec = 5000000000, .tv_nsec = 999999999}};
    CHECK_OK(utimensat(AT_FDCWD, "f", times, 0));
    CHECK_OK(stat("f", &st));
    CHECK_EQ(st.st_atim.tv_sec, 1000);
    CHECK_EQ(st.st_mtim.tv_sec, 5000000000); /* beyond 2038 on rv32 as well */
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_nsec = UTIME_NOW;
    CHECK_OK(utimensat(AT_FDCWD, "f", times, 0));
    CHECK_OK(stat("f", &st));
    CHECK_EQ(st.st_atim.tv_sec, 1000);
    CHECK(st.st_mtim.tv_sec < 5000000000 && st.st_mtim.tv_sec >= time(NULL) - 60);
    CHECK_OK(utimensat(AT_FDCWD, "f", NULL, 0));
    CHECK_ERR(utimensat(AT_FDCWD, "none", NULL, 0), ENOENT);
    times[0].tv_nsec = 1000000000;
    CHECK_ERR(utimensat(AT_FDCWD, "f", times, 0), EINVAL);
    CHECK_OK(futimens(must_open("f", O_RDWR, 0), NULL));
}

static void test_many_files(void)
{
    enum { COUNT = 300 };
    char name[32];
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof(name), "file%d", i);
        put_file(name, name, strlen(name));
    }
    for (int i = COUNT - 1; i >= 0; i--) {
        snprintf(name, sizeof(name), "file%d", i);
        check_file(name, name, strlen(name));
        CHECK_OK(unlink(name));
        CHECK_ERR(access(name, F_OK), ENOENT);
    }
}

const struct test tests_name[] = {
    {"open_errors", test_open_errors, 0},
    {"name_lengths", test_name_lengths, 0},
    {"path_syntax", test_path_syntax, 0},
    {"stat", test_stat, 0},
    {"umask", test_umask, 0},
    {"access", test_access, 0},
    {"unlink", test_unlink, 0},
    {"rename", test_rename, 0},
    {"rename_folders", test_rename_folders, 0},
    {"symlinks", test_symlinks, 0},
    {"times", test_times, 0},
    {"many_files", test_many_files, 0},
    {0},
};
