/* Processes: making, ending and waiting for them, groups and sessions. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "abi/sched.h"
#include "tarn/syscall.h"

void _exit(int status)
{
    for (;;) {
        sys_exit_group(status);
    }
}

pid_t fork(void)
{
    return (pid_t)sys_result(sys_clone(SIGCHLD, 0, NULL, 0, NULL));
}

/* POSIX lets vfork() be fork(): what the child may do is less, not more. */
pid_t vfork(void)
{
    return fork();
}

int execve(const char *path, char *const argv[], char *const envp[])
{
    return (int)sys_result(sys_execve(path, argv, envp));
}

pid_t getpid(void)
{
    return (pid_t)sys_getpid();
}

pid_t getppid(void)
{
    return (pid_t)sys_getppid();
}

pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    struct abi_siginfo raw;
    _Static_assert(sizeof(raw) == sizeof(*info), "siginfo_t is the kernel's");
    if (sys_result(sys_waitid((int)type, (int)id, &raw, options, NULL)) < 0) {
        return -1;
    }
    memcpy(info, &raw, sizeof(raw));
    return 0;
}

int sched_yield(void)
{
    return (int)sys_result(sys_sched_yield());
}

int setpgid(pid_t pid, pid_t pgid)
{
    return (int)sys_result(sys_setpgid(pid, pgid));
}

pid_t getpgid(pid_t pid)
{
    return (pid_t)sys_result(sys_getpgid(pid));
}

pid_t getpgrp(void)
{
    return getpgid(0);
}

int setpgrp(void)
{
    return setpgid(0, 0);
}

pid_t setsid(void)
{
    return (pid_t)sys_result(sys_setsid());
}
