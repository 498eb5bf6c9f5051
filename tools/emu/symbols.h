#pragma once
/* Names for guest addresses, from the symbol tables of ELF files. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/elf.h"

struct symbols;

/* NULL when out of memory. */
struct symbols *symbols_create(void);
void symbols_destroy(struct symbols *symbols);

/*
 * Adds the file's functions, objects and labels, at their virtual addresses plus `bias`, and where
 * that is different at their physical ones (a kernel runs there until its page tables are on).
 * The file's image must stay. Returns 0, or -1 when out of memory.
 */
int symbols_add(struct symbols *symbols, const struct elf *elf, uint64_t bias);

/*
 * The name for an address and how far behind it that is: of the function or object that covers it,
 * or the last label before it in its segment. NULL if there is none. Any thread, once nothing is
 * added any more and symbols_sort() was called.
 */
const char *symbols_find(const struct symbols *symbols, uint64_t addr, uint64_t *offset);
void symbols_sort(struct symbols *symbols);
