// pipe(2), pipe(7): how much fits into a pipe by writes of which size, what joins the last page and what
// begins one, partial writes, F_GETPIPE_SZ and F_SETPIPE_SZ, FIONREAD, packets.
// libc: none
#include "areas.h"
#include "children.h"

#include <sys/ioctl.h>

static char bytes[1 << 18];
static int fd[2];

static long fcntl_(long file, long command, long argument)
{
    return system_call(SYS_fcntl, file, command, argument, 0, 0, 0);
}
static long pipe2_(int *ends, long flags)
{
    return system_call(SYS_pipe2, (long)ends, flags, 0, 0, 0, 0);
}
static long waiting(void)
{
    int count = -1;
    long result = sys_ioctl(fd[0], FIONREAD, &count);
    return result < 0 ? result : count;
}

static void begin(long flags)
{
    pipe2_(fd, O_NONBLOCK | flags);
}
static void end(void)
{
    sys_close(fd[0]);
    sys_close(fd[1]);
}

static void fill_by(long size)
{
    begin(0);
    long writes = 0, result, last = 0;
    while ((result = sys_write(fd[1], bytes, (size_t)size)) > 0) writes++, last = result;
    SAY("by %ld: %ld writes, the last wrote %ld, then %s, %ld bytes are in it", size, writes, last,
        errno_name(-result), waiting());
    // How many must go before something fits again?
    long taken = 0;
    while (sys_write(fd[1], bytes, 1) < 0 && sys_read(fd[0], bytes, 1) == 1) taken++;
    SAY("    a byte fits again after %ld were read", taken);
    end();
}

static void by_pieces(const char *what, const long *sizes, long count, long first)
{
    begin(0);
    for (long i = 0; i < count; i++)
        SAY("%s: write %ld = %ld", what, sizes[i], sys_write(fd[1], bytes, (size_t)sizes[i]));
    SAY("    FIONREAD %ld", waiting());
    SAY("    read %ld = %ld", first, sys_read(fd[0], bytes, (size_t)first));
    SAY("    read all = %ld", sys_read(fd[0], bytes, sizeof bytes));
    SAY("    read on = %s", errno_name(-sys_read(fd[0], bytes, sizeof bytes)));
    end();
}

int main(void)
{
    static const long sizes[] = {1,    2,    7,    1000, 2048, 2049,  3000,  4095,  4096,
                                 4097, 5000, 8191, 8192, 8193, 65535, 65536, 65537, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) fill_by(sizes[i]);

    by_pieces("together", (const long[]){1, 4095, 1, 4096, 3}, 5, 4098);
    by_pieces("a large one", (const long[]){200000}, 1, 1);
    by_pieces("behind one", (const long[]){1, 200000}, 2, 4096);

    SAY("sizes");
    begin(0);
    SHOW(fcntl_(fd[0], F_GETPIPE_SZ, 0));
    SHOW(fcntl_(fd[1], F_SETPIPE_SZ, 0));
    SHOW(fcntl_(fd[1], F_SETPIPE_SZ, 4097));
    SHOW(fcntl_(fd[1], F_SETPIPE_SZ, 131072));
    SHOW(sys_write(fd[1], bytes, 200000));
    SHOW(fcntl_(fd[1], F_SETPIPE_SZ, 65536));
    SHOW(sys_read(fd[0], bytes, 65536));
    SHOW(fcntl_(fd[0], F_SETPIPE_SZ, 65536));
    SHOW(sys_write(fd[1], bytes, 1));
    SHOW(fcntl_(fd[0], F_SETPIPE_SZ, -1));
    SHOW(fcntl_(fd[0], F_SETPIPE_SZ, 1L << 32));
    SHOW(fcntl_(fd[0], F_GETPIPE_SZ, 0));
    SHOW(sys_read(fd[0], bytes, 200000));
    end();
    SHOW(fcntl_(1, F_SETFD, 0));
    long archive = sys_open("/proc/self/exe", O_RDONLY, 0);
    SHOW(fcntl_(archive, F_GETPIPE_SZ, 0));
    SHOW(fcntl_(archive, F_SETPIPE_SZ, 65536));

    SAY("more room is there for who waits for it");
    begin(0);
    sys_fcntl(fd[1], F_SETFL, 0);
    SHOW(sys_write(fd[1], bytes, 65536));
    long writer = sys_fork();
    if (writer == 0) leave(sys_write(fd[1], bytes, 1));
    wait_for_state(writer, 'S');
    SHOW(fcntl_(fd[0], F_SETPIPE_SZ, 131072));
    show_end("    the writer", writer);
    SHOW(waiting());
    end();

    SAY("packets");
    begin(O_DIRECT);
    SHOW(fcntl_(fd[0], F_GETFL, 0) == (O_NONBLOCK | O_DIRECT));
    SHOW(sys_write(fd[1], bytes, 10));
    SHOW(sys_write(fd[1], bytes, 20));
    SHOW(sys_write(fd[1], bytes, 5000));
    SHOW(waiting());
    SHOW(sys_read(fd[0], bytes, 5));
    SHOW(waiting());
    SHOW(sys_read(fd[0], bytes, 100));
    SHOW(sys_read(fd[0], bytes, 10000));
    SHOW(sys_read(fd[0], bytes, 10000));
    SHOW(sys_read(fd[0], bytes, 10000));
    long writes = 0;
    while (sys_write(fd[1], bytes, 1) == 1) writes++;
    SAY("%ld packets of a byte fit", writes);
    end();
    return 0;
}
