#pragma once
/* How the rows of abi/syscall.def are expanded: an enum of numbers, and for-each over a row's
 * arguments. */
#include <stdint.h>

typedef unsigned long ulong_t; /* one register */

#define NR_NONE (-1)

#if __SIZEOF_POINTER__ == 8
#    define ABI_SYSCALL_NR(nr64, nr32) (nr64)
#else
#    define ABI_SYSCALL_NR(nr64, nr32) (nr32)
#endif

/* One above the largest number any row uses: the size of a dispatch table. */
#define SYSCALL_TABLE_SIZE 440

/*
 * ABI_EACH(f, arg...) applies f to each (DIRECTION, type, name) of a row; ABI_EACH_COMMA puts
 * commas between. Up to six arguments, as many as the calling convention has registers.
 */
#define ABI_EACH_0(f)
#define ABI_EACH_1(f, a)                f a
#define ABI_EACH_2(f, a, b)             f a f b
#define ABI_EACH_3(f, a, b, c)          f a f b f c
#define ABI_EACH_4(f, a, b, c, d)       f a f b f c f d
#define ABI_EACH_5(f, a, b, c, d, e)    f a f b f c f d f e
#define ABI_EACH_6(f, a, b, c, d, e, g) f a f b f c f d f e f g

#define ABI_COMMA_0(f)
#define ABI_COMMA_1(f, a)                f a
#define ABI_COMMA_2(f, a, b)             f a, f b
#define ABI_COMMA_3(f, a, b, c)          f a, f b, f c
#define ABI_COMMA_4(f, a, b, c, d)       f a, f b, f c, f d
#define ABI_COMMA_5(f, a, b, c, d, e)    f a, f b, f c, f d, f e
#define ABI_COMMA_6(f, a, b, c, d, e, g) f a, f b, f c, f d, f e, f g

#define ABI_PICK(_0, _1, _2, _3, _4, _5, _6, name, ...) name
#define ABI_EACH(f, ...)                                                                   \
    ABI_PICK(_, ##__VA_ARGS__, ABI_EACH_6, ABI_EACH_5, ABI_EACH_4, ABI_EACH_3, ABI_EACH_2, \
             ABI_EACH_1, ABI_EACH_0)                                                       \
    (f, ##__VA_ARGS__)
#define ABI_EACH_COMMA(f, ...)                                                                  \
    ABI_PICK(_, ##__VA_ARGS__, ABI_COMMA_6, ABI_COMMA_5, ABI_COMMA_4, ABI_COMMA_3, ABI_COMMA_2, \
             ABI_COMMA_1, ABI_COMMA_0)                                                          \
    (f, ##__VA_ARGS__)

enum abi_syscall {
#define SYSCALL(name, nr64, nr32, ...) SYS_##name = ABI_SYSCALL_NR(nr64, nr32),
#include "abi/syscall.def"
#undef SYSCALL
};
