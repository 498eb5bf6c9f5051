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

/*
 * With one thread nobody could ever wake a sleeper: the sleeps return -EINTR at once, but for the
 * hard one and the killable one, during which requests to block devices end.
 */
struct waitq {
    unsigned wakes;
};
void waitq_init(struct waitq *wq);
int waitq_sleep(struct waitq *wq, struct spinlock *held);
void waitq_sleep_hard(struct waitq *wq, struct spinlock *held);
int waitq_sleep_killable(struct waitq *wq, struct spinlock *held);
bool thread_killed(void);
int waitq_sleep_until(struct waitq *wq, struct spinlock *held, uint64_t deadline_ns);
void waitq_wake_one(struct waitq *wq);
void waitq_wake_all(struct waitq *wq);

struct page {
    uint32_t refs;
    uint16_t spare;
    void *va;
};
struct page *page_alloc(void);
struct page *page_alloc_zeroed(void);
void page_get(struct page *page);
void page_put(struct page *page);
void *page_va(const struct page *page);
size_t page_free_count(void);
size_t page_unused_count(void);
size_t page_total(void);
static inline uint32_t page_refs(const struct page *page)
{
    return page->refs;
}

struct page_reclaim {
    size_t (*idle)(void);
    size_t (*reclaim)(size_t want);
};
void page_set_reclaim(const struct page_reclaim *reclaim);

#define BLOCK_SECTOR   512u
#define BLOCK_SEGS_MAX 64u

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH, BLOCK_DISCARD };

struct block_seg {
    void *va;
    uint32_t len;
};

struct block_request {
    enum block_op op;
    uint64_t sector;
    uint64_t count;
    const struct block_seg *segs;
    unsigned seg_count;
    void (*done)(struct block_request *request, int error);
    struct block_request *next;
};

struct block_device {
    const char *name;
    uint32_t major, minor;
    uint32_t block_size, physical_size;
    unsigned max_segs;
    uint32_t max_discard;
    bool read_only;
    void *priv;
    void (*resized)(struct block_device *dev, uint64_t before);
    void *user;
};
uint64_t block_sectors(struct block_device *dev);
void block_submit(struct block_device *dev, struct block_request *request);

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

uint64_t time_ns(void);

void job_signal_current(int sig);
int job_current_pid(void);

enum klog_level { LOG_ERR = 3, LOG_WARNING = 4, LOG_NOTICE = 5, LOG_INFO = 6, LOG_DEBUG = 7 };
void klog(enum klog_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
