/* The kernel's side of the SBI (specification 3.0), with fall-backs down to 0.1. */
#include "kernel/arch/image.h"
#include "kernel/arch/pagetable.h"
#include "kernel/arch/sbi.h"

static bool have_time, have_ipi, have_rfence, have_hsm, have_srst, have_dbcn;
static unsigned long spec_version, impl_id;

static struct sbiret call(unsigned long ext, unsigned long function, unsigned long a,
                          unsigned long b, unsigned long c, unsigned long d)
{
    register unsigned long a0 __asm__("a0") = a;
    register unsigned long a1 __asm__("a1") = b;
    register unsigned long a2 __asm__("a2") = c;
    register unsigned long a3 __asm__("a3") = d;
    register unsigned long a6 __asm__("a6") = function;
    register unsigned long a7 __asm__("a7") = ext;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a6), "r"(a7) : "memory");
    return (struct sbiret){(long)a0, (long)a1};
}

static bool probe(unsigned long ext)
{
    struct sbiret ret = call(SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, ext, 0, 0, 0);
    return ret.error == SBI_SUCCESS && ret.value != 0;
}

void sbi_init(void)
{
    struct sbiret version = call(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 0, 0, 0, 0);
    if (version.error != SBI_SUCCESS)
        return; /* 0.1: the legacy calls only */
    spec_version = (unsigned long)version.value;
    impl_id = (unsigned long)call(SBI_EXT_BASE, SBI_BASE_GET_IMPL_ID, 0, 0, 0, 0).value;
    have_time = probe(SBI_EXT_TIME);
    have_ipi = probe(SBI_EXT_IPI);
    have_rfence = probe(SBI_EXT_RFENCE);
    have_hsm = probe(SBI_EXT_HSM);
    have_srst = probe(SBI_EXT_SRST);
    have_dbcn = probe(SBI_EXT_DBCN);
}

const char *sbi_impl_name(void)
{
    return impl_id == SBI_IMPL_TARN ? "Tarn" : impl_id == SBI_IMPL_OPENSBI ? "OpenSBI" : "firmware";
}

unsigned long sbi_spec_version(void)
{
    return spec_version;
}

/* ---- console */

/* The physical address of kernel memory in the image or the direct map; false: elsewhere. */
static bool physical(uintptr_t va, paddr_t *pa)
{
    uintptr_t image = (uintptr_t)__image_start;
    if (va >= image && va < (uintptr_t)__image_end) {
        *pa = pt_image_pa() + (va - image);
        return true;
    }
    return false;
}

void sbi_console_write(const char *text, size_t length)
{
    while (length) {
        paddr_t pa;
        if (have_dbcn && physical((uintptr_t)text, &pa)) {
            struct sbiret ret = call(SBI_EXT_DBCN, SBI_DBCN_CONSOLE_WRITE, length,
                                     (unsigned long)pa, sizeof(long) == 8 ? 0 : pa >> 32, 0);
            if (ret.error == SBI_SUCCESS && ret.value > 0) {
                text += ret.value;
                length -= (size_t)ret.value;
                continue;
            }
        }
        if (have_dbcn)
            call(SBI_EXT_DBCN, SBI_DBCN_CONSOLE_WRITE_BYTE, (unsigned char)*text, 0, 0, 0);
        else
            call(SBI_EXT_LEGACY_PUTCHAR, 0, (unsigned char)*text, 0, 0, 0);
        text++;
        length--;
    }
}

int sbi_console_getchar(void)
{
    if (!have_dbcn)
        return (int)call(SBI_EXT_LEGACY_GETCHAR, 0, 0, 0, 0, 0).error;
    static char byte;
    paddr_t pa;
    if (!physical((uintptr_t)&byte, &pa))
        return -1;
    struct sbiret ret = call(SBI_EXT_DBCN, SBI_DBCN_CONSOLE_READ, 1, (unsigned long)pa,
                             sizeof(long) == 8 ? 0 : pa >> 32, 0);
    return ret.error == SBI_SUCCESS && ret.value == 1 ? (unsigned char)byte : -1;
}

/* ---- timer, harts */

void sbi_set_timer(uint64_t ticks)
{
    unsigned long ext = have_time ? SBI_EXT_TIME : SBI_EXT_LEGACY_SET_TIMER;
    call(ext, SBI_TIME_SET_TIMER, (unsigned long)ticks, sizeof(long) == 8 ? 0 : ticks >> 32, 0, 0);
}

/* The legacy calls take the address of a mask of hart ids that starts at 0. */
static unsigned long legacy_mask(unsigned long mask, unsigned long base)
{
    return base < sizeof(long) * 8 ? mask << base : 0;
}

void sbi_send_ipi(unsigned long mask, unsigned long base)
{
    if (have_ipi) {
        call(SBI_EXT_IPI, SBI_IPI_SEND_IPI, mask, base, 0, 0);
        return;
    }
    unsigned long legacy = legacy_mask(mask, base);
    call(SBI_EXT_LEGACY_SEND_IPI, 0, (unsigned long)&legacy, 0, 0, 0);
}

void sbi_remote_sfence(unsigned long mask, unsigned long base, unsigned long va, unsigned long size)
{
    if (have_rfence) {
        call(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_SFENCE_VMA, mask, base, va, size);
        return;
    }
    unsigned long legacy = legacy_mask(mask, base);
    call(SBI_EXT_LEGACY_SFENCE_VMA, 0, (unsigned long)&legacy, va, size, 0);
}

void sbi_remote_fence_i(unsigned long mask, unsigned long base)
{
    if (have_rfence) {
        call(SBI_EXT_RFENCE, SBI_RFENCE_REMOTE_FENCE_I, mask, base, 0, 0);
        return;
    }
    unsigned long legacy = legacy_mask(mask, base);
    call(SBI_EXT_LEGACY_FENCE_I, 0, (unsigned long)&legacy, 0, 0, 0);
}

long sbi_hart_start(unsigned long id, unsigned long entry_pa, unsigned long opaque)
{
    if (!have_hsm)
        return SBI_ERR_NOT_SUPPORTED;
    return call(SBI_EXT_HSM, SBI_HSM_HART_START, id, entry_pa, opaque, 0).error;
}

void sbi_reset(uint32_t type, uint32_t reason)
{
    /* A failure before the probes is to be told as one; who does not know the call refuses it. */
    if (have_srst || reason == SBI_REASON_SYSTEM_FAILURE)
        call(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, type, reason, 0, 0);
    if (type == SBI_RESET_SHUTDOWN)
        call(SBI_EXT_LEGACY_SHUTDOWN, 0, 0, 0, 0, 0);
}
