/*
 * lib/fdt*.c. Witnesses: dtc compiles the sources this test writes and decompiles what the writer
 * and the editor made; QEMU's own device tree goes through reader and writer unchanged.
 */
#include "lib/fdt.h"
#include "tap.h"

#include "../fuzz/fuzz_fdt.c"

/*
 * ---- A tree to compare with ---------------------------------------------------------------------
 */

enum { MAX_PROPS = 8, MAX_CHILDREN = 6, MAX_DATA = 40, ROOM = 1 << 16 };

struct node {
    char name[32];
    struct prop {
        char name[16];
        uint8_t data[MAX_DATA];
        unsigned len;
    } props[MAX_PROPS];
    struct node *children[MAX_CHILDREN];
    unsigned prop_count, child_count;
};

static struct prop *model_prop(struct node *n, const char *name)
{
    for (unsigned i = 0; i < n->prop_count; i++) {
        if (strcmp(n->props[i].name, name) == 0)
            return &n->props[i];
    }
    return NULL;
}

static void model_set(struct node *n, const char *name, const void *data, unsigned len)
{
    struct prop *p = model_prop(n, name);
    if (!p)
        p = &n->props[n->prop_count++];
    strcpy(p->name, name);
    if (len > 0)
        memcpy(p->data, data, len);
    p->len = len;
}

static unsigned random_data(uint8_t *data)
{
    unsigned len = random_below(MAX_DATA);
    if (random_below(2))
        len &= ~3U;
    bool text = random_below(2);
    for (unsigned i = 0; i < len; i++)
        data[i] = text ? (uint8_t)('a' + random_below(26)) : (uint8_t)random_u64();
    if (text && len > 0)
        data[len - 1] = '\0';
    return len;
}

static const char *random_prop_name(void)
{
    static const char *const names[] = {"prop", "op",           "a", "status-x", "zebra",
                                        "xyz",  "long-name-12", "b", "c",        "dd"};
    return names[random_below(10)];
}

static struct node *model_new(const char *name)
{
    struct node *n = calloc(1, sizeof *n);
    strcpy(n->name, name);
    return n;
}

static struct node *model_random(unsigned depth)
{
    static unsigned serial;
    char name[32];
    sprintf(name, random_below(2) ? "node%u@%x" : "n%u", serial, serial * 16);
    serial++;
    struct node *n = model_new(depth == 0 ? "" : name);
    for (unsigned i = random_below(MAX_PROPS); i > 0; i--) {
        uint8_t data[MAX_DATA];
        unsigned len = random_data(data);
        model_set(n, random_prop_name(), data, len);
    }
    unsigned children = depth > 4 ? 0 : random_below(MAX_CHILDREN);
    for (unsigned i = 0; i < children; i++)
        n->children[n->child_count++] = model_random(depth + 1);
    return n;
}

static void model_free(struct node *n)
{
    for (unsigned i = 0; i < n->child_count; i++)
        model_free(n->children[i]);
    free(n);
}

static void model_print(FILE *f, const struct node *n)
{
    fprintf(f, "%s {\n", n->name[0] ? n->name : "/");
    for (unsigned i = 0; i < n->prop_count; i++) {
        fprintf(f, "%s", n->props[i].name);
        for (unsigned k = 0; k < n->props[i].len; k++)
            fprintf(f, "%s%02x", k == 0 ? " = [" : " ", n->props[i].data[k]);
        fprintf(f, n->props[i].len ? "];\n" : ";\n");
    }
    for (unsigned i = 0; i < n->child_count; i++)
        model_print(f, n->children[i]);
    fprintf(f, "};\n");
}

/* Whether dtc, given the model as source, ends at the same as when given the blob. */
static bool dtc_agrees(const struct node *root, unsigned reservations, const void *blob,
                       size_t size)
{
    FILE *f = fopen(scratch_path("model.dts"), "w");
    fprintf(f, "/dts-v1/;\n");
    for (unsigned i = 0; i < reservations; i++)
        fprintf(f, "/memreserve/ 0x%x 0x%x;\n", 0x80000000 + i * 0x1000, 0x100 + i);
    model_print(f, root);
    fclose(f);
    scratch_write("ours.dtb", blob, size);
    return run("dtc -q -f -I dts -O dtb model.dts -o model.dtb && "
               "dtc -q -f -I dtb -O dts model.dtb -o theirs.dts && "
               "dtc -q -f -I dtb -O dts ours.dtb -o ours.dts && cmp theirs.dts ours.dts") == 0;
}

