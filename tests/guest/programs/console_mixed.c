// Only the output is a terminal, as in `program < file`: each descriptor answers for itself.
// libc: musl
// tty: 1
// stdin: from a pipe\n
#include <unistd.h>

#include "check.h"

int main(void)
{
    for (int fd = 0; fd < 3; ++fd) SAY("isatty(%d): %d", fd, isatty(fd));
    char text[32] = {0};
    SHOW(sys_read(0, text, 31));
    SAY("%s", text);
    SHOW(sys_read(0, text, 31));
    return 0;
}
