// generations SEED MIB DEPTH WIDTH: memory that is filled; then each process forks WIDTH children, DEPTH
// generations deep. All write to a part of what they have at the same time, and hold each word of all pages
// against what they, or those before them, have written last. A piece of shared memory has pages of each
// process's own, written by it and read by its parent after its end.
#include "children.h"

static uint64_t seed, random_state;
static size_t pages, shared_pages;
static char *data, *shared;
static uint16_t *version; // of each page; private as well
static int width;

static uint64_t next_random(void)
{
    return random_state = mix(random_state);
}

static void check_all(const char *when, int place)
{
    for (size_t i = 0; i < pages; i++) {
        if (is_right(data + i * PAGE, seed, i, version[i])) continue;
        printf("generations %lu: page %zu is wrong %s, process %d\n", seed, i, when, place);
        fflush(stdout);
        _exit(1);
    }
}

// `place` numbers the processes: it makes their contents and their shared page.
static void rewrite_some(int place, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        size_t i = next_random() % pages;
        if (!is_right(data + i * PAGE, seed, i, version[i])) check_all("when rewritten", place);
        version[i] = (uint16_t)(version[i] * 3 + place + 1);
        fill_page(data + i * PAGE, seed, i, version[i]);
    }
}

static int generation(int depth, int place)
{
    pid_t children[8];
    int failed = 0, status;
    random_state = mix(seed ^ (uint64_t)place << 32);
    rewrite_some(place, pages / 8);
    for (int i = 0; i < width && depth > 0; i++) {
        children[i] = fork();
        if (children[i] == 0) _exit(generation(depth - 1, place * width + i + 1));
        if (children[i] < 0) fail("fork");
        rewrite_some(place, pages / 16);
    }
    check_all("meanwhile", place);
    rewrite_some(place, pages / 8);
    for (int i = 0; i < width && depth > 0; i++) {
        if (waitpid(children[i], &status, 0) != children[i] || status != 0) failed++;
        int child = place * width + i + 1;
        if (!is_right(shared + (size_t)child * PAGE, seed + 1, (uint64_t)child, 1)) {
            printf("generations %lu: the shared page of %d is wrong\n", seed, child);
            failed++;
        }
    }
    check_all("at the end", place);
    fill_page(shared + (size_t)place * PAGE, seed + 1, (uint64_t)place, 1);
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 5) return 2;
    setvbuf(stdout, NULL, _IONBF, 0);
    seed = strtoull(argv[1], 0, 0);
    pages = strtoull(argv[2], 0, 0) * MIB / PAGE;
    int depth = atoi(argv[3]);
    width = atoi(argv[4]);
    shared_pages = 1;
    for (int i = 0, level = 1; i < depth; i++) shared_pages += (size_t)(level *= width);
    shared_pages *= 2; // numbers of a tree with gaps
    data = memory(pages * PAGE);
    version = (uint16_t *)memory(pages * sizeof *version);
    shared = mmap(NULL, shared_pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) fail("mmap");
    for (size_t i = 0; i < pages; i++) fill_page(data + i * PAGE, seed, i, version[i]);
    int failed = generation(depth, 0);
    printf("generations %lu: %s\n", seed, failed ? "wrong" : "right");
    return failed != 0;
}
