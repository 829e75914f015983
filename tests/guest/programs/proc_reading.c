// Reading /proc/self/maps in pieces gives the same bytes as reading it at once; offsets work as in a file.
// libc: none
#include "areas.h"

static char whole[64 * 1024], pieces[64 * 1024];

static long read_in_pieces(long step)
{
    long fd = sys_open("/proc/self/maps", O_RDONLY, 0), used = 0;
    for (;;) {
        long n = sys_read(fd, pieces + used, (size_t)step);
        if (n <= 0) break;
        used += n;
    }
    sys_close(fd);
    return used;
}

static int same(const char *a, const char *b, long n)
{
    for (long i = 0; i < n; ++i) {
        if (a[i] != b[i]) return 0;
    }
    return 1;
}

int main(void)
{
    for (int i = 0; i < 100; ++i) map_at(BASE + i * 4 * PAGE, PAGE, i % 2 ? PROT_READ : PROT_NONE);
    long size = read_whole("/proc/self/maps", whole, sizeof whole);
    IS(size > 100 * 49);
    IS(read_in_pieces(1) == size && same(whole, pieces, size));
    IS(read_in_pieces(7) == size && same(whole, pieces, size));
    IS(read_in_pieces(1000) == size && same(whole, pieces, size));
    IS(read_in_pieces(4096) == size && same(whole, pieces, size));

    long fd = sys_open("/proc/self/maps", O_RDONLY, 0);
    SHOW(sys_pread64(fd, pieces, 50, 100));
    IS(same(whole + 100, pieces, 50));
    SHOW(sys_lseek(fd, 49, 0));
    SHOW(sys_read(fd, pieces, 49));
    IS(same(whole + 49, pieces, 49));
    SHOW(sys_lseek(fd, 0, 1));
    SHOW(sys_lseek(fd, 0, 0));
    SHOW(sys_read(fd, pieces, 49));
    IS(same(whole, pieces, 49));
    SHOW(sys_pread64(fd, pieces, 100, 1 << 20));

    SAY("what is read is how it is now");
    sys_munmap(BASE, 400 * PAGE);
    long smaller = read_whole("/proc/self/maps", pieces, sizeof pieces);
    IS(smaller < size - 100 * 40);
    SAY("into memory that is not there");
    SHOW(sys_read(fd, (char *)0x100000000000, 100));
    SHOW(sys_read(fd, NULL, 100));
    return 0;
}
