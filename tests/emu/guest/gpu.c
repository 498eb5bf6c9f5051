/*
 * virtio-gpu: answers to good and bad commands, noted; then pictures. After each picture the guest
 * prints its name and, unless HURRY is defined, waits for a character on the UART, so that whoever
 * watches can take a look.
 */
#include "hw/virtio_gpu.h"
#include "tests/emu/guest/virtio_call.h"

enum { WIDTH = 64, HEIGHT = 48, LARGE_WIDTH = 100, LARGE_HEIGHT = 80 };

static struct virtio_port gpu;
static uint32_t pixels[LARGE_WIDTH * LARGE_HEIGHT];

static union {
    struct virtio_gpu_ctrl_hdr hdr;
    struct virtio_gpu_resp_display_info info;
    struct virtio_gpu_resp_edid edid;
} answer;

/* Send a command and return the answer's type, 0 if there is none. */
static unsigned call(const void *request, uint32_t size, uint32_t answer_size)
{
    __builtin_memset(&answer, 0, sizeof answer);
    return virtio_call(&gpu, VIRTIO_GPU_CONTROLQ, request, size, &answer, answer_size) >= 0
               ? answer.hdr.type
               : 0;
}

#define CALL(request) call(&(request), sizeof(request), sizeof answer.hdr)

static unsigned create(uint32_t id, uint32_t format, uint32_t width, uint32_t height)
{
    struct virtio_gpu_resource_create_2d r = {.hdr.type = VIRTIO_GPU_CMD_RESOURCE_CREATE_2D,
                                              .resource_id = id,
                                              .format = format,
                                              .width = width,
                                              .height = height};
    return CALL(r);
}

static unsigned unref(uint32_t id)
{
    struct virtio_gpu_resource_unref r = {.hdr.type = VIRTIO_GPU_CMD_RESOURCE_UNREF,
                                          .resource_id = id};
    return CALL(r);
}

static unsigned detach(uint32_t id)
{
    struct virtio_gpu_resource_detach_backing r = {
        .hdr.type = VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, .resource_id = id};
    return CALL(r);
}

static unsigned set_scanout(uint32_t scanout, uint32_t id, struct virtio_gpu_rect rect)
{
    struct virtio_gpu_set_scanout r = {.hdr.type = VIRTIO_GPU_CMD_SET_SCANOUT,
                                       .r = rect,
                                       .scanout_id = scanout,
                                       .resource_id = id};
    return CALL(r);
}

static unsigned flush(uint32_t id, struct virtio_gpu_rect rect)
{
    struct virtio_gpu_resource_flush r = {
        .hdr.type = VIRTIO_GPU_CMD_RESOURCE_FLUSH, .r = rect, .resource_id = id};
    return CALL(r);
}

static unsigned transfer(uint32_t id, struct virtio_gpu_rect rect, uint64_t offset)
{
    struct virtio_gpu_transfer_to_host_2d r = {.hdr.type = VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
                                               .r = rect,
                                               .offset = offset,
                                               .resource_id = id};
    return CALL(r);
}

static struct virtio_gpu_rect rect(uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    return (struct virtio_gpu_rect){x, y, width, height};
}

/* The pixels as backing, in pieces of odd sizes. */
static unsigned attach(uint32_t id, uint32_t count, uint32_t claimed)
{
    static struct {
        struct virtio_gpu_resource_attach_backing r;
        struct virtio_gpu_mem_entry entries[5];
    } r;
    static const uint32_t sizes[] = {4, 1021, 7, 8192};
    uint8_t *p = (uint8_t *)pixels;
    uint32_t i;

    __builtin_memset(&r, 0, sizeof r);
    r.r.hdr.type = VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING;
    r.r.resource_id = id;
    r.r.nr_entries = claimed;
    for (i = 0; i + 1 < count; i++) {
        r.entries[i].addr = (uintptr_t)p;
        r.entries[i].length = sizes[i];
        p += sizes[i];
    }
    r.entries[i].addr = (uintptr_t)p;
    r.entries[i].length = (uint32_t)(sizeof pixels - (unsigned long)(p - (uint8_t *)pixels));
    return call(&r, (uint32_t)(sizeof r.r + count * sizeof r.entries[0]), sizeof answer.hdr);
}

