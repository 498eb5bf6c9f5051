/*
 * lib/cpio.c. Witness: archives of the host's cpio, with the files they were made from. Then errors
 * one by one, and random damage; the fuzz target compares the stream with the reader in memory.
 */
#include <sys/stat.h>

#include "lib/cpio.h"
#include "tap.h"

#include "../fuzz/fuzz_cpio.c"

enum { ROOM = 1 << 16 };

static const char make_files[] =
    "mkdir -p in/dir/sub in/empty-dir && cd in && echo hello > a && printf x > one && : > zero && "
    "printf 'ab' > two && printf 'abc' > dir/three && head -c 10000 /dev/zero | tr '\\0' z > "
    "dir/sub/long && "
    "ln -s ../a dir/link && ln a hard && chmod 640 two && touch -d @1234567 one && "
    "f=dir/a-rather-long-file-name-that-goes-on-and-on-to-get-past-a-few-multiples-of-four; echo n "
    "> $f; "
    "find . | sort > ../names && ";

/* Whether an entry is the file of its name below the folder in. */
static bool is_file(const struct cpio_entry *e)
{
    char path[512];
    struct stat st;
    snprintf(path, sizeof path, "%s/in/%s", scratch(), e->name);
    if (lstat(path, &st) != 0 || e->mode != st.st_mode || e->uid != st.st_uid ||
        e->gid != st.st_gid || e->mtime != (uint32_t)st.st_mtime || strlen(e->name) != e->name_len)
        return false;
    if (S_ISLNK(st.st_mode)) {
        char target[64];
        ssize_t n = readlink(path, target, sizeof target);
        return n == (ssize_t)e->size && memcmp(target, e->data, e->size) == 0;
    }
    if (!S_ISREG(st.st_mode))
        return e->size == 0;
    size_t size;
    uint8_t *data = read_whole_file(path, &size);
    /* of hard links, only the last in the archive has the data */
    bool same =
        (size == e->size && memcmp(data, e->data, size) == 0) || (e->nlink > 1 && e->size == 0);
    free(data);
    return same;
}

static unsigned count_lines(const char *path)
{
    size_t size;
    unsigned n = 0;
    uint8_t *data = read_whole_file(path, &size);
    for (size_t i = 0; i < size; i++)
        n += data[i] == '\n';
    free(data);
    return n;
}

static void test_real(const char *format)
{
    if (!have("cpio")) {
        skip(format, "cpio is not installed");
        return;
    }
    struct cases c = {.text = format};
    struct cpio cpio;
    struct cpio_entry e;
    size_t size;
    int result;
    unsigned n = 0;
    run("rm -rf in; %s cpio -o -H %s < ../names > ../archive", make_files, format);
    uint8_t *archive = read_whole_file(scratch_path("archive"), &size);
    cpio_open(&cpio, archive, size);
    while ((result = cpio_next(&cpio, &e)) == CPIO_ENTRY) {
        cases_check(&c, is_file(&e), "%s", e.name);
        n++;
    }
    cases_check(&c, result == CPIO_END && n == count_lines(scratch_path("names")), "%d after %u",
                result, n);
    cases_end(&c);
    struct cases damage = {.text = "random damage to it"};
    for (unsigned i = 0; i < 4000; i++) {
        uint8_t *bad = fuzz_copy(archive, size);
        LLVMFuzzerTestOneInput(bad, mutate(bad, i % 2 ? size : 2000 < size ? 2000 : size));
        cases_check(&damage, true, "survived");
        free(bad);
    }
    cases_end(&damage);
    free(archive);
}

/*
 * ---- Made by hand -------------------------------------------------------------------------------
 */

static uint8_t archive[ROOM];
static size_t archive_size;

static void append(const void *data, size_t size)
{
    memcpy(archive + archive_size, data, size);
    archive_size += size;
}

static void append_padding(void)
{
    while (archive_size % 4)
        archive[archive_size++] = 0;
}

static void append_entry(const char *magic, const char *name, uint32_t mode, const char *data,
                         uint32_t check)
{
    char header[128];
    size_t n = strlen(data);
    sprintf(header, "%s%08X%08x%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", magic, 0x2a, mode,
            3, 4, 1, 0x65000000, n, 8, 9, 10, 11, strlen(name) + 1, check);
    append(header, 110);
    append(name, strlen(name) + 1);
    append_padding();
    append(data, n);
    append_padding();
}

static void append_trailer(void)
{
    append_entry("070701", "TRAILER!!!", 0, "", 0);
}

static void append_zeros(size_t n)
{
    memset(archive + archive_size, 0, n);
    archive_size += n;
}

