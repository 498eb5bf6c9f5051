/* The firmware configuration device: keys, files, the data register's widths, DMA, what faults. */
#include "hw/fw_cfg.h"
#include "tests/emu/guest/guest.h"

static struct fw_cfg_dma_access access __attribute__((aligned(16)));
static volatile uint8_t buffer[96];

static uint16_t swap16(uint16_t v)
{
    return (uint16_t)(v << 8 | v >> 8);
}

static uint32_t swap32(uint32_t v)
{
    return (uint32_t)swap16((uint16_t)v) << 16 | swap16((uint16_t)(v >> 16));
}

static uint64_t swap64(uint64_t v)
{
    return (uint64_t)swap32((uint32_t)v) << 32 | swap32((uint32_t)(v >> 32));
}

static void select(uint16_t key)
{
    write16(FW_CFG_BASE + FW_CFG_SELECTOR, swap16(key));
}

static uint32_t dma(uint32_t control, uint32_t length, uintptr_t address)
{
    access.control = swap32(control);
    access.length = swap32(length);
    access.address = swap64(address);
    __asm__ volatile("fence" ::: "memory");
    write32(FW_CFG_BASE + FW_CFG_DMA, 0);
    write32(FW_CFG_BASE + FW_CFG_DMA + 4, swap32((uint32_t)(uintptr_t)&access));
    __asm__ volatile("fence" ::: "memory");
    return swap32(*(volatile uint32_t *)&access.control);
}

static void note_item(const char *name, uint16_t key, unsigned n)
{
    select(key);
    while (n-- > 0)
        note(name, read8(FW_CFG_BASE + FW_CFG_DATA));
}

static void test_keys(void)
{
    note_item("signature", FW_CFG_SIGNATURE, 6);
    note_item("id", FW_CFG_ID, 5);
    note_item("uuid", FW_CFG_UUID, 2);
    note_item("nographic", FW_CFG_NOGRAPHIC, 3);
    note_item("cpus", FW_CFG_NB_CPUS, 3);
    note_item("boot menu", FW_CFG_BOOT_MENU, 3);
    note_item("kernel size", FW_CFG_KERNEL_SIZE, 4);
    note_item("of the architecture", FW_CFG_ARCH_LOCAL | FW_CFG_SIGNATURE, 2);
    note_item("write channel", 0x4000 | FW_CFG_SIGNATURE, 2);
    note_item("no such key", 0x3fff, 2);
    note_item("none", 0xffff, 2);
}

static void test_widths(void)
{
    select(FW_CFG_SIGNATURE);
    note("4 bytes", read32(FW_CFG_BASE));
    select(FW_CFG_SIGNATURE);
    note("2 bytes", read16(FW_CFG_BASE));
    note("the next 2", read16(FW_CFG_BASE));
    note("behind the end", read16(FW_CFG_BASE));
#if __riscv_xlen == 64
    select(FW_CFG_SIGNATURE);
    note("8 bytes", read64(FW_CFG_BASE));
#endif
    write32(FW_CFG_BASE, 0);
    note_fault("writing data");
    read8(FW_CFG_BASE + FW_CFG_DATA + 1);
    note_fault("data, but not at its beginning");
    read16(FW_CFG_BASE + FW_CFG_SELECTOR);
    note_fault("reading the selector");
    write32(FW_CFG_BASE + FW_CFG_SELECTOR, 0);
    note_fault("a wide selector");
    write8(FW_CFG_BASE + FW_CFG_SELECTOR, 0);
    note_fault("a narrow selector");
    read16(FW_CFG_BASE + 0xc);
    note_fault("between the registers");
    note("DMA signature", read32(FW_CFG_BASE + FW_CFG_DMA));
    note("its second half", read32(FW_CFG_BASE + FW_CFG_DMA + 4));
    note("a byte of it", read8(FW_CFG_BASE + FW_CFG_DMA + 5));
    write16(FW_CFG_BASE + FW_CFG_DMA, 0);
    note_fault("a narrow DMA address");
    read32(FW_CFG_BASE + FW_CFG_SIZE);
    note_fault("beyond");
}

