/* Many processes at the same things at the same time, on as many harts as there are. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "usertests.h"

/* Run `count` children and wait for them; each must end well. */
static void run_children(int count, void (*child)(int number))
{
    for (int i = 0; i < count; i++) {
        if (must_fork() == 0) {
            child(i);
            _exit(0);
        }
    }
    for (int i = 0; i < count; i++) {
        int status;
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
}

/* Registers and memory of each survive being interrupted again and again. */
static void compute(int number)
{
    uint32_t seed = (uint32_t)number;
    uint32_t want = 0;
    for (int round = 0; round < 20; round++) {
        uint32_t sum = 0;
        seed = (uint32_t)number;
        for (int i = 0; i < 30000; i++) {
            sum += next_random(&seed) * 3 + sum / 7;
        }
        if (round == 0) {
            want = sum;
        }
        CHECK_EQ(sum, want);
        sched_yield();
    }
}

static void test_compute(void)
{
    run_children(8, compute);
}

static void churn_files(int number)
{
    char name[32], other[32];
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof(name), "own%d", number);
        snprintf(other, sizeof(other), "moved%d", number);
        put_file(name, name, strlen(name));
        check_file(name, name, strlen(name));
        CHECK_OK(rename(name, other));
        check_file(other, name, strlen(name));
        CHECK_OK(unlink(other));
    }
}

static void test_files(void)
{
    run_children(6, churn_files);
}

/* All make, open and remove the same name: each call does all of its work or none. */
static void fight_over_name(int number)
{
    for (int i = 0; i < 100; i++) {
        int fd = open("contested", O_RDWR | O_CREAT | (i % 3 == 0 ? O_EXCL : 0), 0644);
        CHECK(fd >= 0 || errno == EEXIST);
        if (fd >= 0) {
            must_write(fd, &number, sizeof(number));
            CHECK_OK(close(fd));
        }
        CHECK(unlink("contested") == 0 || errno == ENOENT);
        CHECK(mkdir("folder", 0755) == 0 || errno == EEXIST);
        CHECK(rmdir("folder") == 0 || errno == ENOENT);
    }
}

static void test_same_name(void)
{
    run_children(6, fight_over_name);
}

enum { APPEND_ROUNDS = 100, APPEND_SIZE = 33 };

static void append_records(int number)
{
    char record[APPEND_SIZE];
    int fd = must_open("log", O_WRONLY | O_APPEND | O_CREAT, 0644);
    memset(record, 'a' + number, sizeof(record));
    for (int i = 0; i < APPEND_ROUNDS; i++) {
        CHECK_EQ(write(fd, record, sizeof(record)), APPEND_SIZE);
    }
}

/* Appended records are neither lost nor mixed. */
static void test_append(void)
{
    enum { WRITERS = 5 };
    char record[APPEND_SIZE];
    int counts[WRITERS] = {0};
    run_children(WRITERS, append_records);
    int fd = must_open("log", O_RDONLY, 0);
    while (read_full(fd, record, sizeof(record)) == APPEND_SIZE) {
        for (int i = 1; i < APPEND_SIZE; i++) {
            CHECK_EQ(record[i], record[0]);
        }
        counts[record[0] - 'a']++;
    }
    for (int i = 0; i < WRITERS; i++) {
        CHECK_EQ(counts[i], APPEND_ROUNDS);
    }
}

static void fork_and_wait(int number)
{
    for (int i = 0; i < 30; i++) {
        pid_t pid = must_fork();
        if (pid == 0) {
            _exit((number + i) & 0x7f);
        }
        CHECK_EQ(must_wait(pid), ((number + i) & 0x7f) << 8);
    }
}

static void test_fork(void)
{
    run_children(6, fork_and_wait);
}

