/*
 * usertests [--list] [--math] [--bench] [--fault NAME] [NAME...]: run all tests, or those whose
 * group or name is given; TAP on standard output. --fault dies of the fault of that name; --math
 * prints results of the mathematical functions, --bench what some calls cost.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"
#include "support.h"

/* After this long a test is killed: far more than any takes on the slowest machine. */
#define TEST_SECONDS      60
#define LONG_TEST_SECONDS 300

/* What a test may leave in the kernel's own caches, over all of a run. */
#define SLACK_KIB 64

static const struct group {
    const char *name;
    const struct test *tests;
} groups[] = {
    {"file", tests_file},       {"name", tests_name},       {"dir", tests_dir},
    {"pipe", tests_pipe},       {"process", tests_process}, {"wait", tests_wait},
    {"kill", tests_kill},       {"session", tests_session}, {"exec", tests_exec},
    {"exec", tests_exec_elf},   {"memory", tests_memory},   {"fault", tests_fault},
    {"pointer", tests_pointer}, {"time", tests_time},       {"proc", tests_proc},
    {"float", tests_float},     {"math", tests_math},       {"system", tests_system},
    {"stress", tests_stress},   {"device", tests_device},   {"block", tests_block},
};
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

const char *self_path;
bool on_tarn;
static char home[128];
static int test_count, failed_count;

static bool is_wanted(int argc, char **argv, const char *group, const char *name)
{
    if (argc == 1) {
        return true;
    }
    for (int i = 1; i < argc; i++) {
        size_t length = strlen(group);
        bool in_group = strncmp(argv[i], group, length) == 0;
        if (strcmp(argv[i], name) == 0 || (in_group && argv[i][length] == '\0') ||
            (in_group && argv[i][length] == '.' && strcmp(argv[i] + length + 1, name) == 0)) {
            return true;
        }
    }
    return false;
}

static _Noreturn void run_child(const struct test *test, const char *folder)
{
    setpgid(0, 0);
    if (chdir(folder) < 0) {
        FAIL("cannot enter %s: errno %d", folder, errno);
    }
    test->run();
    exit(0);
}

/* Wait for `pid` with a limit; its status, or -1 after having killed it. */
static int wait_limited(pid_t pid, int seconds)
{
    int64_t deadline = now_ms() + seconds * 1000;
    int status, pause = 0;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (now_ms() > deadline) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return -1;
        }
        sleep_ms(pause);
        pause += pause < 20;
    }
    return status;
}

/* Run a test once: whether it passed. */
static bool run_once(const struct test *test)
{
    char folder[sizeof(home) + 16];
    snprintf(folder, sizeof(folder), "%s/%d", home, test_count);
    mkdir(folder, 0755);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        run_child(test, folder);
    }
    int status = wait_limited(pid, test->flags & TEST_LONG ? LONG_TEST_SECONDS : TEST_SECONDS);
    kill(-pid, SIGKILL); /* stragglers */
    remove_tree(folder);
    if (status == -1) {
        printf("# took longer than %d s\n",
               test->flags & TEST_LONG ? LONG_TEST_SECONDS : TEST_SECONDS);
    } else if (WIFSIGNALED(status)) {
        printf("# died of signal %d\n", WTERMSIG(status));
    }
    return status == 0;
}

/* Wait until what the test left running is gone: its processes die of SIGKILL in their own time. */
static struct usage settled_usage(const struct usage *before)
{
    struct usage after = usage_now();
    for (int i = 0; i < 1000 && after.processes > before->processes; i++) {
        sleep_ms(10);
        after = usage_now();
    }
    return after;
}

static bool has_lost(const struct usage *before, const struct usage *after)
{
    return after->processes > before->processes || after->open_files > before->open_files ||
           after->free_kib < before->free_kib;
}

/*
 * Run a test. One that passes and leaves the kernel with less is run again: a cache fills once,
 * a leak grows every time.
 */