static void write_model(struct fdt_writer *w, const struct node *n)
{
    fdtw_begin_node(w, n->name);
    for (unsigned i = 0; i < n->prop_count; i++)
        fdtw_prop(w, n->props[i].name, n->props[i].data, n->props[i].len);
    for (unsigned i = 0; i < n->child_count; i++)
        write_model(w, n->children[i]);
    fdtw_end_node(w);
}

/* Whether the reader sees the model, no more and no less. */
static bool reads_as(const struct fdt *fdt, int node, const struct node *n)
{
    const char *name;
    const void *data;
    int len;
    unsigned i = 0;
    if (node < 0 || strcmp(fdt_name(fdt, node), n->name) != 0)
        return false;
    for (const void *p = NULL; (p = fdt_next_prop(fdt, node, p, &name, &data, &len)); i++) {
        if (i >= n->prop_count || strcmp(name, n->props[i].name) != 0 ||
            len != (int)n->props[i].len || memcmp(data, n->props[i].data, (size_t)len) != 0 ||
            fdt_prop(fdt, node, name, NULL) != data)
            return false;
    }
    if (i != n->prop_count)
        return false;
    int child;
    i = 0;
    fdt_for_each_child (child, fdt, node) {
        if (i >= n->child_count || fdt_child_by_name(fdt, node, n->children[i]->name) != child ||
            !reads_as(fdt, child, n->children[i]))
            return false;
        i++;
    }
    return i == n->child_count;
}

static uint8_t buffer[ROOM] __attribute__((aligned(8)));

static int write_tree(const struct node *root, unsigned reservations)
{
    struct fdt_writer w;
    fdtw_begin(&w, buffer, ROOM);
    for (unsigned i = 0; i < reservations; i++)
        fdtw_reserve(&w, 0x80000000 + i * 0x1000, 0x100 + i);
    write_model(&w, root);
    return fdtw_finish(&w, 7);
}

static void test_writer(void)
{
    struct cases read = {.text = "written trees read back"};
    struct cases witness = {.text = "written trees are dtc's"};
    for (unsigned i = 0; i < 200; i++) {
        struct node *root = model_random(0);
        struct fdt fdt;
        unsigned reservations = random_below(4);
        int size = write_tree(root, reservations);
        bool opens = fdt_open(&fdt, buffer, (size_t)size) == 0;
        uint64_t addr, extent;
        cases_check(&read, opens && reads_as(&fdt, fdt_root(&fdt), root), "tree %u", i);
        cases_check(
            &read,
            opens && fdt_boot_cpu(&fdt) == 7 &&
                fdt_reserve(&fdt, reservations, &addr, &extent) == -FDT_ENOTFOUND &&
                (reservations == 0 || (fdt_reserve(&fdt, reservations - 1, &addr, &extent) == 0 &&
                                       addr == 0x80000000 + (reservations - 1) * 0x1000 &&
                                       extent == 0x100 + reservations - 1)),
            "reservations of tree %u", i);
        if (i < 20)
            cases_check(&witness, dtc_agrees(root, reservations, buffer, (size_t)size), "tree %u",
                        i);
        model_free(root);
    }
    cases_end(&read);
    cases_end(&witness);
}

/* Every buffer that is too small is reported, and not a byte behind it touched. */
static void test_writer_room(void)
{
    struct cases c = {.text = "writing into too little room"};
    struct node *root = model_random(0);
    int need = write_tree(root, 1);
    for (int room = 0; room <= need + 8; room++) {
        struct fdt_writer w;
        uint8_t *buf = malloc((size_t)room + 1);
        fdtw_begin(&w, buf, (size_t)room);
        fdtw_reserve(&w, 0x80000000, 0x100);
        write_model(&w, root);
        int size = fdtw_finish(&w, 7);
        cases_check(&c, size == (room < need ? -FDT_ENOROOM : need), "%d of %d: %d", room, need,
                    size);
        if (size > 0)
            cases_check(&c, memcmp(buf, buffer, (size_t)size) == 0, "same bytes");
        free(buf);
    }
    cases_end(&c);
    model_free(root);
}

