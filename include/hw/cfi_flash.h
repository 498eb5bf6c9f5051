#pragma once
/*
 * Parallel flash with the Intel command set (JEDEC JESD68.01, Common Flash Interface; Intel
 * StrataFlash data sheets), as two 16-bit chips side by side on a 32-bit bus: commands and answers
 * are per chip, so a driver writes both halves of a word.
 */

enum cfi_command {
    CFI_READ_ARRAY = 0xff,
    CFI_READ_ID = 0x90,
    CFI_READ_QUERY = 0x98, /* written to word CFI_QUERY_ADDRESS of a chip */
    CFI_READ_STATUS = 0x70,
    CFI_CLEAR_STATUS = 0x50,
    CFI_BLOCK_ERASE = 0x20, /* then CFI_CONFIRM */
    CFI_PROGRAM = 0x40,     /* then the data */
    CFI_PROGRAM_ALT = 0x10,
    CFI_BUFFER_PROGRAM = 0xe8, /* then the count of words less 1, the words, CFI_CONFIRM */
    CFI_LOCK_SETUP = 0x60,     /* then CFI_LOCK or CFI_CONFIRM, which unlocks */
    CFI_LOCK = 0x01,
    CFI_CONFIRM = 0xd0,
};

enum cfi_status {
    CFI_STATUS_READY = 0x80,
    CFI_STATUS_ERASE_ERROR = 0x20,
    CFI_STATUS_PROGRAM_ERROR = 0x10,
};

/* Words of a chip's query structure. */
enum cfi_query {
    CFI_QUERY_ADDRESS = 0x55,
    CFI_QUERY_STRING = 0x10, /* 'Q', 'R', 'Y' */
    CFI_QUERY_COMMAND_SET = 0x13,
    CFI_QUERY_EXTENDED = 0x15, /* where the table of the command set is */
    CFI_QUERY_VCC_MIN = 0x1b,  /* 4 bits volts, 4 bits tenths; then the maximum */
    CFI_QUERY_VPP_MIN = 0x1d,
    CFI_QUERY_TIMES = 0x1f, /* 4 typical times, 4 maximal ones, as powers of 2 */
    CFI_QUERY_SIZE = 0x27,  /* of a chip, log2 of bytes */
    CFI_QUERY_INTERFACE = 0x28,
    CFI_QUERY_BUFFER = 0x2a,  /* log2 of bytes */
    CFI_QUERY_REGIONS = 0x2c, /* of blocks of one size */
    CFI_QUERY_REGION = 0x2d,  /* 16 bits blocks less 1, 16 bits size in units of 256 bytes */
    CFI_QUERY_LENGTH = 0x52,
};
