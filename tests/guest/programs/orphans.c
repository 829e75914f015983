// Children whose parent ends: process 1 becomes their parent, they live on, no other may wait for them.
// libc: none
#include "children.h"

static int report[2], go[2], alive[2];

static int grandchild(void)
{
    sys_close(alive[0]);
    sys_close(go[1]);
    hear(go[0]); // until our parent is gone
    send_number(report[1], sys_getppid());
    sys_close(report[1]);
    return 9; // the end of `alive` is told when we are gone
}

static int middle(void)
{
    send_number(report[1], sys_getpid());
    long child = start(grandchild);
    send_number(report[1], child);
    return 6;
}

static int middle_killed(void)
{
    middle();
    sys_kill(sys_getpid(), SIGKILL);
    return 0;
}

static void family(const char *name, int (*body)(void))
{
    SAY("%s", name);
    make_pipe(report);
    make_pipe(go);
    make_pipe(alive);
    long child = start(body);
    show_end("the parent", child);
    receive_number(report[0]);
    receive_number(report[0]);
    tell(go[1]);
    SAY("    the parent of its child is process %ld", receive_number(report[0]));
    sys_close(report[1]);
    sys_close(alive[1]);
    SAY("    the child has ended: %s", hear(alive[0]) ? "no" : "yes");
    SHOW(sys_wait4(-1, NULL, 0, NULL));
    for (int i = 0; i < 2; ++i) {
        if (i == 0) sys_close(report[i]), sys_close(alive[i]);
        sys_close(go[i]);
    }
}

// Ends with ten children that live, and ten that have ended and were never waited for.
static int large_family(void)
{
    int here[2];
    make_pipe(here);
    for (int i = 0; i < 10; ++i) {
        if (sys_fork() == 0) leave(1);
        if (sys_fork() == 0) {
            sys_close(here[0]);
            sys_close(go[1]);
            tell(here[1]);
            hear(go[0]);
            send_number(report[1], sys_getppid());
            leave(2);
        }
    }
    for (int i = 0; i < 10; ++i) hear(here[0]);
    return 0;
}

int main(void)
{
    family("a parent that exits", middle);
    family("a parent that is killed", middle_killed);
    SAY("ten at once");
    make_pipe(report);
    make_pipe(go);
    show_end("the parent", start(large_family));
    sys_close(report[1]);
    sys_close(go[0]);
    sys_close(go[1]);
    long parent, count = 0;
    while (sys_read(report[0], &parent, sizeof parent) == sizeof parent) count += parent == 1;
    SAY("%ld have process 1 as their parent", count);
    SHOW(sys_wait4(-1, NULL, 0, NULL));
    return 0;
}
