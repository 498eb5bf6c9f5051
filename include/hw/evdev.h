#pragma once
/*
 * Input events in Linux's terms (uapi/linux/input-event-codes.h), which virtio-input takes over
 * (virtio 1.2, section 5.8): types, and codes of everything but keys, which are in key.def.
 */

enum evdev_type {
    EV_SYN = 0x00, /* code SYN_REPORT: what came since the last one belongs together */
    EV_KEY = 0x01, /* value 0 up, 1 down, 2 repeated */
    EV_REL = 0x02, /* value: how far it moved */
    EV_ABS = 0x03, /* value: where it is */
    EV_MSC = 0x04,
    EV_LED = 0x11, /* towards the device: value 0 off, 1 on */
    EV_REP = 0x14, /* towards the device: value in ms */
};

enum evdev_syn { SYN_REPORT = 0 };

/* Codes of EV_KEY that are no keys: buttons of a pointer. */
enum evdev_button {
    BTN_LEFT = 0x110,
    BTN_RIGHT = 0x111,
    BTN_MIDDLE = 0x112,
    BTN_SIDE = 0x113,
    BTN_EXTRA = 0x114,
    BTN_GEAR_DOWN = 0x150, /* wheel, where it counts as buttons */
    BTN_GEAR_UP = 0x151,
};

enum evdev_rel {
    REL_X = 0x00,
    REL_Y = 0x01,
    REL_HWHEEL = 0x06,
    REL_WHEEL = 0x08, /* positive: away from the user */
};

enum evdev_abs {
    ABS_X = 0x00,
    ABS_Y = 0x01,
};

enum evdev_led {
    LED_NUML = 0x00,
    LED_CAPSL = 0x01,
    LED_SCROLLL = 0x02,
};

enum evdev_rep {
    REP_DELAY = 0x00,
    REP_PERIOD = 0x01,
};

enum evdev_property {
    INPUT_PROP_POINTER = 0x00,
    INPUT_PROP_DIRECT = 0x01,
};

/* Buses of an input device's id. */
enum evdev_bus { BUS_VIRTUAL = 0x06 };