static void test_writer_misuse(void)
{
    struct fdt_writer w;
    fdtw_begin(&w, buffer, ROOM);
    is_int(fdtw_finish(&w, 0), -FDT_EORDER, "no root");
    fdtw_begin(&w, buffer, ROOM);
    fdtw_begin_node(&w, "");
    is_int(fdtw_finish(&w, 0), -FDT_EORDER, "root left open");
    fdtw_begin(&w, buffer, ROOM);
    fdtw_begin_node(&w, "");
    fdtw_begin_node(&w, "a");
    fdtw_end_node(&w);
    fdtw_prop_u32(&w, "late", 1);
    fdtw_end_node(&w);
    is_int(fdtw_finish(&w, 0), -FDT_EORDER, "property behind a child");
    fdtw_begin(&w, buffer, ROOM);
    fdtw_begin_node(&w, "");
    fdtw_end_node(&w);
    fdtw_begin_node(&w, "");
    fdtw_end_node(&w);
    is_int(fdtw_finish(&w, 0), -FDT_EORDER, "second root");
    fdtw_begin(&w, buffer, ROOM);
    for (int i = 0; i <= FDT_MAX_DEPTH; i++)
        fdtw_begin_node(&w, "x");
    for (int i = 0; i <= FDT_MAX_DEPTH; i++)
        fdtw_end_node(&w);
    is_int(fdtw_finish(&w, 0), -FDT_EDEPTH, "too deep");
    fdtw_begin(&w, buffer + 4, ROOM - 4);
    fdtw_begin_node(&w, "");
    fdtw_end_node(&w);
    is_int(fdtw_finish(&w, 0), -FDT_EALIGN, "misaligned buffer");
}

/*
 * ---- Editing ------------------------------------------------------------------------------------
 */

struct place {
    struct node *node;
    int offset;
};

/* A random node in model and tree. */
static struct place random_place(const struct fdt *fdt, struct node *root)
{
    struct place p = {root, fdt_root(fdt)};
    while (p.node->child_count > 0 && random_below(4) != 0) {
        p.node = p.node->children[random_below(p.node->child_count)];
        p.offset = fdt_child_by_name(fdt, p.offset, p.node->name);
    }
    return p;
}

/* One random change to both; returns false if they disagree whether it succeeds. */
static bool random_edit(struct fdt *fdt, struct node *root)
{
    static unsigned serial;
    struct place p = random_place(fdt, root);
    uint8_t data[MAX_DATA];
    const char *prop = random_prop_name();
    unsigned len, at;
    char name[32];
    int child;
    switch (random_below(5)) {
    case 0:
    case 1:
        len = random_data(data);
        if (p.node->prop_count == MAX_PROPS && !model_prop(p.node, prop))
            return true;
        model_set(p.node, prop, data, len);
        return fdt_set_prop(fdt, p.offset, prop, data, len) == 0;
    case 2:
        if (!model_prop(p.node, prop))
            return fdt_del_prop(fdt, p.offset, prop) == -FDT_ENOTFOUND;
        at = (unsigned)(model_prop(p.node, prop) - p.node->props);
        memmove(p.node->props + at, p.node->props + at + 1,
                (--p.node->prop_count - at) * sizeof p.node->props[0]);
        return fdt_del_prop(fdt, p.offset, prop) == 0;
    case 3:
        if (p.node->child_count == MAX_CHILDREN)
            return true;
        sprintf(name, "new%u", serial++);
        p.node->children[p.node->child_count++] = model_new(name);
        child = fdt_add_node(fdt, p.offset, name);
        return child >= 0 && strcmp(fdt_name(fdt, child), name) == 0 &&
               fdt_parent(fdt, child) == p.offset &&
               fdt_add_node(fdt, p.offset, name) == -FDT_EEXISTS;
    default:
        if (p.node->child_count == 0)
            return true;
        at = random_below(p.node->child_count);
        child = fdt_child_by_name(fdt, p.offset, p.node->children[at]->name);
        model_free(p.node->children[at]);
        memmove(p.node->children + at, p.node->children + at + 1,
                (--p.node->child_count - at) * sizeof p.node->children[0]);
        return fdt_del_node(fdt, child) == 0;
    }
}

static void test_editor(void)
{
    struct cases c = {.text = "random edits"}, witness = {.text = "edited trees are dtc's"};
    for (unsigned i = 0; i < 15; i++) {
        struct node *root = model_random(0);
        struct fdt fdt, again;
        write_tree(root, 1);
        if (fdt_open_rw(&fdt, buffer, ROOM) != 0)
            break;
        unsigned reservations = 1;
        for (unsigned step = 0; step < 200; step++) {
            cases_check(&c, random_edit(&fdt, root), "edit %u of tree %u", step, i);
            if (step % 60 == 0) {
                int error =
                    fdt_add_reserve(&fdt, 0x80000000 + reservations * 0x1000, 0x100 + reservations);
                cases_check(&c, error == 0, "reservation");
                reservations++;
            }
            cases_check(&c,
                        fdt_open(&again, buffer, ROOM) == 0 && again.size == fdt.size &&
                            reads_as(&again, fdt_root(&again), root),
                        "edit %u of tree %u", step, i);
        }
        cases_check(&witness, dtc_agrees(root, reservations, buffer, fdt.size), "tree %u", i);
        model_free(root);
    }
    cases_end(&c);
    cases_end(&witness);
}

