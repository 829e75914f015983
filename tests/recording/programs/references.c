// References to memory whose order is known, for recordings and for replacement policies to be compared.
//
//   references walk PAGES ROUNDS          forwards writing, backwards reading
//   references loop PAGES ROUNDS          forwards, again and again, writing
//   references eighty PAGES COUNT         80 % of the references to 20 % of the pages
//   references any PAGES COUNT            to any page, writing
//   references random PAGES COUNT         to any page, every second one writing
//   references copy PAGES                 the kernel writes into each page: read(2) from /dev/zero
//   references populate PAGES             all there at once (MAP_POPULATE), each third one read
//
// Prints where its pages are before it begins, and afterwards what getrusage(2) says of the references alone:
// `faults MINOR MAJOR ms TIME`, and `swap IN OUT`: pages since boot (vmstat in proc(5)). With `sample` behind
// these words also `frames LEAST MOST`: how many it had in memory (statm in proc(5)), from the moment on when
// it had to give up some, looked at all the time.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { Page = 4096, SampleEvery = 64 };

static volatile uint8_t *memory;
static uint64_t pages;
static int statm = -1; // open when we sample
static long least, most;

// Knuth's MMIX generator; the tests have the same (support.py).
static uint64_t state = 2026;
static uint64_t next(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 33;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void print_swap(void)
{
    static char text[4096];
    int file = open("/proc/vmstat", O_RDONLY);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (size < 0) fail("/proc/vmstat");
    char *in = strstr(text, "\npswpin "), *out = strstr(text, "\npswpout ");
    if (in == NULL || out == NULL) fail("/proc/vmstat: no counters of swap");
    printf("swap %ld %ld\n", strtol(in + 8, NULL, 10), strtol(out + 9, NULL, 10));
}

static void sample(void)
{
    char text[64];
    ssize_t size = pread(statm, text, sizeof text - 1, 0);
    if (size <= 0) fail("/proc/self/statm");
    text[size] = 0;
    long resident = strtol(strchr(text, ' '), NULL, 10);
    if (resident > most)
        most = resident;
    else if (resident < most && (least == 0 || resident < least))
        least = resident;
}

static void use(uint64_t page, int write)
{
    static unsigned uses;
    if (write)
        memory[page * Page] = (uint8_t)page;
    else
        (void)memory[page * Page];
    if (statm >= 0 && ++uses % SampleEvery == 0) sample();
}

static void walk(uint64_t rounds)
{
    for (uint64_t round = 0; round < rounds; round++) {
        for (uint64_t i = 0; i < pages; i++) use(i, 1);
        for (uint64_t i = pages; i > 0; i--) use(i - 1, 0);
    }
}

static void loop(uint64_t rounds)
{
    for (uint64_t i = 0; i < rounds * pages; i++) use(i % pages, 1);
}

// The popular ones are every fifth page: neighbours differ, as they do in a heap.
static void eighty(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        uint64_t popular = next() % 10 < 8, fifth = next() % (pages / 5), other = 1 + next() % 4;
        use(fifth * 5 + (popular ? 0 : other), 1);
    }
}

static void any(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) use(next() % pages, 1);
}

static void random_pages(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        uint64_t page = next() % pages;
        use(page, next() % 2 == 0);
    }
}

static void copy(uint64_t unused)
{
    (void)unused;
    int zero = open("/dev/zero", O_RDONLY);
    if (read(zero, (void *)memory, pages * Page) != (ssize_t)(pages * Page)) fail("/dev/zero");
}

static void third(uint64_t unused)
{
    (void)unused;
    for (uint64_t i = 0; i < pages; i += 3) use(i, 0);
}

int main(int count, char **words)
{
    static const struct {
        const char *name;
        void (*run)(uint64_t);
    } modes[] = {{"walk", walk},           {"loop", loop}, {"eighty", eighty}, {"any", any},
                 {"random", random_pages}, {"copy", copy}, {"populate", third}};
    if (count < 3) return 2;
    pages = strtoull(words[2], NULL, 10);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | (strcmp(words[1], "populate") == 0 ? MAP_POPULATE : 0);
    memory = mmap(NULL, pages * Page, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) fail("mmap");
    printf("base %#lx\n", (unsigned long)memory / Page);
    fflush(stdout);
    if (strcmp(words[count - 1], "sample") == 0) {
        statm = open("/proc/self/statm", O_RDONLY);
        if (statm < 0) fail("/proc/self/statm");
    }
    for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(words[1], modes[i].name) != 0) continue;
        struct rusage before, after;
        struct timespec begin, end;
        getrusage(RUSAGE_SELF, &before);
        getrusage(RUSAGE_SELF, &after); // whatever that itself needs is there now
        clock_gettime(CLOCK_MONOTONIC, &begin);
        getrusage(RUSAGE_SELF, &before);
        modes[i].run(count > 3 ? strtoull(words[3], NULL, 10) : 0);
        getrusage(RUSAGE_SELF, &after);
        clock_gettime(CLOCK_MONOTONIC, &end);
        printf("faults %ld %ld ms %ld\n", after.ru_minflt - before.ru_minflt,
               after.ru_majflt - before.ru_majflt,
               (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000);
        print_swap();
        if (statm >= 0) printf("frames %ld %ld\n", least != 0 ? least : most, most);
        return 0;
    }
    return 2;
}
