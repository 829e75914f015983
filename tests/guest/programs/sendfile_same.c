// sendfile(2) from a file to itself: one description under one number, and under two (dup(2)); its position.
// libc: none
#include "children.h"
#include "files.h"

static void show_state(long file)
{
    char text[32];
    long n = sys_pread64(file, text, sizeof text - 1, 0);
    text[n < 0 ? 0 : n] = 0;
    SAY("    \"%s\", at %ld", text, sys_lseek(file, 0, SEEK_CUR));
}

int main(void)
{
    long file = sys_memfd_create("same", 0);
    sys_write(file, "0123456789abcdef", 16);
    sys_lseek(file, 3, SEEK_SET);
    SHOW(sys_sendfile(file, file, NULL, 5));
    show_state(file);
    long other = sys_dup(file);
    sys_lseek(file, 0, SEEK_SET);
    SHOW(sys_sendfile(other, file, NULL, 4));
    show_state(file);
    long offset = 10;
    sys_lseek(file, 0, SEEK_SET);
    SHOW(sys_sendfile(other, file, &offset, 4));
    SHOW(offset);
    show_state(file);
    return 0;
}
