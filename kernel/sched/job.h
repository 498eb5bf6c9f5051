#pragma once
/*
 * What drivers below the process layer (terminals, pipes) need from it: a table that proc
 * registers. Before that, and for kernel threads, the functions answer as if there were no process.
 */

#include <stdbool.h>

struct job_ops {
    int (*current_pid)(void);     /* 0 for a kernel thread */
    int (*current_pgrp)(void);    /* 0 for a kernel thread */
    int (*current_session)(void); /* 0 for a kernel thread */
    /* Sends `sig` to every process of the group: 0 or -ESRCH. From any context. */
    int (*signal_pgrp)(int pgrp, int sig);
    /* Whether a group with live members exists in that session. */
    bool (*pgrp_in_session)(int pgrp, int session);
    /* Sends `sig` to the current process. Thread context. */
    void (*signal_current)(int sig);
    /* Whether the current process blocks or ignores `sig` (a background write may then go on). */
    bool (*current_ignores)(int sig);
};

void job_register(const struct job_ops *ops);

int job_current_pid(void);
int job_current_pgrp(void);
int job_current_session(void);
int job_signal_pgrp(int pgrp, int sig);
bool job_pgrp_in_session(int pgrp, int session);
void job_signal_current(int sig);
bool job_current_ignores(int sig);
