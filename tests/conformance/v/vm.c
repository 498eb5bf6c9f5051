/*
 * A system of one process in S-mode, after the public suites' "v" environment: the program's pages,
 * linked at HOME, appear at 0 in U-mode, each when it is first touched, in one of a few frames; a
 * page that must make room is written back if it changed, which its D bit must have told.
 *
 * The system itself runs in the uppermost superpage. SV chooses the scheme on rv64.
 */
#include <stdint.h>

#define HOME   0x80000000ul
#define PAGE   4096ul
#define PAGES  63
#define FRAMES 6

#if __riscv_xlen == 64
#    ifndef SV
#        define SV 39
#    endif
#    define LEVELS    ((SV - 12) / 9)
#    define SATP_MODE ((uintptr_t)(LEVELS + 5) << 60)
#    define SUPER     (1ul << 21)
#    define ENTRIES   512
#    define ALL_PMP   0x3ffffffffffffful
#else
#    define LEVELS    2
#    define SATP_MODE (1ul << 31)
#    define SUPER     (1ul << 22)
#    define ENTRIES   1024
#    define ALL_PMP   0x7ffffffful
#endif

enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_U = 16, PTE_A = 64, PTE_D = 128 };
enum { ILLEGAL = 2, ECALL_U = 8, FETCH_PAGE = 12, LOAD_PAGE = 13, STORE_PAGE = 15 };

struct frame {
    uintptr_t x[32], status, epc, tval, cause;
};

typedef uintptr_t pte_t;

extern volatile uint64_t tohost, fromhost;
extern char trap_entry[], user_start[];
void pop_frame(const struct frame *frame) __attribute__((noreturn));

static pte_t tables[2 * LEVELS][ENTRIES] __attribute__((aligned(4096)));
static uint8_t frames[FRAMES][PAGE] __attribute__((aligned(4096)));
static int page_in[FRAMES]; /* 0: none */
static uint32_t random;     /* nothing of the system is in .data, where the program has pages */

/* Where the system sees a physical address, once it runs high. */
static void *high(uintptr_t paddr)
{
    return (void *)(paddr - HOME - SUPER);
}

/* --- the host -------------------------------------------------------------------------------- */

static void host(uint64_t word)
{
    while (tohost)
        fromhost = 0;
    tohost = word;
}

static void put(const char *text)
{
    for (; *text; text++)
        host(UINT64_C(0x0101000000000000) | (unsigned char)*text);
}

static void __attribute__((noreturn)) end(unsigned word)
{
    host(word);
    for (;;)
        ;
}

