/* Ending, waiting, groups and sessions. */
#include "abi/errno.h"
#include "abi/signal.h"
#include "abi/wait.h"
#include "fs/fs.h"
#include "kernel/dev/dev.h"
#include "kernel/klog.h"
#include "kernel/proc/internal.h"
#include "kernel/sched/internal.h"

void proc_vfork_release(struct proc *proc)
{
    spin_lock(&proc_lock);
    if (proc->vfork) {
        proc->vfork->done = true;
        waitq_wake_all(&proc->vfork->wq);
        proc->vfork = NULL;
    }
    spin_unlock(&proc_lock);
}

/* Takes what others may be looking at out of their sight, then lets go of it. */
static void drop_resources(struct proc *self)
{
    spin_lock(&proc_lock);
    struct files *files = self->files;
    struct fs_context *fs = self->fs;
    struct mm *mm = self->mm;
    self->files = NULL;
    self->fs = NULL;
    self->mm = NULL;
    spin_unlock(&proc_lock);
    if (files)
        files_put(files);
    if (fs)
        fs_context_put(fs);
    mm_switch(NULL);
    proc_vfork_release(self);
    if (mm)
        mm_put(mm);
}

/* proc_lock held. Children go to init; if it is waiting it may have a zombie now. */
static void reparent_children(struct proc *self)
{
    struct proc *child, *next;
    bool zombie = false;
    list_for_each_entry_safe (child, next, &self->children, sibling) {
        list_del(&child->sibling);
        child->parent = proc_init_process;
        child->exit_signal = SIGCHLD;
        list_add_tail(&proc_init_process->children, &child->sibling);
        zombie |= child->state == PROC_ZOMBIE;
    }
    if (zombie)
        waitq_wake_all(&proc_init_process->child_exit);
}

void proc_exit(int status)
{
    struct proc *self = current_proc();
    if (self == proc_init_process)
        panic("init ended, wait status %#x", (unsigned)status);
    if (ABI_W_SIGNALED(status) != 0)
        thread_interrupt(&self->thread); /* closing its files waits for nothing, no sound's end */
    drop_resources(self);
    spin_lock(&proc_lock);
    reparent_children(self);
    self->state = PROC_ZOMBIE;
    self->exit_status = status;
    struct proc *parent = self->parent;
    bool nobody_waits = parent->ignored & (uint64_t)1 << (SIGCHLD - 1);
    if (nobody_waits) {
        parent->children_ns += proc_cpu_ns(self) + self->children_ns;
        proc_unlink(self);
    } else if (self->exit_signal) {
        signal_locked(parent, self->exit_signal);
    }
    waitq_wake_all(&parent->child_exit);
    spin_unlock(&proc_lock);
    if (self->pid == self->session)
        console_session_end(self->session);
    if (nobody_waits)
        proc_unref(self); /* the other reference is this thread's own */
    thread_exit();
}

/* ---- waiting */

static bool wait_matches(const struct proc *child, enum wait_which which, int id)
{
    switch (which) {
    case WAIT_PID: return child->pid == id;
    case WAIT_PGRP: return child->pgrp == id;
    default: return true;
    }
}

/* The first zombie that matches, or NULL; *any: whether there is any child to wait for. */
static struct proc *find_zombie(struct proc *self, enum wait_which which, int id, bool *any)
{
    struct proc *child;
    *any = false;
    list_for_each_entry (child, &self->children, sibling) {
        if (!wait_matches(child, which, id))
            continue;
        *any = true;
        if (child->state == PROC_ZOMBIE)
            return child;
    }
    return NULL;
}

int proc_wait(enum wait_which which, int id, int flags, struct wait_result *result)
{
    struct proc *self = current_proc(), *child;
    bool any;
    if (which == WAIT_PGRP && id == 0)
        id = self->pgrp;
    spin_lock(&proc_lock);
    while (!(child = find_zombie(self, which, id, &any))) {
        int error = !any ? -ECHILD : 0;
        if (!error && !(flags & WNOHANG))
            error = waitq_sleep(&self->child_exit, &proc_lock);
        if (error || flags & WNOHANG) {
            spin_unlock(&proc_lock);
            return error;
        }
    }
    *result = (struct wait_result){child->pid, child->exit_status,
                                   proc_cpu_ns(child) + child->children_ns};
    bool reap = !(flags & WNOWAIT);
    if (reap) {
        self->children_ns += result->cpu_ns;
        proc_unlink(child);
    }
    spin_unlock(&proc_lock);
    if (reap)
        proc_unref(child);
    return 1;
}

/* ---- groups and sessions (POSIX setpgid, setsid) */

static bool group_exists(int pgrp, int session)
{
    struct proc *proc;
    list_for_each_entry (proc, &proc_all, all_link)
        if (proc->pgrp == pgrp && proc->session == session)
            return true;
    return false;
}

static int setpgid_locked(struct proc *self, int pid, int pgrp)
{
    struct proc *proc = pid ? proc_find(pid) : self;
    if (!proc || (proc != self && proc->parent != self))
        return -ESRCH;
    if (pgrp == 0)
        pgrp = proc->pid;
    if (proc->session != self->session || proc->pid == proc->session)
        return -EPERM;
    if (pgrp != proc->pid && !group_exists(pgrp, self->session))
        return -EPERM;
    if (proc != self && proc->has_execed)
        return -EACCES;
    proc->pgrp = pgrp;
    return 0;
}

int proc_setpgid(int pid, int pgrp)
{
    if (pid < 0 || pgrp < 0)
        return -EINVAL;
    spin_lock(&proc_lock);
    int error = setpgid_locked(current_proc(), pid, pgrp);
    spin_unlock(&proc_lock);
    return error;
}

static int get_id(int pid, bool session)
{
    spin_lock(&proc_lock);
    struct proc *proc = pid == 0 ? current_proc() : proc_find(pid);
    int id = !proc ? -ESRCH : session ? proc->session : proc->pgrp;
    spin_unlock(&proc_lock);
    return id;
}

int proc_getpgid(int pid)
{
    return get_id(pid, false);
}

int proc_getsid(int pid)
{
    return get_id(pid, true);
}

int proc_setsid(void)
{
    struct proc *self = current_proc(), *proc;
    bool leader = false;
    spin_lock(&proc_lock);
    list_for_each_entry (proc, &proc_all, all_link)
        leader |= proc->pgrp == self->pid;
    if (!leader)
        self->pgrp = self->session = self->pid;
    spin_unlock(&proc_lock);
    return leader ? -EPERM : self->pid;
}
