/* Traps: what reaches S-mode and with what registers; emulation; who may touch the firmware. */
#include "lib/string.h"
#include "riscv/bits.h"
#include "test.h"

static void check_caught(struct caught c, unsigned long cause, unsigned long tval, const char *text)
{
    bool good = check(c.cause == cause && c.tval == tval, "%s", text);
    if (!good)
        print("# cause %ld stval %#lx sepc %#lx, want cause %ld stval %#lx\n", c.cause, c.tval,
              c.epc, cause, tval);
}

void test_traps(void)
{
    extern char illegal_insn[];
    static unsigned words[2];
    struct caught c = try_illegal();
    uint32_t insn;
    memcpy(&insn, illegal_insn, 4);
    check(c.cause == 2 && (c.tval == 0 || c.tval == insn), "illegal instruction");
    check(c.epc == (unsigned long)illegal_insn && (c.status & SSTATUS_SPP),
          "at its address, from S-mode");
    c = try_breakpoint();
    check(c.cause == 3, "breakpoint");
    c = try_amo((unsigned long)words + 1);
    /* The specification says 6; QEMU says 4. */
    check((c.cause == 6 || c.cause == 4) && c.tval == (unsigned long)words + 1, "misaligned AMO");
    csr_set(sstatus, SSTATUS_SPIE);
    c = try_amo((unsigned long)words + 1);
    check((c.status & SSTATUS_SPP) && !(c.status & (SSTATUS_SPIE | SSTATUS_SIE)),
          "misaligned AMO: SPP is S, SPIE is what SIE was");
    uint64_t begin = time_now(), cycles = csr_read(cycle), instructions = csr_read(instret);
    check(wait_until(time_now() > begin + 100), "time goes on");
    check(csr_read(cycle) != cycles && csr_read(instret) != instructions,
          "S-mode reads cycle and instret");

    paging_on();
    c = user_run(user_alias((unsigned long)user_ecall), 5);
    check(c.cause == 8 && c.epc == user_alias((unsigned long)user_ecall) &&
              !(c.status & SSTATUS_SPP),
          "a call from U-mode goes to S-mode");
    check(c.value == 5, "with its registers");
    c = user_run(user_alias((unsigned long)user_csr), 0);
    check(c.cause == 2 && !(c.status & SSTATUS_SPP), "U-mode cannot read sstatus");
    c = user_run(user_alias((unsigned long)user_load), hole_va);
    check_caught(c, 13, hole_va, "page fault of U-mode");
    csr_write(scounteren, COUNTER_TM);
    c = user_run(user_alias((unsigned long)user_time), 0);
    check(c.cause == 8 && c.value != 0, "U-mode reads time if scounteren lets it");
    csr_write(scounteren, 0);
    c = user_run(user_alias((unsigned long)user_time), 0);
    check_ours("reads it for U-mode", c.cause == 2, "and not otherwise");
    csr_write(scounteren, COUNTER_TM);
    paging_off();
}

/* ---- Misaligned accesses, done by the hart or by the firmware ---- */

static unsigned char bytes[64] __attribute__((aligned(64)));

static unsigned long expected(unsigned offset, unsigned n)
{
    unsigned long value = 0;
    for (unsigned i = n; i-- > 0;)
        value = value << 8 | bytes[offset + i];
    return value;
}

#define LOAD(insn, offset)                                                      \
    ({                                                                          \
        unsigned long v_;                                                       \
        asm volatile(insn : "=r"(v_) : "r"(bytes + (long)(offset)) : "memory"); \
        v_;                                                                     \
    })
#define STORE(insn, offset, v) asm volatile(insn ::"r"(v), "r"(bytes + (long)(offset)) : "memory")
#define NO_RVC(insn)           ".option push\n.option norvc\n" insn "\n.option pop"

