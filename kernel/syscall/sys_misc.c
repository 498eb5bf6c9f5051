/* The system itself: its name, its log, its end, random numbers. */
#include "abi/errno.h"
#include "abi/reboot.h"
#include "abi/syslog.h"
#include "abi/utsname.h"
#include "kernel/arch/arch.h"
#include "kernel/dev/dev.h"
#include "kernel/klog.h"
#include "kernel/proc/proc.h"
#include "kernel/syscall/syscall.h"
#include "lib/string.h"

#define CHUNK 256 /* bytes moved through the stack at a time */

long sys_uname(struct uaddr name)
{
    struct abi_utsname uts = {
        .sysname = "Tarn",
        .nodename = "tarn",
        .release = TARN_VERSION,
        .version = "#1 SMP PREEMPT",
        .domainname = "(none)",
    };
    strlcpy(uts.machine, arch_machine(), sizeof uts.machine);
    return copy_out_obj(name, &uts);
}

long sys_reboot(uint32_t magic1, uint32_t magic2, uint32_t cmd, struct uaddr arg)
{
    if (magic1 != ABI_REBOOT_MAGIC1 || magic2 != ABI_REBOOT_MAGIC2)
        return -EINVAL;
    switch (cmd) {
    case ABI_REBOOT_RESTART: arch_reset(ARCH_REBOOT);
    case ABI_REBOOT_HALT:
    case ABI_REBOOT_POWER_OFF: arch_reset(ARCH_POWER_OFF);
    default: return -EINVAL;
    }
}

long sys_getrandom(struct uaddr buf, size_t count, uint32_t flags)
{
    uint8_t bytes[CHUNK];
    if (flags & ~3u) /* GRND_NONBLOCK, GRND_RANDOM: no difference here */
        return -EINVAL;
    if (count > INT32_MAX)
        count = INT32_MAX;
    for (size_t done = 0; done < count;) {
        size_t n = count - done < sizeof bytes ? count - done : sizeof bytes;
        random_bytes(bytes, n);
        if (copy_out(uaddr_add(buf, done), bytes, n) != 0)
            return done ? (long)done : -EFAULT;
        done += n;
        if (thread_killed())
            return (long)done;
    }
    return (long)count;
}

/* ---- the log */

static unsigned long taken; /* what SYSLOG_READ has handed out; a race costs a line read twice */

/* Copies the log from *position to `end` or until `size` bytes are out. */
static long copy_log(struct uaddr buf, size_t size, unsigned long *position)
{
    char chunk[CHUNK];
    size_t done = 0;
    while (done < size) {
        size_t n = size - done < sizeof chunk ? size - done : sizeof chunk;
        n = klog_read(position, chunk, n);
        if (n == 0)
            break;
        if (copy_out(uaddr_add(buf, done), chunk, n) != 0)
            return -EFAULT;
        done += n;
    }
    return (long)done;
}

static long read_all(struct uaddr buf, size_t size, bool clear)
{
    unsigned long start = klog_start(), end = klog_end();
    if (end - start > size)
        start = end - size; /* the last `size` bytes */
    long n = copy_log(buf, end - start, &start);
    if (n >= 0 && clear)
        klog_clear(start);
    return n;
}

long sys_syslog(int type, struct uaddr buf, int len)
{
    static int saved_level = -1;
    if ((len < 0 || !buf.va) && type >= ABI_SYSLOG_READ && type <= ABI_SYSLOG_READ_CLEAR)
        return -EINVAL;
    switch (type) {
    case 0:
    case 1: return 0; /* "close" and "open" */
    case ABI_SYSLOG_READ: return copy_log(buf, (size_t)len, &taken);
    case ABI_SYSLOG_READ_ALL: return read_all(buf, (size_t)len, false);
    case ABI_SYSLOG_READ_CLEAR: return read_all(buf, (size_t)len, true);
    case ABI_SYSLOG_CLEAR: klog_clear(klog_end()); return 0;
    case ABI_SYSLOG_CONSOLE_OFF:
        if (saved_level < 0)
            saved_level = klog_get_level();
        klog_set_level(LOG_ALERT);
        return 0;
    case ABI_SYSLOG_CONSOLE_ON:
        if (saved_level >= 0)
            klog_set_level(saved_level);
        saved_level = -1;
        return 0;
    case ABI_SYSLOG_CONSOLE_LEVEL:
        if (len < 1 || len > 8)
            return -EINVAL;
        klog_set_level(len);
        return 0;
    case ABI_SYSLOG_SIZE_UNREAD: return (long)(klog_end() - taken);
    case ABI_SYSLOG_SIZE_BUFFER: return KLOG_SIZE;
    default: return -EINVAL;
    }
}
