#pragma once
/* Which instruction set a hart has: parsed from, and printed as, an ISA string (rv64imac_zicsr). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One bit number per extension of ext.def, e.g. EXT_M, EXT_SSTC; its conditions are numbered on. */
enum isa_ext {
#define EXT(id, name, deflt, implies) EXT_##id,
#include "riscv/ext.def"
    EXT_COUNT,
    EXT_BEFORE_CONDITIONS = EXT_COUNT - 1,
#define EXT_EITHER(id, a, b) EXT_##id,
#define EXT_BOTH(id, a, b)   EXT_##id,
#include "riscv/ext.def"
    EXT_END
};

#define ISA_PMP_MAX     64
#define ISA_CACHE_BLOCK 64   /* bytes: Zicbom, Zicboz, Zicbop and Zic64b */
#define ISA_STRING_MAX  1024 /* an ISA string with every extension fits */

struct isa {
    unsigned xlen;        /* 32 or 64 */
    uint64_t ext[2];      /* bit set of enum isa_ext, below EXT_COUNT */
    unsigned vm_bits;     /* of the largest paging scheme, SvNN; 0 = Bare only */
    unsigned pmp_count;   /* PMP entries, 0..ISA_PMP_MAX */
    bool misaligned_trap; /* misaligned loads and stores trap instead of being done */
    bool time_trap;       /* there is no time register: reading it is illegal */
};

static inline bool isa_has(const struct isa *isa, enum isa_ext ext)
{
    return isa->ext[ext / 64] >> (ext % 64) & 1;
}

/* Its name in ISA strings; ext is below EXT_COUNT. */
const char *isa_ext_name(enum isa_ext ext);

/* Is an extension on, or does a condition hold? */
bool isa_provides(const struct isa *isa, enum isa_ext ext);

/*
 * Parses "rv32..." or "rv64..." (case-insensitive; "rv64" alone means the default; version numbers
 * are accepted and ignored; extensions not implemented are refused; without an svNN the hart has
 * the largest paging scheme). Returns 0, or -1 with one line
 * of reason in err.
 */
int isa_parse(struct isa *isa, const char *string, char *err, size_t err_size);

/*
 * Changes an ISA by properties as in QEMU's -cpu: "name=value" separated by commas. An extension's
 * name takes true or false, on or off; sv32, sv39, sv48, sv57 too: true makes it the largest paging
 * scheme, false one of those below; mmu=false leaves none; pmp takes true (16), false or a number
 * of entries; misaligned takes done or trap; time takes true, or trap for a hart without that
 * register. QEMU's other flags are accepted where they ask for what is so anyway (h=false, u=true).
 * Returns 0, or -1 with one line of reason in err.
 */
int isa_set_properties(struct isa *isa, const char *properties, char *err, size_t err_size);

/* All that this emulator implements by default for `xlen`. */
void isa_default(struct isa *isa, unsigned xlen);

/* Writes the canonical string (as /cpus/cpu/riscv,isa has it) and returns its length;
 * ISA_STRING_MAX bytes are enough. */
size_t isa_format(const struct isa *isa, char *buf, size_t size);
