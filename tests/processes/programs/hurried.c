// hurried ROUNDS: somebody sends the group signals all the time, while fork waits for a page from disk,
// between a child's making and its beginning. It must not begin before it is complete, and hears of a signal.
#define _GNU_SOURCE
#include "children.h"
#include <signal.h>
#include <sys/syscall.h>

static pid_t parent;

static void handle(int signal)
{
    (void)signal;
    if (syscall(SYS_getpid) != parent) _exit(7);
}

// Keeps the disk busy: its pages never have room beside everybody's.
static void thrash(void)
{
    enum { Pages = 2560 };
    char *mine = memory(Pages * PAGE);
    for (uint64_t round = 0;; round++) {
        for (size_t i = 0; i < Pages; i++) mine[i * PAGE]++;
        madvise(mine, Pages * PAGE, MADV_PAGEOUT);
    }
}

static int is_in_memory(void *page)
{
    unsigned char answer;
    return mincore(page, PAGE, &answer) == 0 && (answer & 1);
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    parent = getpid();
    pid_t others[5];
    signal(SIGUSR1, SIG_IGN);
    for (int i = 0; i < 5; i++) {
        others[i] = fork();
        if (others[i] != 0) continue;
        while (i == 4) {
            kill(0, SIGUSR1);
            sched_yield();
        }
        thrash();
    }
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = handle, .sa_flags = SA_RESTART}, NULL);
    pid_t *word = (pid_t *)memory(PAGE);
    int well = 0, rounds = atoi(argv[1]);
    for (int i = 0; i < rounds; i++) {
        *word = 1;
        do {
            madvise(word, PAGE, MADV_PAGEOUT);
            sched_yield();
        } while (is_in_memory(word));
        // The child's number goes where a page has to come from disk first.
        pid_t child = (pid_t)syscall(SYS_clone, CLONE_PARENT_SETTID | SIGCHLD, 0, word, 0, 0);
        if (child == 0) {
            for (;;) pause(); // the next signal ends it
        }
        int status;
        if (child > 0 && waitpid(child, &status, 0) == child && status == 7 << 8) well++;
    }
    for (int i = 0; i < 5; i++) kill(others[i], SIGKILL);
    struct Ends all = {0};
    reap(&all);
    printf("%d of %d ended well\n", well, rounds);
    return 0;
}
