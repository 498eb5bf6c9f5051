#pragma once
/*
 * The kernel's names as far as fs/ uses them, for host programs with one thread. Locks check their
 * rules instead of excluding anybody: taking one twice, or sleeping with a spinlock held, aborts.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  4096UL
#define PAGE_MASK  (PAGE_SIZE - 1)

struct spinlock {
    bool held;
};
#define SPINLOCK_INIT \
    {                 \
        false         \
    }
void spin_init(struct spinlock *lock);
void spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);

struct mutex {
    bool held;
};
void mutex_init(struct mutex *mutex);
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

/* With one thread nobody could ever wake a sleeper: the sleeps return -EINTR at once. */
struct waitq {
    unsigned wakes;
};
void waitq_init(struct waitq *wq);
int waitq_sleep(struct waitq *wq, struct spinlock *held);
int waitq_sleep_until(struct waitq *wq, struct spinlock *held, uint64_t deadline_ns);
void waitq_wake_one(struct waitq *wq);
void waitq_wake_all(struct waitq *wq);

struct page {
    uint32_t refs;
    void *va;
};
struct page *page_alloc(void);
struct page *page_alloc_zeroed(void);
void page_get(struct page *page);
void page_put(struct page *page);
void *page_va(const struct page *page);
size_t page_free_count(void);

struct vm_object;
struct vm_object_ops {
    int (*get_page)(struct vm_object *object, uint64_t index, struct page **page);
    void (*get)(struct vm_object *object);
    void (*put)(struct vm_object *object);
};
struct vm_object {
    const struct vm_object_ops *ops;
};

void *kmalloc(size_t size);
void *kzalloc(size_t size);
void kfree(void *object);

struct uaddr {
    uintptr_t va;
};
static inline struct uaddr uaddr_of(uintptr_t va)
{
    return (struct uaddr){va};
}
int copy_in(void *to, struct uaddr from, size_t n);
int copy_out(struct uaddr to, const void *from, size_t n);
int zero_out(struct uaddr to, size_t n);

void job_signal_current(int sig);
int job_current_pid(void);

enum klog_level { LOG_ERR = 3, LOG_WARNING = 4, LOG_NOTICE = 5, LOG_INFO = 6, LOG_DEBUG = 7 };
void klog(enum klog_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
