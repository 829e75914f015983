// readv(2), writev(2): pieces in order, empty pieces, too many of them, lengths that overflow, bad pointers.
// libc: musl
// add: tests/guest/data/text.txt=/data/text.txt
#include <sys/uio.h>

#include "bad_pointers.h"

static struct iovec many[1025];
static char a[64], b[64], c[64];

int main(void)
{
    long fd = sys_open("/data/text.txt", O_RDONLY, 0), null = sys_open("/dev/null", O_RDWR, 0);
    struct iovec three[3] = {{a, 4}, {b, 1}, {c, 4}};
    SHOW(sys_readv(fd, three, 3));
    SAY("%s|%s|%s", a, b, c);
    struct iovec words[4] = {{"one ", 4}, {NULL, 0}, {"two ", 4}, {"three\n", 6}};
    SHOW(sys_writev(1, words, 4));
    SHOW(sys_writev(1, words, 0));
    SHOW(sys_readv(fd, three, 0));
    SHOW(sys_writev(1, NULL, 0));
    for (int i = 0; i < 1025; ++i) many[i].iov_base = (char *)"x", many[i].iov_len = i % 2;
    SHOW(sys_writev(null, many, 1024));
    SAY("at the end of the file");
    sys_lseek(fd, -6, 2);
    SHOW(sys_readv(fd, three, 3));
    SHOW(sys_readv(fd, three, 3));

    SAY("refused");
    SHOW(sys_writev(null, many, 1025));
    SHOW(sys_writev(null, many, -1));
    SHOW(sys_readv(fd, many, 1025));
    SHOW(sys_readv(fd, three, -1));
    SHOW(sys_readv(99, three, 3));
    SHOW(sys_writev(99, words, 4));
    SHOW(sys_writev(fd, words, 4));
    struct iovec negative[2] = {{a, 4}, {b, -1ul}};
    SHOW(sys_writev(null, negative, 2));
    SHOW(sys_readv(fd, negative, 2));
    SAY("bad vectors");
    WITH_BAD_POINTERS(sys_writev(1, bad, 2));
    WITH_BAD_POINTERS(sys_readv(fd, bad, 2));
    struct iovec *cut = (struct iovec *)last_bytes(24);
    cut[0] = words[0];
    SHOW(sys_writev(1, cut, 2));

    SAY("bad pieces: what comes before them is done");
    sys_lseek(fd, 0, 0);
    struct iovec second_bad[2] = {{a, 4}, {(char *)0x100000000000, 4}};
    SHOW(sys_readv(fd, second_bad, 2));
    SHOW(sys_lseek(fd, 0, 1));
    struct iovec first_bad[2] = {{(char *)0x100000000000, 4}, {a, 4}};
    SHOW(sys_readv(fd, first_bad, 2));
    SHOW(sys_writev(1, first_bad, 2));
    struct iovec crossing[2] = {{last_bytes(3), 10}, {a, 4}};
    SHOW(sys_readv(fd, crossing, 2));
    SHOW(sys_lseek(fd, 0, 1));
    return 0;
}