static void check_loads(void)
{
    bool half = true, word = true;
    for (unsigned o = 0; o < 16; o++) {
        half &= LOAD("lh %0, 0(%1)", o) == (unsigned long)(short)expected(o, 2);
        half &= LOAD("lhu %0, 0(%1)", o) == expected(o, 2);
        word &= LOAD(NO_RVC("lw %0, 0(%1)"), o) == (unsigned long)(int)expected(o, 4);
        word &= LOAD(NO_RVC("lw %0, -8(%1)"), o + 8) == (unsigned long)(int)expected(o, 4);
        word &= LOAD("lw %0, 2047(%1)", (long)o - 2047) == (unsigned long)(int)expected(o, 4);
    }
    check(half, "misaligned lh, lhu");
    check(word, "misaligned lw");
    bool near = true, stack = true;
    for (unsigned o = 0; o < 16; o++) {
        unsigned long v;
        asm volatile("mv a4, %1\nc.lw a5, 4(a4)\nmv %0, a5"
                     : "=r"(v)
                     : "r"(bytes + o)
                     : "a4", "a5");
        near &= v == (unsigned long)(int)expected(o + 4, 4);
        asm volatile("mv t0, sp\nmv sp, %1\nc.lwsp s11, 8(sp)\nmv sp, t0\nmv %0, s11"
                     : "=r"(v)
                     : "r"(bytes + o)
                     : "t0", "s11");
        stack &= v == (unsigned long)(int)expected(o + 8, 4);
    }
    check(near, "misaligned c.lw");
    check(stack, "misaligned c.lwsp");
#if __riscv_xlen == 64
    bool wide = true;
    for (unsigned o = 0; o < 16; o++) {
        unsigned long v;
        wide &= LOAD("lwu %0, 0(%1)", o) == expected(o, 4);
        wide &= LOAD(NO_RVC("ld %0, 0(%1)"), o) == expected(o, 8);
        asm volatile("mv a4, %1\nc.ld a5, 8(a4)\nmv %0, a5"
                     : "=r"(v)
                     : "r"(bytes + o)
                     : "a4", "a5");
        wide &= v == expected(o + 8, 8);
        asm volatile("mv t0, sp\nmv sp, %1\nc.ldsp s11, 16(sp)\nmv sp, t0\nmv %0, s11"
                     : "=r"(v)
                     : "r"(bytes + o)
                     : "t0", "s11");
        wide &= v == expected(o + 16, 8);
    }
    check(wide, "misaligned lwu, ld, c.ld, c.ldsp");
#endif
}

/* After a store of n bytes at 16 + o the bytes are v's, and their neighbours as before. */
static bool stored(unsigned o, unsigned n, unsigned long v)
{
    bool good = true;
    for (unsigned i = 0; i < sizeof(bytes); i++) {
        unsigned char want =
            i >= o && i < o + n ? v >> 8 * (i - o) : (unsigned char)(i * 37 + 0x85);
        good &= bytes[i] == want;
        bytes[i] = i * 37 + 0x85;
    }
    return good;
}

/* The same for 8 bytes on both XLENs. */
static bool stored_wide(unsigned o, unsigned long low, unsigned long high)
{
    bool good = true;
    for (unsigned i = 0; i < sizeof(bytes); i++) {
        unsigned long half = i < o + 4 ? low : high;
        unsigned char want = i >= o && i < o + 8 ? (half & 0xffffffff) >> 8 * ((i - o) & 3)
                                                 : (unsigned char)(i * 37 + 0x85);
        good &= bytes[i] == want;
        bytes[i] = i * 37 + 0x85;
    }
    return good;
}

