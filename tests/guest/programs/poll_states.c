// poll(2), ppoll(2): which events each kind of file has, what is told unasked, descriptors that are none,
// timeouts, errors.
// libc: none
#include "bad_pointers.h"
#include "check.h"

#include <poll.h>
#include <sys/resource.h>

static int fd[2];
static char bytes[65536];

static long poll_(void *entries, unsigned long count, int timeout)
{
    return system_call(SYS_poll, (long)entries, (long)count, timeout, 0, 0, 0);
}
static long ppoll_(void *entries, unsigned long count, void *timeout, void *mask, long size)
{
    return system_call(SYS_ppoll, (long)entries, (long)count, (long)timeout, (long)mask, size, 0);
}
static void make(int *ends, long flags)
{
    system_call(SYS_pipe2, (long)ends, flags, 0, 0, 0, 0);
}

static void add_events(struct Line *line, unsigned events)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{POLLIN, " IN"},         {POLLPRI, " PRI"},       {POLLOUT, " OUT"},
                 {POLLERR, " ERR"},       {POLLHUP, " HUP"},       {POLLNVAL, " NVAL"},
                 {POLLRDNORM, " RDNORM"}, {POLLRDBAND, " RDBAND"}, {POLLWRNORM, " WRNORM"},
                 {POLLWRBAND, " WRBAND"}, {POLLMSG, " MSG"},       {POLLRDHUP, " RDHUP"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (events & names[i].bit) add_text(line, names[i].name);
    }
}

static void show_events(const char *what, int file, unsigned events)
{
    struct pollfd entry = {file, (short)events, (short)0x5a5a};
    long result = poll_(&entry, 1, 0);
    struct Line line = {.used = 0};
    add_text(&line, what);
    add_text(&line, result == 0 ? ": none" : result == 1 ? ": one" : ": wrong");
    add_events(&line, (unsigned short)entry.revents);
    finish(&line);
}

int main(void)
{
    make(fd, O_NONBLOCK);
    show_events("empty, to read", fd[0], 0xffff);
    show_events("empty, to write", fd[1], 0xffff);
    sys_write(fd[1], bytes, 1);
    show_events("a byte, to read", fd[0], 0xffff);
    show_events("a byte, asked for OUT", fd[0], POLLOUT);
    show_events("a byte, asked for nothing", fd[0], 0);
    sys_write(fd[1], bytes, sizeof bytes);
    show_events("full, to write", fd[1], 0xffff);
    show_events("full, to read", fd[0], POLLIN);
    sys_read(fd[0], bytes, 4095);
    show_events("a page has a byte left", fd[1], POLLOUT);
    sys_read(fd[0], bytes, 1);
    show_events("a page is free", fd[1], POLLOUT);
    int copy = (int)system_call(SYS_dup, fd[1], 0, 0, 0, 0, 0);
    sys_close(fd[1]);
    show_events("a copy of the writer is left", fd[0], POLLIN);
    sys_close(copy);
    show_events("no writer, bytes", fd[0], 0xffff);
    sys_read(fd[0], bytes, sizeof bytes);
    show_events("no writer, no bytes", fd[0], 0xffff);
    show_events("asked for nothing", fd[0], 0);
    sys_close(fd[0]);
    make(fd, 0);
    sys_close(fd[0]);
    show_events("no reader", fd[1], 0xffff);
    sys_close(fd[1]);
    show_events("closed", fd[1], POLLIN);
    show_events("negative", -7, 0xffff);
    show_events("a regular file", (int)sys_open("/proc/self/exe", O_RDONLY, 0), 0xffff);
    show_events("a directory", (int)sys_open("/", O_RDONLY, 0), 0xffff);
    show_events("only a path", (int)sys_open("/", O_PATH, 0), 0xffff);
    show_events("/dev/null", (int)sys_open("/dev/null", O_RDWR, 0), 0xffff);
    show_events("/dev/zero", (int)sys_open("/dev/zero", O_RDONLY, 0), 0xffff);

    SAY("several");
    make(fd, 0);
    struct pollfd three[3] = {{fd[0], POLLIN, 1}, {fd[1], POLLOUT, 1}, {99, POLLIN, 1}};
    SHOW(poll_(three, 3, -1));
    SAY("%x %x %x", three[0].revents, three[1].revents, three[2].revents);
    SHOW(poll_(three, 1, 0));
    SHOW(poll_(three, 1, 1));
    SHOW(poll_(NULL, 0, 1));
    struct timespec little = {0, 1000000}, none = {0, 0}, bad_time = {0, 1000000000}, before = {-1, 0};
    SHOW(ppoll_(three, 1, &little, NULL, 0));
    SAY("left: %ld s, %ld ns", (long)little.tv_sec, (long)little.tv_nsec);
    SHOW(ppoll_(three, 1, &none, NULL, 0));
    SHOW(ppoll_(three, 3, NULL, NULL, 0));
    SHOW(ppoll_(three, 1, &bad_time, NULL, 0));
    SHOW(ppoll_(three, 1, &before, NULL, 0));
    unsigned long mask = 0;
    SHOW(ppoll_(three, 1, &none, &mask, 8));
    SHOW(ppoll_(three, 1, &none, &mask, 4));
    SHOW(ppoll_(three, 1, &none, NULL, 4));
    WITH_BAD_POINTERS(ppoll_(three + 1, 1, bad, NULL, 0));
    WITH_BAD_POINTERS(poll_(bad, 1, 0));
    WITH_BAD_POINTERS(poll_(bad, 0, 0));
    struct pollfd *at_end = (struct pollfd *)last_bytes(8);
    at_end->fd = -1;
    SHOW(poll_(at_end, 1, 0));
    SHOW(poll_(at_end, 2, 0));
    SHOW(poll_(read_only_page(), 1, 0));
    struct rlimit limit = {8, 4096};
    sys_setrlimit(RLIMIT_NOFILE, &limit);
    static struct pollfd many[2000];
    for (int i = 0; i < 2000; i++) many[i].fd = -1;
    SHOW(poll_(many, 8, 0));
    SHOW(poll_(many, 9, 0));
    limit.rlim_cur = 2000;
    sys_setrlimit(RLIMIT_NOFILE, &limit);
    many[1999] = (struct pollfd){fd[1], POLLOUT, 0};
    many[1000] = (struct pollfd){fd[0], POLLIN, 0};
    SHOW(poll_(many, 2000, -1));
    SHOW(many[1999].revents == POLLOUT);
    return 0;
}
