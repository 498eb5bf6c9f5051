/*
 * Flattened device trees (Devicetree Specification 0.4, chapter 5): a reader, a sequential writer
 * and an editor in place.
 *
 * fdt_open() checks the whole blob once, in one pass; after that every function can rely on
 * it, so the blob must not change behind the reader's back. Nodes are named by the int offset of
 * their begin-node token in the structure block: > 0 or 0 for a node, negative for an error. A
 * node argument must come from a function of this header; a negative one is passed on as the
 * result (or as "nothing there"), so calls can be nested without checks in between. Multi-cell
 * numbers are converted from big-endian; raw property data is not.
 *
 * A struct fdt caches where it is in the tree: two threads must not use one at the same time. Copy
 * the struct (not the blob) to read in parallel.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FDT_MAGIC = 0xd00dfeed,
    FDT_HEADER_SIZE = 40,
    FDT_MAX_DEPTH = 32, /* levels of nodes, the root included */
    FDT_MAX_SIZE = 64 << 20,
};

/* Errors, returned negated. */
enum fdt_error {
    FDT_OK,
    FDT_EALIGN,    /* blob not aligned to 8 bytes */
    FDT_EMAGIC,    /* not a device tree */
    FDT_EVERSION,  /* a version older than 17 or not compatible with it */
    FDT_ETRUNC,    /* the blob is larger than the memory it is said to be in */
    FDT_EHEADER,   /* blocks outside the blob, or misaligned */
    FDT_ESTRUCT,   /* bad token or nesting, or a property outside its place */
    FDT_ESTRING,   /* a name that is not terminated or lies outside its block */
    FDT_EDEPTH,    /* nodes nested deeper than FDT_MAX_DEPTH */
    FDT_ERESERVE,  /* the reservation list has no end */
    FDT_ENOTFOUND, /* no such node, property or entry */
    FDT_EVALUE,    /* a property has an impossible length or value */
    FDT_ENOROOM,   /* writing: the buffer is too small */
    FDT_EEXISTS,   /* fdt_add_node(): there is one of this name */
    FDT_EORDER,    /* writing: call out of order */
    FDT_EREADONLY, /* editing a tree that fdt_open() opened */
    FDT_ERROR_COUNT,
};

/* An open tree. Private to lib/fdt*.c, except that base and size may be read. */
struct fdt {
    const uint8_t *base;
    uint32_t size;     /* totalsize */
    uint32_t capacity; /* bytes at base that editing may use; 0: read-only */
    const uint8_t *structure;
    uint32_t structure_size;
    const char *strings;
    uint32_t strings_size;
    const uint8_t *reserve;
    unsigned reserve_count;
    /* The path to the node at which fdt_reg() and fdt_parent() looked last. */
    struct fdt_level {
        int node;
        uint8_t address_cells, size_cells; /* for the node's children */
    } path[FDT_MAX_DEPTH];
    unsigned path_len;
    int path_pos; /* scan position: the token after the begin-node of path[path_len - 1] */
};

/*
 * ---- Reading ------------------------------------------------------------------------------------
 */

/*
 * Open and validate the tree at blob, of which max bytes may be read (SIZE_MAX if unknown: then
 * the header is believed up to FDT_MAX_SIZE). Returns 0 or -FDT_E...
 */
int fdt_open(struct fdt *fdt, const void *blob, size_t max);

/* Text for an error, with or without its minus sign; never NULL. */
const char *fdt_strerror(int error);

/* hart id in the header's boot_cpuid_phys */
uint32_t fdt_boot_cpu(const struct fdt *fdt);

int fdt_root(const struct fdt *fdt);

/* Next node down or across, -FDT_ENOTFOUND after the last. */
int fdt_first_child(const struct fdt *fdt, int node);
int fdt_next_sibling(const struct fdt *fdt, int node);
#define fdt_for_each_child(child, fdt, parent) \
    for (child = fdt_first_child(fdt, parent); child >= 0; child = fdt_next_sibling(fdt, child))

/*
 * Next node in the order of the file (children before siblings) whatever its depth; *depth, unless
 * depth is NULL, is changed by the levels gone down or up. Start with fdt_root() and 0.
 */
int fdt_next_node(const struct fdt *fdt, int node, int *depth);

