#pragma once
/* newlib's <stdio.h> and the rest of POSIX's. */
#include_next <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

ssize_t getline(char **__restrict line, size_t *__restrict size, FILE *__restrict file);
ssize_t getdelim(char **__restrict line, size_t *__restrict size, int delimiter,
                 FILE *__restrict file);
int renameat(int fromfd, const char *from, int tofd, const char *to);
int renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags);

#ifdef __cplusplus
}
#endif
