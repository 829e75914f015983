// setpriority(2), getpriority(2), prlimit(2) of other processes and of groups.
// libc: none
#include "children.h"

#define OF_PROCESS 0
#define OF_GROUP 1
#define OF_USER 2

CALL2(getpriority, long, long)
CALL3(setpriority, long, long, long)

static int to_child[2], to_parent[2];

static int chat(void)
{
    sys_close(to_child[1]);
    tell(to_parent[1]);
    hear(to_child[0]);
    return (int)(20 - sys_getpriority(OF_PROCESS, 0)) & 0xff; // the kernel's answer is 20 - nice
}
static long begin(void)
{
    long child = start(chat);
    hear(to_parent[0]);
    return child;
}

int main(void)
{
    make_pipe(to_child);
    make_pipe(to_parent);
    long children[3];
    for (int i = 0; i < 3; ++i) {
        children[i] = begin();
        sys_setpgid(children[i], children[i < 2 ? 0 : 2]);
    }
    SAY("inherited, and set for one");
    SHOW(sys_setpriority(OF_PROCESS, children[0], 5));
    SHOW(sys_getpriority(OF_PROCESS, children[0]));
    SHOW(sys_getpriority(OF_PROCESS, children[1]));
    SAY("of a group: the best of its members");
    SHOW(sys_getpriority(OF_GROUP, children[0]));
    SHOW(sys_setpriority(OF_GROUP, children[0], 7));
    SHOW(sys_getpriority(OF_GROUP, children[0]));
    SHOW(sys_getpriority(OF_PROCESS, children[1]));
    SHOW(sys_getpriority(OF_PROCESS, children[2]));
    SHOW(sys_getpriority(OF_PROCESS, 0));
    SHOW(sys_setpriority(OF_GROUP, children[2], 100));
    SHOW(sys_getpriority(OF_GROUP, children[2]));
    SHOW(sys_setpriority(OF_PROCESS, children[2], -100));
    SHOW(sys_getpriority(OF_PROCESS, children[2]));
    SAY("a child of one that is nice is nice");
    SHOW(sys_setpriority(OF_PROCESS, 0, 3));
    long grandchild = begin();
    SHOW(sys_getpriority(OF_PROCESS, grandchild));
    SAY("refused");
    SHOW(sys_getpriority(OF_PROCESS, 999999));
    SHOW(sys_setpriority(OF_PROCESS, 999999, 0));
    SHOW(sys_getpriority(OF_GROUP, 999999));
    SHOW(sys_getpriority(7, 0));
    SHOW(sys_setpriority(-1, 0, 0));
    SHOW(sys_getpriority(OF_USER, 12345));
    SAY("limits of another process");
    struct rlimit limit = {77, 88}, old = {0, 0};
    SHOW(sys_prlimit64(children[0], RLIMIT_NOFILE, &limit, &old));
    IS(old.rlim_max >= 1024);
    SHOW(sys_prlimit64(children[0], RLIMIT_NOFILE, NULL, &old));
    SAY("    %ld %ld", (long)old.rlim_cur, (long)old.rlim_max);
    SHOW(sys_prlimit64(0, RLIMIT_NOFILE, NULL, &old));
    IS(old.rlim_cur != 77);
    SHOW(sys_prlimit64(999999, RLIMIT_NOFILE, NULL, &old));
    for (int i = 0; i < 4; ++i) tell(to_child[1]);
    for (int i = 0; i < 3; ++i) show_end("    a child", children[i]);
    show_end("    the last", grandchild);
    return 0;
}
