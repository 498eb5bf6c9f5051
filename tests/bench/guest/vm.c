/*
 * A bytecode interpreter: a stack machine with a switch, as scripting languages have, running a
 * program that sieves primes, computes Fibonacci numbers recursively and sorts an array.
 */
#include "bench.h"

enum opcode {
    HALT,
    PUSH,  /* -- constant */
    GET,   /* -- local */
    SET,   /* value -- ; into the local */
    LOAD,  /* index -- memory[index] */
    STORE, /* index value -- */
    ADD,   /* a b -- a + b, and so on */
    SUB,
    MUL,
    LESS,
    EQUAL,
    JUMP,   /* to a label */
    JUMPZ,  /* value -- ; to a label if it is zero */
    CALL,   /* argument -- result; the argument is the callee's local 0 */
    RETURN, /* value -- */
    OUT,    /* value -- */
    LABEL,  /* no instruction: names the place */
};

enum label {
    SIEVE_NEXT,
    MULTIPLES,
    MULTIPLE,
    SIEVE_ON,
    COUNT,
    COUNT_NEXT,
    COUNT_ON,
    COUNTED,
    FILL,
    FILLED,
    SORT_OUTER,
    SORT_INNER,
    SORT_SHIFTED,
    SORTED,
    HASH,
    HASHED,
    FIB,
    FIB_LEAF,
    LABELS
};

#define SIZE   2000 /* of the sieve */
#define SORT   60   /* entries sorted */
#define LOCALS 4
#define FRAMES 64
#define STACK  128
#define ROUNDS 150

/* The program: an opcode and its operand on each row. */
static const int16_t source[][2] = {
    /* for (i = 2; i * i < SIZE; i++) if (!memory[i]) for (j = i * i; j < SIZE; j += i) memory[j] =
       1 */
    {PUSH, 2},
    {SET, 0},
    {LABEL, SIEVE_NEXT},
    {GET, 0},
    {GET, 0},
    {MUL, 0},
    {PUSH, SIZE},
    {LESS, 0},
    {JUMPZ, COUNT},
    {GET, 0},
    {LOAD, 0},
    {PUSH, 0},
    {EQUAL, 0},
    {JUMPZ, SIEVE_ON},
    {LABEL, MULTIPLES},
    {GET, 0},
    {GET, 0},
    {MUL, 0},
    {SET, 1},
    {LABEL, MULTIPLE},
    {GET, 1},
    {PUSH, SIZE},
    {LESS, 0},
    {JUMPZ, SIEVE_ON},
    {GET, 1},
    {PUSH, 1},
    {STORE, 0},
    {GET, 1},
    {GET, 0},
    {ADD, 0},
    {SET, 1},
    {JUMP, MULTIPLE},
    {LABEL, SIEVE_ON},
    {GET, 0},
    {PUSH, 1},
    {ADD, 0},
    {SET, 0},
    {JUMP, SIEVE_NEXT},
    /* count the primes, clearing the sieve */
    {LABEL, COUNT},
    {PUSH, 2},
    {SET, 0},
    {PUSH, 0},
    {SET, 1},
    {LABEL, COUNT_NEXT},
    {GET, 0},
    {PUSH, SIZE},
    {LESS, 0},
    {JUMPZ, COUNTED},
    {GET, 0},
    {LOAD, 0},
    {PUSH, 0},
    {EQUAL, 0},
    {JUMPZ, COUNT_ON},
    {GET, 1},
    {PUSH, 1},
    {ADD, 0},
    {SET, 1},
    {LABEL, COUNT_ON},
    {GET, 0},
    {PUSH, 0},
    {STORE, 0},
    {GET, 0},
    {PUSH, 1},
    {ADD, 0},
    {SET, 0},
    {JUMP, COUNT_NEXT},
    {LABEL, COUNTED},
    {GET, 1},
    {OUT, 0},
    /* fill memory[0..SORT) from a generator, sort it by insertion */
    {PUSH, 0},
    {SET, 0},
    {PUSH, 7},
    {SET, 1},
    {LABEL, FILL},
    {GET, 0},
    {PUSH, SORT},
    {LESS, 0},
    {JUMPZ, FILLED},
    {GET, 1},
    {PUSH, 31},
    {MUL, 0},
    {PUSH, 17},
    {ADD, 0},
    {SET, 1},
    {GET, 0},
    {GET, 1},
    {STORE, 0},
    {GET, 0},
    {PUSH, 1},
    {ADD, 0},
    {SET, 0},
    {JUMP, FILL},
    {LABEL, FILLED},
    {PUSH, 1},
    {SET, 0},
    {LABEL, SORT_OUTER},
    {GET, 0},
    {PUSH, SORT},
    {LESS, 0},
    {JUMPZ, SORTED},
    {GET, 0},
    {LOAD, 0},
    {SET, 2},
    {GET, 0},
    {PUSH, 1},
    {SUB, 0},
    {SET, 1},
    {LABEL, SORT_INNER},
    {PUSH, -1},
    {GET, 1},
    {LESS, 0},
    {JUMPZ, SORT_SHIFTED},
    {GET, 2},
    {GET, 1},
    {LOAD, 0},
    {LESS, 0},
    {JUMPZ, SORT_SHIFTED},
    {GET, 1},
    {PUSH, 1},
    {ADD, 0},
    {GET, 1},
    {LOAD, 0},
    {STORE, 0},
    {GET, 1},
    {PUSH, 1},
    {SUB, 0},
    {SET, 1},
    {JUMP, SORT_INNER},
    {LABEL, SORT_SHIFTED},
    {GET, 1},
    {PUSH, 1},
    {ADD, 0},
    {GET, 2},
    {STORE, 0},
    {GET, 0},
    {PUSH, 1},
    {ADD, 0},
    {SET, 0},
    {JUMP, SORT_OUTER},
    /* hash what is sorted, and clear it */
    {LABEL, SORTED},
    {PUSH, 0},
    {SET, 0},
    {LABEL, HASH},
    {GET, 0},
    {PUSH, SORT},
    {LESS, 0},
    {JUMPZ, HASHED},
    {GET, 0},
    {LOAD, 0},
    {OUT, 0},
    {GET, 0},
    {PUSH, 0},
    {STORE, 0},
    {GET, 0},
    {PUSH, 1},
    {ADD, 0},
    {SET, 0},
    {JUMP, HASH},
    {LABEL, HASHED},
    {PUSH, 18},
    {CALL, FIB},
    {OUT, 0},
    {HALT, 0},
    /* fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2) */
    {LABEL, FIB},
    {GET, 0},
    {PUSH, 2},
    {LESS, 0},
    {JUMPZ, FIB_LEAF},
    {GET, 0},
    {RETURN, 0},
    {LABEL, FIB_LEAF},
    {GET, 0},
    {PUSH, 1},
    {SUB, 0},
    {CALL, FIB},
    {GET, 0},
    {PUSH, 2},
    {SUB, 0},
    {CALL, FIB},
    {ADD, 0},
    {RETURN, 0},
};

