/* What the files of the ELF reader share. Not for others. */
#pragma once

#include "lib/elf.h"

/* Little-endian numbers at any alignment. */
static inline uint16_t elf_get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t elf_get32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t elf_get64(const uint8_t *p)
{
    return elf_get32(p) | (uint64_t)elf_get32(p + 4) << 32;
}

/* A field that is 32 bits wide in one class and 64 in the other. */
static inline uint64_t elf_get_word(const struct elf *elf, const uint8_t *p)
{
    return elf->is_64 ? elf_get64(p) : elf_get32(p);
}
