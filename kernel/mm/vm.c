/* Address spaces: regions, their life, and the heap. Faults are in fault.c. */
#include "abi/errno.h"
#include "kernel/arch/hooks.h"
#include "kernel/klog.h"
#include "kernel/mm/internal.h"
#include "kernel/mm/vm_internal.h"

_Static_assert(VM_READ == ARCH_READ && VM_WRITE == ARCH_WRITE && VM_EXEC == ARCH_EXEC, "access");

/* ---- page tables' pages */

static paddr_t table_alloc(void)
{
    struct page *page = page_alloc_zeroed();
    return page ? page_pa(page) : 0;
}

static void table_free(paddr_t pa)
{
    page_put(page_of_pa(pa));
}

static int page_fault(vaddr_t va, unsigned access)
{
    struct mm *mm = mm_current();
    sched_own_stats()->faults++;
    return mm ? vm_fault(mm, va, access) : -EFAULT;
}

void vm_init(void)
{
    arch_hooks.table_alloc = table_alloc;
    arch_hooks.table_free = table_free;
    arch_hooks.page_fault = page_fault;
}

vaddr_t vm_user_end(void)
{
    return pt_user_end();
}

/* ---- life of a struct mm */

struct mm *mm_create(void)
{
    struct mm *mm = kzalloc(sizeof *mm);
    if (!mm)
        return NULL;
    mm->root = pt_create();
    if (!mm->root) {
        kfree(mm);
        return NULL;
    }
    mm->refs = 1;
    mm->space.satp = pt_satp(mm->root);
    mutex_init(&mm->lock);
    list_init(&mm->regions);
    return mm;
}

struct mm *mm_get(struct mm *mm)
{
    __atomic_fetch_add(&mm->refs, 1, __ATOMIC_RELAXED);
    return mm;
}

struct mm *mm_current(void)
{
    struct arch_space *space = current()->arch.space;
    return space == &kernel_space ? NULL : container_of(space, struct mm, space);
}

void mm_switch(struct mm *mm)
{
    struct thread *self = current();
    struct arch_space *space = mm ? &mm->space : &kernel_space;
    bool were_on = arch_irq_save();
    pt_switch(self->arch.space, space);
    self->arch.space = space;
    arch_irq_restore(were_on);
}

static void region_free(struct vm_region *region)
{
    if (region->object)
        region->object->ops->put(region->object);
    kfree(region);
}

void mm_put(struct mm *mm)
{
    if (__atomic_fetch_sub(&mm->refs, 1, __ATOMIC_ACQ_REL) > 1)
        return;
    KASSERT(mm->space.harts == 0);
    while (!list_empty(&mm->regions)) {
        struct vm_region *region = list_first(&mm->regions, struct vm_region, link);
        vm_drop_pages(mm, region->start, region->end);
        list_del(&region->link);
        region_free(region);
    }
    KASSERT(mm->pages == 0);
    pt_destroy(mm->root);
    kfree(mm);
}

/* ---- regions */

struct vm_region *vm_find(struct mm *mm, vaddr_t va)
{
    struct vm_region *region;
    list_for_each_entry (region, &mm->regions, link)
        if (va < region->end)
            return va >= region->start ? region : NULL;
    return NULL;
}

/* The first region that ends after va, or NULL. */
static struct vm_region *region_after(struct mm *mm, vaddr_t va)
{
    struct vm_region *region;
    list_for_each_entry (region, &mm->regions, link)
        if (va < region->end)
            return region;
    return NULL;
}

static struct vm_region *region_copy(const struct vm_region *from)
{
    struct vm_region *region = kmalloc(sizeof *region);
    if (!region)
        return NULL;
    *region = *from;
    list_init(&region->link);
    if (region->object)
        region->object->ops->get(region->object);
    return region;
}

/* Links a region in front of `next` (NULL: last). */
static void region_link(struct mm *mm, struct vm_region *region, struct vm_region *next)
{
    struct list *at = next ? &next->link : &mm->regions;
    list_insert(&region->link, at->prev, at);
}

static bool bad_range(vaddr_t start, vaddr_t end)
{
    return (start | end) & PAGE_MASK || start >= end || end > pt_user_end();
}

static int map_locked(struct mm *mm, const struct vm_region *want)
{
    struct vm_region *next = region_after(mm, want->start);
    if (next && next->start < want->end)
        return -EEXIST;
    struct vm_region *region = region_copy(want);
    if (!region)
        return -ENOMEM;
    region_link(mm, region, next);
    return 0;
}

int vm_map(struct mm *mm, vaddr_t start, vaddr_t end, unsigned prot, struct vm_object *object,
           uint64_t offset, size_t object_bytes)
{
    struct vm_region want = {
        .start = start,
        .end = end,
        .prot = prot,
        .object = object,
        .offset = offset,
        .object_bytes = object ? object_bytes : 0,
    };
    if (bad_range(start, end) || offset & PAGE_MASK)
        return -EINVAL;
    mutex_lock(&mm->lock);
    int error = map_locked(mm, &want);
    mutex_unlock(&mm->lock);
    return error;
}

