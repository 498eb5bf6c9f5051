/* What usertests is when a test executes it: usertests --helper ROLE [ARGUMENT...]. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>
#include "usertests.h"

/* Write the arguments and then the environment to standard output, each with its NUL. */
static int role_echo(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        must_write(STDOUT_FILENO, argv[i], strlen(argv[i]) + 1);
    }
    for (char **entry = environ; *entry; entry++) {
        must_write(STDOUT_FILENO, *entry, strlen(*entry) + 1);
    }
    return 0;
}

/* Say that it runs, then wait until standard input ends. */
static int role_handshake(int argc, char **argv)
{
    char c = 'x';
    (void)argc;
    (void)argv;
    must_write(STDOUT_FILENO, &c, 1);
    return read(STDIN_FILENO, &c, 1) == 0 ? 0 : 1;
}

/* 0 when that descriptor is open. */
static int role_fd(int argc, char **argv)
{
    return argc == 1 && fcntl(atoi(argv[0]), F_GETFD) >= 0 ? 0 : 1;
}

/* 0 when that signal is ignored. */
static int role_ignored(int argc, char **argv)
{
    struct sigaction old;
    return argc == 1 && sigaction(atoi(argv[0]), NULL, &old) == 0 && old.sa_handler == SIG_IGN ? 0
                                                                                               : 1;
}

/* Execute itself that many times more. */
static int role_chain(int argc, char **argv)
{
    char left[16];
    int count = argc == 1 ? atoi(argv[0]) : -1;
    if (count <= 0) {
        return count == 0 ? 0 : 1;
    }
    snprintf(left, sizeof(left), "%d", count - 1);
    execl(argv[-3], argv[-3], "--helper", "chain", left, (char *)NULL);
    return 1;
}

/* 0 when there are as many arguments as the first says, each a copy of the second. */
static int role_count(int argc, char **argv)
{
    if (argc < 2 || atoi(argv[0]) != argc) {
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], argv[1]) != 0) {
            return 2;
        }
    }
    return 0;
}

/* 0 when its process id is that. */
static int role_pid(int argc, char **argv)
{
    return argc == 1 && atoi(argv[0]) == getpid() ? 0 : 1;
}

#ifdef __riscv
/* 0 when the hart has the extensions of exactly these letters, as AT_HWCAP says (Linux's hwcap.h).
 */
static int role_capabilities(int argc, char **argv)
{
    unsigned long want = 0;
    for (const char *letter = argc == 1 ? argv[0] : ""; *letter; letter++) {
        want |= 1ul << (*letter - 'a');
    }
    return getauxval(ABI_AT_HWCAP) == want ? 0 : 1;
}

/* 0 when the floating-point unit is as a program must find it. */
static int role_float(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return float_is_clear();
}
#endif

int helper_run(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } roles[] = {
        {"echo", role_echo},   {"handshake", role_handshake},
        {"fd", role_fd},       {"ignored", role_ignored},
        {"chain", role_chain}, {"count", role_count},
        {"pid", role_pid},
#ifdef __riscv
        {"float", role_float}, {"capabilities", role_capabilities},
#endif
    };
    for (size_t i = 0; argc > 0 && i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (strcmp(argv[0], roles[i].name) == 0) {
            return roles[i].run(argc - 1, argv + 1);
        }
    }
    return 125;
}
