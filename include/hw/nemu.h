#pragma once
/*
 * The devices of NEMU, the teaching machine of Nanjing University's PA course: where they are and
 * their registers (NJU-ProjectN/nemu, src/device; abstract-machine, am/src/platform/nemu).
 * Registers are 32 bits wide where nothing else is said.
 */

enum nemu_map {
    NEMU_DRAM_BASE = 0x80000000u,
    NEMU_RTC_BASE = 0xa0000048u,
    NEMU_KEYBOARD_BASE = 0xa0000060u,
    NEMU_VGA_BASE = 0xa0000100u,
    NEMU_AUDIO_BASE = 0xa0000200u,
    NEMU_DISK_BASE = 0xa0000300u,
    NEMU_SERIAL_BASE = 0xa00003f8u,
    NEMU_FB_BASE = 0xa1000000u,   /* VGA: width * height words 00rrggbb, row by row */
    NEMU_SBUF_BASE = 0xa1200000u, /* audio: a ring of bytes */
};

enum nemu_serial_reg {
    NEMU_SERIAL_DATA = 0, /* byte; written: shown; read: what was typed, 0xff if nothing was */
    NEMU_SERIAL_LSR = 5,  /* byte; read: NEMU_SERIAL_LSR_... */
    NEMU_SERIAL_SIZE = 8,
};

enum nemu_serial_lsr {
    NEMU_SERIAL_LSR_DR = 0x01,   /* something was typed */
    NEMU_SERIAL_LSR_THRE = 0x20, /* always: ready to send */
};

/* Microseconds since the machine was switched on. */
enum nemu_rtc_reg {
    NEMU_RTC_LOW = 0, /* as of the last time the other half was read */
    NEMU_RTC_HIGH = 4,
    NEMU_RTC_SIZE = 8,
};

enum {
    NEMU_TIMER_HZ = 60, /* of the machine timer interrupt */
};

/* Reading takes a key off the queue; 0 if it is empty. The numbers are in key.def. */
enum nemu_keyboard_reg {
    NEMU_KEYBOARD_DATA = 0,
    NEMU_KEYBOARD_SIZE = 4,
};

enum {
    NEMU_KEY_DOWN = 0x8000,
    NEMU_KEY_QUEUE = 1024,
};

enum nemu_vga_reg {
    NEMU_VGA_SCREEN = 0, /* read only: width << 16 | height */
    NEMU_VGA_SYNC = 4,   /* writing other than 0 shows the frame buffer */
    NEMU_VGA_SIZE = 8,
};

/* Samples are 16 bits with sign, little-endian, channels interleaved. */
enum nemu_audio_reg {
    NEMU_AUDIO_FREQ = 0, /* Hz */
    NEMU_AUDIO_CHANNELS = 4,
    NEMU_AUDIO_SAMPLES = 8, /* frames that are played at a time */
    NEMU_AUDIO_SBUF_SIZE = 12,
    NEMU_AUDIO_INIT = 16,  /* writing begins a stream with the parameters above */
    NEMU_AUDIO_COUNT = 20, /* bytes in the ring: the device takes off, software adds */
    NEMU_AUDIO_SIZE = 24,
};

enum {
    NEMU_SBUF_SIZE = 0x10000,
    NEMU_FB_SIZE = 0x200000, /* as much as the abstract machine maps */
};

/*
 * NEMU leaves the disk to its users. Two layouts are around, and since one's written registers are
 * where the other's are only read, a disk can have both: that of the course's reference (size,
 * cmd, buf, start, count), and the abstract machine's registers in their order (present, blksz,
 * blkcnt, ready, write, buf, blkno, blkcnt, cmd).
 */
enum nemu_disk_reg {
    NEMU_DISK_SIZE = 0x00,  /* read only: blocks; 0: there is no disk. Also `present` */
    NEMU_DISK_CMD = 0x04,   /* writing 0 reads, 1 writes BUF, START, COUNT; read: block size */
    NEMU_DISK_BUF = 0x08,   /* written: physical address; read: blocks */
    NEMU_DISK_START = 0x0c, /* written: first block; read: 1, ready */
    NEMU_DISK_COUNT = 0x10, /* number of blocks; or: whether IO_CMD is to write */
    NEMU_DISK_IO_WRITE = NEMU_DISK_COUNT,
    NEMU_DISK_IO_BUF = 0x14,
    NEMU_DISK_IO_BLKNO = 0x18,
    NEMU_DISK_IO_BLKCNT = 0x1c,
    NEMU_DISK_IO_CMD = 0x20, /* writing other than 0 carries out the four before */
    NEMU_DISK_REG_SIZE = 0x24,
};

enum {
    NEMU_DISK_BLOCK = 512,
    NEMU_SCREEN_WIDTH = 400,
    NEMU_SCREEN_HEIGHT = 300,
};
