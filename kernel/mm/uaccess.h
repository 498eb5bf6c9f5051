#pragma once
/*
 * The only way to touch user memory. A struct uaddr cannot be dereferenced by accident; SUM is on
 * only inside these functions. They fault pages in as a user access would, so they may sleep and
 * must not be called with a spinlock held. All act on the current process's address space.
 */
#include <stddef.h>
#include <stdint.h>

struct uaddr {
    uintptr_t va;
};

static inline struct uaddr uaddr_of(uintptr_t va)
{
    return (struct uaddr){va};
}

static inline struct uaddr uaddr_add(struct uaddr base, size_t offset)
{
    return (struct uaddr){base.va + offset};
}

/* Copies n bytes; 0 or -EFAULT (then an unspecified prefix may have been copied). n == 0 is fine.
 */
int copy_in(void *to, struct uaddr from, size_t n);
int copy_out(struct uaddr to, const void *from, size_t n);

/* Writes n zero bytes. */
int zero_out(struct uaddr to, size_t n);

/*
 * Copies a NUL-terminated string of at most size - 1 bytes. Returns its length, -EFAULT, or
 * -ENAMETOOLONG when no NUL came in time.
 */
long str_in(char *to, struct uaddr from, size_t size);

/* Read or write one object of the pointed-to type: copy_in_obj(&kernel_object, uaddr). */
#define copy_in_obj(to, from)  copy_in((to), (from), sizeof *(to))
#define copy_out_obj(to, from) copy_out((to), (from), sizeof *(from))
