// A terminal on 0, 1 and 2: ioctl(2) knows it, the window's size and TERM are those of the person in front
// of it.
// libc: glibc
// tty: 012
// stdin: hello\nworld\n
#include <stdlib.h>
#include <sys/ioctl.h>

#include "bad_pointers.h"

#define GET_TERMINAL 0x5401ul // TCGETS
#define SET_TERMINAL 0x5402ul // TCSETS

static char terminal[64];

int main(void)
{
    for (long fd = 0; fd < 3; ++fd) {
        struct winsize size = {0, 0, 0, 0};
        SAY("descriptor %ld", fd);
        SHOW(sys_ioctl(fd, GET_TERMINAL, terminal));
        SHOW(sys_ioctl(fd, TIOCGWINSZ, &size));
        SAY("%d columns, %d rows", size.ws_col, size.ws_row);
    }
    SHOW(sys_ioctl(0, SET_TERMINAL, terminal));
    const char *term = getenv("TERM");
    SAY("TERM=%s", term ? term : "");
    SHOW(sys_lseek(0, 0, 1));
    WITH_BAD_POINTERS(sys_ioctl(1, GET_TERMINAL, bad));
    WITH_BAD_POINTERS(sys_ioctl(1, TIOCGWINSZ, bad));
    SHOW(sys_ioctl(1, 0x12345678, terminal));

    char text[32] = {0};
    long n = 0;
    while (n < 12) {
        long more = sys_read(0, text + n, 12 - (unsigned long)n);
        if (more <= 0) break;
        n += more;
    }
    SAY("read %ld bytes: %s", n, text);
    return 0;
}
