/*
 * The 9P server: what its answers are, against the host's own view of the folder; then random
 * messages, by the fuzz target's rules. Prints TAP. Arguments: a scratch folder, a seed, a number
 * of random sequences.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/fuzz/fuzz_p9.c"

static int count, failed;

static bool ok(bool condition, const char *text)
{
    printf("%sok %d - %s\n", condition ? "" : "not ", ++count, text);
    failed += !condition;
    return condition;
}

static void equal(long long got, long long want, const char *text)
{
    if (!ok(got == want, text))
        printf("# got %lld, want %lld\n", got, want);
}

/* --- a client --------------------------------------------------------------------------------- */

static struct p9_server server;
static uint8_t request[P9_MSIZE_MAX], response[P9_MSIZE_MAX];
static struct p9_writer out;
static struct p9_reader in; /* the last response's fields */
static size_t room;

static void start(uint8_t type)
{
    out = (struct p9_writer){.start = request, .room = sizeof request};
    p9_put32(&out, 0);
    p9_put8(&out, type);
    p9_put16(&out, 0x1234);
}

static void text(const char *s)
{
    p9_put_string(&out, s, strlen(s));
}

/* Send what was put together. Returns 0, the error number of an Rlerror, -1 for nothing. */
static int ask(void)
{
    struct p9_writer size = {.start = request, .room = sizeof request};
    uint8_t type;
    size_t n;

    p9_put32(&size, (uint32_t)out.used);
    n = p9_answer(&server, request, out.used, response, room);
    in = (struct p9_reader){.at = response, .left = n};
    if (n == 0)
        return -1;
    p9_get32(&in);
    type = p9_get8(&in);
    p9_get16(&in);
    return type == P9_Rlerror ? (int)p9_get32(&in) : 0;
}

static int version(uint32_t msize, const char *name)
{
    start(P9_Tversion);
    p9_put32(&out, msize);
    text(name);
    return ask();
}

static int attach(uint32_t fid)
{
    start(P9_Tattach);
    p9_put32(&out, fid);
    p9_put32(&out, P9_NOFID);
    text("root");
    text("");
    p9_put32(&out, P9_NOUID);
    return ask();
}

static int walk(uint32_t fid, uint32_t to, unsigned n, const char *const *names)
{
    start(P9_Twalk);
    p9_put32(&out, fid);
    p9_put32(&out, to);
    p9_put16(&out, (uint16_t)n);
    for (unsigned i = 0; i < n; i++)
        text(names[i]);
    return ask();
}

static int walk1(uint32_t fid, uint32_t to, const char *name)
{
    return walk(fid, to, 1, &name);
}

static int lopen(uint32_t fid, uint32_t flags)
{
    start(P9_Tlopen);
    p9_put32(&out, fid);
    p9_put32(&out, flags);
    return ask();
}

static int lcreate(uint32_t fid, const char *name, uint32_t flags, uint32_t mode)
{
    start(P9_Tlcreate);
    p9_put32(&out, fid);
    text(name);
    p9_put32(&out, flags);
    p9_put32(&out, mode);
    p9_put32(&out, P9_NOUID);
    return ask();
}

static int read_at(uint32_t fid, uint64_t offset, uint32_t n, uint8_t type)
{
    start(type);
    p9_put32(&out, fid);
    p9_put64(&out, offset);
    p9_put32(&out, n);
    return ask();
}

static int write_at(uint32_t fid, uint64_t offset, const char *data)
{
    start(P9_Twrite);
    p9_put32(&out, fid);
    p9_put64(&out, offset);
    p9_put32(&out, (uint32_t)strlen(data));
    memcpy(p9_put_bytes(&out, strlen(data)), data, strlen(data));
    return ask();
}

/* A request whose only field is a fid. */
static int plain(uint8_t type, uint32_t fid)
{
    start(type);
    p9_put32(&out, fid);
    return ask();
}

static int clunk(uint32_t fid)
{
    return plain(P9_Tclunk, fid);
}

