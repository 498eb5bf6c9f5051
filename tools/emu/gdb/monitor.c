/* What gdb's `monitor` can do: a table of commands. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/gdb/monitor.h"

/* Text goes out in packets of its own, O and hexadecimal. */
void gdb_print(struct gdb *g, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n <= 0)
        return;
    g->out_len = 0;
    gdb_put(g, "O");
    gdb_put_hex(g, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    gdb_send(g);
}

/* --- words ------------------------------------------------------------------------------------ */

/* Does the line begin with that word? Then *rest is what is behind it and blanks. */
static bool is_word(const char *line, const char *word, const char **rest)
{
    size_t n = strlen(word);

    if (strncmp(line, word, n) != 0 || (line[n] != '\0' && line[n] != ' '))
        return false;
    *rest = line + n + strspn(line + n, " ");
    return true;
}

/* `on` or `off` alone; false with a message if it is neither. */
static bool on_or_off(struct gdb *g, const char *args, bool *on)
{
    *on = strcmp(args, "on") == 0;
    if (*on || strcmp(args, "off") == 0)
        return true;
    gdb_print(g, "on or off?\n");
    return false;
}

static void run_table(struct gdb *g, const struct gdb_command *rows, size_t count, const char *line,
                      const char *what)
{
    const char *rest;

    for (size_t i = 0; i < count; i++) {
        if (is_word(line, rows[i].name, &rest)) {
            rows[i].run(g, rest);
            return;
        }
    }
    gdb_print(g, "%s%s? `monitor help` lists what there is\n", what, line);
}

/* --- info ------------------------------------------------------------------------------------- */

static void info_registers(struct gdb *g, const char *args)
{
    const struct hart *hart = gdb_hart(g);
    int digits = (int)g->machine->isa.xlen / 4;

    (void)args;
    gdb_print(g, "hart %u, %c-mode, pc %0*" PRIx64 "\n", g->hart, "US?M"[hart_priv(hart)], digits,
              hart_pc(hart));
    for (unsigned i = 0; i < 32; i++)
        gdb_print(g, "%5s %0*" PRIx64 "%s", disasm_reg(i), digits, hart_read_reg(hart, i),
                  i % 4 == 3 ? "\n" : "");
    for (unsigned i = 0; isa_has(&g->machine->isa, EXT_F) && i < 32; i++)
        gdb_print(g, "%5s %016" PRIx64 "%s", disasm_freg(i), hart_read_freg(hart, i),
                  i % 4 == 3 ? "\n" : "");
}

static void info_csrs(struct gdb *g, const char *args)
{
    char name[32];
    uint64_t value;
    bool any = false;

    for (unsigned i = 0; i < 4096; i++) {
        if (!hart_csr_read(gdb_hart(g), i, &value))
            continue;
        disasm_csr(g->disasm, i, name, sizeof name);
        if (args[0] != '\0' ? strcmp(name, args) != 0 : value == 0)
            continue;
        gdb_print(g, "%-16s 0x%" PRIx64 "\n", name, value);
        any = true;
    }
    if (!any && args[0] != '\0')
        gdb_print(g, "this hart has no %s\n", args);
}

static void info_harts(struct gdb *g, const char *args)
{
    (void)args;
    for (unsigned i = 0; i < g->machine->hart_count; i++) {
        const struct hart *hart = g->machine->harts[i];
        gdb_print(g, "%c hart %u, %c-mode, pc %0*" PRIx64 ", %" PRIu64 " instructions%s\n",
                  i == g->hart ? '*' : ' ', i, "US?M"[hart_priv(hart)],
                  (int)g -> machine -> isa.xlen / 4, hart_pc(hart), hart_instret(hart),
                  hart_waiting(hart) ? ", waiting" : "");
    }
}

static void info_mtree(struct gdb *g, const char *args)
{
    uint64_t base, size;
    unsigned flags;

    (void)args;
    for (unsigned i = 0; ram_region(g->machine->ram, i, &base, &size, &flags); i++)
        gdb_print(g, "%016" PRIx64 "-%016" PRIx64 " %s\n", base, base + size - 1,
                  flags & RAM_GUEST_READONLY ? "read-only memory" : "memory");
    for (unsigned i = 0; i < g->machine->device_count; i++) {
        const struct device *dev = g->machine->by_base[i];
        gdb_print(g, "%016" PRIx64 "-%016" PRIx64 " %s", dev->slot->base,
                  dev->slot->base + dev->slot->size - 1, dev->ops->name);
        if (dev->slot->irq != 0)
            gdb_print(g, ", irq %u%s", dev->slot->irq, dev->irq_level ? " (raised)" : "");
        gdb_print(g, "\n");
    }
}

static void put_line(void *arg, const char *line)
{
    gdb_print(arg, "%s\n", line);
}

