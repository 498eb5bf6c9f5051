/* See transcript.h. */
#include "tests/unit/support/transcript.h"
#include "tests/unit/tap.h"
#include <signal.h>
#include <sys/wait.h>

const struct world *w;
bool world_may_climb;

static char *transcript; /* what it said */
static size_t transcript_len, transcript_room;

void say(const char *fmt, ...)
{
    va_list ap;
    if (transcript_room - transcript_len < 65536)
        transcript = realloc(transcript, transcript_room += 1 << 20);
    va_start(ap, fmt);
    transcript_len += (size_t)vsnprintf(transcript + transcript_len, 65536, fmt, ap);
    va_end(ap);
}

void say_stat(const char *path, int follow)
{
    struct world_stat st;
    int err = w->stat(path, &st, follow);
    if (err < 0)
        say("stat %s = %d\n", path, err);
    else
        say("stat %s = %o %u %lld\n", path, st.mode, st.nlink,
            (st.mode & 0170000) == 0040000 ? 0 : (long long)st.size);
}

void say_list(const char *path)
{
    static char names[1 << 20];
    names[0] = '\0';
    int n = w->list(path, names, sizeof names);
    say("list %s = %d\n%s", path, n, names);
}

void say_cwd(void)
{
    char buf[4096];
    long n = w->getcwd(buf, sizeof buf);
    say("cwd = %ld %s\n", n, n > 0 ? buf : "");
}

/* The whole tree, names and sizes, as far down as it goes. */
void say_tree(const char *path, int depth)
{
    char *names = malloc(1 << 16), *save = NULL;
    int n = w->list(path, names, 1 << 16);
    say("tree %s %d\n%s", path, n, n > 0 ? names : "");
    for (char *line = n > 0 ? strtok_r(names, "\n", &save) : NULL; line && depth < 12;
         line = strtok_r(NULL, "\n", &save)) {
        char full[4096], *type = strrchr(line, ' ');
        *type++ = '\0';
        snprintf(full, sizeof full, "%s/%s", path, line);
        if (strcmp(line, ".") == 0 || strcmp(line, "..") == 0)
            continue;
        if (strcmp(type, "4") == 0)
            say_tree(full, depth + 1);
        else
            say_stat(full, 0);
    }
    free(names);
}

/* ---- the comparison */

static void run_script(void (*script)(void))
{
    transcript_len = 0;
    script();
    say_tree(world_may_climb ? "/" : ".", 0);
    say("%s", "");
}

/* The host's part runs in a child, whose root directory it becomes. */
static char *run_on_host(void (*script)(void))
{
    run("mkdir world");
    fflush(stdout);
    int fds[2];
    pid_t child = pipe(fds) < 0 ? -1 : fork();
    if (child == 0) {
        close(fds[0]);
        dup2(fds[1], 100);
        close(fds[1]);
        world_may_climb = world_host_enter(scratch_path("world"));
        w = &world_host;
        run_script(script);
        for (size_t at = 0; at < transcript_len;)
            at += (size_t)write(100, transcript + at, transcript_len - at);
        _exit(world_may_climb);
    }
    close(fds[1]);
    size_t n = 0, room = 1 << 20;
    char *text = malloc(room);
    for (long got; (got = read(fds[0], text + n, room - n - 1)) > 0;) {
        n += (size_t)got;
        if (room - n < 2)
            text = realloc(text, room *= 2);
    }
    text[n] = '\0';
    close(fds[0]);
    int status = 0;
    waitpid(child, &status, 0);
    world_may_climb = status != 0;
    run("rm -rf world");
    return text;
}

static char *run_on_tarn(void (*script)(void))
{
    w = &world_tarn;
    run_script(script);
    world_tarn_reset();
    return strndup(transcript, transcript_len);
}

bool same_in_both(const char *name, void (*script)(void))
{
    char *host = run_on_host(script), *tarn = run_on_tarn(script);
    bool equal = strcmp(host, tarn) == 0;
    char *a = host, *b = tarn;
    for (int shown = 0; !equal && shown < 8 && *a && *b;) {
        size_t na = strcspn(a, "\n"), nb = strcspn(b, "\n");
        if (na != nb || memcmp(a, b, na) != 0) {
            diag("%s: host: %.*s", name, (int)na, a);
            diag("%s: tarn: %.*s", name, (int)nb, b);
            shown++;
        }
        a += na + (a[na] != 0);
        b += nb + (b[nb] != 0);
    }
    free(host);
    free(tarn);
    return equal;
}