/* A directory, a name, numbers behind it. */
static int in_dir(uint8_t type, uint32_t dir, const char *name, unsigned n, uint32_t value)
{
    start(type);
    p9_put32(&out, dir);
    text(name);
    while (n-- > 0)
        p9_put32(&out, value);
    return ask();
}

static int getattr(uint32_t fid)
{
    start(P9_Tgetattr);
    p9_put32(&out, fid);
    p9_put64(&out, P9_GETATTR_BASIC);
    return ask();
}

static int setattr(uint32_t fid, uint32_t valid, uint32_t mode, uint64_t size, uint64_t mtime)
{
    start(P9_Tsetattr);
    p9_put32(&out, fid);
    p9_put32(&out, valid);
    p9_put32(&out, mode);
    p9_put32(&out, P9_NOUID);
    p9_put32(&out, P9_NOUID);
    p9_put64(&out, size);
    p9_put64(&out, 0);
    p9_put64(&out, 0);
    p9_put64(&out, mtime);
    p9_put64(&out, 7);
    return ask();
}

static struct stat host(const char *name)
{
    struct stat st = {0};

    lstat(place(name), &st);
    return st;
}

/* --- what it answers -------------------------------------------------------------------------- */

static void test_session(void)
{
    size_t len;
    const char *name;

    equal(attach(0), EPROTO, "nothing before version");
    equal(version(1 << 30, "9P2000.u"), 0, "another version");
    p9_get32(&in);
    name = p9_get_string(&in, &len);
    ok(len == 7 && memcmp(name, "unknown", len) == 0, "is unknown");
    equal(version(100, P9_VERSION), EMSGSIZE, "messages too small");
    equal(version(1 << 30, P9_VERSION), 0, "our version");
    equal(p9_get32(&in), P9_MSIZE_MAX, "messages as long as we have them");
    equal(attach(0), 0, "attach");
    equal(p9_get8(&in), P9_QTDIR, "the root is a directory");
    p9_get32(&in);
    equal((long long)p9_get64(&in), (long long)host("share").st_ino, "and its path the inode");
    equal(attach(0), EINVAL, "the fid is taken");
    start(P9_Tattach);
    p9_put32(&out, 1);
    equal(ask(), EINVAL, "attach that ends too early");
    start(99);
    equal(ask(), EOPNOTSUPP, "a type that is none");
    start(P9_Tflush);
    p9_put16(&out, 3);
    equal(ask(), 0, "flush");
    room = P9_HEADER_SIZE + 3;
    equal(clunk(77), -1, "no room for an error");
    room = sizeof response;
    equal((long long)p9_answer(&server, request, 6, response, room), 0, "no header");
    equal(version(8192, P9_VERSION), 0, "a new session");
    equal(clunk(0), ENOENT, "has no fids");
    equal(attach(0), 0, "attach again");
}

static void test_walk(void)
{
    static const char *const deep[] = {"dir", "b"}, *const broken[] = {"dir", "none", "x"};
    static const char *const up[] = {"dir", "..", "..", "..", "a"};
    static const char *const through[] = {"up", "secret"};
    const char *many[P9_MAX_WALK + 1];

    for (unsigned i = 0; i < P9_MAX_WALK + 1; i++)
        many[i] = ".";

    equal(walk(0, 1, 2, deep), 0, "walk two steps");
    equal(p9_get16(&in), 2, "two qids");
    p9_get_bytes(&in, P9_QID_SIZE);
    equal(p9_get8(&in), P9_QTFILE, "the second is a file");
    equal(walk(0, 1, 2, deep), EINVAL, "the new fid is taken");
    equal(clunk(1), 0, "clunk");
    equal(walk(0, 1, 3, broken), 0, "a walk that gets stuck");
    equal(p9_get16(&in), 1, "tells how far it came");
    equal(clunk(1), ENOENT, "and makes no fid");
    equal(walk1(0, 1, "none"), ENOENT, "stuck at once");
    equal(walk(0, 1, 5, up), 0, "no way above the root");
    equal(getattr(1), 0, "but to what is in it");
    p9_get_bytes(&in, 8 + 1 + 4);
    equal((long long)p9_get64(&in), (long long)host("share/a").st_ino, "which is the right file");
    clunk(1);
    equal(walk(0, 1, 2, through), 0, "through a link");
    equal(p9_get16(&in), 1, "only to the link");
    equal(walk1(0, 1, "a/b"), ENOENT, "a name with a slash");
    equal(walk1(0, 1, ""), ENOENT, "an empty name");
    equal(walk(0, 1, P9_MAX_WALK, many), 0, "many names");
    clunk(1);
    equal(walk(0, 1, P9_MAX_WALK + 1, many), EINVAL, "more names than there may be");
    equal(walk(0, 1, 0, NULL), 0, "a copy of the fid");
    equal(walk1(1, 1, "a"), 0, "a step to the fid itself");
    equal(walk1(1, 2, "b"), ENOTDIR, "a step from a file");
    equal(walk1(9, 2, "b"), ENOENT, "from a fid that is not there");
    clunk(1);
}

