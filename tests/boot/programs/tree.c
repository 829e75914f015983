// A program with children, and what becomes of them: tree left | signal NUMBER | reboot COMMAND | bomb | stop TIMES
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *text)
{
    if (write(1, text, strlen(text)) < 0) _exit(99);
}

static void asked(int signal)
{
    (void)signal;
    say("asked to end\n");
    _exit(5);
}

// A child that is there for ever; what it does when asked is said.
static pid_t start_sleeper(int hears)
{
    int ready[2];
    char byte;
    if (pipe(ready) != 0) _exit(98);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGTERM, hears ? asked : SIG_IGN);
        if (write(ready[1], "", 1) != 1) _exit(97);
        for (;;) pause();
    }
    if (read(ready[0], &byte, 1) != 1) _exit(96);
    return child;
}

// As many processes as there may be; all in a group of their own, which the first one leads.
static void fork_without_end(int report)
{
    setpgid(0, 0);
    for (;;) {
        pid_t child = fork();
        if (child > 0) continue;
        if (child == 0) {
            if (fork() < 0 && errno != EAGAIN) _exit(1);
            for (;;) pause();
        }
        if (write(report, &errno, sizeof errno) != sizeof errno) _exit(1);
        for (;;) pause();
    }
}

static int bomb(void)
{
    int report[2], error = 0, status;
    if (pipe(report) != 0) return 1;
    for (int round = 0; round < 3; round++) {
        pid_t first = fork();
        if (first == 0) fork_without_end(report[1]);
        if (read(report[0], &error, sizeof error) != sizeof error) return 2;
        if (error != EAGAIN) return 3;
        if (kill(-first, SIGKILL) != 0) return 4;
        if (waitpid(first, &status, 0) != first || !WIFSIGNALED(status)) return 5;
        // The others are init's children now, and gone as soon as it has waited for them.
        while (kill(-first, 0) == 0) sched_yield();
    }
    say("alive\n");
    return 0;
}

// A child that stops itself again and again, and is continued.
static int stop(int times)
{
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < times; i++) raise(SIGSTOP);
        _exit(0);
    }
    for (int i = 0, status; i < times; i++) {
        if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status)) return 1;
        kill(child, SIGCONT);
    }
    return waitpid(child, 0, 0) == child ? 0 : 2;
}

int main(int count, char **arguments)
{
    if (count < 2) return 2;
    if (strcmp(arguments[1], "bomb") == 0) return bomb();
    if (strcmp(arguments[1], "stop") == 0 && count == 3) return stop(atoi(arguments[2]));
    start_sleeper(0);
    if (strcmp(arguments[1], "left") == 0) return 3;
    start_sleeper(1);
    long number = strtol(arguments[2], NULL, 0);
    if (strcmp(arguments[1], "signal") == 0) {
        signal(SIGTERM, SIG_IGN);
        kill(1, (int)number);
        // Init does as it is asked, or nothing.
        if (number != SIGUSR1 && number != SIGUSR2 && number != SIGTERM) {
            say("still here\n");
            return 4;
        }
    } else {
        if (syscall(SYS_reboot, 0xfee1dead, 1, number, 0) == 0 || errno != EINVAL) return 7;
        if (syscall(SYS_reboot, 0xfee1dead, 672274793, 0x12345678, 0) == 0 || errno != EINVAL) return 8;
        if (syscall(SYS_reboot, 0xfee1dead, 672274793, 0, 0) != 0) return 9;
        syscall(SYS_reboot, 0xfee1dead, 672274793, number, "by hand");
        say("not reached\n");
        return 6;
    }
    for (;;) pause();
}
