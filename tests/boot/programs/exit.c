// Ends as told: with a status, or by a signal.
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "segv")) *(volatile int *)0 = 1;
    return argc > 1 ? atoi(argv[1]) : 0;
}
