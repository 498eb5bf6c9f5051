/* The string functions with words of 32 bits, as on rv32. */
#include <stdint.h>

#define LIB_STRING_WORD uint32_t
#include "test_string.c"
