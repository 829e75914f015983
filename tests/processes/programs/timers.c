// timers NUMBER ignored|blocked|forgotten: so many timers go off a thousand times a second for a signal that
// nobody takes. The program goes on meanwhile; with "blocked" it executes itself, which ends all of them.
// With "forgotten" it ignores the signal for a moment, when those of all are pending, and then hears of each
// again.
#include "children.h"
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

static int heard, heard_of[64];
static void note(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    if (heard_of[info->si_value.sival_int]++ == 0) heard++;
}

// The next of the signals of each.
static void hear_all(int count, const sigset_t *waiting_mask)
{
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    while (heard < count) sigsuspend(waiting_mask);
}

static void start_timer(int number)
{
    struct sigevent event = {
        .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = number};
    struct itimerspec setting = {{0, 1000000}, {0, 1000000}};
    int id; // the kernel's; the C library's timer_t is another thing
    if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id) != 0) fail("timer_create");
    if (syscall(SYS_timer_settime, id, 0, &setting, NULL) != 0) fail("timer_settime");
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        puts("another program");
        return 0;
    }
    if (argc < 3) return 2;
    int is_forgotten = strcmp(argv[2], "forgotten") == 0;
    int is_blocked = strcmp(argv[2], "blocked") == 0;
    sigset_t set, before;
    sigemptyset(&set);
    sigprocmask(SIG_BLOCK, NULL, &before);
    sigaddset(&set, SIGUSR1);
    if (is_blocked || is_forgotten)
        sigprocmask(SIG_BLOCK, &set, NULL);
    else
        signal(SIGUSR1, SIG_IGN);
    limit(RLIMIT_SIGPENDING, RLIM_INFINITY);
    int count = atoi(argv[1]);
    for (int i = 0; i < count; i++) start_timer(i);
    usleep(20000); // all of them go off
    if (is_forgotten) {
        signal(SIGUSR1, SIG_IGN);
        hear_all(count, &before);
    }
    printf("%d timers\n", count);
    fflush(stdout);
    if (is_blocked) execl("/proc/self/exe", "timers", NULL);
    return 0;
}
