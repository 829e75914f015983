// turns: reads the last byte of a long text of /proc, of which all before it is made first, while somebody
// else wants to run. How often he had his turn meanwhile must not depend on how long the text is.
#define _GNU_SOURCE
#include "children.h"
#include <signal.h>

enum { Areas = 4000, Enough = 4 };

int main(void)
{
    volatile long *turns = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *many = mmap(NULL, 2 * Areas * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (size_t i = 0; i < Areas; i++)
        if (mprotect(many + 2 * i * PAGE, PAGE, PROT_READ) != 0) fail("mprotect");
    pid_t other = fork();
    while (other == 0) {
        ++*turns;
        sched_yield(); // a turn each time, and back to whoever reads
    }
    while (*turns < Enough) sched_yield();
    char byte;
    int file = open("/proc/self/smaps", O_RDONLY);
    long before = *turns;
    ssize_t got = pread(file, &byte, 1, INT64_MAX - 1);
    long during = *turns - before;
    printf("%zd bytes, others had %s\n", got, during >= Enough ? "their turns" : "to wait");
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
    return 0;
}
