#pragma once
/*
 * Goldfish RTC: register offsets (Android emulator's GOLDFISH-VIRTUAL-HARDWARE document, section
 * "Goldfish timer"). Times are nanoseconds since 1970-01-01 UTC. All registers are 32 bits wide.
 */

enum goldfish_rtc_reg {
    GOLDFISH_RTC_TIME_LOW = 0x00,        /* reading latches the high half; writing sets the clock */
    GOLDFISH_RTC_TIME_HIGH = 0x04,       /* read after TIME_LOW, written before it */
    GOLDFISH_RTC_ALARM_LOW = 0x08,       /* writing arms the alarm */
    GOLDFISH_RTC_ALARM_HIGH = 0x0c,      /* written before ALARM_LOW */
    GOLDFISH_RTC_IRQ_ENABLED = 0x10,     /* bit 0: the alarm raises the interrupt */
    GOLDFISH_RTC_CLEAR_ALARM = 0x14,     /* writing disarms the alarm */
    GOLDFISH_RTC_ALARM_STATUS = 0x18,    /* read only: 1 while an alarm is armed */
    GOLDFISH_RTC_CLEAR_INTERRUPT = 0x1c, /* writing drops the interrupt */
    GOLDFISH_RTC_SIZE = 0x1000,
};
