/* Executable files that are not what they say: each must be refused, or die alone. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

/* The ELF header; its fields are where both classes have them, as `long` grows. */
struct header {
    unsigned char ident[16];
    uint16_t type, machine;
    uint32_t version;
    unsigned long entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

/* A program header in either class's order. */
struct segment32 {
    uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};
struct segment64 {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

enum { IS_64 = sizeof(long) == 8, BASE = 0x10000, CODE = 0x200, EXIT_CODE = 42 };

/* A program with two segments: code that exits with EXIT_CODE, and a page of zeros. */
struct image {
    struct header header;
    struct segment64 segments[2]; /* packed into the class's own form when written */
    uint32_t code[4];
    size_t size; /* of the file */
};

static struct image make_image(void)
{
    struct image image = {
        .header =
            {
                .ident = {0x7f, 'E', 'L', 'F', IS_64 ? 2 : 1, 1, 1},
                .type = 2,
                .machine = 243,
                .version = 1,
                .entry = BASE + CODE,
                .phoff = sizeof(struct header),
                .ehsize = sizeof(struct header),
                .phentsize = IS_64 ? sizeof(struct segment64) : sizeof(struct segment32),
                .phnum = 2,
            },
        .segments =
            {
                {1, 5, 0, BASE, BASE, CODE + 16, CODE + 16, 0x1000},
                {1, 6, 0, BASE + 0x10000, BASE + 0x10000, 0, 0x1000, 0x1000},
            },
        .code = {0x02a00513, 0x05d00893, 0x00000073,
                 0x0000006f}, /* li a0,42; li a7,93; ecall; j . */
        .size = CODE + 16,
    };
    return image;
}

static void write_image(const struct image *image, const char *path)
{
    static unsigned char bytes[CODE + 16];
    memset(bytes, 0, sizeof(bytes));
    memcpy(bytes, &image->header, sizeof(image->header));
    unsigned char *at = bytes + sizeof(image->header);
    for (int i = 0; i < 2; i++) {
        const struct segment64 *s = &image->segments[i];
        if (IS_64) {
            memcpy(at + (size_t)i * sizeof(*s), s, sizeof(*s));
        } else {
            struct segment32 narrow = {s->type,
                                       (uint32_t)s->offset,
                                       (uint32_t)s->vaddr,
                                       (uint32_t)s->paddr,
                                       (uint32_t)s->filesz,
                                       (uint32_t)s->memsz,
                                       s->flags,
                                       (uint32_t)s->align};
            memcpy(at + (size_t)i * sizeof(narrow), &narrow, sizeof(narrow));
        }
    }
    memcpy(bytes + CODE, image->code, sizeof(image->code));
    unlink(path);
    int fd = must_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    must_write(fd, bytes, image->size);
    CHECK_OK(close(fd));
}

/* Execute a file with a limit of time: its wait status; exit code 200 + errno (at most 255) when
 * refused. */
static int run_file(const char *path)
{
    pid_t pid = must_fork();
    if (pid == 0) {
        char *const argv[] = {(char *)"image", NULL};
        execve(path, argv, environ);
        _exit(errno <= 50 ? 200 + errno : 255);
    }
    int status;
    int64_t deadline = now_ms() + 5000;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (now_ms() > deadline) {
            kill(pid, SIGKILL);
        }
        sleep_ms(1);
    }
    return status;
}

static int run_image(const struct image *image)
{
    write_image(image, "image");
    return run_file("image");
}

#define REFUSED ((200 + ENOEXEC) << 8)

/* Change one thing of a good image; execve() must say ENOEXEC. */
#define CHECK_REFUSED(change)                              \
    do {                                                   \
        struct image image = make_image();                 \
        change;                                            \
        int check_status = run_image(&image);              \
        if (check_status != REFUSED) {                     \
            FAIL("%s: status %#x", #change, check_status); \
        }                                                  \
    } while (0)

/* Change one thing of a good image; it must not run to its end. */
#define CHECK_FAILS(change)                   \
    do {                                      \
        struct image image = make_image();    \
        change;                               \
        int check_status = run_image(&image); \
        if (check_status == EXIT_CODE << 8) { \
            FAIL("%s: runs", #change);        \
        }                                     \
    } while (0)

static void test_good(void)
{
    struct image image = make_image();
    CHECK_EQ(run_image(&image), EXIT_CODE << 8);
}

static void test_header(void)
{
    CHECK_REFUSED(image.header.ident[0] = 0);
    CHECK_REFUSED(image.header.ident[3] = 'f');
    CHECK_REFUSED(image.header.ident[4] = IS_64 ? 1 : 2); /* the other class */
    CHECK_REFUSED(image.header.ident[4] = 0);
    CHECK_REFUSED(image.header.ident[5] = 2); /* big-endian */
    CHECK_REFUSED(image.header.machine = 62); /* x86-64 */
    CHECK_REFUSED(image.header.type = 1);     /* relocatable */
    CHECK_REFUSED(image.header.type = 4);     /* a core */
    CHECK_REFUSED(image.header.phentsize = 1);
    CHECK_REFUSED(image.header.phentsize = 0);
    CHECK_REFUSED(image.header.phnum = 0);
    CHECK_REFUSED(image.header.phnum = 0xffff);
    CHECK_REFUSED(image.header.phoff = 0x10000);
    CHECK_REFUSED(image.header.phoff = ~0ul - 8);
    CHECK_FAILS(image.header.entry = 0);
    CHECK_FAILS(image.header.entry = BASE + 0x5000);
    CHECK_FAILS(image.header.entry = ~0xffful);
    CHECK_FAILS(image.header.entry = BASE + 0x10000); /* data is not code */
}

static void test_segments(void)
{
    CHECK_REFUSED(image.segments[0].filesz = 0x100000; image.segments[0].memsz = 0x100000);
    CHECK_REFUSED(image.segments[0].offset = 0x100000);
    CHECK_REFUSED(image.segments[0].offset = ~0ul - 0xfff);
    CHECK_REFUSED(image.segments[0].memsz = 16); /* less than there is in the file */
    CHECK_REFUSED(image.segments[0].offset = 1); /* and address differ within a page */
    CHECK_FAILS(image.segments[1].vaddr = ~0xffful);
    CHECK_FAILS(image.segments[1].vaddr = (unsigned long)1 << (8 * sizeof(long) - 1) | 0x40000000);
    CHECK_FAILS(image.segments[1].memsz = ~0xffful);
    CHECK_FAILS(image.segments[1].memsz = ~0ul - 0x40000);
    CHECK_FAILS(image.segments[1].vaddr = BASE); /* overlap */
    CHECK_FAILS(image.segments[0].type = 0; image.segments[1].type = 0);
    CHECK_FAILS(image.segments[0].flags = 4); /* code that may not be executed */
    CHECK_FAILS(image.segments[0].flags = 0);
}

/* Cut off at every length: only the whole runs. */
static void test_truncated(void)
{
    struct image image = make_image();
    size_t whole = image.size;
    for (size_t size = 0; size < whole; size += size < 200 ? 1 : 37) {
        image.size = size;
        int status = run_image(&image);
        if (status != REFUSED) {
            FAIL("a file of %zu bytes gives status %#x", size, status);
        }
    }
}

/* A file that is being executed may change name and vanish. */
static void test_unlinked(void)
{
    struct image image = make_image();
    image.code[0] = 0x0000006f; /* j . */
    write_image(&image, "spin");
    pid_t pid = must_fork();
    if (pid == 0) {
        execl("spin", "spin", (char *)NULL);
        _exit(126);
    }
    sleep_ms(50);
    CHECK_OK(unlink("spin"));
    CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
    CHECK_OK(kill(pid, SIGKILL));
    CHECK_EQ(WTERMSIG(must_wait(pid)), SIGKILL);
}

/* Random bytes in the headers: whatever they say, only that process suffers. */
static void test_random(void)
{
    uint32_t seed = 12345;
    for (int round = 0; round < 150; round++) {
        struct image image = make_image();
        unsigned char *bytes = (unsigned char *)&image;
        for (uint32_t i = next_random(&seed) % 4; i < 4; i++) {
            size_t at = 4 + next_random(&seed) % (offsetof(struct image, code) - 4);
            bytes[at] = (unsigned char)next_random(&seed);
        }
        run_image(&image);
    }
    struct image good = make_image();
    CHECK_EQ(run_image(&good), EXIT_CODE << 8);
}

const struct test tests_exec_elf[] = {
    {"elf_good", test_good, TEST_TARN},
    {"elf_header", test_header, TEST_TARN},
    {"elf_segments", test_segments, TEST_TARN},
    {"elf_truncated", test_truncated, TEST_TARN},
    {"elf_unlinked", test_unlinked, TEST_TARN},
    {"elf_random", test_random, TEST_TARN | TEST_LONG},
    {0},
};
