// fcntl(F_SETLKW) on a descriptor that another process with the same table closes meanwhile: nobody has the
// lock afterwards.
// libc: none
#include <sched.h>

#include "files.h"
#include "handlers.h"

static long file;
static int to_holder[2], to_parent[2];

static long lock(int command)
{
    struct flock wanted = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return sys_fcntl(file, command, (unsigned long)&wanted);
}

static int hold(void)
{
    SHOW(lock(F_SETLK));
    tell(to_parent[1]);
    hear(to_holder[0]);
    return 0;
}

// Until the process sleeps: /proc/PID/stat begins with "PID (name) S".
static void wait_until_asleep(long pid)
{
    char path[32] = "/proc/", text[64];
    char digits[12];
    int n = 0, at = 6;
    for (long rest = pid; rest; rest /= 10) digits[n++] = (char)('0' + rest % 10);
    while (n) path[at++] = digits[--n];
    memcpy(path + at, "/stat", 6);
    for (;;) {
        long stat = sys_open(path, O_RDONLY, 0);
        long length = sys_read(stat, text, sizeof text - 1);
        sys_close(stat);
        for (long i = 0; i + 2 < length; i++) {
            if (text[i] == ')' && text[i + 2] == 'S') return;
        }
        sys_sched_yield();
    }
}

// Its child shares its table, and waits for the lock.
static int close_meanwhile(void)
{
    long waiter = sys_clone(CLONE_FILES | SIGCHLD, NULL, NULL, NULL, 0);
    if (waiter == 0) {
        SHOW(lock(F_SETLKW));
        leave(0);
    }
    wait_until_asleep(waiter);
    SHOW(sys_close(file));
    tell(to_holder[1]);
    show_end("who waited", waiter);
    return 0;
}

int main(void)
{
    file = sys_open("/tmp/locked", O_CREAT | O_RDWR, 0600);
    make_pipe(to_holder);
    make_pipe(to_parent);
    long holder = start(hold);
    hear(to_parent[0]);
    show_end("who closed", start(close_meanwhile));
    show_end("who held", holder);
    SHOW(lock(F_SETLK));
    sys_unlink("/tmp/locked");
    return 0;
}
