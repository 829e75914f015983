// timer_create(2): on processor time, to one thread, for a signal that is ignored or blocked meanwhile; what
// exec does to timers is in exec_kept.
// libc: none
#include "handlers.h"

struct KernelItimerspec {
    struct timespec interval, value;
};
CALL3(timer_create, long, Pointer, Pointer)
CALL4(timer_settime, long, long, Pointer, Pointer)
CALL2(timer_gettime, long, Pointer)
CALL1(timer_getoverrun, long)
CALL1(timer_delete, long)

static volatile int count;
static volatile siginfo_t last;
static void note(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    last = *info;
    ++count;
}

static int make(long clock, int notify, int signal, int value)
{
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = notify;
    event.sigev_signo = signal;
    event.sigev_value.sival_int = value;
    event._sigev_un._tid = (int)sys_gettid();
    int id = -1;
    SHOW(sys_timer_create(clock, &event, &id));
    return id;
}
static long set(int id, long microseconds, long interval)
{
    struct KernelItimerspec setting = {{interval / 1000000, interval % 1000000 * 1000},
                                       {microseconds / 1000000, microseconds % 1000000 * 1000}};
    return sys_timer_settime(id, 0, &setting, NULL);
}
static long left(int id)
{
    struct KernelItimerspec got;
    sys_timer_gettime(id, &got);
    return got.value.tv_sec * 1000000000 + got.value.tv_nsec;
}
static void work_until(int times)
{
    while (count < times) {
        for (volatile int i = 0; i < 10000; ++i) {}
    }
}
static void sleep_for(long milliseconds)
{
    struct timespec time = {0, milliseconds * 1000000};
    while (sys_nanosleep(&time, &time) == -EINTR) {}
}

int main(void)
{
    handle(SIGUSR1, note, SA_SIGINFO, 0);
    handle(40, note, SA_SIGINFO, 0);
    SAY("on processor time");
    int id = make(CLOCK_PROCESS_CPUTIME_ID, SIGEV_SIGNAL, SIGUSR1, 11);
    SHOW(set(id, 50000, 0));
    IS(left(id) > 0 && left(id) <= 50000000);
    sleep_for(80);
    IS(count == 0); // asleep it uses none
    work_until(1);
    SAY("    %s, code %d, value %d", signal_name(last.si_signo), last.si_code, last.si_value.sival_int);
    IS(left(id) == 0);
    SHOW(set(id, 20000, 20000));
    work_until(4);
    SHOW(sys_timer_delete(id));
    id = make(CLOCK_THREAD_CPUTIME_ID, SIGEV_SIGNAL, SIGUSR1, 12);
    count = 0;
    SHOW(set(id, 30000, 0));
    work_until(1);
    SAY("    value %d", last.si_value.sival_int);
    SHOW(sys_timer_delete(id));

    SAY("to one thread");
    count = 0;
    id = make(CLOCK_MONOTONIC, SIGEV_THREAD_ID, 40, 13);
    SHOW(set(id, 5000, 0));
    while (count < 1) wait_with(0);
    SAY("    signal %d, code %d, value %d", last.si_signo, last.si_code, last.si_value.sival_int);

    SAY("blocked: one signal, however often");
    block(BIT(40));
    count = 0;
    SHOW(set(id, 1000, 1000));
    sleep_for(30);
    SHOW(count);
    SHOW(set(id, 0, 0));
    unblock(BIT(40));
    SHOW(count);

    SAY("its signal and that of another");
    block(BIT(40));
    count = 0;
    SHOW(set(id, 1000, 0));
    sleep_for(10);
    SHOW(queue(sys_getpid(), 40, 99));
    unblock(BIT(40));
    SHOW(count);
    SAY("    the last: code %d, value %d", last.si_code, last.si_value.sival_int);

    SAY("two timers, one ordinary signal: each has its own");
    int second = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 21),
        third = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 22);
    block(BIT(SIGUSR1));
    count = 0;
    set(second, 1000, 0);
    set(third, 2000, 0);
    sleep_for(10);
    unblock(BIT(SIGUSR1));
    SHOW(count);
    SAY("    the last: value %d", last.si_value.sival_int);

    SAY("ignored for a while");
    ignore(SIGUSR1);
    set(second, 1000, 5000);
    sleep_for(20);
    count = 0;
    handle(SIGUSR1, note, SA_SIGINFO, 0);
    work_until(2); // without another word about signals
    SAY("    it goes on");
    SHOW(sys_timer_delete(second));
    SHOW(sys_timer_delete(third));

    SAY("by the wall clock");
    count = 0;
    second = make(CLOCK_REALTIME, SIGEV_SIGNAL, SIGUSR1, 31);
    struct KernelItimerspec setting = {{0, 0}, {0, 0}};
    sys_clock_gettime(CLOCK_REALTIME, &setting.value);
    setting.value.tv_nsec += 5000000;
    if (setting.value.tv_nsec >= 1000000000) setting.value.tv_sec++, setting.value.tv_nsec -= 1000000000;
    SHOW(sys_timer_settime(second, TIMER_ABSTIME, &setting, NULL));
    while (count < 1) wait_with(0);
    SAY("    value %d", last.si_value.sival_int);
    setting.value.tv_sec += 1000;
    SHOW(sys_timer_settime(second, TIMER_ABSTIME, &setting, NULL));
    IS(left(second) > 999000000000 && left(second) <= 1000000000000);

    SAY("deleted while its signal waits: another timer is not mistaken for it");
    block(BIT(SIGUSR1));
    third = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 41);
    set(third, 1000, 0);
    sleep_for(10);
    SHOW(sys_timer_delete(third));
    third = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 42);
    last.si_value.sival_int = 0;
    unblock(BIT(SIGUSR1)); // (whether the other's signal still comes is nobody's promise)
    IS(last.si_value.sival_int != 42);
    SHOW(set(third, 1000, 0));
    while (last.si_value.sival_int != 42) wait_with(0);
    SHOW(sys_timer_delete(third));

    SAY("refused");
    make(CLOCK_MONOTONIC_RAW, SIGEV_SIGNAL, SIGUSR1, 0);
    make(CLOCK_MONOTONIC_COARSE, SIGEV_SIGNAL, SIGUSR1, 0);
    make(CLOCK_MONOTONIC, SIGEV_SIGNAL, 0, 0);
    make(CLOCK_MONOTONIC, SIGEV_SIGNAL, 65, 0);
    make(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);
    make(CLOCK_MONOTONIC, 3, SIGUSR1, 0);
    make(-1, SIGEV_SIGNAL, SIGUSR1, 0);
    return 0;
}
