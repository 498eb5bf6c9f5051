/* hello: the smallest program that uses the C library. */
#include <stdio.h>

int main(void)
{
    puts("Hello from Tarn.");
    return 0;
}
