// Waits until process 3 has as many MiB as it wants in memory, then takes some more, touching them itself or
// letting read(2) do it, and looks whether they are right: take THEIRS OURS touch|read
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long resident_pages_of_3(void)
{
    long resident = 0;
    FILE *file = fopen("/proc/3/statm", "r");
    if (!file) return 0; // it has not begun
    if (fscanf(file, "%*d %ld", &resident) != 1) resident = 0;
    fclose(file);
    return resident;
}

int main(int count, char **arguments)
{
    if (count != 4) return 2;
    long theirs = atol(arguments[1]) << 20;
    size_t ours = (size_t)atol(arguments[2]) << 20;
    while (resident_pages_of_3() * 4096 < theirs) sched_yield();

    char *memory = mmap(NULL, ours, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 1;
    if (!strcmp(arguments[3], "read")) {
        int zero = open("/dev/zero", O_RDONLY);
        for (size_t done = 0; done < ours;) {
            ssize_t got = read(zero, memory + done, ours - done);
            if (got <= 0) return 1;
            done += (size_t)got;
        }
    }
    for (size_t i = 0; i < ours; i += 4096) memory[i + i / 4096 % 4096] += (char)(i >> 12);
    for (size_t i = 0; i < ours; i++) {
        char wanted = i % 4096 == i / 4096 % 4096 ? (char)(i >> 12) : 0;
        if (memory[i] != wanted) return 1;
    }
    puts("took it");
}
