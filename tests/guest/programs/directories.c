// getdents64(2), getcwd(2), chdir(2), fchdir(2), readlinkat(2), faccessat2(2), O_PATH, and symbolic links of
// /proc.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
// add: tests/guest/data/small.txt=/data/deep/er/small.txt
#include "check.h"

#include <dirent.h>
#include <sys/stat.h>

#define LINUX_AT_EMPTY_PATH 0x1000

struct Entry {
    unsigned long inode;
    long next;
    unsigned short length;
    unsigned char type;
    char name[];
};

static char buffer[4096];

static long getdents64_(long fd, void *to, long size)
{
    return system_call(SYS_getdents64, fd, (long)to, size, 0, 0, 0);
}
static long getcwd_(void *to, long size)
{
    return system_call(SYS_getcwd, (long)to, size, 0, 0, 0, 0);
}
static long chdir_(const char *path)
{
    return system_call(SYS_chdir, (long)path, 0, 0, 0, 0, 0);
}
static long fchdir_(long fd)
{
    return system_call(SYS_fchdir, fd, 0, 0, 0, 0, 0);
}
static long readlinkat_(long fd, const char *path, void *to, long size)
{
    return system_call(SYS_readlinkat, fd, (long)path, (long)to, size, 0, 0);
}
static long faccessat2_(long fd, const char *path, long mode, long flags)
{
    return system_call(SYS_faccessat2, fd, (long)path, mode, flags, 0, 0);
}

// The names of a directory, sorted: the order is the file system's.
static void list(long fd, long size)
{
    char names[8][32];
    int types[8], count = 0, calls = 0;
    for (;; ++calls) {
        long n = getdents64_(fd, buffer, size);
        if (n <= 0) break;
        for (long at = 0; at < n;) {
            struct Entry *entry = (struct Entry *)(buffer + at);
            if (entry->length % 8 || count == 8) SAY("    odd");
            types[count] = entry->type;
            memcpy(names[count++], entry->name, length_of(entry->name) + 1);
            at += entry->length;
        }
    }
    SAY("  %d entries%s", count, calls > 1 ? ", in pieces" : "");
    for (char first = 0; first >= 0 && first < 127; ++first) {
        for (int i = 0; i < count; ++i) {
            if (names[i][0] == first) SAY("    %s, type %d", names[i], types[i]);
        }
    }
}

static void show_cwd(void)
{
    long n = getcwd_(buffer, sizeof buffer);
    SAY("    %ld %s", n, n > 0 ? buffer : "");
}

static void show_link(const char *call, long n)
{
    if (n > 0) buffer[n] = 0;
    SAY("%s: %s", call, n > 0 ? buffer : errno_name(-n));
}
#define LINK(expression) show_link(#expression, expression)

