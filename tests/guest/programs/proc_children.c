// /proc/PID of a child that waits, is stopped, has ended, has been waited for: who it is, its memory
// and files.
// libc: none
#include <sys/prctl.h>

#include "areas.h"
#include "handlers.h"

static int to_child[2], to_parent[2];

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

static int chat(void)
{
    system_call(SYS_prctl, PR_SET_NAME, (long)"a (child) x", 0, 0, 0, 0);
    sys_chdir("/dev");
    map_at(BASE, 3 * PAGE, PROT_READ | PROT_WRITE);
    memset(BASE, 'c', PAGE);
    sys_close(to_child[1]);
    tell(to_parent[1]);
    hear(to_child[0]);
    return 3;
}

static char text[64 * 1024];

// The fields of /proc/PID/stat that say who it is: state, parent, group, session (proc(5)).
static void show_stat(long pid)
{
    char path[64];
    path_of(path, pid, "/stat");
    long n = read_whole(path, text, sizeof text), name = 0;
    while (text[name] != '(') ++name;
    long end = n;
    while (text[end] != ')') --end;
    text[end] = 0;
    const char *at = text + end + 2;
    char state = *at;
    long numbers[3];
    at += 2;
    for (int i = 0; i < 3; ++i) {
        numbers[i] = 0;
        for (; *at >= '0' && *at <= '9'; ++at) numbers[i] = numbers[i] * 10 + (*at - '0');
        ++at;
    }
    SAY("    name %s, state %c, parent %s, group %s, session %s", text + name + 1, state,
        numbers[0] == sys_getpid() ? "us" : "another",
        numbers[1] == pid              ? "its own"
        : numbers[1] == sys_getpgid(0) ? "ours"
                                       : "another",
        numbers[2] == sys_getsid(0) ? "ours" : "another");
}
static void show_status_state(long pid)
{
    char path[64];
    path_of(path, pid, "/status");
    read_whole(path, text, sizeof text);
    IS(number_after(text, "PPid:") == sys_getpid());
    IS(number_after(text, "Tgid:") == pid);
    const char *at = text;
    while (*at && !(at[0] == 'S' && at[1] == 't' && at[2] == 'a' && at[3] == 't' && at[4] == 'e')) ++at;
    while (*at != '\t' && *at) ++at;
    SAY("    state %c", at[1]);
}
static void show_link(long pid, const char *file)
{
    char path[64];
    path_of(path, pid, file);
    long n = sys_readlink(path, text, 200);
    if (n < 0) {
        SAY("    %s: %s", file, errno_name(-n));
        return;
    }
    text[n] = 0;
    SAY("    %s -> %s", file, text);
}

int main(void)
{
    char path[64];
    make_pipe(to_child);
    make_pipe(to_parent);
    SAY("a child that waits");
    long child = start(chat);
    hear(to_parent[0]);
    wait_for_state(child, 'S');
    show_stat(child);
    show_status_state(child);
    show_link(child, "/cwd");
    show_link(child, "/root");
    path_of(path, child, "/comm");
    read_whole(path, text, sizeof text);
    SAY("    comm %s", text);
    SAY("its memory");
    path_of(path, child, "/maps");
    read_whole(path, areas_text, sizeof areas_text);
    struct Area area;
    for (const char *line = areas_text; (line = next_area(line, &area));) {
        if (area.begin >= (unsigned long)BASE && area.begin < (unsigned long)BASE + GIB)
            SAY("    +0x%lx-0x%lx %s", area.begin - (unsigned long)BASE, area.end - (unsigned long)BASE,
                area.permissions);
    }
    path_of(path, child, "/pagemap");
    unsigned long entries[3] = {0};
    long fd = sys_open(path, O_RDONLY, 0);
    SHOW(sys_pread64(fd, entries, sizeof entries, (long)((unsigned long)BASE / PAGE * 8)));
    IS(entries[0] >> 63 == 1 && entries[1] == 0 && entries[2] == 0);
    sys_close(fd);
    path_of(path, child, "/fd");
    fd = sys_open(path, O_RDONLY | O_DIRECTORY, 0);
    IS(fd >= 0);
    sys_close(fd);
    path_of(path, child, "/fd/99");
    SHOW(sys_readlink(path, text, 100));
    SAY("in a group of its own, stopped, continued");
    sys_setpgid(child, child);
    sys_kill(child, SIGSTOP);
    sys_wait4(child, NULL, WUNTRACED, NULL);
    show_stat(child);
    sys_kill(child, SIGCONT);
    sys_wait4(child, NULL, WCONTINUED, NULL);
    wait_for_state(child, 'S');
    show_stat(child);
    SAY("ended");
    path_of(path, child, "/status");
    long opened = sys_open(path, O_RDONLY, 0);
    tell(to_child[1]);
    siginfo_t info;
    sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT, NULL);
    show_stat(child);
    show_status_state(child);
    path_of(path, child, "/maps");
    SHOW(read_whole(path, text, sizeof text));
    path_of(path, child, "/cmdline");
    SHOW(read_whole(path, text, sizeof text));
    show_link(child, "/cwd");
    show_link(child, "/exe");
    show_end("    it", child);
    SHOW(sys_read(opened, text, 100));
    path_of(path, child, "");
    SHOW(sys_open(path, O_RDONLY, 0));
    SAY("process 1");
    path_of(path, 1, "/stat");
    IS(sys_access(path, R_OK) == 0);
    return 0;
}
