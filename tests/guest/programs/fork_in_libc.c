// fork(3) as C libraries make it: pthread_atfork, unwritten streams, atexit, malloc, posix_spawn.
// libc: glibc musl
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

extern char **environ;

static void prepare(void)
{
    SAY("    prepare");
}
static volatile int parents; // counted: who of the two is first is not said
static void in_parent(void)
{
    ++parents;
}
static void in_child(void)
{
    SAY("    child");
}
static void at_exit(void)
{
    SAY("    at exit");
}

static void say_end(pid_t child)
{
    int status = -1;
    IS(waitpid(child, &status, 0) == child);
    SAY("    status 0x%x, the parent's handler has run %d times", (unsigned)status, parents);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        const char *variable = getenv("SPAWNED");
        char line[64] = "";
        if (fgets(line, sizeof line, stdin))
            SAY("    spawned: %s %s reads %s", argv[1], variable ? variable : "nothing", line);
        return 23;
    }
    SAY("handlers");
    pthread_atfork(prepare, in_parent, in_child);
    pid_t child = fork();
    if (child == 0) _exit(3);
    say_end(child);

    SAY("exit and _exit");
    atexit(at_exit);
    child = fork();
    if (child == 0) exit(4);
    say_end(child);

    SAY("a stream that was not flushed is written twice");
    static char buffer[256];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    printf("once or twice\n");
    child = fork();
    if (child == 0) exit(5);
    say_end(child);
    fflush(stdout);

    SAY("memory of malloc");
    char *block = malloc(300000), *small = malloc(30);
    memset(block, 'b', 300000);
    memset(small, 's', 30);
    child = fork();
    if (child == 0) {
        int right = all_are(block, 'b', 300000) && all_are(small, 's', 30);
        free(block);
        small = realloc(small, 100000);
        right = right && all_are(small, 's', 30);
        _exit(right ? 0 : 1);
    }
    say_end(child);
    IS(all_are(block, 'b', 300000) && all_are(small, 's', 30));

    SAY("a program spawned with its input from a pipe");
    int ends[2];
    IS(pipe(ends) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    static char *arguments[] = {"me", "argument", NULL}, *environment[] = {"SPAWNED=yes", NULL};
    IS(posix_spawn(&child, "/proc/self/exe", &actions, NULL, arguments, environment) == 0);
    IS(write(ends[1], "a line\n", 7) == 7);
    say_end(child);
    SAY("a program that is not there");
    IS(posix_spawn(&child, "/no/such/program", NULL, NULL, arguments, environment) == ENOENT);
    IS(waitpid(-1, NULL, 0) == -1 && errno == ECHILD);
    SAY("getpid is never stale");
    pid_t self = getpid();
    child = fork();
    if (child == 0) _exit(getpid() != self && getppid() == self && gettid() == getpid() ? 0 : 1);
    say_end(child);
    return 0;
}
