// dup(2), dup2(2), dup3(2), fcntl(2) and the ioctl(2) requests that every descriptor knows: numbers, what is
// shared, flags.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "check.h"

#include <sys/ioctl.h>
#include <sys/resource.h>

#define LINUX_O_LARGEFILE 0100000

static long dup_(long fd)
{
    return system_call(SYS_dup, fd, 0, 0, 0, 0, 0);
}
static long dup2_(long from, long to)
{
    return system_call(SYS_dup2, from, to, 0, 0, 0, 0);
}
static long dup3_(long from, long to, long flags)
{
    return system_call(SYS_dup3, from, to, flags, 0, 0, 0);
}
static long fcntl_(long fd, long command, long argument)
{
    return system_call(SYS_fcntl, fd, command, argument, 0, 0, 0);
}
static long ioctl_(long fd, unsigned long request, void *argument)
{
    return system_call(SYS_ioctl, fd, (long)request, (long)argument, 0, 0, 0);
}

static void show_flags(long fd)
{
    SAY("    descriptor flags %ld, status flags %lx", fcntl_(fd, F_GETFD, 0), fcntl_(fd, F_GETFL, 0));
}

int main(void)
{
    char byte;
    struct rlimit limit = {1024, 4096};
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));

    SAY("a copy shares the position");
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_CLOEXEC, 0));
    show_flags(3);
    SHOW(dup_(3));
    show_flags(4);
    SHOW(sys_lseek(3, 100, SEEK_SET));
    SHOW(sys_lseek(4, 0, SEEK_CUR));
    SHOW(sys_close(3));
    SHOW(sys_read(4, &byte, 1));
    SHOW(sys_lseek(4, 0, SEEK_CUR));
    SHOW(dup_(4));
    SHOW(dup_(99));
    SHOW(dup_(-1));

    SAY("a given number");
    SHOW(dup2_(4, 10));
    SHOW(dup2_(4, 4));
    SHOW(dup2_(99, 99));
    SHOW(dup2_(99, 4));
    SHOW(sys_lseek(4, 0, SEEK_CUR));
    SHOW(dup2_(4, 1023));
    SHOW(dup2_(4, 1024));
    SHOW(dup2_(4, -1));
    SHOW(dup3_(4, 11, O_CLOEXEC));
    show_flags(11);
    SHOW(dup3_(4, 4, 0));
    SHOW(dup3_(4, 12, O_NONBLOCK));
    SHOW(dup3_(99, 12, 0));
    SHOW(dup3_(99, 99, 0));
    SHOW(dup3_(4, 1024, 0));
    SAY("over an open one, which is closed");
    SHOW(sys_open("/dev/null", O_RDWR, 0));
    SHOW(dup2_(5, 11));
    show_flags(11);
    SHOW(sys_read(11, &byte, 1));

    SAY("fcntl");
    SHOW(fcntl_(4, F_DUPFD, 20));
    SHOW(fcntl_(4, F_DUPFD, 20));
    SHOW(fcntl_(4, F_DUPFD_CLOEXEC, 20));
    show_flags(22);
    SHOW(fcntl_(4, F_DUPFD, 1024));
    SHOW(fcntl_(4, F_DUPFD, -1));
    SHOW(fcntl_(4, F_SETFD, FD_CLOEXEC));
    show_flags(4);
    SHOW(fcntl_(4, F_SETFD, 0));
    SHOW(fcntl_(4, F_SETFL, O_NONBLOCK | O_APPEND | O_RDWR | O_CREAT));
    show_flags(4);
    show_flags(20);
    SHOW(fcntl_(4, F_SETFL, 0));
    show_flags(4);
    SHOW(fcntl_(99, F_GETFD, 0));
    SHOW(fcntl_(4, 12345, 0));

    SAY("no number left");
    limit.rlim_cur = 6;
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(dup_(4));
    SHOW(sys_open("/dev/null", O_RDONLY, 0));
    SHOW(sys_open("/data/missing", O_RDONLY, 0));
    SHOW(sys_open((char *)0x1000, O_RDONLY, 0));
    SHOW(fcntl_(4, F_DUPFD, 5));
    SHOW(fcntl_(4, F_DUPFD, 6));
    SHOW(dup2_(4, 5));
    SHOW(dup2_(4, 6));
    SHOW(sys_read(1023, &byte, 1));

    SAY("ioctl");
    int number = -1;
    SHOW(sys_lseek(4, 2, SEEK_SET));
    SHOW(ioctl_(4, FIONREAD, &number));
    SAY("    %d", number);
    SHOW(sys_lseek(4, 0, SEEK_SET));
    SHOW(ioctl_(4, FIONREAD, (void *)0x1000));
    SHOW(ioctl_(4, FIOCLEX, 0));
    show_flags(4);
    SHOW(ioctl_(4, FIONCLEX, 0));
    show_flags(4);
    number = 1;
    SHOW(ioctl_(4, FIONBIO, &number));
    show_flags(4);
    number = 0;
    SHOW(ioctl_(4, FIONBIO, &number));
    show_flags(4);
    SHOW(ioctl_(4, FIONBIO, (void *)0x1000));
    SHOW(ioctl_(4, TIOCGWINSZ, &number));
    SHOW(ioctl_(4, 0x12345678, &number));
    SHOW(ioctl_(99, FIOCLEX, 0));
    return 0;
}
