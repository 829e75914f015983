// Keeps a value at an address that another process uses too, and gives the processor away again and again.
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
    char *page = mmap((void *)0x500000000000, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (page != (void *)0x500000000000 || argc < 2) return 1;
    double x87_and_sse = argv[1][0];
    for (int i = 0; i < 1000; i++) {
        if (i && strcmp(page, argv[1])) return 2;
        strcpy(page, argv[1]);
        x87_and_sse += 0.5;
        sched_yield();
    }
    if (x87_and_sse != argv[1][0] + 500.0) return 3;
    printf("%s kept its value\n", page);
    return 0;
}
