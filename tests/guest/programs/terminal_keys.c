// Reading from a terminal key by key (termios(3), VMIN and VTIME) when nobody types: how long a read waits,
// and what it says then.
// libc: none
// tty: 0
#include <sys/ioctl.h>
#include <termios.h>

#include "children.h"

static char buffer[8];

static void keys(unsigned char minimum, unsigned char tenths)
{
    struct termios how;
    sys_ioctl(0, TCGETS, (char *)&how);
    how.c_lflag &= ~(unsigned)ICANON;
    how.c_cc[VMIN] = minimum;
    how.c_cc[VTIME] = tenths;
    SHOW(sys_ioctl(0, TCSETS, (char *)&how));
}

int main(void)
{
    long flags = sys_fcntl(0, F_GETFL, 0);
    SAY("a blocking descriptor");
    keys(0, 0);
    SHOW(sys_read(0, buffer, sizeof buffer));
    keys(0, 1);
    SHOW(sys_read(0, buffer, sizeof buffer));
    SAY("a non-blocking one");
    sys_fcntl(0, F_SETFL, (unsigned long)flags | O_NONBLOCK);
    SHOW(sys_read(0, buffer, sizeof buffer));
    keys(0, 0);
    SHOW(sys_read(0, buffer, sizeof buffer));
    keys(1, 0);
    SHOW(sys_read(0, buffer, sizeof buffer));
    keys(2, 1);
    SHOW(sys_read(0, buffer, sizeof buffer));
    return 0;
}
