/* DBCN and the legacy calls. */
#include "lib/string.h"
#include "riscv/bits.h"
#include "test.h"

static struct sbiret dbcn(unsigned long fid, unsigned long n, unsigned long low, unsigned long high)
{
    return sbi(SBI_EXT_DBCN, fid, n, low, high);
}

/* Ranges that are not, or not only, memory of S-mode. */
static void check_bad_ranges(unsigned long fid, const char *name, enum clause refused)
{
    unsigned long fw = machine.firmware, fw_end = fw + machine.firmware_size;
    unsigned long end = machine.ram + machine.ram_size;
    static char here[16];
    struct {
        unsigned long n, low, high;
        const char *text;
        bool outside; /* of RAM, but not of the firmware's business where PMP alone decides */
    } bad[] = {
        {1, fw, 0, "first byte of the firmware", false},
        {1, fw_end - 1, 0, "last byte of the firmware", false},
        {16, fw_end - 8, 0, "across the firmware's end", false},
        {fw_end - fw, fw, 0, "all of the firmware", false},
        {16, end - 8, 0, "across the end of RAM", true},
        {1, end, 0, "behind the end of RAM", true},
        {1, 0, 0, "address 0", true},
        {1, 0x10000000, 0, "a device", true},
        {16, -8ul, 0, "across the end of the address space", true},
        {-1ul, (unsigned long)here, 0, "a length of -1", true},
        {1, (unsigned long)here, 1, "a high half that is not 0", true},
        {1, (unsigned long)here, -1ul, "a high half of -1", true},
    };
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        clause(refused);
        if (bad[i].outside)
            check_ours("does not know where RAM ends, and faults",
                       dbcn(fid, bad[i].n, bad[i].low, bad[i].high).error == SBI_ERR_INVALID_PARAM,
                       "%s: %s", name, bad[i].text);
        else
            check(dbcn(fid, bad[i].n, bad[i].low, bad[i].high).error == SBI_ERR_INVALID_PARAM,
                  "%s: %s", name, bad[i].text);
    }
}

/* Whole, with a second attempt if the UART was full. */
static bool write_all(const char *s)
{
    unsigned long n = strlen(s), done = 0;
    while (done < n) {
        struct sbiret r = dbcn(SBI_DBCN_CONSOLE_WRITE, n - done, (unsigned long)s + done, 0);
        if (r.error != 0 || (unsigned long)r.value > n - done)
            return false;
        done += r.value;
    }
    return true;
}

void test_dbcn(void)
{
    static const char text[] = "# the debug console writes this line\n";
    static char buf[8] = "unread";
    if (!has_extension(SBI_EXT_DBCN)) {
        skip("there is no DBCN", "debug console");
        return;
    }
    CLAUSE(DBCN, CONSOLE_WRITE, SUCCESS);
    check(write_all(text), "console_write");
    struct sbiret r = dbcn(SBI_DBCN_CONSOLE_WRITE, 0, (unsigned long)text, 0);
    check(r.error == 0 && r.value == 0, "console_write of nothing");
    check_bad_ranges(SBI_DBCN_CONSOLE_WRITE, "console_write",
                     CLAUSE_ID(DBCN, CONSOLE_WRITE, INVALID_PARAM));
    r = dbcn(SBI_DBCN_CONSOLE_READ, sizeof(buf), (unsigned long)buf, 0);
    CLAUSE(DBCN, CONSOLE_READ, SUCCESS);
    check(r.error == 0 && r.value == 0 && strcmp(buf, "unread") == 0, "console_read without input");
    check_bad_ranges(SBI_DBCN_CONSOLE_READ, "console_read",
                     CLAUSE_ID(DBCN, CONSOLE_READ, INVALID_PARAM));
    r = dbcn(SBI_DBCN_CONSOLE_WRITE_BYTE, '#', -1, -1);
    struct sbiret end = dbcn(SBI_DBCN_CONSOLE_WRITE_BYTE, 0x1200 | '\n', 0, 0);
    CLAUSE(DBCN, CONSOLE_WRITE_BYTE, SUCCESS);
    check(r.error == 0 && r.value == 0, "console_write_byte");
    check(end.error == 0 && end.value == 0, "console_write_byte takes eight bits");
    CLAUSE(DBCN, ANY, UNKNOWN_FUNCTION);
    check_equal(dbcn(3, 0, 0, 0).error, SBI_ERR_NOT_SUPPORTED, "DBCN: unknown function");
}

/* Echo what the driver sends: five bytes through DBCN, three through the legacy call. */
void mode_input(void)
{
    char buf[8];
    unsigned n = 0;
    print("send dbcn\n");
    while (n < 5) {
        struct sbiret r = dbcn(SBI_DBCN_CONSOLE_READ, 5 - n, (unsigned long)buf + n, 0);
        if (r.error)
            break;
        n += r.value;
    }
    print("got %.*s\nsend legacy\n", (int)n, buf);
    for (n = 0; n < 3;) {
        long c = sbi(SBI_EXT_LEGACY_GETCHAR, 0).error;
        if (c >= 0)
            buf[n++] = c;
    }
    print("got %.*s\n", (int)n, buf);
}

/* ---- Legacy ---- */

