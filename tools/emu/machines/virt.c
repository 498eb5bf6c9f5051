/*
 * The default machine: what QEMU calls `virt`, at the same addresses and interrupt numbers, so that
 * one kernel and one firmware run on both.
 */
#include "tools/emu/machine.h"

/* Device type, base, size, interrupt source, input clock. */
#define VIRT_DEVICES(DEVICE)                        \
    DEVICE(test_finisher, 0x100000, 0x1000, 0, 0)   \
    DEVICE(goldfish_rtc, 0x101000, 0x1000, 11, 0)   \
    DEVICE(clint, 0x2000000, 0x10000, 0, 0)         \
    DEVICE(aclint_sswi, 0x2f00000, 0x4000, 0, 0)    \
    DEVICE(plic, 0xc000000, 0x600000, 0, 0)         \
    DEVICE(ns16550, 0x10000000, 0x100, 10, 3686400) \
    DEVICE(fw_cfg, 0x10100000, 0x18, 0, 0)          \
    DEVICE(cfi_flash, 0x20000000, 0x2000000, 0, 0)  \
    DEVICE(cfi_flash, 0x22000000, 0x2000000, 0, 0)

/*
 * Sockets for virtio devices, the first to be taken first: QEMU's eight, then ours, which are there
 * only for what is in them.
 */
#define VIRT_VIRTIO(SOCKET)      \
    SOCKET(0x10008000, 8, false) \
    SOCKET(0x10007000, 7, false) \
    SOCKET(0x10006000, 6, false) \
    SOCKET(0x10005000, 5, false) \
    SOCKET(0x10004000, 4, false) \
    SOCKET(0x10003000, 3, false) \
    SOCKET(0x10002000, 2, false) \
    SOCKET(0x10001000, 1, false) \
    SOCKET(0x10009000, 12, true) \
    SOCKET(0x1000a000, 13, true) \
    SOCKET(0x1000b000, 14, true) \
    SOCKET(0x1000c000, 15, true) \
    SOCKET(0x1000d000, 16, true) \
    SOCKET(0x1000e000, 17, true) \
    SOCKET(0x1000f000, 18, true) \
    SOCKET(0x10010000, 19, true)

#define DECLARE(type, base, size, irq, hz) extern const struct device_ops type##_device;
VIRT_DEVICES(DECLARE)

extern const struct device_ops virtio_mmio_device;

#define SLOT(type, base, size, irq, hz) {&type##_device, base, size, irq, hz, false},
#define SOCKET(base, irq, optional)     {&virtio_mmio_device, base, 0x1000, irq, 0, optional},
static const struct device_slot virt_slots[] = {VIRT_DEVICES(SLOT) VIRT_VIRTIO(SOCKET)};

const struct machine_type machine_virt = {
    .name = "virt",
    .summary = "QEMU's RISC-V virt board (the default)",
    .model = "riscv-virtio,tarn",
    .compatible = "riscv-virtio",
    .rom_base = 0x1000,
    .rom_size = 0xf000,
    .dram_base = 0x80000000,
    .timebase_hz = 10000000,
    .max_harts = 64,
    .slots = virt_slots,
    .slot_count = sizeof virt_slots / sizeof virt_slots[0],
};
