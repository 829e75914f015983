// RLIMIT_NOFILE: 1024 files at first; EMFILE at the limit, whatever is open above a lowered one stays open.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include <sys/resource.h>

#include "check.h"

int main(void)
{
    struct rlimit limit;
    SHOW(sys_getrlimit(RLIMIT_NOFILE, &limit));
    SAY("soft limit %ld", (long)limit.rlim_cur);
    long fd = 0, last = 0;
    while ((fd = sys_open("/dev/null", O_RDONLY, 0)) >= 0) last = fd;
    SAY("the last number is %ld, then %s", last, errno_name(-fd));
    SAY("one closed is one to open");
    SHOW(sys_close(500));
    SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    limit.rlim_cur = 10;
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    char byte = 0;
    SHOW(sys_read(500, &byte, 1));
    SHOW(sys_close(900));
    SHOW(sys_open("/dev/null", O_RDONLY, 0));
    SHOW(sys_close(5));
    SHOW(sys_open("/dev/null", O_RDONLY, 0));
    SAY("no such file comes after no number left");
    SHOW(sys_open("/dev/none", O_RDONLY, 0));
    return 0;
}
