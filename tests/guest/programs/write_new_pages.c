// write(2) of whole pages that a file of tmpfs does not have yet: what is written is there; where the
// program's memory ends in the middle of a page, the rest of it is zero and shows nothing of what was in
// memory before.
// libc: none
// room: 8
#include "children.h"

CALL2(ftruncate, long, long)
CALL1(unlink, Pointer)

#define RW (PROT_READ | PROT_WRITE)
#define PAGES 64

static char *buffer; // PAGES pages, and behind them nothing
static char *mapping = BASE + GIB;

static long count_other(const char *from, char value, long size)
{
    long count = 0;
    for (long i = 0; i < size; ++i) count += from[i] != value;
    return count;
}

// Much memory full of something, which goes back to the kernel.
static void soil_memory(void)
{
    char *at = (char *)sys_mmap(NULL, 4 * MIB, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(at, 0xaa, 4 * MIB);
    sys_munmap(at, 4 * MIB);
}

static long new_file(void)
{
    long fd = sys_open("/tmp/pages", O_RDWR | O_CREAT | O_TRUNC, 0600);
    sys_unlink("/tmp/pages");
    return fd;
}

// A write of a page that finds only `there` bytes of it; the file is then made a page long.
static void show_part(long there, int in_a_hole)
{
    long wrong = 0, got = 0, sizes = 0;
    for (int i = 0; i < 16; ++i) {
        soil_memory();
        long fd = new_file();
        if (in_a_hole) sys_ftruncate(fd, 3 * PAGE);
        sys_lseek(fd, in_a_hole ? PAGE : 0, SEEK_SET);
        got = sys_write(fd, buffer + PAGES * PAGE - there, PAGE);
        sizes += sys_lseek(fd, 0, SEEK_END);
        sys_ftruncate(fd, 3 * PAGE);
        char *at = (char *)sys_mmap(mapping, 3 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, (int)fd, 0);
        if (in_a_hole) wrong += count_other(at, 0, PAGE);
        at += in_a_hole ? PAGE : 0;
        long filled = failed(got) ? 0 : got;
        wrong += count_other(at, 1, filled) + count_other(at + filled, 0, 2 * PAGE - filled);
        sys_munmap(mapping, 3 * PAGE);
        sys_close(fd);
    }
    SAY("  %ld bytes of a page%s: %ld, size %ld, wrong bytes %ld", there, in_a_hole ? " in a hole" : "", got,
        sizes / 16, wrong);
}

int main(void)
{
    buffer = (char *)sys_mmap(BASE, PAGES * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    memset(buffer, 1, PAGES * PAGE);
    SAY("whole pages");
    soil_memory();
    long fd = new_file();
    SHOW(sys_write(fd, buffer, PAGES * PAGE));
    char *at = (char *)sys_mmap(mapping, PAGES * PAGE, RW, MAP_SHARED | MAP_FIXED, (int)fd, 0);
    IS(count_other(at, 1, PAGES * PAGE) == 0);
    SAY("again, over what is there");
    memset(buffer, 2, PAGES * PAGE);
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    SHOW(sys_write(fd, buffer, PAGES * PAGE));
    IS(count_other(at, 2, PAGES * PAGE) == 0);
    SAY("from the pages that are being written");
    SHOW(sys_ftruncate(fd, 0));
    SHOW(sys_ftruncate(fd, 2 * PAGE));
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    SHOW(sys_write(fd, at, PAGE));
    IS(count_other(at, 0, 2 * PAGE) == 0);
    at[0] = 5;
    SHOW(sys_write(fd, at, PAGE));
    IS(at[PAGE] == 5 && count_other(at + PAGE + 1, 0, PAGE - 1) == 0);
    SAY("from memory that was never touched");
    SHOW(sys_ftruncate(fd, 0));
    SHOW(sys_madvise(buffer, PAGES * PAGE, MADV_DONTNEED));
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    SHOW(sys_write(fd, buffer, PAGES * PAGE));
    IS(count_other(at, 0, PAGES * PAGE) == 0);
    sys_munmap(mapping, PAGES * PAGE);
    sys_close(fd);
    memset(buffer, 1, PAGES * PAGE);

    SAY("memory that ends in the middle");
    for (int in_a_hole = 0; in_a_hole < 2; ++in_a_hole) {
        show_part(0, in_a_hole);
        show_part(1, in_a_hole);
        show_part(100, in_a_hole);
        show_part(2048, in_a_hole);
        show_part(PAGE - 1, in_a_hole);
        show_part(PAGE, in_a_hole);
    }
    return 0;
}
