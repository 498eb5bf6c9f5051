/*
 * virtio-gpu, what has no witness: the pointer's commands, a screen of another size, and a storm of
 * random commands. What comes of it is noted; SEED and STORM (how many) may be defined.
 */
#include "hw/virtio_gpu.h"
#include "tests/emu/guest/virtio_call.h"

#ifndef SEED
#    define SEED 1
#endif
#ifndef STORM
#    define STORM 4000
#endif

enum { SIDE = VIRTIO_GPU_CURSOR_SIZE, PATIENCE_MS = 2000 };

static struct virtio_port gpu;
static uint32_t pixels[SIDE * SIDE];

static union {
    struct virtio_gpu_ctrl_hdr hdr;
    struct virtio_gpu_resp_display_info info;
    struct virtio_gpu_resp_edid edid;
    uint8_t bytes[2048];
} answer;

static unsigned call(unsigned queue, const void *request, uint32_t size)
{
    __builtin_memset(&answer, 0, sizeof answer);
    return virtio_call(&gpu, queue, request, size, &answer, sizeof answer) >= 0 ? answer.hdr.type
                                                                                : 0;
}

#define CALL(queue, request) call(queue, &(request), sizeof(request))

static unsigned create(uint32_t id, uint32_t width, uint32_t height)
{
    struct virtio_gpu_resource_create_2d r = {.hdr.type = VIRTIO_GPU_CMD_RESOURCE_CREATE_2D,
                                              .resource_id = id,
                                              .format = VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM,
                                              .width = width,
                                              .height = height};
    return CALL(VIRTIO_GPU_CONTROLQ, r);
}

static unsigned unref(uint32_t id)
{
    struct virtio_gpu_resource_unref r = {.hdr.type = VIRTIO_GPU_CMD_RESOURCE_UNREF,
                                          .resource_id = id};
    return CALL(VIRTIO_GPU_CONTROLQ, r);
}

static unsigned cursor(unsigned type, uint32_t scanout, uint32_t id, uint32_t hot)
{
    struct virtio_gpu_update_cursor r = {.hdr.type = type,
                                         .pos = {.scanout_id = scanout, .x = 7, .y = 9},
                                         .resource_id = id,
                                         .hot_x = hot,
                                         .hot_y = hot};
    return CALL(VIRTIO_GPU_CURSORQ, r);
}

static void test_cursor(void)
{
    struct virtio_gpu_ctrl_hdr info = {.type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO};
    struct virtio_gpu_update_cursor move = {.hdr.type = VIRTIO_GPU_CMD_MOVE_CURSOR};

    create(1, SIDE, SIDE);
    create(2, SIDE, SIDE + 1);
    note("cursor", cursor(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 1, 3));
    note("cursor moves", cursor(VIRTIO_GPU_CMD_MOVE_CURSOR, 0, 77, 99));
    note("cursor goes", cursor(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 0, 0));
    note("cursor of 3", cursor(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 3, 0));
    note("cursor on no scanout", cursor(VIRTIO_GPU_CMD_UPDATE_CURSOR, 1, 1, 0));
    note("cursor moves on no scanout", cursor(VIRTIO_GPU_CMD_MOVE_CURSOR, 1, 1, 0));
    note("cursor of another size", cursor(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 2, 0));
    note("cursor hot outside", cursor(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 1, SIDE));
    note("cursor too short", call(VIRTIO_GPU_CURSORQ, &move, sizeof move - 1));
    note("cursor by the other queue", CALL(VIRTIO_GPU_CONTROLQ, move));
    note("others by the cursor's", CALL(VIRTIO_GPU_CURSORQ, info));
    note("no answer wanted",
         (unsigned long)virtio_call(&gpu, VIRTIO_GPU_CURSORQ, &move, sizeof move, (void *)0, 0));
    note("unref", unref(1));
    note("unref", unref(2));
}

static void test_short(void)
{
    struct virtio_gpu_resource_create_2d r = {.hdr.type = VIRTIO_GPU_CMD_RESOURCE_CREATE_2D,
                                              .hdr.flags = VIRTIO_GPU_FLAG_FENCE,
                                              .hdr.fence_id = 3};
    struct virtio_gpu_ctrl_hdr info = {.type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO};
    const unsigned queue = VIRTIO_GPU_CONTROLQ;

    note("short header", call(queue, &r, 23));
    note("short command", call(queue, &r, sizeof r - 1));
    note("its fence", (uint32_t)answer.hdr.fence_id);
    note("short answer", (unsigned long)virtio_call(&gpu, queue, &info, sizeof info, &answer, 100));
    note("its type", answer.hdr.type);
    note("tiny answer", (unsigned long)virtio_call(&gpu, queue, &info, sizeof info, &answer, 3));
    note("nothing at all",
         (unsigned long)virtio_call(&gpu, queue, (void *)0, 0, &answer, sizeof answer));
    note("its type", answer.hdr.type);
}

/* Host memory is what max_hostmem says, however it is asked for: here 64 KiB. */
static void test_memory(void)
{
    note("16 KiB", create(1, 64, 64));
    note("32 KiB", create(2, 128, 64));
    note("32 KiB more", create(3, 128, 64));
    note("16 KiB more", create(3, 64, 64));
    note("1 pixel more", create(4, 1, 1));
    note("unref", unref(2));
    note("2^34 bytes", create(2, 65536, 65536));
    note("2^66 bytes", create(2, 0xffffffff, 0xffffffff));
    note("no width", create(2, 0, 5));
    note("32 KiB again", create(2, 8192, 1));
    for (uint32_t id = 1; id <= 3; id++)
        note("unref", unref(id));
}

