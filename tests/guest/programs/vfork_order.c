// vfork(2): the child runs in its parent's memory, and the parent goes on when the child has ended or
// started another program.
// libc: glibc musl none
#include <sys/resource.h>

#include "children.h"

static volatile int value;
static int ends[2];

#ifdef NOLIBC
// The child's return into the caller would spoil the parent's stack: the call's own return address is kept in
// a register meanwhile.
long vfork_(void);
__asm__("vfork_:\n"
        "    pop %rdx\n"
        "    mov $58, %eax\n"
        "    syscall\n"
        "    push %rdx\n"
        "    ret\n");
#define VFORK() vfork_()
#else
#include <unistd.h>
#define VFORK() ((long)vfork())
#endif

int main(int argc, char **argv)
{
    static char *const none[] = {NULL};
    static char *const again[] = {"again", "exec", NULL};
    if (argc > 1) {
        hear(3); // ends[0]: the parent has gone on
        SAY("    another program: %s", argv[1]);
        return 11;
    }
    make_pipe(ends);
    SAY("until it ends");
    long self = sys_getpid();
    long child = VFORK();
    if (child == 0) {
        value = sys_getppid() == self ? 1 : 2;
        SAY("    the child");
        sys_exit_group(7);
    }
    SAY("    the parent sees %d", value);
    show_end("    it", child);

    SAY("until it starts another program");
    child = VFORK();
    if (child == 0) {
        ++value;
        sys_execve("/proc/self/exe", again, none);
        sys_exit_group(1);
    }
    SAY("    the parent sees %d", value);
    tell(ends[1]);
    show_end("    it", child);

    SAY("a program that does not exist");
    child = VFORK();
    if (child == 0) {
        value = sys_execve("/no/such/program", again, none) == -ENOENT ? 40 : 41;
        sys_exit_group(2);
    }
    SAY("    the parent sees %d", value);
    show_end("    it", child);

    SAY("until it is killed");
    child = VFORK();
    if (child == 0) {
        value = 50;
        sys_kill(sys_getpid(), SIGKILL);
        sys_exit_group(3);
    }
    SAY("    the parent sees %d", value);
    show_end("    it", child);

    SAY("memory that the child maps is the parent's");
    child = VFORK();
    if (child == 0) {
        map_at(BASE, PAGE, PROT_READ | PROT_WRITE);
        *BASE = 42;
        sys_exit_group(0);
    }
    SAY("    %d", *BASE);
    show_end("    it", child);

    SAY("limits are not");
    child = VFORK();
    if (child == 0) {
        struct rlimit least = {PAGE, PAGE};
        sys_setrlimit(RLIMIT_AS, &least);
        sys_exit_group(0);
    }
    show_end("    it", child);
    map_at(BASE, 16 * PAGE, PROT_READ | PROT_WRITE);
    SAY("    %d", *BASE);

    SAY("descriptors are not");
    child = VFORK();
    if (child == 0) {
        sys_close(ends[0]);
        sys_close(ends[1]);
        sys_exit_group(0);
    }
    show_end("    it", child);
    SHOW(sys_write(ends[1], "x", 1));
    SAY("the parent is killed meanwhile: it ends at once, and the child goes on without it");
    make_pipe(ends);
    int report[2];
    make_pipe(report);
    long middle = sys_fork();
    if (middle == 0) {
        child = VFORK();
        if (child == 0) {
            send_number(report[1], 61);
            hear(ends[0]);
            send_number(report[1], 62);
            sys_exit_group(0);
        }
        sys_exit_group(4);
    }
    SAY("    %ld", receive_number(report[0]));
    sys_kill(middle, SIGKILL);
    show_end("    the parent", middle);
    sys_close(report[1]);
    tell(ends[1]);
    SAY("    %ld", receive_number(report[0]));
    IS(!hear(report[0]));
    SAY("one after the other, 100 times");
    for (volatile int i = 0; i < 100; ++i) {
        child = VFORK();
        if (child == 0) {
            value = i;
            sys_exit_group(i);
        }
        int status;
        if (value != i || sys_wait4(child, &status, 0, NULL) != child || WEXITSTATUS(status) != i)
            SAY("wrong: %d", i);
    }
    return 0;
}
