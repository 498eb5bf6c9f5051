/* Waiting for children: wait4(2) and waitid(2). */
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

/* A child that ends with that code at once. */
static pid_t child_exit(int code)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        _exit(code);
    }
    return pid;
}

/* A child that does nothing until it is killed. */
static pid_t child_idle(void)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        for (;;) {
            sleep_ms(1000);
        }
    }
    return pid;
}

static void end_child(pid_t pid)
{
    CHECK_OK(kill(pid, SIGKILL));
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGKILL);
}

static void test_errors(void)
{
    int status;
    siginfo_t info;
    CHECK_ERR(wait(&status), ECHILD);
    CHECK_ERR(waitpid(-1, &status, WNOHANG), ECHILD);
    CHECK_ERR(waitpid(getpid(), &status, 0), ECHILD);
    CHECK_ERR(waitpid(1, &status, 0), ECHILD);
    CHECK_ERR(waitpid(-12345, &status, 0), ECHILD);
    CHECK_ERR(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
    pid_t pid = child_exit(0);
    CHECK_ERR(waitpid(pid, &status, 0x4000), EINVAL);
    CHECK_ERR(waitid(P_ALL, 0, &info, 0), EINVAL); /* waits for nothing */
    CHECK_ERR(waitid(77, 0, &info, WEXITED), EINVAL);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_ERR(waitpid(pid, &status, 0), ECHILD); /* once only */
}

static void test_nohang(void)
{
    int status = 77;
    pid_t pid = child_idle();
    CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
    CHECK_EQ(waitpid(-1, &status, WNOHANG), 0);
    CHECK_EQ(status, 77);
    end_child(pid);
}

static void test_specific(void)
{
    pid_t first = child_exit(1);
    pid_t second = child_exit(2);
    pid_t third = child_exit(3);
    CHECK_EQ(must_wait(second), 2 << 8);
    CHECK_EQ(must_wait(third), 3 << 8);
    CHECK_EQ(must_wait(first), 1 << 8);
}

static void test_any(void)
{
    int seen = 0;
    for (int i = 0; i < 5; i++) {
        child_exit(i);
    }
    for (int i = 0; i < 5; i++) {
        int status;
        CHECK(waitpid(-1, &status, 0) > 0);
        seen |= 1 << WEXITSTATUS(status);
    }
    CHECK_EQ(seen, 31);
}

static void test_null_status(void)
{
    pid_t pid = child_exit(3);
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

/* By process group: 0 is the caller's own, a negative number the one it names. */
static void test_group(void)
{
    pid_t mine = child_exit(1);
    pid_t leader = must_fork();
    if (leader == 0) {
        sleep_ms(5000);
        _exit(2);
    }
    CHECK_OK(setpgid(leader, leader));
    int status;
    CHECK_EQ(waitpid(0, &status, 0), mine);
    CHECK_ERR(waitpid(0, &status, WNOHANG), ECHILD);
    CHECK_EQ(waitpid(-leader, &status, WNOHANG), 0);
    CHECK_OK(kill(leader, SIGKILL));
    CHECK_EQ(waitpid(-leader, &status, 0), leader);
}

static void test_signalled(void)
{
    const int signals[] = {SIGTERM, SIGKILL, SIGHUP, SIGSEGV, SIGUSR1};
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        pid_t pid = child_idle();
        CHECK_OK(kill(pid, signals[i]));
        int status = must_wait(pid);
        CHECK(WIFSIGNALED(status) && !WIFEXITED(status));
        CHECK_EQ(WTERMSIG(status), signals[i]);
    }
}

static void test_waitid(void)
{
    siginfo_t info;
    pid_t pid = child_exit(42);
    memset(&info, 0xff, sizeof(info));
    CHECK_OK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT)); /* leaves it to be waited for */
    CHECK_EQ(info.si_signo, SIGCHLD);
    CHECK_EQ(info.si_code, CLD_EXITED);
    CHECK_EQ(info.si_pid, pid);
    CHECK_EQ(info.si_status, 42);
    CHECK_EQ(info.si_uid, 0);
    CHECK_OK(waitid(P_ALL, 0, &info, WEXITED));
    CHECK_EQ(info.si_pid, pid);
    CHECK_ERR(waitid(P_PID, (id_t)pid, &info, WEXITED), ECHILD);
    pid = child_idle();
    memset(&info, 0xff, sizeof(info));
    CHECK_OK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG)); /* nothing yet: zeros */
    CHECK_EQ(info.si_pid, 0);
    CHECK_EQ(info.si_signo, 0);
    CHECK_OK(kill(pid, SIGKILL));
    CHECK_OK(waitid(P_PID, (id_t)pid, &info, WEXITED));
    CHECK_EQ(info.si_code, CLD_KILLED);
    CHECK_EQ(info.si_status, SIGKILL);
}

/* A child that ends while the parent waits wakes it, and so does one that has ended before. */
static void test_wakes(void)
{
    for (int delay = 0; delay < 30; delay += 10) {
        pid_t pid = must_fork();
        if (pid == 0) {
            sleep_ms(delay);
            _exit(1);
        }
        sleep_ms(30 - delay);
        CHECK_EQ(must_wait(pid), 1 << 8);
    }
}

/* The usage wait4(2) and waitid(2) give: a child that computes has used time. */
static void test_usage(void)
{
    struct {
        long utime[2], stime[2], rest[14];
    } usage;
    pid_t pid = must_fork();
    if (pid == 0) {
        use_processor_ms(60);
        _exit(0);
    }
    memset(&usage, 0xff, sizeof(usage));
    CHECK_OK(syscall(SYS_waitid, P_PID, (long)pid, 0L, (long)WEXITED, &usage));
    CHECK(usage.utime[0] >= 0 && usage.utime[0] < 60);
    CHECK(usage.utime[1] >= 0 && usage.utime[1] < 1000000);
    CHECK(usage.stime[0] >= 0 && usage.stime[1] >= 0 && usage.stime[1] < 1000000);
    CHECK(usage.utime[0] + usage.stime[0] > 0 || usage.utime[1] + usage.stime[1] >= 20000);
}

const struct test tests_wait[] = {
    {"errors", test_errors, 0},
    {"nohang", test_nohang, 0},
    {"specific", test_specific, 0},
    {"any", test_any, 0},
    {"null_status", test_null_status, 0},
    {"group", test_group, 0},
    {"signalled", test_signalled, 0},
    {"waitid", test_waitid, 0},
    {"wakes", test_wakes, 0},
    {"usage", test_usage, 0},
    {0},
};
