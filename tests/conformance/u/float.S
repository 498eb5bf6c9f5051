/* march: imafd. Floating point from U-mode, its registers kept over the page faults. */
#include "env.h"
BEGIN MODE_U
    fscsr zero
    la a0, numbers
    fld fa0, 0(a0)
    fld fa1, 8(a0)
    la a1, later                         /* a fault between the load and the use */
    lw a2, 0(a1)
    fadd.d fa2, fa0, fa1
    fcvt.w.d a3, fa2, rtz
    CHECK 2, a3, 4
    frflags a4
    CHECK 3, a4, 1                       /* 4.25 is no integer: inexact */
    fdiv.d fa3, fa0, fa1
    fsd fa3, 8(a1)
    fld fa4, 8(a1)
    feq.d a5, fa3, fa4
    CHECK 4, a5, 1
    fclass.d a5, fa3
    CHECK 5, a5, 1 << 6
    j pass
END
numbers:
    .double 1.5, 2.75
    .balign 4096
later:
    .double 0, 0
