/* The VFS and tmpfs against the host's kernel: the same calls must give the same results. */
#include "tap.h"
#include "tests/unit/support/port_host.h"
#include "tests/unit/support/transcript.h"
#include <errno.h>
#include <signal.h>

static void put(const char *path, const char *text)
{
    int fd = w->open(path, W_WRONLY | W_CREAT, 0644);
    say("put %s = %ld\n", path, fd < 0 ? fd : w->write(fd, text, strlen(text)));
    if (fd >= 0)
        w->close(fd);
}

static void show(const char *path)
{
    char buf[4096] = "";
    int fd = w->open(path, W_RDONLY, 0);
    long n = fd < 0 ? fd : w->read(fd, buf, sizeof buf - 1);
    say("show %s = %ld %s\n", path, n, buf);
    if (fd >= 0)
        w->close(fd);
}

/* ---- scripts */

static void script_create(void)
{
    char name255[256], name256[257], long_path[5000];
    memset(name255, 'n', 255), name255[255] = '\0';
    memset(name256, 'n', 256), name256[256] = '\0';
    memset(long_path, '/', sizeof long_path), strcpy(long_path + 4000, "here");
    memcpy(long_path, "dir", 3);
    SAY(w->open("", W_RDONLY, 0));
    SAY(w->open("nothing", W_RDONLY, 0));
    SAY(w->open("no/thing", W_CREAT, 0644));
    SAY(w->mkdir("dir", 0750));
    SAY(w->mkdir("dir", 0750));
    SAY(w->mkdir("dir/", 0750));
    SAY(w->mkdir("slash/", 0700));
    SAY(w->mkdir("slashes///", 01777));
    SAY(w->mkdir(".", 0700));
    SAY(w->mkdir("dir/..", 0700));
    SAY(w->mkdir("/", 0700) == -EEXIST);
    SAY(w->mkdir("a/b", 0700));
    SAY(w->mkdir(name255, 0700));
    SAY(w->mkdir(name256, 0700));
    SAY(w->rmdir(name255));
    put("file", "hello");
    SAY(w->close(w->open("file", W_CREAT | W_RDWR, 0600)));
    SAY(w->open("file", W_CREAT | W_EXCL | W_RDWR, 0600));
    SAY(w->open("file/", W_RDONLY, 0));
    SAY(w->open("file/", W_CREAT, 0644));
    SAY(w->open("file/x", W_RDONLY, 0));
    SAY(w->open("file/x", W_CREAT, 0644));
    SAY(w->open("file/.", W_RDONLY, 0));
    SAY(w->open("file/..", W_RDONLY, 0));
    SAY(w->open("newslash/", W_CREAT | W_WRONLY, 0644));
    SAY(w->open("dir", W_WRONLY, 0));
    SAY(w->open("dir", W_RDWR, 0));
    SAY(w->open("dir", W_CREAT, 0));
    SAY(w->open("dir/", W_CREAT, 0));
    SAY(w->open("dir", W_CREAT | W_EXCL, 0));
    SAY(w->open("dir", W_RDONLY | W_TRUNC, 0));
    SAY(w->open(".", W_CREAT, 0));
    SAY(w->open("dir/..", W_CREAT | W_EXCL, 0));
    SAY(w->open("file", W_DIRECTORY, 0));
    SAY(w->close(w->open("dir", W_DIRECTORY, 0)));
    SAY(w->close(w->open("dir/.", W_RDONLY, 0)));
    SAY(w->open(long_path, W_RDONLY, 0));
    SAY(w->open(name256, W_RDONLY, 0));
    SAY(w->open("file/../file", W_RDONLY, 0));
    SAY(w->close(w->open("dir/../file", W_RDONLY, 0)));
    SAY(w->close(w->open("./dir/.././/file", W_RDONLY, 0)));
    say_stat("file", 1);
    say_stat("dir", 1);
    say_stat("dir/", 1);
    say_stat("file/", 1);
    say_stat("slashes", 1);
    SAY(w->chmod("file", 0755));
    say_stat("file", 1);
    SAY(w->chmod("file", 04755));
    say_stat("file", 1);
    say_list(".");
    say_list("dir");
    say_list("file");
    say_list("none");
}

