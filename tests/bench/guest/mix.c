/*
 * The integer mix of small systems' benchmarks: linked lists (search, reversal, merge sort), small
 * integer matrices, a state machine reading numbers from text, and a CRC-16 over all results.
 */
#include "bench.h"

#define ROUNDS 5000

static uint16_t crc16_byte(uint16_t crc, uint8_t byte)
{
    for (int i = 0; i < 8; i++) {
        unsigned carry = (crc ^ byte) & 1;
        byte >>= 1;
        crc >>= 1;
        if (carry)
            crc ^= 0xa001;
    }
    return crc;
}

static uint16_t crc16(uint16_t crc, uint32_t value)
{
    for (int i = 0; i < 4; i++, value >>= 8)
        crc = crc16_byte(crc, value);
    return crc;
}

/* --- lists ----------------------------------------------------------------------------------- */

#define NODES 96

struct node {
    struct node *next;
    int16_t key, value;
};

static struct node nodes[NODES];

static struct node *list_make(uint32_t seed)
{
    struct node *head = NULL;
    for (int i = 0; i < NODES; i++) {
        nodes[i].key = (int16_t)(bench_random(&seed) & 0x7fff);
        nodes[i].value = (int16_t)i;
        nodes[i].next = head;
        head = &nodes[i];
    }
    return head;
}

static struct node *list_reverse(struct node *list)
{
    struct node *done = NULL;
    while (list) {
        struct node *next = list->next;
        list->next = done;
        done = list;
        list = next;
    }
    return done;
}

static const struct node *list_find(const struct node *list, int value)
{
    while (list && list->value != value)
        list = list->next;
    return list;
}

typedef int compare_fn(const struct node *a, const struct node *b);

static int by_key(const struct node *a, const struct node *b)
{
    return a->key - b->key;
}

static int by_value(const struct node *a, const struct node *b)
{
    return a->value - b->value;
}

static struct node *list_merge(struct node *a, struct node *b, compare_fn *compare)
{
    struct node *head = NULL, **tail = &head;
    while (a && b) {
        struct node **from = compare(a, b) <= 0 ? &a : &b;
        *tail = *from;
        tail = &(*tail)->next;
        *from = *tail;
    }
    *tail = a ? a : b;
    return head;
}

static struct node *list_sort(struct node *list, compare_fn *compare)
{
    if (!list || !list->next)
        return list;
    struct node *middle = list;
    for (struct node *end = list->next; end && end->next; end = end->next->next)
        middle = middle->next;
    struct node *second = middle->next;
    middle->next = NULL;
    return list_merge(list_sort(list, compare), list_sort(second, compare), compare);
}

static uint16_t lists(uint16_t crc, uint32_t seed)
{
    struct node *list = list_make(seed);
    for (int i = 0; i < 16; i++) {
        const struct node *n = list_find(list, i * 7);
        crc = crc16(crc, n ? (uint32_t)n->key : ~0u);
        list = list_reverse(list);
    }
    list = list_sort(list, by_key);
    for (const struct node *n = list; n; n = n->next)
        crc = (uint16_t)(crc * 31u + (uint16_t)n->value);
    list = list_sort(list, by_value);
    return crc16(crc, (uint32_t)list->key);
}

/* --- matrices -------------------------------------------------------------------------------- */

#define SIDE 10

static int16_t left[SIDE][SIDE], right[SIDE][SIDE];
static int32_t product[SIDE][SIDE];

static void matrix_fill(uint32_t seed)
{
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++) {
            left[i][j] = (int16_t)(bench_random(&seed) & 0xff);
            right[i][j] = (int16_t)(bench_random(&seed) >> 24);
        }
    }
}

static void matrix_add(int constant)
{
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            left[i][j] = (int16_t)(left[i][j] + constant);
}

static void matrix_multiply(void)
{
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIDE; k++)
                sum += left[i][k] * right[k][j];
            product[i][j] = sum;
        }
    }
}

static void matrix_multiply_bits(void)
{
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIDE; k++) {
                int32_t p = left[i][k] * right[k][j];
                sum += (p >> 2 & 15) * (p >> 5 & 127);
            }
            product[i][j] += sum;
        }
    }
}

static uint16_t matrices(uint16_t crc, uint32_t seed)
{
    matrix_fill(seed);
    for (int round = 0; round < 3; round++) {
        matrix_add((int)(seed & 7) + round);
        matrix_multiply();
        crc = crc16(crc, (uint32_t)product[round][SIDE - 1 - round]);
        matrix_multiply_bits();
        for (int i = 0; i < SIDE; i++)
            crc = (uint16_t)(crc * 33u + (uint32_t)product[i][i]);
    }
    return crc;
}

/* --- a state machine ------------------------------------------------------------------------- */

enum state { START, SIGN, DIGITS, POINT, FRACTION, EXPONENT, EXPONENT_DIGITS, BAD, STATES };

static enum state step(enum state state, char c)
{
    int digit = c >= '0' && c <= '9';
    switch (state) {
    case START: return digit ? DIGITS : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : BAD;
    case SIGN: return digit ? DIGITS : c == '.' ? POINT : BAD;
    case DIGITS:
        return digit ? DIGITS : c == '.' ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : BAD;
    case POINT: return digit ? FRACTION : BAD;
    case FRACTION: return digit ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : BAD;
    case EXPONENT: return digit || c == '+' || c == '-' ? EXPONENT_DIGITS : BAD;
    case EXPONENT_DIGITS: return digit ? EXPONENT_DIGITS : BAD;
    default: return BAD;
    }
}

static uint16_t states(uint16_t crc, uint32_t seed)
{
    static const char text[] = "5012,-874,+122,.1e3,35.54400,.1234500,-110.700,+0.64400,5.500e+3,"
                               "-.123e-2,-87e+832,+0.6e-12,T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^,";
    uint32_t finals[STATES] = {0};
    for (int round = 0; round < 4; round++) {
        enum state state = START;
        for (const char *p = text; *p; p++) {
            char c = *p;
            if (c != ',' && (bench_random(&seed) & 63) == 0)
                c ^= 1;
            if (c == ',') {
                finals[state]++;
                state = START;
            } else {
                state = step(state, c);
            }
        }
    }
    for (int i = 0; i < STATES; i++)
        crc = crc16(crc, finals[i]);
    return crc;
}

uint32_t bench_run(void)
{
    uint32_t sum = BENCH_SEED, seed = 12345;
    for (int i = 0; i < ROUNDS; i++) {
        uint16_t crc = (uint16_t)i;
        crc = lists(crc, bench_random(&seed));
        crc = matrices(crc, bench_random(&seed));
        crc = states(crc, bench_random(&seed));
        sum = bench_mix(sum, crc);
    }
    return sum;
}
