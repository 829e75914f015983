/* What a program sees that lives in one piece: inside FILE. Says what is not so, and "all is so" otherwise.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096ul
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

static int wrong;
static char text[65536];
static struct {
    uintptr_t begin, end;
    char permissions[8], name[128];
} areas[64];
static int area_count;
static uintptr_t first_byte, end_byte; /* of the piece */

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            printf("line %d: not so: %s (errno %d)\n", __LINE__, #condition, errno), wrong = 1;              \
    } while (0)

static char *content(const char *path)
{
    int file = open(path, O_RDONLY);
    size_t used = 0;
    ssize_t count;
    while (file >= 0 && (count = read(file, text + used, sizeof text - 1 - used)) > 0) used += (size_t)count;
    text[used] = 0;
    close(file);
    return text;
}

static void read_areas(void)
{
    area_count = 0;
    char *rest = content("/proc/self/maps");
    for (char *line; (line = strsep(&rest, "\n")) && *line; area_count++) {
        areas[area_count].name[0] = 0;
        sscanf(line, "%lx-%lx %7s %*x %*s %*u %127s", &areas[area_count].begin, &areas[area_count].end,
               areas[area_count].permissions, areas[area_count].name);
    }
}

/* The last one: the zeros behind a program's data end where the heap begins, and are called [heap] as on
 * Linux. */
static int area_named(const char *name)
{
    for (int i = area_count - 1; i >= 0; i--)
        if (!strcmp(areas[i].name, name)) return i;
    return -1;
}

static long faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

static uint64_t frame_of(uintptr_t page)
{
    uint64_t entry = 0;
    int file = open("/proc/self/pagemap", O_RDONLY);
    CHECK(pread(file, &entry, sizeof entry, (off_t)(page / PAGE * sizeof entry)) == sizeof entry);
    close(file);
    CHECK(entry >> 63);
    return entry & ((1ull << 55) - 1);
}

/* Every page of every area is in memory, and all of them at the same distance from their frames. */
static void check_frames(void)
{
    unsigned long begin = 0, end = 0;
    int pid = 0;
    read_areas();
    char *rest = content("/proc/pool");
    for (char *line; (line = strsep(&rest, "\n"));)
        if (sscanf(line, "%lx-%lx %*u %d inside", &begin, &end, &pid) == 3 && pid == getpid()) break;
    CHECK(pid == getpid());
    first_byte = areas[0].begin;
    end_byte = areas[area_count - 1].end;
    CHECK(end_byte - first_byte == end - begin);
    for (int i = 0; i < area_count; i++)
        for (uintptr_t page = areas[i].begin; page < areas[i].end; page += PAGE)
            if (areas[i].permissions[0] == 'r' && frame_of(page) * PAGE - begin != page - first_byte) {
                CHECK(!"physical = virtual + constant");
                return;
            }
}

static void check_areas(unsigned long stack_kib)
{
    struct rlimit limit;
    read_areas();
    int stack = area_named("[stack]"), heap = area_named("[heap]");
    CHECK(stack == area_count - 1);
    CHECK(areas[stack].end - areas[stack].begin == stack_kib * 1024);
    CHECK(areas[stack].begin - areas[stack - 1].end >= PAGE);
    CHECK((uintptr_t)&limit >= areas[stack].begin && (uintptr_t)&limit < areas[stack].end);
    CHECK(heap > 0 && areas[heap].end == ((uintptr_t)sbrk(0) + PAGE - 1) / PAGE * PAGE);
    unsigned long vm_stack = 0;
    char *line = strstr(content("/proc/self/status"), "VmStk:");
    CHECK(line && sscanf(line, "VmStk: %lu kB", &vm_stack) == 1 && vm_stack == stack_kib);
    CHECK(getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur == stack_kib * 1024);
}

