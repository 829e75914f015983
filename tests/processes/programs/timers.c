// timers NUMBER ignored|blocked: so many timers go off a thousand times a second for a signal that nobody
// takes. The program goes on meanwhile; with "blocked" it executes itself, which ends all of them.
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

int main(int argc, char **argv)
{
    if (argc == 1) {
        puts("another program");
        return 0;
    }
    if (argc < 3) return 2;
    int is_blocked = strcmp(argv[2], "blocked") == 0;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    if (is_blocked)
        sigprocmask(SIG_BLOCK, &set, NULL);
    else
        signal(SIGUSR1, SIG_IGN);
    limit(RLIMIT_SIGPENDING, RLIM_INFINITY);
    int count = atoi(argv[1]);
    for (int i = 0; i < count; i++) start_timer();
    usleep(20000); // all of them go off
    printf("%d timers\n", count);
    fflush(stdout);
    if (is_blocked) execl("/proc/self/exe", "timers", NULL);
    return 0;
}
