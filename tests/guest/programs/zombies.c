// Children that have ended and not been waited for: what is left of them, and when nothing is.
// libc: none
#include <sys/resource.h>

#include "areas.h"
#include "handlers.h"

static int go[2];
static int quiet(void)
{
    return 3;
}
static int wait_for_word(void)
{
    sys_close(go[1]);
    hear(go[0]);
    return 4;
}
static void nothing(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
}

static void path_of(char *path, long pid, const char *file)
{
    struct Line line;
    line.used = 0;
    add_text(&line, "/proc/");
    add_number(&line, (unsigned long)pid, 10);
    add_text(&line, file);
    add_char(&line, 0);
    memcpy(path, line.text, line.used);
}

// The third field of /proc/PID/stat; 0 when there is no such file.
static char state_of(long pid)
{
    static char text[1024];
    char path[64];
    path_of(path, pid, "/stat");
    long fd = sys_open(path, O_RDONLY, 0);
    if (fd < 0) return '0';
    long n = sys_read(fd, text, sizeof text - 1);
    sys_close(fd);
    while (n > 0 && text[n] != ')') --n;
    return text[n + 2];
}

int main(void)
{
    siginfo_t info;
    char path[64], byte[64];
    make_pipe(go);
    SAY("one that lives");
    long child = start(wait_for_word);
    char state = state_of(child);
    IS(state == 'S' || state == 'R');
    tell(go[1]);
    sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT, NULL);
    SAY("one that has ended");
    SAY("    state %c", state_of(child));
    SHOW(sys_kill(child, 0));
    SHOW(sys_kill(child, SIGKILL));
    SHOW(sys_kill(child, 65));
    IS(sys_getpgid(child) == sys_getpgid(0));
    IS(sys_getsid(child) == sys_getsid(0));
    SHOW(sys_setpgid(child, 0));
    struct rlimit limit;
    SHOW(sys_prlimit64(child, RLIMIT_NOFILE, NULL, &limit));
    SHOW(sys_prlimit64(child, RLIMIT_NOFILE, &limit, NULL));
    path_of(path, child, "/cmdline");
    long fd = sys_open(path, O_RDONLY, 0);
    SHOW(sys_read(fd, byte, sizeof byte));
    sys_close(fd);
    path_of(path, child, "/maps");
    fd = sys_open(path, O_RDONLY, 0);
    SHOW(sys_read(fd, byte, sizeof byte));
    sys_close(fd);
    path_of(path, child, "/exe");
    SHOW(sys_readlink(path, byte, sizeof byte));
    path_of(path, child, "/stat");
    fd = sys_open(path, O_RDONLY, 0);
    show_end("waited for", child);
    SHOW(sys_read(fd, byte, sizeof byte));
    sys_close(fd);
    SAY("one that has been waited for");
    SAY("    state %c", state_of(child));
    SHOW(sys_kill(child, 0));
    SHOW(sys_getpgid(child));
    SHOW(sys_open(path, O_RDONLY, 0));

    SAY("SIGCHLD ignored: nothing is left, wait4 waits for all");
    ignore(SIGCHLD);
    long children[3];
    for (int i = 0; i < 3; ++i) children[i] = start(i == 1 ? wait_for_word : quiet);
    tell(go[1]);
    SHOW(sys_wait4(-1, NULL, 0, NULL));
    for (int i = 0; i < 3; ++i) SHOW(sys_kill(children[i], 0));
    SAY("SA_NOCLDWAIT");
    handle(SIGCHLD, nothing, SA_NOCLDWAIT, 0);
    child = start(quiet);
    long result;
    while ((result = sys_wait4(child, NULL, 0, NULL)) == -EINTR) {}
    SAY("    %s", errno_name(-result));
    SAY("ignored by default only: it is waited for");
    by_default(SIGCHLD);
    show_end("it", start(quiet));
    SAY("60 at once");
    int count = 0, right = 0;
    for (int i = 0; i < 60; ++i) {
        long made = sys_fork();
        if (made == 0) leave(i & 0x7f);
        count += made > 0;
    }
    int status;
    while (sys_wait4(-1, &status, 0, NULL) > 0) right += WIFEXITED(status);
    SAY("    %d made, %d waited for", count, right);
    return 0;
}
