// A terminal's groups (credentials(7), tcsetpgrp(3)): who is in the foreground, what the background may
// not do there, and who does not heed the signal or could not be continued by anybody.
// libc: none
// tty: 012
// stdin: hello\nworld\n
#include <sys/ioctl.h>

#include "handlers.h"

#define GET_TERMINAL 0x5401ul // TCGETS
#define SET_TERMINAL 0x5402ul // TCSETS

static int ends[2], back[2];
static char text[16], settings[64];

static long foreground(void)
{
    int group = -1;
    long result = sys_ioctl(0, TIOCGPGRP, (char *)&group);
    return failed(result) ? result : group;
}
static long set_foreground(long group)
{
    int word = (int)group;
    return sys_ioctl(0, TIOCSPGRP, (char *)&word);
}
static long read_six(void)
{
    long done = 0, more = 1;
    memset(text, 0, sizeof text);
    while (done < 6 && more > 0) {
        more = sys_read(0, text + done, (size_t)(6 - done));
        done += more > 0 ? more : 0;
    }
    return more > 0 ? done : more;
}

static void own_group(void)
{
    sys_setpgid(0, 0);
    by_default(SIGTTOU);
}
static int reads(void)
{
    own_group();
    SHOW(read_six());
    SAY("    %s", text);
    return 5;
}
static int reads_ignoring(void)
{
    own_group();
    ignore(SIGTTIN);
    SHOW(sys_read(0, text, 6));
    by_default(SIGTTIN);
    block(BIT(SIGTTIN));
    SHOW(sys_read(0, text, 6));
    SAY("    pending %lx", pending());
    return 6;
}
static int takes_foreground(void)
{
    own_group();
    SHOW(set_foreground(sys_getpid()));
    IS(foreground() == sys_getpid());
    return 7;
}
static int takes_foreground_ignoring(void)
{
    own_group();
    ignore(SIGTTOU);
    SHOW(set_foreground(sys_getpid()));
    return 8;
}
static int changes_settings(void)
{
    own_group();
    SHOW(sys_ioctl(0, SET_TERMINAL, settings));
    return 9;
}
static int writes(void)
{
    own_group();
    SAY("    anybody may write");
    return 10;
}
static int orphan(void)
{
    if (sys_fork() == 0) {
        own_group();
        hear(ends[0]); // until our parent is gone
        SHOW(sys_read(0, text, 6));
        SHOW(set_foreground(sys_getpid()));
        tell(back[1]);
        leave(0);
    }
    return 11;
}
static int other_session(void)
{
    sys_setsid();
    SHOW(foreground());
    SHOW(set_foreground(sys_getpid()));
    SHOW(sys_ioctl(0, TIOCSCTTY, 0));
    SHOW(sys_ioctl(0, TIOCNOTTY, 0));
    SHOW(sys_open("/dev/tty", O_RDWR, 0));
    tell(back[1]);
    hear(ends[0]);
    return 12;
}

// Until it has stopped or ended; if it has stopped it is put into the foreground and goes on.
static void watch(const char *what, int (*body)(void))
{
    int status;
    SAY("%s", what);
    long child = start(body);
    sys_wait4(child, &status, WUNTRACED, NULL);
    say_status("    it", status);
    if (WIFSTOPPED(status)) {
        SHOW(set_foreground(child));
        sys_kill(child, SIGCONT);
        show_end("    it", child);
    }
    SHOW(set_foreground(sys_getpid()));
}

int main(void)
{
    int session = 0;
    make_pipe(ends);
    make_pipe(back);
    SHOW(sys_ioctl(0, GET_TERMINAL, settings));
    SAY("at first");
    IS(foreground() == sys_getpid() && sys_getpgrp() == sys_getpid());
    SHOW(sys_ioctl(0, TIOCGSID, (char *)&session));
    IS(session == sys_getpid());
    ignore(SIGTTOU); // as a shell does, which comes back from the background
    watch("a read", reads);
    watch("reads without heeding SIGTTIN", reads_ignoring);
    watch("the foreground for itself", takes_foreground);
    watch("the same without heeding SIGTTOU", takes_foreground_ignoring);
    watch("settings", changes_settings);
    watch("a write", writes);
    SAY("whom nobody could continue");
    show_end("    its parent", start(orphan));
    tell(ends[1]);
    hear(back[0]);
    SAY("another session");
    long child = start(other_session);
    hear(back[0]);
    SHOW(set_foreground(child));
    tell(ends[1]);
    show_end("    it", child);
    SAY("refused");
    SHOW(set_foreground(-1));
    SHOW(set_foreground(999999));
    SHOW(sys_ioctl(ends[0], TIOCGPGRP, (char *)&session));
    IS(foreground() == sys_getpid());
    SAY("what was not read is still there");
    SHOW(read_six());
    SAY("    %s", text);
    return 0;
}
