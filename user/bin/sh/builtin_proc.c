/* Built-ins about the process: directory, mask, jobs; and those that look up commands. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <unistd.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

enum { DIRECTORY_MAX = 4096 };

static char *physical_directory(void)
{
    char *buf = arena_alloc(sh.temp, DIRECTORY_MAX);

    return getcwd(buf, DIRECTORY_MAX);
}

void cd_init(void)
{
    const char *old = var_get("PWD");
    struct stat a, b;
    char *cwd;

    /* What was inherited is kept if it names the same directory, perhaps through a link. */
    if (old && old[0] == '/' && stat(old, &a) == 0 && stat(".", &b) == 0 && a.st_dev == b.st_dev &&
        a.st_ino == b.st_ino)
        return;
    cwd = physical_directory();
    if (cwd)
        var_set("PWD", cwd);
}

/* The absolute path without . and .. components, in sh.temp. */
static char *logical_path(const char *dir)
{
    const char *pwd = var_get("PWD");
    struct strbuf path = {0};
    char *result;

    if (*dir != '/')
        strbuf_str(&path, pwd && *pwd == '/' && pwd[1] ? pwd : "");
    while (*dir) {
        size_t n;

        dir += strspn(dir, "/");
        n = strcspn(dir, "/");
        if (n == 2 && strncmp(dir, "..", 2) == 0) {
            while (path.len > 0 && path.s[--path.len] != '/') {
            }
        } else if (n > 0 && !(n == 1 && *dir == '.')) {
            strbuf_char(&path, '/');
            strbuf_write(&path, dir, n);
        }
        dir += n;
    }
    result = arena_strdup(sh.temp, path.len ? strbuf_get(&path) : "/");
    strbuf_free(&path);
    return result;
}

static int change_directory(const char *dir, bool physical, bool print)
{
    char *path = logical_path(dir);
    const char *old = var_get("PWD");
    char *old_copy = arena_strdup(sh.temp, old ? old : "");

    if (chdir(physical ? dir : path) < 0) {
        sh_warn_errno("cd: %s", dir);
        return 2;
    }
    if (physical) {
        char *cwd = physical_directory();

        path = cwd ? cwd : path;
    }
    if (!var_set("OLDPWD", old_copy) || !var_set("PWD", path))
        return 2;
    if (print)
        out_fmt("%s\n", path);
    return 0;
}

/* Leading -L and -P; the last one counts. Returns the index of the first operand, -1 on error. */
static int link_options(int argc, char **argv, bool *physical)
{
    int i;

    *physical = false;
    for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        if (strcmp(argv[i], "-L") != 0 && strcmp(argv[i], "-P") != 0) {
            sh_warn("%s: Illegal option %s", argv[0], argv[i]);
            return -1;
        }
        *physical = argv[i][1] == 'P';
    }
    return i;
}

int builtin_cd(int argc, char **argv)
{
    const char *cdpath = var_get("CDPATH");
    const char *dir;
    struct stat st;
    bool physical;
    int i = link_options(argc, argv, &physical);

    if (i < 0)
        return 2;
    dir = i < argc ? argv[i] : var_get("HOME");
    if (!dir)
        return 0;
    if (strcmp(dir, "-") == 0) {
        dir = var_get("OLDPWD");
        return dir ? change_directory(arena_strdup(sh.temp, dir), physical, true) : 0;
    }
    if (!*dir)
        return 0;
    if (*dir == '/' || strncmp(dir, "./", 2) == 0 || strncmp(dir, "../", 3) == 0 ||
        strcmp(dir, ".") == 0 || strcmp(dir, "..") == 0)
        cdpath = NULL;
    while (cdpath) {
        size_t n = strcspn(cdpath, ":");
        char *base = arena_strndup(sh.temp, cdpath, n);
        char *path = n ? tool_path(base, dir) : tool_strdup(dir);
        bool found = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
        int status = found ? change_directory(path, physical, n > 0) : 0;

        free(path);
        if (found)
            return status;
        cdpath = cdpath[n] ? cdpath + n + 1 : NULL;
    }
    return change_directory(arena_strdup(sh.temp, dir), physical, false);
}

int builtin_pwd(int argc, char **argv)
{
    bool physical;
    const char *path;

    if (link_options(argc, argv, &physical) < 0)
        return 2;
    path = physical ? physical_directory() : var_get("PWD");
    if (!path)
        path = physical_directory();
    if (!path) {
        sh_warn_errno("pwd");
        return 1;
    }
    out_fmt("%s\n", path);
    return 0;
}

/* u=rwx,go= as in chmod, on the complement of the mask. */
static bool symbolic_mask(const char *s, mode_t *mask)
{
    mode_t allowed = ~*mask & 0777;

    while (*s) {
        mode_t who = 0;
        mode_t bits = 0;
        char op;

        for (; *s && strchr("ugoa", *s); s++)
            who |= *s == 'u' ? 0700 : *s == 'g' ? 0070 : *s == 'o' ? 0007 : 0777;
        if (!who)
            who = 0777;
        op = *s++;
        if (op != '+' && op != '-' && op != '=')
            return false;
        for (; *s && strchr("rwx", *s); s++)
            bits |= *s == 'r' ? 0444 : *s == 'w' ? 0222 : 0111;
        bits &= who;
        if (op == '+')
            allowed |= bits;
        else if (op == '-')
            allowed &= ~bits;
        else
            allowed = (allowed & ~who) | bits;
        if (*s == ',')
            s++;
        else if (*s)
            return false;
    }
    *mask = ~allowed & 0777;
    return true;
}

