/* The kernel's files in /proc (proc(5)), but for those about one process: procfs_pid.c. */
#include "kernel/proc/procfs.h"
#include <limits.h>
#include "fs/fs.h"
#include "fs/page_cache.h"
#include "kernel/dev/dev.h"
#include "kernel/dev/fb.h"
#include "kernel/mm/mm.h"
#include "kernel/proc/proc.h"
#include "kernel/proc/procfs_internal.h"
#include "kernel/sched/internal.h"
#include "lib/fdt.h"
#include "lib/string.h"

static unsigned long kib(size_t pages)
{
    return (unsigned long)pages * (PAGE_SIZE / 1024);
}

static void show_meminfo(struct text *text)
{
    size_t total = page_total(), free_pages = page_free_count(), files = tmpfs_pages();
    size_t idle = page_cache_idle_pages();
    text_print(text, "MemTotal:       %8lu kB\n", kib(total));
    text_print(text, "MemFree:        %8lu kB\n",
               kib(free_pages - (idle < free_pages ? idle : free_pages)));
    text_print(text, "MemAvailable:   %8lu kB\n", kib(free_pages));
    text_print(text, "Buffers:        %8lu kB\n", kib(page_cache_pages()));
    text_print(text, "Cached:         %8lu kB\n", kib(files));
    text_print(text, "Dirty:          %8lu kB\n", kib(page_cache_dirty_pages()));
    text_print(text, "Shmem:          %8lu kB\n", kib(files));
    text_print(text, "Slab:           %8lu kB\n", kib(kmalloc_pages()));
    text_print(text, "SwapTotal:      %8lu kB\n", 0ul);
    text_print(text, "SwapFree:       %8lu kB\n", 0ul);
}

static void show_cpuinfo(struct text *text)
{
    for (unsigned i = 0; i < arch_hart_count(); i++) {
        text_print(text, "processor\t: %u\nhart\t\t: %lu\n", i, arch_hart_id(i));
        text_print(text, "isa\t\t: %s\nmmu\t\t: %s\n\n", arch_isa(), arch_mmu_name());
    }
}

/* Seconds with two decimals. */
static void print_seconds(struct text *text, uint64_t ns)
{
    uint64_t cs = ns / 10000000;
    text_print(text, "%llu.%02u", (unsigned long long)(cs / 100), (unsigned)(cs % 100));
}

static void show_uptime(struct text *text)
{
    uint64_t now = time_ns(), idle = 0;
    for (unsigned i = 0; i < arch_hart_count(); i++)
        idle += thread_cpu_ns(sched_harts[i].idle);
    print_seconds(text, now);
    text_write(text, " ", 1);
    print_seconds(text, idle);
    text_write(text, "\n", 1);
}

static void show_version(struct text *text)
{
    text_print(text, "Tarn version %s (%s) #1 SMP PREEMPT\n", TARN_VERSION, arch_machine());
}

static void show_cmdline(struct text *text)
{
    const struct fdt *fdt = arch_fdt();
    const char *args = fdt_prop_string(fdt, fdt_node_by_path(fdt, "/chosen"), "bootargs");
    text_print(text, "%s\n", args ? args : "");
}

/* ---- load average: Linux's, an exponential mean of the threads ready to run, sampled every 5 s */

#define LOAD_SHIFT  11
#define LOAD_ONE    (1u << LOAD_SHIFT)
#define LOAD_PERIOD 5000000000ull

static struct timer load_timer = {.hart = -1};
static unsigned loads[3]; /* over 1, 5 and 15 minutes, in units of 1 / LOAD_ONE */

static void load_sample(struct timer *timer)
{
    static const unsigned decay[3] = {1884, 2014, 2037}; /* LOAD_ONE * exp(-5 s / minutes) */
    unsigned ready = sched_ready_count() * LOAD_ONE;
    for (int i = 0; i < 3; i++)
        loads[i] = (loads[i] * decay[i] + ready * (LOAD_ONE - decay[i])) >> LOAD_SHIFT;
    timer_start(timer, timer->deadline_ns + LOAD_PERIOD, load_sample);
}

static void show_loadavg(struct text *text)
{
    int last = 0;
    for (int pid = 0; (pid = proc_next_pid(pid)) > 0;)
        last = pid;
    for (int i = 0; i < 3; i++) {
        unsigned load = loads[i] + LOAD_ONE / 200; /* rounded to two decimals */
        text_print(text, "%u.%02u ", load >> LOAD_SHIFT,
                   (load & (LOAD_ONE - 1)) * 100 >> LOAD_SHIFT);
    }
    text_print(text, "%u/%u %d\n", sched_ready_count(), proc_count(), last);
}

/* ---- harts and interrupts */

