// rename(2), renameat2(2): what may take whose place, directories within themselves, links, flags,
// open files.
// libc: none
#include "bad_pointers.h"
#include "children.h"
#include "files.h"

#define NOREPLACE 1
#define EXCHANGE 2

static long rename_with(const char *from, const char *to, long flags)
{
    return sys_renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

int main(void)
{
    char path[64];
    enter_place("/tmp/rename_rules");
    write_file("a", "AAA");
    write_file("b", "BBB");
    sys_mkdir("d", 0755);
    sys_mkdir("e", 0755);
    sys_mkdir("full", 0755);
    write_file("full/x", "x");
    SAY("files");
    SHOW(sys_rename("a", "c"));
    show_file("a");
    show_bytes("c");
    SHOW(sys_rename("c", "b"));
    show_bytes("b");
    SHOW(sys_rename("none", "b"));
    SHOW(sys_rename("b", "b"));
    SHOW(sys_rename("b", "none/b"));
    SHOW(sys_rename("b", "full/x/y"));
    SHOW(sys_rename("b", "c/"));
    SHOW(sys_rename("b/", "c"));
    SAY("files and directories");
    SHOW(sys_rename("b", "d"));
    SHOW(sys_rename("d", "b"));
    SHOW(sys_rename("d", "e"));
    show_file("d");
    show_file("e");
    SHOW(sys_rename("e", "full"));
    SHOW(sys_rename("full", "e"));
    show_bytes("e/x");
    SAY("into itself");
    SHOW(sys_rename("e", "e/sub"));
    sys_mkdir("e/sub", 0755);
    SHOW(sys_rename("e", "e/sub/deep"));
    SHOW(sys_rename("e", "e/sub"));
    SHOW(sys_rename("e/sub", "e"));
    SHOW(sys_rename(".", "x"));
    SHOW(sys_rename("e/.", "x"));
    SHOW(sys_rename("e/..", "x"));
    SHOW(sys_rename("e", "."));
    SHOW(sys_rename("e", ".."));
    SHOW(sys_rename("/", "x"));
    SHOW(sys_rename("e", "/"));
    SHOW(sys_rename("", "x"));
    SHOW(sys_rename("b", ""));
    SAY("a directory moves: its parent's links, its ..");
    sys_mkdir("d", 0755);
    show_file("d");
    show_file("e");
    SHOW(sys_rename("e/sub", "d/sub"));
    show_file("d");
    show_file("e");
    sys_chdir("d/sub");
    sys_getcwd(path, sizeof path);
    SAY("    %s", path);
    SHOW(sys_rename("../../d/sub", "../../moved"));
    sys_getcwd(path, sizeof path);
    SAY("    %s", path);
    SHOW(sys_chdir(".."));
    sys_getcwd(path, sizeof path);
    SAY("    %s", path);
    SAY("two names of one file");
    SHOW(sys_link("b", "b2"));
    show_file("b");
    SHOW(sys_rename("b", "b2")); // does nothing
    show_file("b");
    show_file("b2");
    SHOW(sys_unlink("b2"));
    SAY("links are renamed, not what they lead to");
    SHOW(sys_symlink("b", "link"));
    SHOW(sys_rename("link", "link2"));
    show_file("link2");
    SHOW(sys_rename("b", "link2"));
    show_file("link2");
    show_file("b");
    SAY("RENAME_NOREPLACE");
    write_file("b", "BBB");
    SHOW(rename_with("b", "link2", NOREPLACE));
    SHOW(rename_with("b", "d/", NOREPLACE)); // there is one: that comes before what it is
    SHOW(rename_with("b", "new", NOREPLACE));
    SHOW(rename_with("none", "link2", NOREPLACE));
    SHOW(rename_with("new", "d", NOREPLACE));
    SAY("RENAME_EXCHANGE");
    SHOW(rename_with("new", "link2", EXCHANGE));
    show_bytes("new");
    show_bytes("link2");
    SHOW(rename_with("new", "d", EXCHANGE));
    show_file("new");
    show_file("d");
    SHOW(rename_with("new", "none", EXCHANGE));
    sys_mkdir("new/inner", 0755);
    SHOW(rename_with("new", "new/inner", EXCHANGE));
    SHOW(rename_with("new/inner", "new", EXCHANGE));
    SHOW(rename_with("new/inner", "d", EXCHANGE));
    show_file("new");
    show_file("new/inner");
    SHOW(rename_with("new", "moved", EXCHANGE | NOREPLACE));
    SHOW(rename_with("new", "moved", 0x100));
    SAY("an open file keeps its contents when another takes its name");
    long fd = sys_open("link2", O_RDONLY, 0);
    char text[8] = "";
    write_file("other", "OTHER");
    SHOW(sys_rename("other", "link2"));
    SHOW(sys_read(fd, text, 7));
    SAY("    %s", text);
    show_bytes("link2");
    sys_close(fd);
    SAY("other file systems");
    SHOW(sys_rename("link2", "/proc/x"));
    SHOW(sys_rename("link2", "/dev/shm/rename_rules"));
    SHOW(sys_rename("/proc/self", "x"));
    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_rename(bad, "x"));
    WITH_BAD_POINTERS(sys_rename("link2", bad));

    sys_unlink("new/inner");
    sys_unlink("e/x");
    static const char *const directories[] = {"new", "d", "e", "moved"};
    for (int i = 0; i < 4; ++i) {
        SHOW(sys_rmdir(directories[i]));
    }
    SHOW(sys_unlink("link2"));
    leave_place("/tmp/rename_rules");
    return 0;
}
