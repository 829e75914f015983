// A file that the archive brought is changed: written, shortened, removed and made anew, renamed, while it is
// open and mapped; its other name sees it, and so does who had it mapped before.
// libc: glibc
// add: tests/guest/data/text.txt=/data/text.txt
// add: tests/guest/data/text.txt=/data/other.txt
#include "files.h"

enum { Bytes = 12392 };

static char saved[Bytes], again[Bytes];

static void show_start(const char *what, const char *bytes)
{
    char text[9];
    for (int i = 0; i < 8; ++i) text[i] = bytes[i] >= ' ' ? bytes[i] : '.';
    text[8] = 0;
    SAY("    %s: %s", what, text);
}

int main(void)
{
    long reader = sys_open("/data/text.txt", O_RDONLY, 0);
    SHOW(sys_read(reader, saved, Bytes) > 1000);
    const char *private = (char *)sys_mmap(0, 3 * PAGE, PROT_READ, MAP_PRIVATE, reader, 0);
    const char *shared = (char *)sys_mmap(0, 3 * PAGE, PROT_READ, MAP_SHARED, reader, 0);
    char *copied = (char *)sys_mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader, 0);
    copied[0] = '*';
    IS(private[0] == saved[0] && shared[5000] == saved[5000]);
    long size = size_of(reader);

    SAY("written to: all see it but a private copy");
    long writer = sys_open("/data/text.txt", O_RDWR, 0);
    SHOW(sys_pwrite64(writer, "WRITTEN", 7, 0));
    IS(size_of(reader) == size);
    show_start("private mapping", private);
    show_start("shared mapping", shared);
    show_start("private copy", copied);
    sys_pread64(reader, again, 16, 0);
    show_start("read", again);
    IS(private[5000] == saved[5000] && copied[5000] == saved[5000]);
    sys_pread64(reader, again, 4096, 4096);
    IS(memcmp(again, saved + 4096, 4096) == 0);
    SHOW(sys_fstat(writer, &(struct KernelStat){0}));

    SAY("a hard link is the same file");
    SHOW(sys_link("/data/text.txt", "/data/link"));
    SHOW(sys_pwrite64(writer, "AGAIN!!", 7, 0));
    long link = sys_open("/data/link", O_RDONLY, 0);
    sys_read(link, again, 16);
    show_start("link", again);
    IS(stat_of("/data/link").links == 2);

    SAY("removed, and made anew: another file");
    SHOW(sys_unlink("/data/text.txt"));
    SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    write_file("/data/text.txt", "new");
    show_bytes("/data/text.txt");
    show_start("the old one, mapped", shared);
    IS(stat_of("/data/link").links == 1);
    SHOW(sys_rename("/data/link", "/data/text.txt"));
    IS(stat_of("/data/text.txt").size == size);

    SAY("shortened without being read: what was mapped is gone, and is zero when it grows again");
    long other = sys_open("/data/other.txt", O_RDONLY, 0);
    const char *rest = (char *)sys_mmap(0, 3 * PAGE, PROT_READ, MAP_SHARED, other, 0);
    IS(rest[0] == saved[0]);
    SHOW(sys_truncate("/data/other.txt", 0));
    SHOW(sys_truncate("/data/other.txt", 2 * PAGE));
    IS(rest[0] == 0 && rest[PAGE] == 0);
    SHOW(sys_truncate("/data/other.txt", 3));
    show_file("/data/other.txt");
    return 0;
}
