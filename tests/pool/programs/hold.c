/* A tenant of HOLD_MIB MiB that stays until it is killed. The build makes several sizes of it. */
#include <unistd.h>

static char table[HOLD_MIB << 20];

int main(void)
{
    ((volatile char *)table)[sizeof table - 1] = 1;
    for (;;) sleep(1000);
}
