// setitimer(2), alarm(2), timer_create(2) and their kin: they come in time, once or again, with their
// codes and values.
// libc: none
// cases: interval posix
#include "bad_pointers.h"
#include "handlers.h"

struct itimerval {
    struct timeval interval, value;
};
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
static long now(long clock)
{
    struct timespec time;
    sys_clock_gettime(clock, &time);
    return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}
static void wait_for(int times)
{
    while (count < times) wait_with(0);
}
static void work_until(int times)
{
    while (count < times) {
        for (volatile int i = 0; i < 10000; ++i) {}
    }
}

static int set_timer(long which, long microseconds, long interval)
{
    struct itimerval timer = {{interval / 1000000, interval % 1000000},
                              {microseconds / 1000000, microseconds % 1000000}};
    return (int)sys_setitimer(which, &timer, NULL);
}

static void interval_timers(void)
{
    struct itimerval timer;
    handle(SIGALRM, note, SA_SIGINFO, 0);
    handle(SIGVTALRM, note, SA_SIGINFO, 0);
    handle(SIGPROF, note, SA_SIGINFO, 0);
    block(BIT(SIGALRM));
    SAY("once");
    count = 0;
    long begin = now(CLOCK_MONOTONIC);
    SHOW(set_timer(0, 30000, 0));
    wait_for(1);
    IS(now(CLOCK_MONOTONIC) - begin >= 30000);
    SAY("    code %d", last.si_code);
    SHOW(sys_getitimer(0, &timer));
    IS(timer.value.tv_sec == 0 && timer.value.tv_usec == 0);
    SAY("again and again");
    begin = now(CLOCK_MONOTONIC);
    SHOW(set_timer(0, 20000, 10000));
    count = 0;
    wait_for(5);
    IS(now(CLOCK_MONOTONIC) - begin >= 60000);
    SHOW(sys_getitimer(0, &timer));
    IS(timer.interval.tv_usec == 10000 && timer.value.tv_usec <= 10000);
    SHOW(set_timer(0, 0, 10000)); // a value of zero stops it
    SHOW(sys_getitimer(0, &timer));
    SAY("    %ld %ld", (long)timer.interval.tv_usec, (long)timer.value.tv_usec);
    unblock(BIT(SIGALRM));
    SAY("the time that we use");
    count = 0;
    begin = now(CLOCK_PROCESS_CPUTIME_ID);
    SHOW(set_timer(1, 40000, 0));
    work_until(1);
    IS(now(CLOCK_PROCESS_CPUTIME_ID) - begin >= 30000);
    SAY("    %s", signal_name(last.si_signo));
    SHOW(set_timer(2, 40000, 0));
    work_until(2);
    SAY("    %s", signal_name(last.si_signo));
    SAY("alarm");
    SHOW(sys_alarm(100));
    SHOW(sys_alarm(200) >= 99);
    SHOW(sys_getitimer(0, &timer));
    IS(timer.value.tv_sec >= 198 && timer.value.tv_sec <= 200);
    SHOW(sys_alarm(0) >= 199);
    SHOW(sys_alarm(0));
    set_timer(0, 100, 0);
    SAY("what was there before");
    sys_alarm(0);
    set_timer(0, 50000000, 3000000);
    struct itimerval none = {{0, 0}, {0, 0}};
    SHOW(sys_setitimer(0, &none, &timer));
    IS(timer.value.tv_sec >= 49 && timer.value.tv_sec <= 50 && timer.interval.tv_sec == 3);
    SAY("refused");
    SHOW(sys_setitimer(3, &none, NULL));
    SHOW(sys_setitimer(-1, &none, NULL));
    SHOW(sys_getitimer(3, &timer));
    none.value.tv_usec = 1000000;
    SHOW(sys_setitimer(0, &none, NULL));
    none.value.tv_usec = -1;
    SHOW(sys_setitimer(0, &none, NULL));
    none.value.tv_usec = 0, none.value.tv_sec = -1;
    SHOW(sys_setitimer(0, &none, NULL));
    WITH_BAD_POINTERS(bad ? sys_setitimer(0, bad, NULL) : -EFAULT);
    WITH_BAD_POINTERS(sys_getitimer(0, bad));
}

