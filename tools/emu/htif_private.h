#pragma once
/* Inside the host-target interface: the words (htif.c) and the system calls (htif_syscall.c). */
#include "tools/emu/htif.h"
#include "tools/emu/machine.h"

enum { HTIF_ANSWERS = 64 };

/* A read of the console that waits for a character: getchar's, or a system call's. */
enum htif_reading { HTIF_READ_NONE, HTIF_READ_CHAR, HTIF_READ_SYSCALL };

struct htif_state {
    uint8_t halves;  /* of tohost, stored to since a command was last taken */
    uint8_t reading; /* enum htif_reading */
    uint8_t reads;   /* the guest has read here, so console input is not the UART's */
    uint32_t answer_count;
    uint64_t read_command;        /* that waits */
    uint64_t block, buffer, room; /* of the system call that waits */
    uint64_t answers[HTIF_ANSWERS];
    uint64_t status;
};

struct htif {
    struct machine *machine;
    struct device *console;
    uint64_t tohost, fromhost;
    bool no_fromhost;
    struct timer timer; /* to look at the words without a store */
    struct htif_state state;
};

/* End the run; a status that does not fit a process's stays a failure. */
void htif_end_run(struct htif *h, uint64_t status);

/* Answer `command` (device and command of its upper bits) now or when fromhost is free. */
void htif_answer(struct htif *h, uint64_t command, uint64_t payload);

/* Wait for console input, on behalf of `command`. */
void htif_wait_input(struct htif *h, enum htif_reading reading, uint64_t command);

/* The system call whose eight words are at `block`. */
void htif_syscall(struct htif *h, uint64_t command, uint64_t block);

/* Input for the system call that waits; returns how much of it was taken. */
size_t htif_syscall_input(struct htif *h, const uint8_t *bytes, size_t n);
