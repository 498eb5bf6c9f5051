#pragma once
/* Directory entries as getdents64(2) packs them: variable length, each 8-byte aligned. */
#include <stdint.h>

struct abi_dirent64 {
    uint64_t d_ino;
    int64_t d_off;     /* position of the next entry, for lseek(2) */
    uint16_t d_reclen; /* of this record, name and padding included */
    uint8_t d_type;    /* ABI_DT_* */
    char d_name[];     /* NUL-terminated, at most NAME_MAX bytes before the NUL */
};

/* File type of an entry: the file type bits of st_mode shifted right by 12. */
#define ABI_DT_UNKNOWN 0
#define ABI_DT_FIFO    1
#define ABI_DT_CHR     2
#define ABI_DT_DIR     4
#define ABI_DT_BLK     6
#define ABI_DT_REG     8
#define ABI_DT_LNK     10
#define ABI_DT_SOCK    12