static void test_files(void)
{
    struct stat st;

    walk1(0, 1, "a");
    equal(read_at(1, 0, 10, P9_Tread), EINVAL, "read without open");
    equal(lopen(1, P9_RDWR), 0, "lopen");
    equal(p9_get8(&in), P9_QTFILE, "a file's");
    p9_get32(&in);
    equal((long long)p9_get64(&in), (long long)host("share/a").st_ino, "qid");
    ok(p9_get32(&in) <= 8192 && p9_is_complete(&in), "and how much fits in a message");
    equal(lopen(1, P9_RDWR), EINVAL, "twice");
    equal(read_at(1, 1, 100, P9_Tread), 0, "read");
    equal(p9_get32(&in), 4, "what there is");
    ok(in.left == 4 && memcmp(in.at, "ello", 4) == 0, "the right bytes");
    equal(read_at(1, 5, 100, P9_Tread), 0, "at the end");
    equal(p9_get32(&in), 0, "nothing");
    equal(read_at(1, UINT64_MAX, 1, P9_Tread), EINVAL, "beyond all ends");
    equal(write_at(1, 5, " world"), 0, "write");
    equal(p9_get32(&in), 6, "all of it");
    equal(host("share/a").st_size, 11, "which is there");
    start(P9_Twrite);
    p9_put32(&out, 1);
    p9_put64(&out, 0);
    p9_put32(&out, 100);
    equal(ask(), EINVAL, "write without its data");
    start(P9_Tfsync);
    p9_put32(&out, 1);
    p9_put32(&out, 0);
    equal(ask(), 0, "fsync");
    room = 100;
    equal(read_at(1, 0, 5000, P9_Tread), 0, "read into little room");
    ok(in.left <= 100, "as much as fits");
    room = sizeof response;
    equal(setattr(1, P9_SETATTR_MODE | P9_SETATTR_SIZE | P9_SETATTR_MTIME | P9_SETATTR_MTIME_SET,
                  0100640, 3, 1000000000),
          0, "setattr");
    st = host("share/a");
    equal(st.st_mode, 0100640, "mode");
    equal(st.st_size, 3, "size");
    ok(st.st_mtim.tv_sec == 1000000000 && st.st_mtim.tv_nsec == 7, "time");
    equal(getattr(1), 0, "getattr");
    equal((long long)p9_get64(&in), P9_GETATTR_BASIC, "its fields");
    p9_get_bytes(&in, P9_QID_SIZE);
    equal(p9_get32(&in), 0100640, "mode");
    equal(p9_get32(&in), st.st_uid, "user");
    equal(p9_get32(&in), st.st_gid, "group");
    equal((long long)p9_get64(&in), 1, "links");
    p9_get64(&in);
    equal((long long)p9_get64(&in), 3, "size");
    p9_get_bytes(&in, 16 + 16);
    equal((long long)p9_get64(&in), 1000000000, "time");
    clunk(1);
    walk1(0, 1, "abs");
    equal(lopen(1, P9_RDONLY), ELOOP, "a link cannot be opened");
    equal(plain(P9_Treadlink, 1), 0, "readlink");
    clunk(1);
    walk1(0, 1, "pipe");
    equal(lopen(1, P9_RDWR), ENXIO, "nor can a pipe");
    clunk(1);
}

