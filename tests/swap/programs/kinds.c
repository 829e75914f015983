// kinds [CASE…]: memory of every kind, sent out and brought back: is it what it was, and do all who tell
// about it say so? Without a CASE: all of them.
#include "pages.h"

#include <sys/resource.h>

#define COUNT 64ul

static const char *name;
static unsigned failures;

#define CHECK(condition) check(condition, #condition, __LINE__)
static void check(bool is_so, const char *what, int line)
{
    if (is_so) return;
    printf("%s: line %d: not %s\n", name, line, what);
    failures++;
}

static long swapped_kib(void)
{
    return proc_value("/proc/self/status", "VmSwap:");
}
static long major_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_majflt;
}
static bool are_out(const char *at, size_t pages)
{
    for (size_t i = 0; i < pages; i++) {
        if (!is_out(at + i * PAGE)) return false;
    }
    return true;
}
// COUNT pages that are on swap.
static char *pages_out(uint64_t seed)
{
    char *at = memory(COUNT * PAGE);
    fill(at, COUNT, seed);
    put_out(at, COUNT);
    CHECK(are_out(at, COUNT));
    return at;
}
static void give_back(char *at)
{
    munmap(at, COUNT * PAGE);
}

// Fields of the mapping that begins at `at`, in smaps.
static long smaps_swap(const char *at)
{
    static char text[65536], begin[32];
    int fd = open("/proc/self/smaps", O_RDONLY);
    size_t size = 0;
    for (ssize_t got; (got = read(fd, text + size, sizeof text - 1 - size)) > 0;) size += (size_t)got;
    close(fd);
    text[size] = 0;
    snprintf(begin, sizeof begin, "%lx-", (unsigned long)at);
    const char *found = strstr(text, begin);
    if (found == NULL || (found = strstr(found, "\nSwap:")) == NULL) return -1;
    return atol(found + strlen("\nSwap:"));
}

static void told(void)
{
    long before = swapped_kib();
    char *at = pages_out(1);
    CHECK(swapped_kib() >= before + (long)(COUNT * PAGE / 1024));
    CHECK(smaps_swap(at) == COUNT * PAGE / 1024);
    for (size_t i = 1; i < COUNT; i++) CHECK(slot_of(at) != slot_of(at + i * PAGE));
    unsigned char in_memory[COUNT];
    CHECK(mincore(at, COUNT * PAGE, in_memory) == 0);
    for (size_t i = 0; i < COUNT; i++) CHECK(!(in_memory[i] & 1));

    long faults = major_faults();
    CHECK(is_right(at, 1, 0, 0));
    CHECK(major_faults() > faults);
    CHECK(mlock(at, PAGE) == 0); // or it might be gone again
    CHECK(pagemap(at) & PAGEMAP_PRESENT && !is_out(at));
    CHECK(mincore(at, PAGE, in_memory) == 0 && in_memory[0] & 1);
    CHECK(smaps_swap(at) == 0);
    CHECK(munlock(at, PAGE) == 0);
    CHECK(are_right(at, COUNT, 1));
    give_back(at);
}

static void written_again(void)
{
    char *at = pages_out(2);
    for (unsigned round = 1; round < 5; round++) {
        for (size_t i = 0; i < COUNT; i += 2) fill_page(at + i * PAGE, 2, i, round);
        put_out(at, COUNT);
        for (size_t i = 0; i < COUNT; i++) CHECK(is_right(at + i * PAGE, 2, i, i % 2 ? 0 : round));
        put_out(at, COUNT); // clean now
    }
    give_back(at);
}

