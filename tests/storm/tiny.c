// The smallest program with code, constants, data and zeros: what the damaged ELF files are made of.
#include "machine.h"

PROGRAM_START

static const char constant[] = "tiny";
static volatile u64 data = 1;
static volatile u64 zeros[2000];

int run(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    u64 sum = data;
    for (int i = 0; i < 2000; i++) sum += zeros[i];
    return sum == 1 && constant[0] == 't' ? 0 : 1;
}