#define EXPECT(condition, number)            \
    do {                                     \
        if (!(condition)) {                  \
            put("not so: " #condition "\n"); \
            end((number) << 1 | 1);          \
        }                                    \
    } while (0)

void unexpected(void)
{
    end(200 << 1 | 1);
}

/* --- pages ----------------------------------------------------------------------------------- */

static pte_t *leaf(int page)
{
    /* before the switch to high addresses tables are at their own; afterwards pc-relative */
    return &tables[LEVELS - 1][page];
}

static uintptr_t physical(const void *p)
{
    return (uintptr_t)p + SUPER + HOME;
}

static void flush(int page)
{
    __asm__ volatile("sfence.vma %0" ::"r"(page * PAGE) : "memory");
}

static void copy(uint8_t *to, const uint8_t *from)
{
    for (unsigned i = 0; i < PAGE; i += sizeof(uintptr_t))
        *(uintptr_t *)(to + i) = *(const uintptr_t *)(from + i);
}

static int differ(const uint8_t *a, const uint8_t *b)
{
    for (unsigned i = 0; i < PAGE; i++)
        if (a[i] != b[i])
            return 1;
    return 0;
}

static void evict(int k)
{
    int page = page_in[k];
    pte_t *pte = leaf(page), old;
    if (!page)
        return;
    old = *pte;
    *pte = 0;
    flush(page);
    EXPECT(old & PTE_A || !(old & PTE_D), 201);
    uint8_t *home = high(HOME + page * PAGE);
    if (differ(home, frames[k])) {
        EXPECT(old & PTE_D, 202);
        copy(home, frames[k]);
    }
    page_in[k] = 0;
}

static unsigned next_random(void)
{
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    return random;
}

/* The frame for one more page. */
static int take_frame(void)
{
    for (int k = 0; k < FRAMES; k++)
        if (!page_in[k])
            return k;
    int k = next_random() % FRAMES;
    evict(k);
    return k;
}

static void load_page(uintptr_t addr, uintptr_t cause)
{
    int page = addr / PAGE;
    EXPECT(addr >= PAGE && addr < PAGES * PAGE, 203);
    pte_t *pte = leaf(page);
    if (*pte & PTE_V) { /* A and D are left to us */
        if (!(*pte & PTE_A)) {
            *pte |= PTE_A;
        } else {
            EXPECT(cause == STORE_PAGE && !(*pte & PTE_D), 204);
            *pte |= PTE_D;
        }
        flush(page);
        return;
    }
    int k = take_frame();
    copy(frames[k], high(HOME + page * PAGE));
    page_in[k] = page;
    *pte = physical(frames[k]) >> 12 << 10 | PTE_V | PTE_U | PTE_R | PTE_W | PTE_X;
    flush(page);
    __asm__ volatile("fence.i");
}

void handle_trap(struct frame *f)
{
    switch (f->cause) {
    case ECALL_U:
        for (int k = 0; k < FRAMES; k++)
            evict(k);
        end(f->x[3]);
    case FETCH_PAGE:
    case LOAD_PAGE:
    case STORE_PAGE: load_page(f->tval, f->cause); break;
    default: end((100 + (f->cause & 31)) << 1 | 1);
    }
    pop_frame(f);
}

/* --- the start, untranslated in M-mode ---------------------------------------------------------
 */

/* Other harts disturb: reads, and writes that change nothing. */
static void __attribute__((noreturn)) disturb(void)
{
    for (uint32_t r = 1;; r = r >> 1 ^ (-(r & 1) & 0x80200003)) {
        uintptr_t p = HOME + (r % (2 * (PAGES + 1) * PAGE) & -4ul);
        if (r & 1)
            __asm__ volatile("amoadd.w zero, zero, (%0)" ::"r"(p) : "memory");
        else
            __asm__ volatile("lw zero, (%0)" ::"r"(p) : "memory");
    }
}

static void point(pte_t *entry, const void *table)
{
    *entry = (uintptr_t)table >> 12 << 10 | PTE_V;
}

static void make_tables(void)
{
    pte_t system = HOME >> 12 << 10 | PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;
    /* tables 0 to LEVELS - 1 lead to the program, the others to the system's superpage */
    for (int i = 0; i + 1 < LEVELS; i++)
        point(&tables[i][0], tables[i + 1]);
#if __riscv_xlen == 64
    point(&tables[0][ENTRIES - 1], tables[LEVELS]);
    for (int i = LEVELS; i < 2 * LEVELS - 3; i++)
        point(&tables[i][ENTRIES - 1], tables[i + 1]);
    tables[2 * LEVELS - 3][ENTRIES - 1] = system;
#else
    tables[0][ENTRIES - 1] = system;
#endif
}

#define WRITE(csr, value) __asm__ volatile("csrw " #csr ", %0" ::"r"(value) : "memory")
#define READ(csr)                                          \
    ({                                                     \
        uintptr_t value_;                                  \
        __asm__ volatile("csrr %0, " #csr : "=r"(value_)); \
        value_;                                            \
    })

void boot(uintptr_t start)
{
    struct frame f;
    uintptr_t satp = (uintptr_t)tables[0] >> 12 | SATP_MODE;
    if (READ(mhartid) != 0)
        disturb();
    random = 0x2545f491;
    make_tables();
    WRITE(satp, satp);
    EXPECT(READ(satp) == satp, 205);
    WRITE(pmpaddr0, ALL_PMP);
    WRITE(pmpcfg0, (uintptr_t)0x1f);
    WRITE(stvec, high((uintptr_t)trap_entry));
    WRITE(sscratch, high(READ(mscratch)));
    WRITE(medeleg, (uintptr_t)(1 << ECALL_U | 1 << FETCH_PAGE | 1 << LOAD_PAGE | 1 << STORE_PAGE |
                               1 << ILLEGAL));
    WRITE(mstatus, READ(mstatus) | 3 << 13 | 1 << 18);
    WRITE(mie, (uintptr_t)0);
    for (unsigned i = 0; i < sizeof f / sizeof(uintptr_t); i++)
        ((volatile uintptr_t *)&f)[i] = 0;
    f.epc = start - HOME;
    pop_frame(&f);
}
