// thrash SEED MIB ROUNDS [pageout] [locked] [with PROGRAM]: memory that is filled, read in order, then read
// and written in random places, and read in order again; each byte of each page is held against what was
// written there last. ROUNDS: how many random accesses for each page. pageout: it sends pages out itself,
// where memory is not short. locked: nothing of it may leave memory. with: further rounds as long as that
// program runs.
#include "pages.h"

static uint64_t seed;
static size_t pages;
static char *data;
static uint8_t *version; // of each page

static void check(size_t i)
{
    if (is_right(data + i * PAGE, seed, i, version[i])) return;
    printf("thrash %lu: page %zu is wrong\n", seed, i);
    exit(1);
}
static void rewrite(size_t i)
{
    fill_page(data + i * PAGE, seed, i, ++version[i]);
}

int main(int argc, char **argv)
{
    if (argc < 4) return 2;
    seed = strtoull(argv[1], 0, 0);
    pages = strtoull(argv[2], 0, 0) * MIB / PAGE;
    size_t accesses = (size_t)(strtod(argv[3], 0) * (double)pages);
    bool sends_out = false;
    const char *partner = NULL;
    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], "pageout") == 0) sends_out = true;
        if (strcmp(argv[i], "locked") == 0 && mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return 1;
        if (strcmp(argv[i], "with") == 0) partner = argv[++i];
    }
    data = memory(pages * PAGE);
    version = (uint8_t *)memory(pages);

    for (size_t i = 0; i < pages; i++) rewrite(i);
    for (size_t i = 0; i < pages; i++) check(i);
    uint64_t random = seed;
    do {
        for (size_t n = 0; n < accesses; n++) {
            random = mix(random);
            size_t i = random % pages;
            check(i);
            if (random >> 63) rewrite(i);
            if (sends_out && random >> 32 & 1) {
                size_t count = (random >> 33) % 64;
                madvise(data + i * PAGE, (count < pages - i ? count : pages - i) * PAGE, MADV_PAGEOUT);
            }
        }
    } while (partner != NULL && find_program(partner) != 0);
    for (size_t i = 0; i < pages; i++) check(i);
    printf("thrash %lu: right\n", seed);
    return 0;
}
