#include "tools/emu/edid.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Section 3.2, table 3.1: where things are. */
enum edid_offset {
    EDID_VENDOR = 8,
    EDID_PRODUCT = 10,
    EDID_WEEK = 16,
    EDID_YEAR = 17, /* from 1990 on */
    EDID_VERSION = 18,
    EDID_REVISION = 19,
    EDID_INPUT = 20,
    EDID_WIDTH_CM = 21,
    EDID_HEIGHT_CM = 22,
    EDID_GAMMA = 23, /* 100 * gamma - 100 */
    EDID_FEATURES = 24,
    EDID_CHROMATICITY = 25,
    EDID_ESTABLISHED = 35,
    EDID_STANDARD = 38,
    EDID_TIMING = 54, /* four descriptors of 18 bytes */
    EDID_CHECKSUM = 127,
};

enum { DESCRIPTOR_SIZE = 18, DOTS_PER_INCH = 96, REFRESH_HZ = 60 };
/* A clock must fit in 16 bits, and below 10 MHz nobody believes it. */
enum { MIN_CLOCK_10KHZ = 1000, MAX_CLOCK_10KHZ = 65535, MAX_BLANK = 4095 };

/* A mode by VESA's Coordinated Video Timings with reduced blanking (CVT 1.1, section 3.4.2). */
struct timing {
    unsigned clock_10khz;
    unsigned width, height, h_blank, v_blank, v_sync;
};

enum { H_BLANK = 160, H_FRONT = 48, H_SYNC = 32, V_FRONT = 3, V_BACK_MIN = 6, V_BLANK_US = 460 };

/* The width of the vertical sync pulse tells the aspect ratio (CVT 1.1, table 3). */
static unsigned sync_lines(unsigned width, unsigned height)
{
    static const uint8_t ratios[][3] = {{4, 3, 4}, {16, 9, 5}, {16, 10, 6}, {5, 4, 7}, {15, 9, 7}};

    for (unsigned i = 0; i < sizeof ratios / sizeof ratios[0]; i++)
        if (width * ratios[i][1] == height * ratios[i][0])
            return ratios[i][2];
    return 10;
}

static uint64_t pixels_per_second(const struct timing *t)
{
    return (uint64_t)REFRESH_HZ * (t->width + t->h_blank) * (t->height + t->v_blank);
}

static struct timing make_timing(unsigned width, unsigned height)
{
    struct timing t = {.width = width, .height = height, .h_blank = H_BLANK};
    unsigned least, frame_us = 1000000 / REFRESH_HZ;
    uint64_t clock;

    t.v_sync = sync_lines(width, height);
    t.v_blank = V_BLANK_US * height / (frame_us - V_BLANK_US) + 1;
    least = V_FRONT + t.v_sync + V_BACK_MIN;
    if (t.v_blank < least)
        t.v_blank = least;
    /* Small modes get wide margins. */
    while (pixels_per_second(&t) < MIN_CLOCK_10KHZ * 10000 && t.v_blank < MAX_BLANK) {
        if (t.h_blank < MAX_BLANK)
            t.h_blank++;
        else
            t.v_blank++;
    }
    clock = pixels_per_second(&t) / 10000;
    t.clock_10khz = clock < MAX_CLOCK_10KHZ ? (unsigned)clock : MAX_CLOCK_10KHZ;
    return t;
}

static unsigned to_mm(unsigned pixels)
{
    return pixels * 254 / (DOTS_PER_INCH * 10);
}

/* Section 3.10.2: a detailed timing. */
static void put_timing(uint8_t *p, const struct timing *t)
{
    unsigned mm_w = to_mm(t->width), mm_h = to_mm(t->height);

    if (mm_w < 10 || mm_h < 10)
        mm_w = mm_h = 0; /* no size, as where it is told in centimetres */
    p[0] = (uint8_t)t->clock_10khz;
    p[1] = (uint8_t)(t->clock_10khz >> 8);
    p[2] = (uint8_t)t->width;
    p[3] = (uint8_t)t->h_blank;
    p[4] = (uint8_t)(t->width >> 8 << 4 | t->h_blank >> 8);
    p[5] = (uint8_t)t->height;
    p[6] = (uint8_t)t->v_blank;
    p[7] = (uint8_t)(t->height >> 8 << 4 | t->v_blank >> 8);
    p[8] = H_FRONT;
    p[9] = H_SYNC;
    p[10] = (uint8_t)(V_FRONT << 4 | t->v_sync);
    p[11] = 0; /* the upper bits of these four */
    p[12] = (uint8_t)mm_w;
    p[13] = (uint8_t)mm_h;
    p[14] = (uint8_t)(mm_w >> 8 << 4 | mm_h >> 8);
    p[17] = 0x1a; /* separate digital syncs, horizontal positive, vertical negative: CVT-RB */
}

