#pragma once
/*
 * The kernel fs/ sees in host tests: malloc with counting and failures on demand, locks that check
 * their rules, and user memory that is ordinary memory but for one range that faults.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host_port {
    long objects, pages;  /* live allocations */
    unsigned long tries;  /* allocations asked for since port_fail_nth() */
    unsigned long fail;   /* the number of the one that fails; 0: none */
    size_t free_pages;    /* what page_free_count() says; pages beyond it fail */
    int signals[65];      /* sent to "the current process" */
    int64_t realtime_ns;  /* advances by 1 with every reading */
    uintptr_t bad, bad_n; /* user addresses [bad, bad + bad_n) fault */
    unsigned spins, mutexes;
    bool quiet;  /* drop log lines */
    bool killed; /* a signal has come that ends "the current process" */
    char log[256];
};
extern struct host_port host_port;

/* Makes the nth allocation from now on fail (1: the next); 0: none. */
void port_fail_nth(unsigned long n);
