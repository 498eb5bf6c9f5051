#pragma once
/*
 * User address spaces. A struct mm is a counted set of regions plus the page table that caches
 * them; processes share one by reference (vfork) or copy it (fork, copy-on-write). Included by
 * mm.h.
 *
 * Lock: mm->lock, a mutex held while regions or page-table entries change; taken by every function
 * here that says "sleeps", and by page faults. Nothing of fs is called under it but vm_object_ops.
 */
#include "kernel/sched/sched.h"

#define VM_READ  1u
#define VM_WRITE 2u
#define VM_EXEC  4u

struct vm_region {
    struct list link; /* in mm->regions, by address; they never overlap */
    vaddr_t start, end;
    unsigned prot;            /* VM_READ | VM_WRITE | VM_EXEC */
    struct vm_object *object; /* NULL: zero-filled */
    uint64_t offset;          /* of `start` in the object; page aligned */
    size_t object_bytes;      /* from `start` on; what lies beyond is zero-filled */
};

struct mm {
    unsigned refs; /* atomic */
    struct mutex lock;
    struct list regions;
    paddr_t root;               /* of the page table */
    struct arch_space space;    /* what harts know of it */
    size_t pages;               /* mapped user pages (resident) */
    size_t tables;              /* pages of page tables */
    vaddr_t brk_start, brk_end; /* heap, set by exec */
    vaddr_t stack_top;
};

#define VM_STACK_MAX (8UL << 20) /* the stack grows by demand up to this */

/* The current thread's; NULL for a kernel thread. */
struct mm *mm_current(void);

/* Where user addresses end: all user mappings are below. */
vaddr_t vm_user_end(void);

struct mm *mm_create(void); /* empty, one reference; NULL without memory */
struct mm *mm_get(struct mm *mm);
void mm_put(struct mm *mm); /* the last one unmaps and frees everything; sleeps */

/* The copy fork needs: same regions, pages shared copy-on-write. NULL without memory. Sleeps. */
struct mm *mm_copy(struct mm *mm);

/* Makes `mm` (NULL: none, the kernel's own) the current thread's address space. Takes no reference.
 */
void mm_switch(struct mm *mm);

/*
 * Adds a region [start, end), page aligned, below vm_user_end(). object may be NULL; otherwise the
 * region takes its own reference. 0, -EINVAL, -EEXIST on overlap, -ENOMEM. Sleeps.
 */
int vm_map(struct mm *mm, vaddr_t start, vaddr_t end, unsigned prot, struct vm_object *object,
           uint64_t offset, size_t object_bytes);

/* Removes whatever is mapped in [start, end), splitting regions: 0, -EINVAL, -ENOMEM. Sleeps. */
int vm_unmap(struct mm *mm, vaddr_t start, vaddr_t end);

/* Moves the end of the heap as brk(2): returns the new (or unchanged) end. Sleeps. */
vaddr_t vm_brk(struct mm *mm, vaddr_t end);

/*
 * Makes `va` accessible for `access` (one of VM_READ, VM_WRITE, VM_EXEC) if the regions allow it:
 * the one handler behind all faults, the user's and the kernel's on the user's behalf. 0; -EFAULT:
 * nothing there, or not for this access (SIGSEGV); -ENXIO: beyond the end of a file, -EIO: it could
 * not be read (SIGBUS); -ENOMEM. Sleeps.
 */
int vm_fault(struct mm *mm, vaddr_t va, unsigned access);

/*
 * Copies into an address space that is not the current one (exec builds stacks so): faults pages in
 * as a write would. 0, -EFAULT, -ENOMEM... Sleeps.
 */
int vm_write(struct mm *mm, vaddr_t va, const void *data, size_t size);

/* Reads likewise (for /proc/PID/cmdline). 0 or an error. Sleeps. */
int vm_read(struct mm *mm, vaddr_t va, void *data, size_t size);

/* Bytes of address space in regions (for /proc/PID/status). Sleeps. */
size_t vm_size(struct mm *mm);
