#pragma once
/*
 * The kernel's side of abi/syscall.def: a prototype sys_NAME() for each row, whose user pointers
 * are struct uaddr. Each returns a value or a negated error number, runs in the calling process's
 * thread with interrupts on, and must take every argument for hostile. Calls that exist on one XLEN
 * only are compiled on both.
 */
#include <stddef.h>
#include <stdint.h>
#include "abi/syscall.h"
#include "kernel/mm/uaccess.h"

#define SYS_PARAM_VAL(type, name)        type name
#define SYS_PARAM_U64(type, name)        type name
#define SYS_PARAM_IN(type, name)         struct uaddr name
#define SYS_PARAM_OUT(type, name)        struct uaddr name
#define SYS_PARAM_INOUT(type, name)      struct uaddr name
#define SYS_PARAM_STR(type, name)        struct uaddr name
#define SYS_PARAM(direction, type, name) SYS_PARAM_##direction(type, name)

#define SYS_SOME(...) ABI_EACH_COMMA(SYS_PARAM, __VA_ARGS__)
#define SYS_NONE(...) void
#define SYS_PARAMETERS(...)                                                                \
    ABI_PICK(_, ##__VA_ARGS__, SYS_SOME, SYS_SOME, SYS_SOME, SYS_SOME, SYS_SOME, SYS_SOME, \
             SYS_NONE)                                                                     \
    (__VA_ARGS__)

#define SYSCALL(name, nr64, nr32, ...) long sys_##name(SYS_PARAMETERS(__VA_ARGS__));
#include "abi/syscall.def"
#undef SYSCALL

struct context;

/* The door of Linux's numbers: what a process's thread.arch.syscall points at. */
void syscall_dispatch(struct context *context);
