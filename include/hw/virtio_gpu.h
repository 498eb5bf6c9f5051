#pragma once
/*
 * virtio-gpu, the 2D part (virtio 1.2, section 5.7): configuration space, commands, responses. All
 * fields are little-endian. A request is a struct virtio_gpu_ctrl_hdr or one that begins with it;
 * the response, in the writable part of the chain, likewise.
 */
#include <stdint.h>

enum virtio_gpu_queue {
    VIRTIO_GPU_CONTROLQ = 0,
    VIRTIO_GPU_CURSORQ = 1, /* UPDATE_CURSOR and MOVE_CURSOR, without waiting for the others */
    VIRTIO_GPU_QUEUES = 2,
};

/* Bits of the feature word. */
enum virtio_gpu_feature {
    VIRTIO_GPU_F_VIRGL = 0,
    VIRTIO_GPU_F_EDID = 1,
    VIRTIO_GPU_F_RESOURCE_UUID = 2,
    VIRTIO_GPU_F_RESOURCE_BLOB = 3,
    VIRTIO_GPU_F_CONTEXT_INIT = 4,
};

/* Bits of config.events_read and events_clear. */
enum virtio_gpu_event { VIRTIO_GPU_EVENT_DISPLAY = 1 << 0 };

struct virtio_gpu_config {
    uint32_t events_read;  /* pending events, read only */
    uint32_t events_clear; /* written ones are cleared in events_read */
    uint32_t num_scanouts; /* 1 to VIRTIO_GPU_MAX_SCANOUTS */
    uint32_t num_capsets;
};

enum virtio_gpu_limit {
    VIRTIO_GPU_MAX_SCANOUTS = 16,
    VIRTIO_GPU_EDID_SIZE = 1024,
    VIRTIO_GPU_CURSOR_SIZE = 64, /* a cursor is so many pixels wide and high */
};

enum virtio_gpu_ctrl_type {
    VIRTIO_GPU_CMD_GET_DISPLAY_INFO = 0x0100,
    VIRTIO_GPU_CMD_RESOURCE_CREATE_2D = 0x0101,
    VIRTIO_GPU_CMD_RESOURCE_UNREF = 0x0102,
    VIRTIO_GPU_CMD_SET_SCANOUT = 0x0103,
    VIRTIO_GPU_CMD_RESOURCE_FLUSH = 0x0104,
    VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D = 0x0105,
    VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING = 0x0106,
    VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING = 0x0107,
    VIRTIO_GPU_CMD_GET_CAPSET_INFO = 0x0108,
    VIRTIO_GPU_CMD_GET_CAPSET = 0x0109,
    VIRTIO_GPU_CMD_GET_EDID = 0x010a,
    VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID = 0x010b,
    VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB = 0x010c,
    VIRTIO_GPU_CMD_SET_SCANOUT_BLOB = 0x010d,

    VIRTIO_GPU_CMD_UPDATE_CURSOR = 0x0300,
    VIRTIO_GPU_CMD_MOVE_CURSOR = 0x0301,

    VIRTIO_GPU_RESP_OK_NODATA = 0x1100,
    VIRTIO_GPU_RESP_OK_DISPLAY_INFO = 0x1101,
    VIRTIO_GPU_RESP_OK_CAPSET_INFO = 0x1102,
    VIRTIO_GPU_RESP_OK_CAPSET = 0x1103,
    VIRTIO_GPU_RESP_OK_EDID = 0x1104,

    VIRTIO_GPU_RESP_ERR_UNSPEC = 0x1200,
    VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY = 0x1201,
    VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID = 0x1202,
    VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID = 0x1203,
    VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID = 0x1204,
    VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER = 0x1205,
};

/* Bits of ctrl_hdr.flags. */
enum virtio_gpu_flag {
    VIRTIO_GPU_FLAG_FENCE = 1 << 0, /* answer when it is done, with this flag and fence_id */
    VIRTIO_GPU_FLAG_INFO_RING_IDX = 1 << 1,
};