static void script_data(void)
{
    static char buf[20000], back[20000];
    for (size_t i = 0; i < sizeof buf; i++)
        buf[i] = (char)(i * 7 + i / 256);
    int fd = w->open("f", W_RDWR | W_CREAT, 0644);
    SAY(w->write(fd, buf, 0));
    SAY(w->write(fd, buf, 5000));
    SAY(w->lseek(fd, 0, W_CUR));
    SAY(w->lseek(fd, 100, W_SET));
    SAY(w->read(fd, back, 4090));
    SAY(memcmp(back, buf + 100, 4090));
    SAY(w->read(fd, back, 20000));
    SAY(w->read(fd, back, 1));
    SAY(w->lseek(fd, -1, W_SET));
    SAY(w->lseek(fd, -1, W_END));
    SAY(w->lseek(fd, -6000, W_END));
    SAY(w->lseek(fd, 0, 99));
    SAY(w->lseek(fd, 12000, W_END));
    SAY(w->read(fd, back, 10));
    SAY(w->write(fd, buf, 10));
    say_stat("f", 1);
    SAY(w->pread(fd, back, 20000, 4999));
    say("hole %d %d %d\n", back[0], back[1], back[12000]);
    SAY(w->lseek(fd, 0, W_HOLE));
    SAY(w->lseek(fd, 0, W_DATA));
    SAY(w->lseek(fd, 9000, W_DATA));
    SAY(w->lseek(fd, 9000, W_HOLE));
    SAY(w->lseek(fd, 17009, W_HOLE));
    SAY(w->lseek(fd, 17010, W_DATA));
    SAY(w->ftruncate(fd, 4097));
    SAY(w->ftruncate(fd, 9000));
    SAY(w->pread(fd, back, 9000, 0));
    SAY(memcmp(back, buf, 4097));
    say("cut %d %d\n", back[4097], back[8999]);
    SAY(w->ftruncate(fd, -1));
    SAY(w->pread(fd, back, 10, -1));
    SAY(w->pwrite(fd, buf, 10, -5));
    SAY(w->pwrite(fd, buf, 8192, 3));
    SAY(w->pread(fd, back, 20000, 0));
    SAY(memcmp(back + 3, buf, 8192));
    int two = w->open("f", W_WRONLY | W_APPEND, 0);
    SAY(w->read(two, back, 1));
    SAY(w->write(fd, "x", 1));
    SAY(w->write(two, "tail", 4));
    SAY(w->lseek(two, 0, W_CUR));
    SAY(w->lseek(two, 0, W_SET));
    SAY(w->write(two, "tail", 4));
    SAY(w->pwrite(two, "HEAD", 4, 0)); /* Linux appends even so */
    say_stat("f", 1);
    int ro = w->open("f", W_RDONLY, 0);
    SAY(w->write(ro, buf, 1));
    SAY(w->ftruncate(ro, 0));
    SAY(w->close(w->open("f", W_WRONLY | W_TRUNC, 0)));
    SAY(w->read(ro, back, 10));
    say_stat("f", 1);
    SAY(w->unlink("f"));
    SAY(w->pwrite(fd, "ghost", 5, 0));
    SAY(w->pread(ro, back, 5, 0));
    say("ghost %.5s\n", back);
    struct world_stat st;
    SAY(w->fstat(fd, &st));
    say("links %u\n", st.nlink);
    SAY(w->close(fd));
    SAY(w->close(fd));
    SAY(w->read(fd, back, 1));
    SAY(w->close(two));
    SAY(w->close(ro));
    SAY(w->close(-1));
    int dir = w->open(".", W_RDONLY, 0);
    SAY(w->read(dir, back, 1));
    SAY(w->write(dir, back, 1));
    SAY(w->pread(dir, back, 1, 0));
    SAY(w->ftruncate(dir, 0));
    SAY(w->close(dir));
}

