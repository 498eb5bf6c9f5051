/* The machine and the system as a whole. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "tarn/syscall.h"
#include "user/lib/private.h"

_Static_assert(sizeof(struct utsname) == sizeof(struct abi_utsname), "utsname is the kernel's");

int uname(struct utsname *name)
{
    return (int)sys_result(sys_uname((struct abi_utsname *)name));
}

int gethostname(char *name, size_t size)
{
    struct utsname names;
    if (uname(&names) < 0) {
        return -1;
    }
    if (strlcpy(name, names.nodename, size) >= size) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return 0;
}

int reboot(unsigned command)
{
    return (int)sys_result(sys_reboot(ABI_REBOOT_MAGIC1, ABI_REBOOT_MAGIC2, command, NULL));
}

int klogctl(int type, char *buf, int size)
{
    return (int)sys_result(sys_syslog(type, buf, size));
}

int mount(const char *source, const char *target, const char *type, unsigned long flags,
          const void *data)
{
    return (int)sys_result(sys_mount(source, target, type, flags, data));
}

int umount(const char *target)
{
    return umount2(target, 0);
}

int umount2(const char *target, int flags)
{
    return (int)sys_result(sys_umount2(target, flags));
}

ssize_t getrandom(void *buf, size_t size, unsigned flags)
{
    return sys_result(sys_getrandom(buf, size, flags));
}

/* All of it or nothing, at most 256 bytes (glibc's and BSD's rule). */
int getentropy(void *buf, size_t size)
{
    if (size > 256) {
        errno = EIO;
        return -1;
    }
    for (size_t done = 0; done < size;) {
        ssize_t count = getrandom((char *)buf + done, size - done, 0);
        if (count < 0 && errno != EINTR) {
            return -1;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return 0;
}

unsigned long getauxval(unsigned long type)
{
    return __tarn_auxval(type);
}

int getpagesize(void)
{
    return (int)__tarn_auxval(ABI_AT_PAGESZ);
}

/* The harts running, as /proc/cpuinfo has one paragraph for each. */
static long count_harts(void)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (!file) {
        return -1;
    }
    char line[256];
    long count = 0;
    while (fgets(line, sizeof(line), file)) {
        count += strncmp(line, "processor", 9) == 0;
    }
    fclose(file);
    return count;
}

/* -1 with EINVAL for what it does not know. */
long sysconf(int name)
{
    switch (name) {
    case _SC_ARG_MAX: return ARG_MAX;
    case _SC_CLK_TCK: return (long)__tarn_auxval(ABI_AT_CLKTCK);
    case _SC_OPEN_MAX: return OPEN_MAX;
    case _SC_PAGESIZE: return getpagesize();
    case _SC_JOB_CONTROL: return 1;
    case _SC_LINE_MAX: return LINE_MAX;
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN: return count_harts();
    default: errno = EINVAL; return -1;
    }
}
