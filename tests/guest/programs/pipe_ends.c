// pipe(2): the two ends and what each can do, flags, errors, end of file, EPIPE and SIGPIPE, bad addresses.
// libc: none
#include "bad_pointers.h"
#include "check.h"
#include "signals.h"

#include <sys/resource.h>
#include <sys/stat.h>

static int fd[2];
static char bytes[8192];

static long pipe_(void *ends)
{
    return system_call(SYS_pipe, (long)ends, 0, 0, 0, 0, 0);
}
static long pipe2_(void *ends, long flags)
{
    return system_call(SYS_pipe2, (long)ends, flags, 0, 0, 0, 0);
}
static long fcntl_(long file, long command, long argument)
{
    return system_call(SYS_fcntl, file, command, argument, 0, 0, 0);
}

static void take_default(long signal)
{
    struct KernelAction action = {(unsigned long)SIG_DFL, 0, 0, 0};
    sys_rt_sigaction(signal, &action, NULL, 8);
}

int main(void)
{
    SHOW(pipe_(fd));
    SAY("descriptors %d and %d", fd[0], fd[1]);
    SAY("flags %lx %lx, %ld %ld", fcntl_(fd[0], F_GETFL, 0), fcntl_(fd[1], F_GETFL, 0),
        fcntl_(fd[0], F_GETFD, 0), fcntl_(fd[1], F_GETFD, 0));
    SHOW(sys_write(fd[0], bytes, 1));
    SHOW(sys_read(fd[1], bytes, 1));
    SHOW(sys_lseek(fd[0], 0, SEEK_SET));
    SHOW(sys_pread64(fd[0], bytes, 1, 0));
    SHOW(sys_write(fd[1], "abc", 3));
    SHOW(sys_read(fd[0], bytes, 0));
    SHOW(sys_read(fd[0], bytes, 2));
    SHOW(sys_write(fd[1], "d", 1));
    SHOW(sys_read(fd[0], bytes + 2, 100));
    IS(bytes[0] == 'a' && bytes[1] == 'b' && bytes[2] == 'c' && bytes[3] == 'd');
    struct stat status;
    SHOW(sys_fstat(fd[0], &status));
    SAY("mode %x links %ld size %ld block size %ld blocks %ld", status.st_mode, (long)status.st_nlink,
        (long)status.st_size, (long)status.st_blksize, (long)status.st_blocks);
    struct stat other;
    sys_fstat(fd[1], &other);
    IS(other.st_ino == status.st_ino && other.st_dev == status.st_dev);

    SAY("bad addresses");
    sys_write(fd[1], "efgh", 4);
    WITH_BAD_POINTERS(sys_write(fd[1], bad, 1));
    WITH_BAD_POINTERS(sys_read(fd[0], bad, 1));
    SHOW(sys_read(fd[0], last_bytes(2), 4));
    SHOW(sys_read(fd[0], bytes, 100));
    WITH_BAD_POINTERS(pipe_(bad));
    SHOW(pipe_(read_only_page()));
    SHOW(pipe2_(fd + 2, O_APPEND));
    SHOW(pipe2_(fd + 2, O_RDWR));
    int more[2];
    SHOW(pipe2_(more, O_CLOEXEC | O_NONBLOCK));
    SAY("descriptors %d and %d", more[0], more[1]);
    SAY("flags %lx %lx, %ld %ld", fcntl_(more[0], F_GETFL, 0), fcntl_(more[1], F_GETFL, 0),
        fcntl_(more[0], F_GETFD, 0), fcntl_(more[1], F_GETFD, 0));
    SHOW(sys_read(more[0], bytes, 1));

    SAY("the table is full");
    struct rlimit limit = {6, 4096};
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(sys_close(more[1]));
    SHOW(pipe_(more));
    SHOW(system_call(SYS_dup, 0, 0, 0, 0, 0, 0));
    SHOW(pipe_(more));
    limit.rlim_cur = 4096;
    sys_setrlimit(RLIMIT_NOFILE, &limit);

    SAY("nobody writes any more");
    SHOW(sys_write(fd[1], "xyz", 3));
    SHOW(sys_close(fd[1]));
    SHOW(sys_read(fd[0], bytes, 2));
    SHOW(sys_read(fd[0], bytes, 2));
    SHOW(sys_read(fd[0], bytes, 2));
    SHOW(sys_close(fd[0]));

    SAY("nobody reads any more");
    ignore(SIGPIPE);
    SHOW(pipe_(fd));
    SHOW(sys_close(fd[0]));
    SHOW(sys_write(fd[1], bytes, 0));
    SHOW(sys_write(fd[1], bytes, 1));
    SHOW(sys_write(fd[1], bytes, sizeof bytes));
    SHOW(sys_write(fd[1], NULL, 1));
    block(BIT(SIGPIPE));
    SHOW(sys_write(fd[1], bytes, 1));
    take_default(SIGPIPE);
    SAY("and the signal ends it");
    sys_write(fd[1], bytes, 1);
    SAY("pending");
    unblock(BIT(SIGPIPE));
    SAY("never");
    return 0;
}
