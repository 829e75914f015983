// greedy NUMBER: so many children use memory up, one of them more than all others; out of memory ends that
// one, and not its parent, its siblings or init.
#include "children.h"

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    setvbuf(stdout, NULL, _IONBF, 0);
    int count = atoi(argv[1]), ready[2], go[2];
    make_pipe(ready);
    make_pipe(go);
    for (int i = 0; i < count; i++) {
        if (fork() == 0) {
            close(go[1]);
            char *mine = memory(32 * PAGE);
            fill(mine, 32, (uint64_t)i);
            write(ready[1], "!", 1);
            wait_for_end(go[0]);
            _exit(are_right(mine, 32, (uint64_t)i) ? 0 : 1);
        }
    }
    char byte;
    for (int i = 0; i < count; i++) {
        if (read(ready[0], &byte, 1) != 1) fail("read");
    }
    pid_t greedy = fork();
    if (greedy == 0) {
        for (size_t i = 0;; i++) fill_page(memory(PAGE), 1, i, 0);
    }
    int status;
    waitpid(greedy, &status, 0);
    printf("the greedy one was killed by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    close(go[0]);
    close(go[1]);
    struct Ends all = {0};
    reap(&all);
    printf("of %d others %d ended well\n", count, all.exited);
    return 0;
}
