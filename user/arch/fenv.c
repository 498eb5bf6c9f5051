/*
 * Of <fenv.h>, what newlib has wrong: it takes reserved rounding modes, which make every later
 * instruction illegal, reports success as failure, and cannot clear flags.
 */
#include <fenv.h>
#include <stddef.h>

int fesetround(int round)
{
    if (round < FE_TONEAREST || round > FE_TONEAREST_MM) {
        return -1;
    }
    __asm__ volatile("fsrm %0" ::"r"(round));
    return 0;
}

int feraiseexcept(int excepts)
{
    __asm__ volatile("csrs fflags, %0" ::"r"(excepts & FE_ALL_EXCEPT));
    return 0;
}

int fesetexceptflag(const fexcept_t *flags, int excepts)
{
    fexcept_t mask = (fexcept_t)(excepts & FE_ALL_EXCEPT);
    __asm__ volatile("csrc fflags, %0" ::"r"(mask));
    __asm__ volatile("csrs fflags, %0" ::"r"(mask & *flags));
    return 0;
}