/* In a buffer without room every change fails and leaves the bytes alone. */
static void test_editor_room(void)
{
    struct fdt_writer w;
    struct fdt fdt;
    fdtw_begin(&w, buffer, ROOM);
    fdtw_begin_node(&w, "");
    fdtw_prop_u32(&w, "one", 1);
    fdtw_end_node(&w);
    size_t size = (size_t)fdtw_finish(&w, 0);
    uint8_t *tight = malloc(size), *before = malloc(size);
    memcpy(tight, buffer, size);
    memcpy(before, buffer, size);
    is_int(fdt_open_rw(&fdt, tight, size), 0, "open in place");
    ok(fdt_add_node(&fdt, 0, "x") == -FDT_ENOROOM && fdt_add_reserve(&fdt, 1, 1) == -FDT_ENOROOM &&
           fdt_set_prop_u64(&fdt, 0, "one", 1) == -FDT_ENOROOM &&
           fdt_set_prop_u32(&fdt, 0, "two", 1) == -FDT_ENOROOM && memcmp(tight, before, size) == 0,
       "no room: nothing changed");
    is_int(fdt_set_prop_u32(&fdt, 0, "one", 2), 0, "same size: fits");
    is_int(fdt_open(&fdt, tight, size), 0, "reopen read-only");
    ok(fdt_set_prop_u32(&fdt, 0, "one", 3) == -FDT_EREADONLY &&
           fdt_del_prop(&fdt, 0, "one") == -FDT_EREADONLY &&
           fdt_add_node(&fdt, 0, "x") == -FDT_EREADONLY &&
           fdt_add_reserve(&fdt, 1, 1) == -FDT_EREADONLY && fdt_claim_slack(&fdt) == -FDT_EREADONLY,
       "read-only trees are not edited");
    struct fdt copy;
    is_int(fdt_open_into(&copy, buffer, size - 1, &fdt), -FDT_ENOROOM, "copy: no room");
    is_int(fdt_open_into(&copy, buffer + 4, ROOM - 4, &fdt), -FDT_EALIGN, "copy: misaligned");
    is_int(fdt_open_into(&copy, buffer, ROOM, &fdt), 0, "copy");
    is_int(fdt_add_node(&copy, 0, "a/b"), -FDT_EVALUE, "bad node name");
    int node = 0;
    for (int i = 1; i < FDT_MAX_DEPTH; i++)
        node = fdt_add_node(&copy, node, "deep");
    ok(node > 0 && fdt_add_node(&copy, node, "deep") == -FDT_EDEPTH,
       "editing keeps to the depth limit");
    is_int(fdt_set_boot_cpu(&copy, 3), 0, "set boot hart");
    is_int(fdt_claim_slack(&copy), 0, "claim the slack");
    is_int(fdt_open(&copy, buffer, ROOM - 1), -FDT_ETRUNC, "the tree has all of it");
    is_int(fdt_open_rw(&copy, buffer, ROOM), 0, "open it again");
    is_int(fdt_set_prop_u32(&copy, 0, "two", 2), 0, "and use it");
    is_int(fdt_boot_cpu(&copy), 3, "boot hart");
    free(tight);
    free(before);
}

/*
 * ---- Reading what dtc made ----------------------------------------------------------------------
 */

static const char source[] =
    "/dts-v1/;\n"
    "/memreserve/ 0x80000000 0x40000;\n"
    "/ { #address-cells = <2>; #size-cells = <2>; compatible = \"tarn,test\", \"generic\";\n"
    "  aliases { serial0 = &uart; loop = \"loop\"; bad = [2f 73]; };\n"
    "  cpus { #address-cells = <1>; #size-cells = <0>; timebase-frequency = <10000000>;\n"
    "    cpu@0 { reg = <0>; status = \"okay\"; }; cpu@3 { reg = <3>; status = \"disabled\"; }; };\n"
    "  memory@80000000 { reg = <0x0 0x80000000 0x1 0x0>, <0x2 0x0 0x0 0x1000>; };\n"
    "  soc { #address-cells = <2>; #size-cells = <2>; ranges; compatible = \"simple-bus\";\n"
    "    uart: serial@10000000 { reg = <0 0x10000000 0 0x100>; compatible = \"ns16550a\"; "
    "interrupts = <10 11>;\n"
    "       interrupt-parent = <&plic>; };\n"
    "    plic: plic@c000000 { reg = <0 0xc000000 0 0x600000>; compatible = \"sifive,plic-1.0.0\", "
    "\"riscv,plic0\"; };\n"
    "    bridge { #address-cells = <1>; #size-cells = <1>;\n"
    "      ranges = <0x1000 0x0 0x20000000 0x1000>, <0x8000 0x4 0x0 0x8000>;\n"
    "      dev@1100 { reg = <0x1100 0x80>; }; dev@9000 { reg = <0x9000 0x100>; }; dev@1f80 { reg = "
    "<0x1f80 0x81>; };\n"
    "      inner { #address-cells = <1>; #size-cells = <1>; ranges = <0 0x8000 0x100>;\n"
    "        leaf@10 { reg = <0x10 0x4>, <0x14 0x4>; }; };\n"
    "    };\n"
    "    odd { #address-cells = <5>; #size-cells = <1>; dev { reg = <1 2 3 4 5 6>; }; };\n"
    "    wrap { dev { reg = <1 2 3>; }; };\n"
    "    big { #address-cells = <2>; #size-cells = <2>; dev { reg = <0xffffffff 0xfffff000 0 "
    "0x1001>; };\n"
    "          top { reg = <0xffffffff 0xfffff000 0 0x1000>; }; };\n"
    "  };\n"
    "  text { list = \"a\", \"\", \"bcd\"; open = [61 62]; empty; u64 = <0x1 0x2>; three = <1 2 "
    "3>; };\n"
    "  ok { status = \"ok\"; }; no { status = \"okay\", \"x\"; };\n"
    "};\n";

