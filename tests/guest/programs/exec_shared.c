// execve(2): what a process shares with another by clone(2) and must have for itself afterwards.
// libc: none
#include <sched.h>

#include "handlers.h"

static int up[2], down[2];

static void handler(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
}

static void run(const char *what, unsigned long flags)
{
    static char *const arguments[] = {"exec_shared", "again", NULL}, *const nothing[] = {NULL};
    struct KernelAction action;
    char path[64] = "";
    SAY("%s", what);
    handle(SIGUSR1, handler, 0, 0);
    sys_chdir("/");
    sys_close(3);
    sys_close(4);
    SHOW(sys_open("/dev/null", O_RDONLY | O_CLOEXEC, 0));
    SHOW(sys_open("/dev/null", O_RDONLY, 0));
    long child = sys_clone(flags | SIGCHLD, NULL, NULL, NULL, 0);
    if (child == 0) {
        sys_execve("/proc/self/exe", arguments, nothing);
        leave(99);
    }
    show_end("    it", child);
    sys_rt_sigaction(SIGUSR1, NULL, &action, 8);
    SAY("    our handler is %s", action.handler == (unsigned long)handler ? "there" : "gone");
    SAY("    our descriptors: 3 %s, 4 %s", sys_fcntl(3, F_GETFD, 0) < 0 ? "closed" : "open",
        sys_fcntl(4, F_GETFD, 0) < 0 ? "closed" : "open");
    sys_getcwd(path, sizeof path);
    SAY("    we are in %s", path);
}

// Whom a shell may put into a group: its children, as long as they are what it made of them (setpgid(2)).
static void move(void)
{
    static char *const arguments[] = {"exec_shared", "wait", "on", NULL}, *const nothing[] = {NULL};
    SAY("its group");
    make_pipe(up);
    make_pipe(down);
    long child = sys_fork();
    if (child == 0) {
        tell(up[1]);
        hear(down[0]);
        sys_dup2(up[1], 20);
        sys_dup2(down[0], 21);
        sys_execve("/proc/self/exe", arguments, nothing);
        leave(99);
    }
    hear(up[0]);
    SHOW(sys_setpgid(child, child));
    tell(down[1]);
    hear(up[0]);
    SHOW(sys_setpgid(child, sys_getpgid(0)));
    IS(sys_getpgid(child) == child);
    tell(down[1]);
    show_end("    it", child);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) {
        tell(20);
        hear(21);
        return 4;
    }
    if (argc > 1) {
        SAY("    its descriptors: 3 %s, 4 %s", sys_fcntl(3, F_GETFD, 0) < 0 ? "closed" : "open",
            sys_fcntl(4, F_GETFD, 0) < 0 ? "closed" : "open");
        sys_close(4);
        handle(SIGUSR1, handler, 0, BIT(SIGUSR2));
        ignore(SIGUSR1);
        sys_chdir("/proc");
        return 3;
    }
    run("nothing", 0);
    run("descriptors", CLONE_FILES);
    run("handlers", CLONE_SIGHAND | CLONE_VM | CLONE_VFORK);
    run("the directory", CLONE_FS);
    move();
    return 0;
}