static void script_descriptors(void)
{
    char c = 0;
    int base = w->open(".", W_RDONLY, 0); /* numbers are compared relative to this one */
    w->close(base);
    put("f", "abcdef");
    int a = w->open("f", W_RDONLY, 0), b = w->dup(a), d = w->open("f", W_RDONLY, 0);
    say("fds %d %d %d\n", a - base, b - base, d - base);
    SAY(w->read(a, &c, 1));
    SAY(w->read(b, &c, 1));
    say("shared %c\n", c);
    SAY(w->read(d, &c, 1));
    say("own %c\n", c);
    SAY(w->close(a));
    SAY(w->read(b, &c, 1));
    say("still %c\n", c);
    say("lowest %d\n", w->dup(b) - base);
    SAY(w->dup2(b, b, 0));
    SAY(w->dup2(b, -1, 0));
    SAY(w->dup2(-1, b, 0));
    say("to %d\n", w->dup2(d, base + 20, 0) - base);
    say("over %d\n", w->dup2(b, base + 20, 1) - base);
    SAY(w->read(base + 20, &c, 1));
    say("is %c\n", c);
    SAY(w->dup(base + 19));
    for (int fd = base; fd <= base + 20; fd++)
        w->close(fd);
    int path = w->open("f", W_PATH, 0);
    SAY(w->read(path, &c, 1));
    SAY(w->write(path, &c, 1));
    SAY(w->lseek(path, 0, W_SET));
    SAY(w->ftruncate(path, 0));
    SAY(w->fchdir(path));
    w->close(path);
    int dir = w->open(".", W_PATH | W_DIRECTORY, 0);
    SAY(w->fchdir(dir));
    int at = w->openat(dir, "f", W_RDONLY, 0);
    SAY(w->read(at, &c, 1));
    SAY(w->openat(at, "f", W_RDONLY, 0));
    SAY(w->openat(-1, "f", W_RDONLY, 0));
    w->close(at);
    w->close(dir);
}

static void script_links(void)
{
    char buf[64], deep[16] = "l0";
    put("f", "content");
    SAY(w->link("f", "g"));
    SAY(w->link("f", "g"));
    SAY(w->link("none", "h"));
    SAY(w->link(".", "h"));
    SAY(w->link("f", "h/"));
    SAY(w->link("f", "no/h"));
    say_stat("f", 1);
    SAY(w->unlink("f"));
    say_stat("g", 1);
    show("g");
    SAY(w->symlink("g", "s"));
    SAY(w->symlink("g", "s"));
    SAY(w->symlink("", "e"));
    SAY(w->symlink("g", "new/"));
    show("s");
    say_stat("s", 0);
    say_stat("s", 1);
    say_stat("s/", 0);
    SAY(w->open("s", W_NOFOLLOW, 0));
    SAY(w->open("s", W_NOFOLLOW | W_DIRECTORY, 0));
    SAY(w->close(w->open("s", W_NOFOLLOW | W_PATH, 0)));
    SAY(w->open("s", W_CREAT | W_EXCL, 0644));
    SAY(w->readlink("s", buf, 64));
    SAY(w->readlink("g", buf, 64));
    SAY(w->readlink("none", buf, 64));
    SAY(w->symlink("missing", "dangling"));
    SAY(w->open("dangling", W_RDONLY, 0));
    SAY(w->mkdir("dangling", 0700));
    SAY(w->mkdir("dangling/", 0700));
    SAY(w->open("dangling", W_CREAT | W_EXCL | W_WRONLY, 0600));
    SAY(w->open("dangling", W_CREAT | W_NOFOLLOW | W_WRONLY, 0600));
    put("dangling", "made through a link");
    show("missing");
    SAY(w->symlink("loop", "loop"));
    SAY(w->open("loop", W_RDONLY, 0));
    SAY(w->open("loop", W_CREAT | W_WRONLY, 0600));
    say_stat("loop", 0);
    SAY(w->symlink("b", "a"));
    SAY(w->symlink("a", "b"));
    SAY(w->open("a/x", W_RDONLY, 0));
    SAY(w->mkdir("d", 0755));
    SAY(w->symlink("d", "sd"));
    SAY(w->symlink("../d/", "d/self"));
    put("sd/in", "inside");
    show("d/in");
    show("d/self/self/self/in");
    say_stat("sd/", 0);
    SAY(w->rmdir("sd"));
    SAY(w->rmdir("sd/"));
    SAY(w->unlink("sd/"));
    SAY(w->link("s", "hard"));
    say_stat("hard", 0);
    for (int i = 1; i <= 42; i++) {
        char next[16];
        snprintf(next, sizeof next, "l%d", i);
        w->symlink(deep, next);
        strcpy(deep, next);
    }
    put("l0", "bottom");
    show("l40");
    show("l41");
    SAY(w->symlink("sd/../g", "up"));
    show("up");
    say_list("d");
    SAY(w->mkfifo("d/fifo", 0644));
    SAY(w->mkfifo("d/fifo", 0644));
    say_stat("d/fifo", 1);
    say_list("d");
}

