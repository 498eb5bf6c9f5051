/* Any system call by number. */
#include <stdarg.h>
#include <sys/syscall.h>
#include "tarn/syscall.h"

long __tarn_syscall(long number, long a, long b, long c, long d, long e, long f);

long syscall(long number, ...)
{
    long arg[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++) {
        arg[i] = va_arg(list, long); /* the surplus is whatever the registers hold */
    }
    va_end(list);
    return sys_result(__tarn_syscall(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]));
}
