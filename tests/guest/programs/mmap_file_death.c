// A mapped file has no pages behind its end: touching them is SIGBUS; a mapping to read cannot be written:
// SIGSEGV.
// libc: none
// cases: read_behind_end write_behind_end write_read_only write_shared exec_not_allowed kernel_behind_end
// add: tests/guest/data/text.txt=/data/text.txt
#include "check.h"

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    char *page = (char *)sys_mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char *readable = (char *)sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    char *shared = (char *)sys_mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    SAY("the last page of the file: %d", peek(page + 4 * PAGE - 1));
    if (same_text(test, "read_behind_end")) (void)peek(page + 4 * PAGE);
    if (same_text(test, "write_behind_end")) touch(page + 7 * PAGE);
    if (same_text(test, "write_read_only")) touch(readable);
    if (same_text(test, "write_shared")) touch(shared);
    if (same_text(test, "exec_not_allowed")) ((void (*)(void))readable)();
    if (same_text(test, "kernel_behind_end")) {
        long zero = sys_open("/dev/zero", O_RDONLY, 0);
        SAY("the kernel gets an error where the program gets a signal");
        SHOW(sys_write(1, page + 4 * PAGE, 1));
        SHOW(sys_read(zero, page + 4 * PAGE, 1));
        SHOW(sys_read(zero, page + 4 * PAGE - 16, 100));
    }
    SAY("alive");
    return 0;
}
