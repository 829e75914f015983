// adjust NUMBER PROGRAM [ARGUMENT…]: the program, with this in /proc/self/oom_score_adj.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    int fd = open("/proc/self/oom_score_adj", O_WRONLY);
    if (write(fd, argv[1], strlen(argv[1])) < 0) return perror("oom_score_adj"), 1;
    close(fd);
    execv(argv[2], argv + 2);
    return perror(argv[2]), 1;
}
