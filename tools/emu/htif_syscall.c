/*
 * System calls over the host-target interface. Programs that run on a proxy kernel or in the public
 * benchmarks' environment make them to write to the console and to end; nothing here reaches the
 * host's files.
 */
#include <string.h>

#include "tools/emu/htif_private.h"

/* riscv Linux's numbers (include/uapi/asm-generic/unistd.h), and one of Spike's own. */
enum {
    SYS_CLOSE = 57,
    SYS_LSEEK = 62,
    SYS_READ = 63,
    SYS_WRITE = 64,
    SYS_FSTAT = 80,
    SYS_EXIT = 93,
    SYS_EXIT_GROUP = 94,
    SYS_GETMAINVARS = 2011, /* argc, argv, envp of the program to run */
};

enum { GUEST_EBADF = 9, GUEST_EFAULT = 14, GUEST_ESPIPE = 29, GUEST_ENOSYS = 38 };

/* struct stat of 64-bit Linux (asm-generic/stat.h), which both XLENs get here. */
enum { STAT_SIZE = 128, STAT_MODE = 16, STAT_NLINK = 20, STAT_BLKSIZE = 56, MODE_TTY = 020620 };

enum { BLOCK_WORDS = 8, WORD = 8, ANSWER_DONE = 1 };

static uint64_t get_le64(const uint8_t *p)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < WORD; i++)
        value |= (uint64_t)p[i] << (8 * i);
    return value;
}

static void put_le(uint8_t *p, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

/* The call is over: its result into the block, and the answer. */
static void finish(struct htif *h, uint64_t command, uint64_t block, int64_t result)
{
    uint8_t bytes[WORD];

    put_le(bytes, (uint64_t)result, WORD);
    ram_write(h->machine->ram, block, bytes, WORD);
    htif_answer(h, command, ANSWER_DONE);
}

static bool is_console(uint64_t fd)
{
    return fd <= 2;
}

static int64_t sys_write(struct htif *h, uint64_t fd, uint64_t buffer, uint64_t n)
{
    const uint8_t *bytes = ram_host(h->machine->ram, buffer, n);

    if (!is_console(fd))
        return -GUEST_EBADF;
    if (bytes == NULL)
        return n == 0 ? 0 : -GUEST_EFAULT;
    if (h->console != NULL)
        machine_output(h->console, 0, bytes, n);
    return (int64_t)n;
}

static int64_t sys_fstat(struct htif *h, uint64_t fd, uint64_t buffer)
{
    uint8_t st[STAT_SIZE] = {0};

    if (!is_console(fd))
        return -GUEST_EBADF;
    put_le(st + STAT_MODE, MODE_TTY, 4);
    put_le(st + STAT_NLINK, 1, 4);
    put_le(st + STAT_BLKSIZE, 1024, 4);
    return ram_write(h->machine->ram, buffer, st, sizeof st) == 0 ? 0 : -GUEST_EFAULT;
}

/* No arguments, no environment: argc, the end of argv, the end of envp. */
static int64_t sys_getmainvars(struct htif *h, uint64_t buffer, uint64_t room)
{
    if (room < 3 * WORD)
        return -GUEST_EFAULT;
    return ram_fill(h->machine->ram, buffer, 0, 3 * WORD) == 0 ? 0 : -GUEST_EFAULT;
}

/* Ends in htif_syscall_input(), when there is something to read. */
static void sys_read(struct htif *h, uint64_t command, uint64_t block, const uint64_t *args)
{
    int64_t error = 0;

    if (!is_console(args[0]))
        error = -GUEST_EBADF;
    else if (args[2] != 0 && ram_host(h->machine->ram, args[1], args[2]) == NULL)
        error = -GUEST_EFAULT;
    if (error != 0 || args[2] == 0) {
        finish(h, command, block, error);
        return;
    }
    h->state.block = block;
    h->state.buffer = args[1];
    h->state.room = args[2];
    htif_wait_input(h, HTIF_READ_SYSCALL, command);
}

size_t htif_syscall_input(struct htif *h, const uint8_t *bytes, size_t n)
{
    size_t part = n < h->state.room ? n : (size_t)h->state.room;

    ram_write(h->machine->ram, h->state.buffer, bytes, part);
    finish(h, h->state.read_command, h->state.block, (int64_t)part);
    return part;
}

void htif_syscall(struct htif *h, uint64_t command, uint64_t block)
{
    uint8_t bytes[BLOCK_WORDS * WORD];
    uint64_t words[BLOCK_WORDS], *args = words + 1;
    int64_t result;

    if (ram_read(h->machine->ram, block, bytes, sizeof bytes) != 0) {
        htif_answer(h, command, ANSWER_DONE);
        return;
    }
    for (unsigned i = 0; i < BLOCK_WORDS; i++)
        words[i] = get_le64(bytes + WORD * i);
    switch (words[0]) {
    case SYS_EXIT:
    case SYS_EXIT_GROUP: htif_end_run(h, args[0] & UINT32_MAX); return;
    case SYS_READ: sys_read(h, command, block, args); return;
    case SYS_WRITE: result = sys_write(h, args[0], args[1], args[2]); break;
    case SYS_CLOSE: result = is_console(args[0]) ? 0 : -GUEST_EBADF; break;
    case SYS_LSEEK: result = is_console(args[0]) ? -GUEST_ESPIPE : -GUEST_EBADF; break;
    case SYS_FSTAT: result = sys_fstat(h, args[0], args[1]); break;
    case SYS_GETMAINVARS: result = sys_getmainvars(h, args[0], args[1]); break;
    default: result = -GUEST_ENOSYS; break;
    }
    finish(h, command, block, result);
}
