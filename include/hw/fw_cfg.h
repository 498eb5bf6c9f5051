#pragma once
/*
 * QEMU's firmware configuration device, memory-mapped: registers, keys and layouts (QEMU,
 * docs/specs/fw_cfg.rst). Everything in memory and in the selector and DMA registers is big-endian;
 * the data register gives an item's bytes in order.
 */
#include <stdint.h>

enum fw_cfg_reg {
    FW_CFG_DATA = 0x00,     /* here only: reads take the next bytes of the item, 1, 2, 4 or 8 */
    FW_CFG_SELECTOR = 0x08, /* 2 bytes, write only: select an item, at its beginning */
    FW_CFG_DMA = 0x10,      /* 8 bytes: address of a struct fw_cfg_dma_access; reads: a signature */
    FW_CFG_SIZE = 0x18,
};

enum fw_cfg_key {
    FW_CFG_SIGNATURE = 0x00, /* "QEMU" */
    FW_CFG_ID = 0x01,        /* 32 bits little-endian, FW_CFG_VERSION... */
    FW_CFG_UUID = 0x02,
    FW_CFG_NOGRAPHIC = 0x04, /* 16 bits little-endian */
    FW_CFG_NB_CPUS = 0x05,   /* 16 bits little-endian */
    FW_CFG_KERNEL_SIZE = 0x08,
    FW_CFG_INITRD_SIZE = 0x0b,
    FW_CFG_BOOT_MENU = 0x0e,
    FW_CFG_KERNEL_DATA = 0x11,
    FW_CFG_INITRD_DATA = 0x12,
    FW_CFG_CMDLINE_SIZE = 0x14,
    FW_CFG_CMDLINE_DATA = 0x15,
    FW_CFG_FILE_DIR = 0x19,
    FW_CFG_FILE_FIRST = 0x20,
    FW_CFG_FILE_SLOTS = 0x20,
    FW_CFG_KEYS = FW_CFG_FILE_FIRST + FW_CFG_FILE_SLOTS,
    FW_CFG_KEY_MASK = 0x3fff, /* above: write channel (obsolete), items of the architecture */
    FW_CFG_ARCH_LOCAL = 0x8000,
};

enum fw_cfg_id {
    FW_CFG_VERSION = 1 << 0, /* the selector and data registers */
    FW_CFG_VERSION_DMA = 1 << 1,
};

#define FW_CFG_DMA_SIGNATURE UINT64_C(0x51454d5520434647) /* "QEMU CFG" */

/* Big-endian in memory. */
struct fw_cfg_dma_access {
    uint32_t control; /* the key in the upper half; afterwards 0 or FW_CFG_DMA_ERROR */
    uint32_t length;
    uint64_t address;
};

enum fw_cfg_dma_control {
    FW_CFG_DMA_ERROR = 1 << 0,
    FW_CFG_DMA_READ = 1 << 1,
    FW_CFG_DMA_SKIP = 1 << 2,
    FW_CFG_DMA_SELECT = 1 << 3,
    FW_CFG_DMA_WRITE = 1 << 4,
};

enum { FW_CFG_NAME_SIZE = 56 };

/* An entry of the directory (FW_CFG_FILE_DIR), behind a 32-bit count. Big-endian, sorted by name.
 */
struct fw_cfg_file {
    uint32_t size;
    uint16_t select;
    uint16_t reserved;
    char name[FW_CFG_NAME_SIZE];
};
