#pragma once
/* What <dirent.h> needs from the system: an entry, and an open directory. */
#include <sys/types.h>
#include "abi/dirent.h"
#include "abi/limits.h"

typedef struct __tarn_dir DIR;

struct dirent {
    ino_t d_ino;
    off_t d_off;
    unsigned short d_reclen;
    unsigned char d_type; /* DT_* */
    char d_name[ABI_NAME_MAX + 1];
};
#define _DIRENT_HAVE_D_TYPE

#define DT_UNKNOWN ABI_DT_UNKNOWN
#define DT_FIFO    ABI_DT_FIFO
#define DT_CHR     ABI_DT_CHR
#define DT_DIR     ABI_DT_DIR
#define DT_BLK     ABI_DT_BLK
#define DT_REG     ABI_DT_REG
#define DT_LNK     ABI_DT_LNK
#define DT_SOCK    ABI_DT_SOCK
