// /proc/self/pagemap: eight bytes a page; bit 63 present, bit 61 file or shared, bit 62 swapped, frame
// numbers for root.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"

static void show_entry(const char *what, const void *address)
{
    unsigned long entry = pagemap_entry(address);
    SAY("%s: present %d, swapped %d, file or shared %d, a frame %d", what, (int)(entry >> 63),
        (int)(entry >> 62 & 1), (int)(entry >> 61 & 1), (entry & ((1ul << 55) - 1)) != 0);
}

static char data[PAGE] = "data";

int main(void)
{
    map_at(BASE, 8 * PAGE, PROT_READ | PROT_WRITE);
    show_entry("untouched", BASE);
    touch(BASE);
    show_entry("written", BASE);
    (void)peek(BASE + PAGE);
    show_entry("read", BASE + PAGE);
    show_entry("nothing mapped", BASE + 100 * PAGE);
    sys_mprotect(BASE, PAGE, PROT_NONE);
    show_entry("inaccessible, content kept", BASE);
    char *shared = (char *)sys_mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    touch(shared);
    show_entry("shared", shared);
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    char *file = (char *)sys_mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    (void)peek(file);
    show_entry("a file's page, read", file);
    touch(file);
    show_entry("a file's page, written", file);
    touch(data);
    show_entry("data", data);
    show_entry("text", (void *)main);
    show_entry("stack", &fd);
    IS(frame_of(BASE) != frame_of(shared) && frame_of(BASE) != frame_of(data));

    SAY("many at once");
    unsigned long entries[4];
    fd = sys_open("/proc/self/pagemap", O_RDONLY, 0);
    touch(BASE + 3 * PAGE);
    long at = (long)BASE / PAGE * 8;
    SHOW(sys_pread64(fd, entries, 32, at));
    SAY("present: %d %d %d %d", (int)(entries[0] >> 63), (int)(entries[1] >> 63), (int)(entries[2] >> 63),
        (int)(entries[3] >> 63));
    SHOW(sys_lseek(fd, at + 24, 0) == at + 24);
    SHOW(sys_read(fd, entries, 8));
    IS(entries[0] >> 63 == 1);
    SHOW(sys_lseek(fd, 0, 1) == at + 32);

    SAY("whole entries only");
    SHOW(sys_pread64(fd, entries, 7, at));
    SHOW(sys_pread64(fd, entries, 8, at + 1));
    SHOW(sys_pread64(fd, entries, 12, at));
    SAY("behind the end of the address space");
    SHOW(sys_pread64(fd, entries, 8, (long)END_OF_USER / PAGE * 8));
    SHOW(sys_pread64(fd, entries, 8, (long)END_OF_USER / PAGE * 8 - 8));
    SHOW(sys_pread64(fd, entries, 32, (long)END_OF_USER / PAGE * 8 - 8));
    return 0;
}
