// fill one DIRECTORY [HOLD]: one file is written until there is no space, read again, removed; twice; the
// memory is
//                            back. HOLD: it is unlinked first, and lives until the last descriptor is closed.
// fill many DIRECTORY:       small files, directories and links until there is no space; all removed again.
// fill names DIRECTORY:      names of one file, each as long as can be, until there is no space; all removed.
// fill mapped DIRECTORY:     the same through a shared mapping: SIGBUS or ENOSPC says that there is no more.
#include <sys/statfs.h>

#include "children.h"

static char page[PAGE];

static int is_no_space(int error)
{
    return error == ENOSPC || error == ENOMEM;
}

static void one(int hold)
{
    long before = free_kib();
    size_t counts[2];
    for (int round = 0; round < 2; round++) {
        int fd = open("large", O_RDWR | O_CREAT | O_TRUNC, 0600);
        if (fd < 0) fail("open");
        if (hold) unlink("large");
        size_t count = 0;
        for (;; count++) {
            fill_page(page, 7, count, (uint64_t)round);
            ssize_t n = write(fd, page, PAGE);
            if (n == (ssize_t)PAGE) continue;
            if (n < 0 && !is_no_space(errno)) fail("write");
            break;
        }
        struct statfs system;
        if (statfs(".", &system) == 0 && system.f_bfree > 64 && errno == ENOSPC)
            printf("%lu blocks are free\n", system.f_bfree);
        size_t wrong = 0;
        lseek(fd, 0, SEEK_SET);
        for (size_t i = 0; i < count; i++)
            wrong += read(fd, page, PAGE) != (ssize_t)PAGE || !is_right(page, 7, i, (uint64_t)round);
        // A hole in it gives space for as much again.
        if (ftruncate(fd, (off_t)(count / 2 * PAGE)) != 0) fail("ftruncate");
        lseek(fd, 0, SEEK_END);
        for (size_t i = 0; i < count / 4; i++) wrong += write(fd, page, PAGE) != (ssize_t)PAGE;
        counts[round] = count;
        printf("%s, %zu wrong\n", count > 500 ? "full" : "too soon", wrong);
        if (!hold) unlink("large");
        close(fd);
    }
    size_t difference = counts[0] > counts[1] ? counts[0] - counts[1] : counts[1] - counts[0];
    if (difference > counts[0] / 10) printf("%zu pages, then %zu\n", counts[0], counts[1]);
    long kept = before - free_kib();
    if (kept > 200) printf("%ld KiB are not back\n", kept);
}

static void name_of(char *name, const char *kind, int number)
{
    sprintf(name, "%s%d", kind, number);
}

static void many(void)
{
    enum { Most = 200000 };
    long before = free_kib();
    int counts[2];
    for (int round = 0; round < 2; round++) {
        char name[32], other[32];
        int count = 0;
        for (; count < Most; count++) {
            int failed = 0;
            name_of(name, "f", count);
            if (count % 4 == 0) {
                failed = mkdir(name, 0700);
            } else if (count % 4 == 1) {
                failed = symlink("nowhere", name);
            } else if (count % 4 == 2) {
                name_of(other, "f", count - 1);
                failed = link(other, name);
            } else {
                int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
                failed = fd < 0 || write(fd, page, 100) != 100;
                int error = errno;
                if (fd >= 0) close(fd);
                errno = error;
            }
            if (failed) break;
        }
        if (count < Most && !is_no_space(errno)) fail(name);
        printf("%s\n", count > 1000 ? "full" : "too soon");
        counts[round] = count;
        for (int i = 0; i <= count; i++) {
            name_of(name, "f", i);
            if ((i % 4 == 0 ? rmdir(name) : unlink(name)) != 0 && i < count) fail(name);
        }
    }
    if (counts[1] < counts[0] / 10 * 9) printf("%d, then %d\n", counts[0], counts[1]);
    long kept = before - free_kib();
    if (kept > 400) printf("%ld KiB are not back\n", kept);
}

static void names(void)
{
    enum { Longest = 255 };
    long before = free_kib();
    char name[Longest + 3]; // (a number could be longer)
    memset(name, 'n', Longest);
    name[Longest] = 0;
    int fd = open("first", O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0) fail("first");
    close(fd);
    int count = 0;
    for (;; count++) {
        sprintf(name + Longest - 9, "%09d", count);
        if (link("first", name) != 0) break;
    }
    printf("%s\n", errno == ENOSPC ? "no space" : strerror(errno));
    // Others still have memory.
    pid_t child = fork();
    if (child == 0) {
        enum { Size = 2 << 20 };
        char *more = malloc(Size);
        memset(more, 1, Size);
        _exit(more[Size / 2]);
    }
    int status = -1;
    waitpid(child, &status, 0);
    printf("another program: %s\n", status == 1 << 8 ? "well" : "not well");
    for (int i = 0; i < count; i++) {
        sprintf(name + Longest - 9, "%09d", i);
        if (unlink(name) != 0) fail(name);
    }
    unlink("first");
    long kept = before - free_kib();
    if (kept > 400) printf("%ld KiB are not back\n", kept);
}

static volatile size_t reached;
static void no_more(int signal)
{
    (void)signal;
    printf("%s\n", reached > 500 ? "full" : "too soon");
    unlink("mapped");
    _exit(0);
}

static void mapped(void)
{
    long before = free_kib();
    pid_t child = fork();
    if (child == 0) {
        int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
        size_t pages = 1ul << 30 >> 12;
        if (fd < 0 || ftruncate(fd, (off_t)(pages * PAGE)) != 0) fail("file");
        char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED) fail("mmap");
        signal(SIGBUS, no_more);
        for (; reached < pages; reached++) at[reached * PAGE] = 1;
        _exit(1);
    }
    int status;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL) printf("killed by %d\n", WTERMSIG(status));
    unlink("mapped");
    long kept = before - free_kib();
    printf("%s\n", kept > 200 ? "not back" : "back");
}

int main(int argc, char **argv)
{
    if (argc < 3 || chdir(argv[2]) != 0) return 2;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (strcmp(argv[1], "one") == 0) one(argc > 3);
    if (strcmp(argv[1], "many") == 0) many();
    if (strcmp(argv[1], "names") == 0) names();
    if (strcmp(argv[1], "mapped") == 0) mapped();
    return 0;
}
