// getrusage(2), wait4(2), times(2): what children used counts once they have been waited for, with their
// own children's; nothing of those that nobody waits for.
// libc: none
// room: 12
#include "handlers.h"
#include "usage.h"

static long microseconds(const struct timeval *time)
{
    return time->tv_sec * 1000000 + time->tv_usec;
}
static long used(const struct rusage *usage)
{
    return microseconds(&usage->ru_utime) + microseconds(&usage->ru_stime);
}

static int touch_pages(void)
{
    map_at(BASE, 500 * PAGE, PROT_READ | PROT_WRITE);
    for (int i = 0; i < 500; ++i) touch(BASE + i * PAGE);
    return 0;
}
static int work(void)
{
    struct rusage self;
    do {
        for (volatile int i = 0; i < 100000; ++i) {}
        sys_getrusage(RUSAGE_SELF, &self);
    } while (used(&self) < 100000);
    return 0;
}
static int parent_of_touch(void)
{
    sys_wait4(start(touch_pages), NULL, 0, NULL);
    return 0;
}
static int parent_that_ignores(void)
{
    ignore(SIGCHLD);
    start(touch_pages);
    struct rusage usage;
    IS(sys_wait4(-1, NULL, 0, NULL) == -ECHILD); // after its end
    sys_getrusage(RUSAGE_CHILDREN, &usage);
    IS(usage.ru_minflt == 0);
    return 0;
}

int main(void)
{
    struct rusage children, child;
    long ticks[4];
    SAY("before it is waited for");
    int ended[2];
    make_pipe(ended);
    long pid = start(touch_pages);
    sys_close(ended[1]);
    hear(ended[0]); // its end of the pipe closes when it ends
    siginfo_t info;
    SHOW(sys_waitid(P_PID, pid, &info, WEXITED | WNOWAIT, NULL));
    sys_getrusage(RUSAGE_CHILDREN, &children);
    IS(children.ru_minflt == 0 && children.ru_maxrss == 0);
    SAY("after");
    IS(sys_wait4(pid, NULL, 0, &child) == pid);
    IS(child.ru_minflt >= 500 && child.ru_minflt < 700);
    sys_getrusage(RUSAGE_CHILDREN, &children);
    IS(children.ru_minflt == child.ru_minflt);
    IS(children.ru_maxrss >= 2000 && children.ru_maxrss == child.ru_maxrss);

    SAY("grandchildren");
    IS(sys_wait4(start(parent_of_touch), NULL, 0, &child) > 0);
    IS(child.ru_minflt >= 500);
    long before = children.ru_minflt;
    sys_getrusage(RUSAGE_CHILDREN, &children);
    IS(children.ru_minflt == before + child.ru_minflt);

    SAY("those that nobody waits for");
    show_end("it", start(parent_that_ignores));

    SAY("time");
    before = used(&children);
    IS(sys_wait4(start(work), NULL, 0, &child) > 0);
    IS(used(&child) >= 100000 && used(&child) < 20000000);
    sys_getrusage(RUSAGE_CHILDREN, &children);
    IS(used(&children) >= before + 100000);
    sys_times(ticks);
    IS(ticks[2] + ticks[3] >= 8 && ticks[2] + ticks[3] < 2000);
    return 0;
}
