/* The heap's end, for malloc(). */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>
#include "tarn/syscall.h"

/* brk(2) returns the break there is afterwards, the old one when it could not move it. */
void *sbrk(ptrdiff_t increment)
{
    static uintptr_t current;
    if (current == 0) {
        current = (uintptr_t)sys_brk(0);
    }
    uintptr_t old = current;
    if (increment == 0) {
        return (void *)old;
    }
    uintptr_t want = old + (uintptr_t)increment;
    if ((increment > 0) != (want > old) || (uintptr_t)sys_brk(want) != want) {
        errno = ENOMEM;
        return (void *)-1;
    }
    current = want;
    return (void *)old;
}
