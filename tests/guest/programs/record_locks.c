// fcntl(2) locks between processes: what stands in the way, waiting, deadlock, who gives them back;
// OFD locks and flock(2).
// libc: none
#include <limits.h>
#include <sys/file.h>

#include "files.h"
#include "handlers.h"

#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38
#endif

static int to_child[2], to_parent[2];
static long file;

static long lock(long fd, int command, int type, long begin, long length)
{
    struct flock wanted = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = begin, .l_len = length};
    return sys_fcntl(fd, command, (unsigned long)&wanted);
}

// What F_GETLK says stands in the way, and whose it is.
static void show_lock(int type, long begin, long length, long parent)
{
    struct flock found = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = begin, .l_len = length};
    long result = sys_fcntl(file, F_GETLK, (unsigned long)&found);
    if (result)
        SAY("    %s", errno_name(-result));
    else if (found.l_type == F_UNLCK)
        SAY("    %ld+%ld is free", begin, length);
    else
        SAY("    %ld+%ld: a %s lock at %ld+%ld of %s", begin, length,
            found.l_type == F_RDLCK ? "read" : "write", (long)found.l_start, (long)found.l_len,
            found.l_pid == parent ? "the parent"
            : found.l_pid == -1   ? "a description"
                                  : "another");
}

static int in_child(void)
{
    long parent = sys_getppid();
    SAY("    the child has none of its parent's locks");
    show_lock(F_WRLCK, 0, 10, parent);
    show_lock(F_RDLCK, 15, 10, parent);
    show_lock(F_RDLCK, 22, 5, parent);
    show_lock(F_WRLCK, 22, 5, parent);
    show_lock(F_WRLCK, 60, 0, parent);
    SHOW(lock(file, F_SETLK, F_WRLCK, 5, 10));
    SHOW(lock(file, F_SETLK, F_RDLCK, 20, 10));
    SHOW(lock(file, F_SETLK, F_WRLCK, 20, 10));
    SHOW(lock(file, F_SETLK, F_WRLCK, 40, 5));
    SHOW(lock(file, F_SETLK, F_UNLCK, 0, 0)); // its own only
    show_lock(F_WRLCK, 0, 100, parent);
    return 0;
}

static int wait_for_lock(void)
{
    tell(to_parent[1]);
    long result = lock(file, F_SETLKW, F_WRLCK, 0, 10);
    SAY("    the child has it: %ld", result);
    return 0;
}
static int hold_and_leave(void)
{
    lock(file, F_SETLK, F_WRLCK, 0, 10);
    tell(to_parent[1]);
    hear(to_child[0]);
    return 0; // the end gives it back
}
static int close_another(void)
{
    lock(file, F_SETLK, F_WRLCK, 0, 10);
    sys_close(sys_open("file", O_RDONLY, 0)); // any descriptor of the file: the locks are gone
    tell(to_parent[1]);
    hear(to_child[0]);
    return 0;
}
static int deadlock(void)
{
    lock(file, F_SETLK, F_WRLCK, 20, 10);
    tell(to_parent[1]);
    long result = lock(file, F_SETLKW, F_WRLCK, 0, 10); // the parent has it, and waits for us
    // One of the two learns of it.
    return result == 0 ? 1 : result == -EDEADLK ? 2 : 3;
}
static void alarm_handler(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
}

static void flocks(void)
{
    long other = sys_open("file", O_RDWR, 0);
    SHOW(sys_flock(file, LOCK_EX));
    SHOW(sys_flock(other, LOCK_SH | LOCK_NB));
    SHOW(sys_flock(file, LOCK_SH));
    SHOW(sys_flock(other, LOCK_SH | LOCK_NB));
    SHOW(sys_flock(other, LOCK_EX | LOCK_NB));
    SHOW(sys_flock(file, LOCK_UN));
    SHOW(sys_flock(other, LOCK_EX | LOCK_NB));
    SHOW(sys_flock(file, 0));
    SHOW(sys_flock(99, LOCK_EX));
    SAY("a child has the same lock, as it has the same description");
    long child = sys_fork();
    if (child == 0) {
        SHOW(sys_flock(other, LOCK_UN));
        leave(0);
    }
    show_end("    it", child);
    SHOW(sys_flock(file, LOCK_EX | LOCK_NB));
    SAY("not the other kind of lock");
    SHOW(lock(other, F_SETLK, F_WRLCK, 0, 0));
    SHOW(lock(other, F_SETLK, F_UNLCK, 0, 0));
    SHOW(sys_close(file));
    SHOW(sys_flock(other, LOCK_EX | LOCK_NB));
    SHOW(sys_close(other));
    file = sys_open("file", O_RDWR, 0);
}

