// FIFOs: opening waits for the other end or does not, the end of input, both ends in one, several
// writers, no name any more.
// libc: none
#include <poll.h>

#include "bad_pointers.h"
#include "files.h"
#include "handlers.h"

CALL3(poll, Pointer, unsigned long, long)

static int ends[2];

static int writer(void)
{
    long fd = sys_open("fifo", O_WRONLY, 0);
    tell(ends[1]); // it was opened because the reader was there
    sys_write(fd, "hello", 5);
    return 1;
}
static int reader(void)
{
    char text[16] = "";
    long fd = sys_open("fifo", O_RDONLY, 0);
    long n = sys_read(fd, text, sizeof text);
    return n == 3 && text[0] == 'a' ? 2 : 3;
}
static int two_writers(void)
{
    long fd = sys_open("fifo", O_WRONLY, 0);
    sys_write(fd, "x", 1);
    return 4;
}

static long events(long fd)
{
    struct pollfd one = {(int)fd, POLLIN, 0};
    sys_poll(&one, 1, 0);
    return one.revents;
}

int main(void)
{
    char text[16] = "";
    enter_place("/tmp/fifos");
    SHOW(sys_mknod("fifo", 010644, 0));
    SHOW(sys_mknod("fifo", 010644, 0));
    show_file("fifo");
    SAY("not waiting");
    SHOW(sys_open("fifo", O_WRONLY | O_NONBLOCK, 0));
    long fd = SHOW(sys_open("fifo", O_RDONLY | O_NONBLOCK, 0));
    SHOW(sys_read(fd, text, 1)); // no writer
    SHOW(events(fd));            // nor has there been one
    long out = SHOW(sys_open("fifo", O_WRONLY | O_NONBLOCK, 0));
    SHOW(sys_read(fd, text, 1)); // a writer, but nothing written
    SHOW(events(fd));
    SHOW(sys_write(out, "abc", 3));
    SHOW(sys_read(fd, text, 16));
    SHOW(sys_lseek(fd, 0, SEEK_CUR));
    SHOW(sys_pread64(fd, text, 1, 0));
    SHOW(sys_close(out));
    IS(events(fd) == POLLHUP);
    out = SHOW(sys_open("fifo", O_WRONLY | O_NONBLOCK, 0));
    SHOW(events(fd));
    SAY("the bytes go with the last descriptor");
    SHOW(sys_write(out, "abc", 3));
    SHOW(sys_close(fd));
    ignore(SIGPIPE);
    SHOW(sys_write(out, "abc", 3));
    SHOW(sys_close(out));
    fd = SHOW(sys_open("fifo", O_RDONLY | O_NONBLOCK, 0));
    SHOW(sys_read(fd, text, 16));
    SHOW(sys_close(fd));
    SAY("both ends at once");
    fd = SHOW(sys_open("fifo", O_RDWR, 0));
    SHOW(sys_write(fd, "self", 4));
    SHOW(sys_read(fd, text, 16));
    SHOW(sys_fcntl(fd, F_GETPIPE_SZ, 0));
    SHOW(sys_close(fd));
    by_default(SIGPIPE);

    SAY("opening waits for the other end");
    make_pipe(ends);
    long child = start(writer);
    fd = SHOW(sys_open("fifo", O_RDONLY, 0));
    IS(hear(ends[0]));
    memset(text, 0, sizeof text);
    SHOW(sys_read(fd, text, 16));
    SAY("    %s", text);
    SHOW(sys_read(fd, text, 16));
    show_end("    the writer", child);
    SHOW(sys_close(fd));
    child = start(reader);
    fd = SHOW(sys_open("fifo", O_WRONLY, 0));
    SHOW(sys_write(fd, "abc", 3));
    show_end("    the reader", child);
    SHOW(sys_close(fd));
    SAY("several writers");
    long children[3];
    for (int i = 0; i < 3; ++i) children[i] = start(two_writers);
    fd = sys_open("fifo", O_RDWR, 0); // all of them can open it
    for (int i = 0; i < 3; ++i) show_end("    a writer", children[i]);
    SHOW(sys_read(fd, text, 16));
    SHOW(sys_close(fd));

    SAY("a signal ends the wait");
    child = sys_fork();
    if (child == 0) {
        sys_open("fifo", O_RDONLY, 0);
        leave(9);
    }
    sys_kill(child, SIGTERM);
    show_end("    it", child);
    SAY("without its name");
    fd = sys_open("fifo", O_RDWR, 0);
    SHOW(sys_unlink("fifo"));
    SHOW(sys_write(fd, "abc", 3));
    SHOW(sys_read(fd, text, 16));
    SHOW(sys_close(fd));
    SHOW(sys_open("fifo", O_RDONLY | O_NONBLOCK, 0));
    leave_place("/tmp/fifos");
    return 0;
}
