// killer PROGRAM: waits until it sleeps for a disk (proc(5): state D), and kills it; ends when it is gone.
#include "pages.h"

int main(int argc, char **argv)
{
    (void)argc;
    pid_t pid;
    char path[64], text[512];
    do {
        wait_a_little();
        pid = find_program(argv[1]);
        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        int fd = open(path, O_RDONLY);
        ssize_t got = read(fd, text, sizeof text - 1);
        text[got > 0 ? got : 0] = 0;
        close(fd);
    } while (strstr(text, ") D ") == NULL);
    if (kill(pid, SIGKILL) != 0) return 1;
    while (find_program(argv[1]) != 0) wait_a_little();
    say("gone");
    return 0;
}