static void script_remove(void)
{
    SAY(w->unlink("none"));
    SAY(w->unlink("none/"));
    SAY(w->unlink("no/ne"));
    SAY(w->rmdir("none"));
    SAY(w->rmdir("."));
    SAY(w->rmdir("./"));
    SAY(w->unlink("."));
    SAY(w->unlink(".."));
    SAY(w->rmdir(".."));
    SAY(w->mkdir("d", 0755));
    SAY(w->rmdir("d/."));
    SAY(w->rmdir("d/.."));
    put("d/f", "x");
    SAY(w->rmdir("d"));
    SAY(w->unlink("d"));
    SAY(w->unlink("d/"));
    SAY(w->rmdir("d/f"));
    SAY(w->unlink("d/f/"));
    SAY(w->unlink("d/f"));
    SAY(w->rmdir("d/"));
    SAY(w->mkdir("gone", 0755));
    SAY(w->chdir("gone"));
    say_cwd();
    SAY(w->rmdir("../gone"));
    say_cwd();
    SAY(w->open("x", W_CREAT | W_WRONLY, 0644));
    SAY(w->open("x", W_RDONLY, 0));
    SAY(w->mkdir("x", 0755));
    SAY(w->symlink("x", "y"));
    SAY(w->open("../gone", W_RDONLY, 0));
    say_list(".");
    say_stat(".", 1);
    SAY(w->chdir(".."));
    say_cwd();
    SAY(w->mkdir("p", 0755));
    SAY(w->mkdir("p/q", 0755));
    say_stat("p", 1);
    SAY(w->chdir("p/q"));
    say_cwd();
    SAY(w->chdir("../../nothere"));
    SAY(w->chdir(".."));
    SAY(w->chdir("./q/.."));
    say_cwd();
    char small[3];
    SAY(w->getcwd(small, 2));
    SAY(w->getcwd(small, 3));
    SAY(w->rmdir("q"));
    SAY(w->chdir(".."));
    say_stat("p", 1);
    put("f", "");
    SAY(w->chdir("f"));
    SAY(w->chdir(""));
}

