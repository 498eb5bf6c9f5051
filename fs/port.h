#pragma once
/*
 * What fs/ needs from the world it runs in, and the only door to it: no other file in fs/ includes
 * a header from outside fs/, lib/ and include/. The names are the kernel's own, so that the code
 * reads the same; host programs get the same names from fs/port_host.h and from whoever links fs/
 * (tests/unit/support for the tests).
 *
 *   sched/sched.h   spin_init spin_lock spin_unlock; mutex_init mutex_lock mutex_unlock;
 *                   waitq_init waitq_sleep waitq_sleep_hard waitq_sleep_killable waitq_sleep_until
 *                   waitq_wake_one waitq_wake_all; thread_killed
 *   arch/arch.h     time_ns
 *   sched/job.h     job_signal_current job_current_pid
 *   mm/mm.h         page_alloc page_alloc_zeroed page_get page_put page_refs page_va
 *                   page_free_count page_unused_count page_total page_set_reclaim;
 *                   kmalloc kzalloc kfree; struct page's spare; struct vm_object
 *   dev/block.h     block_submit block_sectors; struct block_device
 *   mm/uaccess.h    copy_in copy_out zero_out
 *   klog.h          klog
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __STDC_HOSTED__
#    include "fs/port_host.h"
#else
#    include "kernel/dev/block.h"
#    include "kernel/klog.h"
#    include "kernel/mm/mm.h"
#    include "kernel/mm/uaccess.h"
#    include "kernel/sched/job.h"
#    include "kernel/sched/sched.h"
#endif

/* Nanoseconds since 1970-01-01 00:00 UTC: the time stamped on files. */
int64_t port_realtime_ns(void);

/* Fills buf with random bytes. Never fails, never sleeps. */
void port_random(void *buf, size_t n);