static void check_stores(void)
{
    const unsigned long v = (unsigned long)0xfedcba9876543210ull;
    bool half = true, word = true, near = true, stack = true;
    for (unsigned o = 16; o < 32; o++) {
        STORE("sh %0, 0(%1)", o, v);
        half &= stored(o, 2, v);
        STORE(NO_RVC("sw %0, 0(%1)"), o, v);
        word &= stored(o, 4, v);
        STORE("sw %0, -2048(%1)", o + 2048, v);
        word &= stored(o, 4, v);
        STORE("sw zero, 0(%1)", o, v);
        word &= stored(o, 4, 0);
        asm volatile("mv a4, %1\nmv a5, %0\nc.sw a5, 4(a4)" ::"r"(v), "r"(bytes + o - 4)
                     : "a4", "a5", "memory");
        near &= stored(o, 4, v);
        asm volatile("mv t0, sp\nmv s11, %0\nmv sp, %1\nc.swsp s11, 8(sp)\nmv sp, t0" ::"r"(v),
                     "r"(bytes + o - 8)
                     : "t0", "s11", "memory");
        stack &= stored(o, 4, v);
    }
    check(half, "misaligned sh");
    check(word, "misaligned sw");
    check(near, "misaligned c.sw");
    check(stack, "misaligned c.swsp");
#if __riscv_xlen == 64
    bool wide = true;
    for (unsigned o = 16; o < 32; o++) {
        STORE(NO_RVC("sd %0, 0(%1)"), o, v);
        wide &= stored(o, 8, v);
        asm volatile("mv a4, %1\nmv a5, %0\nc.sd a5, 8(a4)" ::"r"(v), "r"(bytes + o - 8)
                     : "a4", "a5", "memory");
        wide &= stored(o, 8, v);
        asm volatile("mv t0, sp\nmv s11, %0\nmv sp, %1\nc.sdsp s11, 16(sp)\nmv sp, t0" ::"r"(v),
                     "r"(bytes + o - 16)
                     : "t0", "s11", "memory");
        wide &= stored(o, 8, v);
    }
    check(wide, "misaligned sd, c.sd, c.sdsp");
#endif
}

/* Whether the device tree's description of a hart contains that. */
static bool isa_has(const char *what)
{
    const struct fdt *tree = &machine.tree;
    int cpu;
    fdt_for_each_child (cpu, tree, fdt_node_by_path(tree, "/cpus")) {
        const char *isa = fdt_prop_string(tree, cpu, "riscv,isa");
        if (isa && strstr(isa, what))
            return true;
    }
    return false;
}

/* c.lhu a5, 0(a4); c.lh a5, 0(a4); c.sh a5, 0(a4): newer than the assembler. */
static void check_compressed_halves(void)
{
    bool good = true;
    for (unsigned o = 16; o < 32; o++) {
        unsigned long v;
        asm volatile("mv a4, %1\n.half 0x871c\nmv %0, a5" : "=r"(v) : "r"(bytes + o) : "a4", "a5");
        good &= v == expected(o, 2);
        asm volatile("mv a4, %1\n.half 0x875c\nmv %0, a5" : "=r"(v) : "r"(bytes + o) : "a4", "a5");
        good &= v == (unsigned long)(short)expected(o, 2);
        asm volatile("mv a4, %1\nmv a5, %0\n.half 0x8f1c" ::"r"(0xabcdul), "r"(bytes + o)
                     : "a4", "a5", "memory");
        good &= stored(o, 2, 0xabcd);
    }
    check(good, "misaligned c.lhu, c.lh, c.sh");
}

/* ---- The same of floating-point registers, where there are any ---- */

/* Moves 4 or 8 bytes by way of a floating-point register, one end of it misaligned. */
#define THROUGH(load, from, store, to)                                                    \
    asm volatile(".option push\n.option arch, +d\nmv a4, %0\nmv a3, %1\n" load "\n" store \
                 "\n.option pop" ::"r"(from),                                             \
                 "r"(to)                                                                  \
                 : "a3", "a4", "t0", "memory")
#define ON_STACK(insn) "mv t0, sp\nmv sp, a4\n" insn "\nmv sp, t0"
#define TO_STACK(insn) "mv t0, sp\nmv sp, a3\n" insn "\nmv sp, t0"

