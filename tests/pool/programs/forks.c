/* What fork(2), vfork(2) and execve(2) are to programs that live in pieces: forks FILE. Says what is not so,
   and "all is so" otherwise. Started as `forks child N` it is what the others execute, and its status is N.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul
#define MANY 64

static int wrong;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            printf("line %d: not so: %s (errno %d)\n", __LINE__, #condition, errno), wrong = 1;              \
    } while (0)

static const char *self;
static volatile int statics = 1;
static const volatile int constants = 2;

struct pool {
    uintptr_t begin, end; /* the piece of the process that was asked for; 0: it has none */
    unsigned long free, largest;
    unsigned pieces;
};

static struct pool look(int pid)
{
    static char text[16384];
    struct pool pool = {0};
    int file = open("/proc/pool", O_RDONLY);
    size_t used = 0;
    ssize_t count;
    while (file >= 0 && (count = read(file, text + used, sizeof text - 1 - used)) > 0) used += (size_t)count;
    text[used] = 0;
    close(file);
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        uintptr_t begin, end;
        int owner;
        sscanf(line, "pool fit=%*s kib=%*u free=%lu holes=%*u largest=%lu", &pool.free, &pool.largest);
        if (sscanf(line, "%lx-%lx %*u %d", &begin, &end, &owner) != 3) continue;
        pool.pieces++;
        if (owner == pid) pool.begin = begin, pool.end = end;
    }
    return pool;
}

static int is_same(struct pool one, struct pool other)
{
    return one.begin == other.begin && one.end == other.end && one.free == other.free &&
           one.largest == other.largest && one.pieces == other.pieces;
}

static uintptr_t physical(const volatile void *address)
{
    uint64_t entry = 0;
    int file = open("/proc/self/pagemap", O_RDONLY);
    off_t at = (off_t)((uintptr_t)address / PAGE * sizeof entry);
    CHECK(pread(file, &entry, sizeof entry, at) == sizeof entry);
    close(file);
    CHECK(entry >> 63);
    return (entry & ((1ull << 55) - 1)) * PAGE + (uintptr_t)address % PAGE;
}

static long faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

static int status_of(pid_t child)
{
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void hear(int pipe_end)
{
    char byte;
    CHECK(read(pipe_end, &byte, 1) == 1);
}

static void tell(int pipe_end)
{
    CHECK(write(pipe_end, "", 1) == 1);
}

static pid_t start(char *const words[])
{
    pid_t child = vfork();
    if (child == 0) {
        execv(self, words);
        _exit(127);
    }
    return child;
}

/* Each has its own of everything, all of it at the same distance from a piece of its own. */
static void check_copies(const char *path)
{
    int file = open(path, O_RDONLY), there[2], back[2];
    volatile int *heap = malloc(sizeof *heap), local = 3;
    volatile char *mapped = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    volatile char *copy = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    char *hidden = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(heap && mapped != MAP_FAILED && copy != MAP_FAILED && hidden != MAP_FAILED);
    CHECK(pipe(there) == 0 && pipe(back) == 0);
    char first = copy[0];
    *heap = 4;
    mapped[0] = 5, mapped[2 * PAGE] = 6, copy[1] = 7;
    CHECK(madvise((void *)(mapped + PAGE), PAGE, MADV_WIPEONFORK) == 0);
    mapped[PAGE] = 8;
    uintptr_t was_at = physical(mapped);
    struct pool before = look(getpid());

    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        hear(there[0]);
        struct pool now = look(getpid());
        CHECK(now.begin != before.begin && now.end - now.begin == before.end - before.begin);
        CHECK(now.pieces == before.pieces + 1);
        uintptr_t distance = (uintptr_t)mapped - physical(mapped);
        CHECK(physical(mapped) - now.begin == was_at - before.begin);
        CHECK((uintptr_t)&constants - physical(&constants) == distance);
        CHECK((uintptr_t)&local - physical(&local) == distance);
        CHECK(statics == 1 && constants == 2 && local == 3 && *heap == 4 && mapped[0] == 5);
        CHECK(mapped[PAGE] == 0 && mapped[2 * PAGE] == 6 && copy[0] == first && copy[1] == 7);
        statics = local = *heap = 9;
        mapped[0] = copy[0] = 9;
        CHECK(mprotect(hidden, PAGE, PROT_READ | PROT_WRITE) == 0 && *hidden == 0);
        CHECK(faults() == 0);
        tell(back[1]);
        char *words[] = {(char *)self, "child", "42", NULL};
        if (wrong == 0) execv(self, words);
        fflush(stdout);
        _exit(1);
    }
    statics = 10;
    mapped[2 * PAGE] = 10;
    tell(there[1]);
    hear(back[0]);
    CHECK(statics == 10 && local == 3 && *heap == 4 && mapped[0] == 5 && mapped[PAGE] == 8);
    CHECK(mapped[2 * PAGE] == 10 && copy[0] == first && copy[1] == 7);
    CHECK(status_of(child) == 42);
    CHECK(is_same(look(getpid()), before));
    CHECK(physical(mapped) == was_at && faults() == 0);
    CHECK(munmap((void *)mapped, 3 * PAGE) == 0 && munmap((void *)copy, PAGE) == 0);
    CHECK(munmap(hidden, PAGE) == 0);
    free((void *)heap);
    for (int i = 0; i < 2; i++) close(there[i]), close(back[i]);
    close(file);
}

