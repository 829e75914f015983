// rt_sigqueueinfo(2): real-time signals with values wait in order, all of them, up to
// RLIMIT_SIGPENDING; which codes one may send.
// libc: none
#include "bad_pointers.h"
#include "handlers.h"

static void show_value(int signal, siginfo_t *info, void *context)
{
    (void)context;
    SAY("    %s, code %d, value %d, from %s, uid %d", signal_name(signal), info->si_code,
        info->si_value.sival_int,
        info->si_pid == sys_getpid()    ? "us"
        : info->si_pid == sys_getppid() ? "the parent"
                                        : "another",
        (int)info->si_uid);
}

static void show_signal(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    SAY("    %s", signal_name(signal));
}

static int ends[2];
static int receiver(void)
{
    sys_close(ends[1]);
    hear(ends[0]);
    for (int signal = 34; signal < 38; ++signal) handle(signal, show_value, SA_SIGINFO, ~0ul);
    unblock(~0ul);
    return 0;
}

static long send_code(long pid, int signal, int code)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = 99; // overwritten
    info.si_code = code;
    info.si_pid = 12345;
    info.si_value.sival_int = 7;
    return sys_rt_sigqueueinfo(pid, signal, &info);
}

int main(void)
{
    long self = sys_getpid();
    handle(SIGUSR1, show_value, SA_SIGINFO, ~0ul);
    for (int signal = 34; signal < 38; ++signal) handle(signal, show_value, SA_SIGINFO, ~0ul);
    SAY("in order, all of them; by number, then by time");
    block(~0ul);
    for (int i = 0; i < 3; ++i) {
        queue(self, 36, i);
        queue(self, 34, 10 + i);
        queue(self, 35, 20 + i);
    }
    sys_kill(self, 35);
    sys_tgkill(self, self, 35);
    unblock(~0ul);
    SAY("a standard signal is one");
    block(~0ul);
    for (int i = 0; i < 3; ++i) queue(self, SIGUSR1, i);
    unblock(~0ul);
    SAY("for the process and for the thread");
    block(~0ul);
    sys_kill(self, 34);
    sys_tgkill(self, self, 34);
    SAY("    pending %lx", pending());
    unblock(~0ul);

    SAY("to a child");
    make_pipe(ends);
    block(~0ul); // the child's from its beginning
    long child = start(receiver);
    unblock(~0ul);
    for (int i = 0; i < 5; ++i) SHOW(queue(child, 34 + i % 3, i));
    tell(ends[1]);
    show_end("    it", child);

    SAY("codes");
    SHOW(send_code(self, 34, SI_QUEUE));
    SHOW(send_code(self, 34, SI_USER));
    SHOW(send_code(self, 34, SI_KERNEL));
    SHOW(send_code(self, 34, SI_TKILL));
    SHOW(send_code(self, 34, SI_TIMER));
    SHOW(send_code(self, 34, -60));
    make_pipe(ends);
    block(~0ul); // the child's from its beginning
    child = start(receiver);
    unblock(~0ul);
    SHOW(send_code(child, 34, SI_QUEUE));
    SHOW(send_code(child, 34, SI_USER));
    SHOW(send_code(child, 34, SI_KERNEL));
    SHOW(send_code(child, 34, SI_TKILL));
    SHOW(send_code(child, 34, -60));
    tell(ends[1]);
    show_end("    it", child);

    SAY("how many may wait");
    block(~0ul);
    struct rlimit limit = {10, 10};
    SHOW(sys_setrlimit(RLIMIT_SIGPENDING, &limit));
    int sent = 0;
    while (sent < 100 && queue(self, 34, sent) == 0) ++sent;
    SAY("    %d", sent);
    SHOW(queue(self, 34, 0));
    SHOW(queue(self, 35, 0));
    handle(35, show_signal, SA_SIGINFO, ~0ul);
    SHOW(sys_kill(self, 35)); // kill(2) does not fail for that, but nothing can be kept about it
    SHOW(sys_kill(self, SIGUSR1));
    SAY("    pending %lx", pending());
    ignore(34);
    SAY("    pending %lx", pending());
    unblock(~0ul);
    handle(35, show_value, SA_SIGINFO, ~0ul);
    SHOW(queue(self, 35, 3));

    SAY("refused");
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_code = SI_QUEUE;
    SHOW(sys_rt_sigqueueinfo(self, 0, &info));
    SHOW(sys_rt_sigqueueinfo(self, 65, &info));
    SHOW(sys_rt_sigqueueinfo(self, -1, &info));
    SHOW(sys_rt_sigqueueinfo(999999, 34, &info));
    WITH_BAD_POINTERS(sys_rt_sigqueueinfo(self, 35, bad));
    SHOW(sys_rt_sigqueueinfo(self, 35, last_bytes(8)));
    SHOW(sys_rt_tgsigqueueinfo(self, self, 35, &info));
    SHOW(sys_rt_tgsigqueueinfo(self, 999999, 35, &info));
    SHOW(sys_rt_tgsigqueueinfo(-1, self, 35, &info));
    return 0;
}
