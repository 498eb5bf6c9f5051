#include "tools/emu/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "riscv/pte.h"
#include "tools/emu/disasm.h"
#include "tools/emu/host/host.h"
#include "tools/emu/message.h"
#include "tools/emu/symbols.h"
#include "tools/emu/trace_private.h"

enum { FILES_MAX = OPTIONS_SYMBOLS_MAX + 1 };

static FILE *out;
static struct disasm *disassembler;
static struct symbols *symbols;
static struct file files[FILES_MAX]; /* that only symbols are taken from */
static unsigned file_count;
static unsigned kinds_shown;
static struct machine *machine;
static const struct loader *loaded; /* what there are names for */
static const char *out_path;        /* NULL: stderr */
static bool out_failed;             /* and somebody has been told; atomic */

/* --- a line ---------------------------------------------------------------------------------- */

void trace_put(struct trace_line *l, const char *fmt, ...)
{
    size_t room = sizeof l->text - 1 - l->len; /* for the newline */
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(l->text + l->len, room, fmt, ap);
    va_end(ap);
    if (n > 0)
        l->len += (size_t)n < room ? (size_t)n : room - 1;
}

void trace_put_address(struct trace_line *l, uint64_t addr)
{
    uint64_t offset;
    const char *name = symbols_find(symbols, addr, &offset);

    trace_put(l, "%0*" PRIx64, (int)l->digits, addr);
    if (name != NULL && offset != 0)
        trace_put(l, " %s+0x%" PRIx64, name, offset);
    else if (name != NULL)
        trace_put(l, " %s", name);
}

static char priv_letter(enum hart_priv priv)
{
    return "US?M"[priv & 3];
}

void trace_begin(struct trace_line *l, const struct hart *hart, enum hart_priv priv,
                 const char *category, uint64_t pc)
{
    *l = (struct trace_line){.digits = hart_isa(hart)->xlen / 4};
    trace_put(l, "%u %c %s ", hart_id(hart), priv_letter(priv), category);
    trace_put_address(l, pc);
    trace_put(l, ": ");
}

/* What cannot be written is lost, and the guest goes on; without stderr nobody watches. */
static void fail_out(void)
{
    if (__atomic_exchange_n(&out_failed, true, __ATOMIC_RELAXED))
        return;
    if (out_path != NULL)
        message("-D %s: %s", out_path, strerror(errno));
    else if (errno == EPIPE)
        term_end(SIGPIPE);
}

void trace_end(struct trace_line *l)
{
    l->text[l->len++] = '\n';
    if (!__atomic_load_n(&out_failed, __ATOMIC_RELAXED) && fwrite(l->text, 1, l->len, out) < l->len)
        fail_out();
}

/* --- what happened --------------------------------------------------------------------------- */

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

static void put_insn(struct trace_line *l, const struct hart_trace *event)
{
    char text[80];

    disasm(disassembler, event->insn, event->pc, text, sizeof text);
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\t')
            *p = ' ';
    if ((event->insn & 3) == 3)
        trace_put(l, "%08" PRIx32 " %s", event->insn, text);
    else
        trace_put(l, "%04" PRIx32 "     %s", event->insn & 0xffff, text);
}

static void put_trap(struct trace_line *l, const struct hart_trace *event)
{
    trace_put(l, "%s, tval 0x", cause_text(event->trap.cause));
    trace_put_address(l, event->trap.tval);
    trace_put(l, ", to %c ", priv_letter(event->trap.to));
    trace_put_address(l, event->trap.target);
}

static void put_csr(struct trace_line *l, const struct hart_trace *event)
{
    char name[32];

    disasm_csr(disassembler, event->csr.number, name, sizeof name);
    trace_put(l, "%s (0x%03x) 0x%" PRIx64, name, event->csr.number, event->csr.old);
    if (event->csr.written)
        trace_put(l, " -> 0x%" PRIx64, event->csr.value);
}

static void put_walk(struct trace_line *l, const struct hart_walk *walk)
{
    static const char *const access[] = {
        [HART_READ] = "load", [HART_WRITE] = "store", [HART_FETCH] = "fetch"};
    static const char flags[] = "vrwxugad"; /* from bit 0 up */

    trace_put(l, "%s ", access[walk->access]);
    trace_put_address(l, walk->vaddr);
    if (walk->fault < 0)
        trace_put(l, " -> %0*" PRIx64 ", %uK, ", (int)l->digits, walk->paddr,
                  1u << (walk->shift - 10));
    else
        trace_put(l, " -> %s, pte 0x%" PRIx64 ", ", cause_text((uint64_t)walk->fault), walk->pte);
    for (unsigned i = 0; i < 8; i++)
        trace_put(l, "%c", walk->pte >> i & 1 ? flags[i] : '-');
}