#define ROWS (sizeof(source) / sizeof(source[0]))

/* One byte of opcode, two of operand where the opcode has one. */
static uint8_t code[3 * ROWS];
static int32_t memory[SIZE];

static int has_operand(int op)
{
    return op == PUSH || op == GET || op == SET || op == JUMP || op == JUMPZ || op == CALL;
}

/* Lays the program out as bytes; labels become offsets. */
static void assemble(void)
{
    int16_t where[LABELS] = {0};
    for (int pass = 0; pass < 2; pass++) {
        unsigned at = 0;
        for (unsigned i = 0; i < ROWS; i++) {
            int op = source[i][0], operand = source[i][1];
            if (op == LABEL) {
                where[operand] = (int16_t)at;
                continue;
            }
            code[at++] = (uint8_t)op;
            if (!has_operand(op))
                continue;
            if (op == JUMP || op == JUMPZ || op == CALL)
                operand = where[operand];
            code[at++] = (uint8_t)operand;
            code[at++] = (uint8_t)((unsigned)operand >> 8);
        }
    }
}

struct frame {
    const uint8_t *back;
    int32_t local[LOCALS];
};

static struct frame frames[FRAMES];
static int32_t stack[STACK];

#define OPERAND() (pc += 2, (int16_t)(pc[-2] | pc[-1] << 8))
#define BINARY(expression)             \
    {                                  \
        int32_t b = *--sp, a = sp[-1]; \
        sp[-1] = (expression);         \
        break;                         \
    }

static uint32_t interpret(uint32_t sum)
{
    const uint8_t *pc = code;
    int32_t *sp = stack;
    struct frame *frame = frames;
    for (;;) {
        switch (*pc++) {
        case PUSH: *sp++ = OPERAND(); break;
        case GET: *sp++ = frame->local[OPERAND()]; break;
        case SET: frame->local[OPERAND()] = *--sp; break;
        case LOAD: sp[-1] = memory[sp[-1]]; break;
        case STORE:
            sp -= 2;
            memory[sp[0]] = sp[1];
            break;
        case ADD: BINARY((int32_t)((uint32_t)a + (uint32_t)b))
        case SUB: BINARY((int32_t)((uint32_t)a - (uint32_t)b))
        case MUL: BINARY((int32_t)((uint32_t)a * (uint32_t)b))
        case LESS: BINARY(a < b)
        case EQUAL: BINARY(a == b)
        case JUMP: pc = code + OPERAND(); break;
        case JUMPZ: {
            int target = OPERAND();
            if (!*--sp)
                pc = code + target;
            break;
        }
        case CALL: {
            int target = OPERAND();
            frame++;
            frame->back = pc;
            frame->local[0] = *--sp;
            pc = code + target;
            break;
        }
        case RETURN:
            pc = frame->back;
            frame--;
            break;
        case OUT: sum = bench_mix(sum, (uint32_t) * --sp); break;
        default: return sum;
        }
    }
}

uint32_t bench_run(void)
{
    uint32_t sum = BENCH_SEED;
    assemble();
    for (int i = 0; i < ROUNDS; i++)
        sum = interpret(sum);
    return sum;
}
