#pragma once
/*
 * Processes. A struct proc is a thread's control block (it starts with struct thread, at the start
 * of the stack slot) that points at counted things it may share: mm, files, fs context, process
 * group.
 *
 * Lock: proc_lock, a spinlock, guards the tree (parent, children), the table of ids, groups, states
 * and pending signals. A process's own mm, files and fs pointers are changed only by itself; others
 * look at them under proc_lock.
 */
#include <stdbool.h>
#include <stdint.h>
#include "kernel/mm/mm.h"
#include "kernel/mm/uaccess.h"
#include "kernel/sched/sched.h"
#include "lib/list.h"

struct context;
struct vfork_wait;
struct files;      /* fs/fs.h */
struct fs_context; /* fs/fs.h */

#define PID_MAX 32768

enum proc_state {
    PROC_ALIVE,
    PROC_ZOMBIE, /* waiting to be waited for; mm, files and fs are gone */
};

struct proc {
    struct thread thread; /* first */
    unsigned refs;        /* atomic: its thread, and whoever waits for it */
    int pid;
    int pgrp;    /* process group id */
    int session; /* session id */
    enum proc_state state;
    int exit_status;     /* wait status word (abi/wait.h), once a zombie */
    uint64_t pending;    /* signals, bit number - 1 */
    uint64_t ignored;    /* those set to SIG_IGN */
    int exit_signal;     /* what the parent gets when this ends, 0: nothing */
    struct proc *parent; /* NULL only for init */
    struct list children;
    struct list sibling;
    struct list hash_link;    /* table of ids */
    struct list all_link;     /* all processes, oldest first */
    struct waitq child_exit;  /* the parent waits here */
    bool has_execed;          /* since it was made: its parent may no longer move it */
    struct vfork_wait *vfork; /* the parent's, while this borrows its mm; proc_lock */
    struct mm *mm;
    struct files *files;
    struct fs_context *fs;
    uint64_t start_ns;            /* when it was made, on time_ns()'s clock */
    uint64_t children_ns;         /* CPU time of waited-for children */
    vaddr_t args_start, args_end; /* argv strings on the stack; the environment follows */
    vaddr_t env_end;
};

/* The current process; NULL in a kernel thread. */
struct proc *current_proc(void);

/*
 * Boot: hooks into arch and sched; `door` is what new programs' system calls enter by.
 */
void proc_init(void (*door)(struct context *context));

/*
 * Makes process 1, a kernel thread running main(), which ends by proc_exec_kernel(). Panics without
 * memory.
 */
void proc_start_init(void (*main)(void));

/*
 * Makes the current process, still in the kernel, the program at `path` and enters it: returns only
 * on error. argv and envp are kernel memory, null-terminated.
 */
int proc_exec_kernel(const char *path, char *const argv[], char *const envp[]);

/* ---- looking at processes (procfs, kill). Copies, so that no lock leaks out. */

struct proc_info {
    int pid, ppid, pgrp, session;
    char name[16];
    char state; /* R running, S sleeping, D sleeping hard, Z zombie */
    uint64_t cpu_ns;
    uint64_t start_ns;
    size_t vm_bytes, resident_pages;
    unsigned hart; /* where it last ran */
    unsigned open_files;
};

/* Fills *info for process `pid`: 0 or -ESRCH. Sleeps. */
int proc_info_get(int pid, struct proc_info *info);

/* The smallest process id > pid, or 0: iterates over all processes. */
int proc_next_pid(int pid);

/*
 * The first `size` bytes of argv, or of the environment, as they lie on the process's stack, NULs
 * and all. The number of bytes (0 for a zombie) or -ESRCH. Sleeps.
 */
long proc_cmdline(int pid, char *buf, size_t size);
long proc_environ(int pid, char *buf, size_t size);

uint64_t proc_cpu_ns(const struct proc *proc); /* time on harts so far */
unsigned proc_count(void);                     /* processes, zombies included */

/* ---- signals */

/*
 * kill(2): pid > 0 that process, 0 the caller's group, -1 everything but init and the caller, < -1
 * the group -pid. sig 0 only checks. 0, -ESRCH, -EINVAL.
 */
int proc_kill(int pid, int sig);

/* Every process of a group: 0 or -ESRCH. From any context (the terminal's interrupt). */
int proc_kill_pgrp(int pgrp, int sig);

/* One signal to one process, e.g. SIGPIPE to current_proc(). From any context. */
void proc_signal(struct proc *proc, int sig);

/*
 * rt_sigaction(2) as far as it goes: ignore or not. *was: what it was. -EINVAL for numbers that do
 * not exist or cannot be ignored.
 */
int proc_set_ignored(int sig, bool ignore, bool *was);
bool proc_ignores(int sig);

/* ---- life and death, behind the system calls */

/* clone(2) as fork or vfork: the child's pid or an error (kernel/proc/fork.c says which flags). */
long proc_clone(unsigned long flags, vaddr_t stack, struct uaddr parent_tid, vaddr_t tls,
                struct uaddr child_tid);

/* execve(2). Pointers are the user's; returns only on error. */
long proc_execve(struct uaddr path, struct uaddr argv, struct uaddr envp);

/* Ends the current process with a wait status word. */
void proc_exit(int status) __attribute__((noreturn));

struct wait_result {
    int pid;
    int status; /* wait status word */
    uint64_t cpu_ns;
};

enum wait_which { WAIT_ALL, WAIT_PID, WAIT_PGRP };

/*
 * Waits for a child that ended. flags: WNOHANG, WNOWAIT (abi/wait.h). Returns 1 and fills *result,
 * 0 with WNOHANG when none has ended, -ECHILD, -EINTR.
 */
int proc_wait(enum wait_which which, int id, int flags, struct wait_result *result);

int proc_setpgid(int pid, int pgrp);
int proc_getpgid(int pid);
int proc_setsid(void);
int proc_getsid(int pid);
