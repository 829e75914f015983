// Parents and what they leave.
//
// family killed N:  a parent of N children that wait is killed: they live on as init's, and end.
// family zombies N: a parent of N children that have ended: each costs little; waited for, nothing is left.
// Then
//                   the same parent ends without waiting.
// family stopped N: N children that are stopped, and their parent killed: orphans nobody continues (SIGHUP).
#include "children.h"

enum { MOST = 4096 }; // zombies

static void killed(int count)
{
    int go[2], here[2];
    make_pipe(go);
    make_pipe(here);
    pid_t parent = fork();
    if (parent == 0) {
        for (int i = 0; i < count; i++) {
            pid_t child = fork();
            if (child < 0) fail("fork");
            if (child == 0) {
                close(go[1]);
                write(here[1], "!", 1);
                wait_for_end(go[0]);
                _exit(getppid() == 1 ? 0 : 1);
            }
        }
        for (;;) pause();
    }
    close(go[0]);
    close(here[1]);
    char byte;
    for (int i = 0; i < count; i++) {
        if (read(here[0], &byte, 1) != 1) fail("read");
    }
    printf("%d others\n", others());
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    printf("%d others\n", others());
    close(go[1]);
    wait_for_end(here[0]);
    wait_until_alone();
    printf("none is left\n");
}

static void make_zombies(int count)
{
    static pid_t children[MOST];
    if (count > MOST) fail("count");
    for (int i = 0; i < count; i++) {
        children[i] = fork();
        if (children[i] < 0) fail("fork");
        if (children[i] == 0) _exit(i & 0x7f);
    }
    siginfo_t info;
    for (int i = 0; i < count; i++) // until all have ended; they stay what they are
        if (waitid(P_PID, children[i], &info, WEXITED | WNOWAIT) < 0) fail("waitid");
}

static void zombies(int count)
{
    long before = free_kib();
    make_zombies(count);
    int sum = 0, expected = 0, status;
    long cost = (before - free_kib()) * 1024 / count;
    for (int i = 0; i < count; i++) {
        if (waitpid(-1, &status, 0) < 0) fail("waitpid");
        sum += WEXITSTATUS(status);
        expected += i & 0x7f;
    }
    printf("%s, %s\n", sum == expected ? "all statuses" : "a wrong status", cost < 2048 ? "small" : "large");
    if (cost >= 2048) printf("%ld bytes each\n", cost);
    printf("%d others\n", others());
    pid_t parent = fork();
    if (parent == 0) {
        make_zombies(count);
        _exit(0);
    }
    waitpid(parent, &status, 0);
    wait_until_alone();
    long kept = before - free_kib();
    printf("%s\n", kept > 400 ? "not back" : "back");
}

static void stopped(int count)
{
    int here[2];
    make_pipe(here);
    pid_t parent = fork();
    if (parent == 0) {
        setpgid(0, 0);
        for (int i = 0; i < count; i++) {
            pid_t child = fork();
            if (child == 0) {
                for (;;) pause();
            }
            int status;
            kill(child, SIGSTOP);
            if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status)) fail("not stopped");
        }
        write(here[1], "!", 1);
        for (;;) pause();
    }
    close(here[1]);
    char byte;
    if (read(here[0], &byte, 1) != 1) fail("read");
    printf("%d others\n", others());
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    // Newly orphaned and stopped: SIGHUP and SIGCONT (setpgid(2)).
    wait_for_end(here[0]);
    wait_until_alone();
    printf("none is left\n");
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    setvbuf(stdout, NULL, _IONBF, 0);
    int count = atoi(argv[2]);
    limit(RLIMIT_NPROC, 100000);
    if (strcmp(argv[1], "killed") == 0) killed(count);
    if (strcmp(argv[1], "zombies") == 0) zombies(count);
    if (strcmp(argv[1], "stopped") == 0) stopped(count);
    return 0;
}