static void check_float_loads(void)
{
    uint64_t got = 0;
    bool single = true, twice = true;
    for (unsigned o = 0; o < 16; o++) {
        THROUGH("flw fs11, 0(a4)", bytes + o, "fsw fs11, 0(a3)", &got);
        single &= (uint32_t)got == (uint32_t)expected(o, 4);
        THROUGH("flw ft0, 0(a4)", bytes + o, "fsd ft0, 0(a3)", &got);
        single &= got >> 32 == 0xffffffff; /* NaN-boxed */
        THROUGH("fld fa5, -8(a4)", bytes + o + 8, "fsd fa5, 0(a3)", &got);
        twice &= memcmp(&got, bytes + o, 8) == 0;
        THROUGH("c.fld fa0, 8(a4)", bytes + o, "fsd fa0, 0(a3)", &got);
        twice &= memcmp(&got, bytes + o + 8, 8) == 0;
        THROUGH(ON_STACK("c.fldsp ft11, 16(sp)"), bytes + o, "fsd ft11, 0(a3)", &got);
        twice &= memcmp(&got, bytes + o + 16, 8) == 0;
#if __riscv_xlen == 32
        THROUGH("c.flw fs0, 4(a4)", bytes + o, "fsw fs0, 0(a3)", &got);
        single &= (uint32_t)got == expected(o + 4, 4);
        THROUGH(ON_STACK("c.flwsp fs9, 8(sp)"), bytes + o, "fsw fs9, 0(a3)", &got);
        single &= (uint32_t)got == expected(o + 8, 4);
#endif
    }
    check(single, "misaligned flw");
    check(twice, "misaligned fld, c.fld, c.fldsp");
}

static void check_float_stores(void)
{
    const uint64_t v = 0xfedcba9876543210ull;
    const unsigned long low = (unsigned long)v, high = (unsigned long)(v >> 32);
    bool single = true, twice = true;
    for (unsigned o = 16; o < 32; o++) {
        THROUGH("fld ft7, 0(a4)", &v, "fsw ft7, 0(a3)", bytes + o);
        single &= stored(o, 4, low);
        THROUGH("fld fs1, 0(a4)", &v, "fsd fs1, 0(a3)", bytes + o);
        twice &= stored_wide(o, low, high);
        THROUGH("fld fa2, 0(a4)", &v, "c.fsd fa2, 8(a3)", bytes + o - 8);
        twice &= stored_wide(o, low, high);
        THROUGH("fld ft9, 0(a4)", &v, TO_STACK("c.fsdsp ft9, 16(sp)"), bytes + o - 16);
        twice &= stored_wide(o, low, high);
#if __riscv_xlen == 32
        THROUGH("fld fa2, 0(a4)", &v, "c.fsw fa2, 4(a3)", bytes + o - 4);
        single &= stored(o, 4, low);
        THROUGH("fld ft9, 0(a4)", &v, TO_STACK("c.fswsp ft9, 8(sp)"), bytes + o - 8);
        single &= stored(o, 4, low);
#endif
    }
    check(single, "misaligned fsw");
    check(twice, "misaligned fsd, c.fsd, c.fsdsp");
}

static void check_float_halves(void)
{
    uint64_t got = 0;
    const uint64_t v = 0xfedcba9876543210ull;
    bool good = true;
    for (unsigned o = 16; o < 32; o++) {
        /* flh fs11, 0(a4) */
        THROUGH(".insn i 0x07, 1, x27, 0(a4)", bytes + o, "fsd fs11, 0(a3)", &got);
        good &= got == (expected(o, 2) | ~(uint64_t)0xffff); /* NaN-boxed */
        /* fsh fs11, 0(a3) */
        THROUGH("fld fs11, 0(a4)", &v, ".insn s 0x27, 1, x27, 0(a3)", bytes + o);
        good &= stored(o, 2, (unsigned long)v);
    }
    check(good, "misaligned flh, fsh");
}

static void check_float(void)
{
    csr_set(sstatus, SSTATUS_FS);
    if (csr_read(sstatus) & SSTATUS_FS) { /* else the hart has no such registers */
        check_float_loads();
        check_float_stores();
        if (isa_has("_zfh_"))
            check_float_halves();
    }
    csr_clear(sstatus, SSTATUS_FS);
}

