/*
 * Memory and string functions, with the names and meanings of ISO C.
 *
 * On the target they come from lib/string.c; a hosted build uses the host's C library, so that
 * code which includes this header compiles for both.
 */
#pragma once

#include <stddef.h>

#if __STDC_HOSTED__
#    include <string.h>
#else

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int byte, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *needle);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strcpy(char *restrict dst, const char *restrict src);
char *strncpy(char *restrict dst, const char *restrict src, size_t n);

#endif

/*
 * Copy src to dst, which has room for size bytes; the result is always terminated when size > 0.
 * Returns strlen(src): a value >= size says that the copy was cut short. (BSD and POSIX 2024;
 * older hosts lack it, so lib/string.c supplies it there as well.)
 */
size_t strlcpy(char *restrict dst, const char *restrict src, size_t size);
