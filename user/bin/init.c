/*
 * init: process 1. It opens the console, then either runs the one command tools/run put into the
 * ramdisk and powers the machine off, or /etc/rc and shells for ever. Orphans come to it to be
 * reaped.
 *
 * Words of the kernel's command line that the kernel did not know arrive as arguments and go on to
 * /etc/rc; those of the form NAME=VALUE arrive as environment, for every program.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "user/lib/tool.h"

#define CONSOLE      "/dev/console"
#define COMMAND_FILE "/run/tarn/command"
#define NONCE_FILE   "/run/tarn/nonce"
#define RC_FILE      "/etc/rc"
#define MOTD_FILE    "/etc/motd"

/* A shell that ends sooner is started again only after a pause of as long. */
#define RESPAWN_SECONDS 1

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Mount what the kernel has not: `probe` is a file that is there once `target` is mounted. */
static void mount_unless(const char *probe, const char *type, const char *target)
{
    if (exists(probe)) {
        return;
    }
    mkdir(target, 0755);
    if (mount(type, target, type, 0, NULL) < 0) {
        tool_warn_errno("%s", target);
    }
}

/* Make `fd` standard input, output and error. */
static void use_for_stdio(int fd)
{
    for (int i = 0; i < 3; i++) {
        if (fd != i) {
            dup2(fd, i);
        }
    }
    if (fd > 2) {
        close(fd);
    }
}

/* In a child: a session of its own, with the console as its terminal and itself in the foreground.
 */
static void own_session(void)
{
    setsid();
    int fd = open(CONSOLE, O_RDWR);
    if (fd < 0) {
        tool_warn_errno("%s", CONSOLE);
        return;
    }
    use_for_stdio(fd);
    ioctl(STDIN_FILENO, TIOCSCTTY, 1L); /* 1: take it from a session that has it */
    tcsetpgrp(STDIN_FILENO, getpgrp());
}

/* Start a program in a session of its own; input is /dev/null if `quiet`. Its process id. */
static pid_t start(const char *path, char *const argv[], bool quiet)
{
    pid_t pid = fork();
    if (pid < 0) {
        tool_warn_errno("%s", "fork");
    }
    if (pid != 0) {
        return pid;
    }
    own_session();
    if (quiet) {
        int fd = open("/dev/null", O_RDONLY);
        dup2(fd, STDIN_FILENO);
        close(fd);
    }
    execv(path, argv);
    tool_warn_errno("%s", path);
    _exit(127);
}

/* Reap whoever ends until `pid` does; its wait status. */
static int reap_until(pid_t pid)
{
    int status = 127 << 8;
    while (pid > 0) {
        int ended_status;
        pid_t ended = wait(&ended_status);
        if (ended == pid) {
            return ended_status;
        }
        if (ended < 0 && errno != EINTR) {
            break;
        }
    }
    return status;
}

/* A whole small file as a string in malloc()ed memory, or NULL. */
static char *read_file(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        tool_warn_errno("%s", path);
        return NULL;
    }
    char *text = malloc((size_t)st.st_size + 1);
    ssize_t length = text ? read(fd, text, (size_t)st.st_size) : -1;
    close(fd);
    if (length < 0) {
        tool_warn_errno("%s", path);
        free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}

/* A mark tools/run looks for: byte 1, the nonce that no program's output can guess, and what it is.
 */
static void print_mark(const char *nonce, const char *what)
{
    out_fmt("\001%s%s\n", nonce, what);
    out_flush();
}

static void print_kernel_log(void)
{
    int size = klogctl(ABI_SYSLOG_SIZE_BUFFER, NULL, 0);
    char *log = size > 0 ? malloc((size_t)size) : NULL;
    if (!log) {
        return;
    }
    int length = klogctl(ABI_SYSLOG_READ_CLEAR, log, size);
    tool_write_all(STDOUT_FILENO, log, length > 0 ? (size_t)length : 0);
    free(log);
}

/* The console passes every byte as it is, so that the host gets what the command wrote. */
static void raw_output(void)
{
    struct termios mode;
    if (tcgetattr(STDOUT_FILENO, &mode) < 0) {
        tool_warn_errno("%s", CONSOLE);
        return;
    }
    mode.c_oflag &= ~(tcflag_t)OPOST;
    tcsetattr(STDOUT_FILENO, TCSANOW, &mode);
}

/*
 * Run the command of COMMAND_FILE for tools/run: between two marks its output and nothing else, its
 * status in the second, then what the kernel logged meanwhile, a last mark, and power off.
 */
static void run_command(void)
{
    char *command = read_file(COMMAND_FILE);
    char *nonce = read_file(NONCE_FILE);
    if (command && nonce) {
        nonce[strcspn(nonce, "\n")] = '\0';
        raw_output();
        klogctl(ABI_SYSLOG_CONSOLE_LEVEL, NULL, 1);
        klogctl(ABI_SYSLOG_CLEAR, NULL, 0);
        print_mark(nonce, "B");
        char *const argv[] = {"sh", "-c", command, NULL};
        int status = reap_until(start("/bin/sh", argv, true));
        kill(-1, SIGKILL); /* what it left running in the background must not write any more */
        out_fmt("\001%sE%d\n", nonce,
                WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        out_flush();
        print_kernel_log();
        print_mark(nonce, "X");
    }
    sync();
    reboot(RB_POWER_OFF);
    tool_warn_errno("%s", "power off");
}

static void run_rc(int argc, char **argv)
{
    char **words = tool_alloc(((size_t)argc + 2) * sizeof(*words));
    words[0] = "sh";
    words[1] = RC_FILE;
    for (int i = 1; i <= argc; i++) {
        words[i + 1] = argv[i]; /* the NULL at the end as well */
    }
    reap_until(start("/bin/sh", words, false));
    free(words);
}

static void greet(void)
{
    char *text = exists(MOTD_FILE) ? read_file(MOTD_FILE) : NULL;
    if (text) {
        tool_write_all(STDOUT_FILENO, text, strlen(text));
        free(text);
    }
}

static void run_shells(void)
{
    char *const argv[] = {"-sh", NULL};
    for (;;) {
        struct timespec began, ended;
        clock_gettime(CLOCK_MONOTONIC, &began);
        reap_until(start("/bin/sh", argv, false));
        clock_gettime(CLOCK_MONOTONIC, &ended);
        if (ended.tv_sec - began.tv_sec < RESPAWN_SECONDS) {
            sleep(RESPAWN_SECONDS);
        }
    }
}

int main(int argc, char **argv)
{
    tool_init(argv);
    if (getpid() != 1) {
        tool_die("runs as process 1 only");
    }
    mount_unless(CONSOLE, "devtmpfs", "/dev");
    int fd = open(CONSOLE, O_RDWR);
    if (fd >= 0) {
        use_for_stdio(fd);
    }
    setsid(); /* fails when the kernel made it a leader already */
    mount_unless("/proc/meminfo", "proc", "/proc");
    setenv("PATH", "/bin:/sbin", 0);
    setenv("HOME", "/root", 0);
    setenv("TERM", "vt100", 0);
    setenv("USER", "root", 0);
    if (chdir(getenv("HOME")) < 0) {
        chdir("/");
    }
    if (exists(COMMAND_FILE)) {
        run_command();
    }
    if (exists(RC_FILE)) {
        run_rc(argc, argv);
    }
    greet();
    run_shells();
}
