// rseq: registration as glibc does it at start; the kernel writes the processor's number.
// libc: none
#include "bad_pointers.h"

struct Rseq {
    unsigned cpu_id_start, cpu_id;
    unsigned long critical_section;
    unsigned flags, padding[3];
} __attribute__((aligned(32)));

static struct Rseq area = {0, (unsigned)-1, 0, 0, {0}}, other;

int main(void)
{
    SAY("refused");
    SHOW(sys_rseq(&area, 32, 2, 0x53053053));
    SHOW(sys_rseq(&area, 31, 0, 0x53053053));
    SHOW(sys_rseq((char *)&area + 4, 32, 0, 0x53053053));
    SHOW(sys_rseq(&area, 32, 1, 0x53053053));
    SHOW(sys_rseq((char *)0xffff800000000000, 32, 0, 0x53053053));
    SAY("registered");
    SHOW(sys_rseq(&area, 32, 0, 0x53053053));
    sys_sched_yield();
    struct timespec time = {0, 1000000};
    sys_nanosleep(&time, NULL);
    SAY("processor %d %d", (int)area.cpu_id_start, (int)area.cpu_id);
    SAY("again, elsewhere, with another signature");
    SHOW(sys_rseq(&area, 32, 0, 0x53053053));
    SHOW(sys_rseq(&other, 32, 0, 0x53053053));
    SHOW(sys_rseq(&area, 32, 0, 0x12345678));
    SHOW(sys_rseq(&other, 32, 1, 0x53053053));
    SHOW(sys_rseq(&area, 32, 1, 0x12345678));
    SAY("given up");
    SHOW(sys_rseq(&area, 32, 1, 0x53053053));
    SAY("processor %d", (int)area.cpu_id);
    SHOW(sys_rseq(&area, 32, 1, 0x53053053));
    return 0;
}