static void print_symbolic(mode_t mask)
{
    for (int i = 0; i < 3; i++) {
        int bits = (int)(~mask >> (6 - 3 * i)) & 7;

        out_fmt("%s%c=%s%s%s", i ? "," : "", "ugo"[i], bits & 4 ? "r" : "", bits & 2 ? "w" : "",
                bits & 1 ? "x" : "");
    }
    out_char('\n');
}

int builtin_umask(int argc, char **argv)
{
    mode_t mask = umask(0);
    const char *s = argc > 1 ? argv[argc - 1] : NULL;
    bool symbolic = argc > 1 && strcmp(argv[1], "-S") == 0;

    umask(mask);
    if (!s || (symbolic && argc == 2)) {
        if (symbolic)
            print_symbolic(mask);
        else
            out_fmt("%04o\n", (unsigned)mask);
        return 0;
    }
    if (*s >= '0' && *s <= '7') {
        char *end;
        unsigned long value = strtoul(s, &end, 8);

        if (*end || value > 0777) {
            sh_fail(2, "umask: Illegal number: %s", s);
            return 2;
        }
        umask((mode_t)value);
        return 0;
    }
    if (!symbolic_mask(s, &mask)) {
        sh_fail(2, "umask: Illegal mode: %s", s);
        return 2;
    }
    umask(mask);
    return 0;
}

int builtin_wait(int argc, char **argv)
{
    int status = 0;

    if (argc == 1)
        return job_wait_for(NULL);
    for (int i = 1; i < argc; i++) {
        struct job *j = job_find(argv[i]);

        status = j ? job_wait_for(j) : 127;
    }
    return status;
}

int builtin_jobs(int argc, char **argv)
{
    job_list();
    return 0;
}

static pid_t resolve_job(const char *operand)
{
    struct job *j = job_find(operand);

    if (!j)
        return 0;
    return sh.jobs ? -j->group : j->pids[j->count - 1];
}

int builtin_kill(int argc, char **argv)
{
    return tool_kill(argc, argv, resolve_job);
}

static void print_time(clock_t ticks, long per_second)
{
    long hundredths = (long)(ticks * 100 / per_second);

    out_fmt("%ldm%ld.%02lds", hundredths / 6000, hundredths / 100 % 60, hundredths % 100);
}

int builtin_times(int argc, char **argv)
{
    struct tms t = {0};
    long per_second = sysconf(_SC_CLK_TCK);

    times(&t);
    if (per_second <= 0)
        per_second = 100;
    print_time(t.tms_utime, per_second);
    out_char(' ');
    print_time(t.tms_stime, per_second);
    out_char('\n');
    print_time(t.tms_cutime, per_second);
    out_char(' ');
    print_time(t.tms_cstime, per_second);
    out_char('\n');
    return 0;
}

static bool is_reserved(const char *name)
{
    static const char *const words[] = {"!",    "{",    "}",     "case", "do",  "done",
                                        "elif", "else", "esac",  "fi",   "for", "if",
                                        "in",   "then", "until", "while"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i], name) == 0)
            return true;
    }
    return false;
}

/* Say what a command name means: as `type` does, or (brief) as `command -v`. */
static int describe(const char *name, bool brief)
{
    const struct builtin *b = builtin_find(name);
    const char *text = NULL;
    char *path;

    if (is_reserved(name))
        text = "a shell keyword";
    else if (b && b->special)
        text = "a special shell builtin";
    else if (function_find(name))
        text = "a shell function";
    else if (b)
        text = "a shell builtin";
    if (text) {
        if (brief)
            out_fmt("%s\n", name);
        else
            out_fmt("%s is %s\n", name, text);
        return 0;
    }
    path = exec_find(name);
    if (!path) {
        if (!brief)
            out_fmt("%s: not found\n", name);
        return 127;
    }
    if (brief)
        out_fmt("%s\n", path);
    else
        out_fmt("%s is %s\n", name, path);
    return 0;
}

int builtin_type(int argc, char **argv)
{
    int status = 0;

    for (int i = 1; i < argc; i++)
        status |= describe(argv[i], false);
    return status;
}

/* Run a built-in or program, not a function; special built-ins lose their special properties. */
static int run_plain(int argc, char **argv)
{
    const struct builtin *b = builtin_find(argv[0]);
    struct job *j;
    pid_t pid;
    int status;

    if (b) {
        status = b->run(argc, argv);
        if (sh.unwind == UNWIND_ERROR)
            sh.unwind = UNWIND_NONE;
        return status;
    }
    j = job_new(1, argv[0]);
    pid = job_fork(j, true);
    if (pid == 0) {
        job_forget_all();
        tool_name = sh.name;
        sh_exit(exec_program(argv, var_environment()));
    }
    status = job_wait(j);
    return pid < 0 ? sh.status : status;
}

int builtin_command(int argc, char **argv)
{
    char mode = 0;
    int i;

    for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (strspn(argv[i] + 1, "vVp") != strlen(argv[i] + 1)) {
            sh_warn("command: Illegal option %s", argv[i]);
            return 2;
        }
        for (const char *p = argv[i] + 1; *p; p++)
            mode = *p == 'p' ? mode : *p;
    }
    if (i >= argc)
        return 0;
    if (mode)
        return describe(argv[i], mode == 'v');
    return run_plain(argc - i, argv + i);
}
