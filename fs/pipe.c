/*
 * Pipes and FIFOs (pipe(7), fifo(7)): a ring of pages between writers and readers.
 *
 * `head` and `tail` count bytes since the pipe was made; they and the counts of open ends are
 * guarded by `lock`. Readers exclude each other by read_lock, writers by write_lock, both held
 * while bytes are copied but not while waiting. The page at a slot belongs to the writer until
 * `tail` says that bytes are in it, and to the reader from then until `head` has passed its end.
 */
#include "abi/limits.h"
#include "abi/poll.h"
#include "abi/signal.h"
#include "fs/internal.h"

/*
 * A full pipe that starts inside a page touches one page more than its size, which must not be the
 * one the reader is about to give back. Twice as many keeps it a power of two, for the counts'
 * wrap-around.
 */
#define PIPE_SLOTS (2 * ABI_PIPE_SIZE / PAGE_SIZE)

struct pipe {
    struct spinlock lock;
    struct mutex read_lock, write_lock;
    struct waitq readable, writable;
    uint32_t head, tail; /* bytes ever read and written, modulo 2^32 */
    unsigned readers, writers;
    unsigned reader_opens, writer_opens; /* ever, so that a FIFO's open() sees even short ones */
    struct page *slots[PIPE_SLOTS];
    struct page *spare; /* the last page read empty, for the next writer */
};

static struct fs_type pipe_type = {.name = "pipefs", .nodev = true};
static struct super pipe_super;

void pipe_init(void)
{
    pipe_super = (struct super){.type = &pipe_type, .refs = 1, .dev = 0xff};
}

static struct pipe *pipe_new(void)
{
    struct pipe *pipe = kzalloc(sizeof *pipe);
    if (!pipe)
        return NULL;
    spin_init(&pipe->lock);
    mutex_init(&pipe->read_lock);
    mutex_init(&pipe->write_lock);
    waitq_init(&pipe->readable);
    waitq_init(&pipe->writable);
    return pipe;
}

static void pipe_free(struct pipe *pipe)
{
    for (size_t i = 0; i < PIPE_SLOTS; i++) {
        if (pipe->slots[i])
            page_put(pipe->slots[i]);
    }
    if (pipe->spare)
        page_put(pipe->spare);
    kfree(pipe);
}

static struct page **slot_at(struct pipe *pipe, uint32_t count)
{
    return &pipe->slots[count / PAGE_SIZE % PIPE_SLOTS];
}

/* Bytes that can be written; the lock is held. */
static uint32_t room_locked(const struct pipe *pipe)
{
    if (pipe->head == pipe->tail)
        return ABI_PIPE_SIZE; /* see reserve() */
    return ABI_PIPE_SIZE - (pipe->tail - (pipe->head & ~(uint32_t)PAGE_MASK));
}

/* Has waiters look again after a change made under the lock. */
static void pipe_changed(struct waitq *waiters)
{
    waitq_wake_all(waiters);
    fs_poll_wake();
}

/* ---- reading */

/* Waits for bytes: 1 there are some, 0 end of file, -EAGAIN, -EINTR. */
static int wait_readable(struct pipe *pipe, bool nonblock)
{
    int result = 0;
    spin_lock(&pipe->lock);
    while (pipe->head == pipe->tail && pipe->writers > 0 && result == 0)
        result = nonblock ? -EAGAIN : waitq_sleep(&pipe->readable, &pipe->lock);
    if (pipe->head != pipe->tail)
        result = 1;
    spin_unlock(&pipe->lock);
    return result;
}

/* Gives up the page the reader has emptied; one is kept for the next writer. */
static void pipe_page_done(struct pipe *pipe, struct page **slot)
{
    struct page *page = *slot;
    *slot = NULL;
    spin_lock(&pipe->lock);
    struct page *old = pipe->spare;
    pipe->spare = page;
    spin_unlock(&pipe->lock);
    if (old)
        page_put(old);
}

/* Copies what there is, up to the end of a page: the count or an error. read_lock is held. */
static long read_some(struct pipe *pipe, struct uio *uio, uint32_t available)
{
    size_t offset = pipe->head % PAGE_SIZE;
    size_t n = PAGE_SIZE - offset < available ? PAGE_SIZE - offset : available;
    if (n > uio->left)
        n = uio->left;
    struct page **slot = slot_at(pipe, pipe->head);
    int err = uio_put(uio, (const char *)page_va(*slot) + offset, n);
    if (err < 0)
        return err;
    if (offset + n == PAGE_SIZE)
        pipe_page_done(pipe, slot);
    spin_lock(&pipe->lock);
    pipe->head += (uint32_t)n;
    spin_unlock(&pipe->lock);
    return (long)n;
}

static uint32_t pipe_used(struct pipe *pipe)
{
    spin_lock(&pipe->lock);
    uint32_t used = pipe->tail - pipe->head;
    spin_unlock(&pipe->lock);
    return used;
}