/* Until the child executes, it is a guest in its parent's piece. */
static void check_vfork(void)
{
    struct pool before = look(getpid());
    volatile int seen = 0;
    pid_t child = vfork();
    if (child == 0) {
        seen = look(getpid()).pieces == before.pieces ? 1 : 2;
        char *words[] = {(char *)self, "child", "43", NULL};
        execv(self, words);
        _exit(127);
    }
    CHECK(seen == 1 && status_of(child) == 43);
    CHECK((child = vfork()) >= 0);
    if (child == 0) _exit(44);
    CHECK(status_of(child) == 44);
    CHECK(is_same(look(getpid()), before));
}

/* Children until there is no piece for one more. Then nobody can execute either, and goes on as he was. */
static void check_full(void)
{
    struct pool before = look(getpid());
    int go[2], count = 0;
    pid_t children[MANY], child;
    CHECK(pipe(go) == 0);
    while (count < MANY && (child = fork()) > 0) children[count++] = child;
    if (count < MANY && child == 0) {
        hear(go[0]);
        _exit(statics == 10 ? 45 : 1);
    }
    CHECK(count > 0 && count < MANY && errno == ENOMEM);
    struct pool full = look(getpid());
    CHECK(full.pieces == before.pieces + (unsigned)count);
    CHECK(full.largest * 1024 < before.end - before.begin);
    CHECK(fork() == -1 && errno == ENOMEM && is_same(look(getpid()), full));
    char *words[] = {(char *)self, "child", "46", NULL};
    CHECK(execv(self, words) == -1 && errno == ENOMEM && is_same(look(getpid()), full));
    CHECK((child = start(words)) > 0 && status_of(child) == 127);
    CHECK(is_same(look(getpid()), full));

    for (int i = 0; i < count; i++) tell(go[1]);
    for (int i = 0; i < count; i++) CHECK(status_of(children[i]) == 45);
    CHECK(is_same(look(getpid()), before));
    CHECK((child = start(words)) > 0 && status_of(child) == 46);
    CHECK(faults() == 0);
    close(go[0]), close(go[1]);
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "child")) return faults() == 0 ? atoi(argv[2]) : 1;
    if (argc != 2) return 2;
    self = argv[0];
    check_copies(argv[1]);
    check_vfork();
    check_full();
    if (!wrong) printf("all is so\n");
    return wrong;
}
