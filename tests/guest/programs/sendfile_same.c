// sendfile(2) from a file to itself, under one number and under two (dup(2)): its position; too many bytes.
// libc: none
#include "children.h"
#include "files.h"

#include <limits.h>

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
    SAY("more bytes than there are positions");
    SHOW(sys_sendfile(other, file, &offset, LONG_MAX - 13));
    SHOW(sys_sendfile(other, file, &offset, ULONG_MAX));
    offset = LONG_MAX;
    SHOW(sys_sendfile(other, file, &offset, 0));
    SHOW(sys_sendfile(other, file, &offset, 1));
    SHOW(offset);
    sys_lseek(file, 5, SEEK_SET);
    SHOW(sys_sendfile(other, file, NULL, LONG_MAX - 4));
    return 0;
}
