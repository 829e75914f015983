// wait4(2): whom it waits for: one, any, a group; WNOHANG; kinds of children; what it refuses.
// libc: none
#include "bad_pointers.h"
#include "children.h"

static int to_parent[2], to_child[2];

static int wait_for_word(void)
{
    sys_close(to_child[1]);
    hear(to_child[0]);
    return 3;
}
static int at_once(void)
{
    return 4;
}
static int group_of_its_own(void)
{
    sys_setpgid(0, 0);
    tell(to_parent[1]);
    sys_close(to_child[1]);
    hear(to_child[0]);
    return 5;
}
static int with_a_child(void)
{
    long grandchild = start(at_once);
    send_number(to_parent[1], grandchild);
    sys_close(to_child[1]);
    hear(to_child[0]);
    return 6;
}

int main(void)
{
    int status = 0x1234;
    make_pipe(to_parent);
    make_pipe(to_child);
    SAY("no children");
    SHOW(sys_wait4(-1, &status, 0, NULL));
    SHOW(sys_wait4(-1, &status, WNOHANG, NULL));
    SHOW(sys_wait4(0, &status, 0, NULL));
    SHOW(sys_wait4(sys_getpid(), &status, 0, NULL));
    SHOW(sys_wait4(1, &status, 0, NULL));
    SHOW(sys_wait4(999999, &status, 0, NULL));
    SHOW(sys_wait4(-999999, &status, 0, NULL));
    SHOW(sys_wait4(-2147483648l, &status, 0, NULL));
    SHOW(sys_wait4(-1, &status, 0x10, NULL));
    SHOW(sys_wait4(-1, &status, WEXITED, NULL));
    SHOW(sys_wait4(-1, &status, WNOWAIT, NULL));
    IS(status == 0x1234);

    SAY("one that lives");
    long child = start(wait_for_word);
    SHOW(sys_wait4(child, &status, WNOHANG, NULL));
    SHOW(sys_wait4(-1, &status, WNOHANG | WUNTRACED | WCONTINUED, NULL));
    SHOW(sys_wait4(0, &status, WNOHANG, NULL));
    SHOW(sys_wait4(-sys_getpgid(0), &status, WNOHANG, NULL));
    SHOW(sys_wait4(-1, &status, WNOHANG | __WALL, NULL));
    SHOW(sys_wait4(-1, &status, WNOHANG | __WCLONE, NULL));
    SHOW(sys_wait4(-1, &status, WNOHANG | __WNOTHREAD, NULL));
    IS(status == 0x1234);
    tell(to_child[1]);
    show_end("it", child);
    SHOW(sys_wait4(child, &status, 0, NULL));

    SAY("a group");
    child = start(group_of_its_own);
    hear(to_parent[0]);
    SHOW(sys_wait4(0, &status, WNOHANG, NULL));
    SHOW(sys_wait4(-child, &status, WNOHANG, NULL));
    tell(to_child[1]);
    IS(sys_wait4(-child, &status, 0, NULL) == child);
    say_status("it", status);
    SHOW(sys_wait4(-child, &status, 0, NULL));

    SAY("a grandchild is not a child");
    child = start(with_a_child);
    long grandchild = receive_number(to_parent[0]);
    SHOW(sys_wait4(grandchild, &status, 0, NULL));
    tell(to_child[1]);
    show_end("it", child);

    SAY("a status that cannot be written: the child is gone");
    for (int i = 0; i < 2; ++i) {
        child = start(at_once);
        SHOW(sys_wait4(child, i ? (int *)0xffff800000000000 : (int *)0x1000, 0, NULL));
        SHOW(sys_wait4(child, &status, 0, NULL));
    }
    child = start(at_once);
    SHOW(sys_wait4(child, NULL, 0, (void *)0x1000));
    SHOW(sys_wait4(child, &status, 0, NULL));
    child = start(at_once);
    IS(sys_wait4(child, last_bytes(4), 0, last_bytes(144)) == child);
    child = start(at_once);
    IS(sys_wait4(child, NULL, 0, NULL) == child);
    return 0;
}
