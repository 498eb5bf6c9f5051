/*
 * Page faults and everything that changes user page-table entries. An entry owns one reference to
 * its page. Accessed and dirty are set here, so harts that do it themselves and harts that fault
 * (Svade) both work.
 */
#include "abi/errno.h"
#include "kernel/klog.h"
#include "kernel/mm/internal.h"
#include "kernel/mm/vm_internal.h"
#include "lib/string.h"

static pte_t leaf_bits(const struct vm_region *region)
{
    pte_t bits = PTE_V | PTE_U | PTE_A;
    if (region->prot & (VM_READ | VM_WRITE))
        bits |= PTE_R;
    if (region->prot & VM_EXEC)
        bits |= PTE_X;
    if (region->prot & VM_WRITE)
        bits |= PTE_W | PTE_D;
    return bits;
}

/* ---- dropping and sharing */

#define DROP_BATCH 32

void vm_drop_pages(struct mm *mm, vaddr_t start, vaddr_t end)
{
    vaddr_t va = start;
    for (;;) {
        struct page *batch[DROP_BATCH];
        unsigned count = 0;
        pte_t *pte;
        vaddr_t first = va;
        while (count < DROP_BATCH && (pte = pt_next(mm->root, &va, end)) != NULL) {
            batch[count++] = page_of_pa(pte_pa(*pte));
            *pte = 0;
            va += PAGE_SIZE;
        }
        if (count == 0)
            return;
        mm->pages -= count;
        if (mm->space.harts)
            pt_shootdown(mm->space.harts, first, va - first);
        for (unsigned i = 0; i < count; i++)
            page_put(batch[i]);
    }
}

int vm_share_pages(struct mm *to, struct mm *from, vaddr_t start, vaddr_t end)
{
    pte_t *pte;
    for (vaddr_t va = start; (pte = pt_next(from->root, &va, end)) != NULL; va += PAGE_SIZE) {
        pte_t *copy = pt_walk(to->root, va, true);
        if (!copy)
            return -ENOMEM;
        if (*pte & PTE_W)
            *pte = (*pte & ~(pte_t)(PTE_W | PTE_D)) | PTE_COW;
        *copy = *pte;
        page_get(page_of_pa(pte_pa(*pte)));
        to->pages++;
    }
    return 0;
}

/* ---- faults */

/* The first write to a page that fork or a file shares: ours alone already, or make a copy. */
static int break_cow(struct mm *mm, struct vm_region *region, vaddr_t va, pte_t *pte)
{
    struct page *page = page_of_pa(pte_pa(*pte));
    if (__atomic_load_n(&page->refs, __ATOMIC_ACQUIRE) == 1) {
        *pte = pte_make(page_pa(page), leaf_bits(region));
        pt_flush_page(va);
        return 0;
    }
    struct page *copy = page_alloc();
    if (!copy)
        return -ENOMEM;
    memcpy(page_va(copy), page_va(page), PAGE_SIZE);
    /* No hart may still read the old page when this one writes the new: entry away, then back. */
    *pte = 0;
    pt_shootdown(mm->space.harts, va, PAGE_SIZE);
    *pte = pte_make(page_pa(copy), leaf_bits(region));
    page_put(page);
    return 0;
}

/* An entry is there and the hart faulted all the same. */
static int fault_present(struct mm *mm, struct vm_region *region, vaddr_t va, unsigned access,
                         pte_t *pte)
{
    if (access == VM_WRITE && !(*pte & PTE_W))
        return break_cow(mm, region, va, pte);
    *pte |= PTE_A | (access == VM_WRITE ? PTE_D : 0);
    pt_flush_page(va); /* or it was stale, another thread's fault having come first */
    return 0;
}

/*
 * The page for an address nothing is mapped at. *shared: it belongs to the object, so a writer
 * needs a copy first.
 */
