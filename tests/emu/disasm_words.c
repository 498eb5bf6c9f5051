/* Host program: disassembles a raw file, "address<TAB>bits<TAB>text" per line: disasm_words XLEN
 * FILE */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/disasm.h"

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: disasm_words XLEN FILE\n");
        return 2;
    }
    FILE *f = fopen(argv[2], "rb");
    struct disasm *d = disasm_create(atoi(argv[1]));
    uint8_t half[2];
    uint64_t pc = 0;
    if (!f || !d) {
        perror(argv[2]);
        return 1;
    }
    while (fread(half, 1, 2, f) == 2) {
        uint32_t bits = half[0] | half[1] << 8;
        if ((bits & 3) == 3 && fread(half, 1, 2, f) == 2)
            bits |= (uint32_t)half[0] << 16 | (uint32_t)half[1] << 24;
        char text[80];
        unsigned len = disasm(d, bits, pc, text, sizeof(text));
        printf("%" PRIx64 "\t%0*" PRIx32 "\t%s\n", pc, 2 * (int)len, bits, text);
        pc += len;
    }
    disasm_destroy(d);
    fclose(f);
    return 0;
}
