#pragma once
/* Fields of tdata1 (Debug specification, "Sdtrig") that are not anybody else's business. */

enum trigger_type {
    TRIGGER_MCONTROL = 2,
    TRIGGER_ICOUNT = 3,
    TRIGGER_MCONTROL6 = 6,
    TRIGGER_DISABLED = 15,
};

/* mcontrol and mcontrol6 */
#define TRIGGER_LOAD        0x001
#define TRIGGER_STORE       0x002
#define TRIGGER_EXECUTE     0x004
#define TRIGGER_U           0x008
#define TRIGGER_S           0x010
#define TRIGGER_M           0x040
#define TRIGGER_MATCH       0x780
#define TRIGGER_MATCH_SHIFT 7
#define TRIGGER_CHAIN       0x800

#define MCONTROL_SIZELO 0x030000
#define MCONTROL_HIT    0x100000

#define MCONTROL6_SIZE       0x070000
#define MCONTROL6_SIZE_SHIFT 16
#define MCONTROL6_HIT0       0x0400000
#define MCONTROL6_HIT1       0x2000000

enum trigger_match {
    MATCH_EQUAL,
    MATCH_NAPOT,
    MATCH_GE,
    MATCH_LT,
    MATCH_MASK_LOW,
    MATCH_MASK_HIGH,
    MATCH_NOT = 8, /* with EQUAL, NAPOT or a mask */
};

#define ICOUNT_U       0x0000040
#define ICOUNT_S       0x0000080
#define ICOUNT_PENDING 0x0000100
#define ICOUNT_M       0x0000200
#define ICOUNT_ONE     0x0000400
#define ICOUNT_COUNT   0x0fffc00
#define ICOUNT_HIT     0x1000000
