/*
 * SBI "Legacy Extensions": one extension id per function, a result in a0, a1 untouched. Hart masks
 * are read from the caller's virtual memory; a fault there becomes the caller's, at its ecall.
 */
#include "sbi/console.h"
#include "sbi/csr.h"
#include "sbi/ecall.h"
#include "sbi/ipi.h"
#include "sbi/panic.h"
#include "sbi/reset.h"
#include "sbi/timer.h"
#include "sbi/trap.h"

enum { WORD_BITS = 8 * sizeof(long) };

/* The harts of the mask at va; a null pointer means all. False if the fault has been redirected. */
static bool read_mask(unsigned long va, hartset_t *set)
{
    unsigned long last = hart_at(hart_count - 1)->id;
    *set = 0;
    if (va == 0) {
        hart_list(0, SBI_HART_MASK_ALL, set);
        return true;
    }
    for (unsigned long base = 0; base <= last; base += WORD_BITS, va += sizeof(long)) {
        struct guest_value word = guest_load(va, sizeof(long));
        if (word.cause) {
            trap_redirect(word.cause, csr_read(mtval), csr_read(mepc) - 4);
            return false;
        }
        for (unsigned bit = 0; bit < WORD_BITS; bit++) {
            struct hart *hart = word.value >> bit & 1 ? hart_find(base + bit) : NULL;
            if (hart)
                *set |= (hartset_t)1 << hart->index;
        }
    }
    return true;
}

static long clear_ipi(void)
{
    bool pending = csr_read(mip) & MIP_SSIP;
    csr_clear(mip, MIP_SSIP);
    return pending;
}

static int getchar(void)
{
    char c;
    return console_present() && console_read(&c, 1) ? (unsigned char)c : -1;
}

static _Noreturn void shutdown(void)
{
    reset_system(SBI_RESET_SHUTDOWN, false);
    hart_halt();
}

/* The calls that take a mask; without one they do nothing to a0, whose fault is on its way. */
static long masked_call(ECALL_ARGS)
{
    hartset_t harts;
    if (!read_mask(a0, &harts))
        return a0;
    if (eid == SBI_EXT_LEGACY_SEND_IPI)
        ipi_send(harts);
    else if (eid == SBI_EXT_LEGACY_FENCE_I)
        rfence_send(harts, &(struct rfence){RFENCE_I, 0, 0, 0});
    else if (eid == SBI_EXT_LEGACY_SFENCE_VMA)
        rfence_send(harts, &(struct rfence){RFENCE_VMA, a1, a2, 0});
    else
        rfence_send(harts, &(struct rfence){RFENCE_VMA_ASID, a1, a2, a3});
    return 0;
}

static struct sbiret legacy_call(ECALL_ARGS)
{
    long result = 0;
    switch (eid) {
    case SBI_EXT_LEGACY_SET_TIMER:
        timer_set(hart_self(), sizeof(long) == 8 ? a0 : (uint64_t)a1 << 32 | a0);
        break;
    case SBI_EXT_LEGACY_PUTCHAR: console_putc(a0); break;
    case SBI_EXT_LEGACY_GETCHAR: result = getchar(); break;
    case SBI_EXT_LEGACY_CLEAR_IPI: result = clear_ipi(); break;
    case SBI_EXT_LEGACY_SHUTDOWN: shutdown();
    default: result = masked_call(a0, a1, a2, a3, a4, a5, fid, eid);
    }
    return (struct sbiret){result, a1};
}

const struct ext ext_legacy = {SBI_EXT_LEGACY_SET_TIMER, SBI_EXT_LEGACY_SHUTDOWN,
                               .call = legacy_call};
