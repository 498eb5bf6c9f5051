/* Tests that run inside the kernel, and ways of making it fail on purpose. */
#include "kernel/selftest.h"
#include "kernel/arch/pagetable.h"
#include "kernel/klog.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/sched.h"
#include "lib/string.h"

/* ---- these must end in a panic that says what happened */

static void test_panic(void)
{
    panic("selftest: on purpose");
}

static void test_fault(void)
{
    volatile uintptr_t where = 16;
    *(volatile int *)where = 1;
}

static void test_text(void)
{
    *(volatile int *)(uintptr_t)test_fault = 0;
}

/* The same instruction through the direct map. */
static void test_alias(void)
{
    uintptr_t offset = (uintptr_t)test_fault - (uintptr_t)pt_image_va();
    *(volatile int *)((uintptr_t)pt_image_pa() + pt_direct_offset() + offset) = 0;
}

static unsigned recurse(unsigned depth)
{
    volatile char frame[200];
    frame[0] = (char)depth;
    return depth == ~0u ? 0 : recurse(depth + 1) + (unsigned)frame[0];
}

static void test_overflow(void)
{
    klog(LOG_INFO, "%u", recurse(0));
}

static void test_deadlock(void)
{
    static struct spinlock lock = SPINLOCK_INIT;
    spin_lock(&lock);
    spin_lock(&lock);
}

static void test_sleep_locked(void)
{
    static struct spinlock lock = SPINLOCK_INIT;
    spin_lock(&lock);
    thread_sleep_until(0);
}

static void test_double_free(void)
{
    struct page *page = page_alloc();
    page_put(page);
    page_put(page);
}

/* ---- these must pass */

static void test_wx(void)
{
    expect(pt_count_writable_code(pt_kernel_root()) == 0);
}

static uint32_t random_state = 12345;

static uint32_t next_random(void)
{
    random_state = random_state * 1664525 + 1013904223;
    return random_state >> 8;
}

struct block {
    uint8_t *data;
    size_t size;
};

static void check_block(struct block *block)
{
    for (size_t i = 0; i < block->size; i += 61)
        expect(block->data[i] == (uint8_t)((uintptr_t)block->data + i));
    kfree(block->data);
    block->data = NULL;
}

static void fill_block(struct block *block)
{
    block->size = next_random() % 16 ? next_random() % 3000 + 1 : next_random() % 60000 + 1;
    block->data = kmalloc(block->size);
    if (!block->data)
        return;
    expect((uintptr_t)block->data % 16 == 0);
    for (size_t i = 0; i < block->size; i += 61)
        block->data[i] = (uint8_t)((uintptr_t)block->data + i);
}

/* Objects of all sizes in random order keep their contents; afterwards every page is back. */
static void test_kmalloc(void)
{
    enum { BLOCKS = 256 };
    static struct block blocks[BLOCKS];
    size_t before = page_free_count();
    for (int i = 0; i < 20000; i++) {
        struct block *block = &blocks[next_random() % BLOCKS];
        if (block->data)
            check_block(block);
        else
            fill_block(block);
    }
    for (int i = 0; i < BLOCKS; i++)
        if (blocks[i].data)
            check_block(&blocks[i]);
    expect(page_free_count() == before);
}

/* Memory to the last page, and all of it back and merged into big blocks again. */
static void test_exhaust(void)
{
    size_t before = page_free_count(), count = 0;
    struct list all;
    struct page *page;
    list_init(&all);
    while ((page = page_alloc()) != NULL) {
        *(uintptr_t *)page_va(page) = (uintptr_t)page;
        list_add(&all, &page->link);
        count++;
    }
    expect(count == before);
    expect(!kmalloc(5000) && !page_alloc_order(3));
    while (!list_empty(&all)) {
        page = list_first(&all, struct page, link);
        expect(*(uintptr_t *)page_va(page) == (uintptr_t)page);
        list_del(&page->link);
        page_put(page);
    }
    expect(page_free_count() == before);
    page = page_alloc_order(10);
    expect(page);
    page_put(page);
}

static struct mutex mutex;
static struct spinlock lock = SPINLOCK_INIT;
static struct waitq done_wq;
static unsigned counted, spun, finished;

static void worker(void *arg)
{
    for (int i = 0; i < 200; i++) {
        mutex_lock(&mutex);
        unsigned value = counted;
        if (i % 20 == 0)
            thread_yield();
        counted = value + 1;
        mutex_unlock(&mutex);
        spin_lock(&lock);
        spun++;
        spin_unlock(&lock);
        if (i % 50 == 0)
            thread_sleep_until(time_ns() + 1000000);
    }
    spin_lock(&lock);
    finished++;
    waitq_wake_all(&done_wq);
    spin_unlock(&lock);
}

/* Mutexes and spinlocks exclude, sleeps end, threads start and go, their memory comes back. */
static void test_threads(void)
{
    enum { WORKERS = 32 };
    size_t before = page_free_count();
    mutex_init(&mutex);
    waitq_init(&done_wq);
    for (int i = 0; i < WORKERS; i++)
        expect(thread_create("worker", worker, NULL));
    spin_lock(&lock);
    while (finished < WORKERS)
        expect(waitq_sleep_until(&done_wq, &lock, time_ns() + 60000000000ull) == 0);
    spin_unlock(&lock);
    expect(counted == WORKERS * 200 && spun == WORKERS * 200);
    for (int tries = 0; page_free_count() != before && tries < 1000; tries++)
        thread_sleep_until(time_ns() + 1000000); /* the last ones may still be on their stacks */
    expect(page_free_count() == before);
}

void selftest_run(const char *name)
{
    static const struct {
        const char *name;
        void (*function)(void);
    } tests[] = {
        {"panic", test_panic},
        {"fault", test_fault},
        {"text", test_text},
        {"alias", test_alias},
        {"overflow", test_overflow},
        {"deadlock", test_deadlock},
        {"sleep", test_sleep_locked},
        {"double-free", test_double_free},
        {"wx", test_wx},
        {"kmalloc", test_kmalloc},
        {"exhaust", test_exhaust},
        {"threads", test_threads},
        {"framebuffer", selftest_framebuffer},
        {"events", selftest_events},
        {"sound", selftest_sound},
        {"storm", selftest_storm},
        {"virtio", selftest_virtio},
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (strcmp(name, tests[i].name) != 0)
            continue;
        tests[i].function();
        klog(LOG_NOTICE, "selftest %s: passed", name);
        arch_reset(ARCH_POWER_OFF);
    }
    panic("selftest=%s: no such test", name);
}
