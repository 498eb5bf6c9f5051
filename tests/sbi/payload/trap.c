#include "riscv/bits.h"
#include "test.h"

volatile struct interrupts interrupts[MAX_HARTS];

/* start.S; what each does is in its name. */
void trap_vector(void);
typedef void raw_fn(struct caught *, unsigned long, unsigned long);
raw_fn raw_load1, raw_load2, raw_load4, raw_load8, raw_store1, raw_store2, raw_store4, raw_store8,
    raw_jump, raw_illegal, raw_breakpoint, raw_amo, raw_legacy, raw_user;
void raw_suspend(struct resumed *, unsigned long arg, unsigned long type, unsigned long eid,
                 unsigned long fid);

static unsigned self_index(void)
{
    return csr_read(sscratch);
}

void trap_init(void)
{
    csr_write(stvec, trap_vector);
}

void trap_handler(unsigned long cause)
{
    volatile struct interrupts *i = &interrupts[self_index() % MAX_HARTS];
    if (cause == (1UL << (XLEN - 1) | 1)) {
        i->software++;
        csr_clear(sip, MIP_SSIP);
    } else if (cause == (1UL << (XLEN - 1) | 5)) {
        i->timer++;
        csr_clear(sie, MIP_STIP);
    } else {
        print("Bail out! trap %lx at %lx, stval %lx\n", cause, csr_read(sepc), csr_read(stval));
        sbi(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_RESET_SHUTDOWN, SBI_REASON_SYSTEM_FAILURE);
    }
}

static struct caught try_raw(raw_fn *fn, unsigned long a, unsigned long b)
{
    struct caught c = {0};
    fn(&c, a, b);
    return c;
}

struct caught try_load(unsigned long addr, unsigned bytes)
{
    raw_fn *fn = bytes == 1   ? raw_load1
                 : bytes == 2 ? raw_load2
                 : bytes == 4 ? raw_load4
                              : raw_load8;
    return try_raw(fn, addr, 0);
}

struct caught try_store(unsigned long addr, unsigned long value, unsigned bytes)
{
    raw_fn *fn = bytes == 1   ? raw_store1
                 : bytes == 2 ? raw_store2
                 : bytes == 4 ? raw_store4
                              : raw_store8;
    return try_raw(fn, addr, value);
}

struct caught try_jump(unsigned long addr)
{
    return try_raw(raw_jump, addr, 0);
}

struct caught try_illegal(void)
{
    return try_raw(raw_illegal, 0, 0);
}

struct caught try_breakpoint(void)
{
    return try_raw(raw_breakpoint, 0, 0);
}

struct caught try_amo(unsigned long addr)
{
    return try_raw(raw_amo, addr, 0);
}

struct caught try_legacy_mask(unsigned long eid, unsigned long mask_va)
{
    return try_raw(raw_legacy, eid, mask_va);
}

struct caught user_run(unsigned long entry, unsigned long arg)
{
    unsigned long scratch = csr_read(sscratch);
    struct caught c = try_raw(raw_user, entry, arg);
    csr_write(sscratch, scratch);
    return c;
}

struct resumed suspend_until_resumed(unsigned long eid, unsigned long fid, unsigned long type,
                                     unsigned long arg)
{
    struct resumed r = {.error = -100};
    unsigned long scratch = csr_read(sscratch);
    raw_suspend(&r, arg, type, eid, fid);
    csr_write(sscratch, scratch);
    trap_init();
    return r;
}