static void posix_timers(void)
{
    int id = -1, second = -1;
    struct sigevent event;
    struct KernelItimerspec setting = {{0, 0}, {0, 20000000}}, got;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = 40;
    event.sigev_value.sival_int = 1234;
    handle(40, note, SA_SIGINFO, 0);
    handle(SIGALRM, note, SA_SIGINFO, 0);
    block(BIT(40) | BIT(SIGALRM));
    SAY("a signal with a value");
    SHOW(sys_timer_create(CLOCK_MONOTONIC, &event, &id));
    SHOW(id);
    SHOW(sys_timer_gettime(id, &got));
    IS(got.value.tv_sec == 0 && got.value.tv_nsec == 0);
    count = 0;
    SHOW(sys_timer_settime(id, 0, &setting, NULL));
    wait_for(1);
    SAY("    %s, code %d, value %d, timer %d, overrun %d", signal_name(last.si_signo), last.si_code,
        last.si_value.sival_int, last.si_timerid, last.si_overrun);
    SHOW(sys_timer_getoverrun(id));
    SAY("without an event: SIGALRM and its own number");
    SHOW(sys_timer_create(CLOCK_REALTIME, NULL, &second));
    SHOW(second);
    count = 0;
    SHOW(sys_timer_settime(second, 0, &setting, NULL));
    wait_for(1);
    SAY("    %s, code %d, value %d", signal_name(last.si_signo), last.si_code, last.si_value.sival_int);
    SAY("overruns");
    setting.interval.tv_nsec = 1000000;
    setting.value.tv_nsec = 1000000;
    count = 0;
    SHOW(sys_timer_settime(id, 0, &setting, NULL));
    struct timespec little = {0, 50000000};
    sys_nanosleep(&little, NULL); // blocked meanwhile
    wait_for(1);
    IS(last.si_overrun >= 10);
    IS(sys_timer_getoverrun(id) == last.si_overrun);
    SHOW(sys_timer_gettime(id, &got));
    IS(got.interval.tv_nsec == 1000000 && got.value.tv_nsec <= 1000000);
    SAY("stopped");
    setting.value.tv_nsec = setting.interval.tv_nsec = 0;
    SHOW(sys_timer_settime(id, 0, &setting, &got));
    IS(got.interval.tv_nsec == 1000000);
    SAY("at a time that has been");
    count = 0;
    setting.value.tv_sec = 0, setting.value.tv_nsec = 1;
    SHOW(sys_timer_settime(id, TIMER_ABSTIME, &setting, NULL));
    wait_for(1);
    SAY("    %s", signal_name(last.si_signo));
    SAY("no notification");
    event.sigev_notify = SIGEV_NONE;
    int third = -1;
    SHOW(sys_timer_create(CLOCK_MONOTONIC, &event, &third));
    SHOW(third);
    setting.value.tv_sec = 100, setting.value.tv_nsec = 0;
    SHOW(sys_timer_settime(third, 0, &setting, NULL));
    SHOW(sys_timer_gettime(third, &got));
    IS(got.value.tv_sec == 99 || got.value.tv_sec == 100);
    SAY("a child has none of them");
    long child = sys_fork();
    if (child == 0) leave(sys_timer_gettime(id, &got) == -EINVAL ? 0 : 1);
    show_end("    it", child);
    SAY("refused");
    SHOW(sys_timer_create(99, NULL, &id));
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = 65;
    SHOW(sys_timer_create(CLOCK_MONOTONIC, &event, &id));
    event.sigev_signo = 40, event.sigev_notify = 77;
    SHOW(sys_timer_create(CLOCK_MONOTONIC, &event, &id));
    SHOW(sys_timer_settime(99, 0, &setting, NULL));
    setting.value.tv_nsec = 1000000000;
    SHOW(sys_timer_settime(third, 0, &setting, NULL));
    SHOW(sys_timer_settime(third, 0, NULL, NULL));
    SHOW(sys_timer_gettime(99, &got));
    SHOW(sys_timer_getoverrun(99));
    WITH_BAD_POINTERS(sys_timer_gettime(third, bad));
    WITH_BAD_POINTERS(bad ? sys_timer_create(CLOCK_MONOTONIC, bad, &id) : -EFAULT);
    WITH_BAD_POINTERS(sys_timer_create(CLOCK_MONOTONIC, NULL, bad));
    SAY("deleted");
    SHOW(sys_timer_delete(third));
    SHOW(sys_timer_delete(third));
    SHOW(sys_timer_gettime(third, &got));
    SHOW(sys_timer_delete(second));
    SHOW(sys_timer_delete(0));
}

int main(int argc, char **argv)
{
    if (same_text(argv[argc - 1], "interval")) interval_timers();
    if (same_text(argv[argc - 1], "posix")) posix_timers();
    return 0;
}
