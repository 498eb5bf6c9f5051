#include <stdarg.h>

#include "lib/fmt.h"
#include "lib/string.h"
#include "riscv/bits.h"
#include "test.h"

struct machine machine;
static unsigned tests, failures;

/* ---- Output ---- */

static void put(void *arg, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sbi(SBI_EXT_LEGACY_PUTCHAR, 0, s[i]);
}

void print(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fmt_vprint(put, NULL, fmt, ap);
    va_end(ap);
}

bool check(bool good, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    print("%s %u - ", good ? "ok" : "not ok", ++tests);
    fmt_vprint(put, NULL, fmt, ap);
    print("\n");
    va_end(ap);
    failures += !good;
    clause_result(good ? CLAUSE_PASSED : CLAUSE_FAILED);
    return good;
}

static void print_skip(const char *reason, const char *fmt, va_list ap)
{
    print("ok %u - ", ++tests);
    fmt_vprint(put, NULL, fmt, ap);
    print(" # SKIP %s\n", reason);
}

void skip(const char *reason, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    print_skip(reason, fmt, ap);
    va_end(ap);
    clause_result(CLAUSE_ABSENT);
}

void skip_known(const char *reason, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    print_skip(reason, fmt, ap);
    va_end(ap);
    clause_result(CLAUSE_DIFFERS);
}

bool check_equal(long got, long want, const char *text)
{
    bool good = check(got == want, "%s", text);
    if (!good)
        print("# got %ld (%#lx), want %ld (%#lx)\n", got, got, want, want);
    return good;
}

uint64_t time_now(void)
{
    unsigned long low;
#if __riscv_xlen == 64
    asm volatile("rdtime %0" : "=r"(low));
    return low;
#else
    unsigned long high, again;
    do {
        asm volatile("rdtimeh %0\nrdtime %1\nrdtimeh %2" : "=&r"(high), "=&r"(low), "=&r"(again));
    } while (high != again);
    return (uint64_t)high << 32 | low;
#endif
}

bool has_extension(unsigned long eid)
{
    static const struct {
        unsigned long eid, version;
    } since[] = {
#define SBI_EXT(ext, eid, major, minor) {eid, SBI_VERSION(major, minor)},
#include "abi/sbi.def"
    };
    unsigned long version = sbi(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION).value;
    for (unsigned i = 0; i < sizeof(since) / sizeof(since[0]); i++)
        if (since[i].eid == eid && version < since[i].version)
            return false;
    return sbi(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, eid).value != 0;
}

/* ---- The machine ---- */

static void read_harts(struct fdt *tree)
{
    int node, cpus = fdt_node_by_path(tree, "/cpus");
    uint64_t id;
    machine.absent_hart = -1;
    fdt_for_each_child (node, tree, cpus) {
        if (strncmp(fdt_name(tree, node), "cpu@", 4) != 0 || fdt_reg(tree, node, 0, &id, NULL) != 0)
            continue;
        if (!fdt_is_available(tree, node))
            machine.absent_hart = id;
        else if (machine.hart_count < MAX_HARTS)
            machine.harts[machine.hart_count++] = id;
        if (id == machine.self)
            machine.self_index = machine.hart_count - 1;
    }
    uint32_t hz = 10000000;
    fdt_prop_u32(tree, cpus, "timebase-frequency", &hz);
    machine.tick_hz = hz;
}

/* RAM from its lowest address up to the first gap. */
static void read_memory(struct fdt *tree)
{
    uint64_t base, size;
    int node = fdt_first_child(tree, fdt_root(tree));
    while (node >= 0) {
        bool memory = strncmp(fdt_name(tree, node), "memory@", 7) == 0 &&
                      fdt_reg(tree, node, 0, &base, &size) == 0;
        bool first = memory && (machine.ram_size == 0 || base < machine.ram);
        if (first) {
            machine.ram = base;
            machine.ram_size = size;
        } else if (memory && base == machine.ram + machine.ram_size) {
            machine.ram_size += size;
            first = true;
        }
        /* What this one changed may have made another its neighbour. */
        node = first ? fdt_first_child(tree, fdt_root(tree)) : fdt_next_sibling(tree, node);
    }
}

