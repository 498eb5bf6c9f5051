#pragma once
/* Between the files of kernel/proc. */
#include "kernel/proc/proc.h"

extern struct spinlock proc_lock;
extern struct list proc_all; /* by all_link; proc_lock */

/* Process 1, once it exists. */
extern struct proc *proc_init_process;

/* With proc_lock held: the process with that id (zombies too), or NULL. */
struct proc *proc_find(int pid);

/*
 * A process that nobody knows yet, without mm, files or fs; NULL without memory. It gets its id and
 * becomes visible by proc_publish() (the id, or -EAGAIN), or goes by proc_discard().
 */
struct proc *proc_alloc(const char *name);
int proc_publish(struct proc *child, struct proc *parent); /* takes proc_lock */
void proc_discard(struct proc *proc);

/* One of two references is gone: the thread left its stack, or somebody waited for it. */
void proc_unref(struct proc *proc);

/* Removes a zombie from all tables; proc_lock held. proc_unref() follows, without the lock. */
void proc_unlink(struct proc *proc);

/* The door of proc_init(). */
extern void (*proc_door)(struct context *context);

/* What ends a vfork: the parent waits here, under proc_lock. */
struct vfork_wait {
    struct waitq wq;
    bool done;
};
void proc_vfork_release(struct proc *proc); /* takes proc_lock */

/* ---- signals; proc_lock held */
void signal_locked(struct proc *proc, int sig);
bool signal_ignored(const struct proc *proc, int sig);
/* exec: handlers go, what is ignored stays so. */
void signals_exec(struct proc *proc);
void proc_user_work(struct thread *thread);

/* ---- exec.c, exec_stack.c */

/* argv and envp gathered in kernel memory: `count` strings, each with its NUL, one after the other.
 */
struct exec_strings {
    char *data;
    size_t used, room;
    unsigned argc, envc;
};

struct exec_image {
    struct mm *mm;
    vaddr_t entry;
    vaddr_t phdr; /* where the program headers are in memory, 0: nowhere */
    unsigned phnum, phent;
    vaddr_t sp;
    vaddr_t args_start, args_end, env_end;
};

/* Appends a string of the user's, or the kernel's, in front of envp or at the end. */
int strings_add(struct exec_strings *strings, const char *text, size_t length);
int strings_add_user(struct exec_strings *strings, struct uaddr text);
void strings_free(struct exec_strings *strings);

/* Lays out the first stack in image->mm: 0 or an error. */
int exec_build_stack(struct exec_image *image, const struct exec_strings *strings,
                     const char *path);
