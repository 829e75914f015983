// futex(2) between processes: turns and locks in shared memory, other addresses, private words, killed
// waiters.
// libc: none
#include "handlers.h"

#define WAIT 0
#define WAKE 1
#define REQUEUE 3
#define PRIVATE 128

static volatile int *word; // in memory that parent and children share

static long wait_while(volatile int *at, int value, long flags)
{
    return sys_futex((void *)at, WAIT | flags, value, NULL, NULL, 0);
}
static long wake(volatile int *at, long count, long flags)
{
    return sys_futex((void *)at, WAKE | flags, count, NULL, NULL, 0);
}

// Turns: the word says whose.
static int partner(void)
{
    for (int i = 0; i < 200; ++i) {
        while (word[0] != 1) wait_while(&word[0], 0, 0);
        word[1] += 3;
        word[0] = 0;
        wake(&word[0], 1, 0);
    }
    return 0;
}

// A lock of three states (Drepper, "Futexes Are Tricky"): 0 free, 1 held, 2 held and waited for.
static void lock(volatile int *at)
{
    int state = 0;
    if (__atomic_compare_exchange_n(at, &state, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return;
    while (__atomic_exchange_n(at, 2, __ATOMIC_SEQ_CST) != 0) wait_while(at, 2, 0);
}
static void unlock(volatile int *at)
{
    if (__atomic_exchange_n(at, 0, __ATOMIC_SEQ_CST) == 2) wake(at, 1, 0);
}
static int count_with_lock(void)
{
    for (int i = 0; i < 500; ++i) {
        lock(&word[4]);
        int value = word[5];
        if (i % 50 == 0) sys_sched_yield();
        word[5] = value + 1;
        unlock(&word[4]);
    }
    return 0;
}

static int wait_once(void)
{
    __atomic_add_fetch(&word[8], 1, __ATOMIC_SEQ_CST);
    while (word[9] == 0) wait_while(&word[9], 0, 0);
    return 5;
}
static int wait_private(void)
{
    struct timespec limit = {0, 30000000};
    // A private futex is this process's own: another one's wake does not reach it.
    return sys_futex((void *)&word[12], WAIT | PRIVATE, 0, &limit, NULL, 0) == -ETIMEDOUT ? 6 : 7;
}

int main(void)
{
    word = (volatile int *)BASE;
    sys_mmap(BASE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    SAY("turns");
    long child = start(partner);
    for (int i = 0; i < 200; ++i) {
        word[1] += 1;
        word[0] = 1;
        wake(&word[0], 1, 0);
        while (word[0] != 0) wait_while(&word[0], 1, 0);
    }
    show_end("    the partner", child);
    SAY("    %d", word[1]);

    SAY("a lock");
    long children[4];
    for (int i = 0; i < 4; ++i) children[i] = start(count_with_lock);
    count_with_lock();
    for (int i = 0; i < 4; ++i) show_end("    one", children[i]);
    SAY("    %d", word[5]);

    SAY("through another mapping, at another address");
    for (int i = 0; i < 3; ++i) children[i] = start(wait_once);
    char *other = (char *)sys_mremap(BASE, 0, PAGE, MREMAP_MAYMOVE, NULL);
    IS(other != BASE && ((volatile int *)other)[1] == word[1]);
    while (word[8] < 3) sys_sched_yield();
    ((volatile int *)other)[9] = 1;
    long woken = 0;
    int status;
    // Whoever had not slept yet has seen the word.
    for (int i = 0; i < 3; ++i) woken += wake((volatile int *)other + 9, 1, 0);
    IS(woken >= 0 && woken <= 3);
    for (int i = 0; i < 3; ++i) {
        sys_wait4(children[i], &status, 0, NULL);
        say_status("    one", status);
    }
    SAY("a private one is not shared");
    child = start(wait_private);
    sys_wait4(child, &status, WNOHANG, NULL);
    SHOW(wake(&word[12], 10, PRIVATE));
    show_end("    it", child);

    SAY("private memory after fork: each has a word of its own");
    map_at(BASE + GIB, PAGE, PROT_READ | PROT_WRITE);
    volatile int *own = (volatile int *)(BASE + GIB);
    child = sys_fork();
    if (child == 0) {
        struct timespec limit = {0, 30000000};
        leave(sys_futex((void *)own, WAIT, 0, &limit, NULL, 0) == -ETIMEDOUT ? 8 : 9);
    }
    SHOW(wake(own, 10, 0));
    *own = 1; // the child's stays 0
    SHOW(wake(own, 10, 0));
    show_end("    it", child);
    SAY("a waiter that is killed is gone from the queue");
    child = sys_fork();
    if (child == 0) {
        word[16] = 1;
        wait_while(&word[17], 0, 0);
        leave(1);
    }
    while (word[16] == 0) sys_sched_yield();
    sys_kill(child, SIGKILL);
    show_end("    it", child);
    SHOW(wake(&word[17], 10, 0));
    return 0;
}
