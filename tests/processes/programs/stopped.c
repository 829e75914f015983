// stopped: a child is stopped and has SIGTERM waiting, which ends it when somebody continues it; meanwhile
// another one uses memory up. Out of memory must not wait for the one that is stopped.
#include "children.h"
#include <signal.h>

int main(void)
{
    int status;
    pid_t stopped = fork();
    if (stopped == 0) {
        raise(SIGSTOP);
        _exit(1);
    }
    waitpid(stopped, &status, WUNTRACED);
    kill(stopped, SIGTERM);
    pid_t greedy = fork();
    if (greedy == 0) {
        for (size_t i = 0;; i++) fill_page(memory(PAGE), 1, i, 0);
    }
    waitpid(greedy, &status, 0);
    printf("the greedy one was killed by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    kill(stopped, SIGCONT);
    waitpid(stopped, &status, 0);
    printf("the stopped one was killed by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    return 0;
}
