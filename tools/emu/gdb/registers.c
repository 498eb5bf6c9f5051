/*
 * Registers, numbered as gdb and QEMU have them: x0 to x31, pc, f0 to f31, the CSRs, priv. Which of
 * them there are the target description says; of CSRs that is all the hart has, named by csr.def.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/gdb/private.h"

enum {
    REG_PC = 32,
    REG_F0 = 33,
    REG_CSR0 = 65,
    CSR_COUNT = 4096,
    REG_PRIV = REG_CSR0 + CSR_COUNT,
    REG_COUNT,
};

/* --- the target description ------------------------------------------------------------------- */

static void describe_cpu(FILE *f, unsigned xlen)
{
    fprintf(f, "<feature name=\"org.gnu.gdb.riscv.cpu\">\n");
    for (unsigned i = 0; i < 32; i++)
        fprintf(f, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\" regnum=\"%u\"/>\n",
                i == 8 ? "fp" : disasm_reg(i), xlen,
                i == 1                                 ? "code_ptr"
                : i == 2 || i == 3 || i == 4 || i == 8 ? "data_ptr"
                                                       : "int",
                i);
    fprintf(f, "<reg name=\"pc\" bitsize=\"%u\" type=\"code_ptr\" regnum=\"%d\"/>\n</feature>\n",
            xlen, REG_PC);
}

/* Bytes of a floating-point register; 0: there are none. */
static unsigned freg_size(const struct gdb *g)
{
    const struct isa *isa = &g->machine->isa;

    return isa_has(isa, EXT_D) ? 8 : isa_has(isa, EXT_F) ? 4 : 0;
}

static void describe_fpu(FILE *f, unsigned size)
{
    if (size == 0)
        return;
    fprintf(f, "<feature name=\"org.gnu.gdb.riscv.fpu\">\n"
               "<union id=\"riscv_double\"><field name=\"float\" type=\"ieee_single\"/>"
               "<field name=\"double\" type=\"ieee_double\"/></union>\n");
    for (unsigned i = 0; i < 32; i++)
        fprintf(f, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\" regnum=\"%u\"/>\n", disasm_freg(i),
                size * 8, size == 8 ? "riscv_double" : "ieee_single", REG_F0 + i);
    fprintf(f, "</feature>\n");
}

static void describe_csrs(FILE *f, struct gdb *g)
{
    char name[32];
    uint64_t value;

    fprintf(f, "<feature name=\"org.gnu.gdb.riscv.csr\">\n");
    for (unsigned i = 0; i < CSR_COUNT; i++) {
        if (!hart_csr_read(g->machine->harts[0], i, &value))
            continue;
        disasm_csr(g->disasm, i, name, sizeof name);
        fprintf(f,
                "<reg name=\"%s\" bitsize=\"%u\" type=\"int\" regnum=\"%u\" group=\"csr\" "
                "save-restore=\"no\"/>\n",
                name, g->machine->isa.xlen, REG_CSR0 + i);
    }
    fprintf(f, "</feature>\n");
}

bool gdb_describe(struct gdb *g)
{
    unsigned xlen = g->machine->isa.xlen;
    FILE *f = open_memstream(&g->target, &g->target_len);

    if (f == NULL)
        return false;
    fprintf(f,
            "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
            "<target version=\"1.0\">\n<architecture>riscv:rv%u</architecture>\n"
            /* Else gdb may take it for Linux, and ecall for something to step over. */
            "<osabi>none</osabi>\n",
            xlen);
    describe_cpu(f, xlen);
    describe_fpu(f, freg_size(g));
    describe_csrs(f, g);
    fprintf(f,
            "<feature name=\"org.gnu.gdb.riscv.virtual\">\n"
            "<reg name=\"priv\" bitsize=\"%u\" regnum=\"%d\" group=\"general\" "
            "save-restore=\"no\"/>\n</feature>\n</target>\n",
            xlen, REG_PRIV);
    return fclose(f) == 0;
}

/* --- values ----------------------------------------------------------------------------------- */

