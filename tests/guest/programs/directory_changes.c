// mkdir, rmdir, unlink and the calls relative to a directory; getdents64 while entries vanish; a
// removed place.
// libc: none
#include <dirent.h>

#include "bad_pointers.h"
#include "children.h"
#include "files.h"

struct Entry {
    unsigned long inode, offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static char buffer[1 << 16];

// The names in a directory in their alphabet's order, but for . and ..
static void show_names(const char *path)
{
    char *names[64];
    int count = 0, dots = 0;
    long fd = sys_open(path, O_RDONLY | O_DIRECTORY, 0), used = 0, n;
    if (fd < 0) {
        SAY("    %s: %s", path, errno_name(-fd));
        return;
    }
    while ((n = sys_getdents64(fd, buffer + used, sizeof buffer - (size_t)used)) > 0) used += n;
    sys_close(fd);
    for (long at = 0; at < used;) {
        struct Entry *entry = (struct Entry *)(buffer + at);
        at += entry->length;
        if (same_text(entry->name, ".") || same_text(entry->name, ".."))
            ++dots;
        else if (count < 64)
            names[count++] = entry->name;
    }
    struct Line line;
    line.used = 0;
    for (int i = 0; i < count; ++i) {
        int least = -1;
        for (int k = 0; k < count; ++k) {
            if (!names[k]) continue;
            if (least < 0) {
                least = k;
                continue;
            }
            const char *a = names[k], *b = names[least];
            while (*a && *a == *b) ++a, ++b;
            if ((unsigned char)*a < (unsigned char)*b) least = k;
        }
        add_char(&line, ' ');
        add_text(&line, names[least]);
        names[least] = NULL;
    }
    add_char(&line, 0);
    SAY("    %s: %d and %d names:%s", path, dots, count, line.text);
}

static void number_name(char *name, int number)
{
    name[0] = 'f';
    for (int i = 3; i >= 1; --i, number /= 10) name[i] = (char)('0' + number % 10);
    name[4] = 0;
}

// Entries that vanish while they are read: those that stay are seen once.
static void vanishing(void)
{
    static unsigned char seen[300];
    char name[8];
    sys_mkdir("many", 0755);
    sys_chdir("many");
    for (int i = 0; i < 300; ++i) {
        number_name(name, i);
        sys_close(sys_creat(name, 0644));
    }
    long fd = sys_open(".", O_RDONLY | O_DIRECTORY, 0), n;
    int round = 0, twice = 0, removed = 0;
    while ((n = sys_getdents64(fd, buffer, 1000)) > 0) {
        for (long at = 0; at < n;) {
            struct Entry *entry = (struct Entry *)(buffer + at);
            at += entry->length;
            if (entry->name[0] != 'f') continue;
            int number = (entry->name[1] - '0') * 100 + (entry->name[2] - '0') * 10 + entry->name[3] - '0';
            if (seen[number]++) ++twice;
        }
        // Every third is removed as we go on; and new ones come.
        for (int i = round * 10; i < round * 10 + 10 && i < 300; ++i) {
            number_name(name, i);
            if (i % 3 == 0) removed += sys_unlink(name) == 0;
        }
        ++round;
    }
    int missing = 0;
    for (int i = 0; i < 300; ++i) missing += i % 3 != 0 && !seen[i];
    SAY("    %d missing, %d twice", missing, twice);
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    int left = 0;
    while ((n = sys_getdents64(fd, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < n; at += ((struct Entry *)(buffer + at))->length) ++left;
    }
    IS(removed > 0 && left == 300 - removed + 2);
    for (int i = 0; i < 300; ++i) {
        number_name(name, i);
        sys_unlink(name);
    }
    SHOW(sys_getdents64(fd, buffer, 10));
    SHOW(sys_lseek(fd, 0, SEEK_SET));
    SHOW(sys_getdents64(fd, buffer, 10));
    sys_close(fd);
    sys_chdir("..");
    SHOW(sys_rmdir("many"));
}

static void without_place(void)
{
    char path[64];
    sys_mkdir("gone", 0755);
    long child = sys_fork();
    if (child == 0) {
        sys_chdir("gone");
        SHOW(sys_rmdir("../gone"));
        SHOW(sys_getcwd(path, sizeof path));
        SHOW(sys_creat("x", 0644));
        SHOW(sys_mkdir("x", 0755));
        SHOW(sys_open(".", O_RDONLY, 0) >= 0);
        show_names(".");
        SHOW(sys_chdir(".."));
        SHOW(sys_getcwd(path, sizeof path));
        SAY("    %s", path);
        leave(0);
    }
    show_end("    it", child);
}

int main(void)
{
    char path[64];
    enter_place("/tmp/directory_changes");
    SHOW(sys_mkdir("one", 0755));
    SHOW(sys_mkdir("one", 0755));
    SHOW(sys_mkdir("one/two", 0700));
    SHOW(sys_mkdir("no/two", 0755));
    SHOW(sys_mkdir("", 0755));
    SHOW(sys_mkdir(".", 0755));
    SHOW(sys_mkdir("one/..", 0755));
    SHOW(sys_mkdir("slash/", 0755));
    write_file("file", "text");
    SHOW(sys_mkdir("file/x", 0755));
    SHOW(sys_mkdir("file", 0755));
    show_file(".");
    show_file("one");
    show_file("one/two");
    show_names(".");
    show_names("one");
    show_names("one/two");
    show_names("file");
    SAY("removing");
    SHOW(sys_rmdir("one"));
    SHOW(sys_rmdir("one/two/."));
    SHOW(sys_rmdir("one/two/.."));
    SHOW(sys_rmdir("file"));
    SHOW(sys_rmdir("none"));
    SHOW(sys_rmdir("/"));
    SHOW(sys_unlink("one"));
    SHOW(sys_unlink("none"));
    SHOW(sys_unlink("file/"));
    SHOW(sys_unlinkat(AT_FDCWD, "one/two", AT_REMOVEDIR));
    SHOW(sys_unlinkat(AT_FDCWD, "file", AT_REMOVEDIR));
    SHOW(sys_unlinkat(AT_FDCWD, "slash", 0));
    SHOW(sys_unlinkat(AT_FDCWD, "one", 77));
    SHOW(sys_rmdir("slash/"));
    show_file("one");
    show_names(".");
    SAY("where a file system is mounted");
    SHOW(sys_rmdir("/tmp"));
    SHOW(sys_rmdir("/dev/shm"));
    SHOW(sys_rmdir("/dev"));
    SHOW(sys_rmdir("/proc"));
    SHOW(sys_unlink("/tmp"));
    SHOW(sys_mkdir("/directory_changes", 0755));
    SHOW(sys_rename("/tmp", "/other"));
    SHOW(sys_rename("/directory_changes", "/tmp"));
    SHOW(sys_rename("/directory_changes", "/proc"));
    SHOW(sys_rename("/proc", "/directory_changes"));
    SHOW(sys_rmdir("/directory_changes"));
    SAY("relative to a directory");
    long one = SHOW(sys_open("one", O_RDONLY | O_DIRECTORY, 0));
    long fd = SHOW(sys_openat(one, "inside", O_CREAT | O_RDWR, 0600));
    SHOW(sys_mkdirat(one, "sub", 0711));
    SHOW(sys_openat(fd, "x", O_RDONLY, 0));
    SHOW(sys_openat(99, "x", O_RDONLY, 0));
    SHOW(sys_openat(99, "/tmp", O_RDONLY, 0) >= 0);
    show_names("one");
    SHOW(sys_fchdir(one));
    sys_getcwd(path, sizeof path);
    SAY("    %s", path);
    SHOW(sys_fchdir(fd));
    SHOW(sys_rename("../one", "../renamed"));
    sys_getcwd(path, sizeof path);
    SAY("    %s", path);
    SHOW(sys_chdir("../renamed/sub/../.."));
    SHOW(sys_getcwd(path, 5));
    SHOW(sys_unlinkat(one, "inside", 0));
    SHOW(sys_unlinkat(one, "sub", AT_REMOVEDIR));
    SHOW(sys_rmdir("renamed"));
    SHOW(sys_openat(one, "inside", O_CREAT | O_RDWR, 0600));
    SAY("names of all lengths");
    char name[300];
    memset(name, 'n', sizeof name);
    name[255] = 0;
    SHOW(sys_mkdir(name, 0755));
    SHOW(sys_rmdir(name));
    name[255] = 'n', name[256] = 0;
    SHOW(sys_mkdir(name, 0755));
    SAY("strange names");
    SHOW(sys_mkdir("a b\n\x01\xff", 0755));
    SHOW(sys_rmdir("a b\n\x01\xff"));
    SHOW(sys_creat("...", 0644) >= 0);
    SHOW(sys_unlink("..."));
    SAY("entries that vanish");
    vanishing();
    SAY("a place that has been removed");
    without_place();
    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_mkdir(bad, 0755));
    WITH_BAD_POINTERS(sys_rmdir(bad));
    WITH_BAD_POINTERS(sys_unlink(bad));
    SHOW(sys_unlink("file"));
    leave_place("/tmp/directory_changes");
    return 0;
}
