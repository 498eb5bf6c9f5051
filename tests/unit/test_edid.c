/* tools/emu/edid.c: read back by the standard's tables, and judged by edid-decode where there is
 * one. */
#include "tools/emu/edid.h"

#include "tap.h"

static void check(unsigned width, unsigned height)
{
    uint8_t e[EDID_SIZE];
    const uint8_t *t = e + 54;
    unsigned sum = 0, active_w, active_h, total, clock;

    edid_make(e, width, height);
    for (unsigned i = 0; i < EDID_SIZE; i++)
        sum += e[i];
    ok(sum % 256 == 0, "%ux%u: checksum", width, height);
    ok(memcmp(e, "\0\xff\xff\xff\xff\xff\xff", 8) == 0 && e[18] == 1 && e[19] == 4, "header, 1.4");
    is_int(e[126], 0, "no extension blocks");
    clock = t[0] | t[1] << 8;
    active_w = t[2] | (t[4] >> 4) << 8;
    active_h = t[5] | (t[7] >> 4) << 8;
    total = (active_w + (t[3] | (t[4] & 15) << 8)) * (active_h + (t[6] | (t[7] & 15) << 8));
    is_int(active_w, width, "width of the preferred mode");
    is_int(active_h, height, "height");
    if (clock < 65535)
        ok(clock * 10000.0 / total > 59.9 && clock * 10000.0 / total < 60.1, "60 Hz");
    ok(clock >= 1000, "10 MHz at least");
    ok(t[17] >> 7 == 0, "not interlaced");
    if (have("edid-decode")) {
        scratch_write("edid", e, sizeof e);
        ok(run("edid-decode --check edid && ! grep -q '^Failures' log") == 0,
           "edid-decode finds no failures");
    } else {
        skip("edid-decode finds no failures", "there is no edid-decode");
    }
}

int main(void)
{
    static const uint16_t modes[][2] = {{1280, 800}, {640, 480},   {320, 200},  {400, 300},
                                        {16, 16},    {1920, 1080}, {16, 4095},  {4095, 16},
                                        {1366, 768}, {3840, 2160}, {4095, 4095}};

    for (unsigned i = 0; i < sizeof modes / sizeof modes[0]; i++)
        check(modes[i][0], modes[i][1]);
    return tap_done();
}
