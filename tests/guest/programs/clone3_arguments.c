// clone3(2): its structure: sizes known and unknown, each field, what is refused.
// libc: none
#include <sched.h>

#include "bad_pointers.h"
#include "handlers.h"

struct Arguments {
    unsigned long flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
        set_tid_size, cgroup;
    unsigned long unknown[4];
};

static int words[2];

static long run(struct Arguments *arguments, size_t size)
{
    long child = sys_clone3(arguments, size);
    if (child == 0) leave(words[1] == sys_getpid() ? 2 : 1);
    return child;
}

static void try(const char *what, struct Arguments arguments, size_t size)
{
    long child = run(&arguments, size);
    if (failed(child)) {
        SAY("%s: %s", what, errno_name(-child));
        return;
    }
    int status = -1;
    if (sys_wait4(child, &status, __WALL, NULL) != child) SAY("not waited for");
    say_status(what, status);
}

int main(void)
{
    struct Arguments plain = {.exit_signal = SIGCHLD}, a;
    SAY("sizes");
    try("64", plain, 64);
    try("80", plain, 80);
    try("88", plain, 88);
    try("0", plain, 0);
    try("63", plain, 63);
    try("72", plain, 72);
    try("120, the rest zero", plain, 120);
    a = plain;
    a.unknown[3] = 1;
    try("120, the rest not zero", a, 120);
    try("112 of it", a, 112);
    try("4097", plain, 4097);

    SAY("words");
    a = plain;
    a.flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID;
    a.parent_tid = (unsigned long)&words[0];
    a.child_tid = (unsigned long)&words[1];
    try("both", a, 64);
    IS(words[0] > 0 && words[1] == 0);

    SAY("refused");
    a = plain;
    a.exit_signal = 65;
    try("exit_signal 65", a, 64);
    a.exit_signal = SIGCHLD | 0x100;
    try("exit_signal with a flag", a, 64);
    a = plain;
    a.flags = SIGCHLD;
    try("a signal among the flags", a, 64);
    a.flags = CLONE_DETACHED;
    try("CLONE_DETACHED", a, 64);
    a.flags = CLONE_SIGHAND;
    try("CLONE_SIGHAND", a, 64);
    a.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
    try("CLONE_THREAD with an exit signal", a, 64);
    a.flags = 1ul << 40;
    try("an unknown flag", a, 64);
    a = plain;
    a.stack = (unsigned long)BASE;
    try("a stack without a size", a, 64);
    a = plain;
    a.stack_size = PAGE;
    try("a size without a stack", a, 64);
    a.stack = ~0ul - 100;
    try("a stack around the end of all addresses", a, 64);
    a.stack = 0xffff800000000000;
    try("a stack of the kernel's", a, 64);
    a = plain;
    a.set_tid_size = 1;
    try("set_tid_size without set_tid", a, 80);
    a.set_tid = (unsigned long)words;
    a.set_tid_size = 0;
    try("set_tid without its size", a, 80);
    a.set_tid_size = 33;
    try("set_tid_size 33", a, 80);
    WITH_BAD_POINTERS(sys_clone3(bad, 64));
    SHOW(sys_clone3(last_bytes(63), 64));

    SAY("no signal at the end");
    a = plain;
    a.exit_signal = 0;
    try("it", a, 64);
    SHOW(sys_wait4(-1, NULL, __WALL, NULL));
    return 0;
}