static void test_making(void)
{
    equal(walk(0, 1, 0, NULL), 0, "a fid for a new file");
    equal(lcreate(1, "../x", P9_RDWR, 0600), ENOENT, "lcreate outside");
    equal(lcreate(1, "rel", P9_WRONLY, 0600), EEXIST, "lcreate through a link");
    equal(lcreate(1, "new", P9_WRONLY | P9_CREATE | P9_EXCL, 0606), 0, "lcreate");
    p9_get_bytes(&in, 5);
    equal((long long)p9_get64(&in), (long long)host("share/new").st_ino, "and its qid");
    equal(host("share/new").st_mode, 0100606, "its mode is no umask's affair");
    equal(write_at(1, 0, "data"), 0, "it is open");
    equal(read_at(1, 0, 4, P9_Tread), EBADF, "for writing only");
    equal(in_dir(P9_Tmkdir, 0, "sub", 2, 0711), 0, "mkdir");
    ok(S_ISDIR(host("share/sub").st_mode), "is there");
    equal(in_dir(P9_Tmkdir, 0, "..", 2, 0711), EINVAL, "mkdir of ..");
    equal(in_dir(P9_Tmkdir, 1, "sub", 2, 0711), ENOTDIR, "mkdir in a file");
    start(P9_Tlink);
    p9_put32(&out, 0);
    p9_put32(&out, 1);
    text("hard");
    equal(ask(), 0, "link");
    equal((long long)host("share/new").st_nlink, 2, "two names");
    start(P9_Tsymlink);
    p9_put32(&out, 0);
    text("soft");
    text("/etc/passwd");
    p9_put32(&out, 0);
    equal(ask(), 0, "symlink");
    ok(S_ISLNK(host("share/soft").st_mode), "is one");
    equal(in_dir(P9_Tmknod, 0, "node", 4, S_IFCHR | 0666), EPERM, "mknod of a device");
    equal(in_dir(P9_Tmknod, 0, "fifo", 4, S_IFIFO | 0626), 0, "of a pipe");
    equal(host("share/fifo").st_mode, S_IFIFO | 0626, "which is one, with its mode");
    equal(in_dir(P9_Tmknod, 0, "fifo", 4, S_IFIFO | 0626), EEXIST, "not twice");
    equal(in_dir(P9_Tmknod, 0, "sock", 4, S_IFSOCK | 0600), 0, "of a socket");
    equal(in_dir(P9_Tunlinkat, 0, "fifo", 1, 0), 0, "they can be removed");
    start(P9_Trenameat);
    p9_put32(&out, 0);
    text("hard");
    p9_put32(&out, 0);
    text("harder");
    equal(ask(), 0, "renameat");
    ok(host("share/hard").st_mode == 0 && host("share/harder").st_mode != 0, "has renamed");
    walk1(0, 2, "sub");
    start(P9_Trename);
    p9_put32(&out, 1);
    p9_put32(&out, 2);
    text("moved");
    equal(ask(), 0, "rename");
    ok(host("share/sub/moved").st_mode != 0, "has moved");
    equal(write_at(1, 4, "more"), 0, "the fid has moved with it");
    equal(in_dir(P9_Tunlinkat, 0, "sub", 1, P9_AT_REMOVEDIR), ENOTEMPTY, "a folder with a file");
    equal(plain(P9_Tremove, 1), 0, "remove");
    ok(host("share/sub/moved").st_mode == 0, "is gone");
    equal(clunk(1), ENOENT, "and its fid, too");
    equal(in_dir(P9_Tunlinkat, 0, "sub", 1, 0), EISDIR, "unlink of a folder");
    equal(in_dir(P9_Tunlinkat, 0, "sub", 1, P9_AT_REMOVEDIR), 0, "as one");
    equal(plain(P9_Tremove, 2), ENOENT, "remove what is gone");
    walk(0, 1, 0, NULL);
    equal(plain(P9_Tremove, 1), EBUSY, "remove the root");
    equal(in_dir(P9_Tunlinkat, 0, "..", 1, P9_AT_REMOVEDIR), EINVAL, "remove what is above it");
}