static void exec_and_wait(int number)
{
    char count[16];
    snprintf(count, sizeof(count), "%d", 3 + number % 2);
    for (int i = 0; i < 5; i++) {
        pid_t pid = must_fork();
        if (pid == 0) {
            execl(self_path, self_path, "--helper", "chain", count, (char *)NULL);
            _exit(126);
        }
        must_succeed(pid);
    }
}

static void test_exec(void)
{
    run_children(4, exec_and_wait);
}

/* Kill children at whatever they are doing: computing, sleeping, writing, forking. */
static void busy(int number)
{
    static char block[5000];
    for (int i = 0;; i++) {
        switch (number % 4) {
        case 0: break;
        case 1: sleep_ms(1); break;
        case 2: put_file("busy", block, sizeof(block)); break;
        default: {
            pid_t pid = fork();
            if (pid == 0) {
                _exit(0);
            }
            if (pid > 0) {
                waitpid(pid, NULL, 0);
            }
        }
        }
    }
}

static void test_kill(void)
{
    uint32_t seed = 99;
    for (int i = 0; i < 60; i++) {
        pid_t pid = must_fork();
        if (pid == 0) {
            busy(i);
        }
        sleep_ms((int)(next_random(&seed) % 8));
        CHECK_OK(kill(pid, SIGKILL));
        int status = must_wait(pid);
        CHECK(WIFSIGNALED(status));
        CHECK_EQ(WTERMSIG(status), SIGKILL);
    }
}

static void grow_and_shrink(int number)
{
    for (int i = 0; i < 30; i++) {
        size_t size = (size_t)(1 + (number + i) % 7) * 40000;
        unsigned char *room = sbrk((ptrdiff_t)size);
        CHECK(room != (void *)-1);
        for (size_t at = 0; at < size; at += 512) {
            CHECK_EQ(room[at], 0);
            room[at] = (unsigned char)number;
        }
        for (size_t at = 0; at < size; at += 512) {
            CHECK_EQ(room[at], (unsigned char)number);
            room[at] = 0; /* the last page may stay, in part */
        }
        CHECK(sbrk(-(ptrdiff_t)size) != (void *)-1);
    }
}

static void test_memory(void)
{
    run_children(6, grow_and_shrink);
}

/* A line of processes, each handing on what the one before it says. */
static void test_pipeline(void)
{
    enum { STAGES = 12, BYTES = 20000 };
    static unsigned char buffer[BYTES];
    int first[2], in;
    CHECK_OK(pipe(first));
    in = first[0];
    for (int i = 0; i < STAGES; i++) {
        int next[2];
        CHECK_OK(pipe(next));
        if (must_fork() == 0) {
            close(first[1]);
            close(next[0]);
            ssize_t done;
            while ((done = read(in, buffer, 777)) > 0) {
                for (ssize_t j = 0; j < done; j++) {
                    buffer[j]++;
                }
                must_write(next[1], buffer, (size_t)done);
            }
            _exit(done == 0 ? 0 : 1);
        }
        close(in);
        close(next[1]);
        in = next[0];
    }
    if (must_fork() == 0) {
        close(in);
        for (size_t i = 0; i < BYTES; i++) {
            buffer[i] = pattern(i);
        }
        must_write(first[1], buffer, BYTES);
        _exit(0);
    }
    close(first[1]);
    CHECK_EQ(read_full(in, buffer, BYTES), BYTES);
    for (size_t i = 0; i < BYTES; i++) {
        CHECK_EQ(buffer[i], (unsigned char)(pattern(i) + STAGES));
    }
    for (int i = 0; i <= STAGES; i++) {
        int status;
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
}

const struct test tests_stress[] = {
    {"compute", test_compute, 0},     {"files", test_files, 0},
    {"same_name", test_same_name, 0}, {"append", test_append, 0},
    {"fork", test_fork, 0},           {"exec", test_exec, 0},
    {"kill", test_kill, 0},           {"memory", test_memory, 0},
    {"pipeline", test_pipeline, 0},   {0},
};
