/*
 * virtio-9p: a session with a shared folder, each answer's type, error and the fields that do not
 * depend on the host. The folder has "a" (5 bytes, mode 644), "dir" with 40 files, "link" to "a".
 */
#include "hw/virtio_9p.h"
#include "tests/emu/guest/virtio.h"

enum { MSIZE = 8192, QUEUE = 16 };

static struct virtio dev;
static struct virtio_queue q;
static uint8_t request[MSIZE], response[MSIZE];
static unsigned used, at;

/* --- messages --------------------------------------------------------------------------------- */

static void put(uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        request[used++] = (uint8_t)(value >> 8 * i);
}

static void text(const char *s)
{
    unsigned n = 0;

    while (s[n] != '\0')
        n++;
    put(n, 2);
    for (unsigned i = 0; i < n; i++)
        request[used++] = (uint8_t)s[i];
}

static void start(unsigned type, uint32_t fid)
{
    used = 0;
    put(0, 4);
    put(type, 1);
    put(type == P9_Tversion ? P9_NOTAG : 1, 2);
    if (type != P9_Tversion)
        put(fid, 4);
}

static uint64_t get(unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)response[at++] << 8 * i;
    return value;
}

/* Send it in pieces of `piece` bytes and note the answer: its error, or 0. */
static void ask_in(const char *name, unsigned piece, unsigned room)
{
    unsigned size = used, n = 0;
    long written;

    used = 0;
    put(size, 4);
    used = size;
    for (unsigned i = 0; i < room; i++)
        response[i] = 0;
    for (unsigned done = 0; done < size; done += piece, n++)
        virtio_desc(&q.desc[n], (uintptr_t)request + done,
                    size - done < piece ? size - done : piece, VIRTQ_DESC_F_NEXT,
                    (uint16_t)(n + 1));
    virtio_desc(&q.desc[n], (uintptr_t)response, room, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    for (int i = 0; i < 50; i++) {
        written = virtio_wait(&q, 0);
        if (written >= 0)
            break;
    }
    at = 0;
    if (get(4) != (uint32_t)written || (response[4] != request[4] + 1 && response[4] != P9_Rlerror))
        note("  malformed answer to", request[4]);
    at = P9_HEADER_SIZE;
    note(name, response[4] == P9_Rlerror ? (unsigned long)get(4) : 0);
}

static void ask(const char *name)
{
    ask_in(name, 4096, sizeof response);
}

static void simple(const char *name, unsigned type, uint32_t fid)
{
    start(type, fid);
    ask(name);
}

static void walk(const char *name, uint32_t fid, uint32_t to, const char *first, const char *second)
{
    start(P9_Twalk, fid);
    put(to, 4);
    put((first != 0) + (second != 0), 2);
    if (first != 0)
        text(first);
    if (second != 0)
        text(second);
    ask(name);
    note("  steps", response[4] == P9_Rwalk ? (unsigned long)get(2) : 0);
}

static void attach(void)
{
    start(P9_Tversion, 0);
    put(MSIZE, 4);
    text(P9_VERSION);
    ask("version");
    note("  msize", (unsigned long)get(4));
    note("  length", (unsigned long)get(2));
    start(P9_Tattach, 0);
    put(P9_NOFID, 4);
    text("guest");
    text("");
    put(P9_NOUID, 4);
    ask("attach");
    note("  type", (unsigned long)get(1));
}

static void note_attr(const char *name, uint32_t fid)
{
    start(P9_Tgetattr, fid);
    put(P9_GETATTR_BASIC, 8);
    ask(name);
    note("  valid", (unsigned long)get(8));
    note("  type", (unsigned long)get(1));
    at += 12;
    note("  mode", (unsigned long)get(4));
    at += 8;
    note("  links", (unsigned long)get(8));
    at += 8;
    note("  size", (unsigned long)get(8));
}

static void lopen(const char *name, uint32_t fid, uint32_t flags)
{
    start(P9_Tlopen, fid);
    put(flags, 4);
    ask(name);
}

static void read_at(const char *name, unsigned type, uint32_t fid, uint64_t offset, uint32_t n)
{
    start(type, fid);
    put(offset, 8);
    put(n, 4);
    ask(name);
}

static void write_at(const char *name, uint32_t fid, uint64_t offset, const char *data, unsigned n)
{
    start(P9_Twrite, fid);
    put(offset, 8);
    put(n, 4);
    for (unsigned i = 0; i < n; i++)
        request[used++] = (uint8_t)data[i];
    ask(name);
    note("  count", response[4] == P9_Rwrite ? (unsigned long)get(4) : 0);
}

/* Sets what `valid` says to fixed values. */
static void setattr(const char *name, uint32_t valid)
{
    start(P9_Tsetattr, 1);
    put(valid, 4);
    put(0600, 4);
    put(0, 8);
    put(7, 8);
    put(0, 8);
    put(0, 8);
    put(1000000000, 8);
    put(5, 8);
    ask(name);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void test_files(void)
{
    walk("walk to a file", 0, 1, "a", 0);
    note_attr("getattr", 1);
    lopen("lopen", 1, P9_RDWR);
    note("  type", (unsigned long)get(1));
    read_at("read", P9_Tread, 1, 1, 100);
    note("  count", (unsigned long)get(4));
    note("  first", (unsigned long)get(4));
    read_at("read at the end", P9_Tread, 1, 5, 100);
    note("  count", (unsigned long)get(4));
    write_at("write", 1, 5, " and more", 9);
    start(P9_Tfsync, 1);
    put(0, 4);
    ask("fsync");
    note_attr("getattr", 1);
    setattr("setattr of size and mode", P9_SETATTR_MODE | P9_SETATTR_SIZE);
    setattr("setattr of the time", P9_SETATTR_MTIME | P9_SETATTR_MTIME_SET);
    note_attr("getattr", 1);
    start(P9_Tgetattr, 1);
    put(P9_GETATTR_MTIME, 8);
    ask("getattr of the time");
    at = P9_HEADER_SIZE + 8 + 13 + 12 + 40 + 16;
    note("  seconds", (unsigned long)get(8));
    note("  nanoseconds", (unsigned long)get(8));
    simple("clunk", P9_Tclunk, 1);
    simple("clunk again", P9_Tclunk, 1);
    start(P9_Tstatfs, 0);
    ask("statfs");
    at += 4 + 4 + 8 * 6;
    note("  longest name", (unsigned long)get(4));
}

static void test_making(void)
{
    walk("a copy of the root", 0, 1, 0, 0);
    start(P9_Tlcreate, 1);
    text("new");
    put(P9_RDWR | P9_CREATE | P9_EXCL, 4);
    put(0640, 4);
    put(0, 4);
    ask("lcreate");
    note("  type", (unsigned long)get(1));
    write_at("write to it", 1, 0, "new data", 8);
    note_attr("getattr", 1);
    start(P9_Tmkdir, 0);
    text("sub");
    put(0750, 4);
    put(0, 4);
    ask("mkdir");
    note("  type", (unsigned long)get(1));
    ask("mkdir again");
    start(P9_Tsymlink, 0);
    text("soft");
    text("../nowhere");
    put(0, 4);
    ask("symlink");
    note("  type", (unsigned long)get(1));
    walk("walk to it", 0, 2, "soft", 0);
    simple("readlink", P9_Treadlink, 2);
    note("  length", (unsigned long)get(2));
    note_attr("getattr", 2);
    simple("clunk", P9_Tclunk, 2);
    start(P9_Tlink, 0);
    put(1, 4);
    text("hard");
    ask("link");
    start(P9_Trenameat, 0);
    text("hard");
    put(0, 4);
    text("harder");
    ask("renameat");
    walk("walk to a folder", 0, 2, "sub", 0);
    simple("clunk", P9_Tclunk, 1);
    walk("walk to the file", 0, 1, "new", 0);
    start(P9_Trename, 1);
    put(2, 4);
    text("moved");
    ask("rename");
    walk("walk to it", 0, 3, "sub", "moved");
    note_attr("getattr", 3);
    simple("remove", P9_Tremove, 3);
    walk("is gone", 0, 3, "sub", "moved");
    start(P9_Tunlinkat, 0);
    text("soft");
    put(0, 4);
    ask("unlinkat");
    start(P9_Tunlinkat, 0);
    text("sub");
    put(0, 4);
    ask("unlinkat of a folder");
    start(P9_Tunlinkat, 0);
    text("sub");
    put(P9_AT_REMOVEDIR, 4);
    ask("as one");
}

static void test_readdir(void)
{
    unsigned entries = 0, replies = 0;
    uint64_t offset = 0;
    uint32_t n;

    walk("walk to a folder", 0, 5, "dir", 0);
    lopen("lopen", 5, P9_RDONLY | P9_DIRECTORY);
    do {
        start(P9_Treaddir, 5);
        put(offset, 8);
        put(400, 4);
        ask("readdir");
        n = (uint32_t)get(4);
        for (unsigned end = at + n; at < end;) {
            at += P9_QID_SIZE;
            offset = get(8);
            at += 1;
            at += (unsigned)get(2);
            entries++;
        }
    } while (n != 0 && replies++ < 6);
    note("  entries", entries);
}

static void test_errors(void)
{
    walk("no such name", 0, 6, "none", 0);
    walk("no such name later", 0, 6, "dir", "none");
    simple("made no fid", P9_Tclunk, 6);
    walk("no such fid", 99, 6, "a", 0);
    walk("a taken fid", 0, 5, "a", 0);
    walk("the root again", 0, 6, "..", "..");
    note_attr("getattr", 6);
    walk("an empty name", 0, 7, "", 0);
    walk("a path", 0, 7, "dir/f1", 0);
    lopen("lopen of no fid", 99, 0);
    read_at("read of no open file", P9_Tread, 6, 0, 10);
    start(99, 0);
    ask("no such message");
    start(P9_Tlock, 6);
    put(P9_LOCK_TYPE_WRLCK, 1);
    put(0, 4);
    put(0, 8);
    put(0, 8);
    put(1, 4);
    text("guest");
    ask("lock");
    note("  status", (unsigned long)get(1));
    start(P9_Tgetlock, 6);
    put(P9_LOCK_TYPE_WRLCK, 1);
    put(3, 8);
    put(4, 8);
    put(1, 4);
    text("guest");
    ask("getlock");
    note("  type", (unsigned long)get(1));
    start(P9_Tflush, 0);
    used -= 2;
    ask("flush");
}

/* The same request in many small pieces. */
static void test_pieces(void)
{
    start(P9_Tgetattr, 0);
    put(P9_GETATTR_BASIC, 8);
    ask_in("getattr in pieces", 2, sizeof response);
    note("  valid", (unsigned long)get(8));
}

/* No message, or no room for an answer. */
static void test_broken(void)
{
    used = 0;
    put(0, 3);
    virtio_desc(&q.desc[0], (uintptr_t)request, 3, VIRTQ_DESC_F_NEXT, 1);
    virtio_desc(&q.desc[1], (uintptr_t)response, sizeof response, VIRTQ_DESC_F_WRITE, 0);
    virtio_offer(&q, 0);
    virtio_kick(&q);
    note("half a header",
         dev.legacy ? 0x40
                    : virtio_wait_bits(&dev, VIRTIO_MMIO_STATUS, VIRTIO_STATUS_DEVICE_NEEDS_RESET));
}

static void begin(void)
{
    note("negotiated", virtio_negotiate(&dev, 1u << VIRTIO_9P_MOUNT_TAG));
    virtio_queue_init(&q, &dev, VIRTIO_9P_REQUESTQ, QUEUE, 0);
    virtio_queue_ready(&q);
    virtio_start(&dev);
}

int main(void)
{
    note("found", virtio_find(&dev, VIRTIO_ID_9P, 0));
    note("features", (unsigned long)(virtio_features(&dev) & 0xffffff));
    begin();
    note("tag length", read16(dev.base + VIRTIO_MMIO_CONFIG));
    note("tag", read8(dev.base + VIRTIO_MMIO_CONFIG + 2));
    attach();
    test_files();
    test_making();
    test_readdir();
    test_errors();
    test_pieces();
    test_broken();
    begin();
    attach();
    note_attr("after a reset", 0);
    report();
    return 0;
}
