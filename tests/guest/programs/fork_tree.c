// fork(2): a tree of processes; what it returns on both sides, who is whose parent, memories apart.
// libc: glibc musl none
#include "children.h"

static volatile int depth; // of this process

#ifdef NOLIBC
#define FORK() sys_fork()
#else
#include <unistd.h>
#define FORK() ((long)fork())
#endif

// Three children each, three levels below the first: what a process returns is how many it is and has below.
static int grow(int ends[2])
{
    long self = sys_getpid(), sum = 1;
    long children[3];
    if (depth == 3) return 1;
    for (int i = 0; i < 3; ++i) {
        children[i] = FORK();
        if (children[i] == 0) {
            ++depth;
            if (sys_getppid() != self) leave(200);
            if (sys_getpid() == self) leave(201);
            send_number(ends[1], depth);
            leave(grow(ends));
        }
    }
    for (int i = 2; i >= 0; --i) {
        int status;
        if (sys_wait4(children[i], &status, 0, NULL) != children[i]) leave(202);
        if (!WIFEXITED(status) || WEXITSTATUS(status) >= 200) leave(203);
        sum += WEXITSTATUS(status);
    }
    return (int)sum;
}

int main(void)
{
    int ends[2], levels[4] = {0};
    make_pipe(ends);
    SAY("%d processes", grow(ends));
    IS(depth == 0);
    sys_close(ends[1]);
    long level;
    while (sys_read(ends[0], &level, sizeof level) == sizeof level) ++levels[level];
    for (int i = 1; i < 4; ++i) SAY("level %d: %d", i, levels[i]);
    SHOW(sys_wait4(-1, NULL, 0, NULL));

    SAY("a line of 20, each the parent of the next");
    long first = sys_getpid();
    for (int i = 0; i < 20; ++i) {
        long child = FORK();
        if (child) {
            int status;
            sys_wait4(child, &status, 0, NULL);
            if (sys_getpid() != first) leave(WEXITSTATUS(status) + 1);
            SAY("%d", WEXITSTATUS(status) + 1);
            return 0;
        }
    }
    return 0;
}
