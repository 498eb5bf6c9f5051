/* The process table: identity, references, and looking at others. */
#include "abi/errno.h"
#include "fs/fs.h"
#include "kernel/arch/internal.h"
#include "kernel/klog.h"
#include "kernel/proc/internal.h"
#include "kernel/sched/internal.h"
#include "lib/string.h"

_Static_assert(sizeof(struct proc) <= STACK_SLOT_FP, "its part of the slot");

struct spinlock proc_lock = SPINLOCK_INIT;
struct list proc_all = LIST_INIT(proc_all);
struct proc *proc_init_process;

#define HASH_SIZE 256
static struct list buckets[HASH_SIZE];
static int last_pid;
static bool pids_wrapped;
static unsigned process_count;

static struct list *bucket_of(int pid)
{
    struct list *bucket = &buckets[pid % HASH_SIZE];
    if (!bucket->next)
        list_init(bucket);
    return bucket;
}

struct proc *proc_find(int pid)
{
    struct proc *proc;
    if (pid <= 0)
        return NULL;
    list_for_each_entry (proc, bucket_of(pid), hash_link)
        if (proc->pid == pid)
            return proc;
    return NULL;
}

struct proc *current_proc(void)
{
    struct thread *self = current();
    return self->ops ? container_of(self, struct proc, thread) : NULL;
}

/* Whether an id is still a process's, a group's or a session's. */
static bool id_in_use(int id)
{
    struct proc *proc;
    list_for_each_entry (proc, &proc_all, all_link)
        if (proc->pid == id || proc->pgrp == id || proc->session == id)
            return true;
    return false;
}

static int next_id(void)
{
    for (int tries = 0; tries < PID_MAX; tries++) {
        if (++last_pid > PID_MAX) {
            last_pid = 2;
            pids_wrapped = true;
        }
        if (!pids_wrapped || !id_in_use(last_pid))
            return last_pid;
    }
    return -1;
}

static void release_thread(struct thread *thread)
{
    proc_unref(container_of(thread, struct proc, thread));
}

struct proc *proc_alloc(const char *name)
{
    static const struct thread_ops ops = {.user_work = proc_user_work, .release = release_thread};
    struct thread *thread = thread_alloc(name);
    if (!thread)
        return NULL;
    struct proc *proc = container_of(thread, struct proc, thread);
    thread->ops = &ops;
    proc->refs = 2;
    proc->start_ns = time_ns();
    list_init(&proc->children);
    list_init(&proc->sibling);
    waitq_init(&proc->child_exit);
    return proc;
}

void proc_discard(struct proc *proc)
{
    thread_free(&proc->thread);
}

int proc_publish(struct proc *child, struct proc *parent)
{
    spin_lock(&proc_lock);
    child->pid = next_id();
    if (child->pid < 0) {
        spin_unlock(&proc_lock);
        return -EAGAIN;
    }
    child->parent = parent;
    child->pgrp = parent ? parent->pgrp : child->pid;
    child->session = parent ? parent->session : child->pid;
    if (parent)
        list_add_tail(&parent->children, &child->sibling);
    list_add_tail(bucket_of(child->pid), &child->hash_link);
    list_add_tail(&proc_all, &child->all_link);
    process_count++;
    int pid = child->pid;
    spin_unlock(&proc_lock);
    return pid;
}

void proc_unlink(struct proc *proc)
{
    list_del(&proc->sibling);
    list_del(&proc->hash_link);
    list_del(&proc->all_link);
    process_count--;
}

void proc_unref(struct proc *proc)
{
    if (__atomic_fetch_sub(&proc->refs, 1, __ATOMIC_ACQ_REL) == 1)
        thread_free(&proc->thread);
}

unsigned proc_count(void)
{
    return process_count;
}

/* ---- looking at processes */

int proc_next_pid(int pid)
{
    int best = 0;
    struct proc *proc;
    spin_lock(&proc_lock);
    list_for_each_entry (proc, &proc_all, all_link)
        if (proc->pid > pid && (best == 0 || proc->pid < best))
            best = proc->pid;
    spin_unlock(&proc_lock);
    return best;
}

static char state_letter(const struct proc *proc)
{
    if (proc->state == PROC_ZOMBIE)
        return 'Z';
    switch (proc->thread.state) {
    case THREAD_SLEEPING: return 'S';
    case THREAD_BLOCKED: return 'D';
    default: return 'R';
    }
}

uint64_t proc_cpu_ns(const struct proc *proc)
{
    return thread_cpu_ns(&proc->thread);
}

int proc_info_get(int pid, struct proc_info *info)
{
    struct mm *mm = NULL;
    spin_lock(&proc_lock);
    struct proc *proc = proc_find(pid);
    if (!proc) {
        spin_unlock(&proc_lock);
        return -ESRCH;
    }
    *info = (struct proc_info){
        .pid = proc->pid,
        .ppid = proc->parent ? proc->parent->pid : 0,
        .pgrp = proc->pgrp,
        .session = proc->session,
        .state = state_letter(proc),
        .cpu_ns = proc_cpu_ns(proc),
        .start_ns = proc->start_ns,
        .hart = proc->thread.last_hart,
        .open_files = proc->files ? files_count(proc->files) : 0,
    };
    strlcpy(info->name, proc->thread.name, sizeof info->name);
    if (proc->mm)
        mm = mm_get(proc->mm);
    spin_unlock(&proc_lock);
    if (mm) {
        info->vm_bytes = vm_size(mm);
        info->resident_pages = mm->pages;
        mm_put(mm);
    }
    return 0;
}

static long read_strings(int pid, bool environment, char *buf, size_t size)
{
    vaddr_t start = 0, end = 0;
    spin_lock(&proc_lock);
    struct proc *proc = proc_find(pid);
    struct mm *mm = proc && proc->mm ? mm_get(proc->mm) : NULL;
    if (mm) {
        start = environment ? proc->args_end : proc->args_start;
        end = environment ? proc->env_end : proc->args_end;
    }
    spin_unlock(&proc_lock);
    if (!mm)
        return proc ? 0 : -ESRCH;
    size_t n = end - start < size ? end - start : size;
    int error = n ? vm_read(mm, start, buf, n) : 0;
    mm_put(mm);
    return error ? 0 : (long)n;
}

long proc_cmdline(int pid, char *buf, size_t size)
{
    return read_strings(pid, false, buf, size);
}

long proc_environ(int pid, char *buf, size_t size)
{
    return read_strings(pid, true, buf, size);
}

void proc_start_init(void (*main)(void))
{
    struct proc *proc = proc_alloc("init");
    if (!proc || proc_publish(proc, NULL) != 1)
        panic("no memory for init");
    proc_init_process = proc;
    arch_kernel_context(&proc->thread.arch, thread_finish_switch, main);
    thread_start(&proc->thread);
}
