#pragma once
/* What the memory-model tests share: the machine, barriers between harts, output. */
#include <stdbool.h>
#include <stdint.h>

enum { MAX_HARTS = 8, CELLS = 256 };

#ifndef ITERATIONS
#    define ITERATIONS 20000
#endif

/* Of tests in which the harts wait for each other, the short form takes fewer. */
#define HANDSHAKES (ITERATIONS >= 1000000 ? ITERATIONS : ITERATIONS / 20)
#ifndef HARTS
#    define HARTS 2
#endif

#define pause() __asm__ volatile(".4byte 0x0100000f" ::: "memory")
#define mb()    __asm__ volatile("fence rw, rw" ::: "memory")

/* All harts meet. */
void barrier(void);

void print(const char *text);
void print_number(unsigned long n);

/*
 * "NAME harts N total N forbidden N weak N": counts of iterations, of those whose outcome the model
 * forbids, and of those it allows though no interleaving of the instructions explains them.
 */
void report(const char *name, unsigned harts, unsigned long total, unsigned long forbidden,
            unsigned long weak);

/* atomics.c: what harts do to one word together; all harts call them. */
void test_atomics(unsigned hart);
/* reserve.c: stores between LR and SC. */
void test_reservations(unsigned hart);
/* code.c: code written by one hart and run by another; harts woken from WFI. */
void test_code(unsigned hart);
