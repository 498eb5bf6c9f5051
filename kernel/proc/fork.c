/* clone(2) as fork and vfork. */
#include "abi/errno.h"
#include "abi/sched.h"
#include "abi/signal.h"
#include "fs/fs.h"
#include "kernel/arch/internal.h"
#include "kernel/proc/internal.h"
#include "kernel/sched/internal.h"

/* What is understood: fork's and vfork's flags, ids written out, a thread pointer for the child. */
#define CLONE_KNOWN                                                                              \
    (ABI_CSIGNAL | ABI_CLONE_VM | ABI_CLONE_VFORK | ABI_CLONE_SETTLS | ABI_CLONE_PARENT_SETTID | \
     ABI_CLONE_CHILD_SETTID)

static bool flags_fine(unsigned long flags)
{
    bool vm = flags & ABI_CLONE_VM, vfork = flags & ABI_CLONE_VFORK;
    return !(flags & ~(unsigned long)CLONE_KNOWN) && (flags & ABI_CSIGNAL) < ABI_NSIG &&
           vm == vfork; /* a shared mm without the wait would be threads */
}

/* What the child has besides its control block; undone by drop_copies(). */
static int copy_resources(struct proc *child, struct proc *parent, unsigned long flags)
{
    child->mm = flags & ABI_CLONE_VM ? mm_get(parent->mm) : mm_copy(parent->mm);
    child->files = child->mm ? files_copy(parent->files) : NULL;
    child->fs = child->files ? fs_context_copy(parent->fs) : NULL;
    return child->fs ? 0 : -ENOMEM;
}

static void drop_copies(struct proc *child)
{
    if (child->fs)
        fs_context_put(child->fs);
    if (child->files)
        files_put(child->files);
    if (child->mm)
        mm_put(child->mm);
    proc_discard(child);
}

static void inherit(struct proc *child, struct proc *parent, unsigned long flags, vaddr_t stack,
                    vaddr_t tls)
{
    child->exit_signal = (int)(flags & ABI_CSIGNAL);
    child->ignored = parent->ignored;
    child->args_start = parent->args_start;
    child->args_end = parent->args_end;
    child->env_end = parent->env_end;
    child->thread.arch.syscall = parent->thread.arch.syscall;
    child->thread.arch.space = &child->mm->space;
    arch_fork_context(&child->thread.arch, &parent->thread.arch, stack,
                      flags & ABI_CLONE_SETTLS ? &tls : NULL);
    arch_user_thread(&child->thread.arch, thread_finish_switch);
}

static void wait_for_vfork(struct vfork_wait *wait)
{
    spin_lock(&proc_lock);
    while (!wait->done)
        waitq_sleep_hard(&wait->wq, &proc_lock);
    spin_unlock(&proc_lock);
}

long proc_clone(unsigned long flags, vaddr_t stack, struct uaddr parent_tid, vaddr_t tls,
                struct uaddr child_tid)
{
    struct proc *parent = current_proc();
    struct vfork_wait wait = {.done = false};
    if (!flags_fine(flags))
        return -EINVAL;
    /* Leaves the writes that will follow on both sides something to copy to. */
    struct proc *child = page_low(0) ? NULL : proc_alloc(parent->thread.name);
    if (!child)
        return -ENOMEM;
    int pid = copy_resources(child, parent, flags);
    if (pid == 0) {
        inherit(child, parent, flags, stack, tls);
        if (flags & ABI_CLONE_VFORK) {
            waitq_init(&wait.wq);
            child->vfork = &wait;
        }
        pid = proc_publish(child, parent);
    }
    if (pid < 0) {
        drop_copies(child);
        return pid;
    }
    if (flags & ABI_CLONE_CHILD_SETTID)
        vm_write(child->mm, child_tid.va, &pid,
                 sizeof pid); /* as Linux: a bad address is its loss */
    if (flags & ABI_CLONE_PARENT_SETTID)
        copy_out(parent_tid, &pid, sizeof pid);
    thread_start(&child->thread);
    if (flags & ABI_CLONE_VFORK)
        wait_for_vfork(&wait);
    return pid;
}
