// nanosleep(2), clock_nanosleep(2): at least as long as asked, relative and absolute; what is refused.
#include "bad_pointers.h"

static long now(void)
{
    struct timespec time;
    sys_clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

static struct timespec of(long nanoseconds)
{
    struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    return time;
}

int main(void)
{
    long begin = now();
    struct timespec time = of(20000000), rest = {7, 7};
    SHOW(sys_nanosleep(&time, &rest));
    IS(now() - begin >= 20000000 && now() - begin < 2000000000);
    SAY("an uninterrupted sleep leaves the rest alone: %ld %ld", (long)rest.tv_sec, (long)rest.tv_nsec);
    time = of(0);
    SHOW(sys_nanosleep(&time, NULL));
    time = of(1);
    SHOW(sys_nanosleep(&time, NULL));
    time = of(999999);
    begin = now();
    for (int i = 0; i < 10; ++i) sys_nanosleep(&time, NULL);
    IS(now() - begin >= 9999990);

    SAY("by a clock");
    begin = now();
    time = of(10000000);
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL));
    SHOW(sys_clock_nanosleep(CLOCK_REALTIME, 0, &time, NULL));
    SHOW(sys_clock_nanosleep(CLOCK_BOOTTIME, 0, &time, NULL));
    IS(now() - begin >= 30000000);
    SAY("until a time");
    begin = now();
    time = of(begin + 15000000);
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
    IS(now() - begin >= 15000000);
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
    time = of(0);
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
    SHOW(sys_clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL));
    sys_clock_gettime(CLOCK_REALTIME, &time);
    time = of(time.tv_sec * 1000000000 + time.tv_nsec + 5000000);
    SHOW(sys_clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL));

    SAY("refused");
    time = (struct timespec){0, 1000000000};
    SHOW(sys_nanosleep(&time, NULL));
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL));
    time = (struct timespec){0, -1};
    SHOW(sys_nanosleep(&time, NULL));
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
    time = (struct timespec){-1, 0};
    SHOW(sys_nanosleep(&time, NULL));
    SHOW(sys_clock_nanosleep(CLOCK_REALTIME, 0, &time, NULL));
    time = of(1000);
    SHOW(sys_clock_nanosleep(10, 0, &time, NULL));
    SHOW(sys_clock_nanosleep(99, 0, &time, NULL));
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC_RAW, 0, &time, NULL));
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC_COARSE, 0, &time, NULL));
    WITH_BAD_POINTERS(sys_nanosleep(bad, NULL));
    WITH_BAD_POINTERS(sys_clock_nanosleep(CLOCK_MONOTONIC, 0, bad, NULL));
    SHOW(sys_nanosleep(last_bytes(15), NULL));
    SAY("where to put the rest is not looked at when there is none");
    SHOW(sys_nanosleep(&time, (void *)0xffff800000000000));
    return 0;
}