/* The entry of the directory that has this name, its data into the notes. */
static void note_file(const char *name)
{
    uint32_t count, size = 0;
    uint16_t key = 0;

    note("directory",
         dma(FW_CFG_FILE_DIR << 16 | FW_CFG_DMA_SELECT | FW_CFG_DMA_READ, 4, (uintptr_t)buffer));
    count = buffer[2] << 8 | buffer[3];
    for (uint32_t i = 0; i < count; i++) {
        unsigned k = 0;
        dma(FW_CFG_DMA_READ, sizeof(struct fw_cfg_file), (uintptr_t)buffer);
        while (name[k] != '\0' && buffer[8 + k] == (uint8_t)name[k])
            k++;
        if (name[k] == '\0' && buffer[8 + k] == '\0') {
            key = (uint16_t)(buffer[4] << 8 | buffer[5]);
            size = (uint32_t)(buffer[0] << 24 | buffer[1] << 16 | buffer[2] << 8 | buffer[3]);
            note(name, size);
        }
    }
    note("is a file", key >= FW_CFG_FILE_FIRST);
    select(key);
    for (uint32_t i = 0; i < size + 2 && i < 100 && key != 0; i++)
        note(name, read8(FW_CFG_BASE));
}

static void test_dma(void)
{
    buffer[8] = 0xee;
    note("read",
         dma(FW_CFG_SIGNATURE << 16 | FW_CFG_DMA_SELECT | FW_CFG_DMA_READ, 8, (uintptr_t)buffer));
    for (int i = 0; i < 9; i++)
        note("read bytes", buffer[i]);
    note("select and skip",
         dma(FW_CFG_SIGNATURE << 16 | FW_CFG_DMA_SELECT | FW_CFG_DMA_SKIP, 2, 0));
    note("then", read8(FW_CFG_BASE));
    note("DMA goes on there", dma(FW_CFG_DMA_READ, 1, (uintptr_t)buffer));
    note("its byte", buffer[0]);
    note("nothing to do", dma(0, 100, 0));
    note("write", dma(FW_CFG_DMA_WRITE, 4, (uintptr_t)buffer));
    note("write nothing", dma(FW_CFG_DMA_WRITE, 0, (uintptr_t)buffer));
    note("read and write",
         dma(FW_CFG_SIGNATURE << 16 | FW_CFG_DMA_SELECT | FW_CFG_DMA_READ | FW_CFG_DMA_WRITE, 1,
             (uintptr_t)buffer));
    note("skip and write", dma(FW_CFG_DMA_SKIP | FW_CFG_DMA_WRITE, 1, (uintptr_t)buffer));
    note("select alone", dma(FW_CFG_ID << 16 | FW_CFG_DMA_SELECT, 0, 0));
    note("the id", read8(FW_CFG_BASE));
    note("no such key",
         dma(0x3fffu << 16 | FW_CFG_DMA_SELECT | FW_CFG_DMA_READ, 2, (uintptr_t)buffer));
    note("zeros", buffer[0] | buffer[1]);
#if __riscv_xlen == 64
    access.control = swap32(FW_CFG_DMA_SELECT | FW_CFG_DMA_READ);
    access.length = swap32(4);
    access.address = swap64((uintptr_t)buffer);
    __asm__ volatile("fence" ::: "memory");
    write64(FW_CFG_BASE + FW_CFG_DMA, swap64((uintptr_t)&access));
    __asm__ volatile("fence" ::: "memory");
    note("one 64-bit write", access.control);
    note("its bytes", buffer[3]);
#endif
}

int main(void)
{
    test_keys();
    test_widths();
    note_file("opt/tarn/text");
    note_file("opt/a");
    note_file("opt/none");
    note_file("opt/empty");
    note_file("bios-geometry");
    note_file("bootorder");
    note_file("etc/boot-fail-wait");
    test_dma();
    report();
    return 0;
}
