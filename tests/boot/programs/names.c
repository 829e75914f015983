// A program and a file with names that would break lines and command terminals, and a mistake that tells them.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
    prctl(PR_SET_NAME, "bad\n\033[31m\233");
    int fd = open("/tmp/gr\303\266\303\237e\r\n\033]0;title\007", O_RDWR | O_CREAT, 0600);
    if (fd < 0 || ftruncate(fd, 4096) != 0) return 1;
    char *at = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) return 2;
    *at = 1;
    return 3;
}
