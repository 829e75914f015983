// execveat(2) of a file that memfd_create(2) made: the descriptor that it gives is none that has the program
// open for writing, every other is; mapped to write to, sealed, opened anew through /proc.
// libc: none
// room: 4
#include "children.h"
#include "files.h"

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_SEAL_WRITE 8
#endif

static char *const arguments[] = {"in memory", "again", NULL};
static char *const nothing[] = {NULL};
static char piece[4096];

static void execute(const char *name, long fd)
{
    long child = sys_fork();
    if (child == 0) {
        SHOW(sys_execveat(fd, "", arguments, nothing, AT_EMPTY_PATH));
        leave(1);
    }
    show_end(name, child);
}

static long open_again(long fd, long flags)
{
    char path[] = "/proc/self/fd/0";
    path[14] = (char)('0' + fd);
    return sys_open(path, flags, 0);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        SAY("%s, %s", argv[0], argv[1]);
        long child = sys_fork(); // with one more that runs the file
        if (child == 0) leave(8);
        show_end("    its child", child);
        return 7;
    }
    long self = sys_open("/proc/self/exe", O_RDONLY, 0), size = 0;
    long fd = sys_memfd_create("program", 2 /* MFD_ALLOW_SEALING */);
    for (long n; (n = sys_read(self, piece, sizeof piece)) > 0; size += n) sys_write(fd, piece, (size_t)n);
    sys_close(self);
    execute("open", fd);
    SHOW(sys_pwrite64(fd, "", 1, size));
    long writer = open_again(fd, O_RDWR);
    execute("open twice", fd);
    sys_close(writer);
    SHOW_AT(BASE, sys_mmap(BASE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0));
    execute("mapped", fd);
    SHOW(sys_munmap(BASE, PAGE));
    execute("and not any more", fd);
    SHOW(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    execute("sealed", fd);
    long reader = open_again(fd, O_RDONLY);
    sys_close(fd);
    execute("opened to read", reader);
    return 0;
}