static long pipe_read(struct file *file, struct uio *uio, int64_t *pos)
{
    struct pipe *pipe = file->priv;
    long done = 0, n = 0;
    if (uio->left == 0)
        return 0;
    do {
        int ready = wait_readable(pipe, file->status & O_NONBLOCK);
        if (ready <= 0)
            return ready;
        mutex_lock(&pipe->read_lock);
        uint32_t used;
        while (uio->left > 0 && (used = pipe_used(pipe)) > 0) {
            n = read_some(pipe, uio, used);
            if (n < 0)
                break;
            done += n;
        }
        mutex_unlock(&pipe->read_lock);
        if (n < 0 && done == 0)
            return n;
    } while (done == 0); /* another reader took it all */
    pipe_changed(&pipe->writable);
    return done;
}

/* ---- writing */

/* Waits until `need` bytes fit: the room there is, -EPIPE, -EAGAIN, -EINTR. */
static long wait_writable(struct pipe *pipe, size_t need, bool nonblock)
{
    long result = 0;
    spin_lock(&pipe->lock);
    for (;;) {
        uint32_t room = room_locked(pipe);
        if (pipe->readers == 0)
            result = -EPIPE;
        else if (room >= need)
            result = (long)room;
        else
            result = nonblock ? -EAGAIN : waitq_sleep(&pipe->writable, &pipe->lock);
        if (result != 0)
            break;
    }
    spin_unlock(&pipe->lock);
    return result;
}

/*
 * The room there is, after making `want` bytes of it usable: an empty ring whose ends stand inside
 * a page moves on to the next one. write_lock is held; of an empty pipe no reader holds anything.
 */
static uint32_t reserve(struct pipe *pipe, size_t want)
{
    struct page *old = NULL;
    spin_lock(&pipe->lock);
    uint32_t room = room_locked(pipe), offset = pipe->tail % PAGE_SIZE;
    if (pipe->head == pipe->tail && offset > 0 && want > ABI_PIPE_SIZE - offset) {
        struct page **slot = slot_at(pipe, pipe->tail);
        old = pipe->spare;
        pipe->spare = *slot;
        *slot = NULL;
        pipe->head = pipe->tail = pipe->tail + (uint32_t)(PAGE_SIZE - offset);
    }
    spin_unlock(&pipe->lock);
    if (old)
        page_put(old);
    return room;
}

static int slot_fill(struct pipe *pipe, struct page **slot)
{
    if (*slot)
        return 0;
    spin_lock(&pipe->lock);
    *slot = pipe->spare;
    pipe->spare = NULL;
    spin_unlock(&pipe->lock);
    if (!*slot)
        *slot = page_alloc();
    return *slot ? 0 : -ENOMEM;
}

/*
 * Copies `n` bytes into the ring and then makes them readable at once, which is what makes writes
 * up to PIPE_BUF atomic. The count, less when memory runs out or the source ends, or an error.
 * write_lock is held and there is room.
 */
static long write_some(struct pipe *pipe, struct uio *uio, size_t n)
{
    uint32_t at = pipe->tail;
    int err = 0;
    for (size_t left = n; left > 0;) {
        struct page **slot = slot_at(pipe, at);
        size_t offset = at % PAGE_SIZE;
        size_t part = PAGE_SIZE - offset < left ? PAGE_SIZE - offset : left;
        err = slot_fill(pipe, slot);
        if (err == 0)
            err = uio_get(uio, (char *)page_va(*slot) + offset, part);
        if (err < 0)
            break;
        at += (uint32_t)part;
        left -= part;
    }
    long done = (long)(at - pipe->tail);
    spin_lock(&pipe->lock);
    pipe->tail = at;
    spin_unlock(&pipe->lock);
    return done > 0 ? done : err;
}

static long pipe_write(struct file *file, struct uio *uio, int64_t *pos)
{
    struct pipe *pipe = file->priv;
    size_t total = uio->left;
    long done = 0, result = 0;
    while (uio->left > 0) {
        size_t need = total <= ABI_PIPE_BUF ? total : 1;
        result = wait_writable(pipe, need, file->status & O_NONBLOCK);
        if (result < 0)
            break;
        mutex_lock(&pipe->write_lock);
        /* Another writer may have been quicker; never wait with the lock held. */
        uint32_t room = reserve(pipe, uio->left);
        size_t n = room < uio->left ? room : uio->left;
        result = room >= need ? write_some(pipe, uio, n) : 0;
        mutex_unlock(&pipe->write_lock);
        if (result < 0)
            break;
        if (result > 0)
            pipe_changed(&pipe->readable);
        done += result;
    }
    if (result == -EPIPE)
        job_signal_current(SIGPIPE);
    return done > 0 ? done : result;
}

