/* fails: 9. A program that fails says in which case. */
#include "env.h"
BEGIN MODE_U
    li a0, 3
    CHECK 9, a0, 4
    j pass
END
