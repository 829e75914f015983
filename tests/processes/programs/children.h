// What the programs of these tests share: children that wait for a word, how they end, who is there.
#pragma once

#include "../../swap/programs/pages.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static inline void fail(const char *what)
{
    printf("%s: %s\n", what, strerror(errno));
    fflush(stdout);
    _exit(1);
}

// A pipe of which nobody's end is standard input or output.
static inline void make_pipe(int ends[2])
{
    if (pipe(ends) != 0) fail("pipe");
}

static inline void limit(int resource, rlim_t value)
{
    if (setrlimit(resource, &(struct rlimit){value, value}) != 0) fail("setrlimit");
}

// Sleeps until the last writer of the pipe is gone.
static inline void wait_for_end(int descriptor)
{
    char byte;
    while (read(descriptor, &byte, 1) > 0 || errno == EINTR) errno = 0;
}

// What ended: a count for each way.
struct Ends {
    int exited, failed, killed; // with 0, with another status, by a signal
};

static inline void count_end(struct Ends *ends, int status)
{
    if (WIFSIGNALED(status))
        ends->killed++;
    else if (WEXITSTATUS(status) == 0)
        ends->exited++;
    else
        ends->failed++;
}

// Waits for all children.
static inline void reap(struct Ends *ends)
{
    int status;
    for (;;) {
        pid_t child = waitpid(-1, &status, 0);
        if (child > 0) count_end(ends, status);
        if (child < 0 && errno == ECHILD) return;
    }
}

// How many processes there are besides us and init, zombies included.
static inline int others(void)
{
    int count = 0;
    DIR *proc = opendir("/proc");
    if (proc == NULL) fail("/proc");
    for (struct dirent *entry; (entry = readdir(proc));) {
        pid_t pid = atoi(entry->d_name);
        count += pid > 1 && pid != getpid();
    }
    closedir(proc);
    return count;
}
// Until init has waited for its last orphan: it does so as soon as it runs.
static inline void wait_until_alone(void)
{
    while (others() != 0) sched_yield();
}

static inline long free_kib(void)
{
    return proc_value("/proc/meminfo", "MemFree:");
}