struct virtio_gpu_ctrl_hdr {
    uint32_t type; /* enum virtio_gpu_ctrl_type */
    uint32_t flags;
    uint64_t fence_id;
    uint32_t ctx_id;
    uint8_t ring_idx;
    uint8_t padding[3];
};

struct virtio_gpu_rect {
    uint32_t x, y;
    uint32_t width, height;
};

/* GET_DISPLAY_INFO's answer; its request is the header. */
struct virtio_gpu_resp_display_info {
    struct virtio_gpu_ctrl_hdr hdr;
    struct virtio_gpu_display_one {
        struct virtio_gpu_rect r; /* preferred size and place */
        uint32_t enabled;
        uint32_t flags;
    } pmodes[VIRTIO_GPU_MAX_SCANOUTS];
};

struct virtio_gpu_get_edid {
    struct virtio_gpu_ctrl_hdr hdr;
    uint32_t scanout;
    uint32_t padding;
};

struct virtio_gpu_resp_edid {
    struct virtio_gpu_ctrl_hdr hdr;
    uint32_t size; /* valid bytes of edid */
    uint32_t padding;
    uint8_t edid[VIRTIO_GPU_EDID_SIZE];
};

/* Pixel formats: letters name the bytes in order of address; X is unused, A ignored but in cursors.
 */
enum virtio_gpu_formats {
    VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM = 1,
    VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM = 2,
    VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM = 3,
    VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM = 4,
    VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM = 67,
    VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM = 68,
    VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM = 121,
    VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM = 134,
};

struct virtio_gpu_resource_create_2d {
    struct virtio_gpu_ctrl_hdr hdr;
    uint32_t resource_id; /* the driver's choice; 0 is none */
    uint32_t format;      /* enum virtio_gpu_formats */
    uint32_t width, height;
};

struct virtio_gpu_resource_unref {
    struct virtio_gpu_ctrl_hdr hdr;
    uint32_t resource_id;
    uint32_t padding;
};

struct virtio_gpu_set_scanout {
    struct virtio_gpu_ctrl_hdr hdr;
    struct virtio_gpu_rect r; /* part of the resource that is shown */
    uint32_t scanout_id;
    uint32_t resource_id; /* 0: switch the scanout off */
};

struct virtio_gpu_resource_flush {
    struct virtio_gpu_ctrl_hdr hdr;
    struct virtio_gpu_rect r;
    uint32_t resource_id;
    uint32_t padding;
};

struct virtio_gpu_transfer_to_host_2d {
    struct virtio_gpu_ctrl_hdr hdr;
    struct virtio_gpu_rect r;
    uint64_t offset; /* of the rectangle's first pixel in the backing */
    uint32_t resource_id;
    uint32_t padding;
};

/* Followed by nr_entries of struct virtio_gpu_mem_entry. */
struct virtio_gpu_resource_attach_backing {
    struct virtio_gpu_ctrl_hdr hdr;
    uint32_t resource_id;
    uint32_t nr_entries;
};

struct virtio_gpu_mem_entry {
    uint64_t addr; /* physical */
    uint32_t length;
    uint32_t padding;
};

struct virtio_gpu_resource_detach_backing {
    struct virtio_gpu_ctrl_hdr hdr;
    uint32_t resource_id;
    uint32_t padding;
};

struct virtio_gpu_get_capset_info {
    struct virtio_gpu_ctrl_hdr hdr;
    uint32_t capset_index;
    uint32_t padding;
};

struct virtio_gpu_cursor_pos {
    uint32_t scanout_id;
    uint32_t x, y; /* of the hot spot */
    uint32_t padding;
};

/* For UPDATE_CURSOR, and MOVE_CURSOR, which ignores the last three. */
struct virtio_gpu_update_cursor {
    struct virtio_gpu_ctrl_hdr hdr;
    struct virtio_gpu_cursor_pos pos;
    uint32_t resource_id; /* 64 by 64 pixels; 0: no cursor */
    uint32_t hot_x, hot_y;
    uint32_t padding;
};
