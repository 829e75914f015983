// ioctl(2) where nothing is a terminal: ENOTTY; no file: EBADF.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include <sys/ioctl.h>

#include "bad_pointers.h"

#define GET_TERMINAL 0x5401ul // TCGETS
#define GET_WINDOW 0x5413ul   // TIOCGWINSZ

static char terminal[64];

int main(void)
{
    for (long fd = 0; fd < 3; ++fd) {
        SAY("descriptor %ld", fd);
        SHOW(sys_ioctl(fd, GET_TERMINAL, terminal));
        SHOW(sys_ioctl(fd, GET_WINDOW, terminal));
    }
    long file = sys_open("/data/text.txt", O_RDONLY, 0), null = sys_open("/dev/null", O_RDWR, 0);
    SHOW(sys_ioctl(file, GET_TERMINAL, terminal));
    SHOW(sys_ioctl(null, GET_TERMINAL, terminal));
    SHOW(sys_ioctl(null, GET_WINDOW, terminal));
    SHOW(sys_ioctl(file, 0x12345678, terminal));
    SHOW(sys_ioctl(99, GET_TERMINAL, terminal));
    SHOW(sys_ioctl(-1, GET_TERMINAL, terminal));
    return 0;
}
