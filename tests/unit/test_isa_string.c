/* lib/isa_string.c: strings in the forms of the specification's chapter on names. */
#include "lib/isa_string.h"
#include "tap.h"

static void has(const char *isa, const char *names)
{
    char list[256];
    snprintf(list, sizeof list, "%s", names);
    for (char *name = strtok(list, " "); name; name = strtok(NULL, " "))
        ok(isa_string_has(isa, name), "%.60s has %s", isa, name);
}

static void lacks(const char *isa, const char *names)
{
    char list[256];
    snprintf(list, sizeof list, "%s", names);
    for (char *name = strtok(list, " "); name; name = strtok(NULL, " "))
        ok(!isa_string_has(isa, name), "%.60s has no %s", isa, name);
}

int main(void)
{
    static const char plain[] = "rv64imafdcb_zic64b_zicsr_za64rs_zba_zbb_sstc_svade_xvendor";
    has(plain, "i m a f d c b zic64b zicsr za64rs zba zbb sstc svade xvendor");
    lacks(plain, "r v z s x p q h zi zb zic64 zbc sst stc svadu icsr 6 rv rv64 rv64imafdcb _");

    static const char versions[] = "rv32i2p1_m2p0_a2p1_c2p0_zicsr2p0_zba1p0_zic64b1p0_sstc1p12";
    has(versions, "i m a c zicsr zba zic64b sstc");
    lacks(versions, "p f d b 2 zicsr2p0 zba1 zba1p zic64b1");
    has("rv64i2p1m2a2p1zicsr2_zba", "i m a zicsr zba");
    lacks("rv64i2p1m2a2p1zicsr2_zba", "p c z");
    has("rv64imacsstc", "i m a c sstc");
    has("rv128i", "i");
    has("rv64ip", "i p");
    has("rv64i2p", "i p");
    has("rv64i_zve32f_zvl128b_ssnpm", "i zve32f zvl128b ssnpm");
    has("imac", "i m a c");
    has("rv64gc_zba", "i m a f d g c zicsr zifencei zba");
    lacks("rv64gc_zba", "b q zicntr zfa");

    lacks("", "i");
    lacks("rv", "i v");
    lacks("rv64", "i");
    lacks("rv64_", "i");
    lacks("rv64i__z", "zba s");
    lacks("rv64i_z9p9_9p9_p", "zba s");
    lacks("rv64i_s9", "s9 zba");
    return tap_done();
}
