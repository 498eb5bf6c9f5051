#pragma once
#include "kernel/klog.h"

/*
 * Runs a named test inside the kernel (selftest=NAME on the command line) and switches the machine
 * off with success, or panics. For what no user program can reach; see tests/kernel. Thread
 * context.
 */
void selftest_run(const char *name) __attribute__((noreturn));

/* ---- for the tests */

#define expect(cond)                                                 \
    do {                                                             \
        if (!(cond))                                                 \
            panic("selftest: %s:%d: %s", __FILE__, __LINE__, #cond); \
    } while (0)

/* Those of selftest_dev.c. */
void selftest_framebuffer(void);
void selftest_events(void);
void selftest_sound(void);
void selftest_storm(void);

/* That of selftest_virtio.c. */
void selftest_virtio(void);
