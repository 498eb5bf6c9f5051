/* From reset to S-mode, read from boot_cold() down. */
#include <stddef.h>

#include "sbi/boot.h"
#include "sbi/console.h"
#include "sbi/csr.h"
#include "sbi/ecall.h"
#include "sbi/hsm.h"
#include "sbi/ipi.h"
#include "sbi/panic.h"
#include "sbi/platform.h"
#include "sbi/reset.h"

extern char _fw_start[], _fw_text_end[], _fw_end[]; /* linker/sbi.ld.S */
extern uint32_t boot_state;                         /* entry.S */

/* Where to go, from the door or the loader. */
struct next {
    unsigned long addr, boot_hart;
    bool quiet;
};

static const char *find_next(const struct fw_dynamic_info *info, struct next *next)
{
    *next = (struct next){.addr = door.next_addr, .boot_hart = -1ul};
    if (door.kind != DOOR_DYNAMIC)
        return NULL;
    if (!info || (uintptr_t)info % sizeof(long) || info->magic != FW_DYNAMIC_MAGIC)
        return "no FW_DYNAMIC information in a2: this image needs a loader that gives it";
    if (info->version < 1 || info->version > 2)
        return "FW_DYNAMIC information of an unknown version";
    if (info->next_mode != FW_DYNAMIC_MODE_S)
        return "FW_DYNAMIC asks for a next stage in another mode than S";
    next->addr = info->next_addr;
    next->quiet = info->options & FW_DYNAMIC_NO_BOOT_PRINTS;
    if (info->version >= 2)
        next->boot_hart = info->boot_hart;
    return NULL;
}

static _Noreturn void give_up(const char *what, const char *why)
{
    if (!console_present())
        console_init_emergency();
    console_print("sbi: %s: %s; stopped\n", what, why);
    reset_system(SBI_RESET_SHUTDOWN, true);
    hart_halt();
}

/* The smallest power of two that covers the image and the slots of the harts. */
static void place_firmware(void)
{
    uint64_t base = (uintptr_t)_fw_start, end = hart_slots + hart_count * HART_SLOT_SIZE;
    uint64_t size = HART_SLOT_SIZE;
    while (base + size < end)
        size *= 2;
    platform.firmware = (struct region){base, size};
    if (base & (size - 1))
        panic("link address %#lx is not aligned to %#lx", (long)base, (long)size);
}

/* The hart that goes on to the next stage: the loader's choice if there is such a hart. */
static struct hart *choose_boot_hart(unsigned long self_id, unsigned long wanted)
{
    struct hart *hart = hart_find(wanted);
    if (!hart)
        hart = hart_find(self_id);
    return hart ? hart : hart_at(0);
}

static void print_isa(const struct hart *hart)
{
    char letters[27], *p = letters;
    for (const char *c = "imafdqcbvh"; *c; c++)
        if (hart->misa >> (*c - 'a') & 1)
            *p++ = *c;
    *p = '\0';
    console_print("isa       rv%u%s%s%s, PMP %u entries%s\n", __riscv_xlen, letters,
                  hart->has_sstc ? " sstc" : "", hart->has_counters ? "" : ", counters emulated",
                  hart->pmp_count, hart->protected ? "" : ": firmware NOT protected");
}

static void print_banner(const struct hart *self, const struct hart *boot, unsigned long next,
                         const struct fdt *tree)
{
    static const char *const doors[] = {"fw_dynamic", "fw_jump", "fw_payload"};
    const struct region *fw = &platform.firmware;
    console_print("\nTarn SBI " TARN_VERSION " (%s)\n", doors[door.kind]);
    console_print("platform  %s, %u hart%s, boot hart %lu\n",
                  platform.model ? platform.model : "unnamed", hart_count,
                  hart_count == 1 ? "" : "s", boot->id);
    print_isa(self);
    for (unsigned i = 0; i < platform.memory_count; i++)
        console_print("memory    %#llx, %llu MiB\n", (unsigned long long)platform.memory[i].base,
                      (unsigned long long)platform.memory[i].size >> 20);
    console_print("firmware  %#llx, %u KiB, of which %u KiB code\n", (unsigned long long)fw->base,
                  (unsigned)(fw->size >> 10), (unsigned)(_fw_text_end - _fw_start) >> 10);
    console_print("next      %#lx in S-mode, device tree %p\n\n", next, (const void *)tree->base);
}

/* Harts that nothing can interrupt could never be started. */
static void drop_unreachable_harts(unsigned long self_id)
{
    if (hart_count == 1 || hart_at(0)->msip)
        return;
    console_print("sbi: no software interrupts in the device tree: one hart only\n");
    hart_table_init(hart_slots, &self_id, 1);
}

_Noreturn void boot_cold(unsigned long id, void *blob, const struct fw_dynamic_info *info)
{
    struct fdt tree;
    struct next next;
    uintptr_t slots = ((uintptr_t)_fw_end + HART_SLOT_SIZE - 1) & ~(HART_SLOT_SIZE - 1ul);

    /* 1. The machine, from its device tree. */
    unsigned long word = 0;
    bool readable = blob && trap_probe("lbu %2, 0(%3)", word, blob);
    int error = readable ? fdt_open(&tree, blob, SIZE_MAX) : -FDT_ENOTFOUND;
    if (error)
        give_up("no usable device tree in a1", fdt_strerror(error));
    const char *problem = platform_init(&tree, slots);
    console_init();
    if (problem)
        give_up("device tree", problem);
    drop_unreachable_harts(id);
    place_firmware();
    if (!platform_is_smode_ram((uintptr_t)tree.base, tree.size))
        give_up("device tree", "not in memory that the next stage can read");

    /* 2. Where to go on. */
    problem = find_next(info, &next);
    if (!problem && next.addr - platform.firmware.base < platform.firmware.size)
        problem = "the next stage's address lies in firmware memory";
    if (problem)
        give_up("boot", problem);
    struct hart *boot = choose_boot_hart(id, next.boot_hart), *self = hart_find(id);

    /* 3. This hart and its calls, then the tree, which from here on is the next stage's. */
    if (self) {
        asm volatile("mv tp, %0" ::"r"(self));
        hart_init(self);
    }
    ecall_init();
    problem = platform_reserve_firmware(&tree);
    if (problem)
        console_print("sbi: device tree: cannot reserve the firmware: %s\n", problem);
    if (!next.quiet)
        print_banner(self ? self : boot, boot, next.addr, &tree);

    /* 4. Let the others in. The boot hart goes on to the next stage, whichever it is. */
    hsm_request_start(boot, next.addr, (unsigned long)blob);
    __atomic_store_n(&boot_state, BOOT_READY, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < hart_count; i++)
        if (hart_at(i) != self)
            ipi_poke(hart_at(i));
    if (!self)
        hart_halt();
    hsm_wait(self);
}

_Noreturn void boot_warm(struct hart *self)
{
    hart_init(self);
    hsm_wait(self);
}