static unsigned pipe_poll(struct file *file)
{
    struct pipe *pipe = file->priv;
    unsigned ready = 0;
    spin_lock(&pipe->lock);
    uint32_t used = pipe->tail - pipe->head;
    if (file->flags & FILE_READ) {
        if (used > 0)
            ready |= POLLIN | POLLRDNORM;
        if (pipe->writers == 0)
            ready |= POLLHUP;
    }
    if (file->flags & FILE_WRITE) {
        if (room_locked(pipe) >= ABI_PIPE_BUF)
            ready |= POLLOUT | POLLWRNORM;
        if (pipe->readers == 0)
            ready |= POLLERR;
    }
    spin_unlock(&pipe->lock);
    return ready;
}

/* ---- ends */

static void open_end(struct pipe *pipe, const struct file *file)
{
    spin_lock(&pipe->lock);
    if (file->flags & FILE_READ) {
        pipe->readers++;
        pipe->reader_opens++;
    }
    if (file->flags & FILE_WRITE) {
        pipe->writers++;
        pipe->writer_opens++;
    }
    waitq_wake_all(&pipe->readable);
    waitq_wake_all(&pipe->writable);
    spin_unlock(&pipe->lock);
}

/* Returns whether it was the last end. */
static bool close_end(struct pipe *pipe, const struct file *file)
{
    spin_lock(&pipe->lock);
    pipe->readers -= (file->flags & FILE_READ) != 0;
    pipe->writers -= (file->flags & FILE_WRITE) != 0;
    bool last = pipe->readers == 0 && pipe->writers == 0;
    waitq_wake_all(&pipe->readable);
    waitq_wake_all(&pipe->writable);
    spin_unlock(&pipe->lock);
    fs_poll_wake();
    return last;
}

static void pipe_release(struct file *file)
{
    struct pipe *pipe = file->priv;
    if (close_end(pipe, file))
        pipe_free(pipe);
}

/* A FIFO's pipe exists while any end is open: inode->lock guards inode->priv. */
static void fifo_release(struct file *file)
{
    struct inode *inode = file->inode;
    mutex_lock(&inode->lock);
    struct pipe *pipe = file->priv;
    bool last = close_end(pipe, file);
    if (last)
        inode->priv = NULL;
    mutex_unlock(&inode->lock);
    if (last)
        pipe_free(pipe);
}

static const struct file_ops pipe_ops = {
    .read = pipe_read, .write = pipe_write, .poll = pipe_poll, .release = pipe_release};
static const struct file_ops fifo_end_ops = {
    .read = pipe_read, .write = pipe_write, .poll = pipe_poll, .release = fifo_release};

/* Waits for the other end, which may be gone again when we wake: hence the counts of opens. */
static int wait_for_other(struct pipe *pipe, struct file *file)
{
    bool nonblock = file->status & O_NONBLOCK, reader = file->flags & FILE_READ;
    int err = 0;
    if (reader && (file->flags & FILE_WRITE || nonblock))
        return 0;
    spin_lock(&pipe->lock);
    const unsigned *others = reader ? &pipe->writers : &pipe->readers;
    const unsigned *opens = reader ? &pipe->writer_opens : &pipe->reader_opens;
    unsigned before = *opens;
    while (err == 0 && *others == 0 && *opens == before)
        err = nonblock ? -ENXIO : waitq_sleep(&pipe->readable, &pipe->lock);
    spin_unlock(&pipe->lock);
    return err;
}

static int fifo_open(struct inode *inode, struct file *file)
{
    mutex_lock(&inode->lock);
    struct pipe *pipe = inode->priv ? inode->priv : pipe_new();
    inode->priv = pipe;
    if (pipe)
        open_end(pipe, file);
    mutex_unlock(&inode->lock);
    if (!pipe)
        return -ENOMEM;
    file->priv = pipe;
    file->flags |= FILE_STREAM;
    file->ops = &fifo_end_ops;
    int err = wait_for_other(pipe, file);
    if (err < 0)
        fifo_release(file);
    return err;
}

const struct file_ops fifo_file_ops = {.open = fifo_open};

static struct file *pipe_end(struct inode *inode, struct pipe *pipe, int flags)
{
    struct file *file = file_alloc(inode_get(inode), &pipe_ops, (unsigned)flags);
    if (!file)
        return NULL;
    file->flags |= FILE_STREAM;
    file->priv = pipe;
    open_end(pipe, file);
    return file;
}

int pipe_create(struct file **read_end, struct file **write_end, int open_flags)
{
    struct inode *inode = inode_alloc(&pipe_super, S_IFIFO | 0600);
    if (!inode)
        return -ENOMEM;
    struct pipe *pipe = pipe_new();
    *read_end = pipe ? pipe_end(inode, pipe, O_RDONLY | (open_flags & O_NONBLOCK)) : NULL;
    *write_end = *read_end ? pipe_end(inode, pipe, O_WRONLY | (open_flags & O_NONBLOCK)) : NULL;
    inode_put(inode);
    if (*write_end)
        return 0;
    if (*read_end)
        file_put(*read_end); /* frees the pipe: it was the only end */
    else if (pipe)
        pipe_free(pipe);
    return -ENOMEM;
}
