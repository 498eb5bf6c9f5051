/* What POSIX adds to stdio and newlib has under other names. */
#include <stdio.h>

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter, FILE *restrict file)
{
    return __getdelim(line, size, delimiter, file);
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict file)
{
    return __getdelim(line, size, '\n', file);
}
