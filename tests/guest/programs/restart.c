// Calls that a signal interrupts: which go on by themselves with SA_RESTART, which give EINTR always,
// what is told of the rest.
// libc: none
#include <poll.h>

#include "areas.h"
#include "handlers.h"

static int ends[2];
static volatile int count, wanted;

// The timer's signal comes again and again; the last of them writes the byte that ends a restarted read.
static void tick(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    if (++count == wanted) sys_write(ends[1], "!", 1);
}

static void start_timer(unsigned long flags, int ticks)
{
    struct {
        struct timeval interval, value;
    } timer = {{0, 5000}, {0, 5000}};
    count = 0;
    wanted = ticks;
    handle(SIGALRM, tick, flags, 0);
    sys_setitimer(0, &timer, NULL);
}
static void stop_timer(void)
{
    struct {
        struct timeval interval, value;
    } timer = {{0, 0}, {0, 0}};
    sys_setitimer(0, &timer, NULL);
}

static int stay(void)
{
    sys_close(ends[1]);
    hear(ends[0]);
    return 3;
}

int main(void)
{
    char byte;
    int status;
    struct timespec remaining = {-1, -1}, second = {60, 0};
    make_pipe(ends);
    SAY("read");
    start_timer(SA_RESTART, 4);
    SHOW(sys_read(ends[0], &byte, 1));
    IS(count >= 4);
    start_timer(0, 1000);
    SHOW(sys_read(ends[0], &byte, 1));
    SAY("wait4");
    stop_timer();
    long child = start(stay);
    start_timer(SA_RESTART, 4); // the byte ends the child
    IS(sys_wait4(child, &status, 0, NULL) == child);
    say_status("    it", status);
    child = start(stay);
    start_timer(0, 100000);
    SHOW(sys_wait4(child, &status, 0, NULL));
    stop_timer();
    tell(ends[1]);
    show_end("    it", child);

    SAY("writing to a full pipe");
    static char much[70000];
    sys_fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (sys_write(ends[1], much, 4096) > 0) {}
    sys_fcntl(ends[1], F_SETFL, 0);
    start_timer(0, 100000);
    SHOW(sys_write(ends[1], much, 1));
    stop_timer();
    SAY("a part written counts");
    SHOW(sys_read(ends[0], much, 4096));
    start_timer(SA_RESTART, 100000);
    SHOW(sys_write(ends[1], much, 8192));
    stop_timer();
    sys_fcntl(ends[0], F_SETFL, O_NONBLOCK);
    while (sys_read(ends[0], much, sizeof much) > 0) {}
    sys_fcntl(ends[0], F_SETFL, 0);

    SAY("never restarted");
    struct pollfd poll = {ends[0], POLLIN, 0};
    start_timer(SA_RESTART, 100000);
    SHOW(system_call(SYS_poll, (long)&poll, 1, -1, 0, 0, 0));
    SHOW(sys_pause());
    SHOW(wait_with(0));
    unsigned long none = BIT(SIGUSR2);
    SHOW(sys_rt_sigtimedwait(&none, NULL, NULL, 8));
    SHOW(sys_nanosleep(&second, &remaining));
    IS(remaining.tv_sec >= 58 && remaining.tv_sec < 60);
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC, 0, &second, &remaining));
    IS(remaining.tv_sec >= 58 && remaining.tv_sec < 60);
    sys_clock_gettime(CLOCK_MONOTONIC, &second);
    second.tv_sec += 60;
    remaining.tv_sec = 5;
    SHOW(sys_clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &second, &remaining));
    IS(remaining.tv_sec == 5);
    SAY("a handler has run: nothing is left to go on with");
    struct timespec little = {0, 40000000};
    SHOW(sys_nanosleep(&little, NULL));
    stop_timer();
    SHOW(system_call(SYS_restart_syscall, 0, 0, 0, 0, 0, 0));
    SAY("a futex with a limit");
    int word = 7;
    start_timer(SA_RESTART, 100000);
    SHOW(sys_futex(&word, 0, 7, &little, NULL, 0));
    stop_timer();

    SAY("without a handler nothing is interrupted: stopped and continued");
    by_default(SIGALRM);
    long self = sys_getpid();
    child = sys_fork();
    if (child == 0) {
        // Our parent is in its read by the time that it can be stopped, or before it.
        for (int i = 0; i < 20; ++i) {
            sys_kill(self, SIGSTOP);
            sys_kill(self, SIGCONT);
        }
        sys_kill(self, SIGWINCH); // ignored by default
        tell(ends[1]);
        leave(0);
    }
    SHOW(sys_read(ends[0], &byte, 1));
    show_end("    the child", child);
    SAY("sleep goes on, and does not ask again how long");
    struct timespec *shared = (struct timespec *)sys_mmap(BASE, PAGE, PROT_READ | PROT_WRITE,
                                                          MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    *shared = (struct timespec){0, 100000000};
    child = sys_fork();
    if (child == 0) {
        wait_for_state(self, 'S');
        shared->tv_nsec = -1;
        sys_kill(self, SIGSTOP);
        wait_for_state(self, 'T');
        sys_kill(self, SIGCONT);
        leave(0);
    }
    SHOW(sys_nanosleep(shared, NULL));
    show_end("    the child", child);
    return 0;
}
