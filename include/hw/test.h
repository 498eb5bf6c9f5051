#pragma once
/*
 * SiFive test finisher: one 32-bit register. The low half of a word written says what to do, the
 * high half is the exit code of a failure.
 */

enum test_offset {
    TEST_FINISHER = 0x0,
    TEST_SIZE = 0x1000,
};

enum test_command {
    TEST_FAIL = 0x3333,  /* | code << TEST_CODE_SHIFT */
    TEST_PASS = 0x5555,  /* power off, exit code 0 */
    TEST_RESET = 0x7777, /* reboot */
};

enum test_field {
    TEST_COMMAND_MASK = 0xffff,
    TEST_CODE_SHIFT = 16,
};
