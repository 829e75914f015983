// options.h: what the command line says; main.c has the list of it.
#pragma once
#include "abi.h"

struct Options {
    u64 hz, repetitions, megabytes, fastest, count_faults;
    u64 write_disk, swap_megabytes, swap_random;
    const char *directory, *file, *execute, *device;
    char **environment;
};
extern struct Options options;

#define REPEAT for (u64 repetition = 0; repetition < options.repetitions; repetition++)

// Reads one word of the command line; 0 when it is no KEY=VALUE of ours.
int take_option(const char *word);
// Ticks of rdtsc per second, against clock_gettime(2) for so many milliseconds; 0 without that clock.
u64 calibrate(u64 milliseconds);
