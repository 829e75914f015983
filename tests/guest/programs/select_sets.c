// select(2), pselect6: which descriptors come back in which set, what stays of the sets on failure,
// numbers beyond the table, timeouts.
// libc: none
#include "bad_pointers.h"
#include "check.h"

static int fd[2];

static long select_(long count, void *read, void *write, void *except, void *timeout)
{
    return system_call(SYS_select, count, (long)read, (long)write, (long)except, (long)timeout, 0);
}
static long pselect6_(long count, void *read, void *write, void *except, void *timeout, void *mask)
{
    return system_call(SYS_pselect6, count, (long)read, (long)write, (long)except, (long)timeout, (long)mask);
}

static unsigned long in[16], out[16], except[16];
static struct timeval no_time;

static void set_all(unsigned long bits)
{
    for (int i = 0; i < 16; i++) in[i] = out[i] = except[i] = i ? 0 : bits;
}
static void show_sets(const char *what, long count)
{
    no_time.tv_sec = no_time.tv_usec = 0;
    long result = select_(count, in, out, except, &no_time);
    SAY("%s: %ld (%s), in %lx out %lx except %lx", what, result < 0 ? -1 : result,
        result < 0 ? errno_name(-result) : "fine", in[0], out[0], except[0]);
}

int main(void)
{
    system_call(SYS_pipe2, (long)fd, 0, 0, 0, 0, 0);
    unsigned long both = 1ul << fd[0] | 1ul << fd[1];
    set_all(both);
    show_sets("empty", 64);
    sys_write(fd[1], "x", 1);
    set_all(both);
    show_sets("a byte", 64);
    set_all(both);
    show_sets("the first of them only", fd[0] + 1);
    set_all(both | 1ul << 40);
    show_sets("one that is not open", 64);
    set_all(both | 1ul << 40);
    show_sets("beyond the count", 8);
    set_all(both);
    show_sets("none", 0);
    set_all(both);
    show_sets("a negative count", -1);
    set_all(both);
    show_sets("a count beyond the table", 1 << 20);
    sys_close(fd[1]);
    set_all(1ul << fd[0]);
    show_sets("no writer", 64);
    char byte;
    sys_read(fd[0], &byte, 1);
    set_all(1ul << fd[0]);
    show_sets("no writer, no bytes", 64);
    sys_close(fd[0]);
    system_call(SYS_pipe2, (long)fd, 0, 0, 0, 0, 0);
    sys_close(fd[0]);
    set_all(1ul << fd[1]);
    show_sets("no reader", 64);
    sys_close(fd[1]);
    long file = sys_open("/proc/self/exe", O_RDONLY, 0);
    set_all(1ul << file);
    show_sets("a regular file", 64);

    SAY("time");
    system_call(SYS_pipe2, (long)fd, 0, 0, 0, 0, 0);
    set_all(0);
    in[0] = 1ul << fd[0];
    struct timeval little = {0, 1000};
    SHOW(select_(64, in, NULL, NULL, &little));
    SAY("left %ld s %ld us, in %lx", (long)little.tv_sec, (long)little.tv_usec, in[0]);
    little.tv_sec = 1000;
    out[0] = 1ul << fd[1];
    SHOW(select_(64, NULL, out, NULL, &little));
    IS(little.tv_sec <= 1000 && little.tv_sec >= 900);
    struct timeval negative = {-1, 0}, little_negative = {0, -1}, odd = {0, 2000000};
    SHOW(select_(0, NULL, NULL, NULL, &negative));
    SHOW(select_(0, NULL, NULL, NULL, &little_negative));
    SHOW(select_(64, NULL, out, NULL, &odd));
    SHOW(select_(64, NULL, out, NULL, NULL));
    struct timespec short_time = {0, 1000}, bad_time = {0, 1000000000};
    unsigned long mask = 0;
    struct {
        void *mask;
        unsigned long size;
    } with_mask = {&mask, 8}, bad_size = {&mask, 7}, no_mask = {NULL, 7};
    SHOW(pselect6_(0, NULL, NULL, NULL, &short_time, NULL));
    SHOW(pselect6_(0, NULL, NULL, NULL, &bad_time, NULL));
    SHOW(pselect6_(64, NULL, out, NULL, NULL, &with_mask));
    SHOW(pselect6_(64, NULL, out, NULL, NULL, &bad_size));
    SHOW(pselect6_(64, NULL, out, NULL, NULL, &no_mask));

    SAY("bad addresses");
    no_time.tv_sec = no_time.tv_usec = 0;
    WITH_BAD_POINTERS(select_(64, bad, NULL, NULL, &no_time));
    WITH_BAD_POINTERS(select_(0, bad, bad, bad, &no_time));
    WITH_BAD_POINTERS(pselect6_(64, NULL, out, NULL, NULL, bad));
    SHOW(select_(64, read_only_page(), NULL, NULL, &no_time));
    return 0;
}
