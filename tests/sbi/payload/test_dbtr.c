/* DBTR. */
#include "riscv/bits.h"
#include "test.h"

#define TYPE(n)  ((unsigned long)(n) << (XLEN - 4))
#define DMODE    (1ul << (XLEN - 5))
#define MATCH_M  (1ul << 6)
#define MATCH_S  (1ul << 4)
#define MATCH_U  (1ul << 3)
#define ON_EXEC  (1ul << 2)
#define ON_STORE (1ul << 1)
#define ON_LOAD  (1ul << 0)
#define CHAIN    (1ul << 11)

enum { BREAKPOINT = 3, ENTRIES = 9 };

static struct sbi_dbtr_entry entry[ENTRIES];
static unsigned count;
static unsigned long match;               /* tdata1 of a type the harts have */
static volatile unsigned long watched[4]; /* QEMU watches eight bytes from an address on */

static struct sbiret dbtr(unsigned long fid, unsigned long a0, unsigned long a1, unsigned long a2)
{
    return sbi(SBI_EXT_DBTR, fid, a0, a1, a2);
}

static struct sbiret install(unsigned long tdata1, unsigned long address)
{
    entry[0] = (struct sbi_dbtr_entry){99, tdata1, address, 0};
    return dbtr(SBI_DBTR_INSTALL, 1, 0, 0);
}

/* An access with sstatus.SIE set: without it a hart may hold triggers back (Sdtrig, 5.4). */
static struct caught with_interrupts(struct caught (*access)(unsigned long, unsigned long),
                                     unsigned long at, unsigned long value)
{
    csr_write(sie, 0);
    csr_set(sstatus, SSTATUS_SIE);
    struct caught c = access(at, value);
    csr_clear(sstatus, SSTATUS_SIE);
    return c;
}

static struct caught store_word(unsigned long at, unsigned long value)
{
    return try_store(at, value, 4);
}

static struct caught load_word(unsigned long at, unsigned long ignored)
{
    return try_load(at, 4);
}

static struct caught jump(unsigned long at, unsigned long ignored)
{
    return try_jump(at);
}

#define STORE(at, value) with_interrupts(store_word, at, value)
#define LOAD(at)         with_interrupts(load_word, at, 0)
#define JUMP(at)         with_interrupts(jump, (unsigned long)(at), 0)

