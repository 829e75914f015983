// sendfile(2), copy_file_range(2): positions and offsets, pipes, what the descriptors must allow.
// libc: none
// room: 4
#include "bad_pointers.h"
#include "children.h"
#include "files.h"

static char bytes[5 * PAGE];

static int same_contents(const char *path, long size)
{
    static char found[5 * PAGE];
    long fd = sys_open(path, O_RDONLY, 0);
    long n = sys_read(fd, found, sizeof found);
    sys_close(fd);
    if (n != size) return 0;
    for (long i = 0; i < n; ++i) {
        if (found[i] != bytes[i]) return 0;
    }
    return 1;
}

int main(void)
{
    int ends[2];
    enter_place("/tmp/file_copies");
    for (size_t i = 0; i < sizeof bytes; ++i) bytes[i] = (char)(i * 7 + i / 4096);
    long from = sys_open("from", O_CREAT | O_RDWR, 0644), to = sys_open("to", O_CREAT | O_RDWR, 0644);
    SHOW(sys_write(from, bytes, sizeof bytes));
    SAY("sendfile from the position on");
    SHOW(sys_sendfile(to, from, NULL, 100));
    SHOW(sys_lseek(from, 0, SEEK_SET));
    SHOW(sys_sendfile(to, from, NULL, 100000));
    IS(same_contents("to", sizeof bytes));
    SHOW(sys_lseek(from, 0, SEEK_CUR));
    SHOW(sys_sendfile(to, from, NULL, 100000));
    SAY("from an offset");
    long offset = PAGE;
    SHOW(sys_sendfile(to, from, &offset, 10));
    SHOW(offset);
    SHOW(sys_lseek(from, 0, SEEK_CUR));
    offset = -1;
    SHOW(sys_sendfile(to, from, &offset, 10));
    offset = 1 << 30;
    SHOW(sys_sendfile(to, from, &offset, 10));
    SHOW(sys_sendfile(to, from, (void *)0x1000, 10));
    SAY("to a pipe, from a pipe");
    make_pipe(ends);
    offset = 0;
    SHOW(sys_sendfile(ends[1], from, &offset, 2 * PAGE));
    static char half[2 * PAGE];
    SHOW(sys_read(ends[0], half, sizeof half));
    int same = 1;
    for (int i = 0; i < 2 * PAGE; ++i) same &= half[i] == bytes[i];
    IS(same);
    SHOW(sys_sendfile(to, ends[0], NULL, 10));
    SAY("what the descriptors allow");
    long reading = sys_open("from", O_RDONLY, 0), writing = sys_open("to", O_WRONLY, 0),
         appending = sys_open("to", O_WRONLY | O_APPEND, 0);
    offset = 0;
    SHOW(sys_sendfile(reading, from, &offset, 10));
    SHOW(sys_sendfile(to, writing, &offset, 10));
    SHOW(sys_sendfile(appending, from, &offset, 10));
    SHOW(sys_sendfile(to, 99, &offset, 10));
    SHOW(sys_sendfile(99, from, &offset, 10));
    SHOW(sys_sendfile(to, from, &offset, 0));

    SAY("copy_file_range");
    SHOW(sys_ftruncate(to, 0));
    long in = 0, out = 0;
    SHOW(sys_copy_file_range(from, &in, to, &out, 3 * PAGE, 0));
    SHOW(in);
    SHOW(out);
    SHOW(sys_copy_file_range(from, &in, to, &out, 100000, 0));
    IS(same_contents("to", sizeof bytes));
    SHOW(sys_copy_file_range(from, &in, to, &out, 10, 0));
    sys_lseek(from, PAGE, SEEK_SET);
    sys_lseek(to, 0, SEEK_SET);
    SHOW(sys_copy_file_range(from, NULL, to, NULL, 10, 0));
    SHOW(sys_lseek(from, 0, SEEK_CUR));
    SHOW(sys_lseek(to, 0, SEEK_CUR));
    SHOW(sys_copy_file_range(from, NULL, to, NULL, 10, 1));
    in = 0, out = 5;
    SHOW(sys_copy_file_range(from, &in, from, &out, 10, 0));
    out = 4 * PAGE;
    SHOW(sys_copy_file_range(from, &in, from, &out, 10, 0));
    SHOW(sys_copy_file_range(writing, NULL, to, NULL, 10, 0));
    SHOW(sys_copy_file_range(from, NULL, reading, NULL, 10, 0));
    SHOW(sys_copy_file_range(from, NULL, appending, NULL, 10, 0));
    SHOW(sys_copy_file_range(ends[0], NULL, to, NULL, 10, 0));
    SHOW(sys_copy_file_range(99, NULL, to, NULL, 10, 0));
    SAY("a program copies itself");
    long self = sys_open("/proc/self/exe", O_RDONLY, 0), copy = sys_open("copy", O_CREAT | O_WRONLY, 0755);
    long size = size_of(self), done = 0, n;
    while ((n = sys_sendfile(copy, self, NULL, 10000)) > 0) done += n;
    IS(done == size);
    IS(stat_of("copy").size == size);
    SHOW(sys_close(copy));
    static const char *const removed[] = {"from", "to", "copy"};
    for (int i = 0; i < 3; ++i) sys_unlink(removed[i]);
    leave_place("/tmp/file_copies");
    return 0;
}
