/* Clocks and sleeping. */
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
#include "usertests.h"

static int64_t to_ns(const struct timespec *ts)
{
    return (int64_t)ts->tv_sec * 1000000000 + ts->tv_nsec;
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    CHECK_OK(clock_gettime(clock, &now));
    CHECK(now.tv_nsec >= 0 && now.tv_nsec < 1000000000);
    return to_ns(&now);
}

static void test_monotonic(void)
{
    int64_t before = clock_ns(CLOCK_MONOTONIC);
    for (int i = 0; i < 20000; i++) {
        int64_t now = clock_ns(CLOCK_MONOTONIC);
        CHECK(now >= before);
        before = now;
    }
}

static void test_clocks(void)
{
    struct timespec now;
    struct timeval day;
    int64_t real = clock_ns(CLOCK_REALTIME);
    CHECK(real > 0);
    CHECK(clock_ns(CLOCK_MONOTONIC) > 0);
    CHECK_OK(gettimeofday(&day, NULL));
    CHECK(day.tv_sec - real / 1000000000 <= 30);
    CHECK_ERR(clock_gettime(12345, &now), EINVAL);
    CHECK_ERR(clock_gettime(-1000, &now), EINVAL);
    /* The clock itself is left alone; tests/kernel/rtc.test sets one. */
    CHECK_ERR(clock_settime(CLOCK_MONOTONIC, &now), EINVAL);
    CHECK_ERR(clock_settime(12345, &now), EINVAL);
    CHECK_ERR(clock_settime(CLOCK_REALTIME, &(struct timespec){.tv_sec = -1}), EINVAL);
    CHECK_ERR(clock_settime(CLOCK_REALTIME, &(struct timespec){.tv_nsec = 1000000000}), EINVAL);
    CHECK_ERR(settimeofday(&(struct timeval){.tv_usec = 1000000}, NULL), EINVAL);
}

/* Time used by the process grows while it computes, and does not while it sleeps. */
static void test_processor_time(void)
{
    int64_t start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    use_processor_ms(50);
    int64_t used = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start;
    CHECK(used >= 50000000);
    start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    int64_t real = clock_ns(CLOCK_MONOTONIC);
    sleep_ms(300);
    used = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start;
    CHECK(used < (clock_ns(CLOCK_MONOTONIC) - real) / 2);
    struct tms times_used;
    clock_t ticks = times(&times_used);
    CHECK(times_used.tms_utime + times_used.tms_stime >= 1);
    sleep_ms(100);
    CHECK(times(&times_used) - ticks >= 5);
}

/* A sleep is never shorter than asked for. */
static void test_sleep(void)
{
    const long lengths[] = {0, 1, 1000, 100000, 1000000, 20000000, 120000000};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct timespec request = {.tv_sec = 0, .tv_nsec = lengths[i]};
        int64_t start = clock_ns(CLOCK_MONOTONIC);
        CHECK_OK(nanosleep(&request, NULL));
        CHECK(clock_ns(CLOCK_MONOTONIC) - start >= lengths[i]);
    }
    int64_t start = now_ms();
    CHECK_OK(usleep(30000));
    CHECK(now_ms() - start >= 29);
}

static void test_sleep_errors(void)
{
    const struct timespec bad[] = {{.tv_sec = 0, .tv_nsec = -1},
                                   {.tv_sec = 0, .tv_nsec = 1000000000},
                                   {.tv_sec = -1, .tv_nsec = 0}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_ERR(nanosleep(&bad[i], NULL), EINVAL);
        CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &bad[i], NULL), EINVAL);
    }
    struct timespec none = {0};
    CHECK_EQ(clock_nanosleep(12345, 0, &none, NULL), EINVAL);
}

/* Until a time: what is past is no sleep at all. */
static void test_sleep_until(void)
{
    struct timespec when;
    CHECK_OK(clock_gettime(CLOCK_MONOTONIC, &when));
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL), 0);
    int64_t want = to_ns(&when) + 50000000;
    when.tv_sec = (time_t)(want / 1000000000);
    when.tv_nsec = (long)(want % 1000000000);
    CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL), 0);
    CHECK(clock_ns(CLOCK_MONOTONIC) >= want);
}

/* Sleepers wake in the order of their times, not of their going to sleep. */
static void test_order(void)
{
    enum { COUNT = 5 };
    int fds[2];
    char order[COUNT];
    CHECK_OK(pipe(fds));
    int64_t start = now_ms() + 200;
    for (int i = 0; i < COUNT; i++) {
        if (must_fork() == 0) {
            char c = (char)('a' + i);
            sleep_ms((int)(start - now_ms()) + (COUNT - i) * 200);
            must_write(fds[1], &c, 1);
            _exit(0);
        }
    }
    CHECK_EQ(read_full(fds[0], order, COUNT), COUNT);
    for (int i = 0; i < COUNT; i++) {
        CHECK_EQ(order[i], 'a' + COUNT - 1 - i);
    }
}

const struct test tests_time[] = {
    {"monotonic", test_monotonic, 0},
    {"clocks", test_clocks, 0},
    {"processor_time", test_processor_time, 0},
    {"sleep", test_sleep, 0},
    {"sleep_errors", test_sleep_errors, 0},
    {"sleep_until", test_sleep_until, 0},
    {"order", test_order, 0},
    {0},
};