static void test_shmem(void)
{
    unsigned long at = (unsigned long)entry;
    const enum clause no_memory[] = {CLAUSE_ID(DBTR, READ, NO_SHMEM),
                                     CLAUSE_ID(DBTR, INSTALL, NO_SHMEM),
                                     CLAUSE_ID(DBTR, UPDATE, NO_SHMEM)};
    for (unsigned long fid = SBI_DBTR_READ; fid <= SBI_DBTR_UPDATE; fid++) {
        clause(no_memory[fid - SBI_DBTR_READ]);
        check(dbtr(fid, 0, 0, 0).error == SBI_ERR_NO_SHMEM, "DBTR function %lu: no memory", fid);
    }
    CLAUSE(DBTR, SETUP_SHMEM, INVALID_PARAM);
    check_equal(dbtr(SBI_DBTR_SETUP_SHMEM, at, 0, 1).error, SBI_ERR_INVALID_PARAM,
                "setup_shmem: flags");
    CLAUSE(DBTR, SETUP_SHMEM, INVALID_PARAM);
    check_equal(dbtr(SBI_DBTR_SETUP_SHMEM, at + 1, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "setup_shmem: not aligned");
    CLAUSE(DBTR, SETUP_SHMEM, INVALID_ADDRESS);
    check_equal(dbtr(SBI_DBTR_SETUP_SHMEM, machine.firmware, 0, 0).error, SBI_ERR_INVALID_ADDRESS,
                "setup_shmem: the firmware's memory");
    CLAUSE(DBTR, SETUP_SHMEM, INVALID_ADDRESS);
    check_equal(dbtr(SBI_DBTR_SETUP_SHMEM, 0x1000000, 0, 0).error, SBI_ERR_INVALID_ADDRESS,
                "setup_shmem: no memory");
    CLAUSE(DBTR, SETUP_SHMEM, INVALID_ADDRESS);
    check_equal(dbtr(SBI_DBTR_SETUP_SHMEM, at, 1, 0).error, SBI_ERR_INVALID_ADDRESS,
                "setup_shmem: beyond what the hart reaches");
    CLAUSE(DBTR, SETUP_SHMEM, SUCCESS);
    check_equal(dbtr(SBI_DBTR_SETUP_SHMEM, at, 0, 0).error, 0, "setup_shmem");
    CLAUSE(DBTR, SETUP_SHMEM, SUCCESS);
    check_equal(dbtr(SBI_DBTR_SETUP_SHMEM, -1, -1, 0).error, 0, "setup_shmem: none");
    check_equal(dbtr(SBI_DBTR_READ, 0, 1, 0).error, SBI_ERR_NO_SHMEM, "  and there is none");
    dbtr(SBI_DBTR_SETUP_SHMEM, at, 0, 0);
    CLAUSE(DBTR, ANY, UNKNOWN_FUNCTION);
    check_equal(dbtr(8, 0, 0, 0).error, SBI_ERR_NOT_SUPPORTED, "DBTR: unknown function");
}

static void test_ranges(void)
{
    CLAUSE(DBTR, READ, BAD_RANGE);
    check_equal(dbtr(SBI_DBTR_READ, count, 1, 0).error, SBI_ERR_BAD_RANGE, "read: no such trigger");
    CLAUSE(DBTR, READ, BAD_RANGE);
    check_equal(dbtr(SBI_DBTR_READ, 0, count, 0).error, SBI_ERR_BAD_RANGE, "read: too many");
    CLAUSE(DBTR, READ, BAD_RANGE);
    check_equal(dbtr(SBI_DBTR_READ, -1, 2, 0).error, SBI_ERR_BAD_RANGE, "read: trigger -1");
    CLAUSE(DBTR, READ, BAD_RANGE);
    check_equal(dbtr(SBI_DBTR_READ, 0, -1, 0).error, SBI_ERR_BAD_RANGE, "read: -1 triggers");
    CLAUSE(DBTR, INSTALL, BAD_RANGE);
    check_equal(dbtr(SBI_DBTR_INSTALL, count, 0, 0).error, SBI_ERR_BAD_RANGE, "install: too many");
    CLAUSE(DBTR, UPDATE, BAD_RANGE);
    check_equal(dbtr(SBI_DBTR_UPDATE, count, 0, 0).error, SBI_ERR_BAD_RANGE, "update: too many");
    const enum clause invalid[] = {CLAUSE_ID(DBTR, UNINSTALL, INVALID_PARAM),
                                   CLAUSE_ID(DBTR, ENABLE, INVALID_PARAM),
                                   CLAUSE_ID(DBTR, DISABLE, INVALID_PARAM)};
    for (unsigned long fid = SBI_DBTR_UNINSTALL; fid <= SBI_DBTR_DISABLE; fid++) {
        clause(invalid[fid - SBI_DBTR_UNINSTALL]);
        check(dbtr(fid, 0, 1, 0).error == SBI_ERR_INVALID_PARAM,
              "DBTR function %lu: nothing installed", fid);
        clause(invalid[fid - SBI_DBTR_UNINSTALL]);
        check(dbtr(fid, count, 1, 0).error == SBI_ERR_INVALID_PARAM,
              "DBTR function %lu: no such trigger", fid);
    }
}

static void test_bad_entries(void)
{
    static const unsigned long bad[] = {TYPE(0), TYPE(1), TYPE(9), TYPE(15)};
    struct sbiret r;
    for (unsigned i = 0; i < 4; i++) {
        r = install(bad[i], 0);
        CLAUSE(DBTR, INSTALL, INVALID_PARAM);
        check(r.error == SBI_ERR_INVALID_PARAM && r.value == 0, "install: type %lu",
              bad[i] >> (XLEN - 4));
    }
    CLAUSE(DBTR, INSTALL, INVALID_PARAM);
    check_equal(install(match | DMODE, 0).error, SBI_ERR_INVALID_PARAM, "install: dmode");
    CLAUSE(DBTR, INSTALL, INVALID_PARAM);
    check_equal(install(match | MATCH_M, 0).error, SBI_ERR_INVALID_PARAM, "install: for M-mode");
    CLAUSE(DBTR, INSTALL, INVALID_PARAM);
    check_equal(install(match | CHAIN | MATCH_S, 0).error, SBI_ERR_INVALID_PARAM,
                "install: a chain without an end");
    entry[0] = (struct sbi_dbtr_entry){99, match | MATCH_S | ON_STORE, 0, -1};
    r = dbtr(SBI_DBTR_INSTALL, 1, 0, 0);
    CLAUSE(DBTR, INSTALL, NOT_SUPPORTED);
    check(r.error == SBI_ERR_NOT_SUPPORTED && r.value == 0, "install: bits that the hart lacks");
    entry[0] = (struct sbi_dbtr_entry){0, match, 0, 0};
    CLAUSE(DBTR, UPDATE, FAILED);
    check_equal(dbtr(SBI_DBTR_UPDATE, 1, 0, 0).error, SBI_ERR_FAILED, "update: not installed");
    entry[0].state = count;
    CLAUSE(DBTR, UPDATE, INVALID_PARAM);
    check_equal(dbtr(SBI_DBTR_UPDATE, 1, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "update: no such trigger");
}

static void test_watchpoint(void)
{
    unsigned long at = (unsigned long)&watched[0], want = match | MATCH_S | MATCH_U | ON_STORE;
    struct sbiret r = install(want, at);
    CLAUSE(DBTR, INSTALL, SUCCESS);
    check(r.error == 0 && r.value == 0 && entry[0].state < count, "install a watchpoint");
    unsigned long index = entry[0].state;
    struct caught c = STORE(at, 1);
    /* QEMU 7.2 leaves stval as it was. */
    check(c.cause == BREAKPOINT && (c.tval == at || machine.is_qemu), "  it stops a store");
    check(LOAD(at).cause == -1ul, "  but no load");
    check(STORE(at + 8, 1).cause == -1ul, "  and no store elsewhere");

    CLAUSE(DBTR, DISABLE, SUCCESS);
    check_equal(dbtr(SBI_DBTR_DISABLE, index, 1, 0).error, 0, "disable");
    CLAUSE(DBTR, DISABLE, SUCCESS);
    check(STORE(at, 2).cause == -1ul, "  the store is done");
    if (index + 1 < count) {
        dbtr(SBI_DBTR_READ, index, 1, 0);
        CLAUSE(DBTR, READ, SUCCESS);
        check(entry[0].state == (SBI_DBTR_STATE_MAPPED | SBI_DBTR_STATE_HAS_HW | SBI_DBTR_STATE_U |
                                 SBI_DBTR_STATE_S | index << SBI_DBTR_STATE_HW_SHIFT) &&
                  !(entry[0].tdata1 & (MATCH_S | MATCH_U)) && entry[0].tdata2 == at,
              "  its state and registers (%lx, %lx)", entry[0].state, entry[0].tdata1);
    }
    CLAUSE(DBTR, ENABLE, SUCCESS);
    check_equal(dbtr(SBI_DBTR_ENABLE, index, 1, 0).error, 0, "enable");
    CLAUSE(DBTR, ENABLE, SUCCESS);
    check(STORE(at, 3).cause == BREAKPOINT, "  the store is stopped again");

    entry[0] = (struct sbi_dbtr_entry){index, match | MATCH_S | ON_LOAD, at, 0};
    CLAUSE(DBTR, UPDATE, SUCCESS);
    check_equal(dbtr(SBI_DBTR_UPDATE, 1, 0, 0).error, 0, "update");
    check(STORE(at, 3).cause == -1ul && LOAD(at).cause == BREAKPOINT, "  now it stops loads");
    entry[0] = (struct sbi_dbtr_entry){index, TYPE(3), 0, 0};
    CLAUSE(DBTR, UPDATE, INVALID_PARAM);
    check_equal(dbtr(SBI_DBTR_UPDATE, 1, 0, 0).error, SBI_ERR_INVALID_PARAM,
                "update: to another type");
    entry[0] = (struct sbi_dbtr_entry){index, match | CHAIN | MATCH_S, 0, 0};
    CLAUSE(DBTR, UPDATE, INVALID_PARAM);
    check_equal(dbtr(SBI_DBTR_UPDATE, 1, 0, 0).error, SBI_ERR_INVALID_PARAM, "update: to a chain");

    CLAUSE(DBTR, UNINSTALL, SUCCESS);
    entry[0] = (struct sbi_dbtr_entry){index, match | MATCH_S | ON_STORE, at, -1};
    CLAUSE(DBTR, UPDATE, NOT_SUPPORTED);
    check_equal(dbtr(SBI_DBTR_UPDATE, 1, 0, 0).error, SBI_ERR_NOT_SUPPORTED,
                "update: bits that the hart lacks");
    check(STORE(at, 3).cause == -1ul && LOAD(at).cause == BREAKPOINT, "  change nothing");

    check_equal(dbtr(SBI_DBTR_UNINSTALL, index, 1, 0).error, 0, "uninstall");
    check(LOAD(at).cause == -1ul, "  nothing stops it");
    check_equal(dbtr(SBI_DBTR_UNINSTALL, index, 1, 0).error, SBI_ERR_INVALID_PARAM,
                "uninstall twice");
}

extern char breakpoint_here[]; /* start.S: a function that returns at once */

static void test_execute(void)
{
    check_equal(install(match | MATCH_S | ON_EXEC, (unsigned long)breakpoint_here).error, 0,
                "install a breakpoint");
    struct caught c = JUMP(breakpoint_here);
    check(c.cause == BREAKPOINT && c.epc == (unsigned long)breakpoint_here,
          "  it stops before the instruction");
    dbtr(SBI_DBTR_UNINSTALL, entry[0].state, 1, 0);
    check(JUMP(breakpoint_here).cause == -1ul, "  and not when it is gone");
}

/* All of them, and one more. */
static void test_exhaustion(void)
{
    unsigned long used = 0;
    unsigned n = 0;
    while (n <= count &&
           install(match | MATCH_S | ON_STORE, (unsigned long)&watched[0]).error == 0) {
        used |= 1ul << entry[0].state;
        n++;
    }
    check(n && n <= count, "%u triggers can be installed one by one", n);
    CLAUSE(DBTR, INSTALL, FAILED);
    check_equal(install(match | MATCH_S | ON_STORE, 0).error, SBI_ERR_FAILED, "install: no more");
    check_equal(dbtr(SBI_DBTR_UNINSTALL, 0, used, 0).error, 0, "uninstall them all");
}

void test_dbtr(void)
{
    if (!has_extension(SBI_EXT_DBTR)) {
        skip("this machine has no triggers, or this firmware no DBTR", "debug triggers");
        return;
    }
    struct sbiret r = dbtr(SBI_DBTR_NUM_TRIGGERS, 0, 0, 0);
    count = r.value;
    CLAUSE(DBTR, NUM_TRIGGERS, SUCCESS);
    check(r.error == 0 && count > 0 && count <= 8, "num_triggers: %u", count);
    bool has6 = dbtr(SBI_DBTR_NUM_TRIGGERS, TYPE(6), 0, 0).value > 0;
    match = has6 ? TYPE(6) : TYPE(2);
    check(dbtr(SBI_DBTR_NUM_TRIGGERS, match, 0, 0).value > 0, "  of a type that matches");
    CLAUSE(DBTR, NUM_TRIGGERS, SUCCESS);
    check_equal(dbtr(SBI_DBTR_NUM_TRIGGERS, TYPE(9), 0, 0).value, 0, "  none of a type unknown");
    test_shmem();
    test_ranges();
    if (count > 1) { /* install takes fewer than there are */
        test_bad_entries();
        test_watchpoint();
        test_execute();
        test_exhaustion();
    }
    dbtr(SBI_DBTR_SETUP_SHMEM, -1, -1, 0);
}