static void check_mask_call(unsigned long eid, const char *name, enum clause success)
{
    static unsigned long mask;
    mask = 1ul << machine.self;
    clause(success);
    CLAUSE(LEGACY, ANY, FUNCTION_ID_IGNORED);
    check(sbi(eid, 77, &mask, 0, 0, 0).error == 0, "%s self", name);
    check(sbi(eid, 77, 0, 0, 0, 0).error == 0, "%s all harts", name);

    /* The mask is at a virtual address: visible only through the page table. */
    static unsigned long page[512] __attribute__((aligned(4096)));
    page[511] = mask;
    paging_page(page, PAGE_R);
    paging_on();
    struct caught c = try_legacy_mask(eid, page_va + 511 * sizeof(long));
    check(c.cause == -1ul && c.value == 0, "%s through a page table", name);
    c = try_legacy_mask(eid, hole_va + 8);
    extern char legacy_ecall[];
    CLAUSE(LEGACY, ANY, FAULT_REDIRECTED);
    check(c.cause == 13 && c.tval == hole_va + 8 && c.epc == (unsigned long)legacy_ecall,
          "%s: a page fault is the caller's", name);
    check((c.status & SSTATUS_SPP) && !(c.status & SSTATUS_SIE), "with sstatus as the hart has it");
    check(c.value == hole_va + 8, "and a0 as it was");
    paging_page(page, PAGE_X);
    c = try_legacy_mask(eid, page_va);
    check(c.cause == 13 && c.tval == page_va, "%s: a page that may only be executed", name);
    paging_page(NULL, 0);
    paging_off();
    c = try_legacy_mask(eid, machine.firmware);
    CLAUSE(LEGACY, ANY, FAULT_REDIRECTED);
    check(c.cause == 5 && c.tval == machine.firmware,
          "%s: a mask in the firmware is an access fault", name);
}

void test_legacy(void)
{
    long put = sbi(SBI_EXT_LEGACY_PUTCHAR, 77, '#').error;
    put |= sbi(SBI_EXT_LEGACY_PUTCHAR, 77, '\n').error;
    CLAUSE(LEGACY, PUTCHAR, SUCCESS);
    check_equal(put, 0, "legacy putchar");
    CLAUSE(LEGACY, GETCHAR, FAILURE);
    check_equal(sbi(SBI_EXT_LEGACY_GETCHAR, 77).error, -1, "legacy getchar without input");

    sbi(SBI_EXT_LEGACY_CLEAR_IPI, 77);
    CLAUSE(LEGACY, CLEAR_IPI, SUCCESS);
    check_equal(sbi(SBI_EXT_LEGACY_CLEAR_IPI, 77).error, 0, "legacy clear_ipi: none pending");
    static unsigned long mask;
    mask = 1ul << machine.self;
    sbi(SBI_EXT_LEGACY_SEND_IPI, 77, &mask);
    CLAUSE(LEGACY, SEND_IPI, SUCCESS);
    check(wait_until(csr_read(sip) & MIP_SSIP), "legacy send_ipi: pending");
    long was = sbi(SBI_EXT_LEGACY_CLEAR_IPI, 77).error;
    CLAUSE(LEGACY, CLEAR_IPI, WAS_PENDING);
    check_known("always says 0", was > 0, "legacy clear_ipi: one pending");
    CLAUSE(LEGACY, CLEAR_IPI, SUCCESS);
    check(!(csr_read(sip) & MIP_SSIP), "legacy clear_ipi clears it");

    CLAUSE(LEGACY, SET_TIMER, SUCCESS);
    check_equal(sbi(SBI_EXT_LEGACY_SET_TIMER, 77, -1, -1).error, 0, "legacy set_timer(-1)");
    CLAUSE(LEGACY, SET_TIMER, CLEARS_PENDING);
    check(!(csr_read(sip) & MIP_STIP), "no timer interrupt is pending");
    CLAUSE(LEGACY, SET_TIMER, SUCCESS);
    check_equal(sbi(SBI_EXT_LEGACY_SET_TIMER, 77, 0, 0).error, 0, "legacy set_timer(0)");
    check(wait_until(csr_read(sip) & MIP_STIP), "the timer interrupt is pending");
    sbi(SBI_EXT_LEGACY_SET_TIMER, 77, -1, -1);

    check_mask_call(SBI_EXT_LEGACY_SEND_IPI, "legacy send_ipi",
                    CLAUSE_ID(LEGACY, SEND_IPI, SUCCESS));
    sbi(SBI_EXT_LEGACY_CLEAR_IPI, 77);
    check_mask_call(SBI_EXT_LEGACY_FENCE_I, "legacy remote_fence_i",
                    CLAUSE_ID(LEGACY, FENCE_I, SUCCESS));
    check_mask_call(SBI_EXT_LEGACY_SFENCE_VMA, "legacy remote_sfence_vma",
                    CLAUSE_ID(LEGACY, SFENCE_VMA, SUCCESS));
    check_mask_call(SBI_EXT_LEGACY_SFENCE_ASID, "legacy remote_sfence_vma_asid",
                    CLAUSE_ID(LEGACY, SFENCE_ASID, SUCCESS));
}
