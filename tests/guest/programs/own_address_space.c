// Two programs at the same virtual address, each with its own memory.
// libc: none
// beside: neighbour.none
#include "check.h"

int main(void)
{
    char *memory = map_at(BASE, 64 * PAGE, PROT_READ | PROT_WRITE);
    IS(all_are(memory, 0, 64 * PAGE));
    struct timespec millisecond = {0, 1000000};
    int good = 1;
    for (int round = 0; round < 30; ++round) {
        memset(memory, round, 64 * PAGE);
        if (round % 2)
            sys_nanosleep(&millisecond, NULL);
        else
            for (volatile int i = 0; i < 2000000; ++i) {}
        good &= all_are(memory, (char)round, 64 * PAGE);
        sys_munmap(memory, 64 * PAGE);
        map_at(memory, 64 * PAGE, PROT_READ | PROT_WRITE);
        good &= all_are(memory, 0, 64 * PAGE);
    }
    SAY("own bytes after 30 rounds, zeros after each: %d", good);
    return 0;
}
