// A child of vfork(2) and the parent that waits for it, as a third process finds them: prlimit(2) and kill(2)
// of both.
// libc: none
#include "handlers.h"

CALL0(vfork)

static int to_helper[2], to_child[2];
static long parent, child;

// Between a system call that comes back twice and the frame that it was made in nothing may change: all that
// the child does is here.
static void in_child(void)
{
    long own = sys_getpid();
    sys_write(to_helper[1], &own, sizeof own);
    hear(to_child[0]);
    sys_exit_group(4);
}

static int helper_limits(void)
{
    struct rlimit limit = {77, 99}, before;
    sys_read(to_helper[0], &child, sizeof child);
    SHOW(sys_prlimit64(child, RLIMIT_NOFILE, &limit, &before));
    SHOW(sys_prlimit64(child, RLIMIT_NOFILE, NULL, &before));
    SAY("    %ld %ld", (long)before.rlim_cur, (long)before.rlim_max);
    SHOW(sys_prlimit64(parent, RLIMIT_NOFILE, NULL, &before));
    IS(before.rlim_cur != 77);
    SHOW(sys_kill(parent, 0));
    sys_kill(child, SIGTERM); // and the parent goes on, before this one or after it
    return 0;
}
static int helper_lets_go(void)
{
    sys_read(to_helper[0], &child, sizeof child);
    SHOW(sys_kill(parent, SIGUSR1)); // which has a handler: it runs when the child has left
    tell(to_child[1]);
    return 0;
}

static volatile int handled;
static void note(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    handled = 1;
}

static void round_with(int (*helper)(void))
{
    long helping = start(helper);
    long made = sys_vfork();
    if (made == 0) in_child();
    SAY("the parent goes on; handled: %d", handled);
    show_end("    helper", helping);
    show_end("    child", made);
}

int main(void)
{
    make_pipe(to_helper);
    make_pipe(to_child);
    parent = sys_getpid();
    handle(SIGUSR1, note, SA_RESTART, 0);
    SAY("limits of the child, and its end");
    round_with(helper_limits);
    SAY("a signal to the parent");
    round_with(helper_lets_go);
    return 0;
}
