// futex(2) as one thread sees it: waits that end at once or in time, wakes that wake nobody, what is refused.
// libc: none
#include "check.h"

#define WAIT 0
#define WAKE 1
#define WAIT_BITSET 9
#define WAKE_BITSET 10
#define PRIVATE 128
#define REALTIME 256

static int words[4] = {5, 0, 0, 0};

static long now(long clock)
{
    struct timespec time;
    sys_clock_gettime(clock, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(void)
{
    struct timespec time = {0, 10000000};
    SAY("the word has another value");
    SHOW(sys_futex(words, WAIT, 6, NULL, NULL, 0));
    SHOW(sys_futex(words, WAIT | PRIVATE, 6, NULL, NULL, 0));
    SHOW(sys_futex(words, WAIT_BITSET | PRIVATE, 6, NULL, NULL, -1));
    SAY("nobody wakes us");
    long begin = now(CLOCK_MONOTONIC);
    SHOW(sys_futex(words, WAIT | PRIVATE, 5, &time, NULL, 0));
    SHOW(sys_futex(words, WAIT, 5, &time, NULL, 0));
    IS(now(CLOCK_MONOTONIC) - begin >= 20000000);
    SAY("until a time");
    begin = now(CLOCK_MONOTONIC);
    time.tv_sec = (begin + 10000000) / 1000000000, time.tv_nsec = (begin + 10000000) % 1000000000;
    SHOW(sys_futex(words, WAIT_BITSET | PRIVATE, 5, &time, NULL, -1));
    IS(now(CLOCK_MONOTONIC) - begin >= 10000000);
    long real = now(CLOCK_REALTIME) + 10000000;
    time.tv_sec = real / 1000000000, time.tv_nsec = real % 1000000000;
    SHOW(sys_futex(words, WAIT_BITSET | PRIVATE | REALTIME, 5, &time, NULL, -1));
    IS(now(CLOCK_REALTIME) >= real);
    time.tv_sec = time.tv_nsec = 0;
    SHOW(sys_futex(words, WAIT_BITSET | PRIVATE, 5, &time, NULL, -1));
    SHOW(sys_futex(words, WAIT | PRIVATE, 5, &time, NULL, 0));

    SAY("nobody to wake");
    SHOW(sys_futex(words, WAKE, 1, NULL, NULL, 0));
    SHOW(sys_futex(words, WAKE | PRIVATE, 0x7fffffff, NULL, NULL, 0));
    SHOW(sys_futex(words, WAKE_BITSET | PRIVATE, 1, NULL, NULL, -1));

    SAY("refused");
    SHOW(sys_futex(words, 99, 0, NULL, NULL, 0));
    SHOW(sys_futex(words, WAKE | REALTIME, 1, NULL, NULL, 0));
    SHOW(sys_futex((char *)words + 1, WAIT, 5, NULL, NULL, 0));
    SHOW(sys_futex((char *)words + 2, WAKE, 1, NULL, NULL, 0));
    SHOW(sys_futex(words, WAIT_BITSET, 5, NULL, NULL, 0));
    SHOW(sys_futex(words, WAKE_BITSET, 1, NULL, NULL, 0));
    time.tv_nsec = 1000000000;
    SHOW(sys_futex(words, WAIT, 5, &time, NULL, 0));
    time.tv_sec = -1, time.tv_nsec = 0;
    SHOW(sys_futex(words, WAIT, 5, &time, NULL, 0));
    SHOW(sys_futex((char *)0x100000000000, WAIT, 5, NULL, NULL, 0));
    SHOW(sys_futex((char *)0xffff800000000000, WAIT, 5, NULL, NULL, 0));
    SHOW(sys_futex(NULL, WAIT | PRIVATE, 0, NULL, NULL, 0));
    SHOW(sys_futex(words, WAIT, 5, (char *)0x100000000000, NULL, 0));
    SHOW(sys_futex((char *)0xffff800000000000, WAKE | PRIVATE, 1, NULL, NULL, 0));
    SHOW(sys_futex(END_OF_USER, WAIT | PRIVATE, 5, NULL, NULL, 0));
    SHOW(sys_futex((char *)0x8000000000000000, WAIT | PRIVATE, 5, NULL, NULL, 0));
    SAY("a word on a page not yet there, and in shared memory");
    map_at(BASE, PAGE, PROT_READ | PROT_WRITE);
    SHOW(sys_futex(BASE, WAIT | PRIVATE, 1, NULL, NULL, 0));
    SHOW(sys_futex(BASE, WAKE, 1, NULL, NULL, 0));
    sys_mmap(BASE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    SHOW(sys_futex(BASE, WAIT, 1, NULL, NULL, 0));
    SHOW(sys_futex(BASE, WAKE, 1, NULL, NULL, 0));
    return 0;
}
