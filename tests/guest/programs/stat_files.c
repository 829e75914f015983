// stat(2), fstat(2), newfstatat(2): kinds and sizes; what they refuse.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include <sys/stat.h>

#include "bad_pointers.h"

static struct stat info;

static void show_info(void)
{
    const char *kind = S_ISREG(info.st_mode)   ? "a file"
                       : S_ISDIR(info.st_mode) ? "a directory"
                       : S_ISCHR(info.st_mode) ? "a character device"
                       : S_ISLNK(info.st_mode) ? "a link"
                                               : "something else";
    SAY("    %s", kind);
    if (S_ISREG(info.st_mode)) SAY("    size %ld, links %ld", (long)info.st_size, (long)info.st_nlink);
    if (S_ISREG(info.st_mode)) SAY("    readable by all: %d", (info.st_mode & 0444) == 0444);
    if (S_ISCHR(info.st_mode))
        SAY("    device %ld:%ld", (long)info.st_rdev >> 8 & 0xfff, (long)info.st_rdev & 0xff);
    memset(&info, 0x55, sizeof info);
}

static char long_name[300];

int main(void)
{
    SHOW(sys_stat("/data/text.txt", &info));
    IS(info.st_blksize > 0 && info.st_blocks * 512 >= 0);
    unsigned long inode = info.st_ino, device = info.st_dev;
    show_info();
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    SHOW(sys_fstat(fd, &info));
    IS(info.st_ino == inode && info.st_dev == device);
    show_info();
    SHOW(sys_stat("/data", &info));
    show_info();
    SHOW(sys_stat("/", &info));
    show_info();
    SHOW(sys_stat("/dev/null", &info));
    show_info();
    SHOW(sys_stat("/dev/zero", &info));
    show_info();
    SHOW(sys_stat("/dev/urandom", &info));
    show_info();
    SHOW(sys_stat("/proc/self/maps", &info));
    show_info();
    long data = sys_open("/data", O_RDONLY | O_DIRECTORY, 0);
    SHOW(sys_fstat(data, &info));
    show_info();
    SHOW(sys_fstat(0, &info));

    SAY("newfstatat");
    SHOW(sys_newfstatat(data, "text.txt", &info, 0));
    show_info();
    SHOW(sys_newfstatat(AT_FDCWD, "data/text.txt", &info, 0));
    SHOW(sys_newfstatat(99, "/data/text.txt", &info, 0));
    SHOW(sys_newfstatat(fd, "", &info, AT_EMPTY_PATH));
    show_info();
    SHOW(sys_newfstatat(data, "", &info, AT_EMPTY_PATH));
    show_info();
    SHOW(sys_newfstatat(AT_FDCWD, "", &info, AT_EMPTY_PATH));
    show_info();
    SHOW(sys_newfstatat(AT_FDCWD, "/proc/self/exe", &info, AT_SYMLINK_NOFOLLOW));
    show_info();
    SHOW(sys_newfstatat(AT_FDCWD, "/data/text.txt", &info, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT));

    SAY("refused");
    SHOW(sys_stat("/data/none", &info));
    SHOW(sys_stat("", &info));
    SHOW(sys_stat("/data/text.txt/x", &info));
    SHOW(sys_stat("/data/text.txt/", &info));
    memset(long_name, 'y', 256);
    SHOW(sys_stat(long_name, &info));
    SHOW(sys_fstat(99, &info));
    SHOW(sys_fstat(-1, &info));
    SHOW(sys_newfstatat(99, "text.txt", &info, 0));
    SHOW(sys_newfstatat(fd, "text.txt", &info, 0));
    SHOW(sys_newfstatat(data, "", &info, 0));
    SHOW(sys_newfstatat(99, "", &info, AT_EMPTY_PATH));
    SHOW(sys_newfstatat(data, "text.txt", &info, 0x8000));
    SHOW(sys_newfstatat(data, "text.txt", &info, AT_EACCESS));
    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_stat(bad, &info));
    WITH_BAD_POINTERS(sys_stat("/data/text.txt", bad));
    WITH_BAD_POINTERS(sys_fstat(fd, bad));
    WITH_BAD_POINTERS(sys_newfstatat(data, bad, &info, 0));
    WITH_BAD_POINTERS(sys_newfstatat(data, "text.txt", bad, 0));
    SHOW(sys_fstat(fd, last_bytes(143)));
    SHOW(sys_fstat(fd, last_bytes(144)));
    SHOW(sys_fstat(fd, read_only_page()));
    return 0;
}
