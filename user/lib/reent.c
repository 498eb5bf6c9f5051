/* The hook by which newlib finds a thread's errno, stdio and the like. */
#include <reent.h>

struct _reent *__getreent(void);

/* Programs have one thread so far, and newlib has one structure ready. */
struct _reent *__getreent(void)
{
    return _GLOBAL_REENT;
}