/* brk and mmap share the heap's room, and that is all there is. */
static void check_heap(unsigned long heap_mib)
{
    char *old = sbrk(0);
    uintptr_t mapped = 0, image_end = (uintptr_t)old;
    read_areas();
    int heap = area_named("[heap]");
    if (heap >= 0) image_end = areas[heap].begin;
    uintptr_t limit = areas[area_count - 1].begin - PAGE; /* the guard page is below the stack */
    CHECK(limit - image_end == heap_mib << 20);

    CHECK(sbrk((intptr_t)(heap_mib << 20) + 1) == (void *)-1 && errno == ENOMEM);
    CHECK(mmap(NULL, heap_mib << 20, RW, ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM);
    char *last = NULL;
    for (char *page; (page = mmap(NULL, PAGE, RW, ANONYMOUS, -1, 0)) != MAP_FAILED; mapped += PAGE) {
        if (mapped == 0) CHECK((uintptr_t)page == limit - PAGE);
        CHECK(page[0] == 0 && page[PAGE - 1] == 0);
        page[0] = 1;
        last = page;
    }
    CHECK(errno == ENOMEM);
    CHECK((uintptr_t)last == ((uintptr_t)old + PAGE - 1) / PAGE * PAGE);
    CHECK(sbrk(2 * (intptr_t)PAGE) == (void *)-1 && errno == ENOMEM);
    CHECK(munmap(last, mapped) == 0);
    CHECK(sbrk(64 * (intptr_t)PAGE) == old);
    for (unsigned i = 0; i < 64 * PAGE; i++)
        if (old[i] != 0) {
            CHECK(!"what comes back is zeros");
            break;
        }
    CHECK(sbrk(-64 * (intptr_t)PAGE) == old + 64 * PAGE);
}

static void check_places(void)
{
    char *outside = (char *)0x200000000000;
    CHECK(mmap(outside, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED && errno == ENOMEM);
    CHECK(mmap((char *)end_byte, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED && errno == ENOMEM);
    CHECK(mmap((char *)first_byte - PAGE, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED &&
          errno == ENOMEM);
    char *inside = mmap(outside, PAGE, RW, ANONYMOUS, -1, 0);
    CHECK((uintptr_t)inside >= first_byte && (uintptr_t)inside + PAGE <= end_byte);
    CHECK(munmap(inside, PAGE) == 0);
}

static void check_files(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY);
    CHECK(fstat(file, &status) == 0);
    size_t size = (size_t)status.st_size;
    CHECK(mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0) == MAP_FAILED && errno == ENODEV);
    char *copy = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    CHECK(copy != MAP_FAILED);
    long before = faults();
    char buffer[4096];
    size_t at = 0;
    for (ssize_t count; (count = read(file, buffer, sizeof buffer)) > 0; at += (size_t)count)
        CHECK(memcmp(copy + at, buffer, (size_t)count) == 0);
    CHECK(at == size && faults() == before);
    check_frames();
    CHECK(munmap(copy, size) == 0);
    int *shared = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED && *shared == 0);
    *shared = 1;
    CHECK(munmap(shared, PAGE) == 0);
    close(file);
}

static void check_changes(void)
{
    char *area = mmap(NULL, 16 * PAGE, RW, ANONYMOUS, -1, 0);
    memset(area, 7, 16 * PAGE);
    CHECK(madvise(area + PAGE, PAGE, MADV_DONTNEED) == 0 && area[PAGE] == 0 && area[PAGE - 1] == 7);
    CHECK(mprotect(area, PAGE, PROT_READ) == 0 && mprotect(area, PAGE, RW) == 0 && area[0] == 7);
    char *moved = mremap(area, 16 * PAGE, 20 * PAGE, MREMAP_MAYMOVE);
    CHECK(moved != MAP_FAILED && moved[0] == 7 && moved[16 * PAGE - 1] == 7 && moved[16 * PAGE] == 0);
    check_frames();
    CHECK(munmap(moved, 20 * PAGE) == 0);
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    check_frames();
    check_areas(strtoul(argv[3], NULL, 10));
    check_heap(strtoul(argv[2], NULL, 10));
    check_places();
    check_files(argv[1]);
    check_changes();
    CHECK(faults() == 0);
    if (!wrong) printf("all is so\n");
    return wrong;
}
