// link(2), symlink(2), O_TMPFILE: counts, what is followed, loops, lengths, files without names.
// libc: none
#include "bad_pointers.h"
#include "children.h"
#include "files.h"

#ifndef O_TMPFILE
#define O_TMPFILE 020200000
#endif

static void show_target(const char *path)
{
    char text[300];
    long n = sys_readlink(path, text, sizeof text - 1);
    if (n < 0) {
        SAY("    %s: %s", path, errno_name(-n));
        return;
    }
    text[n] = 0;
    SAY("    %s -> %s", path, text);
}

int main(void)
{
    char text[64];
    enter_place("/tmp/links_and_names");
    write_file("file", "contents");
    sys_mkdir("dir", 0755);
    SAY("hard links");
    SHOW(sys_link("file", "second"));
    SHOW(sys_link("file", "dir/third"));
    show_file("file");
    IS(stat_of("file").inode == stat_of("dir/third").inode);
    SHOW(sys_link("file", "second"));
    SHOW(sys_link("none", "fourth"));
    SHOW(sys_link("dir", "fourth"));
    SHOW(sys_link("file", "none/fourth"));
    SHOW(sys_link("file", "fourth/"));
    SHOW(sys_link("file", ""));
    SHOW(sys_link("file", "/dev/shm/x"));
    write_file("second", "changed"); // the same file
    show_bytes("file");
    SHOW(sys_unlink("file"));
    show_file("second");
    SHOW(sys_unlink("dir/third"));
    show_file("second");
    SAY("symbolic links");
    SHOW(sys_symlink("second", "link"));
    SHOW(sys_symlink("second", "link"));
    SHOW(sys_symlink("", "empty"));
    SHOW(sys_symlink("anything at all", "broken"));
    SHOW(sys_symlink("dir", "to_dir"));
    SHOW(sys_symlink("/tmp/links_and_names/dir/", "absolute"));
    show_file("link");
    show_file("broken");
    show_target("link");
    show_target("broken");
    show_target("second");
    show_target("none");
    SHOW(sys_readlink("broken", text, 5));
    SHOW(sys_readlink("broken", text, 0));
    show_bytes("link");
    show_bytes("broken");
    write_file("to_dir/x", "through a link");
    show_bytes("absolute/x");
    show_bytes("absolute/../dir/./x");
    SHOW(sys_unlink("dir/x"));
    SAY("creating through a link that leads nowhere");
    SHOW(sys_symlink("dir/made", "maker"));
    SHOW(sys_open("maker", O_CREAT | O_EXCL | O_WRONLY, 0644));
    write_file("maker", "made");
    show_bytes("dir/made");
    SHOW(sys_unlink("dir/made"));
    SHOW(sys_mkdir("maker", 0755));
    SAY("not followed");
    SHOW(sys_open("link", O_RDONLY | O_NOFOLLOW, 0));
    SHOW(sys_open("to_dir", O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0));
    SHOW(sys_open("link", O_RDONLY | O_DIRECTORY, 0));
    SHOW(sys_unlink("to_dir/"));
    SHOW(sys_rmdir("to_dir"));
    SHOW(sys_rmdir("to_dir/"));
    SAY("links to links");
    char name[] = "chain00", target[] = "chain00";
    for (int i = 1; i <= 41; ++i) {
        name[5] = (char)('0' + i / 10), name[6] = (char)('0' + i % 10);
        target[5] = (char)('0' + (i - 1) / 10), target[6] = (char)('0' + (i - 1) % 10);
        if (i == 1)
            sys_symlink("second", name);
        else
            sys_symlink(target, name);
    }
    show_bytes("chain40");
    show_bytes("chain41");
    for (int i = 1; i <= 41; ++i) {
        name[5] = (char)('0' + i / 10), name[6] = (char)('0' + i % 10);
        sys_unlink(name);
    }
    SHOW(sys_symlink("loop1", "loop2"));
    SHOW(sys_symlink("loop2", "loop1"));
    SHOW(sys_open("loop1", O_RDONLY, 0));
    SHOW(sys_open("loop1/x", O_RDONLY, 0));
    SHOW(sys_stat("loop1", text) == -ELOOP);
    SAY("link(2) of a link");
    SHOW(sys_link("link", "hard"));
    show_file("hard");
    SHOW(sys_linkat(AT_FDCWD, "link", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
    show_file("followed");
    SHOW(sys_linkat(AT_FDCWD, "link", AT_FDCWD, "x", 0x8000));
    SAY("a file without a name gets one");
    long fd = sys_open(".", O_TMPFILE | O_RDWR, 0600);
    IS(fd >= 0);
    struct KernelStat found;
    sys_fstat(fd, &found);
    SHOW(found.links);
    SHOW(sys_write(fd, "temporary", 9));
    char path[32] = "/proc/self/fd/0";
    path[14] = (char)('0' + fd);
    SHOW(sys_linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    show_bytes("named");
    sys_close(fd);
    SHOW(sys_open(".", O_TMPFILE | O_RDONLY, 0600));
    SHOW(sys_open("second", O_TMPFILE | O_RDWR, 0600));
    SAY("a file that was unlinked gets none again");
    fd = sys_open("named", O_RDWR, 0);
    SHOW(sys_unlink("named"));
    SHOW(sys_linkat(AT_FDCWD, path, AT_FDCWD, "again", AT_SYMLINK_FOLLOW));
    long n = sys_readlink(path, text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    SAY("    %s", text);
    sys_close(fd);
    SAY("lengths");
    static char large[5000];
    memset(large, 'l', sizeof large - 1);
    SHOW(sys_symlink(large, "long"));
    large[4095] = 0;
    SHOW(sys_symlink(large, "long"));
    SHOW(stat_of("long").size);
    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_symlink(bad, "x"));
    WITH_BAD_POINTERS(sys_symlink("x", bad));
    WITH_BAD_POINTERS(sys_link("second", bad));
    static const char *const removed[] = {"second", "link",  "broken", "to_dir",   "absolute", "maker",
                                          "loop1",  "loop2", "hard",   "followed", "long"};
    for (size_t i = 0; i < sizeof removed / sizeof *removed; ++i) {
        if (sys_unlink(removed[i])) SAY("cannot remove %s", removed[i]);
    }
    SHOW(sys_rmdir("dir"));
    leave_place("/tmp/links_and_names");
    return 0;
}
