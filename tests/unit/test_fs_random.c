/* Random scripts in the VFS and on the host's kernel, on few names, so that they collide all the
 * time. */
#include "tap.h"
#include "tests/unit/support/port_host.h"
#include "tests/unit/support/transcript.h"

static uint64_t random_seed;

static const char *random_path(char *buf)
{
    static const char *const names[] = {"..",
                                        "/a",
                                        "a",
                                        "b",
                                        "c",
                                        "dd",
                                        ".",
                                        "a/",
                                        "./b",
                                        "l1",
                                        "long-name-that-does-not-fit-inline-at-all-1"};
    unsigned parts = 1 + random_below(3), skip = world_may_climb ? 0 : 2;
    buf[0] = '\0';
    for (unsigned i = 0; i < parts; i++) {
        if (i > 0)
            strcat(buf, "/");
        strcat(buf, names[skip + random_below(sizeof names / sizeof *names - skip)]);
    }
    return buf;
}

static int random_fds[6];

static void random_file_step(int slot)
{
    static char data[3 * 4096], back[6 * 4096];
    int fd = random_fds[slot];
    unsigned n = random_below(sizeof data);
    long pos = (long)random_below(5 * 4096), got;
    struct world_stat st;
    memset(data, (int)random_below(256), n);
    switch (random_below(7)) {
    case 0: say(" write %ld\n", w->write(fd, data, n)); break;
    case 1: say(" pwrite %ld\n", w->pwrite(fd, data, n, pos)); break;
    case 2:
        /* Positions in directories are the file system's own business. */
        if (w->fstat(fd, &st) == 0 && (st.mode & 0170000) == 0100000)
            say(" seek %lld\n", (long long)w->lseek(fd, pos, (int)random_below(3)));
        break;
    case 3: say(" truncate %d\n", w->ftruncate(fd, pos)); break;
    case 4: say(" close %d\n", w->close(fd)), random_fds[slot] = -1; break;
    default:
        got = random_below(2) ? w->read(fd, back, n) : w->pread(fd, back, sizeof back, pos);
        uint32_t sum = 0;
        for (long i = 0; i < got; i++)
            sum = sum * 31 + (unsigned char)back[i];
        say(" read %ld %x\n", got, sum);
    }
}

static void random_step(void)
{
    char p[512], q[512], buf[512];
    random_path(p);
    random_path(q);
    int slot = (int)random_below(6);
    static const int modes[] = {
        0,           W_CREAT,    W_CREAT | W_EXCL, W_CREAT | W_TRUNC,   W_APPEND | W_CREAT,
        W_DIRECTORY, W_NOFOLLOW, W_TRUNC,          W_CREAT | W_NOFOLLOW};
    int flags = (int)random_below(3) | modes[random_below(sizeof modes / sizeof *modes)];
    unsigned what = random_below(20);
    say("%u %s %s %x:", what, p, q, flags);
    switch (what) {
    case 0:
    case 1: say(" %d\n", w->mkdir(p, 0755)); break;
    case 2: say(" %d\n", w->rmdir(p)); break;
    case 3: say(" %d\n", w->unlink(p)); break;
    case 4: say(" %d\n", w->link(p, q)); break;
    case 5: say(" %d\n", w->symlink(p, q)); break;
    case 6:
    case 7: say(" %d\n", w->rename(p, q, 0)); break;
    case 8: say(" %d\n", w->rename(p, q, (int)random_below(4))); break;
    case 9: say(" %d\n", w->chdir(p)); break;
    case 10: say_cwd(); break;
    case 11: say_stat(p, (int)random_below(2)); break;
    case 12: say_list(p); break;
    case 13: say(" %ld\n", w->readlink(p, buf, sizeof buf)); break;
    default:
        if (random_fds[slot] >= 0) {
            random_file_step(slot);
        } else {
            random_fds[slot] = w->open(p, flags, 0644);
            say(" open %d\n", random_fds[slot] < 0 ? random_fds[slot] : 0);
        }
    }
}

static void script_random(void)
{
    random_state = random_seed;
    for (int i = 0; i < 6; i++)
        random_fds[i] = -1;
    for (int i = 0; i < 400; i++)
        random_step();
    for (int i = 0; i < 6; i++)
        if (random_fds[i] >= 0)
            w->close(random_fds[i]);
}

int main(void)
{
    struct cases c = {.text = "random scripts as on the host"};
    world_tarn_begin();
    long objects = host_port.objects, pages = host_port.pages;
    for (unsigned seed = 1; seed <= 150; seed++) {
        random_seed = seed * 0x9e3779b97f4a7c15;
        char name[32];
        snprintf(name, sizeof name, "seed %u", seed);
        cases_check(&c, same_in_both(name, script_random), "seed %u", seed);
    }
    cases_end(&c);
    is_int(host_port.objects, objects, "no object is leaked");
    is_int(host_port.pages, pages, "no page is leaked");
    world_tarn_end();
    return tap_done();
}