static uint32_t config(unsigned offset)
{
    return virtio_read(&gpu.virtio, VIRTIO_MMIO_CONFIG + offset);
}

static void test_configuration(void)
{
    note("edid offered", gpu.offered >> VIRTIO_GPU_F_EDID & 1);
    note("events", config(0));
    note("scanouts", config(8));
    note("capsets", config(12));
}

static void test_display_info(void)
{
    struct virtio_gpu_ctrl_hdr r = {.type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO};
    unsigned others = 0;

    note("display info", call(&r, sizeof r, sizeof answer.info));
    note("x", answer.info.pmodes[0].r.x);
    note("y", answer.info.pmodes[0].r.y);
    note("width", answer.info.pmodes[0].r.width);
    note("height", answer.info.pmodes[0].r.height);
    note("enabled", answer.info.pmodes[0].enabled);
    for (unsigned i = 1; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
        others += answer.info.pmodes[i].enabled + answer.info.pmodes[i].r.width;
    note("others", others);
}

static void test_edid(void)
{
    struct virtio_gpu_get_edid r = {.hdr.type = VIRTIO_GPU_CMD_GET_EDID};
    const uint8_t *e = answer.edid.edid;
    uint8_t sum = 0;

    note("edid", call(&r, sizeof r, sizeof answer.edid));
    for (unsigned i = 0; i < 128; i++)
        sum += e[i];
    note("edid checksum", sum);
    note("edid whole blocks", answer.edid.size % 128 == 0 && answer.edid.size >= 128);
    note("edid width", e[56] | (e[58] & 0xf0u) << 4);
    note("edid height", e[59] | (e[61] & 0xf0u) << 4);
    r.scanout = 1;
    note("edid of no scanout", CALL(r));
}

static void test_fence(void)
{
    struct virtio_gpu_ctrl_hdr r = {.type = VIRTIO_GPU_CMD_RESOURCE_UNREF + 0x80,
                                    .flags = VIRTIO_GPU_FLAG_FENCE,
                                    .fence_id = UINT64_C(0x123456789abcdef0),
                                    .ctx_id = 7};

    note("unknown command", CALL(r));
    note("fence flag", answer.hdr.flags);
    note("fence low", (uint32_t)answer.hdr.fence_id);
    note("fence high", (uint32_t)(answer.hdr.fence_id >> 32));
    r = (struct virtio_gpu_ctrl_hdr){.type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO, .fence_id = 5};
    note("no fence", call(&r, sizeof r, sizeof answer.info));
    note("no flag", answer.hdr.flags);
    note("no id", (uint32_t)answer.hdr.fence_id);
}

static void test_errors(void)
{
    const unsigned format = VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM;
    struct virtio_gpu_get_capset_info capset = {.hdr.type = VIRTIO_GPU_CMD_GET_CAPSET_INFO};

    note("capset info", CALL(capset));
    note("create 0", create(0, format, 10, 10));
    note("create", create(1, format, WIDTH, HEIGHT));
    note("create again", create(1, format, WIDTH, HEIGHT));
    note("create format 0", create(2, 0, 10, 10));
    note("create format 5", create(2, 5, 10, 10));
    note("create too much", create(2, format, 8192, 8193));
    note("unref 2", unref(2));
    note("unref 0", unref(0));
    note("scanout 1", set_scanout(1, 1, rect(0, 0, WIDTH, HEIGHT)));
    note("scanout 16", set_scanout(16, 1, rect(0, 0, WIDTH, HEIGHT)));
    note("scanout of 2", set_scanout(0, 2, rect(0, 0, WIDTH, HEIGHT)));
    note("scanout too wide", set_scanout(0, 1, rect(1, 0, WIDTH, HEIGHT)));
    note("scanout too high", set_scanout(0, 1, rect(0, 0, WIDTH, HEIGHT + 1)));
    note("scanout wraps", set_scanout(0, 1, rect(0xfffffff0, 0, WIDTH, HEIGHT)));
    note("scanout empty", set_scanout(0, 1, rect(0, 0, 0, 0)));
    note("flush 2", flush(2, rect(0, 0, 1, 1)));
    note("flush outside", flush(1, rect(WIDTH, 0, 1, 1)));
    note("flush wraps", flush(1, rect(0, 0xffffffff, 1, 2)));
    note("transfer 2", transfer(2, rect(0, 0, 1, 1), 0));
    note("transfer without backing", transfer(1, rect(0, 0, 1, 1), 0));
    note("detach without backing", detach(1));
    note("attach 2", attach(2, 1, 1));
    note("attach too many", attach(1, 1, 16385));
    note("attach too few", attach(1, 1, 2));
    note("attach", attach(1, 5, 5));
    note("attach again", attach(1, 1, 1));
    note("transfer outside", transfer(1, rect(0, HEIGHT - 1, 1, 2), 0));
    note("transfer wraps", transfer(1, rect(0x80000000, 0, 0x80000000, 1), 0));
    note("transfer", transfer(1, rect(0, 0, WIDTH, HEIGHT), 0));
    note("flush unshown", flush(1, rect(0, 0, WIDTH, HEIGHT)));
    note("detach", detach(1));
    note("detach 2", detach(2));
    note("detach again", detach(1));
    note("unref", unref(1));
    note("unref again", unref(1));
}

/* --- pictures ------------------------------------------------------------------------------- */

static void uart_print(const char *s)
{
    for (; *s; s++) {
        while (!(read8(UART_BASE + NS16550_LSR) & NS16550_LSR_THRE))
            ;
        write8(UART_BASE + NS16550_THR, (uint8_t)*s);
    }
}

/* Say that a picture is on the screen, and wait until somebody has seen it. */
static void show(const char *name)
{
    uart_print("picture ");
    uart_print(name);
    uart_print("\n");
#ifndef HURRY
    while (!(read8(UART_BASE + NS16550_LSR) & NS16550_LSR_DR))
        ;
    read8(UART_BASE + NS16550_RBR);
#endif
}

/* Every byte of a pixel differs from its neighbours', and from the other bytes. */
static void paint(unsigned seed)
{
    uint32_t value = seed * 2654435761u + 1;

    for (unsigned i = 0; i < sizeof pixels / sizeof pixels[0]; i++) {
        value = value * 1664525 + 1013904223;
        pixels[i] = value ^ value >> 13;
    }
}

static void show_formats(void)
{
    static const struct {
        unsigned format;
        const char *name;
    } formats[] = {
        {VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM, "B8G8R8A8"},
        {VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, "B8G8R8X8"},
        {VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM, "A8R8G8B8"},
        {VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM, "X8R8G8B8"},
        {VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM, "R8G8B8A8"},
        {VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM, "X8B8G8R8"},
        {VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM, "A8B8G8R8"},
        {VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM, "R8G8B8X8"},
    };

    for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct virtio_gpu_rect all = rect(0, 0, WIDTH, HEIGHT);
        uint32_t id = 10 + i;

        paint(i);
        note("create", create(id, formats[i].format, WIDTH, HEIGHT));
        note("attach", attach(id, 5, 5));
        note("transfer", transfer(id, all, 0));
        note("scanout", set_scanout(0, id, all));
        note("flush", flush(id, all));
        show(formats[i].name);
    }
    for (uint32_t i = 0; i < 7; i++)
        note("unref", unref(10 + i));
}