static void is_reg(struct fdt *fdt, const char *path, unsigned index, int want, uint64_t addr,
                   uint64_t size)
{
    uint64_t a = 0, s = 0;
    int got = fdt_reg(fdt, fdt_node_by_path(fdt, path), index, &a, &s);
    ok(got == want && (got != 0 || (a == addr && s == size)), "reg %u of %s", index, path);
    if (got != want || (got == 0 && (a != addr || s != size)))
        diag("%d: %#llx %#llx", got, (unsigned long long)a, (unsigned long long)s);
}

static void test_reg(struct fdt *fdt)
{
    is_reg(fdt, "/soc/serial@10000000", 0, 0, 0x10000000, 0x100);
    is_reg(fdt, "/memory", 1, 0, 0x200000000, 0x1000);
    is_reg(fdt, "/memory", 0, 0, 0x80000000, 0x100000000);
    is_reg(fdt, "/memory", 2, -FDT_ENOTFOUND, 0, 0);
    is_reg(fdt, "/cpus/cpu@3", 0, 0, 3, 0);
    is_reg(fdt, "/soc/bridge/dev@1100", 0, 0, 0x20000100, 0x80);
    is_reg(fdt, "/soc/bridge/dev@9000", 0, 0, 0x400001000, 0x100);
    is_reg(fdt, "/soc/bridge/dev@1f80", 0, -FDT_EVALUE, 0, 0);
    is_reg(fdt, "/soc/bridge/inner/leaf", 1, 0, 0x400000014, 4);
    is_reg(fdt, "/soc/bridge/dev@1100", 0, 0, 0x20000100, 0x80);
    is_reg(fdt, "/soc/odd/dev", 0, -FDT_EVALUE, 0, 0);
    is_reg(fdt, "/soc/wrap/dev", 0, 0, 0x100000002, 3);
    is_reg(fdt, "/soc/wrap/dev", 1, -FDT_ENOTFOUND, 0, 0);
    is_reg(fdt, "/soc/big/dev", 0, -FDT_EVALUE, 0, 0);
    is_reg(fdt, "/soc/big/top", 0, 0, 0xfffffffffffff000, 0x1000);
    is_reg(fdt, "/soc", 0, -FDT_ENOTFOUND, 0, 0);
    /* in random order, the cache must never matter */
    struct cases c = {.text = "fdt_reg and fdt_parent in any order"};
    int nodes[64], n = 0;
    for (int node = fdt_root(fdt); node >= 0 && n < 64; node = fdt_next_node(fdt, node, NULL))
        nodes[n++] = node;
    for (unsigned i = 0; i < 4000; i++) {
        int node = nodes[random_below((unsigned)n)];
        struct fdt fresh;
        uint64_t a = 0, b = 0, s, t;
        fdt_open(&fresh, fdt->base, fdt->size);
        int p = fdt_reg(fdt, node, 0, &a, &s), q = fdt_reg(&fresh, node, 0, &b, &t);
        fdt_open(&fresh, fdt->base, fdt->size);
        cases_check(&c, p == q && a == b && fdt_parent(fdt, node) == fdt_parent(&fresh, node), "%d",
                    node);
    }
    cases_end(&c);
}

