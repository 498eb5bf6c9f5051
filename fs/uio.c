/* Moving bytes between file systems and whoever called read or write. */
#include "fs/internal.h"

void uio_kernel(struct uio *uio, void *buf, size_t n)
{
    *uio = (struct uio){.base = (uintptr_t)buf, .seg_left = n, .left = n};
}

void uio_user(struct uio *uio, uintptr_t va, size_t n)
{
    *uio = (struct uio){.base = va, .seg_left = n, .left = n, .user = true};
}

void uio_segments(struct uio *uio, const struct uio_seg *segs, size_t count, bool user)
{
    *uio = (struct uio){.next = segs, .user = user};
    for (size_t i = 0; i < count; i++)
        uio->left += segs[i].len;
}

/* The next stretch of at most n contiguous bytes; n <= uio->left, so there is one. */
static size_t uio_stretch(struct uio *uio, size_t n)
{
    while (uio->seg_left == 0) {
        uio->base = uio->next->base;
        uio->seg_left = uio->next->len;
        uio->next++;
    }
    return n < uio->seg_left ? n : uio->seg_left;
}

static void uio_advance(struct uio *uio, size_t n)
{
    uio->base += n;
    uio->seg_left -= n;
    uio->left -= n;
}

int uio_get(struct uio *uio, void *dst, size_t n)
{
    for (char *to = dst; n > 0;) {
        size_t part = uio_stretch(uio, n);
        if (!uio->user)
            memcpy(to, (const void *)uio->base, part);
        else if (copy_in(to, uaddr_of(uio->base), part) < 0)
            return -EFAULT;
        uio_advance(uio, part);
        to += part;
        n -= part;
    }
    return 0;
}

int uio_put(struct uio *uio, const void *src, size_t n)
{
    for (const char *from = src; n > 0;) {
        size_t part = uio_stretch(uio, n);
        if (!uio->user)
            memcpy((void *)uio->base, from, part);
        else if (copy_out(uaddr_of(uio->base), from, part) < 0)
            return -EFAULT;
        uio_advance(uio, part);
        from += part;
        n -= part;
    }
    return 0;
}

int uio_zero(struct uio *uio, size_t n)
{
    while (n > 0) {
        size_t part = uio_stretch(uio, n);
        if (!uio->user)
            memset((void *)uio->base, 0, part);
        else if (zero_out(uaddr_of(uio->base), part) < 0)
            return -EFAULT;
        uio_advance(uio, part);
        n -= part;
    }
    return 0;
}
