// setpgid(2), setsid(2) and their kin: who may move whom, what is inherited, signals to a whole group.
// libc: none
#include "handlers.h"

static int to_parent[2], to_child[2];

static int stay(void)
{
    sys_close(to_child[1]);
    tell(to_parent[1]);
    hear(to_child[0]);
    return 0;
}
static int session(void)
{
    SHOW(sys_setpgid(0, 0));
    IS(sys_getpgid(0) == sys_getpid());
    SHOW(sys_setsid()); // the leader of a group
    long child = start(stay);
    hear(to_parent[0]);
    IS(sys_getpgid(child) == sys_getpid());
    SHOW(sys_setpgid(child, child));
    IS(sys_getpgid(child) == child);
    SHOW(sys_setpgid(child, sys_getpid()));
    SHOW(sys_setpgid(child, 0));
    IS(sys_getpgid(child) == child);
    SHOW(sys_setpgid(child, 999999));
    SHOW(sys_setpgid(999999, 0));
    SHOW(sys_setpgid(sys_getppid(), 0));
    SHOW(sys_setpgid(1, 0));
    SHOW(sys_setpgid(-1, 0));
    SHOW(sys_setpgid(0, -1));
    SHOW(sys_setpgid(child, -5));
    IS(sys_getsid(0) == sys_getsid(child));
    tell(to_child[1]);
    show_end("its child", child);
    SHOW(sys_getpgid(child));
    return 0;
}

static int leader(void)
{
    int inner[2];
    IS(sys_setsid() == sys_getpid());
    IS(sys_getsid(0) == sys_getpid());
    IS(sys_getpgid(0) == sys_getpid());
    SHOW(sys_setsid());
    SHOW(sys_setpgid(0, 0)); // the leader of a session stays what it is
    make_pipe(inner);
    long first = sys_getpid(), child = sys_fork();
    if (child == 0) {
        IS(sys_getsid(0) == first);
        IS(sys_getpgrp() == first);
        IS(sys_setsid() == sys_getpid());
        tell(inner[1]);
        hear(to_child[0]);
        leave(0);
    }
    hear(inner[0]);
    SHOW(sys_setpgid(child, 0)); // in another session now
    IS(sys_getsid(child) == child);
    tell(to_child[1]);
    show_end("its child", child);
    return 0;
}

static int other_session(void)
{
    sys_setsid();
    return stay();
}
static int two_sessions(void)
{
    long other = start(other_session);
    hear(to_parent[0]);
    long child = start(stay);
    hear(to_parent[0]);
    SHOW(sys_setpgid(0, other));
    SHOW(sys_setpgid(child, other));
    IS(sys_getpgid(child) == sys_getpgid(0));
    tell(to_child[1]);
    tell(to_child[1]);
    show_end("its child", child);
    show_end("the other", other);
    return 0;
}

static volatile int got;
static void count(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    ++got;
}

// Waits for a signal, so that the parent learns who got it.
static int member(void)
{
    handle(SIGUSR1, count, 0, 0);
    block(BIT(SIGUSR1));
    sys_close(to_child[1]);
    tell(to_parent[1]);
    hear(to_child[0]);
    return pending() & BIT(SIGUSR1) ? 1 : 0;
}

static void signals_to_groups(void)
{
    long children[4];
    SAY("a signal to a group of two of four");
    for (int i = 0; i < 4; ++i) {
        children[i] = start(member);
        sys_setpgid(children[i], i < 2 ? children[0] : children[2]);
        hear(to_parent[0]);
    }
    SHOW(sys_kill(-children[0], SIGUSR1));
    for (int i = 0; i < 4; ++i) tell(to_child[1]);
    for (int i = 0; i < 4; ++i) show_end("    member", children[i]);
    SHOW(sys_kill(-children[0], SIGUSR1));
    SHOW(sys_kill(-children[0], 0));
    SHOW(sys_kill(-999999, SIGUSR1));
}

// kill(0): all of our own group, ourselves too.
static int own_group(void)
{
    sys_setsid();
    long children[3];
    block(BIT(SIGUSR1));
    for (int i = 0; i < 3; ++i) {
        children[i] = start(member);
        if (i == 2) sys_setpgid(children[i], 0);
        hear(to_parent[0]);
    }
    SHOW(sys_kill(0, SIGUSR1));
    IS(pending() == BIT(SIGUSR1));
    for (int i = 0; i < 3; ++i) tell(to_child[1]);
    for (int i = 0; i < 3; ++i) show_end("    member", children[i]);
    return 0;
}

int main(void)
{
    make_pipe(to_parent);
    make_pipe(to_child);
    SHOW(sys_getpgid(999999));
    SHOW(sys_getpgid(-1));
    SHOW(sys_getsid(999999));
    SHOW(sys_getsid(-1));
    IS(sys_getpgid(0) == sys_getpgrp());
    IS(sys_getpgid(sys_getpid()) == sys_getpgid(0));
    IS(sys_getsid(sys_getpid()) == sys_getsid(0));
    SAY("a group of its own");
    show_end("it", start(session));
    SAY("a session of its own");
    show_end("it", start(leader));
    SAY("a group of another session");
    show_end("it", start(two_sessions));
    signals_to_groups();
    SAY("a signal to one's own group");
    show_end("it", start(own_group));
    return 0;
}
