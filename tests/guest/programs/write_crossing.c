// write(2) to standard output of memory whose end is not mapped: nothing is written of what fits one page.
// libc: none
#include "bad_pointers.h"

int main(void)
{
    map_at(BASE, 2 * PAGE, PROT_READ | PROT_WRITE);
    memset(BASE, '.', 2 * PAGE);
    char *end = BASE + 2 * PAGE;
    SHOW(sys_write(1, end - 50, 100));
    SHOW(sys_write(1, end, 1));
    SHOW(sys_write(1, end - 1, 2));
    end[-1] = '\n';
    SHOW(sys_write(1, end - 50, 50));
    return 0;
}