struct sums {
    unsigned long interrupts, switches;
};

/*
 * One line of /proc/stat: user nice system idle in hundredths of a second, then words of our own.
 * What a hart spent outside of its idle thread counts as user time: it is not told apart.
 */
static void show_hart(struct text *text, unsigned hart, struct sums *sums)
{
    const struct hart_stats *s = sched_stats(hart);
    uint64_t idle = thread_cpu_ns(sched_harts[hart].idle) / 10000000, now = time_ns() / 10000000;
    text_print(text, "cpu%u %llu 0 0 %llu 0 0 0 0 0 0", hart,
               (unsigned long long)(now > idle ? now - idle : 0), (unsigned long long)idle);
    text_print(text, " ticks=%lu ipis=%lu external=%lu switches=%lu syscalls=%lu faults=%lu",
               s->ticks, s->ipis, s->external, s->switches, s->syscalls, s->faults);
    text_print(text, " user_entries=%lu\n", s->user_entries);
    sums->interrupts += s->ticks + s->ipis + s->external;
    sums->switches += s->switches;
}

static void show_stat(struct text *text)
{
    struct sums sums = {0, 0};
    uint64_t idle = 0, now = time_ns() / 10000000 * arch_hart_count();
    for (unsigned i = 0; i < arch_hart_count(); i++)
        idle += thread_cpu_ns(sched_harts[i].idle) / 10000000;
    text_print(text, "cpu  %llu 0 0 %llu 0 0 0 0 0 0\n",
               (unsigned long long)(now > idle ? now - idle : 0), (unsigned long long)idle);
    for (unsigned i = 0; i < arch_hart_count(); i++)
        show_hart(text, i, &sums);
    text_print(text, "intr %lu\nctxt %lu\nbtime %lld\n", sums.interrupts, sums.switches,
               (long long)((clock_realtime_ns() - (int64_t)time_ns()) / 1000000000));
    text_print(text, "processes %u\nprocs_running %u\nprocs_blocked 0\n", proc_count(),
               sched_ready_count());
}

static void show_per_hart(struct text *text, const char *label, size_t offset, const char *what)
{
    text_print(text, "%4s:", label);
    for (unsigned i = 0; i < arch_hart_count(); i++)
        text_print(text, " %10lu", *(const unsigned long *)((const char *)sched_stats(i) + offset));
    text_print(text, "  %s\n", what);
}

static void show_interrupts(struct text *text)
{
    text_print(text, "     ");
    for (unsigned i = 0; i < arch_hart_count(); i++)
        text_print(text, " %6sCPU%-2u", "", i);
    text_print(text, "\n");
    for (unsigned irq = 1; irq < IRQ_MAX; irq++) {
        const char *name;
        unsigned long count;
        if (!irq_info(irq, &name, &count))
            continue;
        text_print(text, "%4u: %10lu", irq, count); /* all go to the boot hart */
        for (unsigned i = 1; i < arch_hart_count(); i++)
            text_print(text, " %10lu", 0ul);
        text_print(text, "  PLIC  %s\n", name);
    }
    show_per_hart(text, "TIM", offsetof(struct hart_stats, ticks), "Timer interrupts");
    show_per_hart(text, "IPI", offsetof(struct hart_stats, ipis), "Inter-hart interrupts");
}

/* Open file descriptions, spare ones, and how many there may be. */
static void show_file_nr(struct text *text)
{
    text_print(text, "%lu\t0\t%lu\n", file_count, (unsigned long)LONG_MAX);
}

static void show_dispinfo(struct text *text)
{
    unsigned width = 0, height = 0;
    fb_size(&width, &height);
    text_print(text, "WIDTH : %u\nHEIGHT : %u\n", width, height);
}

static struct proc_entry entries[] = {
    {"cmdline", show_cmdline, NULL},        {"cpuinfo", show_cpuinfo, NULL},
    {"filesystems", fs_show_types, NULL},   {"interrupts", show_interrupts, NULL},
    {"loadavg", show_loadavg, NULL},        {"meminfo", show_meminfo, NULL},
    {"mounts", fs_show_mounts, NULL},       {"stat", show_stat, NULL},
    {"sys/fs/file-nr", show_file_nr, NULL}, {"uptime", show_uptime, NULL},
    {"version", show_version, NULL},
};

static struct proc_entry dispinfo_entry = {"dispinfo", show_dispinfo, NULL};

void procfs_init(void)
{
    unsigned width, height;
    if (fb_size(&width, &height))
        proc_register(&dispinfo_entry);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        proc_register(&entries[i]);
    procfs_pid_init();
    timer_start(&load_timer, time_ns() + LOAD_PERIOD, load_sample);
}