static void run_test(const struct group *group, const struct test *test)
{
    test_count++;
    if ((test->flags & TEST_TARN) && !on_tarn) {
        printf("ok %d - %s.%s # SKIP about Tarn only\n", test_count, group->name, test->name);
        return;
    }
    bool passed = false, lost = false;
    for (int run = 0; run < 3; run++) {
        struct usage before = usage_now();
        passed = run_once(test);
        struct usage after = settled_usage(&before);
        lost = on_tarn && has_lost(&before, &after);
        if (!passed || !lost) {
            break;
        }
        if (run == 2) {
            printf("# leaks in every run: free %ld to %ld KiB, processes %ld to %ld, open files "
                   "%ld to %ld\n",
                   before.free_kib, after.free_kib, before.processes, after.processes,
                   before.open_files, after.open_files);
        }
    }
    bool ok = passed && !lost;
    failed_count += !ok;
    printf("%sok %d - %s.%s\n", ok ? "" : "not ", test_count, group->name, test->name);
    fflush(stdout);
}

/* At the end the kernel has what it had at the start. */
static void check_usage(const struct usage *before)
{
    struct usage after = settled_usage(before);
    test_count++;
    printf("# free memory %ld KiB, then %ld; processes %ld, then %ld; open files %ld, then %ld\n",
           before->free_kib, after.free_kib, before->processes, after.processes, before->open_files,
           after.open_files);
    bool ok = before->free_kib > 0 && after.free_kib >= before->free_kib - SLACK_KIB &&
              after.processes <= before->processes && after.open_files <= before->open_files;
    failed_count += !ok;
    printf("%sok %d - free memory, processes and open files are what they were\n", ok ? "" : "not ",
           test_count);
}

static void list_tests(void)
{
    for (size_t i = 0; i < GROUPS; i++) {
        for (const struct test *test = groups[i].tests; test->name; test++) {
            printf("%s.%s\n", groups[i].name, test->name);
        }
    }
}

static void run_wanted(int argc, char **argv)
{
    for (size_t i = 0; i < GROUPS; i++) {
        for (const struct test *test = groups[i].tests; test->name; test++) {
            if (is_wanted(argc, argv, groups[i].name, test->name)) {
                run_test(&groups[i], test);
            }
        }
    }
}

int main(int argc, char **argv)
{
    /* Fills what the kernel keeps for the next time: page tables of stacks, object caches. */
    static const struct test warm_up = {"warm_up", test_fork_to_the_limit, TEST_LONG};
    if (argc > 1 && strcmp(argv[1], "--helper") == 0) {
        return helper_run(argc - 2, argv + 2);
    }
    if (argc > 2 && strcmp(argv[1], "--fault") == 0) {
        fault_run(argv[2]);
        fprintf(stderr, "usertests: no fault '%s'\n", argv[2]);
        return 2;
    }
    if (argc > 1 && strcmp(argv[1], "--math") == 0) {
        math_print();
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
        bench_run();
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "--list") == 0) {
        list_tests();
        return 0;
    }
    struct utsname name;
    on_tarn = uname(&name) == 0 && strcmp(name.sysname, "Tarn") == 0;
    self_path = find_self(argv[0]);
    snprintf(home, sizeof(home), "/tmp/usertests.%d", (int)getpid());
    if (mkdir(home, 0755) < 0 || !self_path) {
        perror("usertests");
        return 2;
    }
    umask(022);
    struct usage before = usage_now();
    bool all = on_tarn && argc == 1;
    if (all) {
        run_once(&warm_up);
        before = settled_usage(&before);
    }
    run_wanted(argc, argv);
    if (all) {
        check_usage(&before);
    }
    remove_tree(home);
    if (test_count == 0) {
        fprintf(stderr, "usertests: no such test\n");
        return 2;
    }
    printf("1..%d\n", test_count);
    return failed_count > 0;
}
