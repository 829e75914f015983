// rt_sigtimedwait(2): takes pending signals in their order, waits for others, gives up in time; what
// it refuses.
// libc: none
#include "areas.h"
#include "bad_pointers.h"
#include "handlers.h"

static long self;
static siginfo_t info;

static long take(unsigned long mask, long nanoseconds)
{
    struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    memset(&info, 0, sizeof info);
    return sys_rt_sigtimedwait(&mask, &info, nanoseconds < 0 ? NULL : &limit, 8);
}
static void show_taken(void)
{
    SAY("    si_signo %d, code %d, value %d", info.si_signo, info.si_code,
        info.si_code == SI_QUEUE ? info.si_value.sival_int : 0);
}
static void note(int signal, siginfo_t *got, void *context)
{
    (void)got, (void)context;
    SAY("    handler of %s", signal_name(signal));
}
static long now(void)
{
    struct timespec time;
    sys_clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

static int ends[2];
static int sender(void)
{
    sys_close(ends[1]);
    hear(ends[0]);
    queue(sys_getppid(), 35, 77);
    return 6;
}

int main(void)
{
    self = sys_getpid();
    block(~0ul);
    SAY("nothing there");
    SHOW(take(BIT(SIGUSR1), 0));
    long begin = now();
    SHOW(take(BIT(SIGUSR1), 20000000));
    IS(now() - begin >= 20000000);
    SAY("one is there");
    sys_kill(self, SIGUSR1);
    SHOW(take(BIT(SIGUSR1), 0));
    show_taken();
    SAY("    pending %lx", pending());
    SAY("another than asked for");
    sys_kill(self, SIGUSR2);
    SHOW(take(BIT(SIGUSR1), 0));
    SHOW(take(~0ul, 0));
    show_taken();
    SAY("in order");
    queue(self, 36, 1);
    queue(self, 35, 2);
    queue(self, 36, 3);
    sys_kill(self, SIGTERM);
    for (int i = 0; i < 5; ++i) {
        SHOW(take(BIT(35) | BIT(36) | BIT(SIGTERM), 0));
        if (info.si_signo) show_taken();
    }
    SAY("from a child, waited for without end");
    make_pipe(ends);
    long child = start(sender);
    tell(ends[1]);
    SHOW(take(BIT(35), -1));
    show_taken();
    IS(info.si_pid == child);
    SHOW(take(BIT(SIGCHLD), -1));
    SAY("    code %d, status %d", info.si_code, info.si_status);
    show_end("    it", child);
    SAY("one that is neither blocked nor of any effect does not come");
    long waiter = self;
    unblock(BIT(SIGWINCH));
    child = sys_fork();
    if (child == 0) {
        wait_for_state(waiter, 'S');
        sys_kill(waiter, SIGWINCH);
        leave(0);
    }
    SHOW(take(BIT(SIGWINCH), 50000000));
    block(BIT(SIGWINCH));
    SHOW(take(BIT(SIGCHLD), -1));
    show_end("    the child", child);
    SAY("a handler's signal ends the wait");
    handle(SIGALRM, note, 0, 0);
    unblock(BIT(SIGALRM));
    struct {
        struct timeval interval, value;
    } timer = {{0, 0}, {0, 20000}};
    sys_setitimer(0, &timer, NULL);
    SHOW(take(BIT(SIGUSR1), 60000000000));
    SAY("a signal that is not blocked can be taken while waiting");
    timer.value.tv_usec = 20000;
    block(BIT(SIGALRM));
    sys_setitimer(0, &timer, NULL);
    SHOW(take(BIT(SIGALRM), -1));
    show_taken();
    SAY("the same number for all: SIGKILL and SIGSTOP are not waited for");
    SHOW(take(BIT(SIGKILL) | BIT(SIGSTOP), 0));
    SAY("refused");
    unsigned long mask = BIT(SIGUSR1);
    struct timespec odd = {0, 1000000000};
    SHOW(sys_rt_sigtimedwait(&mask, NULL, &odd, 8));
    odd.tv_nsec = -1;
    SHOW(sys_rt_sigtimedwait(&mask, NULL, &odd, 8));
    odd.tv_sec = -1, odd.tv_nsec = 0;
    SHOW(sys_rt_sigtimedwait(&mask, NULL, &odd, 8));
    odd.tv_sec = 0;
    SHOW(sys_rt_sigtimedwait(&mask, NULL, &odd, 4));
    WITH_BAD_POINTERS(sys_rt_sigtimedwait(bad, NULL, &odd, 8));
    WITH_BAD_POINTERS(bad ? sys_rt_sigtimedwait(&mask, NULL, bad, 8) : -EFAULT);
    sys_kill(self, SIGUSR1);
    SHOW(sys_rt_sigtimedwait(&mask, (void *)0x1000, &odd, 8));
    SAY("    pending %lx", pending()); // taken all the same
    sys_kill(self, SIGUSR1);
    SHOW(sys_rt_sigtimedwait(&mask, NULL, &odd, 8));
    return 0;
}
