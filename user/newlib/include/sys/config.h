#pragma once
/* newlib's choices, with ours: errno and stdio state by thread, and buffers worth a system call. */
#include_next <sys/config.h>

#define __DYNAMIC_REENT__
#undef __BUFSIZ__
#define __BUFSIZ__ 4096
#undef _READ_WRITE_RETURN_TYPE
#define _READ_WRITE_RETURN_TYPE _ssize_t
#undef _READ_WRITE_BUFSIZE_TYPE
#define _READ_WRITE_BUFSIZE_TYPE __SIZE_TYPE__
