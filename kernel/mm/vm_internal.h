#pragma once
/* Between vm.c and fault.c. All with mm->lock held (or the last reference). */
#include "kernel/mm/mm.h"

/* Address space that stays free between the heap and what is above it. */
#define VM_GUARD (64 * PAGE_SIZE)

struct vm_region *vm_find(struct mm *mm, vaddr_t va);

/* Unmaps all pages of [start, end), shoots down translations, and drops the references. */
void vm_drop_pages(struct mm *mm, vaddr_t start, vaddr_t end);

/* Maps the pages of [start, end) in `to` as well, both copy-on-write. 0 or -ENOMEM. */
int vm_share_pages(struct mm *to, struct mm *from, vaddr_t start, vaddr_t end);
