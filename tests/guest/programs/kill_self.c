// kill(2) and tgkill(2) to oneself: the default action of every signal ends the program, is nothing, or is
// ignored.
// libc: none
// cases: 1 3 6 9 10 11 13 15 17 18 23 28 31 34 64
#include "check.h"

int main(int argc, char **argv)
{
    long signal = 0;
    for (const char *c = argv[argc - 1]; *c; ++c) signal = signal * 10 + (*c - '0');
    SAY("signal %ld", signal);
    if (signal % 2)
        sys_kill(sys_getpid(), signal);
    else
        sys_tgkill(sys_getpid(), sys_gettid(), signal);
    SAY("alive");
    return 0;
}
