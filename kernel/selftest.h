#pragma once

/*
 * Runs a named test inside the kernel (selftest=NAME on the command line) and switches the machine
 * off with success, or panics. For what no user program can reach; see tests/kernel. Thread
 * context.
 */
void selftest_run(const char *name) __attribute__((noreturn));
