/* Which clauses of the specification the checks have tested. A row that no test names is an
 * undefined symbol here. */
#include "test.h"

#define CLAUSE_ROW(ext, call, rule, section) extern const char tested_##ext##_##call##_##rule[];
#include "tests/sbi/clauses.def"

static const struct row {
    const char *name, *section, *tested; /* tested: not null, as the linker sees to */
} rows[] = {
#define CLAUSE_ROW(ext, call, rule, section) \
    {#ext "." #call "." #rule, section, tested_##ext##_##call##_##rule},
#include "tests/sbi/clauses.def"
};

static const struct other {
    const char *name, *section, *kind, *why;
} others[] = {
#define ELSEWHERE_ROW(ext, call, rule, section, test) \
    {#ext "." #call "." #rule, section, "elsewhere", test},
#include "tests/sbi/clauses.def"
#define UNREACHABLE_ROW(ext, call, rule, section, reason) \
    {#ext "." #call "." #rule, section, "unreachable", reason},
#include "tests/sbi/clauses.def"
};

enum { MAX_NAMED = 16, OTHERS = sizeof(others) / sizeof(others[0]) };

static enum clause named[MAX_NAMED]; /* by the next check */
static unsigned named_count;
static struct {
    unsigned short passed, failed, differs;
} results[CLAUSE_COUNT];

void clause(enum clause id)
{
    if (named_count < MAX_NAMED && rows[id].tested)
        named[named_count++] = id;
}

void clause_result(enum clause_result result)
{
    for (unsigned i = 0; i < named_count; i++) {
        results[named[i]].passed += result == CLAUSE_PASSED;
        results[named[i]].failed += result == CLAUSE_FAILED;
        results[named[i]].differs += result == CLAUSE_DIFFERS;
    }
    named_count = 0;
}

void clauses_report(void)
{
    unsigned tested = 0;
    for (unsigned i = 0; i < CLAUSE_COUNT; i++) {
        bool done = results[i].passed || results[i].failed;
        tested += done;
        if (results[i].failed)
            print("# clause failed: %s (%s)\n", rows[i].name, rows[i].section);
        else if (results[i].differs)
            print("# clause differs: %s (%s)\n", rows[i].name, rows[i].section);
        else if (!done)
            print("# clause not tested here: %s (%s)\n", rows[i].name, rows[i].section);
    }
    print("# clauses: %u of %u tested here, %u elsewhere or unreachable\n", tested, CLAUSE_COUNT,
          OTHERS);
}

void mode_clauses(void)
{
    for (unsigned i = 0; i < CLAUSE_COUNT; i++)
        print("tested       %-46s %s\n", rows[i].name, rows[i].section);
    for (unsigned i = 0; i < OTHERS; i++)
        print("%-12s %-46s %s: %s\n", others[i].kind, others[i].name, others[i].section,
              others[i].why);
}
