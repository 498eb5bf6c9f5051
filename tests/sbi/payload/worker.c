#include "riscv/bits.h"
#include "test.h"

struct worker workers[MAX_HARTS];
static char stacks[MAX_HARTS][4096] __attribute__((aligned(16)));

void worker_main(unsigned long id, struct worker *self, unsigned long satp, unsigned long status)
{
    self->id = id;
    self->arg = (unsigned long)self;
    self->satp = satp;
    self->status = status;
    csr_write(sscratch, self->index);
    trap_init();
    __atomic_fetch_add(&self->starts, 1, __ATOMIC_RELEASE);
    for (;;) {
        long (*job)(struct worker *) = __atomic_load_n(&self->job, __ATOMIC_ACQUIRE);
        if (!job)
            continue;
        self->job = NULL;
        self->result = job(self);
        __atomic_store_n(&self->busy, false, __ATOMIC_RELEASE);
    }
}

bool worker_start(struct worker *w)
{
    unsigned before = w->starts, index = w - workers;
    w->index = index;
    w->stack_top = (unsigned long)(stacks[index] + sizeof(stacks[index]));
    w->job = NULL;
    w->busy = false;
    struct sbiret r = sbi(SBI_EXT_HSM, SBI_HSM_HART_START, machine.harts[index], hart_entry, w);
    if (r.error)
        print("# hart_start of %lu: error %ld\n", machine.harts[index], r.error);
    return r.error == SBI_SUCCESS && wait_until(w->starts != before);
}

void worker_begin(struct worker *w, long (*job)(struct worker *))
{
    w->busy = true;
    __atomic_store_n(&w->job, job, __ATOMIC_RELEASE);
}

bool worker_done(struct worker *w, long *result)
{
    bool done = wait_until(!__atomic_load_n(&w->busy, __ATOMIC_ACQUIRE));
    if (result)
        *result = w->result;
    return done;
}

long job_stop(struct worker *w)
{
    csr_write(sie, 0);
    return sbi(SBI_EXT_HSM, SBI_HSM_HART_STOP).error;
}

bool worker_stop(struct worker *w)
{
    unsigned long id = machine.harts[w - workers];
    worker_begin(w, job_stop);
    return wait_until(sbi(SBI_EXT_HSM, SBI_HSM_HART_GET_STATUS, id).value == SBI_HART_STOPPED);
}