/* A line about an event, without its end. */
static void put_event(struct trace_line *l, const struct hart *hart, const struct hart_trace *event)
{
    static const char *const names[] = {"insn", "block", "trap", "csr", "mmu", "mmu"};

    trace_begin(l, hart, event->priv, names[__builtin_ctz((unsigned)event->kind)], event->pc);
    switch (event->kind) {
    case HART_TRACE_INSN: put_insn(l, event); break;
    case HART_TRACE_BLOCK: trace_put(l, "%u instructions", event->block_insns); break;
    case HART_TRACE_TRAP: put_trap(l, event); break;
    case HART_TRACE_CSR: put_csr(l, event); break;
    case HART_TRACE_WALK: put_walk(l, &event->walk); break;
    case HART_TRACE_FLUSH:
        trace_put(l, "flush ");
        if (event->flush.page)
            trace_put_address(l, event->flush.vaddr);
        else
            trace_put(l, "all");
        break;
    case HART_TRACE_MRET: break; /* only for trace_sbi() */
    }
}

static void on_event(void *arg, struct hart *hart, const struct hart_trace *event)
{
    struct trace_line line, *l = &line;

    (void)arg;
    if (kinds_shown & MACHINE_TRACE_SBI)
        trace_sbi(hart, event);
    if ((kinds_shown & event->kind) == 0)
        return;
    put_event(l, hart, event);
    trace_end(l);
}

/* A line about a device. What no hart's access causes has - for hart, privilege and address. */
static void on_device(void *arg, enum machine_trace_kind kind, const struct device *dev,
                      struct hart *hart, const char *text)
{
    static const char *const names[] = {"mmio", "virtio", "plic", "uart"};
    const char *name = names[__builtin_ctz((unsigned)kind >> 16)];
    struct trace_line line = {0}, *l = &line;

    (void)arg;
    if (hart != NULL)
        trace_begin(l, hart, hart_priv(hart), name, hart_pc(hart));
    else
        trace_put(l, "- - %s -: ", name);
    if (dev != NULL)
        trace_put(l, "%s@%" PRIx64 " ", dev->ops->node, dev->slot->base);
    trace_put(l, "%s", text);
    trace_end(l);
}

/* --- symbols --------------------------------------------------------------------------------- */

static int add_image(const struct file *file, uint64_t bias)
{
    struct elf elf;

    if (file->data == NULL || elf_open(&elf, file->data, file->size) != 0)
        return 0;
    if (symbols_add(symbols, &elf, bias) == 0)
        return 0;
    message("%s: out of memory for its symbols", file->path);
    return -1;
}

/* The default firmware is loaded as a flat image; the ELF file that was made from lies beside it.
 */
static void add_default_firmware(const struct loader *loader)
{
    static char path[4096];
    size_t len = loader->bios_default != NULL ? strlen(loader->bios_default) : 0;
    FILE *f;

    if (len < 4 || len >= sizeof path)
        return;
    memcpy(path, loader->bios_default, len + 1);
    memcpy(path + len - 3, "elf", 3);
    f = fopen(path, "rb");
    if (f == NULL)
        return;
    fclose(f);
    if (file_read(&files[file_count], path) == 0)
        add_image(&files[file_count++], 0);
}

/* Does the flat image begin as the segment does from `skip` on? */
static bool begins_as(const struct file *image, const struct elf *elf,
                      const struct elf_segment *seg, uint64_t skip)
{
    enum { ENOUGH = 16 };
    uint64_t n = skip < seg->filesz ? seg->filesz - skip : 0;

    if (n > file_held(image))
        n = file_held(image);
    return n >= ENOUGH && memcmp(image->data, elf->image + seg->offset + skip, n) == 0;
}

/*
 * Add the names once more at the place of a flat image that was made from the file: from its first
 * segment, which may begin with the ELF headers; then the entry point comes first.
 */
static int add_flat(const struct elf *elf, const struct file *image, uint64_t at)
{
    struct elf_segment seg;
    unsigned i = 0;
    uint64_t skip = 0;

    if (image->data == NULL || file_is_elf(image) || !elf_next_load(elf, &i, &seg))
        return 0;
    if (!begins_as(image, elf, &seg, 0))
        skip = elf->entry - seg.vaddr;
    if (at == seg.vaddr + skip || !begins_as(image, elf, &seg, skip))
        return 0;
    return symbols_add(symbols, elf, at - (seg.vaddr + skip));
}