static void script_rename(void)
{
    put("f", "ff");
    put("g", "ggg");
    SAY(w->mkdir("d", 0755));
    SAY(w->mkdir("d/e", 0755));
    SAY(w->mkdir("x", 0755));
    SAY(w->rename("none", "y", 0));
    SAY(w->rename("f", "no/y", 0));
    SAY(w->rename("f", "f", 0));
    SAY(w->rename("f", "h", 0));
    SAY(w->rename("h", "g", 0));
    show("g");
    SAY(w->rename("g", "d", 0));
    SAY(w->rename("d", "g", 0));
    SAY(w->rename("g", "d/", 0));
    SAY(w->rename("g/", "h", 0));
    SAY(w->rename("g", "h/", 0));
    SAY(w->rename("d", "d/e", 0));
    SAY(w->rename("d", "d/new", 0));
    SAY(w->rename("d", "d/e/f", 0));
    SAY(w->rename("d/e", "d", 0));
    SAY(w->rename("x", "d", 0));
    SAY(w->rename("d/e", "x", 0));
    say_stat("d", 1);
    say_stat("x", 1);
    SAY(w->rename("x", "newdir/", 0));
    SAY(w->rename("newdir/", "x", 0));
    SAY(w->rename(".", "y", 0));
    SAY(w->rename("d", ".", 0));
    SAY(w->rename("d", "..", 0));
    SAY(w->rename("d/.", "z", 0));
    SAY(w->rename("d/..", "z", 0));
    SAY(w->link("g", "g2"));
    SAY(w->rename("g", "g2", 0));
    say_stat("g", 1);
    SAY(w->rename("g", "g2", W_NOREPLACE));
    SAY(w->rename("g", "fresh", W_NOREPLACE));
    SAY(w->rename("fresh", "g", 0));
    SAY(w->rename("g", ".", W_NOREPLACE));
    SAY(w->rename("g", "d", W_EXCHANGE));
    say_stat("g", 1);
    say_stat("d", 1);
    SAY(w->rename("g", "d", W_EXCHANGE));
    SAY(w->rename("g", "none", W_EXCHANGE));
    SAY(w->rename("d", "g/", W_EXCHANGE));
    SAY(w->mkdir("d/sub", 0755));
    SAY(w->rename("d", "d/sub", W_EXCHANGE));
    SAY(w->rename("d/sub", "d", W_EXCHANGE));
    SAY(w->rename("d/sub", "g", W_EXCHANGE));
    say_stat("d", 1);
    SAY(w->rename("d/sub", "g", W_EXCHANGE));
    SAY(w->rename("g", "h", 3));
    SAY(w->rename("g", "h", 64));
    SAY(w->symlink("d", "sd"));
    SAY(w->rename("sd", "sd2", 0));
    SAY(w->rename("sd2/", "sd3", 0));
    SAY(w->rename("d", "sd2/", 0));
    SAY(w->rename("d", "sd2", 0));
    SAY(w->rename("g", "sd2", 0));
    say_list(".");
    say_list("d");
    /* what an open directory and a working directory see of it */
    SAY(w->mkdir("m", 0755));
    SAY(w->mkdir("m/n", 0755));
    SAY(w->chdir("m/n"));
    SAY(w->rename("../../m", "../../moved", 0));
    say_cwd();
    SAY(w->rename("../n", "../../top", 0));
    say_cwd();
    SAY(w->chdir(".."));
    say_cwd();
    say_list(".");
    char long_name[200];
    memset(long_name, 'L', 199), long_name[199] = '\0';
    put("short", "1");
    SAY(w->rename("short", long_name, 0));
    show(long_name);
    SAY(w->rename(long_name, "short", 0));
    show("short");
    put(long_name, "2");
    SAY(w->rename(long_name, "short", W_EXCHANGE));
    show(long_name);
    show("short");
}

