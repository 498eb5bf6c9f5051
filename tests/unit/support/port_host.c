/* See port_host.h. */
#include "tests/unit/support/port_host.h"
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fs/port.h"
#include "tests/unit/support/block_host.h"

struct host_port host_port = {.free_pages = 65536, .realtime_ns = 1700000000000000000};

void port_fail_nth(unsigned long n)
{
    host_port.tries = 0;
    host_port.fail = n;
}

static bool allocation_fails(void)
{
    return ++host_port.tries == host_port.fail;
}

/* ---- memory */

void *kmalloc(size_t size)
{
    if (allocation_fails())
        return NULL;
    host_port.objects++;
    void *p = malloc(size);
    memset(p, 0xa5, size);
    return p;
}

void *kzalloc(size_t size)
{
    void *p = kmalloc(size);
    return p ? memset(p, 0, size) : NULL;
}

void kfree(void *object)
{
    host_port.objects -= object != NULL;
    free(object);
}

static const struct page_reclaim *cache;

void page_set_reclaim(const struct page_reclaim *reclaim)
{
    cache = reclaim;
}

struct page *page_alloc(void)
{
    if (allocation_fails())
        return NULL;
    if (host_port.pages >= (long)host_port.free_pages && (!cache || cache->reclaim(1) == 0))
        return NULL;
    host_port.pages++;
    struct page *page = malloc(sizeof *page);
    page->refs = 1;
    page->va = malloc(PAGE_SIZE);
    memset(page->va, 0xa5, PAGE_SIZE);
    return page;
}

struct page *page_alloc_zeroed(void)
{
    struct page *page = page_alloc();
    if (page)
        memset(page->va, 0, PAGE_SIZE);
    return page;
}

void page_get(struct page *page)
{
    page->refs++;
}

void page_put(struct page *page)
{
    assert(page->refs > 0);
    if (--page->refs > 0)
        return;
    host_port.pages--;
    free(page->va);
    free(page);
}

void *page_va(const struct page *page)
{
    return page->va;
}

size_t page_free_count(void)
{
    return host_port.free_pages - (size_t)host_port.pages + (cache ? cache->idle() : 0);
}

size_t page_unused_count(void)
{
    return host_port.free_pages - (size_t)host_port.pages;
}

size_t page_total(void)
{
    return host_port.free_pages;
}

/* ---- user memory */

/* How much of [va, va + n) can be touched. */
static size_t touchable(uintptr_t va, size_t n)
{
    assert(host_port.spins == 0);
    if (va < 4096)
        return 0;
    if (host_port.bad_n == 0 || va + n <= host_port.bad || va >= host_port.bad + host_port.bad_n)
        return n;
    return va < host_port.bad ? host_port.bad - va : 0;
}

int copy_in(void *to, struct uaddr from, size_t n)
{
    size_t good = touchable(from.va, n);
    memcpy(to, (const void *)from.va, good);
    return good == n ? 0 : -EFAULT;
}

int copy_out(struct uaddr to, const void *from, size_t n)
{
    size_t good = touchable(to.va, n);
    memcpy((void *)to.va, from, good);
    return good == n ? 0 : -EFAULT;
}

int zero_out(struct uaddr to, size_t n)
{
    size_t good = touchable(to.va, n);
    memset((void *)to.va, 0, good);
    return good == n ? 0 : -EFAULT;
}

/* ---- locks */

void spin_init(struct spinlock *lock)
{
    lock->held = false;
}

void spin_lock(struct spinlock *lock)
{
    assert(!lock->held);
    lock->held = true;
    host_port.spins++;
}

void spin_unlock(struct spinlock *lock)
{
    assert(lock->held);
    lock->held = false;
    host_port.spins--;
}

void mutex_init(struct mutex *mutex)
{
    mutex->held = false;
}

void mutex_lock(struct mutex *mutex)
{
    assert(!mutex->held && host_port.spins == 0);
    mutex->held = true;
    host_port.mutexes++;
}

void mutex_unlock(struct mutex *mutex)
{
    assert(mutex->held);
    mutex->held = false;
    host_port.mutexes--;
}

void waitq_init(struct waitq *wq)
{
    wq->wakes = 0;
}

int waitq_sleep(struct waitq *wq, struct spinlock *held)
{
    assert(held->held && host_port.spins == 1 && host_port.mutexes == 0);
    return -EINTR;
}

void waitq_sleep_hard(struct waitq *wq, struct spinlock *held)
{
    assert(held->held && host_port.spins == 1);
    spin_unlock(held);
    if (!block_host_end_one())
        abort(); /* for ever */
    spin_lock(held);
}

int waitq_sleep_killable(struct waitq *wq, struct spinlock *held)
{
    if (host_port.killed)
        return -EINTR;
    waitq_sleep_hard(wq, held);
    return 0;
}

bool thread_killed(void)
{
    return host_port.killed;
}

int waitq_sleep_until(struct waitq *wq, struct spinlock *held, uint64_t deadline_ns)
{
    return deadline_ns == UINT64_MAX ? waitq_sleep(wq, held) : -ETIMEDOUT;
}

void waitq_wake_one(struct waitq *wq)
{
    wq->wakes++;
}

void waitq_wake_all(struct waitq *wq)
{
    wq->wakes++;
}

/* ---- the rest */

uint64_t time_ns(void)
{
    return (uint64_t)host_port.realtime_ns++;
}

int64_t port_realtime_ns(void)
{
    return host_port.realtime_ns++;
}

void port_random(void *buf, size_t n)
{
    for (unsigned char *p = buf; n > 0; n--)
        *p++ = (unsigned char)random();
}

void job_signal_current(int sig)
{
    host_port.signals[sig]++;
}

int job_current_pid(void)
{
    return 42;
}

void klog(enum klog_level level, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(host_port.log, sizeof host_port.log, fmt, ap);
    va_end(ap);
    if (!host_port.quiet)
        printf("# log %d: %s\n", level, host_port.log);
}
