// links: tools/emu/host/p9/wire.c tools/emu/host/p9/server.c tools/emu/host/p9/paths.c
// links: tools/emu/host/p9/files.c tools/emu/host/p9/nodes.c tools/emu/host/p9/attributes.c
/*
 * 9P: whatever messages come, every answer is well-formed and nothing outside of the shared folder
 * changes or is reached. The input is a sequence of messages behind a version and an attach of
 * fid 0; each is as long as its size field says, as far as there is input.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "tools/emu/host/p9/p9.h"

enum { FRESH_EVERY = 64, ROOM = 8192 };

static char scratch[64];
static const char secret[] = "outside";

static void at_exit(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", scratch);
    if (system(command) != 0)
        perror(scratch);
}

static const char *place(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", scratch, name);
    return path;
}

static void put_file(const char *name, const char *text)
{
    int fd = open(place(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

    fuzz_require(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

/* A folder with a file, a folder, links out of it; and beside it what must stay as it is. */
static void make_fresh(void)
{
    char command[160], target[128];

    snprintf(command, sizeof command, "rm -rf %s/share", scratch);
    fuzz_require(system(command) == 0);
    fuzz_require(mkdir(place("share"), 0755) == 0);
    put_file("share/a", "hello");
    fuzz_require(mkdir(place("share/dir"), 0755) == 0);
    put_file("share/dir/b", "there");
    snprintf(target, sizeof target, "%s/secret", scratch);
    fuzz_require(symlink(target, place("share/abs")) == 0);
    fuzz_require(symlink("../secret", place("share/rel")) == 0);
    fuzz_require(symlink("..", place("share/up")) == 0);
    fuzz_require(mkfifo(place("share/pipe"), 0644) == 0);
}

static void make_scratch(void)
{
    snprintf(scratch, sizeof scratch, "%s/tarn-p9.XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    fuzz_require(mkdtemp(scratch) != NULL);
    atexit(at_exit);
    put_file("secret", secret);
}

/* What stands beside the folder: names come and go with its time, the file with its own. */
static void look_outside(struct stat *above, struct stat *file)
{
    fuzz_require(stat(scratch, above) == 0 && stat(place("secret"), file) == 0);
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static void check_outside(const struct stat *above, const struct stat *file)
{
    struct stat above_now, file_now;

    look_outside(&above_now, &file_now);
    fuzz_require(same_time(above->st_mtim, above_now.st_mtim));
    fuzz_require(above->st_mode == above_now.st_mode && above->st_uid == above_now.st_uid);
    fuzz_require(same_time(file->st_ctim, file_now.st_ctim));
    fuzz_require(same_time(file->st_atim, file_now.st_atim)); /* nobody has read it either */
}

static uint32_t get32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool contains(const uint8_t *bytes, size_t n, const char *text)
{
    return memmem(bytes, n, text, strlen(text)) != NULL;
}

static void send(struct p9_server *s, const uint8_t *message, size_t n, size_t room)
{
    uint8_t *request = fuzz_copy(message, n), *response = malloc(room > 0 ? room : 1);
    size_t size = p9_answer(s, request, n, response, room);

    fuzz_require(size <= room);
    if (size != 0) {
        fuzz_require(size >= P9_HEADER_SIZE && get32(response) == size);
        fuzz_require(response[4] == P9_Rlerror || response[4] == request[4] + 1);
        fuzz_require(memcmp(response + 5, request + 5, 2) == 0);
        if (response[4] == P9_Rlerror)
            fuzz_require(size == P9_HEADER_SIZE + 4 && get32(response + P9_HEADER_SIZE) != 0);
        if (response[4] == P9_Rread)
            fuzz_require(!contains(response, size, secret));
    }
    free(request);
    free(response);
}

static void begin(struct p9_server *s)
{
    static const uint8_t version[] = {21, 0, 0,   0,   100, 255, 255, 0,   32,  0,  0,
                                      8,  0, '9', 'P', '2', '0', '0', '0', '.', 'L'};
    static const uint8_t attach[] = {23,  0,   0,   0, 104, 1, 0, 0,   0,   0,   0,  255,
                                     255, 255, 255, 0, 0,   0, 0, 255, 255, 255, 255};

    send(s, version, sizeof version, ROOM);
    send(s, attach, sizeof attach, ROOM);
    fuzz_require(p9_find(s, 0) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned runs;
    struct p9_server s;
    struct stat above, file;
    char err[256];

    if (scratch[0] == '\0')
        make_scratch();
    if (runs++ % FRESH_EVERY == 0)
        make_fresh();
    look_outside(&above, &file);
    fuzz_require(p9_open(&s, place("share"), size % 16 == 15, err, sizeof err) == 0);
    begin(&s);
    while (size > 0) {
        size_t n = size >= 4 ? get32(data) : size, room = ROOM;
        if (n < P9_HEADER_SIZE)
            n = P9_HEADER_SIZE;
        if (n > size)
            n = size;
        if (n >= 7 && data[6] & 0x80) /* the tag's highest bits: how much room there is */
            room = data[5];
        send(&s, data, n, room);
        data += n;
        size -= n;
    }
    p9_close(&s);
    check_outside(&above, &file);
    return 0;
}