/* Section 3.10.3: a descriptor that is no timing. */
static void put_tag(uint8_t *p, uint8_t tag)
{
    memset(p, 0, DESCRIPTOR_SIZE);
    p[3] = tag;
}

static void put_text(uint8_t *p, uint8_t tag, const char *text)
{
    enum { TEXT_MAX = 13 };
    size_t n = strlen(text);

    put_tag(p, tag);
    memset(p + 5, ' ', TEXT_MAX);
    memcpy(p + 5, text, n);
    p[5 + n] = '\n';
}

/* Tag 0xfd: what frequencies it can do. */
static void put_limits(uint8_t *p, const struct timing *t)
{
    unsigned khz = t->clock_10khz * 10 / (t->width + t->h_blank);
    unsigned ten_mhz = (t->clock_10khz + 999) / 1000;

    if (khz < 49) /* established modes need as much */
        khz = 49;
    if (ten_mhz < 7)
        ten_mhz = 7;
    put_tag(p, 0xfd);
    if (khz > 253) { /* offset: 255 more */
        p[4] = 0x08;
        khz -= 255;
    }
    p[5] = 1;  /* Hz vertical, from */
    p[6] = 75; /* to */
    p[7] = 1;  /* kHz horizontal */
    p[8] = (uint8_t)(khz + 1);
    p[9] = (uint8_t)ten_mhz; /* of clock */
    p[10] = 0x01;            /* these limits only */
    p[11] = '\n';
    memset(p + 12, ' ', 6);
}

/* The old modes that fit. */
static void put_established(uint8_t *p, unsigned width, unsigned height)
{
    static const struct {
        uint16_t width, height;
        uint8_t byte, bit;
    } modes[] = {{640, 480, 0, 0x20}, {800, 600, 0, 0x01}, {1024, 768, 1, 0x08}};

    for (unsigned i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (modes[i].width <= width && modes[i].height <= height)
            p[modes[i].byte] |= modes[i].bit;
}

void edid_make(uint8_t edid[EDID_SIZE], unsigned width, unsigned height)
{
    static const uint8_t magic[8] = {0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00};
    /* Section 3.7: sRGB's primaries and white point in ten bits each. */
    static const uint8_t srgb[10] = {0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54};
    struct timing timing = make_timing(width, height);
    unsigned cm_w = to_mm(width) / 10, cm_h = to_mm(height) / 10;
    unsigned sum = 0;

    memset(edid, 0, EDID_SIZE);
    memcpy(edid, magic, sizeof magic);
    edid[EDID_VENDOR] = ('T' - '@') << 2 | ('R' - '@') >> 3; /* TRN, five bits each */
    edid[EDID_VENDOR + 1] = (uint8_t)(('R' - '@') << 5 | ('N' - '@'));
    edid[EDID_PRODUCT] = 1;
    edid[EDID_WEEK] = 1;
    edid[EDID_YEAR] = 34;
    edid[EDID_VERSION] = 1;
    edid[EDID_REVISION] = 4;
    edid[EDID_INPUT] = 0xa5; /* digital, 8 bits per colour, DisplayPort */
    edid[EDID_WIDTH_CM] = (uint8_t)(cm_h != 0 ? cm_w : 0);
    edid[EDID_HEIGHT_CM] = (uint8_t)(cm_w != 0 ? cm_h : 0);
    edid[EDID_GAMMA] = 120;
    edid[EDID_FEATURES] = 0x06; /* sRGB; the first timing is the native one */
    memcpy(edid + EDID_CHROMATICITY, srgb, sizeof srgb);
    put_established(edid + EDID_ESTABLISHED, width, height);
    memset(edid + EDID_STANDARD, 0x01, EDID_TIMING - EDID_STANDARD); /* unused */
    put_timing(edid + EDID_TIMING, &timing);
    put_limits(edid + EDID_TIMING + DESCRIPTOR_SIZE, &timing);
    put_text(edid + EDID_TIMING + 2 * DESCRIPTOR_SIZE, 0xfc, "Tarn");
    put_tag(edid + EDID_TIMING + 3 * DESCRIPTOR_SIZE, 0x10); /* dummy */
    for (unsigned i = 0; i < EDID_CHECKSUM; i++)
        sum += edid[i];
    edid[EDID_CHECKSUM] = (uint8_t)-sum;
}
