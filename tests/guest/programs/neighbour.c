// The program that runs beside others: for a second it fills the vector registers and the memory at BASE
// with its own values, with and without system calls in between. It says nothing.
// libc: none
#include "check.h"

int main(void)
{
    char *memory = map_at(BASE, 64 * PAGE, PROT_READ | PROT_WRITE);
    struct timespec begin, now;
    sys_clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        memset(memory, 0x66, 64 * PAGE);
        for (volatile int i = 0; i < 20000; ++i) {
            __asm__ volatile("vpcmpeqd %%ymm0, %%ymm0, %%ymm0\n vpcmpeqd %%ymm1, %%ymm1, %%ymm1\n"
                             "vpcmpeqd %%ymm7, %%ymm7, %%ymm7\n vpcmpeqd %%ymm15, %%ymm15, %%ymm15\n"
                             "fninit\n fldpi\n fldpi\n fldpi\n" ::
                                 : "xmm0", "xmm1", "xmm7", "xmm15");
        }
        sys_sched_yield();
        sys_clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < 1000);
    return 0;
}
