// RLIMIT_CPU: SIGXCPU at the soft limit, SIGKILL at the hard one; inherited, but counted anew in a
// child.
// libc: none
// cases: soft default inherited
#include "handlers.h"

static volatile int count;
static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    SAY("    handler of %s, code %d", signal_name(signal), info->si_code);
    ++count;
}
static void work(void)
{
    for (volatile int i = 0; i < 1000000; ++i) {}
}
static long used(void)
{
    struct timespec time;
    sys_clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int soft_and_hard(void)
{
    struct rlimit limit = {1, 2};
    handle(SIGXCPU, note, SA_SIGINFO, 0);
    SHOW(sys_setrlimit(RLIMIT_CPU, &limit));
    while (count == 0) work();
    IS(used() >= 900 && used() < 1900);
    for (;;) work();
    return 0;
}
static int by_default_killed(void)
{
    struct rlimit limit = {1, RLIM_INFINITY};
    SHOW(sys_setrlimit(RLIMIT_CPU, &limit));
    for (;;) work();
    return 0;
}
static int inherited(void)
{
    struct rlimit limit = {1, 1};
    SHOW(sys_setrlimit(RLIMIT_CPU, &limit));
    long child = sys_fork();
    if (child == 0) {
        for (;;) work();
    }
    show_end("    its child", child);
    return used() < 900 ? 0 : 1; // the child's time is its own
}

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    if (same_text(test, "soft")) show_end("it", start(soft_and_hard));
    if (same_text(test, "default")) show_end("it", start(by_default_killed));
    if (same_text(test, "inherited")) show_end("it", start(inherited));
    return 0;
}
