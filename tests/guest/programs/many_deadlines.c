// Many at once that wait for a time: sleepers wake in the order of their deadlines, whatever the order in
// which they went to sleep; of two hundred timers each is found by its number, until it is deleted.
// libc: none
#include "areas.h"
#include "handlers.h"

#define SLEEPERS 40
#define TIMERS 200
#define SPACE 5000000L // ns

struct KernelItimerspec {
    struct timespec interval, value;
};
CALL3(timer_create, long, Pointer, Pointer)
CALL4(timer_settime, long, long, Pointer, Pointer)
CALL2(timer_gettime, long, Pointer)
CALL1(timer_delete, long)

static struct timespec later(struct timespec from, long nanoseconds)
{
    nanoseconds += from.tv_nsec;
    return (struct timespec){from.tv_sec + nanoseconds / 1000000000, nanoseconds % 1000000000};
}

static int is_before(struct timespec one, struct timespec other)
{
    return one.tv_sec < other.tv_sec || (one.tv_sec == other.tv_sec && one.tv_nsec < other.tv_nsec);
}

// The first deadline is so far away. Whether all slept before it came: otherwise their order says nothing.
static int slept_in_time(long nanoseconds, char *order)
{
    struct timespec begin, now;
    int awake[2];
    long children[SLEEPERS];
    make_pipe(awake);
    sys_clock_gettime(CLOCK_MONOTONIC, &begin);
    begin = later(begin, nanoseconds);
    for (int i = 0; i < SLEEPERS; ++i) {
        char number = (char)(i * 23 % SLEEPERS); // each once
        children[i] = sys_fork();
        if (children[i] != 0) continue;
        struct timespec until = later(begin, number * SPACE);
        sys_clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        sys_write(awake[1], &number, 1);
        leave(0);
    }
    for (int i = 0; i < SLEEPERS; ++i) wait_for_state(children[i], 'S');
    sys_clock_gettime(CLOCK_MONOTONIC, &now);
    for (int i = 0; i < SLEEPERS; ++i) sys_wait4(-1, NULL, 0, NULL);
    long got = sys_read(awake[0], order, SLEEPERS);
    sys_close(awake[0]);
    sys_close(awake[1]);
    return got == SLEEPERS && is_before(now, begin);
}

static void sleepers(void)
{
    char order[SLEEPERS];
    long nanoseconds = 100000000;
    while (!slept_in_time(nanoseconds, order)) nanoseconds *= 2; // a machine that has much else to do
    int in_order = 1;
    for (int i = 0; i < SLEEPERS; ++i) in_order &= order[i] == i;
    IS(in_order);
}

static void timers(void)
{
    static int ids[TIMERS];
    struct sigevent event;
    struct KernelItimerspec setting = {{0, 0}, {0, 0}};
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_NONE;
    struct rlimit enough = {2 * TIMERS, 2 * TIMERS}; // how many there may be depends on the machine's memory
    sys_setrlimit(RLIMIT_SIGPENDING, &enough);
    int made = 0, set = 0, deleted = 0, found = 0, missing = 0;
    for (int i = 0; i < TIMERS; ++i) made += sys_timer_create(CLOCK_MONOTONIC, &event, &ids[i]) == 0;
    for (int i = 0; i < TIMERS; ++i) {
        setting.value.tv_sec = 1000 + 10 * (i * 77 % TIMERS);
        set += sys_timer_settime(ids[i], 0, &setting, NULL) == 0;
    }
    for (int i = 0; i < TIMERS; i += 3) deleted += sys_timer_delete(ids[i]) == 0;
    for (int i = 0; i < TIMERS; ++i) {
        long result = sys_timer_gettime(ids[i], &setting);
        long of_this = 1000 + 10 * (i * 77 % TIMERS);
        if (result == -EINVAL && i % 3 == 0) ++missing;
        if (result == 0 && i % 3 != 0 && setting.value.tv_sec < of_this &&
            setting.value.tv_sec >= of_this - 10)
            ++found;
    }
    SAY("%d made, %d set, %d deleted, %d found, %d missing", made, set, deleted, found, missing);
    SHOW(sys_timer_delete(ids[0]));
    SHOW(sys_timer_delete(ids[1]));
    SHOW(sys_timer_delete(ids[1]));
    SHOW(sys_timer_delete(-1));
}

int main(void)
{
    sleepers();
    timers();
    return 0;
}
