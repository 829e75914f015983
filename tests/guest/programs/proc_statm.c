// /proc/self/statm: seven numbers of pages that agree with /proc/self/status.
// libc: musl
#include "areas.h"

static long statm[7];

static void read_statm(void)
{
    static char text[256];
    read_whole("/proc/self/statm", text, sizeof text);
    const char *c = text;
    for (int i = 0; i < 7; ++i) {
        statm[i] = 0;
        while (*c >= '0' && *c <= '9') statm[i] = statm[i] * 10 + (*c++ - '0');
        if (*c != (i == 6 ? '\n' : ' ')) SAY("bad character after number %d", i);
        ++c;
    }
}

int main(void)
{
    read_statm();
    IS(statm[0] * 4 == status_number("VmSize:"));
    long difference = statm[1] * 4 - status_number("VmRSS:");
    IS(difference >= -1024 && difference <= 1024);
    IS(statm[2] <= statm[1]);
    IS(statm[3] > 0 && statm[3] * 4 == status_number("VmExe:"));
    IS(statm[4] == 0 && statm[6] == 0);
    IS(statm[5] * 4 == status_number("VmData:") + status_number("VmStk:"));
    long before = statm[0], data = statm[5];
    map_at(BASE, 100 * PAGE, PROT_READ | PROT_WRITE);
    map_at(BASE + MIB, 50 * PAGE, PROT_READ);
    read_statm();
    SAY("%ld pages more, %ld of them data", statm[0] - before, statm[5] - data);
    return 0;
}