static void shared(void)
{
    char *at = mmap(NULL, COUNT * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *other =
        mremap(at, 0, COUNT * PAGE, MREMAP_MAYMOVE); // a second mapping of the same memory (mremap(2))
    CHECK(at != MAP_FAILED && other != MAP_FAILED);
    fill(at, COUNT, 3);
    CHECK(are_right(other, COUNT, 3));
    put_out(at, COUNT);
    long faults = major_faults();
    CHECK(are_right(other, COUNT, 3));
    CHECK(major_faults() > faults);
    fill(other, COUNT, 4);
    put_out(other, COUNT);
    CHECK(are_right(at, COUNT, 4));
    put_out(at, COUNT);
    CHECK(munmap(at, COUNT * PAGE) == 0);
    CHECK(are_right(other, COUNT, 4));
    put_out(other, COUNT);
    CHECK(madvise(other, COUNT * PAGE, MADV_DONTNEED) == 0);
    CHECK(are_right(other, COUNT, 4)); // shared memory keeps what it has
    put_out(other, COUNT);
    give_back(other);
}

static void private_file(void)
{
    enum { Pages = 16 };
    static char expected[Pages * PAGE];
    int fd = open("/proc/self/exe", O_RDONLY);
    CHECK(pread(fd, expected, sizeof expected, 0) == sizeof expected);
    char *at = mmap(NULL, sizeof expected, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(memcmp(at, expected, sizeof expected) == 0);
    CHECK(madvise(at, sizeof expected, MADV_PAGEOUT) == 0);
    CHECK(memcmp(at, expected, sizeof expected) == 0);
    for (size_t i = 0; i < Pages; i += 2) {
        at[i * PAGE + 5] ^= 1;
        expected[i * PAGE + 5] ^= 1;
    }
    madvise(at, sizeof expected, MADV_PAGEOUT);
    for (size_t i = 0; i < Pages; i += 2) put_out(at + i * PAGE, 1);
    for (size_t i = 0; i < Pages; i++)
        CHECK(is_out(at + i * PAGE) == (i % 2 == 0)); // the others are in the file
    CHECK(memcmp(at, expected, sizeof expected) == 0);
    munmap(at, sizeof expected);
    close(fd);
}

static void moved(void)
{
    char *at = pages_out(5), *to = memory(2 * COUNT * PAGE);
    at = mremap(at, COUNT * PAGE, COUNT * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
    CHECK(at == to && are_out(at, COUNT));
    CHECK(are_right(at, COUNT, 5));
    put_out(at, COUNT);
    at = mremap(at, COUNT * PAGE, COUNT * PAGE / 2, 0);
    CHECK(at == to && are_out(at, COUNT / 2));
    CHECK(are_right(at, COUNT / 2, 5));
    put_out(at, COUNT / 2);
    at = mremap(at, COUNT * PAGE / 2, 3 * COUNT * PAGE, MREMAP_MAYMOVE);
    CHECK(at != MAP_FAILED && are_out(at, COUNT / 2));
    CHECK(are_right(at, COUNT / 2, 5) && at[COUNT / 2 * PAGE] == 0);
    munmap(at, 3 * COUNT * PAGE);

    at = pages_out(6);
    to = mremap(at, COUNT * PAGE, COUNT * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
    CHECK(to != MAP_FAILED && are_out(to, COUNT));
    CHECK(at[0] == 0 && at[(COUNT - 1) * PAGE] == 0);
    CHECK(are_right(to, COUNT, 6));
    give_back(at);
    give_back(to);
}

static void protected(void)
{
    char *at = pages_out(7);
    CHECK(mprotect(at, COUNT * PAGE, PROT_NONE) == 0 && are_out(at, COUNT));
    CHECK(mprotect(at, COUNT * PAGE, PROT_READ) == 0 && are_out(at, COUNT));
    CHECK(are_right(at, COUNT, 7));
    put_out(at, COUNT);
    CHECK(mprotect(at, COUNT * PAGE, PROT_NONE) == 0);
    CHECK(mprotect(at + COUNT / 2 * PAGE, COUNT / 2 * PAGE, PROT_READ | PROT_WRITE) == 0);
    for (size_t i = COUNT / 2; i < COUNT; i++) fill_page(at + i * PAGE, 7, i, 1);
    CHECK(mprotect(at, COUNT / 2 * PAGE, PROT_READ | PROT_WRITE) == 0 && are_out(at, COUNT / 2));
    put_out(at, COUNT);
    for (size_t i = 0; i < COUNT; i++) CHECK(is_right(at + i * PAGE, 7, i, i >= COUNT / 2));
    // Inaccessible while they are in memory, too.
    CHECK(mprotect(at, COUNT * PAGE, PROT_NONE) == 0);
    put_out(at, COUNT);
    CHECK(mprotect(at, COUNT * PAGE, PROT_READ) == 0);
    for (size_t i = 0; i < COUNT; i++) CHECK(is_right(at + i * PAGE, 7, i, i >= COUNT / 2));
    give_back(at);
}

static void unmapped(void)
{
    char *at = pages_out(8);
    long before = swapped_kib();
    for (size_t i = 0; i < COUNT; i += 2) CHECK(munmap(at + i * PAGE, PAGE) == 0);
    CHECK(swapped_kib() <= before - (long)(COUNT / 2 * PAGE / 1024));
    for (size_t i = 1; i < COUNT; i += 2) CHECK(is_out(at + i * PAGE) && is_right(at + i * PAGE, 8, i, 0));
    CHECK(munmap(at + COUNT / 2 * PAGE, COUNT / 2 * PAGE) == 0);
    for (size_t i = 1; i < COUNT / 2; i += 2) CHECK(is_right(at + i * PAGE, 8, i, 0));
    give_back(at);

    at = pages_out(9);
    before = swapped_kib();
    CHECK(madvise(at, COUNT * PAGE, MADV_DONTNEED) == 0);
    CHECK(swapped_kib() <= before - (long)(COUNT * PAGE / 1024));
    for (size_t i = 0; i < COUNT; i++) CHECK(at[i * PAGE] == 0 && at[i * PAGE + PAGE - 1] == 0);
    give_back(at);

    at = pages_out(10);
    CHECK(mmap(at, COUNT * PAGE / 2, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at);
    CHECK(at[0] == 0 && are_out(at + COUNT / 2 * PAGE, COUNT / 2));
    for (size_t i = COUNT / 2; i < COUNT; i++) CHECK(is_right(at + i * PAGE, 10, i, 0));
    give_back(at);
}

static void heap_end(void)
{
    char *begin = sbrk(0);
    begin += -(uintptr_t)begin & (PAGE - 1);
    CHECK(brk(begin + COUNT * PAGE) == 0);
    fill(begin, COUNT, 11);
    put_out(begin, COUNT);
    CHECK(are_out(begin, COUNT));
    long before = swapped_kib();
    CHECK(brk(begin + COUNT * PAGE / 2) == 0);
    CHECK(swapped_kib() <= before - (long)(COUNT / 2 * PAGE / 1024));
    CHECK(brk(begin + COUNT * PAGE) == 0);
    CHECK(are_right(begin, COUNT / 2, 11));
    for (size_t i = COUNT / 2; i < COUNT; i++) CHECK(begin[i * PAGE] == 0);
    CHECK(brk(begin) == 0);
}

static __attribute__((noinline)) void deeper(unsigned depth)
{
    char here[4 * PAGE] __attribute__((aligned(4096)));
    fill(here, 4, depth);
    if (depth < 16)
        deeper(depth + 1);
    else
        put_out(here, 16 * 4); // the callers', too
    CHECK(are_right(here, 4, depth));
}
static void stack(void)
{
    CHECK(munlockall() == 0);
    deeper(0);
    CHECK(mlockall(MCL_CURRENT) == 0);
}

static void asked_for_early(void)
{
    char *at = pages_out(12);
    CHECK(madvise(at, COUNT * PAGE, MADV_WILLNEED) == 0);
    CHECK(are_right(at, COUNT, 12));
    put_out(at, COUNT);
    CHECK(madvise(at, COUNT * PAGE, MADV_POPULATE_READ) == 0);
    CHECK(are_right(at, COUNT, 12));
    put_out(at, COUNT);
    CHECK(madvise(at, COUNT * PAGE, MADV_POPULATE_WRITE) == 0);
    CHECK(are_right(at, COUNT, 12));
    give_back(at);
}

static void check_frames(const char *at, const uint64_t *frames)
{
    for (size_t i = 0; i < COUNT; i++) {
        uint64_t entry = pagemap(at + i * PAGE);
        CHECK(entry & PAGEMAP_PRESENT && (entry & PAGEMAP_FRAME) == frames[i]);
    }
}
static void locked(void)
{
    char *at = pages_out(13);
    CHECK(mlock(at, COUNT * PAGE) == 0);
    uint64_t frames[COUNT];
    for (size_t i = 0; i < COUNT; i++) frames[i] = pagemap(at + i * PAGE) & PAGEMAP_FRAME;
    check_frames(at, frames);
    CHECK(madvise(at, COUNT * PAGE, MADV_PAGEOUT) == -1 && errno == EINVAL);
    check_frames(at, frames);
    // Now more than there is.
    size_t pages = (size_t)proc_value("/proc/meminfo", "MemTotal:") / 4;
    char *much = memory(pages * PAGE);
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < pages; i++) fill_page(much + i * PAGE, 14, i, round);
    }
    check_frames(at, frames);
    for (size_t i = 0; i < pages; i++) CHECK(is_right(much + i * PAGE, 14, i, 1));
    check_frames(at, frames);
    munmap(much, pages * PAGE);
    CHECK(munlock(at, COUNT * PAGE) == 0);
    put_out(at, COUNT);
    CHECK(are_out(at, COUNT) && are_right(at, COUNT, 13));
    give_back(at);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*act)(void);
    } cases[] = {
        {"told", told},         {"written again", written_again},
        {"shared", shared},     {"private file", private_file},
        {"moved", moved},       {"protected", protected},
        {"unmapped", unmapped}, {"end of the heap", heap_end},
        {"stack", stack},       {"asked for early", asked_for_early},
        {"locked", locked},
    };
    // The program's own pages stay where they are: VmSwap changes by what is asked for and nothing else.
    if (mlockall(MCL_CURRENT) != 0) return 2;
    unsigned failed = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        name = cases[i].name;
        if (argc > 1 && strcmp(argv[1], name) != 0) continue;
        failures = 0;
        cases[i].act();
        printf("%s: %s\n", name, failures ? "wrong" : "right");
        fflush(stdout);
        failed += failures != 0;
    }
    return failed != 0;
}
