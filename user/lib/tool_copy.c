/* Copying files and trees. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"
#include "user/lib/tool_copy.h"

enum { DEPTH_MAX = 500, COPY_BLOCK = 16384 };

struct copy {
    const struct copy_options *opt;
    dev_t root_dev; /* the directory made first: never descend into it while copying */
    ino_t root_ino;
    bool root_known;
};

static bool copy_any(struct copy *c, const char *from, const char *to, int depth);

bool copy_is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *copy_target(const char *dir, const char *from)
{
    size_t n = strlen(from);
    char *copy, *base, *target;

    while (n > 1 && from[n - 1] == '/')
        n--;
    copy = tool_alloc(n + 1);
    memcpy(copy, from, n);
    copy[n] = '\0';
    base = strrchr(copy, '/');
    target = tool_path(dir, base ? base + 1 : copy);
    free(copy);
    return target;
}

static bool copy_data(int in, int out, const char *from, const char *to)
{
    char *block = tool_alloc(COPY_BLOCK);
    bool ok = true;
    ssize_t n;

    while (ok && (n = read(in, block, COPY_BLOCK)) != 0) {
        if (n < 0) {
            if (errno == EINTR)
                continue;
            tool_warn_errno("error reading '%s'", from);
            ok = false;
        } else if (!tool_write_all(out, block, (size_t)n)) {
            tool_warn_errno("error writing '%s'", to);
            ok = false;
        }
    }
    free(block);
    return ok;
}

static void preserve(const struct copy *c, const char *to, const struct stat *st)
{
    struct timespec times[2] = {st->st_atim, st->st_mtim};

    if (c->opt->preserve && utimensat(AT_FDCWD, to, times, 0) < 0)
        tool_warn_errno("preserving times for '%s'", to);
}

/* May an existing destination be overwritten? */
static bool may_overwrite(const struct copy *c, const char *to)
{
    struct stat st;

    if (lstat(to, &st) < 0)
        return true;
    if (c->opt->no_clobber)
        return false;
    return !c->opt->ask || tool_confirm("overwrite '%s'?", to);
}

static bool copy_file(struct copy *c, const char *from, const char *to, const struct stat *st)
{
    mode_t mode = st->st_mode & 07777;
    struct stat to_st;
    bool ok;
    int in, out;

    if (stat(to, &to_st) == 0) {
        if (to_st.st_dev == st->st_dev && to_st.st_ino == st->st_ino) {
            tool_warn("'%s' and '%s' are the same file", from, to);
            return false;
        }
        if (S_ISDIR(to_st.st_mode)) {
            tool_warn("cannot overwrite directory '%s' with non-directory", to);
            return false;
        }
    }
    if (!may_overwrite(c, to))
        return true;
    in = open(from, O_RDONLY);
    if (in < 0) {
        tool_warn_errno("cannot open '%s' for reading", from);
        return false;
    }
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (out < 0 && c->opt->force && unlink(to) == 0)
        out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (out < 0) {
        tool_warn_errno("cannot create regular file '%s'", to);
        close(in);
        return false;
    }
    ok = copy_data(in, out, from, to);
    close(in);
    if (close(out) < 0) {
        tool_warn_errno("failed to close '%s'", to);
        ok = false;
    }
    if (ok)
        preserve(c, to, st);
    return ok;
}

static bool copy_entries(struct copy *c, const char *from, const char *to, int depth)
{
    struct dirent *entry;
    bool ok = true;
    DIR *dir = opendir(from);

    if (!dir) {
        tool_warn_errno("cannot access '%s'", from);
        return false;
    }
    while ((entry = readdir(dir))) {
        char *source, *target;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        source = tool_path(from, entry->d_name);
        target = tool_path(to, entry->d_name);
        ok &= copy_any(c, source, target, depth + 1);
        free(source);
        free(target);
    }
    closedir(dir);
    return ok;
}

static bool copy_directory(struct copy *c, const char *from, const char *to, const struct stat *st,
                           int depth)
{
    struct stat made;
    bool ok;

    if (!c->opt->recursive) {
        tool_warn("-r not specified; omitting directory '%s'", from);
        return false;
    }
    if (depth > DEPTH_MAX) {
        tool_warn("'%s': nested too deeply", from);
        return false;
    }
    if (c->root_known && st->st_dev == c->root_dev && st->st_ino == c->root_ino) {
        tool_warn("cannot copy a directory, '%s', into itself", from);
        return false;
    }
    if (mkdir(to, (st->st_mode & 07777) | S_IRWXU) < 0 &&
        !(errno == EEXIST && copy_is_directory(to))) {
        if (errno == EEXIST)
            tool_warn("cannot overwrite non-directory '%s' with directory '%s'", to, from);
        else
            tool_warn_errno("cannot create directory '%s'", to);
        return false;
    }
    if (!c->root_known && stat(to, &made) == 0) {
        c->root_known = true;
        c->root_dev = made.st_dev;
        c->root_ino = made.st_ino;
    }
    ok = copy_entries(c, from, to, depth);
    preserve(c, to, st);
    return ok;
}

static bool copy_link(const char *from, const char *to)
{
    char target[1024];
    ssize_t n = readlink(from, target, sizeof(target) - 1);

    if (n < 0) {
        tool_warn_errno("cannot read symbolic link '%s'", from);
        return false;
    }
    target[n] = '\0';
    if (symlink(target, to) < 0) {
        tool_warn_errno("cannot create symbolic link '%s'", to);
        return false;
    }
    return true;
}

static bool copy_any(struct copy *c, const char *from, const char *to, int depth)
{
    struct stat st;
    bool ok;

    if ((c->opt->recursive ? lstat(from, &st) : stat(from, &st)) < 0) {
        tool_warn_errno("cannot stat '%s'", from);
        return false;
    }
    if (c->opt->verbose)
        out_fmt("'%s' -> '%s'\n", from, to);
    if (S_ISDIR(st.st_mode))
        return copy_directory(c, from, to, &st, depth);
    ok = S_ISLNK(st.st_mode) ? copy_link(from, to) : copy_file(c, from, to, &st);
    return ok;
}

bool copy_path(const char *from, const char *to, const struct copy_options *opt)
{
    struct copy c = {.opt = opt};

    return copy_any(&c, from, to, 0);
}

const char *copy_destination(int argc, char **argv, bool *into)
{
    const char *to;

    if (argc == 0)
        tool_die("missing file operand");
    if (argc == 1)
        tool_die("missing destination file operand after '%s'", argv[0]);
    to = argv[argc - 1];
    *into = copy_is_directory(to);
    if (argc > 2 && !*into)
        tool_die("target '%s' is not a directory", to);
    return to;
}