/* Parent of node; -FDT_ENOTFOUND for the root. */
int fdt_parent(struct fdt *fdt, int node);

/* Name with unit address, "" for the root; NULL for a negative node. */
const char *fdt_name(const struct fdt *fdt, int node);

/* Child by name; a name without @ also matches the first child that has it before its @. */
int fdt_child_by_name(const struct fdt *fdt, int parent, const char *name);

/* Node by "/path/to@10000/node" or by "alias" or "alias/rest"; text after a ':' is ignored. */
int fdt_node_by_path(const struct fdt *fdt, const char *path);
int fdt_node_by_phandle(const struct fdt *fdt, uint32_t phandle);

/*
 * First node after the node `after` in the order of the file (-1: from the start) whose compatible
 * list contains the string: for (n = -1; (n = fdt_next_compatible(fdt, n, "x")) >= 0;) ...
 */
int fdt_next_compatible(const struct fdt *fdt, int after, const char *compatible);

/* Whether the node's compatible list contains the string. */
bool fdt_is_compatible(const struct fdt *fdt, int node, const char *compatible);

/* Whether status is absent, "okay" or "ok". */
bool fdt_is_available(const struct fdt *fdt, int node);

/*
 * Property data, aligned to 4 bytes, inside the blob; NULL if there is none. *len (unless NULL)
 * becomes its length or -FDT_ENOTFOUND. An empty property gives a pointer and length 0.
 */
const void *fdt_prop(const struct fdt *fdt, int node, const char *name, int *len);

/*
 * Properties by position: for (const void *p = NULL; (p = fdt_next_prop(fdt, node, p, &name, &data,
 * &len));) ... The returned pointer is only a place to continue from.
 */
const void *fdt_next_prop(const struct fdt *fdt, int node, const void *after, const char **name,
                          const void **data, int *len);

/* A property of exactly one cell, or of one or two cells. Return 0 or -FDT_ENOTFOUND/-FDT_EVALUE.
 */
int fdt_prop_u32(const struct fdt *fdt, int node, const char *name, uint32_t *value);
int fdt_prop_u64(const struct fdt *fdt, int node, const char *name, uint64_t *value);

/* Cell number index of a list of cells. */
int fdt_prop_cell(const struct fdt *fdt, int node, const char *name, unsigned index,
                  uint32_t *value);

/* A property that is a string (the first of a list); NULL if absent or not terminated. */
const char *fdt_prop_string(const struct fdt *fdt, int node, const char *name);

/* String number index of a list; NULL if there are fewer or it is not terminated. */
const char *fdt_prop_string_at(const struct fdt *fdt, int node, const char *name, unsigned index);

/* Whether a list of strings (property data of len bytes) contains s. */
bool fdt_stringlist_contains(const void *list, int len, const char *s);

/* The number of cells (1 to 4) that `cells` bytes-wise big-endian cells at p spell; p unaligned ok.
 */
uint64_t fdt_cells(const void *p, unsigned cells);

/*
 * Entry number index of the node's reg, as a physical address of the CPU: #address-cells and
 * #size-cells of the parent are honoured and the address goes through the ranges of all parents.
 * size may be NULL. Below a parent without ranges (cpus, for instance) the number is returned as it
 * is. Returns 0, -FDT_ENOTFOUND (no reg, or fewer entries) or -FDT_EVALUE (bad cells, lengths,
 * or an address that no range covers).
 */
int fdt_reg(struct fdt *fdt, int node, unsigned index, uint64_t *addr, uint64_t *size);

/* Entry of the memory reservation block; -FDT_ENOTFOUND after the last. */
int fdt_reserve(const struct fdt *fdt, unsigned index, uint64_t *addr, uint64_t *size);

/*
 * ---- Writing from front to back -----------------------------------------------------------------
 *
 * fdtw_begin, fdtw_reserve..., then nodes with their properties before their children, fdtw_finish.
 * Errors stick and are reported by fdtw_finish(); nothing else needs checking.
 */

struct fdt_writer {
    uint8_t *base;
    uint32_t capacity;
    uint32_t pos;       /* end of what is written from the front: reservations, structure */
    uint32_t structure; /* where the structure block starts, 0 before the first node */
    uint32_t strings;   /* bytes of strings, which grow down from the end of the buffer */
    unsigned depth;
    bool props_over; /* a child of the open node has been written */
    int error;
};

