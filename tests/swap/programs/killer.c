// killer PROGRAM: waits until it sleeps for a page that does not come, and kills it; ends when it is gone.
#include "pages.h"

// Whether it sleeps for a disk (proc(5): state D), after a first page has come: how many major faults it had
// then.
static bool is_waiting(pid_t pid, unsigned long *faults)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY);
    if (fd < 0) return false;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = 0;
    const char *state = strstr(text, ") D ");
    return state != NULL && sscanf(state, ") D %*d %*d %*d %*d %*d %*u %*u %*u %lu", faults) == 1 &&
           *faults != 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    pid_t pid = 0;
    for (unsigned still = 0; still < 50;) {
        static unsigned long before;
        unsigned long faults = 0;
        wait_a_little();
        if (pid == 0) pid = find_program(argv[1]);
        bool is_the_same = is_waiting(pid, &faults) && faults == before;
        still = is_the_same ? still + 1 : 0;
        before = faults;
    }
    if (kill(pid, SIGKILL) != 0) return 1;
    while (find_program(argv[1]) != 0) wait_a_little();
    say("gone");
    return 0;
}