/* All names of a folder, read in portions of n bytes. Returns their number, -1 on errors. */
static int list(uint32_t fid, uint32_t n)
{
    uint64_t offset = 0;
    int names = 0;

    for (;;) {
        if (read_at(fid, offset, n, P9_Treaddir) != 0)
            return -1;
        p9_get32(&in);
        if (in.left == 0)
            return names;
        while (in.left > 0) {
            size_t len;
            p9_get_bytes(&in, P9_QID_SIZE);
            offset = p9_get64(&in);
            p9_get8(&in);
            p9_get_string(&in, &len);
            if (in.bad || len == 0)
                return -1;
            names++;
        }
    }
}

static void test_readdir(void)
{
    char name[32];

    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "share/dir/file%d", i);
        put_file(name, "");
    }
    walk1(0, 1, "dir");
    equal(lopen(1, P9_RDONLY | P9_DIRECTORY), 0, "open a folder");
    equal(read_at(1, 0, 10, P9_Tread), EISDIR, "which is not read");
    equal(list(1, 8000), 303, "all its entries");
    equal(list(1, 300), 303, "in small portions");
    equal(list(1, 40), 303, "one at a time");
    equal(read_at(1, 0, 20, P9_Treaddir), EINVAL, "less than one");
    clunk(1);
    walk1(0, 1, "a");
    lopen(1, P9_RDONLY);
    equal(read_at(1, 0, 100, P9_Treaddir), ENOTDIR, "a file has none");
    clunk(1);
}

static int xattrwalk(uint32_t fid, uint32_t to, const char *name)
{
    start(P9_Txattrwalk);
    p9_put32(&out, fid);
    p9_put32(&out, to);
    text(name);
    return ask();
}

static int xattrcreate(uint32_t fid, const char *name, uint64_t size, uint32_t flags)
{
    start(P9_Txattrcreate);
    p9_put32(&out, fid);
    text(name);
    p9_put64(&out, size);
    p9_put32(&out, flags);
    return ask();
}

/* Extended attributes; the host's file system may have none. */
static void test_attributes(void)
{
    char value[8] = "";

    walk1(0, 1, "a");
    if (setxattr(place("share/a"), "user.one", "1st", 3, 0) != 0) {
        equal(xattrwalk(1, 2, "user.one"), errno, "no extended attributes here");
        clunk(1);
        return;
    }
    equal(xattrwalk(1, 2, "user.none"), ENODATA, "an attribute that is not there");
    equal(xattrwalk(1, 2, "trusted.one"), EOPNOTSUPP, "one that is the host's");
    equal(xattrwalk(1, 1, "user.one"), EINVAL, "the new fid is taken");
    equal(xattrwalk(1, 2, "user.one"), 0, "xattrwalk");
    equal((long long)p9_get64(&in), 3, "its size");
    equal(write_at(2, 0, "x"), EINVAL, "it cannot be written");
    equal(lopen(2, P9_RDONLY), EINVAL, "nor opened");
    equal(read_at(2, 1, 10, P9_Tread), 0, "but read");
    ok(p9_get32(&in) == 2 && memcmp(in.at, "st", 2) == 0, "from anywhere");
    equal(read_at(2, UINT32_MAX, 10, P9_Tread), 0, "beyond its end");
    equal(p9_get32(&in), 0, "there is nothing");
    clunk(2);
    equal(xattrwalk(1, 2, ""), 0, "the list");
    equal(read_at(2, 0, 100, P9_Tread), 0, "can be read");
    ok(p9_get32(&in) == 9 && memcmp(in.at, "user.one", 9) == 0, "all names");
    clunk(2);
    walk(1, 2, 0, NULL);
    equal(xattrcreate(2, "security.x", 5, 0), EOPNOTSUPP, "making one of the host's");
    equal(xattrcreate(2, "user.two", 1 << 17, 0), E2BIG, "one that is too large");
    equal(xattrcreate(2, "user.two", 5, 8), EINVAL, "flags that are none");
    equal(xattrcreate(2, "user.two", 5, 0), 0, "xattrcreate");
    equal(read_at(2, 0, 10, P9_Tread), EINVAL, "it cannot be read");
    equal(write_at(2, 0, "abc"), 0, "written in pieces");
    equal(write_at(2, 4, "d"), EINVAL, "in order");
    equal(write_at(2, 3, "def"), EINVAL, "no more than was said");
    equal(write_at(2, 3, "de"), 0, "all of it");
    equal(clunk(2), 0, "clunk sets it");
    ok(getxattr(place("share/a"), "user.two", value, sizeof value) == 5 &&
           memcmp(value, "abcde", 5) == 0,
       "it is there");
    walk(1, 2, 0, NULL);
    xattrcreate(2, "user.two", 2, 0);
    equal(clunk(2), EINVAL, "an attribute without all its bytes");
    walk(1, 2, 0, NULL);
    xattrcreate(2, "user.two", 0, XATTR_REPLACE);
    equal(clunk(2), 0, "removing one");
    ok(getxattr(place("share/a"), "user.two", value, sizeof value) < 0, "it is gone");
    clunk(1);
}

