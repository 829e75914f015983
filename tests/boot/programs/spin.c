// Computes for so many milliseconds of its own time and never gives the processor away.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    clock_t until = clock() + (argc > 1 ? atol(argv[1]) : 100) * (CLOCKS_PER_SEC / 1000);
    while (clock() < until) continue;
    puts("spun");
    return 0;
}
