#pragma once
/* Instructions as text, in objdump's spelling without aliases (-M no-aliases). */
#include <stddef.h>
#include <stdint.h>

struct disasm;

/* A disassembler that knows everything in insn.def for `xlen` (32 or 64). NULL = out of memory. */
struct disasm *disasm_create(unsigned xlen);
void disasm_destroy(struct disasm *d);

/* Names of x0 to x31 and f0 to f31, as the calling convention has them. */
const char *disasm_reg(unsigned number);
const char *disasm_freg(unsigned number);

/* Writes the name of a CSR, or its number if there is none such in csr.def. */
void disasm_csr(const struct disasm *d, unsigned number, char *buf, size_t size);

/*
 * Writes the instruction in `bits` (the upper half is ignored for a 16-bit one), lying at `pc`, as
 * "name<TAB>operands"; something unknown becomes .2byte or .4byte. Returns its length in bytes.
 */
unsigned disasm(const struct disasm *d, uint32_t bits, uint64_t pc, char *buf, size_t size);
