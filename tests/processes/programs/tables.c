// tables descriptors: files are opened until the process may have no more (EMFILE), closed, and again.
// tables system:      children open files until the system has no more (ENFILE), for all of them; then they
// go on. tables pipes:       pipes are made and filled until there is no more; what is in them is right; all
// memory is back.
#include "children.h"

static void descriptors(void)
{
    limit(RLIMIT_NOFILE, 100000);
    for (int round = 0; round < 3; round++) {
        int count = 0, fd, first = -1;
        while ((fd = open("/dev/null", O_RDONLY)) >= 0) {
            if (first < 0) first = fd;
            count++;
        }
        int error = errno;
        printf("%s\n",
               error == EMFILE || error == ENFILE || error == ENOMEM ? "refused" : strerrorname_np(error));
        if (count < 1000) printf("after %d\n", count);
        close(first);
        if (open("/dev/zero", O_RDONLY) != first) printf("the lowest number is not the next\n");
        // Without a free descriptor a child can be made, ends, and is waited for.
        pid_t child = fork();
        if (child == 0) _exit(0);
        if (child > 0) waitpid(child, NULL, 0);
        for (int i = 3; i < 3 + count; i++) close(i);
    }
}

static void opens_all(int tell, int go)
{
    while (open("/dev/null", O_RDONLY) >= 0) continue;
    char error = (char)errno;
    write(tell, &error, 1);
    wait_for_end(go);
    _exit(0);
}

static void of_system(void)
{
    enum { Most = 600 };
    limit(RLIMIT_NOFILE, 4096);
    int tell[2], go[2], count = 0;
    make_pipe(tell);
    make_pipe(go);
    char error = 0;
    for (; count < Most && error != ENFILE; count++) {
        pid_t child = fork();
        if (child < 0) fail("fork");
        if (child == 0) {
            close(go[1]);
            opens_all(tell[1], go[0]);
        }
        if (read(tell[0], &error, 1) != 1) fail("read");
        if (error != EMFILE && error != ENFILE) {
            printf("a child's error: %s\n", strerrorname_np(error));
            break;
        }
    }
    int ours = open("/dev/null", O_RDONLY);
    printf("%s, and for us %s\n", strerrorname_np(error), ours < 0 ? strerrorname_np(errno) : "none");
    int more[2];
    printf("a pipe: %s\n", pipe(more) ? strerrorname_np(errno) : "yes");
    close(go[1]);
    close(go[0]);
    struct Ends all = {0};
    reap(&all);
    ours = open("/dev/null", O_RDONLY);
    printf("all ended: %s, then a file: %s\n", all.exited == count ? "yes" : "no",
           ours < 0 ? strerrorname_np(errno) : "yes");
}

static char page[PAGE];

static void pipes(void)
{
    enum { Most = 2000 };
    static int ends[Most][2], pages[Most];
    limit(RLIMIT_NOFILE, 2 * Most);
    long before = free_kib();
    for (int round = 0; round < 2; round++) {
        int count = 0, out_of_memory = 0;
        while (count < Most && pipe2(ends[count], O_NONBLOCK) == 0) count++;
        int error = errno;
        for (int i = 0; i < count; i++) {
            pages[i] = 0;
            for (;;) {
                fill_page(page, (uint64_t)i, (uint64_t)pages[i], 0);
                ssize_t n = write(ends[i][1], page, PAGE);
                if (n == (ssize_t)PAGE) {
                    pages[i]++;
                    continue;
                }
                if (n < 0 && errno != EAGAIN && errno != ENOMEM) fail("write");
                if (n > 0) printf("a part of a page: %zd\n", n);
                out_of_memory += n < 0 && errno == ENOMEM;
                break;
            }
        }
        int wrong = 0, total = 0;
        for (int i = 0; i < count; i++) {
            for (int n = 0; n < pages[i]; n++) {
                if (read(ends[i][0], page, PAGE) != (ssize_t)PAGE ||
                    !is_right(page, (uint64_t)i, (uint64_t)n, 0))
                    wrong++;
                total++;
            }
            if (read(ends[i][0], page, 1) != -1 || errno != EAGAIN) wrong++;
        }
        for (int i = 0; i < count; i++) close(ends[i][0]), close(ends[i][1]);
        printf("%s, %s, %d wrong\n", count > 100 ? "many pipes" : strerrorname_np(error),
               total > 1000 ? "many pages" : "few pages", wrong);
    }
    long kept = before - free_kib();
    if (kept > 200) printf("%ld KiB are not back\n", kept);
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (strcmp(argv[1], "descriptors") == 0) descriptors();
    if (strcmp(argv[1], "system") == 0) of_system();
    if (strcmp(argv[1], "pipes") == 0) pipes();
    return 0;
}
