// timers NUMBER ignored|blocked|dropped: so many timers go off a thousand times a second for a signal that
// nobody takes. The program goes on meanwhile; with "blocked" it executes itself, which ends all of them;
// with "dropped" it ignores the signals that wait already, then has a handler after all, which hears of each
// timer.
#include "children.h"
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

static void start_timer(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec setting = {{0, 1000000}, {0, 1000000}};
    int id; // the kernel's; the C library's timer_t is another thing
    if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id) != 0) fail("timer_create");
    if (syscall(SYS_timer_settime, id, 0, &setting, NULL) != 0) fail("timer_settime");
}

static volatile int heard, wanted;
static void hear(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    if (info->si_code == SI_TIMER && info->si_timerid == heard) heard++;
}

static int is_pending(void)
{
    sigset_t set;
    sigpending(&set);
    return sigismember(&set, SIGUSR1);
}

// The signals are pending, and blocked. Ends when each timer has been heard of, one after the other: whoever
// waits for one that never comes waits for ever.
static void drop_and_hear(void)
{
    while (!is_pending()) sched_yield();
    signal(SIGUSR1, SIG_IGN);
    sigaction(SIGUSR1, &(struct sigaction){.sa_sigaction = hear, .sa_flags = SA_SIGINFO}, NULL);
    sigset_t none;
    sigemptyset(&none);
    while (heard < wanted) sigsuspend(&none);
    printf("each was heard\n");
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        puts("another program");
        return 0;
    }
    if (argc < 3) return 2;
    int is_blocked = strcmp(argv[2], "blocked") == 0, is_dropped = strcmp(argv[2], "dropped") == 0;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    if (is_blocked || is_dropped)
        sigprocmask(SIG_BLOCK, &set, NULL);
    else
        signal(SIGUSR1, SIG_IGN);
    limit(RLIMIT_SIGPENDING, RLIM_INFINITY);
    int count = atoi(argv[1]);
    for (int i = 0; i < count; i++) start_timer();
    usleep(20000); // all of them go off
    printf("%d timers\n", count);
    fflush(stdout);
    wanted = count;
    if (is_dropped) drop_and_hear();
    if (is_blocked) execl("/proc/self/exe", "timers", NULL);
    return 0;
}
