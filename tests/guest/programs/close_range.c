// close_range(2): which descriptors go, CLOSE_RANGE_CLOEXEC, CLOSE_RANGE_UNSHARE of a table that is shared.
// libc: none
#include <sched.h>

#include "children.h"

#define CLOEXEC 4u // CLOSE_RANGE_…
#define UNSHARE 2u
CALL3(close_range, unsigned long, unsigned long, unsigned long)

// Which of the first hundred are open; those marked FD_CLOEXEC with a star.
static void show_open(void)
{
    struct Line line = {{0}, 0};
    add_text(&line, "    open:");
    for (long fd = 3; fd < 100; ++fd) {
        long flags = sys_fcntl(fd, F_GETFD, 0);
        if (flags < 0) continue;
        add_char(&line, ' ');
        add_number(&line, (unsigned long)fd, 10);
        if (flags & FD_CLOEXEC) add_char(&line, '*');
    }
    SAY("%s", line.text);
}

static void open_some(void)
{
    for (long fd = 3; fd < 10; ++fd) sys_dup2(0, fd);
    sys_dup2(0, 70);
    sys_dup2(0, 90);
}

// Runs `body` in a child that has the same table, not a copy, while the parent waits.
static void in_sharing_child(int (*body)(void))
{
    long child = sys_clone(CLONE_FILES | SIGCHLD, NULL, NULL, NULL, 0);
    if (child == 0) leave(body());
    show_end("    child", child);
}

static int closes_for_both(void)
{
    SHOW(sys_close_range(4, 6, 0));
    return 0;
}
static int closes_its_own(void)
{
    SHOW(sys_close_range(4, 6, UNSHARE));
    show_open();
    SHOW(sys_dup(0));
    return 0;
}
static int marks_its_own(void)
{
    SHOW(sys_close_range(8, ~0u, UNSHARE | CLOEXEC));
    show_open();
    return 0;
}
static int fails(void)
{
    SHOW(sys_close_range(9, 3, UNSHARE));
    SHOW(sys_close_range(3, 9, UNSHARE | 8));
    SHOW(sys_close(3)); // the table is still that of both
    return 0;
}
static int locks_of_one(void)
{
    struct flock lock = {.l_type = F_WRLCK};
    SHOW(sys_fcntl(3, F_SETLK, (unsigned long)&lock));
    SHOW(sys_close_range(3, 3, UNSHARE));
    return 0;
}
static int asks_who_locks(void)
{
    struct flock lock = {.l_type = F_WRLCK};
    SHOW(sys_fcntl(3, F_GETLK, (unsigned long)&lock));
    SAY("    locked: %s", lock.l_type == F_UNLCK ? "no" : "yes");
    return 0;
}

int main(void)
{
    SAY("a range");
    open_some();
    show_open();
    SHOW(sys_close_range(4, 6, 0));
    show_open();
    SHOW(sys_close_range(4, 6, 0));
    SHOW(sys_dup(0));
    SHOW(sys_close_range(70, 70, 0));
    SHOW(sys_close_range(1000, 2000, 0));
    show_open();
    SHOW(sys_close_range(8, ~0u, 0));
    show_open();

    SAY("flags");
    open_some();
    SHOW(sys_close_range(5, 70, CLOEXEC));
    show_open();
    SHOW(sys_close_range(80, ~0u, CLOEXEC));
    SHOW(sys_close_range(0x80000000u, ~0u, CLOEXEC));
    SHOW(sys_close_range(0x7fffffffu, 0x80000000u, 0));
    SHOW(sys_close_range(0x7ffffffeu, 0x7fffffffu, 0));
    show_open();
    SHOW(sys_close_range(5, 4, 0));
    SHOW(sys_close_range(3, 4, 1));
    SHOW(sys_close_range(3, 4, 8));
    SHOW(sys_close_range(0x100000003ul, 0x100000003ul, 0x100000000ul)); // 32 bits are looked at
    show_open();
    SHOW(sys_close_range(3, ~0u, UNSHARE)); // shared with nobody
    show_open();

    SAY("a table that a child shares");
    open_some();
    in_sharing_child(closes_for_both);
    show_open();
    in_sharing_child(fails);
    open_some();
    in_sharing_child(closes_its_own);
    show_open();
    in_sharing_child(marks_its_own);
    show_open();

    SAY("a lock belongs to the table");
    sys_close_range(3, ~0u, 0);
    SHOW(sys_open("/tmp/locked", O_CREAT | O_RDWR, 0600));
    in_sharing_child(locks_of_one);
    show_end("    another", start(asks_who_locks));
    SHOW(sys_close_range(3, 3, 0));
    SHOW(system_call(SYS_unlink, (long)"/tmp/locked", 0, 0, 0, 0, 0));
    return 0;
}