static void test_concatenated(void)
{
    struct cpio cpio;
    struct cpio_entry e;
    archive_size = 0;
    append_zeros(8);
    append_entry("070701", "first", 0100644, "data", 0);
    append_trailer();
    append_zeros(508);
    append_entry("070702", "second", 0100755, "abc", 'a' + 'b' + 'c');
    append_trailer();
    append_entry("070701", "third", 020600, "", 0);
    append_trailer();
    append_zeros(3);
    size_t gzip_at = archive_size;
    append("\x1f\x8b\x08", 3);
    cpio_open(&cpio, archive, archive_size);
    ok(cpio_next(&cpio, &e) == CPIO_ENTRY && strcmp(e.name, "first") == 0 && e.size == 4 &&
           memcmp(e.data, "data", 4) == 0,
       "first archive behind zeros");
    ok(e.ino == 0x2a && e.mode == 0100644 && e.uid == 3 && e.gid == 4 && e.nlink == 1 &&
           e.mtime == 0x65000000 && e.dev_major == 8 && e.dev_minor == 9 && e.rdev_major == 10 &&
           e.rdev_minor == 11,
       "all numbers");
    ok(cpio_next(&cpio, &e) == CPIO_ENTRY && strcmp(e.name, "second") == 0,
       "second archive, with checksums");
    ok(cpio_next(&cpio, &e) == CPIO_ENTRY && strcmp(e.name, "third") == 0,
       "third archive, right behind it");
    is_int(cpio_next(&cpio, &e), CPIO_OTHER, "something else");
    is_int((long long)cpio.pos, (long long)gzip_at, "and where it is");
    is_int(cpio_next(&cpio, &e), CPIO_OTHER, "it stays there");
    cpio.pos += 3;
    is_int(cpio_next(&cpio, &e), CPIO_END, "when passed over, the end");
    LLVMFuzzerTestOneInput(archive, archive_size);
    cpio_open(&cpio, archive, 0);
    is_int(cpio_next(&cpio, &e), CPIO_END, "nothing at all");
    cpio_open(&cpio, "hello", 5);
    is_int(cpio_next(&cpio, &e), CPIO_OTHER, "no archive at all");
}

/* A good archive of one file, with the byte at `at` changed. */
static void is_bad(size_t at, char byte, int error, const char *text)
{
    struct cpio cpio;
    struct cpio_entry e;
    archive_size = 0;
    append_entry("070702", "file", 0100644, "0123", '0' + '1' + '2' + '3');
    append_trailer();
    archive[at] = (uint8_t)byte;
    cpio_open(&cpio, archive, archive_size);
    int result;
    while ((result = cpio_next(&cpio, &e)) == CPIO_ENTRY)
        ;
    is_int(result, error, text);
    LLVMFuzzerTestOneInput(archive, archive_size);
}

static void test_bad(void)
{
    is_bad(5, '2', CPIO_END, "the good archive");
    is_bad(0, 'x', CPIO_OTHER, "magic at the start");
    is_bad(120, 'x', CPIO_EMAGIC, "magic behind an entry");
    is_bad(6, 'g', CPIO_EFIELD, "letter that is no digit");
    is_bad(109, ' ', CPIO_EFIELD, "blank in the last number");
    is_bad(61, '5', CPIO_ECHECKSUM, "size one too large");
    is_bad(54, '8', CPIO_ETRUNC, "size of 2 GiB");
    is_bad(54, 'F', CPIO_ETRUNC, "size of 4 GiB");
    is_bad(101, '1', CPIO_ENAME, "name of one byte");
    is_bad(101, '0', CPIO_ENAME, "no name");
    is_bad(101, '4', CPIO_ENAME, "name not terminated");
    is_bad(101, '6', CPIO_ENAME, "name terminated early");
    is_bad(97, '1', CPIO_ENAME, "name of 64 KiB");
    is_bad(110, 0, CPIO_ENAME, "empty name");
    is_bad(116, '9', CPIO_ECHECKSUM, "checksum");
    struct cpio cpio;
    struct cpio_entry e;
    struct cases c = {.text = "archive cut short anywhere"};
    archive_size = 0;
    append_entry("070701", "file", 0100644, "0123", 0);
    append_trailer();
    for (size_t n = 1; n < archive_size; n++) {
        uint8_t *part = fuzz_copy(archive, n);
        cpio_open(&cpio, part, n);
        int first = cpio_next(&cpio, &e),
            second = first == CPIO_ENTRY ? cpio_next(&cpio, &e) : first;
        /* the padding behind the trailer's name may not be missing, what is behind its data may */
        cases_check(&c,
                    n < 6 ? first == CPIO_OTHER
                          : second == CPIO_ETRUNC && (first == CPIO_ENTRY) == (n >= 120),
                    "%zu bytes: %d %d", n, first, second);
        LLVMFuzzerTestOneInput(part, n);
        free(part);
    }
    cases_end(&c);
}

static long failing_read(void *arg, void *buf, size_t n)
{
    (void)arg, (void)buf, (void)n;
    return -5;
}

static void test_stream_errors(void)
{
    struct cpio_entry e;
    static struct cpio_stream cs;
    cpio_stream_open(&cs, failing_read, NULL);
    is_int(cpio_stream_next(&cs, &e), CPIO_EREAD, "source fails");
    archive_size = 0;
    append_entry("070701", "file", 0100644, "0123456789", 0);
    struct source source = {archive, archive_size - 6, 1};
    uint8_t buf[16];
    cpio_stream_open(&cs, source_read, &source);
    is_int(cpio_stream_next(&cs, &e), CPIO_ENTRY, "entry whose data is cut short");
    is_int(cpio_stream_read(&cs, buf, sizeof buf), CPIO_ETRUNC, "is noticed by the read");
    source = (struct source){archive, archive_size - 6, 1};
    cpio_stream_open(&cs, source_read, &source);
    cpio_stream_next(&cs, &e);
    is_int(cpio_stream_next(&cs, &e), CPIO_ETRUNC, "or by the next");
    bool texts = true;
    for (int i = CPIO_EREAD; i <= CPIO_OTHER; i++)
        texts = texts && strcmp(cpio_strerror(i), "unknown cpio error") != 0;
    ok(texts, "every result has a text");
}

int main(void)
{
    test_concatenated();
    test_bad();
    test_stream_errors();
    test_real("newc");
    test_real("crc");
    return tap_done();
}