/* FILE or FILE@BIAS */
static int add_file(const struct loader *loader, const char *argument)
{
    const char *at = strrchr(argument, '@');
    char path[4096], *end = NULL;
    uint64_t bias = 0;
    struct file *file = &files[file_count];
    struct elf elf;
    int error;

    if (at != NULL && at[1] != '\0')
        bias = strtoull(at + 1, &end, 0);
    if (end == NULL || *end != '\0')
        at = argument + strlen(argument); /* no bias, an @ in the name */
    snprintf(path, sizeof path, "%.*s", (int)(at - argument), argument);
    if (file_read(file, path) != 0)
        return -1;
    file->path = argument;
    file_count++;
    error = elf_open(&elf, file->data, file->size);
    if (error == 0 && *at == '\0' &&
        (add_flat(&elf, &loader->bios, loader->bios_at) != 0 ||
         add_flat(&elf, &loader->kernel, loader->kernel_at) != 0))
        return -1;
    if (error == 0)
        return add_image(file, bias);
    message("--symbols %s: %s", argument, elf_strerror(error));
    return -1;
}

static int load_symbols(const struct loader *loader)
{
    const struct options *o = loader->options;

    symbols = symbols_create();
    if (symbols == NULL || add_image(&loader->bios, 0) != 0 || add_image(&loader->kernel, 0) != 0)
        return -1;
    add_default_firmware(loader);
    for (unsigned i = 0; i < o->symbols_count; i++)
        if (add_file(loader, o->symbols[i]) != 0)
            return -1;
    symbols_sort(symbols);
    return 0;
}

/* --- on and off ------------------------------------------------------------------------------ */

/* Have names and a disassembler; false after a message. */
static bool prepare(void)
{
    if (disassembler != NULL)
        return true;
    if (load_symbols(loaded) != 0)
        return false;
    disassembler = disasm_create(machine->isa.xlen);
    if (disassembler == NULL)
        message("-d: %s", strerror(errno));
    return disassembler != NULL;
}

static bool open_out(void)
{
    if (out != NULL)
        return true;
    out = out_path != NULL ? fopen(out_path, "w") : stderr;
    if (out == NULL)
        message("-D %s: %s", out_path, strerror(errno));
    else if (out_path != NULL)
        setvbuf(out, NULL, _IOFBF, 1 << 16);
    return out != NULL;
}

int trace_switch(unsigned kinds)
{
    if (kinds != 0 && (!prepare() || !open_out()))
        return -1;
    kinds_shown = kinds;
    if (kinds & MACHINE_TRACE_SBI)
        kinds |= HART_TRACE_TRAP | HART_TRACE_MRET;
    for (unsigned i = 0; i < machine->hart_count; i++)
        hart_set_trace(machine->harts[i], kinds & ~(unsigned)MACHINE_TRACE_KINDS, on_event, NULL);
    machine_set_trace(machine, kinds, on_device, NULL);
    if (kinds == 0 && out != NULL && fflush(out) != 0)
        fail_out();
    return 0;
}

unsigned trace_kinds(void)
{
    return kinds_shown;
}

int trace_open(struct machine *m, const struct loader *loader, unsigned kinds, const char *path)
{
    machine = m;
    loaded = loader;
    out_path = path;
    if (loader->options->symbols_count != 0 && !prepare())
        return -1; /* they are wanted at a crash only, but the user is here now */
    return kinds != 0 ? trace_switch(kinds) : 0;
}

void trace_format(const struct hart *hart, const struct hart_trace *event, char *text, size_t size)
{
    struct trace_line line;

    text[0] = '\0';
    if (size == 0 || !prepare())
        return;
    put_event(&line, hart, event);
    snprintf(text, size, "%.*s", (int)line.len, line.text);
}

void trace_format_address(uint64_t addr, char *text, size_t size)
{
    struct trace_line line = {.digits = machine->isa.xlen / 4};

    if (prepare())
        trace_put_address(&line, addr);
    snprintf(text, size, "%.*s", (int)line.len, line.text);
}

void trace_close(void)
{
    if (out != NULL && out != stderr && fclose(out) != 0)
        fail_out();
    out = NULL;
    disasm_destroy(disassembler);
    disassembler = NULL;
    symbols_destroy(symbols);
    symbols = NULL;
    while (file_count > 0)
        file_free(&files[--file_count]);
}
