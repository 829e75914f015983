// bomb limited N: children that live until fork fails under RLIMIT_NPROC; three times, as many each time.
// bomb tree N:    each process forks for ever under that limit; the group is killed when one has been
// refused. bomb memory:    children with a piece of memory each until there is none; then whoever is left
// goes on. bomb endless:   each process forks for ever in a small machine, until one learns that there is no
// memory.
#include "children.h"

static void limited(int most)
{
    limit(RLIMIT_NPROC, (rlim_t)most);
    for (int round = 0; round < 3; round++) {
        int ends[2], count = 0;
        make_pipe(ends);
        pid_t child;
        while ((child = fork()) > 0) count++;
        if (child == 0) {
            close(ends[1]);
            wait_for_end(ends[0]);
            _exit(0);
        }
        printf("%d children, then %s\n", count, strerrorname_np(errno));
        close(ends[0]);
        close(ends[1]);
        struct Ends all = {0};
        reap(&all);
        printf("%d ended well\n", all.exited);
    }
}

// Set by whoever is refused; all processes of the bomb see it.
static volatile int *stop;

static void explode(int refused)
{
    while (!*stop) {
        pid_t child = fork();
        if (child == 0 && getppid() == 1) *stop = 1; // whoever was to watch is gone
        if (child >= 0) continue;
        if (*stop == 0) *stop = errno;
        if (refused >= 0) write(refused, "!", 1);
    }
    while (refused >= 0) pause(); // to be killed
    _exit(0);
}

static void share_stop(void)
{
    stop = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (stop == MAP_FAILED) fail("mmap");
    *stop = 0;
}

static void tree(int most)
{
    int ends[2];
    make_pipe(ends);
    share_stop();
    limit(RLIMIT_NPROC, (rlim_t)most);
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        explode(ends[1]);
    }
    setpgid(child, child);
    close(ends[1]);
    char byte;
    if (read(ends[0], &byte, 1) != 1) fail("read");
    if (kill(-child, SIGKILL) != 0) fail("kill");
    int status;
    waitpid(child, &status, 0);
    wait_for_end(ends[0]); // none of them is left to write
    printf("%s, then killed by %d\n", strerrorname_np(*stop), WTERMSIG(status));
    wait_until_alone();
    child = fork();
    if (child == 0) _exit(0);
    printf("another child: %s\n", child > 0 ? "yes" : strerrorname_np(errno));
    waitpid(child, NULL, 0);
}

static void memory_bomb(void)
{
    limit(RLIMIT_NPROC, 100000);
    int ends[2], count = 0;
    struct Ends all = {0};
    make_pipe(ends);
    pid_t child;
    for (;;) {
        int status;
        child = fork();
        if (child < 0) break;
        if (child == 0) {
            close(ends[1]);
            fill(memory(64 * PAGE), 64, 1);
            wait_for_end(ends[0]);
            _exit(0);
        }
        count++;
        sched_yield();
        if (waitpid(-1, &status, WNOHANG) > 0) {
            count_end(&all, status);
            break;
        }
    }
    printf("%s\n", child < 0 && errno != ENOMEM && errno != EAGAIN ? strerrorname_np(errno) : "no memory");
    close(ends[0]);
    close(ends[1]);
    reap(&all);
    printf("%s\n",
           all.exited + all.killed == count && all.failed == 0 && count > 20 ? "all ended" : "not all ended");
}

static void endless(void)
{
    limit(RLIMIT_NPROC, 100000);
    share_stop();
    pid_t child = fork();
    if (child == 0) {
        fill(memory(64 * PAGE), 64, 1); // out of memory chooses one of these, and not who watches
        explode(-1);
    }
    int status;
    waitpid(child, &status, 0); // it ends, or out of memory has chosen it
    *stop = *stop ? *stop : ENOMEM;
    wait_until_alone();
    printf("%s\n", *stop == ENOMEM || *stop == EAGAIN || *stop == 1 ? "it is over" : strerrorname_np(*stop));
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    setvbuf(stdout, NULL, _IONBF, 0); // nothing is written twice
    int most = argc > 2 ? atoi(argv[2]) : 0;
    if (strcmp(argv[1], "limited") == 0) limited(most);
    if (strcmp(argv[1], "tree") == 0) tree(most);
    if (strcmp(argv[1], "memory") == 0) memory_bomb();
    if (strcmp(argv[1], "endless") == 0) endless();
    return 0;
}
