#pragma once
/* getrandom(2) */
#include <sys/types.h>

#define GRND_NONBLOCK 1
#define GRND_RANDOM   2

#ifdef __cplusplus
extern "C" {
#endif

ssize_t getrandom(void *buf, size_t size, unsigned flags);
int getentropy(void *buf, size_t size);

#ifdef __cplusplus
}
#endif
