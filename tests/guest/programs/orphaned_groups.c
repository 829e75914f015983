// Groups that nobody in their session could continue any more (setpgid(2), "orphaned"): if a member is
// stopped, all hear SIGHUP and SIGCONT.
// libc: none
#include "handlers.h"

static int report[2], go[2], ready[2];

static void note(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    send_number(report[1], signal);
}

// Says by `report` what it hears until `go` has ended; its own number comes last.
static int member(void)
{
    handle(SIGHUP, note, SA_RESTART, 0);
    handle(SIGCONT, note, SA_RESTART, 0);
    sys_close(go[1]);
    tell(ready[1]);
    hear(go[0]);
    send_number(report[1], 100);
    return 0;
}

static void stop(long child)
{
    hear(ready[0]);
    sys_kill(child, SIGSTOP);
    siginfo_t info;
    sys_waitid(P_PID, child, &info, WSTOPPED, NULL);
}

// A shell that ends: its job is stopped, and nobody is left who could continue it.
static int shell(void)
{
    sys_setsid();
    long job = start(member);
    sys_setpgid(job, job);
    stop(job);
    return 0;
}
// The same, but the job runs.
static int shell_with_running_job(void)
{
    sys_setsid();
    long job = start(member);
    sys_setpgid(job, job);
    hear(ready[0]);
    return 0;
}
// One of two in the job is stopped: both hear of it.
static int shell_with_two(void)
{
    sys_setsid();
    long job = start(member);
    sys_setpgid(job, job);
    hear(ready[0]);
    long other = start(member);
    sys_setpgid(other, job);
    stop(other);
    return 0;
}
// The leader of the job ends, and the shell stays: its child has no parent in the session any more.
static int leader(void)
{
    sys_setpgid(0, 0);
    stop(start(member));
    return 0;
}
static int shell_that_stays(void)
{
    sys_setsid();
    show_end("    the leader", start(leader));
    return 0;
}
// Two children of the shell's in one job: when one ends, the other still has the shell.
static int shell_with_one_left(void)
{
    sys_setsid();
    int first_ends[2];
    make_pipe(first_ends);
    long job = sys_fork();
    if (job == 0) {
        hear(first_ends[0]);
        leave(0);
    }
    sys_setpgid(job, job);
    long other = sys_fork();
    if (other == 0) {
        sys_setpgid(0, job);
        leave(member());
    }
    hear(ready[0]);
    sys_kill(other, SIGSTOP);
    siginfo_t info;
    sys_waitid(P_PID, other, &info, WSTOPPED, NULL);
    tell(first_ends[1]);
    show_end("    one", job);
    IS(sys_wait4(other, NULL, WCONTINUED | WNOHANG, NULL) == 0);
    sys_kill(other, SIGKILL);
    show_end("    the other", other);
    return 0;
}
static void run(const char *what, int (*body)(void))
{
    long number;
    SAY("%s", what);
    make_pipe(report);
    make_pipe(go);
    make_pipe(ready);
    show_end("    the shell", start(body));
    sys_close(report[1]);
    sys_close(go[0]);
    sys_close(go[1]);
    int hangups = 0, continues = 0, ends = 0;
    while (sys_read(report[0], &number, sizeof number) == sizeof number) {
        hangups += number == SIGHUP;
        continues += number == SIGCONT;
        ends += number == 100;
    }
    SAY("    %d heard SIGHUP, %d SIGCONT, %d came to an end", hangups, continues, ends);
    sys_close(report[0]);
    sys_close(ready[0]);
    sys_close(ready[1]);
}

int main(void)
{
    run("a stopped job", shell);
    run("a running job", shell_with_running_job);
    run("the leader of a stopped job", shell_that_stays);
    run("one of a stopped job", shell_with_one_left);
    run("one of two is stopped", shell_with_two);
    return 0;
}