/*
 * A part of a larger image, brought over and shown piece by piece. No piece is of full width and
 * begins at 0, 0: of such QEMU 7.2 takes the whole image.
 */
static void show_parts(void)
{
    static const struct virtio_gpu_rect parts[] = {
        {0, 1, LARGE_WIDTH, 19}, {5, 7, 31, 11},   {0, 30, LARGE_WIDTH, 1},
        {99, 79, 1, 1},          {40, 33, 60, 40}, {17, 60, 3, 3},
    };

    note("create", create(5, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, LARGE_WIDTH, LARGE_HEIGHT));
    note("attach", attach(5, 5, 5));
    note("scanout", set_scanout(0, 5, rect(10, 5, WIDTH, HEIGHT)));
    for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct virtio_gpu_rect *p = &parts[i];
        paint(100 + i);
        /* the last one comes from elsewhere in the backing */
        note("transfer", transfer(5, *p, i == 5 ? 400 : (p->y * LARGE_WIDTH + p->x) * 4));
        note("flush", flush(5, *p));
    }
    show("parts");
    note("scanout whole", set_scanout(0, 5, rect(0, 0, LARGE_WIDTH, LARGE_HEIGHT)));
    note("flush", flush(5, rect(0, 0, LARGE_WIDTH, LARGE_HEIGHT)));
    show("whole");
}

