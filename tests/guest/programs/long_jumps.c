// sigsetjmp and siglongjmp out of handlers as C libraries make them, with and without the mask; raise,
// abort, sigwait.
// libc: glibc musl
#include <setjmp.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signals.h"

static sigjmp_buf place;

static void jump(int signal)
{
    siglongjmp(place, signal);
}
static void say(int signal)
{
    SAY("    handler of %d", signal);
}

static int blocked(int signal)
{
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    return sigismember(&mask, signal);
}

static void show_end(const char *what, pid_t child)
{
    int status = -1;
    waitpid(child, &status, 0);
    SAY("    %s: 0x%x", what, (unsigned)status);
}

int main(void)
{
    struct sigaction action = {.sa_handler = jump};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, NULL);
    SAY("out of a fault, the mask restored");
    volatile int times = 0;
    int value = sigsetjmp(place, 1);
    if (value) SAY("    jumped with %d, SIGSEGV blocked: %d", value, blocked(SIGSEGV));
    if (times++ < 3) *(volatile int *)8 = 1;
    SAY("    %d times", times);
    SAY("the mask not restored");
    value = sigsetjmp(place, 0);
    if (!value) *(volatile int *)8 = 1;
    SAY("    jumped with %d, SIGSEGV blocked: %d", value, blocked(SIGSEGV));
    pid_t child = fork();
    if (child == 0) {
        *(volatile int *)8 = 1;
        _exit(0);
    }
    show_end("a second fault", child);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGSEGV);
    sigprocmask(SIG_UNBLOCK, &one, NULL);

    SAY("a division");
    sigaction(SIGFPE, &action, NULL);
    volatile int zero = 0;
    value = sigsetjmp(place, 1);
    if (!value) SAY("    %d", 5 / zero);
    SAY("    jumped with %d", value);

    SAY("raise");
    action.sa_handler = say;
    sigaction(SIGUSR1, &action, NULL);
    IS(raise(SIGUSR1) == 0);
    sigaddset(&one, SIGUSR1);
    sigprocmask(SIG_BLOCK, &one, NULL);
    IS(raise(SIGUSR1) == 0);
    sigset_t waiting;
    sigpending(&waiting);
    IS(sigismember(&waiting, SIGUSR1));
    sigprocmask(SIG_UNBLOCK, &one, NULL);

    SAY("abort");
    child = fork();
    if (child == 0) abort();
    show_end("by default", child);
    child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_IGN);
        abort();
    }
    show_end("ignored", child);
    child = fork();
    if (child == 0) {
        signal(SIGABRT, say);
        abort();
    }
    show_end("handled", child);
    child = fork();
    if (child == 0) {
        action.sa_handler = jump;
        sigaction(SIGABRT, &action, NULL);
        if (sigsetjmp(place, 1)) _exit(17);
        abort();
    }
    show_end("jumped out of", child);
    SAY("sigwait");
    sigprocmask(SIG_BLOCK, &one, NULL);
    raise(SIGUSR1);
    int got = 0;
    IS(sigwait(&one, &got) == 0);
    SAY("    %d", got);
    return 0;
}
