/* The kernel's way up, as a story. */
#include "fs/fs.h"
#include "kernel/arch/internal.h"
#include "kernel/cmdline.h"
#include "kernel/dev/dev.h"
#include "kernel/fs_port.h"
#include "kernel/klog.h"
#include "kernel/mm/internal.h"
#include "kernel/proc/proc.h"
#include "kernel/sched/internal.h"
#include "kernel/selftest.h"
#include "kernel/syscall/syscall.h"

/* Process 1, while it is still the kernel's: everything that may have to wait. */
static void init_main(void)
{
    struct proc *self = current_proc();
    if (cmdline_selftest())
        selftest_run(cmdline_selftest());
    dev_init();
    console_init(cmdline_console());
    if (fs_boot() != 0)
        panic("no root file system");
    self->fs = fs_context_create();
    self->files = files_create();
    if (!self->fs || !self->files || fs_open_console(self->fs, self->files) != 0)
        panic("no console for init");
    const char *path = cmdline_init_path();
    int error = proc_exec_kernel(path, cmdline_init_argv(), cmdline_init_envp());
    panic("cannot start %s: error %d", path, -error);
}

/* On the boot hart's first stack, which becomes its idle thread's; a device tree at dtb (physical).
 */
void kernel_main(unsigned long hart_id, unsigned long dtb)
{
    arch_time_start();
    sched_init();
    arch_fdt_init(dtb);
    cmdline_init();
    klog(LOG_INFO, "Tarn %s", TARN_VERSION);
    arch_init(hart_id);
    mm_init();
    vm_init();
    stacks_init();
    mmio_init();
    arch_hart_init();
    arch_irq_enable();
    proc_init(syscall_dispatch);
    arch_start_harts(sched_make_idle);
    klog(LOG_INFO, "%u hart%s", arch_hart_count(), arch_hart_count() == 1 ? "" : "s");
    proc_start_init(init_main);
    sched_idle();
}
