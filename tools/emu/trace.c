#include "tools/emu/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/elf.h"
#include "tools/emu/disasm.h"
#include "tools/emu/message.h"

static FILE *out;
static struct disasm *disassembler;
static struct elf programs[2]; /* firmware and kernel, as far as they are ELF */
static unsigned program_count;

static const char *cause_text(uint64_t cause)
{
    static const struct {
        uint8_t number;
        bool is_interrupt;
        const char *text;
    } causes[] = {
#define EXCEPTION(id, num, text) {num, false, text},
#define INTERRUPT(id, num, text) {num, true, text},
#include "riscv/cause.def"
    };

    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (causes[i].number == (cause & ~(UINT64_C(1) << 63)) &&
            causes[i].is_interrupt == (cause >> 63 != 0))
            return causes[i].text;
    return "unknown cause";
}

static char priv_letter(enum hart_priv priv)
{
    return "US?M"[priv & 3];
}

/* "hart priv pc <symbol+offset>: " */
static void put_place(const struct hart *hart, const struct hart_trace *event)
{
    struct elf_symbol sym;

    fprintf(out, "%u %c %0*" PRIx64, hart_id(hart), priv_letter(event->priv),
            (int)hart_isa(hart)->xlen / 4, event->pc);
    for (unsigned i = 0; i < program_count; i++) {
        if (elf_symbol_by_address(&programs[i], event->pc, &sym)) {
            fprintf(out, " <%s+0x%" PRIx64 ">", sym.name, event->pc - sym.value);
            break;
        }
    }
    fputs(": ", out);
}

static void put_insn(const struct hart_trace *event)
{
    char text[80];

    disasm(disassembler, event->insn, event->pc, text, sizeof text);
    if ((event->insn & 3) == 3)
        fprintf(out, "%08" PRIx32 " %s\n", event->insn, text);
    else
        fprintf(out, "%04" PRIx32 "     %s\n", event->insn & 0xffff, text);
}

static void on_event(void *arg, struct hart *hart, const struct hart_trace *event)
{
    (void)arg;
    put_place(hart, event);
    switch (event->kind) {
    case HART_TRACE_INSN: put_insn(event); break;
    case HART_TRACE_BLOCK: fputs("block\n", out); break;
    case HART_TRACE_TRAP:
        fprintf(out, "trap: %s, tval 0x%" PRIx64 "\n", cause_text(event->cause), event->tval);
        break;
    }
}

int trace_open(struct machine *m, const struct loader *loader, unsigned kinds, const char *path)
{
    if (kinds == 0)
        return 0;
    program_count = 0;
    if (elf_open(&programs[program_count], loader->bios.data, loader->bios.size) == 0)
        program_count++;
    if (elf_open(&programs[program_count], loader->kernel.data, loader->kernel.size) == 0)
        program_count++;
    disassembler = disasm_create(m->isa.xlen);
    out = path != NULL ? fopen(path, "w") : stderr;
    if (disassembler == NULL || out == NULL) {
        message("%s: %s", path != NULL ? path : "-d", strerror(errno));
        return -1;
    }
    if (path != NULL)
        setvbuf(out, NULL, _IOFBF, 1 << 16);
    for (unsigned i = 0; i < m->hart_count; i++)
        hart_set_trace(m->harts[i], kinds, on_event, NULL);
    return 0;
}

void trace_close(void)
{
    if (out != NULL && out != stderr)
        fclose(out);
    out = NULL;
    disasm_destroy(disassembler);
    disassembler = NULL;
}
