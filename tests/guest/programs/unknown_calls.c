// System calls that do not exist: ENOSYS, whatever their arguments.
// libc: none
#include "check.h"

int main(void)
{
    SHOW(system_call(400, 1, 2, 3, 4, 5, 6));
    SHOW(system_call(423, 0, 0, 0, 0, 0, 0));
    SHOW(system_call(500, 0, 0, 0, 0, 0, 0));
    SHOW(system_call(511, 0, 0, 0, 0, 0, 0));
    SHOW(system_call(1000, -1, -1, -1, -1, -1, -1));
    SHOW(system_call(4096, 0, 0, 0, 0, 0, 0));
    SHOW(system_call(65536, 0, 0, 0, 0, 0, 0));
    SHOW(system_call(0x7fffffff, 0, 0, 0, 0, 0, 0));
    SHOW(system_call(-1, 0, 0, 0, 0, 0, 0));
    SHOW(system_call(-2, 0, 0, 0, 0, 0, 0));
    SHOW(system_call(-4096, 0, 0, 0, 0, 0, 0));
    SAY("and again");
    SHOW(system_call(1000, 0, 0, 0, 0, 0, 0));
    return 0;
}
