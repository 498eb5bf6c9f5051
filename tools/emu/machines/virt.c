/*
 * The default machine: what QEMU calls `virt`, at the same addresses and interrupt numbers, so that
 * one kernel and one firmware run on both.
 */
#include "tools/emu/machine.h"

/* Device type, base, size, interrupt source, input clock. */
#define VIRT_DEVICES(DEVICE)                      \
    DEVICE(test_finisher, 0x100000, 0x1000, 0, 0) \
    DEVICE(goldfish_rtc, 0x101000, 0x1000, 11, 0) \
    DEVICE(clint, 0x2000000, 0x10000, 0, 0)       \
    DEVICE(plic, 0xc000000, 0x600000, 0, 0)       \
    DEVICE(ns16550, 0x10000000, 0x100, 10, 3686400)

#define DECLARE(type, base, size, irq, hz) extern const struct device_ops type##_device;
VIRT_DEVICES(DECLARE)

#define SLOT(type, base, size, irq, hz) {&type##_device, base, size, irq, hz},
static const struct device_slot virt_slots[] = {VIRT_DEVICES(SLOT)};

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
