// fallocate(2), FALLOC_FL_PUNCH_HOLE: a hole of many pages, which another process touches all the time.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define PAGES 1500L
#define SIZE (PAGES * PAGE)

static char page[PAGE];

int main(void)
{
    int fd = memfd_create("file", 0);
    memset(page, 6, sizeof page);
    for (long i = 0; i < PAGES; i++) {
        if (write(fd, page, sizeof page) != PAGE) return 1;
    }
    volatile char *shared = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    volatile char *private = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    private[700 * PAGE] = 8;
    (void)private[701 * PAGE];
    int touched[2];
    if (pipe(touched) != 0) return 1;
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            for (long i = 0; i < PAGES; i++) (void)shared[i * PAGE];
            if (write(touched[1], "", 1) != 1) return 1;
        }
    }
    if (read(touched[0], page, 1) != 1) return 1;
    printf("%d\n", fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PAGE + 1, SIZE - 2 * PAGE));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    printf("before it: %d %d\n", shared[0], shared[PAGE]);
    printf("behind it: %d %d\n", shared[SIZE - PAGE + 1], shared[SIZE - 1]);
    long left = 0;
    for (long i = PAGE + 1; i < SIZE - PAGE + 1; i += PAGE - 1) left += shared[i] != 0;
    printf("in it: %ld, %d\n", left, shared[SIZE - PAGE]);
    printf("private: %d, and what had not been written to: %d\n", private[700 * PAGE], private[701 * PAGE]);
    printf("cut: %d\n", ftruncate(fd, 0));
    struct stat status;
    fstat(fd, &status);
    printf("blocks: %ld\n", (long)status.st_blocks);
    return 0;
}
