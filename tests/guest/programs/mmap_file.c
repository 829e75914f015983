// mmap(2) of a file of the archive, privately: its bytes at an offset, zeros behind its end in the last page,
// writes that nobody else sees.
// libc: glibc musl
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

static char content[16 * 1024];
static long size;

static int same_bytes(const char *a, const char *b, long n)
{
    for (long i = 0; i < n; ++i) {
        if (((const volatile char *)a)[i] != b[i]) return 0;
    }
    return 1;
}

int main(void)
{
    size = read_whole("/data/text.txt", content, sizeof content);
    SAY("the file has 3 pages and %ld bytes", size - 3 * PAGE);
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);

    SAY("all of it");
    char *all = (char *)SHOW_PAGE(sys_mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0));
    IS(same_bytes(all, content, size));
    IS(all_are(all + size, 0, 4 * PAGE - size));
    show_resident(all, 4);

    SAY("from an offset, at a place");
    SHOW_AT(BASE, sys_mmap(BASE, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, PAGE));
    IS(same_bytes(BASE, content + PAGE, 2 * PAGE));
    SAY("the last page alone");
    SHOW_AT(BASE, sys_mmap(BASE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 3 * PAGE));
    IS(same_bytes(BASE, content + 3 * PAGE, size - 3 * PAGE) &&
       all_are(BASE + size % PAGE, 0, PAGE - size % PAGE));

    SAY("written");
    SHOW_AT(BASE, sys_mmap(BASE, 4 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, fd, 0));
    memset(BASE + 10, '#', 20);
    memset(BASE + size, '!', 10);
    IS(same_bytes(BASE, content, 10) && all_are(BASE + 10, '#', 20) &&
       same_bytes(BASE + 30, content + 30, size - 30));
    SAY("seen by the file and another mapping of it: no");
    static char again[4096];
    SHOW(sys_pread64(fd, again, 100, 0));
    IS(same_bytes(again, content, 100) && same_bytes(all, content, size) && all_are(all + size, 0, 10));

    SAY("closing the file keeps the mapping");
    SHOW(sys_close(fd));
    IS(same_bytes(all, content, size) && same_bytes(BASE + PAGE, content + PAGE, PAGE));

    SAY("split");
    SHOW(sys_munmap(BASE + PAGE, PAGE));
    SHOW(sys_mprotect(BASE + 3 * PAGE, PAGE, PROT_READ));
    show_areas(BASE, 16 * PAGE);
    struct Area area;
    read_whole("/proc/self/maps", areas_text, sizeof areas_text);
    for (const char *line = areas_text; (line = next_area(line, &area));) {
        if (area.begin < (unsigned long)BASE || area.begin >= (unsigned long)BASE + 16 * PAGE) continue;
        SAY("    +0x%lx offset 0x%lx %d", area.begin - (unsigned long)BASE, area.offset,
            same_bytes(area.name, "/data/text.txt\n", 15));
    }

    SAY("shared, to read");
    fd = sys_open("/data/text.txt", O_RDONLY, 0);
    char *shared = (char *)SHOW_PAGE(sys_mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0));
    IS(same_bytes(shared, content, size) && all_are(shared + size, 0, 4 * PAGE - size));
    SAY("written to the terminal out of the mapping");
    sys_write(1, shared, 60);
    sys_write(1, "\n", 1);
    SAY("moved and grown");
    SHOW_AT(BASE, sys_mremap(shared, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, BASE + MIB));
    IS(same_bytes(BASE + MIB, content, 2 * PAGE));
    return 0;
}
