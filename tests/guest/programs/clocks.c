// clock_gettime(2), clock_getres(2), gettimeofday(2), time(2): clocks that run forward and agree; what is
// refused.
// libc: musl
#include <sys/time.h>

#include "bad_pointers.h"

static long nanoseconds(long clock)
{
    struct timespec time = {-1, -1};
    long result = sys_clock_gettime(clock, &time);
    if (result) return result;
    if (time.tv_nsec < 0 || time.tv_nsec > 999999999)
        SAY("clock %ld: tv_nsec %ld", clock, (long)time.tv_nsec);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(void)
{
    static const long clocks[] = {CLOCK_REALTIME,          CLOCK_MONOTONIC,     CLOCK_PROCESS_CPUTIME_ID,
                                  CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
                                  CLOCK_MONOTONIC_COARSE,  CLOCK_BOOTTIME,      CLOCK_TAI};
    for (unsigned i = 0; i < sizeof clocks / sizeof clocks[0]; ++i) {
        struct timespec resolution = {-1, -1};
        int forward = 1;
        long last = nanoseconds(clocks[i]);
        for (int n = 0; n < 1000; ++n) {
            long now = nanoseconds(clocks[i]);
            forward &= now >= last;
            last = now;
        }
        long result = sys_clock_getres(clocks[i], &resolution);
        int fine = resolution.tv_sec == 0 && resolution.tv_nsec >= 1 && resolution.tv_nsec <= 10000000;
        SAY("clock %ld: positive %d, forward %d, resolution %s %d", clocks[i], last > 0, forward,
            result ? errno_name(-result) : "ok", fine);
    }
    SAY("they move while one waits");
    long monotonic = nanoseconds(CLOCK_MONOTONIC), real = nanoseconds(CLOCK_REALTIME);
    long boot = nanoseconds(CLOCK_BOOTTIME), coarse = nanoseconds(CLOCK_MONOTONIC_COARSE);
    while (nanoseconds(CLOCK_MONOTONIC) - monotonic < 50000000) {}
    long moved = nanoseconds(CLOCK_REALTIME) - real;
    IS(moved >= 49000000 && moved < 5000000000);
    moved = nanoseconds(CLOCK_BOOTTIME) - boot;
    IS(moved >= 49000000 && moved < 5000000000);
    moved = nanoseconds(CLOCK_MONOTONIC_COARSE) - coarse;
    IS(moved >= 30000000 && moved < 5000000000);
    IS(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) > 10000000);

    SAY("the time of day");
    struct timeval day = {-1, -1};
    SHOW(sys_gettimeofday(&day, NULL));
    long seconds = nanoseconds(CLOCK_REALTIME) / 1000000000, kept = -1;
    IS(seconds - day.tv_sec >= 0 && seconds - day.tv_sec <= 2 && day.tv_usec >= 0 && day.tv_usec < 1000000);
    long said = sys_time(&kept);
    IS(said == kept && said - seconds >= -1 && said - seconds <= 2);
    IS(sys_time(NULL) >= said);
    IS(seconds > 1700000000);
    int zone[2] = {-1, -1};
    SHOW(sys_gettimeofday(NULL, zone));
    SAY("%d %d", zone[0], zone[1]);
    SHOW(sys_gettimeofday(NULL, NULL));
    SHOW(sys_clock_getres(CLOCK_MONOTONIC, NULL));

    SAY("refused");
    struct timespec time;
    SHOW(sys_clock_gettime(10, &time));
    SHOW(sys_clock_gettime(12, &time));
    SHOW(sys_clock_gettime(1000, &time));
    SHOW(sys_clock_getres(10, &time));
    SHOW(sys_clock_getres(99, &time));
    WITH_BAD_POINTERS(sys_clock_gettime(CLOCK_REALTIME, bad));
    WITH_BAD_POINTERS(sys_clock_getres(CLOCK_REALTIME, bad));
    WITH_BAD_POINTERS(sys_gettimeofday(bad, NULL));
    WITH_BAD_POINTERS(sys_gettimeofday(NULL, bad));
    SHOW(sys_time((char *)0x100000000000));
    SHOW(sys_time((char *)0xffff800000000000));
    SHOW(sys_time(read_only_page()));
    SHOW(sys_clock_gettime(CLOCK_MONOTONIC, last_bytes(15)));
    SHOW(sys_clock_gettime(CLOCK_MONOTONIC, read_only_page()));
    return 0;
}
