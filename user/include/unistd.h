#pragma once
/* newlib's <unistd.h> and what Linux adds. */
#include_next <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

int syncfs(int fd);

#ifdef __cplusplus
}
#endif