static void test_rest(void)
{
    struct statfs fs;

    equal(plain(P9_Tstatfs, 0), 0, "statfs");
    statfs(place("share"), &fs);
    equal(p9_get32(&in), (uint32_t)fs.f_type, "of the right file system");
    equal(p9_get32(&in), (uint32_t)fs.f_bsize, "block size");
    equal((long long)p9_get64(&in), (long long)fs.f_blocks, "blocks");
    start(P9_Tlock);
    p9_put32(&out, 0);
    p9_put8(&out, P9_LOCK_TYPE_WRLCK);
    p9_put32(&out, P9_LOCK_FLAGS_BLOCK);
    p9_put64(&out, 0);
    p9_put64(&out, 0);
    p9_put32(&out, 1);
    text("guest");
    equal(ask(), 0, "lock");
    equal(p9_get8(&in), P9_LOCK_SUCCESS, "granted");
    start(P9_Tgetlock);
    p9_put32(&out, 0);
    p9_put8(&out, P9_LOCK_TYPE_WRLCK);
    p9_put64(&out, 5);
    p9_put64(&out, 6);
    p9_put32(&out, 7);
    text("guest");
    equal(ask(), 0, "getlock");
    equal(p9_get8(&in), P9_LOCK_TYPE_UNLCK, "nobody has it");
    equal(setattr(0, P9_SETATTR_SIZE, 0, 0, 0), EISDIR, "a folder has no size to set");
    for (uint32_t i = 100; i < 400; i++)
        walk1(0, i, "a");
    equal(clunk(399), 0, "many fids");
}

static void test_read_only(void)
{
    char err[128];

    p9_close(&server);
    p9_open(&server, place("share"), true, err, sizeof err);
    version(8192, P9_VERSION);
    attach(0);
    equal(in_dir(P9_Tmkdir, 0, "x", 2, 0700), EROFS, "read-only: mkdir");
    walk1(0, 1, "a");
    equal(lopen(1, P9_RDWR), EROFS, "read-only: open for writing");
    equal(lopen(1, P9_RDONLY | P9_TRUNC), EROFS, "read-only: truncate");
    equal(lopen(1, P9_RDONLY), 0, "read-only: open");
    equal(setattr(1, P9_SETATTR_MODE, 0600, 0, 0), EROFS, "read-only: setattr");
}

/* --- random messages -------------------------------------------------------------------------- */

static uint64_t state;

static uint32_t random_below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % n);
}

static void random_name(void)
{
    static const char *const names[] = {"a",    "dir",   "b",     "abs",   "rel", "up",
                                        "pipe", "..",    "new",   ".",     "",    "x/y",
                                        "sub",  "moved", "../..", "secret"};

    text(names[random_below(sizeof names / sizeof names[0])]);
}

