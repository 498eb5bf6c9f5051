/*
 * A benchmark-like program: sorts numbers, counts cycles around that, prints by system calls
 * through the host-target interface, a buffer at a time, and ends with a status.
 */
#include <stdint.h>

enum { SYS_WRITE = 64, SYS_EXIT = 93, ECALL_M = 11, COUNT = 500 };

extern volatile uint64_t tohost, fromhost;
static _Thread_local char buffer[64];
static _Thread_local unsigned used;
static uint32_t numbers[COUNT];

static void __attribute__((noreturn)) end(uintptr_t code)
{
    tohost = code << 1 | 1;
    for (;;)
        ;
}

static uintptr_t ask_host(uintptr_t number, uint64_t a, uint64_t b, uint64_t c)
{
    volatile uint64_t words[8] __attribute__((aligned(64))) = {number, a, b, c};
    __sync_synchronize();
    tohost = (uintptr_t)words;
    while (fromhost == 0)
        ;
    fromhost = 0;
    __sync_synchronize();
    return words[0];
}

uintptr_t handle_trap(uintptr_t cause, uintptr_t epc, uintptr_t x[32])
{
    if (cause != ECALL_M)
        end(1337);
    if (x[17] == SYS_EXIT)
        end(x[10]);
    x[10] = ask_host(x[17], x[10], x[11], x[12]);
    return epc + 4;
}

static uintptr_t call(uintptr_t number, uintptr_t a, uintptr_t b, uintptr_t c)
{
    register uintptr_t a7 __asm__("a7") = number;
    register uintptr_t a0 __asm__("a0") = a;
    register uintptr_t a1 __asm__("a1") = b;
    register uintptr_t a2 __asm__("a2") = c;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

static void put(char c)
{
    buffer[used++] = c;
    if (c == '\n' || used == sizeof buffer) {
        if (call(SYS_WRITE, 1, (uintptr_t)buffer, used) != used)
            end(2);
        used = 0;
    }
}

static void put_text(const char *text)
{
    while (*text)
        put(*text++);
}

static void put_number(uint32_t n)
{
    if (n > 9)
        put_number(n / 10);
    put((char)('0' + n % 10));
}

static void sort(void)
{
    for (int i = 1; i < COUNT; i++) {
        uint32_t value = numbers[i];
        int k = i;
        for (; k > 0 && numbers[k - 1] > value; k--)
            numbers[k] = numbers[k - 1];
        numbers[k] = value;
    }
}

static uintptr_t cycles(void)
{
    uintptr_t n;
    __asm__ volatile("csrr %0, mcycle" : "=r"(n));
    return n;
}

void start_c(uintptr_t hart, uintptr_t harts)
{
    uint32_t x = 1, sum = 0;
    double mean = 0;
    for (int i = 0; i < COUNT; i++) {
        x = x * 1103515245 + 12345;
        numbers[i] = x >> 16;
        sum += numbers[i];
        mean += numbers[i] / (double)COUNT;
    }
    uintptr_t before = cycles();
    sort();
    uintptr_t took = cycles() - before;
    for (int i = 1; i < COUNT; i++)
        if (numbers[i - 1] > numbers[i])
            end(3);
    put_text("sum = ");
    put_number(sum);
    put_text(" mean = ");
    put_number((uint32_t)mean);
    put_text(took > COUNT ? " sorted, and a line that is longer than the buffer\n" : " too fast\n");
    call(SYS_EXIT, hart + harts - 1, 0, 0);
}
