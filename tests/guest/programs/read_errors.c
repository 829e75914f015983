// read(2), write(2), pread64(2): files that are not open, not for that, not for reading at all; bad
// pointers; ranges that cross into an unmapped page give what comes before it.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "bad_pointers.h"

static char bytes[8192];

int main(void)
{
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    long write_only = sys_open("/dev/null", O_WRONLY, 0);
    long directory = sys_open("/data", O_RDONLY, 0);
    SHOW(sys_read(99, bytes, 1));
    SHOW(sys_read(-1, bytes, 1));
    SHOW(sys_write(99, bytes, 1));
    SHOW(sys_write(-1, bytes, 1));
    SHOW(sys_read(write_only, bytes, 1));
    SHOW(sys_write(fd, bytes, 1));
    SHOW(sys_write(fd, bytes, 0));
    SHOW(sys_write(directory, bytes, 1));
    SHOW(sys_read(directory, bytes, 1));
    SHOW(sys_pread64(directory, bytes, 1, 0));

    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_read(fd, bad, 16));
    WITH_BAD_POINTERS(sys_pread64(fd, bad, 16, 0));
    WITH_BAD_POINTERS(sys_write(1, bad, 16));
    SHOW(sys_read(fd, read_only_page(), 16));
    SHOW(sys_read(fd, (void *)main, 16));
    SHOW(sys_lseek(fd, 0, 1));

    SAY("crossing into an unmapped page");
    char *last = last_bytes(100);
    SHOW(sys_pread64(fd, last, 200, 0));
    IS(last[0] == 'l' && last[99] != 0);
    SHOW(sys_read(fd, last, 8192));
    SHOW(sys_lseek(fd, 0, 1));
    SHOW(sys_read(fd, last + 99, 2));
    SHOW(sys_read(fd, last + 100, 2));
    SHOW(sys_lseek(fd, 0, 1));
    SHOW(sys_read(fd, last, 100));

    SAY("a wrapping range");
    SHOW(sys_read(fd, (char *)-1, 2));
    return 0;
}