/* The firmware's region of /reserved-memory is the one at the start of RAM. */
static void read_reserved(struct fdt *tree)
{
    int node, reserved = fdt_node_by_path(tree, "/reserved-memory");
    uint64_t base, size;
    fdt_for_each_child (node, tree, reserved) {
        if (fdt_reg(tree, node, 0, &base, &size) != 0 || base != machine.ram)
            continue;
        machine.firmware = base;
        machine.firmware_size = size;
        machine.firmware_nodes++;
        machine.firmware_no_map = fdt_prop(tree, node, "no-map", NULL) != NULL;
    }
    /* Some list code and data one by one. */
    for (node = fdt_first_child(tree, reserved); node >= 0;) {
        bool next = machine.firmware_size && fdt_reg(tree, node, 0, &base, &size) == 0 &&
                    base == machine.firmware + machine.firmware_size;
        machine.firmware_size += next ? size : 0;
        node = next ? fdt_first_child(tree, reserved) : fdt_next_sibling(tree, node);
    }
}

static void read_machine(unsigned long self, const void *blob)
{
    struct fdt *tree = &machine.tree;
    machine.self = self;
    int error = fdt_open(tree, blob, SIZE_MAX);
    check(error == 0, "device tree at %p: %s", blob, fdt_strerror(error));
    read_harts(tree);
    read_memory(tree);
    read_reserved(tree);
    machine.bootargs = fdt_prop_string(tree, fdt_node_by_path(tree, "/chosen"), "bootargs");
    const char *model = fdt_prop_string(tree, fdt_root(tree), "model");
    machine.is_qemu = model && strstr(model, "qemu");
    csr_write(sscratch, machine.self_index);
    long impl = sbi(SBI_EXT_BASE, SBI_BASE_GET_IMPL_ID).value;
    machine.is_tarn = impl == SBI_IMPL_TARN;
    machine.is_opensbi = impl == SBI_IMPL_OPENSBI;
}

/* ---- Modes: bootargs choose ---- */

static _Noreturn void finish(bool failed)
{
    struct sbiret r = sbi(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_RESET_SHUTDOWN,
                          failed ? SBI_REASON_SYSTEM_FAILURE : SBI_REASON_NONE);
    print("the machine is still on: error %ld, probe %d\n", r.error, has_extension(SBI_EXT_SRST));
    for (;;) {
    }
}

static void run_mode(const char *mode, unsigned long instructions)
{
    print("mode %s on hart %lu of %u\n", mode, machine.self, machine.hart_count);
    if (strcmp(mode, "cold-reboot") == 0)
        sbi(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_RESET_COLD_REBOOT, SBI_REASON_NONE);
    else if (strcmp(mode, "warm-reboot") == 0)
        sbi(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_RESET_WARM_REBOOT, SBI_REASON_NONE);
    else if (strcmp(mode, "fail") == 0)
        finish(true);
    else if (strcmp(mode, "legacy-shutdown") == 0)
        sbi(SBI_EXT_LEGACY_SHUTDOWN, 0);
    else if (strcmp(mode, "input") == 0)
        mode_input();
    else if (strcmp(mode, "bench") == 0)
        mode_bench(instructions);
    else if (strcmp(mode, "clauses") == 0)
        mode_clauses();
    finish(false);
}

void payload_main(unsigned long self, const void *blob, unsigned long instructions);
void payload_main(unsigned long self, const void *blob, unsigned long instructions)
{
    unsigned long satp = csr_read(satp), status = csr_read(sstatus);
    trap_init();
    read_machine(self, blob);
    if (machine.bootargs && machine.bootargs[0])
        run_mode(machine.bootargs, instructions);

    check(satp == 0, "entered with satp = 0");
    check(!(status & SSTATUS_SIE), "entered with interrupts off");
    test_tree();
    test_base();
    test_time();
    test_ipi();
    test_rfence();
    test_hsm();
    test_suspend();
    test_susp();
    test_fwft();
    test_pmu();
    test_sse();
    test_dbtr();
    test_srst();
    test_dbcn();
    test_legacy();
    test_traps();
    test_misaligned();
    test_isolation();
    test_addresses();
    test_absent();
    test_stress();
    print("1..%u\n", tests);
    clauses_report();
    finish(failures != 0);
}