/* A message with about the right fields and about sensible values. */
static void random_message(void)
{
    static const uint8_t types[] = {
#define TYPE(name, number, changes) (number),
        P9_REQUESTS(TYPE)
#undef TYPE
    };
    uint8_t type = types[random_below(sizeof types)];
    unsigned fields = random_below(4);

    if (random_below(3) == 0) {
        static const uint8_t often[] = {P9_Twalk, P9_Tlopen, P9_Tlcreate, P9_Tread, P9_Twrite};
        type = often[random_below(sizeof often)];
    }
    if (type == P9_Tversion && random_below(20) != 0)
        type = P9_Tclunk;
    p9_put8(&out, type);
    p9_put16(&out, random_below(50) == 0 ? (uint16_t)(0x8000 | random_below(256)) : 1);
    p9_put32(&out, random_below(6));
    switch (type) {
    case P9_Twalk:
        p9_put32(&out, random_below(6));
        p9_put16(&out, (uint16_t)fields);
        while (fields-- > 0)
            random_name();
        break;
    case P9_Tlopen: p9_put32(&out, random_below(4) | (random_below(8) == 0 ? P9_TRUNC : 0)); break;
    case P9_Tread:
    case P9_Treaddir:
        p9_put64(&out, random_below(4));
        p9_put32(&out, random_below(1000));
        break;
    case P9_Tlcreate:
        random_name();
        p9_put32(&out, random_below(4) | P9_CREATE);
        p9_put32(&out, random_below(01000));
        p9_put32(&out, P9_NOUID);
        break;
    case P9_Trenameat:
        random_name();
        p9_put32(&out, random_below(6));
        random_name();
        break;
    case P9_Trename:
    case P9_Tlink:
        p9_put32(&out, random_below(6));
        random_name();
        break;
    case P9_Tmkdir:
        random_name();
        p9_put32(&out, 0700);
        p9_put32(&out, P9_NOUID);
        break;
    case P9_Tunlinkat:
        random_name();
        p9_put32(&out, random_below(2) * P9_AT_REMOVEDIR);
        break;
    case P9_Tsymlink:
        random_name();
        random_name();
        p9_put32(&out, P9_NOUID);
        break;
    case P9_Tgetattr: p9_put64(&out, P9_GETATTR_BASIC); break;
    default:
        while (fields-- > 0)
            p9_put32(&out, random_below(8));
    }
}

static void random_sequence(void)
{
    static uint8_t bytes[8192];
    size_t at = 0;
    unsigned messages = 1 + random_below(30);

    while (messages-- > 0 && at < sizeof bytes - 512) {
        out = (struct p9_writer){.start = bytes + at, .used = 4, .room = sizeof bytes - at};
        random_message();
        out = (struct p9_writer){.start = bytes + at, .used = out.used, .room = 4};
        at += out.used;
        out.room = 4, out.full = false;
        size_t used = out.used;
        out.used = 0;
        p9_put32(&out, (uint32_t)used);
    }
    for (unsigned damage = random_below(4) == 0 ? random_below(6) : 0; damage > 0; damage--)
        bytes[random_below((uint32_t)at)] = (uint8_t)random_below(256);
    LLVMFuzzerTestOneInput(bytes, at);
}

int main(int argc, char **argv)
{
    long sequences = argc > 2 ? atol(argv[2]) : 1000;
    char err[128];

    (void)umask(022);
    setvbuf(stdout, NULL, _IOLBF, 0);
    state = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    make_scratch();
    make_fresh();
    room = sizeof response;
    equal(p9_open(&server, place("none"), false, err, sizeof err), -1,
          "a folder that is not there");
    if (p9_open(&server, place("share"), false, err, sizeof err) != 0) {
        printf("Bail out! %s\n", err);
        return 1;
    }
    test_session();
    test_walk();
    test_files();
    test_making();
    test_readdir();
    test_attributes();
    test_rest();
    test_read_only();
    p9_close(&server);
    for (long i = 0; i < sequences; i++)
        random_sequence();
    ok(true, "random messages");
    printf("1..%d\n", count);
    return failed != 0;
}
