// A file of tmpfs: made, written, appended to, truncated, with holes, far offsets, fallocate(2),
// without its name.
// libc: none
// room: 4
#include <sys/vfs.h>

#include "bad_pointers.h"
#include "children.h"
#include "files.h"

static char bytes[3 * PAGE];

static void show_data(long fd)
{
    for (long at = 0, end = size_of(fd); at < end;) {
        long data = sys_lseek(fd, at, SEEK_DATA);
        if (data < 0) {
            SAY("    no data from %ld: %s", at, errno_name(-data));
            return;
        }
        long hole = sys_lseek(fd, data, SEEK_HOLE);
        SAY("    data %ld to %ld", data, hole);
        at = hole;
    }
}
static long used_pages(void)
{
    struct statfs system;
    sys_statfs(".", &system);
    return (long)(system.f_blocks - system.f_bfree);
}
static void show_blocks(const char *path)
{
    struct KernelStat found = stat_of(path);
    SAY("    %ld bytes, %ld blocks, block size %ld", found.size, found.blocks, found.block_size);
}

int main(void)
{
    char text[32];
    enter_place("/tmp/file_contents");
    SAY("creating");
    SHOW(sys_open("none", O_RDWR, 0));
    long fd = SHOW(sys_open("file", O_RDWR | O_CREAT | O_EXCL, 0640));
    SHOW(sys_open("file", O_RDWR | O_CREAT | O_EXCL, 0640));
    show_file("file");
    SHOW(sys_read(fd, text, 1));
    SHOW(sys_write(fd, "0123456789", 10));
    SHOW(sys_lseek(fd, 0, SEEK_CUR));
    SHOW(sys_read(fd, text, 1));
    SHOW(sys_lseek(fd, -3, SEEK_END));
    SHOW(sys_write(fd, "abcdef", 6));
    show_bytes("file");
    SHOW(sys_pwrite64(fd, "XY", 2, 1));
    SHOW(sys_pwrite64(fd, "XY", 2, -1));
    SHOW(sys_lseek(fd, 0, SEEK_CUR));
    show_bytes("file");
    SAY("appending");
    long appending = SHOW(sys_open("file", O_WRONLY | O_APPEND, 0));
    SHOW(sys_lseek(appending, 2, SEEK_SET));
    SHOW(sys_write(appending, "end", 3));
    SHOW(sys_lseek(appending, 0, SEEK_CUR));
    SHOW(sys_pwrite64(appending, "!", 1, 0)); // goes to the end all the same (BUGS in pwrite(2))
    show_bytes("file");
    SHOW(sys_read(appending, text, 1));
    SHOW(sys_close(appending));
    long reading = SHOW(sys_open("file", O_RDONLY, 0));
    SHOW(sys_write(reading, "x", 1));
    SHOW(sys_ftruncate(reading, 0));
    SHOW(sys_close(reading));
    SAY("truncating");
    SHOW(sys_ftruncate(fd, 4));
    show_bytes("file");
    SHOW(sys_ftruncate(fd, 8));
    show_bytes("file");
    SHOW(sys_truncate("file", 2));
    SHOW(sys_pwrite64(fd, "z", 1, 5));
    show_bytes("file");
    SHOW(sys_ftruncate(fd, -1));
    SHOW(sys_truncate("none", 0));
    SHOW(sys_truncate(".", 0));
    SHOW(sys_ftruncate(99, 0));
    SHOW(sys_close(sys_open("file", O_WRONLY | O_TRUNC, 0)));
    SHOW(size_of(fd));
    SHOW(sys_read(fd, text, 1)); // the position is past the end now
    SAY("holes");
    SHOW(sys_pwrite64(fd, "a", 1, 10 * PAGE));
    SHOW(sys_pwrite64(fd, "b", 1, 20 * PAGE + 100));
    show_blocks("file");
    show_data(fd);
    SHOW(sys_lseek(fd, 15 * PAGE, SEEK_HOLE));
    SHOW(sys_lseek(fd, 20 * PAGE + 101, SEEK_DATA));
    SHOW(sys_lseek(fd, 20 * PAGE + 101, SEEK_HOLE));
    SHOW(sys_lseek(fd, -1, SEEK_DATA));
    memset(bytes, 'x', sizeof bytes);
    SHOW(sys_lseek(fd, 5 * PAGE, SEEK_SET));
    SHOW(sys_read(fd, bytes, sizeof bytes));
    IS(all_are(bytes, 0, sizeof bytes));
    SAY("a part of a page cut off is zero when it comes back");
    memset(bytes, 'f', sizeof bytes);
    SHOW(sys_pwrite64(fd, bytes, sizeof bytes, 0));
    SHOW(sys_ftruncate(fd, 100));
    SHOW(sys_ftruncate(fd, 2 * PAGE));
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    SHOW(sys_read(fd, bytes, sizeof bytes));
    IS(all_are(bytes, 'f', 100) && all_are(bytes + 100, 0, 2 * PAGE - 100));
    SAY("far away");
    SHOW(sys_pwrite64(fd, "far", 3, 1l << 40));
    SHOW(size_of(fd));
    show_blocks("file");
    SHOW(sys_ftruncate(fd, 0));
    show_blocks("file");
    SAY("fallocate");
    SHOW(sys_fallocate(fd, 0, 100, 3 * PAGE));
    show_blocks("file");
    SHOW(sys_fallocate(fd, 1 /* KEEP_SIZE */, 0, 8 * PAGE));
    SHOW(size_of(fd));
    SHOW(sys_pwrite64(fd, bytes, 2 * PAGE, 0));
    SHOW(sys_pwrite64(fd, "hhh", 3, PAGE - 1));
    SHOW(sys_fallocate(fd, 3 /* KEEP_SIZE, PUNCH_HOLE */, 10, PAGE));
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    SHOW(sys_read(fd, bytes, 2 * PAGE));
    IS(all_are(bytes + 10, 0, PAGE) && bytes[0] == 'f');
    SAY("a hole that begins and ends within pages");
    memset(bytes, 'h', sizeof bytes);
    SHOW(sys_pwrite64(fd, bytes, 3 * PAGE, 0));
    SHOW(sys_fallocate(fd, 3, 10, 2 * PAGE + 10));
    SHOW(sys_pread64(fd, bytes, 3 * PAGE, 0));
    IS(all_are(bytes, 'h', 10) && all_are(bytes + 10, 0, 2 * PAGE + 10));
    IS(all_are(bytes + 2 * PAGE + 20, 'h', PAGE - 20));
    show_data(fd);
    SHOW(sys_fallocate(fd, 0, 0, 0));
    SHOW(sys_fallocate(fd, 0, -1, 10));
    SHOW(sys_fallocate(fd, 2 /* PUNCH_HOLE alone */, 0, PAGE));
    SHOW(sys_fallocate(0, 0, 0, PAGE));
    SHOW(sys_fallocate(99, 0, 0, PAGE));
    SHOW(sys_ftruncate(fd, 0));

    SAY("what the file system has left");
    long before = used_pages();
    SHOW(sys_pwrite64(fd, bytes, 3 * PAGE, 0));
    SHOW(used_pages() - before);
    SHOW(sys_pwrite64(fd, bytes, 3 * PAGE, 10 * PAGE));
    SHOW(sys_pwrite64(fd, bytes, 3 * PAGE, 10 * PAGE));
    SHOW(used_pages() - before);
    SHOW(sys_ftruncate(fd, 11 * PAGE));
    SHOW(used_pages() - before);
    SHOW(sys_fallocate(fd, 3, 0, 2 * PAGE));
    SHOW(used_pages() - before);
    SHOW(sys_ftruncate(fd, 0));
    SHOW(used_pages() - before);

    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_write(fd, bad, 10));
    WITH_BAD_POINTERS(sys_open(bad, O_RDWR | O_CREAT, 0600));
    SHOW(sys_write(fd, last_bytes(10), 20));
    SHOW(size_of(fd));
    SAY("a child shares the position");
    SHOW(sys_ftruncate(fd, 0));
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    SHOW(sys_write(fd, "parent,", 7));
    long child = sys_fork();
    if (child == 0) {
        sys_write(fd, "child,", 6);
        leave(0);
    }
    show_end("    it", child);
    SHOW(sys_write(fd, "parent", 6));
    show_bytes("file");
    SAY("no name any more");
    SHOW(sys_unlink("file"));
    SHOW(sys_open("file", O_RDONLY, 0));
    SHOW(sys_pwrite64(fd, "P", 1, 0));
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    memset(text, 0, sizeof text);
    SHOW(sys_read(fd, text, 20));
    SAY("    %s", text);
    struct KernelStat found;
    SHOW(sys_fstat(fd, &found));
    SHOW(found.links);
    SHOW(sys_fsync(fd));
    SHOW(sys_fdatasync(fd));
    SHOW(sys_close(fd));
    leave_place("/tmp/file_contents");
    return 0;
}
