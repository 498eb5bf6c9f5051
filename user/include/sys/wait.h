#pragma once
/* Waiting for children (POSIX <sys/wait.h>). */
#include <signal.h>
#include <sys/types.h>
#include "abi/wait.h"

#ifdef __cplusplus
extern "C" {
#endif

#define WIFEXITED(status)    (((status)&0x7f) == 0)
#define WEXITSTATUS(status)  (((status) >> 8) & 0xff)
#define WIFSIGNALED(status)  (((status)&0x7f) != 0 && ((status)&0x7f) != 0x7f)
#define WTERMSIG(status)     ((status)&0x7f)
#define WCOREDUMP(status)    ((status)&0x80)
#define WIFSTOPPED(status)   (((status)&0xff) == 0x7f)
#define WSTOPSIG(status)     WEXITSTATUS(status)
#define WIFCONTINUED(status) ((status) == 0xffff)

typedef enum { P_ALL = ABI_P_ALL, P_PID = ABI_P_PID, P_PGID = ABI_P_PGID } idtype_t;

pid_t wait(int *status);
pid_t waitpid(pid_t pid, int *status, int options);
int waitid(idtype_t type, id_t id, siginfo_t *info, int options);

#ifdef __cplusplus
}
#endif