static void test_find(struct fdt *fdt)
{
    int uart = fdt_node_by_path(fdt, "/soc/serial@10000000"),
        plic = fdt_node_by_path(fdt, "/soc/plic");
    is_str(fdt_name(fdt, uart), "serial@10000000", "path");
    is_str(fdt_name(fdt, plic), "plic@c000000", "path without unit address");
    is_int(fdt_node_by_path(fdt, "/soc/serial@10000001"), -FDT_ENOTFOUND, "wrong unit address");
    is_int(fdt_node_by_path(fdt, "/soc/seria"), -FDT_ENOTFOUND, "prefix of a name");
    is_int(fdt_node_by_path(fdt, "serial0:115200n8"), uart, "alias with options");
    is_int(fdt_node_by_path(fdt, "/soc/serial:9600"), uart, "path with options");
    is_int(fdt_node_by_path(fdt, "//soc//serial/"), uart, "additional slashes");
    is_int(fdt_node_by_path(fdt, "/"), fdt_root(fdt), "root");
    is_int(fdt_node_by_path(fdt, "loop"), -FDT_ENOTFOUND, "alias to an alias");
    is_int(fdt_node_by_path(fdt, "bad"), -FDT_ENOTFOUND, "unterminated alias");
    is_int(fdt_node_by_path(fdt, "nothing"), -FDT_ENOTFOUND, "no such alias");
    uint32_t phandle = 0;
    is_int(fdt_prop_u32(fdt, uart, "interrupt-parent", &phandle), 0, "interrupt-parent");
    is_int(fdt_node_by_phandle(fdt, phandle), plic, "by phandle");
    is_int(fdt_node_by_phandle(fdt, 99), -FDT_ENOTFOUND, "no such phandle");
    is_int(fdt_node_by_phandle(fdt, 0), -FDT_ENOTFOUND, "phandle 0");
    is_int(fdt_next_compatible(fdt, -1, "riscv,plic0"), plic, "compatible, second in the list");
    is_int(fdt_next_compatible(fdt, plic, "riscv,plic0"), -FDT_ENOTFOUND, "and no other");
    is_int(fdt_next_compatible(fdt, -1, "generic"), fdt_root(fdt), "compatible of the root");
    is_int(fdt_next_compatible(fdt, -1, "riscv,plic"), -FDT_ENOTFOUND, "prefix of a compatible");
    ok(fdt_is_compatible(fdt, plic, "riscv,plic0") && !fdt_is_compatible(fdt, uart, "ns16550"),
       "is_compatible");
    is_int(fdt_parent(fdt, fdt_root(fdt)), -FDT_ENOTFOUND, "the root has no parent");
    int depth = 0;
    fdt_next_node(fdt, fdt_node_by_path(fdt, "/soc/bridge/inner/leaf"), &depth);
    is_int(depth, -2, "depth two levels up");
    ok(fdt_is_available(fdt, uart) && fdt_is_available(fdt, fdt_node_by_path(fdt, "/cpus/cpu@0")) &&
           fdt_is_available(fdt, fdt_node_by_path(fdt, "/ok")),
       "available");
    ok(!fdt_is_available(fdt, fdt_node_by_path(fdt, "/cpus/cpu@3")) &&
           !fdt_is_available(fdt, fdt_node_by_path(fdt, "/no")) && !fdt_is_available(fdt, -1),
       "not available");
}

static void test_props(struct fdt *fdt)
{
    int text = fdt_node_by_path(fdt, "/text"), len;
    uint64_t u64 = 0;
    uint32_t u32 = 0;
    is_str(fdt_prop_string(fdt, text, "list"), "a", "first string");
    is_str(fdt_prop_string_at(fdt, text, "list", 1), "", "empty string");
    is_str(fdt_prop_string_at(fdt, text, "list", 2), "bcd", "third string");
    is_str(fdt_prop_string_at(fdt, text, "list", 3), NULL, "no fourth string");
    is_str(fdt_prop_string(fdt, text, "open"), NULL, "unterminated string");
    is_str(fdt_prop_string(fdt, text, "empty"), NULL, "string of an empty property");
    ok(fdt_prop(fdt, text, "empty", &len) && len == 0, "empty property");
    ok(!fdt_prop(fdt, text, "absent", &len) && len == -FDT_ENOTFOUND, "absent property");
    ok(fdt_prop_u64(fdt, text, "u64", &u64) == 0 && u64 == 0x100000002, "two cells");
    is_int(fdt_prop_u32(fdt, text, "u64", &u32), -FDT_EVALUE, "two cells are not one");
    is_int(fdt_prop_u64(fdt, text, "three", &u64), -FDT_EVALUE, "three cells are no number");
    ok(fdt_prop_cell(fdt, text, "three", 2, &u32) == 0 && u32 == 3, "third cell");
    is_int(fdt_prop_cell(fdt, text, "three", 3, &u32), -FDT_ENOTFOUND, "no fourth cell");
    const void *list = fdt_prop(fdt, text, "list", &len);
    ok(fdt_stringlist_contains(list, len, "bcd") && fdt_stringlist_contains(list, len, "") &&
           !fdt_stringlist_contains(list, len, "bc") && !fdt_stringlist_contains(list, 5, "bcd") &&
           !fdt_stringlist_contains(NULL, -1, ""),
       "string lists");
}

