#pragma once
/* Sizes both sides count on: Linux's. */

#define ABI_NAME_MAX       255    /* bytes in a file name */
#define ABI_PATH_MAX       4096   /* bytes in a path, its NUL included */
#define ABI_PIPE_BUF       4096   /* writes to a pipe up to this are atomic */
#define ABI_PIPE_SIZE      65536  /* what a pipe holds */
#define ABI_ARG_STRLEN_MAX 131072 /* one argument or environment string, its NUL included */
#define ABI_OPEN_MAX       256    /* file descriptors of a process */
