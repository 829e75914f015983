// direct DEVICE MIB: memory that is written to a disk and read back with O_DIRECT, in requests of 1 MiB: the
// disk reads from and writes to the program's own frames, while memory is short.
#include "pages.h"

#define PIECE (1 * MIB)

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    size_t bytes = strtoull(argv[2], 0, 0) * MIB, pages = bytes / PAGE;
    int fd = open(argv[1], O_RDWR | O_DIRECT);
    char *at = memory(bytes);
    fill(at, pages, 1);
    for (size_t i = 0; i < bytes; i += PIECE) {
        if (pwrite(fd, at + i, PIECE, (off_t)i) != (ssize_t)PIECE) return printf("write: %m\n"), 1;
    }
    if (!are_right(at, pages, 1)) return puts("wrong after writing"), 1;
    munmap(at, bytes);
    at = memory(bytes);
    for (unsigned round = 0; round < 2; round++) {
        fill(at, pages, 2);
        for (size_t i = 0; i < bytes; i += PIECE) {
            if (pread(fd, at + i, PIECE, (off_t)i) != (ssize_t)PIECE) return printf("read: %m\n"), 1;
        }
        if (!are_right(at, pages, 1)) return puts("wrong after reading"), 1;
    }
    puts("direct: right");
    return 0;
}
