/* Which neighbouring operations run as one: the rows of pair.def as a table. */
#include "tools/emu/core/core.h"

enum part {
    PART_NONE,
#define PART(xlen, class, arg) PART_##class##_##arg,
#include "tools/emu/core/pair.def"
    PART_COUNT
};

#define PART_CLASSES (CLASS_JALR + 1)
#define PART_ARGS    64

/* Enum values of a part's argument, by class. */
#define ARG_ALU(x)    ALU_##x
#define ARG_ALUI(x)   ALU_##x
#define ARG_LI(x)     0
#define ARG_AUIPC(x)  0
#define ARG_LOAD(x)   LOAD_##x
#define ARG_STORE(x)  STORE_##x
#define ARG_BRANCH(x) BRANCH_##x
#define ARG_JAL(x)    0
#define ARG_JALR(x)   0

static const uint8_t parts[PART_CLASSES][PART_ARGS] = {
#define PART(xlen, class, arg) [CLASS_##class][ARG_##class(arg)] = PART_##class##_##arg,
#include "tools/emu/core/pair.def"
};

#define HOW_FREE  0
#define HOW_CHAIN 1

static const uint16_t pairs[PART_COUNT][PART_COUNT][2] = {
#define PAIR(xlen, class1, arg1, class2, arg2, how)               \
    [PART_##class1##_##arg1][PART_##class2##_##arg2][HOW_##how] = \
        OP_PAIR_##class1##_##arg1##_##class2##_##arg2##_##how,
#include "tools/emu/core/pair.def"
};

static unsigned part_of(const struct insn *insn)
{
    return insn->class < PART_CLASSES && insn->arg < PART_ARGS ? parts[insn->class][insn->arg]
                                                               : PART_NONE;
}

static bool commutes(const struct insn *insn)
{
    if (insn->class == CLASS_BRANCH)
        return insn->arg == BRANCH_EQ || insn->arg == BRANCH_NE;
    if (insn->class != CLASS_ALU)
        return false;
    switch (insn->arg) {
    case ALU_ADD:
    case ALU_ADDW:
    case ALU_XOR:
    case ALU_OR:
    case ALU_AND:
    case ALU_MUL:
    case ALU_MULW: return true;
    default: return false;
    }
}

/* Does the instruction leave its result for a chained one? */
static bool leaves_result(const struct insn *insn)
{
    switch (insn->class) {
    case CLASS_ALU:
    case CLASS_ALUI:
    case CLASS_LI:
    case CLASS_AUIPC:
    case CLASS_LOAD: return insn->rd != 0;
    default: return false;
    }
}

bool chain_fits(const struct insn *first, struct insn *second)
{
    if (!leaves_result(first) || part_of(second) == PART_NONE)
        return false;
    if (second->rs1 != first->rd && second->rs2 == first->rd && commutes(second)) {
        second->rs2 = second->rs1;
        second->rs1 = first->rd;
    }
    return first->rd == (second->class == CLASS_STORE ? second->rs2 : second->rs1);
}

unsigned chain_op(const struct insn *insn)
{
    unsigned part = part_of(insn);
    return part == PART_NONE ? 0 : OP_CHAINS + part - 1;
}

unsigned pair_op(const struct insn *first, bool chained1, const struct insn *second, bool chained2)
{
    unsigned op = pairs[part_of(first)][part_of(second)][chained2 ? HOW_CHAIN : HOW_FREE];
    return op && chained1 ? op - OP_PAIRS + OP_CHAIN_PAIRS : op;
}
