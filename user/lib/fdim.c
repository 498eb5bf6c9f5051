/* fdim(3): newlib's answers infinity for two of them. */
#include <math.h>

double fdim(double x, double y)
{
    return x <= y ? 0 : x - y; /* of NaN: NaN, by the subtraction */
}

float fdimf(float x, float y)
{
    return x <= y ? 0 : x - y;
}