int main(void)
{
    SAY("getdents64");
    long data = SHOW(sys_open("/data", O_RDONLY | O_DIRECTORY, 0));
    list(data, sizeof buffer);
    SHOW(getdents64_(data, buffer, sizeof buffer));
    SHOW(sys_lseek(data, 0, SEEK_SET));
    list(data, 32);
    SHOW(sys_lseek(data, 0, SEEK_SET));
    SHOW(getdents64_(data, buffer, 8));
    SHOW(getdents64_(data, (char *)0x1000, 100));
    SHOW(getdents64_(99, buffer, 100));
    long text = SHOW(sys_open("/data/text.txt", O_RDONLY, 0));
    SHOW(getdents64_(text, buffer, 100));
    SHOW(sys_lseek(data, -1, SEEK_SET));
    SHOW(sys_lseek(data, 0, 99));
    SHOW(sys_read(data, buffer, 10));

    SAY("the current directory");
    show_cwd();
    SHOW(chdir_("/data/deep"));
    show_cwd();
    SHOW(chdir_("er"));
    show_cwd();
    SHOW(sys_access("small.txt", R_OK));
    SHOW(chdir_("../.."));
    show_cwd();
    SHOW(chdir_("text.txt"));
    SHOW(chdir_("missing"));
    SHOW(chdir_(""));
    SHOW(chdir_((char *)0x1000));
    SHOW(fchdir_(text));
    SHOW(fchdir_(99));
    SHOW(chdir_("/"));
    SHOW(fchdir_(data));
    show_cwd();
    SHOW(getcwd_(buffer, 6));
    SHOW(getcwd_(buffer, 5));
    SHOW(getcwd_((char *)0x1000, 100));

    SAY("O_PATH");
    long path = SHOW(sys_open("/data/text.txt", O_PATH | O_RDWR | O_CREAT, 0));
    SHOW(sys_read(path, buffer, 1));
    SHOW(sys_lseek(path, 0, SEEK_SET));
    SHOW(system_call(SYS_fcntl, path, F_GETFL, 0, 0, 0, 0));
    SHOW(system_call(SYS_fcntl, path, F_SETFL, 0, 0, 0, 0));
    SHOW(system_call(SYS_dup, path, 0, 0, 0, 0, 0));
    struct stat status;
    SHOW(sys_fstat(path, &status));
    SHOW(sys_openat(path, "x", O_RDONLY, 0));
    SHOW(sys_mmap(0, PAGE, PROT_READ, MAP_PRIVATE, path, 0));
    SHOW(sys_ioctl(path, 0x541b, &status));
    long directory = SHOW(sys_open("/data/deep", O_PATH, 0));
    SHOW(sys_openat(directory, "er/small.txt", O_RDONLY, 0));
    SHOW(getdents64_(directory, buffer, 100));
    SHOW(fchdir_(directory));
    show_cwd();
    SHOW(sys_open("/data/text.txt", O_PATH | O_DIRECTORY, 0));
    SHOW(sys_close(path));

    SAY("links");
    LINK(readlinkat_(AT_FDCWD, "/proc/self/cwd", buffer, 100));
    LINK(readlinkat_(data, "/proc/self/root", buffer, 100));
    LINK(readlinkat_(data, "text.txt", buffer, 100));
    LINK(readlinkat_(data, "missing", buffer, 100));
    LINK(readlinkat_(text, "missing", buffer, 100));
    LINK(readlinkat_(text, "", buffer, 100));
    LINK(readlinkat_(99, "x", buffer, 100));
    LINK(readlinkat_(data, "text.txt", buffer, 0));
    LINK(readlinkat_(AT_FDCWD, "/proc/self/cwd", (char *)0x1000, 100));
    LINK(readlinkat_(AT_FDCWD, "/proc/self/cwd", buffer, 3));
    SHOW(sys_open("/proc/self/cwd", O_RDONLY | O_NOFOLLOW, 0));
    long link = sys_open("/proc/self/cwd", O_PATH | O_NOFOLLOW, 0);
    LINK(readlinkat_(link, "", buffer, 100));
    SHOW(sys_access("/proc/self/cwd/er/small.txt", R_OK));
    SHOW(sys_access("/proc/self/root/data/text.txt", R_OK));
    char name[] = "/proc/self/fd/0";
    name[14] = (char)('0' + text);
    LINK(readlinkat_(AT_FDCWD, name, buffer, 100));
    long again = sys_open(name, O_RDONLY, 0);
    SHOW(sys_lseek(text, 10, SEEK_SET));
    SHOW(sys_lseek(again, 0, SEEK_CUR));
    LINK(readlinkat_(AT_FDCWD, "/proc/self/fd/99", buffer, 100));

    SAY("faccessat2");
    SHOW(faccessat2_(data, "text.txt", R_OK, 0));
    SHOW(faccessat2_(data, "text.txt", X_OK, AT_EACCESS));
    SHOW(faccessat2_(data, "text.txt", F_OK, AT_SYMLINK_NOFOLLOW));
    SHOW(faccessat2_(data, "text.txt", F_OK, 0x4000));
    SHOW(faccessat2_(data, "text.txt", 8, 0));
    SHOW(faccessat2_(data, "", R_OK, LINUX_AT_EMPTY_PATH));
    SHOW(faccessat2_(data, "", R_OK, 0));
    SHOW(faccessat2_(99, "", R_OK, LINUX_AT_EMPTY_PATH));
    SHOW(faccessat2_(text, "x", R_OK, 0));
    return 0;
}
