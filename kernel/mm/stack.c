/*
 * Stack slots (arch/thread.h): a control block, a guard that is never mapped, a kernel stack, in a
 * window of small pages. A freed slot stays mapped on a short list for the next thread, which saves
 * the mapping and, on several harts, the shoot-down.
 */
#include "kernel/klog.h"
#include "kernel/mm/internal.h"
#include "kernel/sched/internal.h"
#include "lib/bitmap.h"
#include "lib/string.h"

#define MAX_SLOTS   2048
#define KEEP_SLOTS  8
#define GUARD_PAGE  1
#define SLOT_MAPPED (STACK_SLOT_PAGES - 1)

static struct spinlock lock = SPINLOCK_INIT;
static unsigned long used[BITMAP_WORDS(MAX_SLOTS)];
static unsigned slot_count, next_slot;
static vaddr_t window;
static unsigned kept[KEEP_SLOTS];
static unsigned kept_count;

static vaddr_t slot_va(unsigned slot)
{
    return window + (vaddr_t)slot * STACK_SLOT_SIZE;
}

/* Unmaps a slot and frees its pages; some may be missing. Nobody uses it. */
static void slot_unmap(unsigned slot)
{
    vaddr_t va = slot_va(slot);
    struct page *pages[STACK_SLOT_PAGES] = {NULL};
    for (unsigned i = 0; i < STACK_SLOT_PAGES; i++) {
        pte_t *pte = pt_walk(pt_kernel_root(), va + i * PAGE_SIZE, false);
        if (!pte || !*pte)
            continue;
        pages[i] = page_of_pa(pte_pa(*pte));
        *pte = 0;
    }
    pt_shootdown(~0UL, va, STACK_SLOT_SIZE);
    for (unsigned i = 0; i < STACK_SLOT_PAGES; i++)
        if (pages[i])
            page_put(pages[i]);
}

static bool slot_map(unsigned slot)
{
    for (unsigned i = 0; i < STACK_SLOT_PAGES; i++) {
        if (i == GUARD_PAGE)
            continue;
        pte_t *pte = pt_walk(pt_kernel_root(), slot_va(slot) + i * PAGE_SIZE, true);
        struct page *page = pte ? page_alloc() : NULL;
        if (!page) {
            slot_unmap(slot);
            return false;
        }
        *pte = pte_make(page_pa(page), PT_KERNEL_RW);
    }
    pt_shootdown(~0UL, slot_va(slot), STACK_SLOT_SIZE);
    return true;
}

static void slot_release(unsigned slot)
{
    spin_lock(&lock);
    bitmap_clear(used, slot);
    if (slot < next_slot)
        next_slot = slot;
    spin_unlock(&lock);
}

/* A mapped slot's number, or -1. Page tables of the window change under `lock`. */
static int slot_take(void)
{
    int slot = -1;
    spin_lock(&lock);
    if (kept_count) {
        slot = (int)kept[--kept_count];
    } else {
        unsigned found = (unsigned)bitmap_find_clear(used, slot_count, next_slot);
        if (found < slot_count && slot_map(found)) {
            bitmap_set(used, found);
            next_slot = found + 1;
            slot = (int)found;
        }
    }
    spin_unlock(&lock);
    return slot;
}

static struct thread *stack_alloc(void)
{
    int slot = alloc_must_fail() ? -1 : slot_take();
    if (slot < 0)
        return NULL;
    struct thread *thread = (struct thread *)slot_va((unsigned)slot);
    memset(thread, 0, STACK_SLOT_FP); /* whatever type the control block is of */
    thread->slot = (unsigned)slot;
    return thread;
}

static void stack_free(struct thread *thread)
{
    unsigned slot = thread->slot;
    spin_lock(&lock);
    bool keep = kept_count < KEEP_SLOTS;
    if (keep)
        kept[kept_count++] = slot;
    else
        slot_unmap(slot);
    spin_unlock(&lock);
    if (!keep)
        slot_release(slot);
}

bool stacks_reclaim(void)
{
    if (spin_held(&lock))
        return false;
    spin_lock(&lock);
    int slot = kept_count ? (int)kept[--kept_count] : -1;
    if (slot >= 0)
        slot_unmap((unsigned)slot);
    spin_unlock(&lock);
    if (slot >= 0)
        slot_release((unsigned)slot);
    return slot >= 0;
}

size_t stacks_idle_pages(void)
{
    return (size_t)__atomic_load_n(&kept_count, __ATOMIC_RELAXED) * SLOT_MAPPED;
}

void stacks_init(void)
{
    static const struct slot_ops ops = {.alloc = stack_alloc, .free = stack_free};
    size_t size;
    pt_stack_window(&window, &size);
    slot_count = (unsigned)(size / STACK_SLOT_SIZE);
    if (slot_count > MAX_SLOTS)
        slot_count = MAX_SLOTS;
    if (pt_prepare_tables(window, (size_t)slot_count * STACK_SLOT_SIZE) != 0)
        panic("memory: no room for the stack window's tables");
    sched_set_slots(&ops);
}
