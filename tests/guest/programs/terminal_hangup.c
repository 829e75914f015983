// The leader of a session with a terminal gives it up, or ends: the group in the foreground hears SIGHUP,
// nobody else.
// libc: none
// tty: 0
#include <sys/ioctl.h>

#include "handlers.h"

static int report[2], go[2], ready[2];

static void note(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    send_number(report[1], signal + (sys_getpgrp() == sys_getpid() ? 0 : 100));
}

static long member(void)
{
    long child = sys_fork();
    if (child != 0) return child;
    handle(SIGHUP, note, SA_RESTART, 0);
    tell(ready[1]);
    sys_close(ready[1]);
    sys_close(go[1]);
    hear(go[0]); // until the end of the first process
    leave(0);
    return 0;
}

static int leader(void)
{
    sys_setsid();
    SHOW(sys_ioctl(0, TIOCSCTTY, 0));
    member(); // stays in the background
    long job = member();
    int group = (int)job;
    sys_setpgid(job, job);
    ignore(SIGTTOU);
    SHOW(sys_ioctl(0, TIOCSPGRP, (char *)&group));
    hear(ready[0]);
    hear(ready[0]);
    return 0;
}

int main(void)
{
    make_pipe(report);
    make_pipe(go);
    make_pipe(ready);
    handle(SIGHUP, note, SA_RESTART, 0);
    SHOW(sys_ioctl(0, TIOCNOTTY, 0));
    SHOW(receive_number(report[0])); // we had been in the foreground
    SHOW(sys_ioctl(0, TIOCNOTTY, 0));
    show_end("the leader", start(leader));
    sys_close(report[1]);
    sys_close(go[1]);
    sys_close(go[0]);
    SHOW(receive_number(report[0]));
    SHOW(receive_number(report[0])); // nobody else
    return 0;
}
