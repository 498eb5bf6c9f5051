/* Cache-block instructions (Zicbom, Zicboz). Memory is coherent: only permissions and cbo.zero do
 * something. */
#include "tools/emu/core/core.h"

/* Is an envcfg field not zero at every level above the current mode? */
static bool enabled(const struct hart *h, uint64_t field)
{
    return h->priv == HART_M ||
           (h->csr.menvcfg & field && (h->priv != HART_U || h->csr.senvcfg & field));
}

/* What enables the instruction below M-mode. cbo.inval may do a flush, and always does (CBIE). */
static uint64_t enable_field(enum insn_cbo what)
{
    switch (what) {
    case CBO_INVAL: return ENVCFG_CBIE;
    case CBO_ZERO: return ENVCFG_CBZE;
    default: return ENVCFG_CBCFE;
    }
}

bool CORE(cbo)(struct hart *h, enum insn_cbo what, uxlen va, uint32_t raw)
{
    if (!enabled(h, enable_field(what)))
        return hart_fault(h, CAUSE_ILLEGAL_INSN, raw);
    return CORE(cbo_access)(h, va, what == CBO_ZERO);
}