/* Takes the first `bytes` off a region. */
static void region_trim_front(struct vm_region *region, size_t bytes)
{
    region->start += bytes;
    region->offset += bytes;
    region->object_bytes -= bytes < region->object_bytes ? bytes : region->object_bytes;
}

static void region_trim_back(struct vm_region *region, vaddr_t end)
{
    region->end = end;
    if (region->object_bytes > end - region->start)
        region->object_bytes = end - region->start;
}

/* Makes `at` (page aligned) a border between regions: 0 or -ENOMEM. */
static int split_at(struct mm *mm, vaddr_t at)
{
    struct vm_region *region = vm_find(mm, at);
    if (!region || region->start == at)
        return 0;
    struct vm_region *head = region_copy(region);
    if (!head)
        return -ENOMEM;
    region_trim_back(head, at);
    region_trim_front(region, at - region->start);
    region_link(mm, head, region);
    return 0;
}

static int unmap_locked(struct mm *mm, vaddr_t start, vaddr_t end)
{
    if (split_at(mm, start) != 0 || split_at(mm, end) != 0)
        return -ENOMEM;
    struct vm_region *region;
    while ((region = region_after(mm, start)) != NULL && region->start < end) {
        vm_drop_pages(mm, region->start, region->end);
        list_del(&region->link);
        region_free(region);
    }
    return 0;
}

int vm_unmap(struct mm *mm, vaddr_t start, vaddr_t end)
{
    if (bad_range(start, end))
        return -EINVAL;
    mutex_lock(&mm->lock);
    int error = unmap_locked(mm, start, end);
    mutex_unlock(&mm->lock);
    return error;
}

/* ---- heap */

/* Moves the mapped end of the heap between two page-aligned addresses. */
static int heap_resize(struct mm *mm, vaddr_t from, vaddr_t to)
{
    if (to < from)
        return unmap_locked(mm, to, from);
    if (page_low((to - from) >> PAGE_SHIFT))
        return -ENOMEM; /* could not all be used */
    struct vm_region *next = region_after(mm, from);
    if (next && next->start < to + VM_GUARD)
        return -ENOMEM;
    struct vm_region *heap = from > mm->brk_start ? vm_find(mm, from - 1) : NULL;
    if (heap && !heap->object && heap->end == from && heap->prot == (VM_READ | VM_WRITE)) {
        heap->end = to;
        return 0;
    }
    struct vm_region want = {.start = from, .end = to, .prot = VM_READ | VM_WRITE};
    return map_locked(mm, &want);
}

vaddr_t vm_brk(struct mm *mm, vaddr_t end)
{
    mutex_lock(&mm->lock);
    if (end >= mm->brk_start && end < pt_user_end() - PAGE_SIZE) {
        vaddr_t from = (mm->brk_end + PAGE_MASK) & ~PAGE_MASK;
        vaddr_t to = (end + PAGE_MASK) & ~PAGE_MASK;
        if (from == to || heap_resize(mm, from, to) == 0)
            mm->brk_end = end;
    }
    vaddr_t result = mm->brk_end;
    mutex_unlock(&mm->lock);
    return result;
}

size_t vm_size(struct mm *mm)
{
    size_t bytes = 0;
    struct vm_region *region;
    mutex_lock(&mm->lock);
    list_for_each_entry (region, &mm->regions, link)
        bytes += region->end - region->start;
    mutex_unlock(&mm->lock);
    return bytes;
}

/* ---- fork */

static int copy_regions(struct mm *to, struct mm *from)
{
    struct vm_region *region;
    list_for_each_entry (region, &from->regions, link) {
        struct vm_region *copy = region_copy(region);
        if (!copy)
            return -ENOMEM;
        region_link(to, copy, NULL);
        /* What cannot have been written can be had again from the object. */
        if (region->object && !(region->prot & VM_WRITE))
            continue;
        int error = vm_share_pages(to, from, region->start, region->end);
        if (error)
            return error;
    }
    return 0;
}

struct mm *mm_copy(struct mm *mm)
{
    struct mm *copy = mm_create();
    if (!copy)
        return NULL;
    mutex_lock(&mm->lock);
    copy->brk_start = mm->brk_start;
    copy->brk_end = mm->brk_end;
    copy->stack_top = mm->stack_top;
    int error = copy_regions(copy, mm);
    pt_shootdown(mm->space.harts, 0, ~0UL); /* the parent's pages became read-only */
    mutex_unlock(&mm->lock);
    if (error) {
        mm_put(copy);
        return NULL;
    }
    return copy;
}
