/* -d sbi: calls from S-mode to the firmware and what they return, with the names of abi/sbi.def. */
#include <inttypes.h>
#include <string.h>

#include "abi/sbi.h"
#include "tools/emu/trace_private.h"

enum { REG_A0 = 10, REG_A1 = 11, REG_A6 = 16, REG_A7 = 17, LAST_LEGACY = 8, ARGUMENTS = 6 };
enum { ECALL_S = 9 /* cause */, ECALL_SIZE = 4 };

struct call {
    const char *extension, *name;
    uint32_t eid, fid;
    const char *arguments; /* as in the row: (KIND, name), (KIND, name) */
};

static const struct call calls[] = {
#define SBI_CALL(ext, call_name, call_fid, ...) \
    {#ext, #call_name, SBI_EXT_##ext, call_fid, "" #__VA_ARGS__},
#include "abi/sbi.def"
};

/* Under way on each hart; the hart's own thread only. */
static struct {
    bool active;
    uint64_t pc;
    uint64_t eid, fid;
} under_way[MACHINE_MAX_HARTS];

static const struct call *find_call(uint64_t eid, uint64_t fid)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (calls[i].eid == (uint32_t)eid && (eid <= LAST_LEGACY || calls[i].fid == (uint32_t)fid))
            return &calls[i];
    return NULL;
}

static void put_name(struct trace_line *l, uint64_t eid, uint64_t fid)
{
    const struct call *call = find_call(eid, fid);

    if (call != NULL && eid <= LAST_LEGACY) /* the extension's name is the function's */
        trace_put(l, "%s", call->extension);
    else if (call != NULL)
        trace_put(l, "%s.%s", call->extension, call->name);
    else
        trace_put(l, "extension 0x%" PRIx64 " function %" PRIu64, eid, fid);
}

/* The next argument of a row: its kind and name. False at the end. */
static bool next_argument(const char **row, const char **kind, const char **name, int *name_len)
{
    const char *open = strchr(*row, '('), *comma = open != NULL ? strchr(open, ',') : NULL;
    const char *close = comma != NULL ? strchr(comma, ')') : NULL;

    if (close == NULL)
        return false;
    *kind = open + 1;
    *name = comma + 1 + strspn(comma + 1, " ");
    *name_len = (int)(close - *name);
    *row = close + 1;
    return true;
}

static void put_arguments(struct trace_line *l, const struct hart *hart, const struct call *call)
{
    const char *row = call->arguments, *kind, *name;
    bool is_rv32 = hart_isa(hart)->xlen == 32;
    unsigned reg = REG_A0;
    int len;

    while (reg < REG_A0 + ARGUMENTS && next_argument(&row, &kind, &name, &len)) {
        uint64_t value = hart_read_reg(hart, reg++);
        if (is_rv32)
            value = (uint32_t)value;
        if (is_rv32 && strncmp(kind, "U64", 3) == 0)
            value |= hart_read_reg(hart, reg++) << 32;
        trace_put(l, " %.*s 0x%" PRIx64, len, name, value);
    }
}

static void begin_call(struct hart *hart, const struct hart_trace *event)
{
    uint64_t eid = (uint32_t)hart_read_reg(hart, REG_A7), fid = hart_read_reg(hart, REG_A6);
    const struct call *call = find_call(eid, fid);
    struct trace_line line, *l = &line;

    trace_begin(l, hart, event->priv, "sbi", event->pc);
    put_name(l, eid, fid);
    if (call != NULL)
        put_arguments(l, hart, call);
    else
        for (unsigned i = 0; i < ARGUMENTS; i++)
            trace_put(l, " 0x%" PRIx64, hart_read_reg(hart, REG_A0 + i));
    trace_end(l);
    under_way[hart_id(hart)].active = true;
    under_way[hart_id(hart)].pc = event->pc;
    under_way[hart_id(hart)].eid = eid;
    under_way[hart_id(hart)].fid = fid;
}

static const char *error_text(int64_t error)
{
    static const struct {
        int64_t value;
        const char *text;
    } errors[] = {
#define SBI_ERROR(name, error_value, error_text) {error_value, error_text},
#include "abi/sbi.def"
    };

    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (errors[i].value == error)
            return errors[i].text;
    return NULL;
}

static void end_call(struct hart *hart)
{
    uint64_t eid = under_way[hart_id(hart)].eid, a0 = hart_read_reg(hart, REG_A0);
    int64_t error = hart_isa(hart)->xlen == 32 ? (int32_t)a0 : (int64_t)a0;
    struct trace_line line, *l = &line;

    trace_begin(l, hart, HART_S, "sbi", under_way[hart_id(hart)].pc);
    put_name(l, eid, under_way[hart_id(hart)].fid);
    if (eid <= LAST_LEGACY)
        trace_put(l, " -> %" PRId64, error);
    else if (error_text(error) != NULL)
        trace_put(l, " -> %s, 0x%" PRIx64, error_text(error), hart_read_reg(hart, REG_A1));
    else
        trace_put(l, " -> error %" PRId64 ", 0x%" PRIx64, error, hart_read_reg(hart, REG_A1));
    trace_end(l);
}

void trace_sbi(struct hart *hart, const struct hart_trace *event)
{
    unsigned id = hart_id(hart);

    if (event->kind == HART_TRACE_TRAP && event->trap.cause == ECALL_S && event->trap.to == HART_M)
        begin_call(hart, event);
    if (event->kind != HART_TRACE_MRET || event->priv == HART_M || !under_way[id].active)
        return;
    /* Elsewhere: the call does not return (the hart was started or resumed by another one). */
    if (event->pc == under_way[id].pc + ECALL_SIZE)
        end_call(hart);
    under_way[id].active = false;
}