static void info_device(struct gdb *g, const char *args)
{
    bool any = false;

    for (unsigned i = 0; i < g->machine->device_count; i++) {
        const struct device *dev = g->machine->by_base[i];
        char name[64];
        snprintf(name, sizeof name, "%s@%" PRIx64, dev->ops->name, dev->slot->base);
        if (args[0] != '\0' && strcmp(args, dev->ops->name) != 0 && strcmp(args, name) != 0)
            continue;
        if (dev->ops->field_count == 0)
            gdb_print(g, "%s has no state\n", name);
        state_print(dev->state, dev->ops->fields, dev->ops->field_count, name, put_line, g);
        any = true;
    }
    if (!any)
        gdb_print(g, "there is no %s: `monitor info mtree` lists the devices\n", args);
}

static const struct gdb_command infos[] = {
    {"registers", "", "registers of the hart", info_registers},
    {"csrs", "[NAME]", "its CSRs that are not zero, or one of them", info_csrs},
    {"harts", "", "all harts; * is the one that all this is about", info_harts},
    {"mem", "", "what its page tables map", gdb_info_mem},
    {"tlb", "", "the same", gdb_info_mem},
    {"mtree", "", "memory and devices, by physical address", info_mtree},
    {"device", "[NAME[@ADDRESS]]", "the state of devices", info_device},
};
enum { INFO_COUNT = sizeof infos / sizeof infos[0] };

static void cmd_info(struct gdb *g, const char *args)
{
    run_table(g, infos, INFO_COUNT, args, "info ");
}

/* --- the rest --------------------------------------------------------------------------------- */

static void cmd_physical(struct gdb *g, const char *args)
{
    bool mmio = strcmp(args, "mmio") == 0, on = mmio;

    if (!mmio && !on_or_off(g, args, &on))
        return;
    g->physical = on;
    g->mmio = mmio;
    gdb_print(g, "addresses are %s%s\n", on ? "physical" : "virtual",
              mmio ? ", and devices answer" : "");
}

static void cmd_interrupts(struct gdb *g, const char *args)
{
    bool on;

    if (!on_or_off(g, args, &on))
        return;
    g->sstep = on ? GDB_SSTEP_ENABLE : GDB_SSTEP_ENABLE | GDB_SSTEP_NOIRQ | GDB_SSTEP_NOTIMER;
    gdb_print(g, "single steps %s interrupts\n", on ? "take" : "do not take");
}

static void cmd_trace(struct gdb *g, const char *args)
{
    bool on;
    const char *list, *error;

    if (is_word(args, "on", &list)) {
        on = true;
    } else if (is_word(args, "off", &list)) {
        on = false;
    } else {
        gdb_print(g, "trace on LIST or trace off [LIST], as in -d\n");
        return;
    }
    error = g->host.trace != NULL ? g->host.trace(g->host.arg, list, on) : "no traces here";
    if (error != NULL)
        gdb_print(g, "%s\n", error);
}

static void cmd_history(struct gdb *g, const char *args)
{
    (void)args;
    if (g->host.history != NULL)
        g->host.history(g->host.arg, put_line, g);
    else
        gdb_print(g, "no history here\n");
}

static void cmd_reset(struct gdb *g, const char *args)
{
    (void)args;
    gdb_restart(g);
    gdb_print(g, "reset: tell gdb that registers changed by `maintenance flush register-cache`\n");
}

static void cmd_quit(struct gdb *g, const char *args)
{
    (void)args;
    g->mode = GDB_WANTS_END;
}

static void cmd_help(struct gdb *g, const char *args);

static const struct gdb_command commands[] = {
    {"help", "", "this list", cmd_help},
    {"info", "WHAT", NULL, cmd_info},
    {"translate", "ADDRESS", "how the page tables translate a virtual address", gdb_translate},
    {"physical", "on|off|mmio", "gdb's addresses are physical; mmio: devices answer, too",
     cmd_physical},
    {"interrupts", "on|off", "single steps take interrupts (off at first)", cmd_interrupts},
    {"trace", "on|off LIST", "trace categories, as -d", cmd_trace},
    {"history", "", "what the harts did last", cmd_history},
    {"reset", "", "reset the machine, which then stands still", cmd_reset},
    {"quit", "", "end the emulator", cmd_quit},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void show(struct gdb *g, const char *before, const struct gdb_command *c)
{
    char left[64];

    snprintf(left, sizeof left, "%s%s %s", before, c->name, c->args);
    gdb_print(g, "%-30s %s\n", left, c->help);
}

static void cmd_help(struct gdb *g, const char *args)
{
    (void)args;
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (commands[i].help != NULL)
            show(g, "", &commands[i]);
        else
            for (int k = 0; k < INFO_COUNT; k++)
                show(g, "info ", &infos[k]);
    }
}

void gdb_monitor(struct gdb *g, const char *line)
{
    line += strspn(line, " ");
    run_table(g, commands, COMMAND_COUNT, line[0] != '\0' ? line : "help", "");
}
