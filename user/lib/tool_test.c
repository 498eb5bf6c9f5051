/*
 * test(1). With up to four arguments the result is what POSIX tabulates by their number; with more,
 * ( ) ! -a -o are parsed with the usual precedence.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

struct test_state {
    char **arg;
    int left;
    int depth;
    bool error;
};

enum { TEST_DEPTH_MAX = 200 };

static bool test_or(struct test_state *t);

static bool test_fail(struct test_state *t, const char *format, const char *what)
{
    if (!t->error) {
        if (what)
            tool_warn("%s: %s", what, format);
        else
            tool_warn("%s", format);
    }
    t->error = true;
    return false;
}

static long long test_number(struct test_state *t, const char *s)
{
    long long value = 0;
    const char *end;
    char buf[32];
    size_t n;

    while (*s == ' ' || *s == '\t' || *s == '\n')
        s++;
    end = s + strlen(s);
    while (end > s && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\n'))
        end--;
    n = (size_t)(end - s);
    if (n < sizeof(buf)) {
        memcpy(buf, s, n);
        buf[n] = '\0';
        if (tool_number(buf, INT64_MIN, INT64_MAX, &value))
            return value;
    }
    test_fail(t, "integer expression expected", s);
    return 0;
}

static bool is_unary(const char *s)
{
    return s[0] == '-' && s[1] && !s[2] && strchr("bcdefghLnprsStuwxz", s[1]);
}

static bool is_binary(const char *s)
{
    static const char *const names[] = {"=",   "==",  "!=",  "<",   ">",   "-eq", "-ne",
                                        "-gt", "-ge", "-lt", "-le", "-nt", "-ot", "-ef"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(s, names[i]) == 0)
            return true;
    }
    return false;
}

static bool test_mode(mode_t mode, char op)
{
    switch (op) {
    case 'b': return S_ISBLK(mode);
    case 'c': return S_ISCHR(mode);
    case 'd': return S_ISDIR(mode);
    case 'f': return S_ISREG(mode);
    case 'p': return S_ISFIFO(mode);
    case 'S': return S_ISSOCK(mode);
    case 'h':
    case 'L': return S_ISLNK(mode);
    case 'u': return (mode & S_ISUID) != 0;
    case 'g': return (mode & S_ISGID) != 0;
    default: return true;
    }
}

static bool test_unary(struct test_state *t, char op, const char *arg)
{
    struct stat st;

    switch (op) {
    case 'n': return *arg != '\0';
    case 'z': return *arg == '\0';
    case 't': return isatty((int)test_number(t, arg));
    case 'r': return access(arg, R_OK) == 0;
    case 'w': return access(arg, W_OK) == 0;
    case 'x': return access(arg, X_OK) == 0;
    case 's': return stat(arg, &st) == 0 && st.st_size > 0;
    case 'h':
    case 'L': return lstat(arg, &st) == 0 && test_mode(st.st_mode, op);
    default: return stat(arg, &st) == 0 && test_mode(st.st_mode, op);
    }
}

/* -nt, -ot, -ef: a file that is missing is older than one that is there. */
static bool test_files(char op, const char *a, const char *b)
{
    struct stat sa, sb;
    bool have_a = stat(a, &sa) == 0;
    bool have_b = stat(b, &sb) == 0;

    if (op == 'e')
        return have_a && have_b && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
    if (!have_a || !have_b)
        return op == 'n' ? have_a && !have_b : have_b && !have_a;
    if (sa.st_mtim.tv_sec != sb.st_mtim.tv_sec)
        return (sa.st_mtim.tv_sec > sb.st_mtim.tv_sec) == (op == 'n');
    if (sa.st_mtim.tv_nsec == sb.st_mtim.tv_nsec)
        return false;
    return (sa.st_mtim.tv_nsec > sb.st_mtim.tv_nsec) == (op == 'n');
}

static bool test_binary(struct test_state *t, const char *a, const char *op, const char *b)
{
    long long x, y;

    if (op[0] == '=')
        return strcmp(a, b) == 0;
    if (op[0] == '!')
        return strcmp(a, b) != 0;
    if (op[0] == '<')
        return strcmp(a, b) < 0;
    if (op[0] == '>')
        return strcmp(a, b) > 0;
    if (strcmp(op, "-nt") == 0 || strcmp(op, "-ot") == 0 || strcmp(op, "-ef") == 0)
        return test_files(op[1], a, b);
    x = test_number(t, a);
    y = test_number(t, b);
    switch (op[1] << 8 | op[2]) {
    case 'e' << 8 | 'q': return x == y;
    case 'n' << 8 | 'e': return x != y;
    case 'g' << 8 | 't': return x > y;
    case 'g' << 8 | 'e': return x >= y;
    case 'l' << 8 | 't': return x < y;
    default: return x <= y;
    }
}