void test_misaligned(void)
{
    for (unsigned i = 0; i < sizeof(bytes); i++)
        bytes[i] = i * 37 + 0x85;
    check_loads();
    check_stores();
    if (isa_has("_zcb_"))
        check_compressed_halves();
    check_float();

    /* Half of it in a page that is not there: a page fault at the missing page. */
    static unsigned char page[4096] __attribute__((aligned(4096)));
    unsigned long end = page_va + 4096;
    memset(page, 0x11, sizeof(page));
    paging_page(page, PAGE_R | PAGE_W);
    paging_on();
    struct caught c = try_load(end - 2, 4);
    check(c.cause == 13 && c.tval >= end - 2 && c.tval <= end,
          "misaligned load across a missing page");
    c = try_store(end - 1, -1, 2);
    check(c.cause == 15 && c.tval >= end - 1 && c.tval <= end,
          "misaligned store across a missing page");
    paging_page(page, PAGE_R);
    c = try_store(page_va + 1, -1, 4);
    check_caught(c, 15, page_va + 1, "misaligned store to a read-only page");
    c = try_load(page_va + 1, 4);
    check(c.cause == -1ul && c.value == 0x11111111, "misaligned load from a read-only page");
    paging_page(page, PAGE_R | PAGE_W | PAGE_U);
    c = try_load(page_va + 1, 4);
    check_caught(c, 13, page_va + 1, "misaligned load from a page of U-mode");
    paging_off();
}

/* ---- Isolation ---- */

static void check_no_access(unsigned long addr, const char *place)
{
    char text[80] = "";
    static const char *const ways[] = {"load from ", "store to ", "jump to "};
    struct caught c[] = {try_load(addr, 1), try_store(addr, 0, 1), try_jump(addr & ~3ul)};
    static const unsigned long causes[] = {5, 7, 1};
    for (unsigned i = 0; i < 3; i++) {
        strlcpy(text, ways[i], sizeof(text));
        strlcpy(text + strlen(text), place, sizeof(text) - strlen(text));
        check_caught(c[i], causes[i], i == 2 ? addr & ~3ul : addr, text);
    }
}

static void check_no_user_access(unsigned long pa)
{
    unsigned long va = user_alias(pa);
    check_caught(user_run(user_alias((unsigned long)user_load), va), 5, va,
                 "U-mode: load from the firmware");
    check_caught(user_run(user_alias((unsigned long)user_store), va), 7, va,
                 "U-mode: store to the firmware");
    check_caught(user_run(user_alias((unsigned long)user_jump), va), 1, va,
                 "U-mode: jump to the firmware");
}

void test_isolation(void)
{
    unsigned long first = machine.firmware, end = first + machine.firmware_size;
    if (!check(machine.firmware_size != 0, "the firmware's memory is known"))
        return;
    check_no_access(first, "the firmware's first byte");
    check_no_access(end - 1, "the firmware's last byte");
    unsigned open = 0;
    for (unsigned long addr = first; addr < end; addr += 4096)
        open += try_load(addr, 4).cause != 5 || try_store(addr + 4092, 0, 4).cause != 7;
    check_equal(open, 0, "every page of the firmware is closed");
    check(try_load(end, 4).cause == -1ul && try_store(end, 0, 4).cause == -1ul,
          "memory behind it is open");
    paging_on();
    check_no_access(first + 64, "the firmware with paging on");
    check_no_user_access(first + 64);
    paging_off();
}

/* ---- The device tree that S-mode gets ---- */

void test_tree(void)
{
    const struct fdt *tree = &machine.tree;
    int reserved = fdt_node_by_path(tree, "/reserved-memory");
    check(((unsigned long)tree->base & 7) == 0, "the device tree is aligned to 8 bytes");
    check(fdt_prop(tree, reserved, "ranges", NULL) != NULL, "/reserved-memory has ranges");
    check_equal(machine.firmware_nodes, 1, "one node of /reserved-memory is the firmware's");
    check_ours("relies on PMP alone", machine.firmware_no_map, "it must not be mapped");
    check(fdt_prop_string(tree, fdt_node_by_path(tree, "/chosen"), "stdout-path") != NULL,
          "/chosen is there");
}
