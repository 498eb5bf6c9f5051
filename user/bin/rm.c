/* rm(1): -r -R directories with their contents, -f no questions, -i ask, -d empty directories, -v.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

enum { DEPTH_MAX = 500 };

static struct {
    bool recursive, force, ask, directories, verbose;
} opt;

static bool remove_path(const char *path, int depth);

/* The names in a directory, read completely before anything is removed from it. */
struct names {
    char **v;
    size_t count, cap;
};

static bool names_read(struct names *names, const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;

    if (!dir)
        return false;
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (names->count == names->cap) {
            names->cap = names->cap ? names->cap * 2 : 16;
            names->v = tool_realloc(names->v, names->cap * sizeof(*names->v));
        }
        names->v[names->count++] = tool_strdup(entry->d_name);
    }
    closedir(dir);
    return true;
}

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->v[i]);
    free(names->v);
}

static bool remove_contents(const char *path, int depth)
{
    struct names names = {0};
    bool ok = true;

    if (depth > DEPTH_MAX) {
        tool_warn("cannot remove '%s': nested too deeply", path);
        return false;
    }
    if (!names_read(&names, path)) {
        tool_warn_errno("cannot remove '%s'", path);
        return false;
    }
    for (size_t i = 0; i < names.count; i++) {
        char *child = tool_path(path, names.v[i]);

        ok &= remove_path(child, depth + 1);
        free(child);
    }
    names_free(&names);
    return ok;
}

static bool remove_directory(const char *path, int depth)
{
    if (!opt.recursive && !opt.directories) {
        tool_warn("cannot remove '%s': %s", path, strerror(EISDIR));
        return false;
    }
    if (opt.recursive) {
        if (opt.ask && !tool_confirm("descend into directory '%s'?", path))
            return true;
        if (!remove_contents(path, depth))
            return false;
    }
    if (opt.ask && !tool_confirm("remove directory '%s'?", path))
        return true;
    if (rmdir(path) < 0) {
        tool_warn_errno("cannot remove '%s'", path);
        return false;
    }
    if (opt.verbose)
        out_fmt("removed directory '%s'\n", path);
    return true;
}

static bool remove_path(const char *path, int depth)
{
    struct stat st;

    if (lstat(path, &st) < 0) {
        if (opt.force && (errno == ENOENT || errno == ENOTDIR))
            return true;
        tool_warn_errno("cannot remove '%s'", path);
        return false;
    }
    if (S_ISDIR(st.st_mode))
        return remove_directory(path, depth);
    if (opt.ask && !tool_confirm("remove %s '%s'?", st.st_size ? "file" : "empty file", path))
        return true;
    if (unlink(path) < 0) {
        tool_warn_errno("cannot remove '%s'", path);
        return false;
    }
    if (opt.verbose)
        out_fmt("removed '%s'\n", path);
    return true;
}

/* . and .. and / are never removed. */
static bool refused(const char *path)
{
    size_t n = strlen(path);
    const char *base;

    while (n > 1 && path[n - 1] == '/')
        n--;
    base = path + n;
    while (base > path && base[-1] != '/')
        base--;
    n -= (size_t)(base - path);
    if (opt.recursive && n == 0 && *path == '/') {
        tool_warn("it is dangerous to operate recursively on '/'");
        return true;
    }
    if ((n == 1 && base[0] == '.') || (n == 2 && strncmp(base, "..", 2) == 0)) {
        tool_warn("refusing to remove '.' or '..' directory: skipping '%s'", path);
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    bool ok = true;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "rRfidv")) != -1) {
        switch (c) {
        case 'r':
        case 'R': opt.recursive = true; break;
        case 'f':
            opt.force = true;
            opt.ask = false;
            break;
        case 'i':
            opt.ask = true;
            opt.force = false;
            break;
        case 'd': opt.directories = true; break;
        case 'v': opt.verbose = true; break;
        default: tool_usage("[-rRfidv] [FILE]...");
        }
    }
    if (tool_index == argc && !opt.force) {
        tool_warn("missing operand");
        return 1;
    }
    for (; tool_index < argc; tool_index++)
        ok &= !refused(argv[tool_index]) && remove_path(argv[tool_index], 0);
    tool_exit(ok ? 0 : 1);
}
