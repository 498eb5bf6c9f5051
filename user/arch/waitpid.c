/* waitpid(): wait4(2) on rv64; rv32 Linux has only waitid(2), which says the same in other words.
 */
#include <errno.h>
#include <sys/wait.h>
#include "tarn/syscall.h"

#if __riscv_xlen == 64

pid_t waitpid(pid_t pid, int *status, int options)
{
    return (pid_t)sys_result(sys_wait4(pid, status, options, NULL));
}

#else

static int status_word(const struct abi_siginfo *info)
{
    int value = info->u.child.status;
    switch (info->si_code) {
    case ABI_CLD_EXITED: return ABI_W_EXITCODE(value);
    case ABI_CLD_DUMPED: return ABI_W_SIGNALED(value) | 0x80;
    case ABI_CLD_STOPPED: return ABI_W_STOPPED(value);
    case ABI_CLD_CONTINUED: return ABI_W_CONTINUED;
    default: return ABI_W_SIGNALED(value);
    }
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    int type = pid < -1 || pid == 0 ? ABI_P_PGID : pid == -1 ? ABI_P_ALL : ABI_P_PID;
    int id = pid < -1 ? -pid : pid == -1 ? 0 : pid; /* P_PGID 0 is the caller's own group */
    if (options & ~(WNOHANG | WUNTRACED | WCONTINUED)) {
        errno = EINVAL;
        return -1;
    }
    struct abi_siginfo info = {0};
    if (sys_result(sys_waitid(type, id, &info, options | WEXITED, NULL)) < 0) {
        return -1;
    }
    if (info.u.child.pid == 0) {
        return 0; /* WNOHANG, and nothing has happened */
    }
    if (status) {
        *status = status_word(&info);
    }
    return info.u.child.pid;
}

#endif