static int fetch_page(struct vm_region *region, vaddr_t va, struct page **page, bool *shared)
{
    size_t at = va - region->start;
    *shared = false;
    if (at >= region->object_bytes) {
        *page = page_alloc_zeroed();
        return *page ? 0 : -ENOMEM;
    }
    struct page *source;
    int error =
        region->object->ops->get_page(region->object, (region->offset + at) >> PAGE_SHIFT, &source);
    if (error)
        return error;
    if (region->object_bytes - at >= PAGE_SIZE) {
        *page = source;
        *shared = true;
        return 0;
    }
    /* The object ends inside the page and zeroes follow: a private copy. */
    *page = page_alloc();
    if (*page) {
        size_t bytes = region->object_bytes - at;
        memcpy(page_va(*page), page_va(source), bytes);
        memset((char *)page_va(*page) + bytes, 0, PAGE_SIZE - bytes);
    }
    page_put(source);
    return *page ? 0 : -ENOMEM;
}

static int fault_absent(struct mm *mm, struct vm_region *region, vaddr_t va, unsigned access,
                        pte_t *pte)
{
    struct page *page;
    bool shared;
    int error = fetch_page(region, va, &page, &shared);
    if (error)
        return error;
    pte_t bits = leaf_bits(region);
    if (shared && access == VM_WRITE) {
        struct page *copy = page_alloc();
        if (copy)
            memcpy(page_va(copy), page_va(page), PAGE_SIZE);
        page_put(page);
        if (!copy)
            return -ENOMEM;
        page = copy;
    } else if (shared && bits & PTE_W) {
        bits = (bits & ~(pte_t)(PTE_W | PTE_D)) | PTE_COW;
    }
    *pte = pte_make(page_pa(page), bits);
    pt_flush_page(va);
    mm->pages++;
    if (region->prot & VM_EXEC)
        pt_code_changed(&mm->space);
    return 0;
}

/* vm_fault() with mm->lock held. */
static int fault_locked(struct mm *mm, vaddr_t va, unsigned access, pte_t **entry)
{
    struct vm_region *region = vm_find(mm, va);
    if (!region)
        return -EFAULT;
    /* Every mapping that can be written can be read: there is no other encoding. */
    unsigned allowed = region->prot & VM_WRITE ? region->prot | VM_READ : region->prot;
    if (!(allowed & access))
        return -EFAULT;
    va &= ~(vaddr_t)PAGE_MASK;
    pte_t *pte = pt_walk(mm->root, va, true);
    if (!pte)
        return -ENOMEM;
    *entry = pte;
    if (*pte & PTE_V)
        return fault_present(mm, region, va, access, pte);
    return fault_absent(mm, region, va, access, pte);
}

int vm_fault(struct mm *mm, vaddr_t va, unsigned access)
{
    pte_t *pte;
    if (va >= pt_user_end())
        return -EFAULT;
    mutex_lock(&mm->lock);
    int error = fault_locked(mm, va, access, &pte);
    mutex_unlock(&mm->lock);
    return error;
}

/* ---- access from outside */

/* The kernel's view of user address va, made present for `access`; NULL and *error otherwise. */
static char *view_locked(struct mm *mm, vaddr_t va, unsigned access, int *error)
{
    pte_t *pte = pt_walk(mm->root, va & ~(vaddr_t)PAGE_MASK, false);
    pte_t need = access == VM_WRITE ? PTE_V | PTE_W : PTE_V;
    *error = 0;
    if (!pte || (*pte & need) != need)
        *error = fault_locked(mm, va, access, &pte);
    return *error ? NULL : (char *)page_va(page_of_pa(pte_pa(*pte))) + (va & PAGE_MASK);
}

static int transfer(struct mm *mm, vaddr_t va, char *data, size_t size, unsigned access)
{
    int error = 0;
    if (va >= pt_user_end() || size > pt_user_end() - va)
        return -EFAULT;
    mutex_lock(&mm->lock);
    while (size && !error) {
        size_t n = PAGE_SIZE - (va & PAGE_MASK);
        if (n > size)
            n = size;
        char *view = view_locked(mm, va, access, &error);
        if (!view)
            break;
        memcpy(access == VM_WRITE ? view : data, access == VM_WRITE ? data : view, n);
        va += n;
        data += n;
        size -= n;
    }
    mutex_unlock(&mm->lock);
    return error;
}

int vm_write(struct mm *mm, vaddr_t va, const void *data, size_t size)
{
    return transfer(mm, va, (char *)data, size, VM_WRITE);
}

int vm_read(struct mm *mm, vaddr_t va, void *data, size_t size)
{
    return transfer(mm, va, data, size, VM_READ);
}
