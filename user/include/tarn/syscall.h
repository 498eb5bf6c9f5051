#pragma once
/*
 * The kernel's calls as they are: sys_NAME() for each row of abi/syscall.def, returning a value or
 * a negated error number, leaving errno alone. A call that does not exist on this XLEN has a
 * prototype but no body: it fails to link.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include "abi/signal.h"
#include "abi/stat.h"
#include "abi/syscall.h"
#include "abi/time.h"
#include "abi/times.h"
#include "abi/utsname.h"
#include "abi/wait.h"

#define SYSCALL_ARG_VAL(type, name)        type name
#define SYSCALL_ARG_U64(type, name)        type name
#define SYSCALL_ARG_IN(type, name)         const type *name
#define SYSCALL_ARG_OUT(type, name)        type *name
#define SYSCALL_ARG_INOUT(type, name)      type *name
#define SYSCALL_ARG_STR(type, name)        const type *name
#define SYSCALL_ARG(direction, type, name) SYSCALL_ARG_##direction(type, name)

/* The parameter list of a row: `void` when it has no arguments. */
#define SYSCALL_SOME(...) ABI_EACH_COMMA(SYSCALL_ARG, __VA_ARGS__)
#define SYSCALL_NONE(...) void
#define SYSCALL_PARAMETERS(...)                                                        \
    ABI_PICK(_, ##__VA_ARGS__, SYSCALL_SOME, SYSCALL_SOME, SYSCALL_SOME, SYSCALL_SOME, \
             SYSCALL_SOME, SYSCALL_SOME, SYSCALL_NONE)                                 \
    (__VA_ARGS__)

#define SYSCALL(name, nr64, nr32, ...) long sys_##name(SYSCALL_PARAMETERS(__VA_ARGS__));
#include "abi/syscall.def"
#undef SYSCALL

/* The number of the largest error a call may return, negated. */
#define SYSCALL_MAX_ERROR 4095

/* What a POSIX function returns for a call's result: itself, or -1 with errno set. */
static inline long sys_result(long result)
{
    if ((unsigned long)result >= (unsigned long)-SYSCALL_MAX_ERROR) {
        errno = (int)-result;
        return -1;
    }
    return result;
}
