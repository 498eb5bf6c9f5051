#pragma once
/*
 * The host-target interface that Spike and the public test suites use: two 64-bit words of guest
 * memory, found by the ELF symbols `tohost` and `fromhost`.
 *
 * The guest writes a command to tohost: device in bits 63:56, command in bits 55:48, payload below
 * (riscv-isa-sim, fesvr/device.h). It is carried out at once and tohost reads as zero again; an
 * answer goes to fromhost as soon as the guest has set that to zero.
 *
 *   device 0, command 0   payload bit 0 set: end of the run, status payload >> 1.
 *                         Else the physical address of eight 64-bit words: a system call's number
 *                         (riscv Linux's) and arguments; the result replaces the first, and the
 *                         answer is 1. Only those that concern the console and the end exist.
 *   device 1, command 0   a character typed: answered by 0x100 | character when there is one
 *   device 1, command 1   the payload's low byte is shown
 *
 * A guest that can only write 32 bits writes two halves, in any order; what is written to one half
 * alone (old test suites do) counts when the other half has not followed for a while.
 *
 * The words' pages are watched pages (ram.h), so nothing else pays for it. Called on the thread
 * that drives the machine, or by a hart inside hart_run() as device callbacks are.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct hart;
struct htif;

/*
 * Gives the machine the interface, with the words at these physical addresses; no_fromhost: the
 * guest reads no answers, `fromhost` is ignored. Returns 0, or -1 if they are not all in memory,
 * there is an interface already or memory is out. The machine owns it.
 */
int htif_attach(struct machine *m, uint64_t tohost, uint64_t fromhost, bool no_fromhost);
void htif_destroy(struct htif *htif);

/* Power-on state. The words themselves come with the guest's image. */
void htif_reset(struct htif *htif);

/*
 * A hart stored `size` bytes at paddr, in a watched page. done: they are in memory; else they will
 * be when its instruction ends.
 */
void htif_stored(struct htif *htif, uint64_t paddr, unsigned size, bool done);

/*
 * Whether the guest reads the console through this interface: then console input is offered to
 * htif_input(), which returns how many of the n bytes were taken.
 */
bool htif_wants_input(const struct htif *htif);
size_t htif_input(struct htif *htif, const uint8_t *bytes, size_t n);

/* The status the guest ended the run with, which may be more than a process can return; else 0. */
uint64_t htif_status(const struct htif *htif);