#ifdef CURSOR
/* A pointer, its left half red, the rest transparent, its hot spot at 8, 4. */
static void show_cursor(void)
{
    enum { SIDE = VIRTIO_GPU_CURSOR_SIZE };
    struct virtio_gpu_update_cursor r = {.hdr.type = VIRTIO_GPU_CMD_UPDATE_CURSOR,
                                         .pos = {.x = 20, .y = 10},
                                         .resource_id = 6,
                                         .hot_x = 8,
                                         .hot_y = 4};

    __builtin_memset(pixels, 0, sizeof pixels);
    note("transfer", transfer(5, rect(0, 0, LARGE_WIDTH, LARGE_HEIGHT), 0));
    note("flush", flush(5, rect(0, 0, LARGE_WIDTH, LARGE_HEIGHT)));
    for (unsigned i = 0; i < SIDE * SIDE; i++)
        pixels[i] = i % SIDE < SIDE / 2 ? 0xffff0000 : 0x00ff0000;
    note("create", create(6, VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM, SIDE, SIDE));
    note("attach", attach(6, 5, 5));
    note("transfer", transfer(6, rect(0, 0, SIDE, SIDE), 0));
    note("cursor",
         virtio_call(&gpu, VIRTIO_GPU_CURSORQ, &r, sizeof r, &answer, sizeof answer.hdr) >= 0
             ? answer.hdr.type
             : 0);
    show("cursor");
    r.hdr.type = VIRTIO_GPU_CMD_MOVE_CURSOR;
    r.pos.x = 60;
    virtio_call(&gpu, VIRTIO_GPU_CURSORQ, &r, sizeof r, &answer, sizeof answer.hdr);
    show("cursor moved");
    note("create", create(7, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, SIDE, SIDE));
    note("attach", attach(7, 5, 5));
    note("transfer", transfer(7, rect(0, 0, SIDE, SIDE), 0));
    r.hdr.type = VIRTIO_GPU_CMD_UPDATE_CURSOR;
    r.resource_id = 7;
    virtio_call(&gpu, VIRTIO_GPU_CURSORQ, &r, sizeof r, &answer, sizeof answer.hdr);
    show("cursor without alpha");
}
#endif

int main(void)
{
    if (!virtio_open(&gpu, VIRTIO_ID_GPU, 0, 1 << VIRTIO_GPU_F_EDID, 0)) {
        note("no gpu", 1);
        report();
        return 1;
    }
    test_configuration();
    test_display_info();
    test_edid();
    test_fence();
    test_errors();
    report();
    show_formats();
    show_parts();
#ifdef CURSOR
    show_cursor();
#endif
    report();
    return 0;
}
