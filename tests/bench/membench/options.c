// options.c: the KEY=VALUE words, and the speed of the clock when nobody said it.
#include "options.h"
#include "report.h"

struct Options options = {
    .repetitions = 5,
    .megabytes = 64,
    .swap_megabytes = 384,
    .swap_random = 4000,
    .directory = "/tmp",
    .file = "",
    .execute = "/bin/tiny",
    .device = "",
};

static const char *value_of(const char *word, const char *key)
{
    for (; *key; key++, word++)
        if (*word != *key) return 0;
    return *word == '=' ? word + 1 : 0;
}

static int take_number(const char *word, const char *key, u64 *number)
{
    const char *digits = value_of(word, key);
    if (!digits) return 0;
    for (*number = 0; *digits >= '0' && *digits <= '9'; digits++) *number = *number * 10 + (*digits - '0');
    return 1;
}

static int take_text(const char *word, const char *key, const char **text)
{
    const char *value = value_of(word, key);
    if (value) *text = value;
    return value != 0;
}

int take_option(const char *word)
{
    const char *statistic = "";
    u64 quick = 0;
    if (take_text(word, "stat", &statistic)) {
        options.fastest = same_text(statistic, "min");
        return 1;
    }
    if (take_number(word, "quick", &quick)) {
        if (quick) options.repetitions = 1, options.megabytes = 1;
        return 1;
    }
    return take_number(word, "hz", &options.hz) || take_number(word, "reps", &options.repetitions) ||
           take_number(word, "mb", &options.megabytes) ||
           take_number(word, "faults", &options.count_faults) || take_text(word, "dir", &options.directory) ||
           take_text(word, "file", &options.file) || take_text(word, "exec", &options.execute) ||
           take_text(word, "dev", &options.device) || take_number(word, "blkw", &options.write_disk) ||
           take_number(word, "swapmb", &options.swap_megabytes) ||
           take_number(word, "swaprand", &options.swap_random);
}

static u64 monotonic(void)
{
    u64 time[2] = {0, 0};
    if (is_error(sc2(SYS_clock_gettime, CLOCK_MONOTONIC, time))) return 0;
    return time[0] * 1000000000UL + time[1];
}

u64 calibrate(u64 milliseconds)
{
    u64 n0 = monotonic(), n1, t0 = rdtsc(), t1;
    if (!n0) return 0;
    u64 limit = 0;
    do n1 = monotonic(), t1 = rdtsc();
    while (n1 - n0 < milliseconds * 1000000 && ++limit < 100000000);
    return n1 > n0 ? (u64)((double)(t1 - t0) * 1e9 / (double)(n1 - n0)) : 0;
}
