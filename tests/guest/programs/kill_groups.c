// kill(2) to a group: members that take the signal, that have ended, that may queue nothing
// (RLIMIT_SIGPENDING); one that can be told is enough, and all are.
// libc: none
#include "handlers.h"

#define MEMBERS 3
#define REAL_TIME 40

static int to_parent[2], to_child[2], to_ending[2];

static int waits(void)
{
    struct rlimit none = {0, 0};
    sys_setrlimit(RLIMIT_SIGPENDING, &none);
    sys_close(to_child[1]);
    tell(to_parent[1]);
    hear(to_child[0]); // until the signal kills it
    return 7;
}
static int ends(void)
{
    hear(to_ending[0]);
    return 5;
}

// Of the members, one has ended: that with this number.
static void tell_group(int ended, long signal)
{
    long members[MEMBERS];
    siginfo_t info;
    for (int i = 0; i < MEMBERS; ++i) {
        members[i] = start(i == ended ? ends : waits);
        sys_setpgid(members[i], members[0]);
        if (i == ended) {
            tell(to_ending[1]);
            sys_waitid(P_PID, members[i], &info, WEXITED | WNOWAIT, NULL);
        } else {
            hear(to_parent[0]);
        }
    }
    SHOW(sys_kill(-members[0], 0));
    SHOW(sys_kill(-members[0], 65));
    SHOW(sys_kill(-members[0], signal));
    for (int i = 0; i < MEMBERS; ++i) show_end("    member", members[i]);
    SHOW(sys_kill(-members[0], 0));
}

int main(void)
{
    make_pipe(to_parent);
    make_pipe(to_child);
    make_pipe(to_ending);
    for (int ended = 0; ended <= MEMBERS; ++ended) {
        if (ended < MEMBERS)
            SAY("member %d has ended", ended);
        else
            SAY("all live");
        tell_group(ended, ended % 2 ? SIGTERM : REAL_TIME);
    }
    SAY("all have ended");
    long child = start(ends);
    siginfo_t info;
    sys_setpgid(child, child);
    tell(to_ending[1]);
    sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT, NULL);
    SHOW(sys_kill(-child, SIGKILL));
    SHOW(sys_kill(-1, 0)); // on Vitrine there is nobody else
    show_end("    it", child);
    SHOW(sys_kill(-child, SIGKILL));
    return 0;
}
