/* The files of each process in /proc/PID (proc(5)). */
#include "abi/errno.h"
#include "fs/fs.h"
#include "kernel/proc/internal.h"
#include "kernel/proc/proc.h"
#include "kernel/proc/procfs_internal.h"
#include "lib/string.h"

static const char *state_word(char state)
{
    switch (state) {
    case 'R': return "running";
    case 'S': return "sleeping";
    case 'D': return "disk sleep";
    case 'T': return "stopped";
    case 'Z': return "zombie";
    default: return "unknown";
    }
}

static int show_status(struct text *text, int pid)
{
    struct proc_info info;
    int err = proc_info_get(pid, &info);
    if (err < 0)
        return err;
    text_print(text, "Name:\t%s\nState:\t%c (%s)\n", info.name, info.state, state_word(info.state));
    text_print(text, "Tgid:\t%d\nPid:\t%d\nPPid:\t%d\n", info.pid, info.pid, info.ppid);
    text_print(text, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
    text_print(text, "NSpgid:\t%d\nNSsid:\t%d\n", info.pgrp, info.session);
    text_print(text, "FDSize:\t%u\n", info.open_files);
    if (info.state != 'Z') {
        text_print(text, "VmSize:\t%8lu kB\n", (unsigned long)info.vm_bytes / 1024);
        text_print(text, "VmRSS:\t%8lu kB\n",
                   (unsigned long)info.resident_pages * (PAGE_SIZE / 1024));
    }
    text_print(text, "Threads:\t1\nCpu:\t%u\n", info.hart);
    return 0;
}

/* In the order of proc(5); what there is no number for is 0. */
static int show_stat(struct text *text, int pid)
{
    struct proc_info info;
    int err = proc_info_get(pid, &info);
    if (err < 0)
        return err;
    text_print(text, "%d (%s) %c %d %d %d 0 -1 0 0 0 0 0", info.pid, info.name, info.state,
               info.ppid, info.pgrp, info.session);
    text_print(text, " %llu 0 0 0 20 0 1 0 %llu", (unsigned long long)(info.cpu_ns / 10000000),
               (unsigned long long)(info.start_ns / 10000000));
    text_print(text, " %lu %lu %lu", (unsigned long)info.vm_bytes,
               (unsigned long)info.resident_pages, ~0ul);
    for (int i = 26; i <= 37; i++)
        text_print(text, " 0");
    text_print(text, " 17 %u", info.hart);
    for (int i = 40; i <= 52; i++)
        text_print(text, " 0");
    text_print(text, "\n");
    return 0;
}

typedef long strings_fn(int pid, char *buf, size_t size);

/* Strings from the process's stack; the first page of them. */
static int show_strings(struct text *text, int pid, strings_fn *read)
{
    char *buf = kmalloc(PAGE_SIZE);
    if (!buf)
        return -ENOMEM;
    long n = read(pid, buf, PAGE_SIZE);
    if (n > 0)
        text_write(text, buf, (size_t)n);
    kfree(buf);
    return n < 0 ? (int)n : 0;
}

static int show_cmdline(struct text *text, int pid)
{
    return show_strings(text, pid, proc_cmdline);
}

static int show_environ(struct text *text, int pid)
{
    return show_strings(text, pid, proc_environ);
}

static int show_comm(struct text *text, int pid)
{
    struct proc_info info;
    int err = proc_info_get(pid, &info);
    if (err == 0)
        text_print(text, "%s\n", info.name);
    return err;
}

static long read_cwd(int pid, char *buf, size_t size)
{
    spin_lock(&proc_lock);
    struct proc *proc = proc_find(pid);
    struct fs_context *fs = proc && proc->fs ? fs_context_get(proc->fs) : NULL;
    spin_unlock(&proc_lock);
    if (!fs)
        return proc ? -ENOENT : -ESRCH;
    long len = vfs_path_name(fs, fs->cwd, buf, size);
    fs_context_put(fs);
    return len > 0 ? len - 1 : len == -ERANGE ? -ENAMETOOLONG : len;
}

static bool alive(int pid)
{
    spin_lock(&proc_lock);
    bool found = proc_find(pid) != NULL;
    spin_unlock(&proc_lock);
    return found;
}

/*
 * Failure injection, as Linux has it: after a number n is written, the process's nth allocation
 * from then on fails. Reads as what is left to count, 0 when it has happened.
 */
static int show_fail_nth(struct text *text, int pid)
{
    spin_lock(&proc_lock);
    struct proc *proc = proc_find(pid);
    unsigned left = proc ? proc->thread.fail_nth : 0;
    spin_unlock(&proc_lock);
    if (proc)
        text_print(text, "%u\n", left);
    return proc ? 0 : -ESRCH;
}

static int store_fail_nth(int pid, const char *value)
{
    unsigned n = 0;
    for (const char *p = value; *p && *p != '\n'; p++) {
        if (*p < '0' || *p > '9' || n > 1000000)
            return -EINVAL;
        n = n * 10 + (unsigned)(*p - '0');
    }
    spin_lock(&proc_lock);
    struct proc *proc = proc_find(pid);
    if (proc)
        proc->thread.fail_nth = n;
    spin_unlock(&proc_lock);
    return proc ? 0 : -ESRCH;
}

static const struct proc_pid_entry entries[] = {
    {"cmdline", show_cmdline, NULL, NULL},
    {"comm", show_comm, NULL, NULL},
    {"cwd", NULL, read_cwd, NULL},
    {"environ", show_environ, NULL, NULL},
    {"fail-nth", show_fail_nth, NULL, store_fail_nth},
    {"stat", show_stat, NULL, NULL},
    {"status", show_status, NULL, NULL},
};

static const struct proc_pid_ops ops = {
    .next = proc_next_pid,
    .alive = alive,
    .entries = entries,
    .entry_count = sizeof entries / sizeof *entries,
};

void procfs_pid_init(void)
{
    proc_register_pids(&ops);
}
