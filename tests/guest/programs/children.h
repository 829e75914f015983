// children.h: the processes that a test starts, how their ends are told in words, and pipes that keep parent
// and child in step (who waits for a byte, or for the end of a pipe, does not depend on time).
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>

#include "signals.h"

#ifndef __WNOTHREAD
#define __WNOTHREAD 0x20000000
#define __WALL 0x40000000
#define __WCLONE 0x80000000
#endif

CALL0(fork)
CALL5(clone, unsigned long, Pointer, Pointer, Pointer, unsigned long)
CALL2(clone3, Pointer, size_t)
CALL3(execve, Pointer, Pointer, Pointer)
CALL5(execveat, long, Pointer, Pointer, Pointer, long)
CALL4(wait4, long, Pointer, long, Pointer)
CALL5(waitid, long, long, Pointer, long, Pointer)
CALL0(setsid)
CALL1(getsid, long)
CALL2(setpgid, long, long)
CALL1(getpgid, long)
CALL0(getpgrp)
CALL1(umask, long)
CALL1(chdir, Pointer)
CALL2(getcwd, Pointer, size_t)
CALL1(times, Pointer)
CALL2(pipe2, Pointer, long)
CALL2(dup2, long, long)
CALL1(dup, long)
CALL3(fcntl, long, long, unsigned long)

static UNUSED const char *signal_name(int number)
{
    static const char *const names[] = {
        "no signal", "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP", "SIGABRT", "SIGBUS",
        "SIGFPE",    "SIGKILL", "SIGUSR1",   "SIGSEGV", "SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM",
        "SIGSTKFLT", "SIGCHLD", "SIGCONT",   "SIGSTOP", "SIGTSTP",  "SIGTTIN", "SIGTTOU", "SIGURG",
        "SIGXCPU",   "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",   "SIGPWR",  "SIGSYS",
    };
    static char real_time[] = "signal 00";
    if (number >= 0 && number < 32) return names[number];
    real_time[7] = (char)('0' + number / 10 % 10);
    real_time[8] = (char)('0' + number % 10);
    return real_time;
}

// The status of wait(2) in words, and the word itself.
static UNUSED void say_status(const char *who, int status)
{
    const char *core = WIFSIGNALED(status) && WCOREDUMP(status) ? ", with a core" : "";
    if (WIFEXITED(status))
        SAY("%s: exited with %d (0x%x)", who, WEXITSTATUS(status), (unsigned)status);
    else if (WIFSIGNALED(status))
        SAY("%s: killed by %s (0x%x)%s", who, signal_name(WTERMSIG(status)), (unsigned)status, core);
    else if (WIFSTOPPED(status))
        SAY("%s: stopped by %s (0x%x)", who, signal_name(WSTOPSIG(status)), (unsigned)status);
    else if (WIFCONTINUED(status))
        SAY("%s: continued (0x%x)", who, (unsigned)status);
    else
        SAY("%s: a strange status 0x%x", who, (unsigned)status);
}

// Waits for this child and says how it ended.
static UNUSED int show_end(const char *who, long child)
{
    int status = -1;
    long result = sys_wait4(child, &status, 0, NULL);
    if (result != child)
        SAY("%s: wait4 gave %s", who, failed(result) ? errno_name(-result) : "another process");
    else
        say_status(who, status);
    return status;
}

static UNUSED void leave(long status)
{
    sys_exit_group(status);
}

// A child that runs `body` and ends with what it returns.
static UNUSED long start(int (*body)(void))
{
    long child = sys_fork();
    if (child == 0) leave(body());
    if (child < 0) SAY("fork: %s", errno_name(-child));
    return child;
}

static UNUSED void make_pipe(int ends[2])
{
    if (sys_pipe2(ends, 0) != 0) {
        SAY("no pipe");
        leave(96);
    }
}
static UNUSED void tell(int descriptor)
{
    sys_write(descriptor, "!", 1);
}
// Until somebody tells, or nobody is left who could; then 0.
static UNUSED int hear(int descriptor)
{
    char byte;
    return sys_read(descriptor, &byte, 1) == 1;
}

static UNUSED void send_number(int descriptor, long number)
{
    sys_write(descriptor, &number, sizeof number);
}
static UNUSED long receive_number(int descriptor)
{
    long number = -1;
    sys_read(descriptor, &number, sizeof number);
    return number;
}
