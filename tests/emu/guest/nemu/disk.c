/* The disk, by the registers of either layout. Block n of the image holds the number n. */
#include "tests/emu/guest/nemu/nemu.h"

static volatile uint32_t buf[4 * NEMU_DISK_BLOCK / 4];

static void command(uint32_t cmd, uint32_t start, uint32_t count)
{
    outl(NEMU_DISK_BASE + NEMU_DISK_BUF, (uint32_t)(uintptr_t)buf);
    outl(NEMU_DISK_BASE + NEMU_DISK_START, start);
    outl(NEMU_DISK_BASE + NEMU_DISK_COUNT, count);
    outl(NEMU_DISK_BASE + NEMU_DISK_CMD, cmd);
}

static void blkio(int write, uint32_t blkno, uint32_t blkcnt)
{
    outl(NEMU_DISK_BASE + NEMU_DISK_IO_WRITE, (uint32_t)write);
    outl(NEMU_DISK_BASE + NEMU_DISK_IO_BUF, (uint32_t)(uintptr_t)buf);
    outl(NEMU_DISK_BASE + NEMU_DISK_IO_BLKNO, blkno);
    outl(NEMU_DISK_BASE + NEMU_DISK_IO_BLKCNT, blkcnt);
    outl(NEMU_DISK_BASE + NEMU_DISK_IO_CMD, 1);
}

int main(void)
{
    show("size", inl(NEMU_DISK_BASE + NEMU_DISK_SIZE));
    if (inl(NEMU_DISK_BASE + NEMU_DISK_SIZE) == 0)
        return 0;
    show("blksz", inl(NEMU_DISK_BASE + 0x04));
    show("blkcnt", inl(NEMU_DISK_BASE + 0x08));
    show("ready", inl(NEMU_DISK_BASE + 0x0c));
    command(0, 3, 2);
    show("block 3", buf[0]);
    show("block 4", buf[NEMU_DISK_BLOCK / 4]);
    blkio(0, 7, 1);
    show("block 7", buf[0]);
    buf[0] = 0x55aa;
    blkio(1, 1, 1);
    buf[0] = 0xaa55;
    command(1, 2, 1);
    put_text("written\n");
    blkio(0, 7, 2); /* there are 8 */
    put_text("not reached\n");
    return 0;
}