/* Its size in bytes, 0 if there is no such register. */
static unsigned reg_size(const struct gdb *g, uint64_t reg)
{
    uint64_t value;

    if (reg >= REG_F0 && reg < REG_CSR0)
        return freg_size(g);
    if (reg >= REG_COUNT || (reg >= REG_CSR0 && reg < REG_PRIV &&
                             !hart_csr_read(gdb_hart(g), (unsigned)reg - REG_CSR0, &value)))
        return 0;
    return g->machine->isa.xlen / 8;
}

static uint64_t reg_read(const struct gdb *g, unsigned reg)
{
    struct hart *hart = gdb_hart(g);
    uint64_t value = 0;

    if (reg < REG_PC)
        return hart_read_reg(hart, reg);
    if (reg == REG_PC)
        return hart_pc(hart);
    if (reg < REG_CSR0)
        return hart_read_freg(hart, reg - REG_F0);
    if (reg == REG_PRIV)
        return hart_priv(hart);
    hart_csr_read(hart, reg - REG_CSR0, &value);
    return value;
}

/* False if it cannot have that value. A single-precision value alone is NaN-boxed. */
static bool reg_write(const struct gdb *g, unsigned reg, uint64_t value)
{
    struct hart *hart = gdb_hart(g);

    if (reg < REG_PC) {
        hart_write_reg(hart, reg, value);
    } else if (reg == REG_PC) {
        hart_set_pc(hart, value);
        hart_end_wait(hart);
    } else if (reg < REG_CSR0) {
        hart_write_freg(hart, reg - REG_F0,
                        freg_size(g) == 8 ? value : value | ~(uint64_t)UINT32_MAX);
    } else if (reg != REG_PRIV) {
        return hart_csr_write(hart, reg - REG_CSR0, value);
    } else {
        if (value != HART_U && value != HART_S && value != HART_M)
            return false;
        hart_set_priv(hart, (enum hart_priv)value);
    }
    return true;
}

static void put_value(struct gdb *g, uint64_t value, unsigned size)
{
    uint8_t bytes[8];

    for (unsigned i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    gdb_put_hex(g, bytes, size);
}

static bool get_value(const char *text, unsigned size, uint64_t *value)
{
    uint8_t bytes[8];

    if (!gdb_bytes(text, bytes, size))
        return false;
    *value = 0;
    for (unsigned i = 0; i < size; i++)
        *value |= (uint64_t)bytes[i] << 8 * i;
    return true;
}

/* --- packets ---------------------------------------------------------------------------------- */

void gdb_read_all(struct gdb *g)
{
    for (unsigned i = 0; i <= REG_PC; i++)
        put_value(g, reg_read(g, i), reg_size(g, i));
}

void gdb_write_all(struct gdb *g, const char *content)
{
    unsigned size = g->machine->isa.xlen / 8;
    const char *p = content + 1;
    uint64_t value;

    for (unsigned i = 0; i <= REG_PC; i++, p += 2 * size) {
        if (!get_value(p, size, &value) || !reg_write(g, i, value)) {
            gdb_error(g, GDB_EINVAL);
            return;
        }
    }
    gdb_put(g, "OK");
}

void gdb_read_one(struct gdb *g, const char *content)
{
    const char *p = content + 1;
    uint64_t reg;

    if (!gdb_number(&p, &reg) || *p != '\0' || reg_size(g, reg) == 0)
        gdb_error(g, GDB_EINVAL);
    else
        put_value(g, reg_read(g, (unsigned)reg), reg_size(g, reg));
}

void gdb_write_one(struct gdb *g, const char *content)
{
    const char *p = content + 1;
    uint64_t reg, value;

    if (!gdb_number(&p, &reg) || !gdb_char(&p, '=') || reg_size(g, reg) == 0 ||
        !get_value(p, reg_size(g, reg), &value) || p[2 * reg_size(g, reg)] != '\0')
        gdb_error(g, GDB_EINVAL);
    else if (!reg_write(g, (unsigned)reg, value))
        gdb_error(g, GDB_EPERM);
    else
        gdb_put(g, "OK");
}
