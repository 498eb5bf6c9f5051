/*
 * Svinval: in U-mode all three are illegal ("Svinval": any of these instructions). QEMU lets the fences pass.
 * isa: emu
 */
#include "isa.h"
#include "modes.h"

TEST_BEGIN
    CASE
    denied MODE_U, .insn r 0x73, 0, 0x0b, zero, a0, zero
    denied MODE_U, .word 0x18000073
    denied MODE_U, .word 0x18100073
    TEST_END
