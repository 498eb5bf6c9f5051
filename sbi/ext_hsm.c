/* SBI "Hart State Management Extension". */
#include "sbi/csr.h"
#include "sbi/ecall.h"
#include "sbi/hsm.h"
#include "sbi/ipi.h"
#include "sbi/platform.h"
#include "sbi/timer.h"

static void set_state(struct hart *hart, uint32_t state)
{
    __atomic_store_n(&hart->state, state, __ATOMIC_SEQ_CST);
}

uint32_t hsm_state(const struct hart *hart)
{
    return __atomic_load_n(&hart->state, __ATOMIC_ACQUIRE);
}

static bool change_state(struct hart *hart, uint32_t from, uint32_t to)
{
    return __atomic_compare_exchange_n(&hart->state, &from, to, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

bool hsm_request_start(struct hart *hart, unsigned long addr, unsigned long arg)
{
    /* START_PENDING makes the fields below the caller's; start_ready hands them over. */
    if (!change_state(hart, SBI_HART_STOPPED, SBI_HART_START_PENDING))
        return false;
    hart->start_addr = addr;
    hart->start_arg = arg;
    __atomic_store_n(&hart->start_ready, true, __ATOMIC_RELEASE);
    return true;
}

_Noreturn void hsm_wait(struct hart *self)
{
    change_state(self, SBI_HART_STOP_PENDING, SBI_HART_STOPPED);
    csr_write(mie, MIP_MSIP);
    while (!__atomic_load_n(&self->start_ready, __ATOMIC_ACQUIRE)) {
        if (csr_read(mip) & MIP_MSIP)
            ipi_take(self);
        else
            wfi();
    }
    __atomic_store_n(&self->start_ready, false, __ATOMIC_RELAXED);
    hart_enter_smode(self, self->start_addr, self->start_arg);
}

static struct sbiret hart_start(unsigned long id, unsigned long addr, unsigned long arg)
{
    struct hart *hart = hart_find(id);
    if (!hart)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (!platform_is_smode_entry(addr))
        return sbi_error(SBI_ERR_INVALID_ADDRESS);
    if (!hsm_request_start(hart, addr, arg))
        return sbi_error(SBI_ERR_ALREADY_AVAILABLE);
    ipi_poke(hart);
    return sbi_value(0);
}

/* An interrupt for S-mode is pending and enabled in sie; sstatus.SIE does not matter here. */
static bool is_woken(void)
{
    return csr_read(mip) & csr_read(mie) & csr_read(mideleg);
}

void hsm_suspend(struct hart *self)
{
    set_state(self, SBI_HART_SUSPENDED);
    while (!is_woken()) {
        unsigned long pending = csr_read(mip) & csr_read(mie);
        if (pending & MIP_MSIP)
            ipi_take(self);
        else if (pending & MIP_MTIP)
            timer_take();
        else
            wfi();
    }
    set_state(self, SBI_HART_STARTED);
}

static struct sbiret hart_suspend(uint32_t type, unsigned long addr, unsigned long arg)
{
    struct hart *self = hart_self();
    if (type != SBI_SUSPEND_RETENTIVE && type != SBI_SUSPEND_NON_RETENTIVE)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (type == SBI_SUSPEND_NON_RETENTIVE && !platform_is_smode_entry(addr))
        return sbi_error(SBI_ERR_INVALID_ADDRESS);
    hsm_suspend(self);
    if (type == SBI_SUSPEND_NON_RETENTIVE)
        hart_resume_smode(self, addr, arg);
    return sbi_value(0);
}

static struct sbiret hart_get_status(unsigned long id)
{
    struct hart *hart = hart_find(id);
    if (!hart)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    return sbi_value(hsm_state(hart));
}

static struct sbiret hsm_call(ECALL_ARGS)
{
    switch (fid) {
    case SBI_HSM_HART_START: return hart_start(a0, a1, a2);
    case SBI_HSM_HART_STOP: set_state(hart_self(), SBI_HART_STOP_PENDING); hsm_wait(hart_self());
    case SBI_HSM_HART_GET_STATUS: return hart_get_status(a0);
    case SBI_HSM_HART_SUSPEND: return hart_suspend(a0, a1, a2);
    default: return sbi_error(SBI_ERR_NOT_SUPPORTED);
    }
}

const struct ext ext_hsm = {SBI_EXT_HSM, SBI_EXT_HSM, .call = hsm_call};
