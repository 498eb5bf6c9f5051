/* The extensions that the machine gives no reason to have: CPPC, NACL, STA, MPXY. */
#include "test.h"

static long call(unsigned long eid, unsigned long fid)
{
    static char memory[8192] __attribute__((aligned(4096)));
    return sbi(eid, fid, memory, 0, 0, 0, 0).error;
}

/* Where a witness has the extension there is nothing to compare: ours does not. */
static bool begin(unsigned long eid, enum clause absent, const char *name)
{
    clause(absent);
    if (machine.is_tarn)
        return check(!has_extension(eid), "probe_extension %s: not there", name);
    skip("another firmware may have it", "probe_extension %s", name);
    return !has_extension(eid);
}

#define CHECK_ABSENT(ext, name)                                                     \
    do {                                                                            \
        CLAUSE(ext, name, NOT_SUPPORTED);                                           \
        check_equal(call(SBI_EXT_##ext, SBI_##ext##_##name), SBI_ERR_NOT_SUPPORTED, \
                    "absent: " #ext " " #name);                                     \
    } while (0)

void test_absent(void)
{
    if (begin(SBI_EXT_CPPC, CLAUSE_ID(CPPC, ANY, NOT_AVAILABLE), "CPPC")) {
        CHECK_ABSENT(CPPC, PROBE);
        CHECK_ABSENT(CPPC, READ);
        CHECK_ABSENT(CPPC, READ_HI);
        CHECK_ABSENT(CPPC, WRITE);
    }
    if (begin(SBI_EXT_NACL, CLAUSE_ID(NACL, ANY, NOT_AVAILABLE), "NACL")) {
        CHECK_ABSENT(NACL, PROBE_FEATURE);
        CHECK_ABSENT(NACL, SET_SHMEM);
        CHECK_ABSENT(NACL, SYNC_CSR);
        CHECK_ABSENT(NACL, SYNC_HFENCE);
        CHECK_ABSENT(NACL, SYNC_SRET);
    }
    if (begin(SBI_EXT_STA, CLAUSE_ID(STA, ANY, NOT_AVAILABLE), "STA"))
        CHECK_ABSENT(STA, STEAL_TIME_SET_SHMEM);
    if (begin(SBI_EXT_MPXY, CLAUSE_ID(MPXY, ANY, NOT_AVAILABLE), "MPXY")) {
        CHECK_ABSENT(MPXY, GET_SHMEM_SIZE);
        CHECK_ABSENT(MPXY, SET_SHMEM);
        CHECK_ABSENT(MPXY, GET_CHANNEL_IDS);
        CHECK_ABSENT(MPXY, READ_ATTRIBUTES);
        CHECK_ABSENT(MPXY, WRITE_ATTRIBUTES);
        CHECK_ABSENT(MPXY, SEND_MESSAGE_WITH_RESPONSE);
        CHECK_ABSENT(MPXY, SEND_MESSAGE_WITHOUT_RESPONSE);
        CHECK_ABSENT(MPXY, GET_NOTIFICATION_EVENTS);
    }
}