static bool test_primary(struct test_state *t)
{
    bool value;

    if (t->error)
        return false;
    if (t->left == 0)
        return test_fail(t, "argument expected", NULL);
    if (t->left >= 3 && is_binary(t->arg[1])) {
        value = test_binary(t, t->arg[0], t->arg[1], t->arg[2]);
        t->arg += 3;
        t->left -= 3;
        return value;
    }
    if (strcmp(t->arg[0], "(") == 0 && t->left > 1) {
        t->arg++;
        t->left--;
        value = test_or(t);
        if (t->left == 0 || strcmp(t->arg[0], ")") != 0)
            return test_fail(t, "closing paren expected", NULL);
        t->arg++;
        t->left--;
        return value;
    }
    if (t->left >= 2 && is_unary(t->arg[0])) {
        value = test_unary(t, t->arg[0][1], t->arg[1]);
        t->arg += 2;
        t->left -= 2;
        return value;
    }
    value = *t->arg[0] != '\0';
    t->arg++;
    t->left--;
    return value;
}

static bool test_not(struct test_state *t)
{
    bool negate = false;

    while (t->left > 1 && strcmp(t->arg[0], "!") == 0 && !(t->left >= 3 && is_binary(t->arg[1]))) {
        negate = !negate;
        t->arg++;
        t->left--;
    }
    return test_primary(t) != negate;
}

static bool test_and(struct test_state *t)
{
    bool value = test_not(t);

    while (t->left > 0 && strcmp(t->arg[0], "-a") == 0) {
        t->arg++;
        t->left--;
        if (!test_not(t))
            value = false;
    }
    return value;
}

static bool test_or(struct test_state *t)
{
    bool value;

    if (++t->depth > TEST_DEPTH_MAX)
        return test_fail(t, "expression too deep", NULL);
    value = test_and(t);
    while (t->left > 0 && strcmp(t->arg[0], "-o") == 0) {
        t->arg++;
        t->left--;
        if (test_and(t))
            value = true;
    }
    t->depth--;
    return value;
}

/* The forms POSIX fixes by the number of arguments; everything else goes to the grammar. */
static bool test_by_count(struct test_state *t)
{
    char **a = t->arg;

    switch (t->left) {
    case 0: return false;
    case 1: return *a[0] != '\0';
    case 2:
        if (strcmp(a[0], "!") == 0)
            return *a[1] == '\0';
        if (is_unary(a[0]))
            return test_unary(t, a[0][1], a[1]);
        return test_fail(t, "unexpected operator", a[0]);
    case 3:
        if (is_binary(a[1]))
            return test_binary(t, a[0], a[1], a[2]);
        if (strcmp(a[1], "-a") == 0)
            return *a[0] && *a[2];
        if (strcmp(a[1], "-o") == 0)
            return *a[0] || *a[2];
        break;
    default: break;
    }
    if ((t->left == 3 || t->left == 4) && strcmp(a[0], "!") == 0) {
        t->arg++;
        t->left--;
        return !test_by_count(t) && !t->error;
    }
    if ((t->left == 3 || t->left == 4) && strcmp(a[0], "(") == 0 &&
        strcmp(a[t->left - 1], ")") == 0) {
        t->arg++;
        t->left -= 2;
        return test_by_count(t);
    }
    bool value = test_or(t);

    if (!t->error && t->left > 0)
        return test_fail(t, "unexpected operator", t->arg[0]);
    return value;
}

int tool_test(int argc, char **argv)
{
    struct test_state t = {.arg = argv + 1, .left = argc - 1};
    const char *name = strrchr(argv[0], '/');
    bool value;

    name = name ? name + 1 : argv[0];
    if (strcmp(name, "[") == 0) {
        if (argc < 2 || strcmp(argv[argc - 1], "]") != 0) {
            tool_warn("missing ]");
            return 2;
        }
        t.left--;
    }
    value = test_by_count(&t);
    return t.error ? 2 : value ? 0 : 1;
}
