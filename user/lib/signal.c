/* Sending signals, and sets of them. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include "tarn/syscall.h"

int kill(pid_t pid, int sig)
{
    return (int)sys_result(sys_kill(pid, sig));
}

int killpg(pid_t group, int sig)
{
    if (group < 0 || group == 1) { /* -1 would mean every process */
        errno = group < 0 ? EINVAL : ESRCH;
        return -1;
    }
    return kill(-group, sig);
}

int raise(int sig)
{
    return kill(getpid(), sig);
}

int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
    struct abi_sigaction want, was;
    if (act) {
        want = (struct abi_sigaction){(unsigned long)act->sa_handler, act->sa_flags, act->sa_mask};
    }
    long result = sys_rt_sigaction(sig, act ? &want : NULL, old ? &was : NULL, sizeof(sigset_t));
    if (result == 0 && old) {
        *old = (struct sigaction){.sa_flags = was.flags, .sa_mask = was.mask};
        old->sa_handler = (void (*)(int))was.handler;
    }
    return (int)sys_result(result);
}

/* As BSD and Linux have it: calls are restarted, the handler stays. */
_sig_func_ptr signal(int sig, _sig_func_ptr handler)
{
    struct sigaction act = {.sa_flags = SA_RESTART};
    struct sigaction old;
    act.sa_handler = handler;
    return sigaction(sig, &act, &old) < 0 ? SIG_ERR : old.sa_handler;
}

static int check(int sig)
{
    if (sig < 1 || sig >= NSIG) {
        errno = EINVAL;
        return -1;
    }
    return 0;
}

int sigemptyset(sigset_t *set)
{
    *set = 0;
    return 0;
}

int sigfillset(sigset_t *set)
{
    *set = ~(sigset_t)0;
    return 0;
}

int sigaddset(sigset_t *set, int sig)
{
    if (check(sig) < 0) {
        return -1;
    }
    *set |= (sigset_t)1 << (sig - 1);
    return 0;
}

int sigdelset(sigset_t *set, int sig)
{
    if (check(sig) < 0) {
        return -1;
    }
    *set &= ~((sigset_t)1 << (sig - 1));
    return 0;
}

int sigismember(const sigset_t *set, int sig)
{
    return check(sig) < 0 ? -1 : (int)(*set >> (sig - 1) & 1);
}
