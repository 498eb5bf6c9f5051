#pragma once
/* A set of signals: bit (signal - 1), 64 of them on both XLENs, as the kernel has it. */
typedef __UINT64_TYPE__ __sigset_t;