static void test_reader(void)
{
    size_t size;
    struct fdt fdt;
    scratch_write("test.dts", source, sizeof source - 1);
    if (!ok(run("dtc -q -f -I dts -O dtb -S 8192 test.dts -o test.dtb") == 0, "dtc compiles"))
        return;
    uint8_t *blob = read_whole_file(scratch_path("test.dtb"), &size);
    is_int(fdt_open(&fdt, blob, size), 0, "open");
    is_int(fdt.size, 8192, "size with slack");
    test_find(&fdt);
    test_reg(&fdt);
    test_props(&fdt);
    free(blob);
}

/*
 * ---- Bad trees ----------------------------------------------------------------------------------
 */

/* The word at offset of a good tree replaced by value gives the error. */
static void is_bad(const uint8_t *good, size_t size, unsigned offset, uint32_t value, int error,
                   const char *text)
{
    struct fdt fdt;
    uint8_t *bad = malloc(size);
    memcpy(bad, good, size);
    value = __builtin_bswap32(value);
    memcpy(bad + offset, &value, 4);
    is_int(fdt_open(&fdt, bad, size), -error, text);
    free(bad);
}

static void test_bad(void)
{
    struct fdt_writer w;
    struct fdt fdt;
    fdtw_begin(&w, buffer, ROOM);
    fdtw_begin_node(&w, "");                  /* at 56 */
    fdtw_prop_u32(&w, "p", 1);                /* at 64 */
    fdtw_begin_node(&w, "abc");               /* at 80 */
    fdtw_end_node(&w);                        /* at 88 */
    fdtw_end_node(&w);                        /* at 92 */
    size_t size = (size_t)fdtw_finish(&w, 0); /* end token at 96, strings at 100 */
    is_int((long long)size, 102, "layout");
    is_int(fdt_open(&fdt, buffer, size), 0, "the good tree");
    is_int(fdt_open(&fdt, buffer, size - 1), -FDT_ETRUNC, "one byte less");
    is_int(fdt_open(&fdt, buffer, 39), -FDT_ETRUNC, "less than a header");
    is_int(fdt_open(&fdt, buffer + 4, size), -FDT_EALIGN, "misaligned");
    static const struct {
        unsigned offset;
        uint32_t value;
        int error;
        const char *text;
    } cases[] = {
        {0, 0xd00dfeee, FDT_EMAGIC, "magic"},
        {20, 16, FDT_EVERSION, "old version"},
        {24, 18, FDT_EVERSION, "incompatible version"},
        {4, 39, FDT_EHEADER, "totalsize below the header's"},
        {4, 0xffffffff, FDT_EHEADER, "totalsize too large"},
        {4, 103, FDT_ETRUNC, "totalsize beyond the memory"},
        {8, 57, FDT_EHEADER, "structure misaligned"},
        {8, 0xfffffff8, FDT_EHEADER, "structure outside"},
        {36, 0xfffffff0, FDT_EHEADER, "structure too large"},
        {36, 40, FDT_ESTRUCT, "structure without its end"},
        {36, 0, FDT_ESTRUCT, "empty structure"},
        {12, 103, FDT_EHEADER, "strings outside"},
        {32, 3, FDT_EHEADER, "strings too large"},
        {32, 0, FDT_ESTRING, "no strings"},
        {32, 1, FDT_ESTRING, "unterminated string"},
        {16, 44, FDT_EHEADER, "reservations misaligned"},
        {16, 96, FDT_ERESERVE, "reservations without an end"},
        {56, 2, FDT_ESTRUCT, "end of a node before any"},
        {56, 3, FDT_ESTRUCT, "property before any node"},
        {56, 9, FDT_ESTRUCT, "end before any node"},
        {60, 0x61616161, FDT_ESTRUCT, "name runs into what follows"},
        {64, 4, FDT_ESTRUCT, "rest of a property taken for tokens"},
        {64, 0x01000003, FDT_ESTRUCT, "unknown token"},
        {68, 0xffffffff, FDT_ESTRUCT, "property of 4 GiB"},
        {68, 0x7ffffffc, FDT_ESTRUCT, "property of 2 GiB"},
        {68, 20, FDT_ESTRUCT, "property beyond the end"},
        {72, 2, FDT_ESTRING, "property name outside"},
        {72, 0xffffffff, FDT_ESTRING, "property name far outside"},
        {88, 9, FDT_ESTRUCT, "end inside a node"},
        {88, 4, FDT_ESTRUCT, "node left open"},
        {92, 4, FDT_ESTRUCT, "root left open"},
        {96, 2, FDT_ESTRUCT, "one end too many"},
        {96, 4, FDT_ESTRUCT, "no end token"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        is_bad(buffer, size, cases[i].offset, cases[i].value, cases[i].error, cases[i].text);
    for (int e = 0; e < FDT_ERROR_COUNT; e++) {
        if (!fdt_strerror(-e) || strcmp(fdt_strerror(e), fdt_strerror(-e)) != 0)
            ok(false, "text of error %d", e);
    }
    is_str(fdt_strerror(-1000), "unknown device tree error", "unknown error");
}

/*
 * ---- QEMU's tree --------------------------------------------------------------------------------
 */

static void copy_node(struct fdt_writer *w, const struct fdt *fdt, int node)
{
    const char *name;
    const void *data;
    int len, child;
    fdtw_begin_node(w, fdt_name(fdt, node));
    for (const void *p = NULL; (p = fdt_next_prop(fdt, node, p, &name, &data, &len));)
        fdtw_prop(w, name, data, (size_t)len);
    fdt_for_each_child (child, fdt, node)
        copy_node(w, fdt, child);
    fdtw_end_node(w);
}

static void test_qemu(const char *qemu)
{
    if (!have(qemu)) {
        skip(qemu, "not installed");
        return;
    }
    size_t size = 0;
    struct fdt fdt;
    run("timeout 20 %s -M virt,dumpdtb=qemu.dtb -smp 3 -m 512 -nographic -bios none", qemu);
    uint8_t *blob = read_whole_file(scratch_path("qemu.dtb"), &size);
    if (!ok(blob && fdt_open(&fdt, blob, size) == 0, "%s: open its tree of %zu bytes", qemu,
            size)) {
        free(blob);
        return;
    }
    is_reg(&fdt, "/memory", 0, 0, 0x80000000, 512 << 20);
    is_reg(&fdt, "/soc/clint", 0, 0, 0x2000000, 0x10000);
    is_reg(&fdt, "/cpus/cpu@2", 0, 0, 2, 0);
    int uart = fdt_node_by_path(
        &fdt, fdt_prop_string(&fdt, fdt_node_by_path(&fdt, "/chosen"), "stdout-path"));
    uint64_t addr = 0;
    ok(fdt_is_compatible(&fdt, uart, "ns16550a") && fdt_reg(&fdt, uart, 0, &addr, NULL) == 0 &&
           addr == 0x10000000,
       "the serial port by stdout-path");
    int count = 0;
    for (int n = -1; (n = fdt_next_compatible(&fdt, n, "virtio,mmio")) >= 0;)
        count++;
    is_int(count, 8, "eight virtio slots");
    struct fdt_writer w;
    fdtw_begin(&w, buffer, ROOM);
    copy_node(&w, &fdt, fdt_root(&fdt));
    int copy_size = fdtw_finish(&w, 0);
    scratch_write("copy.dtb", buffer, copy_size > 0 ? (size_t)copy_size : 0);
    ok(run("dtc -q -f -I dtb -O dts qemu.dtb -o a.dts && dtc -q -f -I dtb -O dts copy.dtb -o b.dts "
           "&& cmp a.dts b.dts") == 0,
       "copied through reader and writer it is the same to dtc");
    struct cases c = {.text = "random damage to it"};
    for (unsigned i = 0; i < 400; i++) {
        uint8_t *bad = fuzz_copy(buffer, (size_t)copy_size);
        LLVMFuzzerTestOneInput(bad, mutate(bad, (size_t)copy_size));
        free(bad);
        cases_check(&c, true, "survived");
    }
    cases_end(&c);
    free(blob);
}

static void test_damage(void)
{
    struct cases c = {.text = "random damage"};
    for (unsigned i = 0; i < 100; i++) {
        struct node *root = model_random(2);
        strcpy(root->name, "");
        int size = write_tree(root, 2);
        uint8_t *bad = malloc((size_t)size);
        for (unsigned k = 0; k < 100; k++) {
            memcpy(bad, buffer, (size_t)size);
            LLVMFuzzerTestOneInput(bad, mutate(bad, (size_t)size));
            cases_check(&c, true, "survived");
        }
        free(bad);
        model_free(root);
    }
    cases_end(&c);
}

int main(void)
{
    test_writer();
    test_writer_room();
    test_writer_misuse();
    test_editor();
    test_editor_room();
    test_reader();
    test_bad();
    test_qemu("qemu-system-riscv64");
    test_qemu("qemu-system-riscv32");
    test_damage();
    return tap_done();
}
