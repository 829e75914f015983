// RLIMIT_NOFILE across fork(2): EMFILE of each call that makes a descriptor, pipes that find one place
// only.
// libc: none
#include "children.h"

static int in_child(void)
{
    struct rlimit limit;
    sys_getrlimit(RLIMIT_NOFILE, &limit);
    SAY("    %ld %ld", (long)limit.rlim_cur, (long)limit.rlim_max);
    SHOW(sys_dup(0));
    SHOW(sys_close(9));
    SHOW(sys_dup(0));
    SHOW(sys_dup(0));
    return 0;
}

int main(void)
{
    struct rlimit limit = {10, 20};
    int ends[2] = {-5, -5};
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    long fd, count = 0;
    while ((fd = sys_open("/dev/null", O_RDONLY, 0)) >= 0) ++count;
    SAY("%ld files, then %s", count, errno_name(-fd));
    SHOW(sys_pipe2(ends, 0));
    SHOW(sys_close(5));
    SHOW(sys_pipe2(ends, 0)); // one is not enough
    IS(ends[0] == -5 && ends[1] == -5);
    SHOW(sys_open("/dev/null", O_RDONLY, 0));
    SHOW(sys_fcntl(0, F_DUPFD, 0));
    SHOW(sys_dup2(0, 9));
    SHOW(sys_dup2(0, 10));
    SAY("a child has the same limit and the same files");
    show_end("    it", start(in_child));
    SAY("a lower limit closes nothing");
    limit.rlim_cur = 4;
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(sys_fcntl(9, F_GETFD, 0));
    SHOW(sys_close(9));
    SHOW(sys_dup(0));
    SHOW(sys_close(3));
    SHOW(sys_dup(0));
    SAY("a limit of nothing");
    limit.rlim_cur = 0;
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(sys_close(4));
    SHOW(sys_dup(0));
    SAY("a child can still be made and waited for");
    long child = sys_fork();
    if (child == 0) leave(3);
    show_end("    it", child);
    SAY("the hard limit cannot be exceeded, not even raised above the largest");
    limit.rlim_cur = 21;
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = limit.rlim_max = 1ul << 31;
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    return 0;
}
