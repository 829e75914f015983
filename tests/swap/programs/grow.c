// grow [MIB] [by read | wait]: touches more and more memory; without MIB until it is ended. What it has is
// right as long as it lasts. by read: the kernel touches it, in read(2); with MIB again and again, as long as
// another program of this name runs. wait: for a line on standard input before.
#include "pages.h"

static char *at;
static size_t limit = 1ul << 20;

static void fill_by_read(void)
{
    int zero = open("/dev/zero", O_RDONLY);
    for (size_t i = 0; i < limit; i++) {
        if (read(zero, at + i * PAGE + 100, 2 * PAGE) == (ssize_t)(2 * PAGE)) continue;
        printf("read: %m\n");
        exit(1);
    }
    close(zero);
}

int main(int argc, char **argv)
{
    if (argc > 1 && atoi(argv[1]) > 0) limit = strtoull(argv[1], 0, 0) * MIB / PAGE;
    bool by_read = strcmp(argv[argc - 1], "read") == 0;
    // Promised without limit, or it would be refused at once what it is to miss later.
    at = mmap(NULL, (limit + 2) * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
              -1, 0);
    if (at == MAP_FAILED) return printf("mmap: %m\n"), 1;
    if (strcmp(argv[argc - 1], "wait") == 0) {
        say("ready");
        wait_for_line();
    }
    if (by_read) {
        do {
            madvise(at, (limit + 2) * PAGE, MADV_DONTNEED);
            fill_by_read();
        } while (find_program("grow") != 0);
    } else {
        fill(at, limit, 1);
        if (!are_right(at, limit, 1)) return puts("grow: wrong"), 1;
    }
    puts("grow: right");
    return 0;
}
