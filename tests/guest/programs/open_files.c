// open(2), openat(2), close(2): files of the archive, the lowest free number, directories as a starting
// point.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
// add: tests/guest/data/small.txt=/data/deep/er/small.txt
#include "check.h"

static void show_first_bytes(long fd)
{
    char bytes[8] = {0};
    long n = sys_read(fd, bytes, 7);
    SAY("    reads %ld: %s", n, n > 0 ? bytes : "");
}

int main(void)
{
    SAY("the lowest free number");
    SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    SHOW(sys_open("/data/deep/er/small.txt", O_RDONLY, 0));
    show_first_bytes(5);
    SHOW(sys_close(4));
    SHOW(sys_open("/data/deep/er/small.txt", O_RDONLY, 0));
    SHOW(sys_close(3));
    SHOW(sys_close(3));
    SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    SAY("each opening has its own offset");
    show_first_bytes(3);
    show_first_bytes(3);
    show_first_bytes(4);
    SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    show_first_bytes(6);

    SAY("paths");
    SHOW(sys_open("//data///text.txt", O_RDONLY, 0));
    SHOW(sys_open("/data/./deep/../text.txt", O_RDONLY, 0));
    SHOW(sys_open("/../../data/text.txt", O_RDONLY, 0));
    SHOW(sys_open("/data/deep/er/", O_RDONLY, 0));
    SHOW(sys_open("data/text.txt", O_RDONLY, 0));
    show_first_bytes(11);

    SAY("flags that matter not to a reader");
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_CLOEXEC, 0));
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | O_NOATIME, 0));
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_CREAT, 0644));
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_APPEND | O_SYNC, 0));

    SAY("a directory");
    long data = SHOW(sys_open("/data", O_RDONLY | O_DIRECTORY, 0));
    SHOW(sys_openat(data, "text.txt", O_RDONLY, 0));
    SHOW(sys_openat(data, "deep/er/small.txt", O_RDONLY, 0));
    show_first_bytes(18);
    SHOW(sys_openat(data, "../data/text.txt", O_RDONLY, 0));
    SHOW(sys_openat(data, "/data/text.txt", O_RDONLY, 0));
    SHOW(sys_openat(-1, "/data/text.txt", O_RDONLY, 0));
    SHOW(sys_openat(AT_FDCWD, "data/text.txt", O_RDONLY, 0));
    SHOW(sys_openat(data, ".", O_RDONLY, 0));

    SAY("devices");
    SHOW(sys_open("/dev/null", O_RDWR, 0));
    SHOW(sys_open("/dev/zero", O_RDWR, 0));
    SHOW(sys_open("/dev/urandom", O_RDONLY, 0));
    SHOW(sys_open("/dev/null", O_WRONLY | O_TRUNC | O_CREAT, 0666));

    SAY("closed twice, never opened");
    SHOW(sys_close(data));
    SHOW(sys_close(data));
    SHOW(sys_close(-1));
    SHOW(sys_close(1000));
    SHOW(sys_close(2147483647));
    SAY("closed standard input is the lowest free number");
    SHOW(sys_close(0));
    SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    return 0;
}
