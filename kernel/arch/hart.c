/* The harts and the device tree's description of them. */
#include "kernel/arch/csr.h"
#include "kernel/arch/hooks.h"
#include "kernel/arch/image.h"
#include "kernel/arch/internal.h"
#include "kernel/arch/layout.h"
#include "kernel/arch/pagetable.h"
#include "kernel/arch/sbi.h"
#include "kernel/klog.h"
#include "lib/fdt.h"
#include "lib/string.h"

/* Read by secondary_entry with the MMU off; its fields are at 0 and REGBYTES. */
static struct hart_boot {
    unsigned long satp;
    unsigned long thread;
} hart_boot[MAX_HARTS];

static unsigned long hart_ids[MAX_HARTS];
static unsigned hart_count = 1;   /* up */
static unsigned harts_known = 1;  /* in hart_ids */
static unsigned hart_arrived = 1; /* the last to come up, plus 1; atomic */
static void (*secondary_function)(void);

#define START_FUNCTIONS 4
static void (*start_functions[START_FUNCTIONS])(void);

char boot_slot[STACK_SLOT_SIZE] __attribute__((aligned(4096), section(".bss.page_aligned")));

/* Index 0 is the boot hart, the others follow in the device tree's order. */
static void find_harts(unsigned long boot_id)
{
    hart_ids[0] = boot_id;
    struct fdt fdt = *arch_fdt();
    int cpus = fdt_node_by_path(&fdt, "/cpus"), cpu;
    fdt_for_each_child (cpu, &fdt, cpus) {
        const char *type = fdt_prop_string(&fdt, cpu, "device_type");
        uint64_t id;
        if (!type || strcmp(type, "cpu") != 0 || fdt_reg(&fdt, cpu, 0, &id, NULL) != 0)
            continue;
        const char *string = fdt_prop_string(&fdt, cpu, "riscv,isa");
        if (id == boot_id && string)
            arch_isa_set(string);
        if (id == boot_id || !fdt_is_available(&fdt, cpu))
            continue;
        if (harts_known == MAX_HARTS) {
            klog(LOG_WARNING, "harts: more than %d, the rest stays unused", MAX_HARTS);
            return;
        }
        hart_ids[harts_known++] = (unsigned long)id;
    }
}

void arch_init(unsigned long boot_id)
{
    sbi_init();
    find_harts(boot_id);
    arch_fp_init();
    arch_time_init();
    /* The single letters: with all the names it would be longer than a line of the log. */
    klog(LOG_INFO, "%.*s, SBI %lu.%lu of %s, %s", (int)strcspn(arch_isa(), "_"), arch_isa(),
         sbi_spec_version() >> 24 & 0x7f, sbi_spec_version() & 0xffffff, sbi_impl_name(),
         arch_timer_name());
}

void arch_hart_init(void)
{
    csr_write(scounteren, COUNTER_CY | COUNTER_TM | COUNTER_IR);
    arch_timer_set(UINT64_MAX);
    csr_write(sie, MIP_SSIP | MIP_STIP);
}

/* ---- starting the others */

void arch_set_secondary_main(void (*function)(void))
{
    secondary_function = function;
}

void arch_on_hart_start(void (*function)(void))
{
    for (int i = 0; i < START_FUNCTIONS; i++) {
        if (start_functions[i])
            continue;
        start_functions[i] = function;
        return;
    }
    panic("arch_on_hart_start: table full");
}

void secondary_main(void)
{
    arch_hart_init();
    for (int i = 0; i < START_FUNCTIONS && start_functions[i]; i++)
        start_functions[i]();
    __atomic_store_n(&hart_arrived, arch_hart_index() + 1, __ATOMIC_RELEASE);
    secondary_function();
}

#define HART_START_NS 30000000000ull /* a busy host may run a hart late */

/* Starts hart_ids[index] as that index: false if it does not come up. */
static bool start_hart(unsigned index, struct arch_thread *idle)
{
    idle->hart = index;
    hart_boot[index].satp = pt_satp(pt_kernel_root());
    hart_boot[index].thread = (unsigned long)idle;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    uintptr_t image = (uintptr_t)__image_start;
    unsigned long pa = (unsigned long)pt_image_pa();
    long error = sbi_hart_start(hart_ids[index], pa + ((uintptr_t)secondary_entry - image),
                                pa + ((uintptr_t)&hart_boot[index] - image));
    if (error) {
        klog(LOG_WARNING, "hart %lu: start failed, SBI error %ld", hart_ids[index], error);
        return false;
    }
    uint64_t limit = time_ns() + HART_START_NS;
    while (__atomic_load_n(&hart_arrived, __ATOMIC_ACQUIRE) != index + 1) {
        if (time_ns() > limit)
            panic("hart %lu was started and did not arrive", hart_ids[index]);
        arch_pause();
    }
    return true;
}

void arch_start_harts(struct arch_thread *(*make_idle)(unsigned index))
{
    while (hart_count < harts_known) {
        struct arch_thread *idle = make_idle(hart_count);
        if (!idle) {
            klog(LOG_WARNING, "harts: no memory for more");
            return;
        }
        if (start_hart(hart_count, idle))
            hart_count++;
        else
            hart_ids[hart_count] = hart_ids[--harts_known];
    }
}

unsigned arch_hart_index(void)
{
    return (unsigned)*(volatile unsigned long *)&arch_current()->hart;
}

unsigned arch_hart_count(void)
{
    return hart_count;
}

unsigned long arch_hart_id(unsigned index)
{
    return hart_ids[index];
}

/* ---- messages between harts */

void arch_send_ipi(unsigned index)
{
    sbi_send_ipi(1, hart_ids[index]);
}

static bool stopping;

bool arch_stopping(void)
{
    return __atomic_load_n(&stopping, __ATOMIC_RELAXED);
}

void arch_stop_others(void)
{
    __atomic_store_n(&stopping, true, __ATOMIC_SEQ_CST);
    for (unsigned i = 0; i < hart_count; i++)
        if (i != arch_hart_index())
            arch_send_ipi(i);
}

void arch_halt(void)
{
    arch_irq_save();
    for (;;)
        arch_idle();
}

/* ---- console and the end */

void arch_console_write(const char *text, size_t length)
{
    sbi_console_write(text, length);
}

int arch_console_getchar(void)
{
    return sbi_console_getchar();
}

void arch_reset(enum arch_reset how)
{
    arch_irq_save();
    sbi_reset(how == ARCH_REBOOT ? SBI_RESET_COLD_REBOOT : SBI_RESET_SHUTDOWN,
              how == ARCH_FAILURE ? SBI_REASON_SYSTEM_FAILURE : SBI_REASON_NONE);
    arch_halt();
    __builtin_unreachable();
}
