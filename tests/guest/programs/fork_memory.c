// fork(2): private memory is each one's own after a write, shared memory stays shared; madvise(2)'s word
// about children; areas, the break and protections go apart.
// libc: glibc musl none
#include "areas.h"
#include "children.h"

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#define MADV_KEEPONFORK 19
#endif

static int ready[2], go[2];
static char data[3 * PAGE] = "data";
static char bss[3 * PAGE];

static char *map(char *address, long pages, long flags)
{
    long got = sys_mmap(address, (size_t)(pages * PAGE), PROT_READ | PROT_WRITE,
                        flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (got != (long)address) SAY("no memory");
    return address;
}

// The parent writes first, then the child, then the parent looks again.
static void private_and_shared(void)
{
    char *mine = map(BASE, 8, MAP_PRIVATE), *ours = map(BASE + GIB, 8, MAP_SHARED);
    volatile char local = 'p';
    for (int i = 0; i < 8; ++i) mine[i * PAGE] = ours[i * PAGE] = (char)('a' + i);
    mine[7 * PAGE] = 0; // written, and zero again
    long child = sys_fork();
    if (child == 0) {
        hear(go[0]);
        SAY("    the child sees %c%c %c%c %s %c", mine[0], mine[PAGE], ours[0], ours[PAGE], data, local);
        mine[0] = ours[0] = 'X';
        mine[2 * PAGE] = ours[2 * PAGE] = 'Y';
        data[0] = bss[PAGE] = 'Z';
        local = 'c';
        SAY("    and then %c%c %c%c %s %c", mine[0], mine[2 * PAGE], ours[0], ours[2 * PAGE], data, local);
        leave(0);
    }
    mine[PAGE] = ours[PAGE] = 'P';
    tell(go[1]);
    show_end("    the child", child);
    SAY("    the parent sees %c%c%c %c%c%c %s %d %c", mine[0], mine[PAGE], mine[2 * PAGE], ours[0],
        ours[PAGE], ours[2 * PAGE], data, bss[PAGE], local);
    IS(mine[7 * PAGE] == 0);
}

static void pages_not_yet_there(void)
{
    char *mine = map(BASE, 4, MAP_PRIVATE), *ours = map(BASE + GIB, 4, MAP_SHARED);
    (void)peek(mine + PAGE); // the page of zeros
    long child = sys_fork();
    if (child == 0) {
        mine[0] = mine[PAGE] = ours[0] = 'n';
        leave(0);
    }
    show_end("    the child", child);
    SAY("    the parent sees %d %d %c", mine[0], mine[PAGE], ours[0]);
}

static void advice(void)
{
    char *mine = map(BASE, 6, MAP_PRIVATE);
    memset(mine, 'm', 6 * PAGE);
    SHOW(sys_madvise(mine + PAGE, PAGE, MADV_DONTFORK));
    SHOW(sys_madvise(mine + 3 * PAGE, PAGE, MADV_WIPEONFORK));
    SHOW(sys_madvise(mine + 4 * PAGE, PAGE, MADV_WIPEONFORK));
    SHOW(sys_madvise(mine + 4 * PAGE, PAGE, MADV_KEEPONFORK));
    SHOW(sys_madvise(map(BASE + GIB, 1, MAP_SHARED), PAGE, MADV_WIPEONFORK));
    long child = sys_fork();
    if (child == 0) {
        show_areas(mine, 6 * PAGE);
        SAY("    %c %c %d %c %c", mine[0], mine[2 * PAGE], mine[3 * PAGE], mine[4 * PAGE], mine[5 * PAGE]);
        mine[3 * PAGE] = 'w';
        long grandchild = sys_fork(); // wiped again
        if (grandchild == 0) leave(mine[3 * PAGE] == 0 && mine[4 * PAGE] == 'm' ? 0 : 1);
        show_end("    the grandchild", grandchild);
        leave(0);
    }
    show_end("    the child", child);
    show_areas(mine, 6 * PAGE);
    IS(all_are(mine, 'm', 6 * PAGE));
    SHOW(sys_madvise(mine + PAGE, PAGE, MADV_DOFORK));
    child = sys_fork();
    if (child == 0) leave(mine[PAGE] == 'm' ? 0 : 1);
    show_end("    the child", child);
}

static void maps_go_apart(void)
{
    char *mine = map(BASE, 4, MAP_PRIVATE);
    memset(mine, 'm', 4 * PAGE);
    long child = sys_fork();
    if (child == 0) {
        SHOW(sys_munmap(mine, PAGE));
        SHOW(sys_mprotect(mine + PAGE, PAGE, PROT_READ));
        SHOW_AT(BASE,
                sys_mremap(mine + 2 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, mine + 8 * PAGE));
        mine[8 * PAGE] = 'c';
        map(mine + 16 * PAGE, 1, MAP_PRIVATE);
        show_areas(mine, 20 * PAGE);
        SAY("    %c%c", mine[PAGE], mine[8 * PAGE + 1]);
        long brk = sys_brk(NULL);
        leave(sys_brk((char *)brk + 4 * PAGE) == brk + 4 * PAGE ? 0 : 1);
    }
    long brk = sys_brk(NULL);
    show_end("    the child", child);
    IS(sys_brk(NULL) == brk);
    show_areas(mine, 20 * PAGE);
    IS(all_are(mine, 'm', 4 * PAGE));
}

// Each generation adds to what it has; nothing of the later ones is seen in the earlier.
static void generations(void)
{
    char *mine = map(BASE, 16, MAP_PRIVATE);
    int level = 0;
    long first = sys_getpid(), child = 0;
    for (; level < 10; ++level) {
        mine[level * PAGE] = (char)(level + 1);
        child = sys_fork();
        if (child) break;
    }
    int wrong = 0, status = 0;
    if (child) sys_wait4(child, &status, 0, NULL);
    for (int i = 0; i < 16; ++i) {
        char expected = (char)(i <= level && i < 10 ? i + 1 : 0);
        wrong += mine[i * PAGE] != expected;
    }
    wrong += WEXITSTATUS(status);
    if (sys_getpid() != first) leave(wrong);
    SAY("    %d wrong", wrong);
}

int main(void)
{
    make_pipe(ready);
    make_pipe(go);
    SAY("private and shared memory");
    private_and_shared();
    SAY("pages not yet there");
    pages_not_yet_there();
    SAY("advice");
    advice();
    SAY("areas");
    maps_go_apart();
    SAY("ten generations");
    generations();
    return 0;
}