/* --- another size --------------------------------------------------------------------------- */

static uint32_t config(unsigned offset)
{
    return virtio_read(&gpu.virtio, VIRTIO_MMIO_CONFIG + offset);
}

static void uart_print(const char *s)
{
    for (; *s; s++)
        write8(UART_BASE + NS16550_THR, (uint8_t)*s);
}

static void test_resize(void)
{
    struct virtio_gpu_ctrl_hdr info = {.type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO};
    struct virtio_gpu_get_edid edid = {.hdr.type = VIRTIO_GPU_CMD_GET_EDID};
    const uint8_t *e = answer.edid.edid;
    uint64_t end = ticks() + (uint64_t)PATIENCE_MS * TICKS_PER_MS;

    virtio_write(&gpu.virtio, VIRTIO_MMIO_INTERRUPT_ACK, ~0u);
    note("interrupts before", virtio_read(&gpu.virtio, VIRTIO_MMIO_INTERRUPT_STATUS));
    note("events before", config(0));
    uart_print("resize\n");
    while (config(0) == 0 && ticks() < end)
        ;
    note("events", config(0));
    note("interrupts",
         virtio_read(&gpu.virtio, VIRTIO_MMIO_INTERRUPT_STATUS) & VIRTIO_MMIO_INT_CONFIG);
    note("info", CALL(VIRTIO_GPU_CONTROLQ, info));
    note("width", answer.info.pmodes[0].r.width);
    note("height", answer.info.pmodes[0].r.height);
    note("edid", CALL(VIRTIO_GPU_CONTROLQ, edid));
    note("edid width", e[56] | (e[58] & 0xf0u) << 4);
    note("edid height", e[59] | (e[61] & 0xf0u) << 4);
    write32(gpu.virtio.base + VIRTIO_MMIO_CONFIG + 4, 2);
    note("another event cleared", config(0));
    write32(gpu.virtio.base + VIRTIO_MMIO_CONFIG + 4, 1);
    note("event cleared", config(0));
    write32(gpu.virtio.base + VIRTIO_MMIO_CONFIG, 1);
    write32(gpu.virtio.base + VIRTIO_MMIO_CONFIG + 8, 5);
    note("not writable", config(0) << 8 | config(8));
}

/* --- the storm ------------------------------------------------------------------------------ */

static uint32_t random_state = SEED;

static uint32_t random32(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state * 2654435761u;
}

/* Mostly numbers that may mean something. */
static uint32_t tempting(void)
{
    static const uint32_t some[] = {0,  1,  2,          3,          7,          16,
                                    63, 64, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
    uint32_t r = random32();

    if (r & 0x300)
        return some[(r >> 16) % (sizeof some / sizeof some[0])];
    return r & 0x400 ? r >> 24 : random32();
}

static uint64_t address(void)
{
    uint32_t r = random32();

    return r & 7 ? (uintptr_t)pixels + (r >> 8) % sizeof pixels : (uint64_t)random32() << 4;
}

static void storm(void)
{
    static union {
        struct virtio_gpu_resource_create_2d create;
        struct virtio_gpu_resource_attach_backing attach;
        uint32_t words[64];
    } r;
    static const uint32_t formats[] = {1, 2, 3, 4, 67, 68, 121, 134};
    unsigned answers = 0, bad = 0;

    for (unsigned n = 0; n < STORM; n++) {
        unsigned type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO + random32() % 12;
        bool is_cursor = random32() % 16 == 0;

        for (unsigned i = 0; i < sizeof r / sizeof r.words[0]; i++)
            r.words[i] = tempting();
        if (is_cursor)
            type = VIRTIO_GPU_CMD_UPDATE_CURSOR + random32() % 2;
        r.create.hdr.type = type;
        if (type == VIRTIO_GPU_CMD_RESOURCE_CREATE_2D && random32() % 8 != 0) {
            r.create.resource_id = random32() % 8;
            r.create.format = formats[random32() % 8];
            r.create.width = 1 + random32() % 80;
            r.create.height = 1 + random32() % 80;
        }
        if (type == VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING) {
            struct virtio_gpu_mem_entry *e = (struct virtio_gpu_mem_entry *)(&r.attach + 1);
            r.attach.resource_id = random32() % 8;
            r.attach.nr_entries = random32() % 16 != 0 ? 1 + random32() % 8 : tempting();
            for (unsigned i = 0; i < 8; i++, e++)
                *e = (struct virtio_gpu_mem_entry){.addr = address(), .length = random32() % 5000};
        }
        type = call(is_cursor ? VIRTIO_GPU_CURSORQ : VIRTIO_GPU_CONTROLQ, &r,
                    random32() % 16 != 0 ? sizeof r : random32() % sizeof r);
        answers += type != 0;
        bad += type < VIRTIO_GPU_RESP_OK_NODATA || type > VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER ||
               (type > VIRTIO_GPU_RESP_OK_EDID && type < VIRTIO_GPU_RESP_ERR_UNSPEC);
    }
    note("storm's answers missing", STORM - answers);
    note("storm's answers that are none", bad);
    note("status", virtio_read(&gpu.virtio, VIRTIO_MMIO_STATUS));
}

int main(void)
{
    if (!virtio_open(&gpu, VIRTIO_ID_GPU, 0, 1 << VIRTIO_GPU_F_EDID, 0)) {
        note("no gpu", 1);
        report();
        return 1;
    }
    note("edid offered", gpu.offered >> VIRTIO_GPU_F_EDID & 1);
    test_cursor();
    test_short();
    test_memory();
    test_resize();
    storm();
    report();
    return 0;
}
