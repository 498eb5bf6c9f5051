/* User memory: range checks here, the accesses in arch/user_copy.S. */
#include "abi/errno.h"
#include "kernel/arch/internal.h"
#include "kernel/mm/mm.h"
#include "kernel/mm/uaccess.h"

static bool in_user_space(struct uaddr at, size_t n)
{
    vaddr_t end = vm_user_end();
    return at.va < end && n <= end - at.va;
}

int copy_in(void *to, struct uaddr from, size_t n)
{
    might_sleep();
    if (n == 0)
        return 0;
    if (!in_user_space(from, n))
        return -EFAULT;
    return arch_user_copy(to, (const void *)from.va, n) ? -EFAULT : 0;
}

int copy_out(struct uaddr to, const void *from, size_t n)
{
    might_sleep();
    if (n == 0)
        return 0;
    if (!in_user_space(to, n))
        return -EFAULT;
    return arch_user_copy((void *)to.va, from, n) ? -EFAULT : 0;
}

int zero_out(struct uaddr to, size_t n)
{
    might_sleep();
    if (n == 0)
        return 0;
    if (!in_user_space(to, n))
        return -EFAULT;
    return arch_user_zero((void *)to.va, n) ? -EFAULT : 0;
}

long str_in(char *to, struct uaddr from, size_t size)
{
    might_sleep();
    if (size == 0)
        return -ENAMETOOLONG;
    if (!in_user_space(from, 1))
        return -EFAULT;
    /* A string may end just below the end of user space, so only what is looked at must fit. */
    size_t limit = vm_user_end() - from.va;
    size_t n = size < limit ? size : limit;
    long length = arch_user_string(to, (const char *)from.va, n);
    if (length < 0 || ((size_t)length == n && n < size))
        return -EFAULT;
    return (size_t)length == n ? -ENAMETOOLONG : length;
}
