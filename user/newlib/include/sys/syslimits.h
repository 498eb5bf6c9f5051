#pragma once
/* The limits POSIX names, from what the kernel has. */
#include "abi/limits.h"

#define ARG_MAX     ABI_ARG_STRLEN_MAX
#define LINK_MAX    32767
#define MAX_CANON   255
#define MAX_INPUT   255
#define NAME_MAX    ABI_NAME_MAX
#define NGROUPS_MAX 32
#define OPEN_MAX    ABI_OPEN_MAX
#define PATH_MAX    ABI_PATH_MAX
#define PIPE_BUF    ABI_PIPE_BUF
#define IOV_MAX     1024

#define LINE_MAX   2048
#define RE_DUP_MAX 255

/* for newlib's regex and glob */
#define COLL_WEIGHTS_MAX 0
#define EXPR_NEST_MAX    32
