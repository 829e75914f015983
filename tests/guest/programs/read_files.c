// read(2), pread64(2), lseek(2) on a file of the archive.
// libc: musl
// add: tests/guest/data/text.txt=/data/text.txt
#include "check.h"

#ifndef SEEK_DATA
#define SEEK_DATA 3
#define SEEK_HOLE 4
#endif
#define START 0
#define HERE 1
#define END 2

static char bytes[20000];

int main(void)
{
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    SAY("all at once, in pieces, at the end");
    SHOW(sys_read(fd, bytes, 20000));
    SHOW(sys_read(fd, bytes, 20000));
    SHOW(sys_lseek(fd, 0, START));
    SHOW(sys_read(fd, bytes, 9));
    bytes[9] = 0;
    SAY("%s", bytes);
    SHOW(sys_lseek(fd, 0, HERE));
    SHOW(sys_read(fd, bytes, 0));
    SHOW(sys_read(fd, bytes, 4096));
    SHOW(sys_read(fd, bytes, 10000));
    SHOW(sys_read(fd, bytes, 1));
    SAY("a count of more than 2 GiB is cut, not refused");
    SHOW(sys_lseek(fd, 0, START));
    SHOW(sys_read(fd, bytes, 0x90000000ul) > 0);

    SAY("pread leaves the offset alone");
    SHOW(sys_lseek(fd, 100, START));
    SHOW(sys_pread64(fd, bytes, 4, 5));
    bytes[4] = 0;
    SAY("%s", bytes);
    SHOW(sys_lseek(fd, 0, HERE));
    SHOW(sys_pread64(fd, bytes, 100, 12390));
    SHOW(sys_pread64(fd, bytes, 100, 12392));
    SHOW(sys_pread64(fd, bytes, 100, 1ul << 40));
    SHOW(sys_pread64(fd, bytes, 0, 0));

    SAY("lseek");
    SHOW(sys_lseek(fd, -92, END));
    SHOW(sys_lseek(fd, -300, HERE));
    SHOW(sys_lseek(fd, 0, END));
    SHOW(sys_lseek(fd, 1000000, START));
    SHOW(sys_read(fd, bytes, 1));
    SHOW(sys_lseek(fd, 0, HERE));
    SHOW(sys_lseek(fd, 10, SEEK_DATA));
    SHOW(sys_lseek(fd, 10, SEEK_HOLE));

    SAY("refused, and the offset stays");
    SHOW(sys_lseek(fd, 7, START));
    SHOW(sys_lseek(fd, -1, START));
    SHOW(sys_lseek(fd, -8, HERE));
    SHOW(sys_lseek(fd, -12393, END));
    SHOW(sys_lseek(fd, 0, 5));
    SHOW(sys_lseek(fd, 0, -1));
    SHOW(sys_lseek(fd, 12392, SEEK_DATA));
    SHOW(sys_lseek(fd, 12392, SEEK_HOLE));
    SHOW(sys_lseek(fd, 0, HERE));
    SHOW(sys_lseek(99, 0, START));
    SHOW(sys_lseek(0, 0, HERE));
    SHOW(sys_lseek(1, 0, START));
    SHOW(sys_pread64(fd, bytes, 10, -1));
    SHOW(sys_pread64(99, bytes, 10, 0));
    SHOW(sys_pread64(0, bytes, 10, 0));
    return 0;
}