static void script_pipe(void)
{
    static char big[200000];
    int p[2], q[2];
    SAY(w->pipe(p, W_NONBLOCK));
    char buf[16];
    SAY(w->read(p[0], buf, 4));
    SAY(w->read(p[0], buf, 0));
    SAY(w->write(p[1], "hello world", 11));
    SAY(w->read(p[0], buf, 4));
    say("got %.4s\n", buf);
    SAY(w->lseek(p[0], 0, W_SET));
    SAY(w->pread(p[0], buf, 1, 0));
    SAY(w->pwrite(p[1], buf, 1, 0));
    SAY(w->pread(p[0], buf, 1, -1));
    SAY(w->ftruncate(p[1], 0));
    SAY(w->read(p[1], buf, 1));
    SAY(w->write(p[0], buf, 1));
    SAY(w->read(p[0], buf, 16));
    SAY(w->write(p[1], big, 65536));
    SAY(w->write(p[1], big, 1));
    SAY(w->read(p[0], big, 4095));
    SAY(w->write(p[1], big, 4096));
    SAY(w->read(p[0], big, 4097));
    SAY(w->write(p[1], big, 4096));
    SAY(w->read(p[0], big, 200000));
    SAY(w->write(p[1], big, 65536));
    SAY(w->read(p[0], big, 4095));
    SAY(w->write(p[1], big, 5000));
    SAY(w->read(p[0], big, 1));
    SAY(w->write(p[1], big, 5000));
    SAY(w->read(p[0], big, 200000));
    SAY(w->write(p[1], big, 100));
    SAY(w->read(p[0], big, 50));
    SAY(w->read(p[0], big, 50));
    SAY(w->write(p[1], big, 200000));
    SAY(w->read(p[0], big, 200000));
    SAY(w->close(p[1]));
    SAY(w->read(p[0], buf, 1));
    SAY(w->close(p[0]));
    SAY(w->pipe(q, 0));
    SAY(w->close(q[0]));
    SAY(w->write(q[1], "x", 1));
    SAY(w->write(q[1], "x", 0));
    SAY(w->close(q[1]));
    struct world_stat st;
    SAY(w->pipe(q, 0));
    SAY(w->fstat(q[0], &st));
    say("pipe mode %o links %u\n", st.mode, st.nlink);
    w->close(q[0]);
    w->close(q[1]);
    SAY(w->mkfifo("fifo", 0600));
    SAY(w->open("fifo", W_WRONLY | W_NONBLOCK, 0));
    int r = w->open("fifo", W_RDONLY | W_NONBLOCK, 0);
    SAY(w->read(r, buf, 4));
    int o = w->open("fifo", W_WRONLY, 0);
    SAY(w->read(r, buf, 4));
    SAY(w->write(o, "fifo", 4));
    SAY(w->read(r, buf, 16));
    SAY(w->lseek(r, 0, W_SET));
    SAY(w->close(o));
    SAY(w->read(r, buf, 16));
    SAY(w->close(r));
    int both = w->open("fifo", W_RDWR, 0);
    SAY(w->write(both, "both", 4));
    SAY(w->read(both, buf, 16));
    SAY(w->close(both));
    SAY(w->unlink("fifo"));
}

static void script_wide(void)
{
    char name[32], buf[256];
    SAY(w->mkdir("wide", 0755));
    SAY(w->chdir("wide"));
    for (int i = 0; i < 700; i++) {
        snprintf(name, sizeof name, "entry-%d", i * 37 % 701);
        int fd = w->open(name, W_CREAT | W_WRONLY | W_EXCL, 0644);
        w->write(fd, name, strlen(name));
        w->close(fd);
    }
    say_list(".");
    for (int i = 0; i < 700; i += 2) {
        snprintf(name, sizeof name, "entry-%d", i);
        say("unlink %s %d\n", name, w->unlink(name));
    }
    say_list(".");
    for (int i = 0; i < 60; i++) {
        SAY(w->mkdir("deeper", 0755));
        SAY(w->chdir("deeper"));
    }
    say("deep %ld\n", w->getcwd(buf, sizeof buf));
    say_cwd();
}

static const struct script {
    const char *name;
    void (*run)(void);
} scripts[] = {
    {"creating and opening", script_create},
    {"reading and writing", script_data},
    {"descriptors", script_descriptors},
    {"hard and symbolic links", script_links},
    {"removing", script_remove},
    {"renaming", script_rename},
    {"pipes and FIFOs", script_pipe},
    {"wide and deep directories", script_wide},
};

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    world_tarn_begin();
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        ok(same_in_both(scripts[i].name, scripts[i].run), "%s: as on the host", scripts[i].name);
    is_int(host_port.signals[13], 1, "one write to a pipe without readers, one SIGPIPE");
    world_tarn_end();
    return tap_done();
}
