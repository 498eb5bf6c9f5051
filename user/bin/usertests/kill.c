/* Signals as far as they end processes or are ignored. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

static void test_errors(void)
{
    CHECK_OK(kill(getpid(), 0)); /* only asks */
    CHECK_OK(kill(0, 0));
    CHECK_ERR(kill(getpid(), -1), EINVAL);
    CHECK_ERR(kill(getpid(), 65), EINVAL);
    CHECK_ERR(kill(99999, 0), ESRCH);
    CHECK_ERR(kill(99999, SIGTERM), ESRCH);
    CHECK_ERR(kill(-99999, SIGTERM), ESRCH);
    pid_t pid = must_fork();
    if (pid == 0) {
        _exit(0);
    }
    sleep_ms(20);
    CHECK_OK(kill(pid, 0)); /* not waited for: still there */
    must_succeed(pid);
    CHECK_ERR(kill(pid, 0), ESRCH);
}

static void kill_self(void *sig)
{
    kill(getpid(), (int)(intptr_t)sig);
    _exit(99);
}

/* What each signal does when nobody asked for anything else. */
static void test_defaults(void)
{
    const int fatal[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGILL,    SIGTRAP, SIGABRT, SIGBUS,
                         SIGFPE,  SIGKILL, SIGUSR1, SIGSEGV,   SIGUSR2, SIGPIPE, SIGALRM,
                         SIGTERM, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO,   SIGSYS};
    const int harmless[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++) {
        int status = status_of(kill_self, (void *)(intptr_t)fatal[i]);
        CHECK(WIFSIGNALED(status));
        CHECK_EQ(WTERMSIG(status), fatal[i]);
    }
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        CHECK_EQ(status_of(kill_self, (void *)(intptr_t)harmless[i]), 99 << 8);
    }
}

static void spin_forever(void *arg)
{
    (void)arg;
    for (volatile unsigned n = 0;; n++) {
    }
}

/* A process that never makes a system call can be killed. */
static void test_spinning(void)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        spin_forever(NULL);
    }
    sleep_ms(20);
    CHECK_OK(kill(pid, SIGTERM));
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGTERM);
}

/* And one that sleeps, at once and not when it would have woken. */
static void test_sleeping(void)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        sleep_ms(100000);
        _exit(0);
    }
    sleep_ms(20);
    int64_t start = now_ms();
    CHECK_OK(kill(pid, SIGTERM));
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGTERM);
    CHECK(now_ms() - start < 20000);
}

/* And one that waits for its own child. */
static void test_waiting(void)
{
    int fds[2];
    CHECK_OK(pipe(fds));
    pid_t pid = must_fork();
    if (pid == 0) {
        pid_t inner = must_fork();
        if (inner == 0) {
            spin_forever(NULL);
        }
        must_write(fds[1], &inner, sizeof(inner));
        must_wait(inner);
        _exit(0);
    }
    pid_t inner;
    CHECK_EQ(read_full(fds[0], &inner, sizeof(inner)), sizeof(inner));
    CHECK_OK(kill(pid, SIGTERM));
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGTERM);
    CHECK_OK(kill(inner, SIGKILL)); /* init's now, and running on */
}

/* A signal for a group reaches all of it and nobody else. */
static void test_group(void)
{
    enum { COUNT = 4 };
    pid_t pids[COUNT];
    for (int i = 0; i < COUNT; i++) {
        pids[i] = must_fork();
        if (pids[i] == 0) {
            sleep_ms(100000);
            _exit(0);
        }
        CHECK_OK(setpgid(pids[i], i < COUNT - 1 ? pids[0] : 0));
    }
    CHECK_OK(kill(-pids[0], SIGTERM));
    for (int i = 0; i < COUNT - 1; i++) {
        CHECK_EQ(WTERMSIG(must_wait(pids[i])), SIGTERM);
    }
    CHECK_EQ(waitpid(pids[COUNT - 1], NULL, WNOHANG), 0);
    CHECK_OK(killpg(pids[COUNT - 1], SIGKILL));
    must_wait(pids[COUNT - 1]);
    CHECK_ERR(kill(-pids[0], 0), ESRCH);
}

/* kill(0): the caller's own group, the caller included. */
static void test_own_group(void)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        CHECK_OK(setpgid(0, 0));
        pid_t inner = must_fork();
        if (inner == 0) {
            sleep_ms(100000);
            _exit(0);
        }
        kill(0, SIGUSR1);
        sleep_ms(100000);
        _exit(0);
    }
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGUSR1);
}

static void test_ignored(void)
{
    CHECK(signal(SIGTERM, SIG_IGN) == SIG_DFL);
    CHECK(signal(SIGTERM, SIG_IGN) == SIG_IGN);
    CHECK_OK(kill(getpid(), SIGTERM));
    pid_t pid = must_fork(); /* a child ignores what its parent does */
    if (pid == 0) {
        CHECK_OK(kill(getpid(), SIGTERM));
        CHECK(signal(SIGTERM, SIG_DFL) == SIG_IGN);
        kill(getpid(), SIGTERM);
        _exit(0);
    }
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGTERM);
    CHECK_OK(kill(getpid(), SIGTERM));
}

static void test_disposition_errors(void)
{
    struct sigaction act, old;
    memset(&act, 0, sizeof(act));
    act.sa_handler = SIG_IGN;
    CHECK_ERR(sigaction(SIGKILL, &act, NULL), EINVAL);
    CHECK_ERR(sigaction(SIGSTOP, &act, NULL), EINVAL);
    CHECK_ERR(sigaction(0, &act, NULL), EINVAL);
    CHECK_ERR(sigaction(65, &act, NULL), EINVAL);
    CHECK_OK(sigaction(SIGKILL, NULL, &old));
    CHECK(old.sa_handler == SIG_DFL);
    CHECK_OK(sigaction(SIGINT, &act, &old));
    CHECK(old.sa_handler == SIG_DFL);
    CHECK_OK(sigaction(SIGINT, NULL, &old));
    CHECK(old.sa_handler == SIG_IGN);
}

static void test_abort(void)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        abort();
    }
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGABRT);
}

/* Process 1 does not die of a signal it has not asked for. */
static void test_init_is_immune(void)
{
    CHECK_OK(kill(1, SIGTERM));
    CHECK_OK(kill(1, SIGKILL));
    sleep_ms(50);
    CHECK_OK(kill(1, 0));
}

const struct test tests_kill[] = {
    {"errors", test_errors, 0},
    {"defaults", test_defaults, 0},
    {"spinning", test_spinning, 0},
    {"sleeping", test_sleeping, 0},
    {"waiting", test_waiting, 0},
    {"group", test_group, 0},
    {"own_group", test_own_group, 0},
    {"ignored", test_ignored, 0},
    {"disposition_errors", test_disposition_errors, 0},
    {"abort", test_abort, 0},
    {"init_is_immune", test_init_is_immune, TEST_TARN},
    {0},
};