/* Start a tree at buf, aligned to 8 bytes, with room for size bytes. */
void fdtw_begin(struct fdt_writer *w, void *buf, size_t size);
/* A memory reservation; all of them before the first node. */
void fdtw_reserve(struct fdt_writer *w, uint64_t addr, uint64_t size);
/* Open a node; the root's name is "". */
void fdtw_begin_node(struct fdt_writer *w, const char *name);
void fdtw_end_node(struct fdt_writer *w);
void fdtw_prop(struct fdt_writer *w, const char *name, const void *data, size_t len);
void fdtw_prop_empty(struct fdt_writer *w, const char *name);
void fdtw_prop_u32(struct fdt_writer *w, const char *name, uint32_t value);
void fdtw_prop_u64(struct fdt_writer *w, const char *name, uint64_t value);
void fdtw_prop_cells(struct fdt_writer *w, const char *name, const uint32_t *cells, unsigned count);
/* Cells given as arguments: fdtw_cells(w, "interrupts", 1, 4); */
#define fdtw_cells(w, name, ...)                              \
    fdtw_prop_cells(w, name, (const uint32_t[]){__VA_ARGS__}, \
                    sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
void fdtw_prop_string(struct fdt_writer *w, const char *name, const char *value);
/* A list of strings: fdtw_strings(w, "compatible", "ns16550a", "ns16550"); */
void fdtw_prop_strings(struct fdt_writer *w, const char *name, const char *const *values,
                       unsigned count);
#define fdtw_strings(w, name, ...)                                 \
    fdtw_prop_strings(w, name, (const char *const[]){__VA_ARGS__}, \
                      sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
/* Close the tree. boot_cpu goes to the header. Returns the size in bytes or -FDT_E... */
int fdtw_finish(struct fdt_writer *w, uint32_t boot_cpu);

/*
 * ---- Editing in place ---------------------------------------------------------------------------
 *
 * Every successful change moves what follows it: offsets of nodes behind the change, and pointers
 * to names and data, become stale. A failed change leaves the tree as it was.
 */

/*
 * Copy the tree src to buf (aligned to 8 bytes, capacity bytes, not overlapping src) and open the
 * copy for editing. Returns 0 or -FDT_ENOROOM, -FDT_EALIGN.
 */
int fdt_open_into(struct fdt *fdt, void *buf, size_t capacity, const struct fdt *src);

/*
 * Open the tree at buf for editing where it is; capacity bytes belong to the caller. The blocks
 * must be in the usual order (reservations, structure, strings), else -FDT_EHEADER: use
 * fdt_open_into(). Returns as fdt_open().
 */
int fdt_open_rw(struct fdt *fdt, void *buf, size_t capacity);

/* Add a node as the last child of parent. Returns the node, or -FDT_EEXISTS/-FDT_ENOROOM. */
int fdt_add_node(struct fdt *fdt, int parent, const char *name);
int fdt_del_node(struct fdt *fdt, int node);

/* Set a property, new or not, from len bytes (which must not lie in the tree). */
int fdt_set_prop(struct fdt *fdt, int node, const char *name, const void *data, size_t len);
int fdt_set_prop_u32(struct fdt *fdt, int node, const char *name, uint32_t value);
int fdt_set_prop_u64(struct fdt *fdt, int node, const char *name, uint64_t value);
/* At most 16 cells. */
int fdt_set_prop_cells(struct fdt *fdt, int node, const char *name, const uint32_t *cells,
                       unsigned count);
int fdt_set_prop_string(struct fdt *fdt, int node, const char *name, const char *value);
int fdt_del_prop(struct fdt *fdt, int node, const char *name);

/*
 * Make all that the caller owns behind the tree part of it, as slack that whoever opens it next may
 * use. To be done last: every change gives it back. Returns 0 or -FDT_EREADONLY.
 */
int fdt_claim_slack(struct fdt *fdt);

/* Append to the memory reservation block. */
int fdt_add_reserve(struct fdt *fdt, uint64_t addr, uint64_t size);

/* Set the header's boot_cpuid_phys. */
int fdt_set_boot_cpu(struct fdt *fdt, uint32_t hart);
