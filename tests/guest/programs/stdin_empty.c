// No standard input is its end at once. It cannot be written to, and output cannot be read.
// libc: none
#include "check.h"

int main(void)
{
    char byte;
    SHOW(sys_read(0, &byte, 1));
    SHOW(sys_read(0, &byte, 0));
    SHOW(sys_read(0, &byte, 1));
    SAY("closed");
    SHOW(sys_close(0));
    SHOW(sys_read(0, &byte, 1));
    SHOW(sys_close(2));
    SHOW(sys_write(2, "x", 1));
    SHOW(sys_write(1, "", 0));
    return 0;
}
