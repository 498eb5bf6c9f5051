/* Runs one benchmark program on the host: says what its checksum must be. */
#include <stdio.h>

#include "bench.h"

int main(void)
{
    printf("%08x\n", (unsigned)bench_run());
    return 0;
}