int main(void)
{
    enter_place("/tmp/record_locks");
    make_pipe(to_child);
    make_pipe(to_parent);
    file = sys_open("file", O_RDWR | O_CREAT, 0644);
    SAY("one process: locks join, split and change");
    SHOW(lock(file, F_SETLK, F_WRLCK, 0, 10));
    SHOW(lock(file, F_SETLK, F_WRLCK, 10, 10));
    SHOW(lock(file, F_SETLK, F_RDLCK, 20, 10));
    SHOW(lock(file, F_SETLK, F_WRLCK, 50, 0)); // to the end, whatever it will be
    SHOW(lock(file, F_SETLK, F_UNLCK, 12, 2));
    show_end("    the child", start(in_child));
    SHOW(lock(file, F_SETLK, F_UNLCK, 0, 0));

    SAY("waiting for one");
    SHOW(lock(file, F_SETLK, F_WRLCK, 0, 10));
    long child = start(wait_for_lock);
    hear(to_parent[0]);
    SHOW(lock(file, F_SETLK, F_UNLCK, 0, 10));
    show_end("    the child", child);
    SAY("given back by the end of a process");
    child = start(hold_and_leave);
    hear(to_parent[0]);
    SHOW(lock(file, F_SETLK, F_WRLCK, 0, 10));
    tell(to_child[1]);
    SHOW(lock(file, F_SETLKW, F_WRLCK, 0, 10));
    SHOW(lock(file, F_SETLK, F_UNLCK, 0, 10));
    show_end("    the child", child);
    SAY("given back by closing any descriptor");
    child = start(close_another);
    hear(to_parent[0]);
    SHOW(lock(file, F_SETLK, F_WRLCK, 0, 10));
    tell(to_child[1]);
    show_end("    the child", child);
    SAY("a deadlock");
    child = start(deadlock);
    hear(to_parent[0]);
    long result = lock(file, F_SETLKW, F_WRLCK, 20, 10);
    lock(file, F_SETLK, F_UNLCK, 0, 0);
    int status;
    sys_wait4(child, &status, 0, NULL);
    IS((result == -EDEADLK) + (WEXITSTATUS(status) == 2) == 1);
    SAY("a signal ends the wait");
    child = start(hold_and_leave);
    hear(to_parent[0]);
    handle(SIGALRM, alarm_handler, 0, 0);
    struct {
        struct timeval interval, value;
    } timer = {{0, 5000}, {0, 5000}};
    sys_setitimer(0, &timer, NULL);
    SHOW(lock(file, F_SETLKW, F_WRLCK, 0, 10));
    timer.interval.tv_usec = timer.value.tv_usec = 0;
    sys_setitimer(0, &timer, NULL);
    tell(to_child[1]);
    show_end("    the child", child);

    SAY("the last byte there can be");
    SHOW(lock(file, F_SETLK, F_WRLCK, LONG_MAX, 1));
    SHOW(lock(file, F_SETLK, F_WRLCK, LONG_MAX, 2));
    SHOW(lock(file, F_SETLK, F_WRLCK, LONG_MAX, 0));
    SHOW(lock(file, F_SETLK, F_WRLCK, LONG_MAX, -1));
    SHOW(lock(file, F_SETLK, F_UNLCK, 1, LONG_MAX));
    SHOW(lock(file, F_SETLK, F_UNLCK, LONG_MIN, 1));
    SHOW(lock(file, F_SETLK, F_UNLCK, 0, LONG_MIN));
    SHOW(lock(file, F_SETLK, F_UNLCK, LONG_MAX, LONG_MIN));
    show_lock(F_WRLCK, LONG_MAX, 1, 0);
    SAY("refused");
    SHOW(lock(file, F_SETLK, 99, 0, 10));
    SHOW(lock(file, F_SETLK, F_WRLCK, -5, 10));
    SHOW(lock(file, F_SETLK, F_WRLCK, 10, -20));
    SHOW(lock(file, F_SETLK, F_WRLCK, 10, -5));
    SHOW(lock(file, F_SETLK, F_UNLCK, 0, 0));
    SHOW(lock(99, F_SETLK, F_WRLCK, 0, 10));
    SHOW(sys_fcntl(file, F_SETLK, 0x1000));
    long only_read = sys_open("file", O_RDONLY, 0), only_written = sys_open("file", O_WRONLY, 0);
    SHOW(lock(only_read, F_SETLK, F_WRLCK, 0, 10));
    SHOW(lock(only_written, F_SETLK, F_RDLCK, 0, 10));
    sys_close(only_read);
    sys_close(only_written);
    SAY("locks of descriptions");
    long other = sys_open("file", O_RDWR, 0);
    SHOW(lock(file, F_OFD_SETLK, F_WRLCK, 0, 10));
    SHOW(lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));
    SHOW(lock(other, F_SETLK, F_WRLCK, 5, 10));
    SHOW(lock(other, F_OFD_SETLK, F_RDLCK, 10, 10));
    SHOW(lock(file, F_OFD_SETLK, F_UNLCK, 0, 0));
    SHOW(lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));
    sys_close(other);
    SHOW(lock(file, F_OFD_SETLK, F_WRLCK, 0, 0));
    SHOW(lock(file, F_OFD_SETLK, F_UNLCK, 0, 0));
    SAY("flock");
    flocks();
    sys_close(file);
    SHOW(sys_unlink("file"));
    leave_place("/tmp/record_locks");
    return 0;
}
