// files.h: the system calls on files that can be changed, and small things that tests of them need.
#pragma once

#include <linux/stat.h>

#include "check.h"

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef AT_REMOVEDIR
#define AT_REMOVEDIR 0x200
#endif

CALL4(pwrite64, long, Pointer, size_t, long)
CALL2(creat, Pointer, long)
CALL2(link, Pointer, Pointer)
CALL2(symlink, Pointer, Pointer)
CALL1(unlink, Pointer)
CALL2(rename, Pointer, Pointer)
CALL2(mkdir, Pointer, long)
CALL1(rmdir, Pointer)
CALL2(truncate, Pointer, long)
CALL2(ftruncate, long, long)
CALL2(lstat, Pointer, Pointer)
CALL2(chmod, Pointer, long)
CALL2(fchmod, long, long)
CALL3(chown, Pointer, long, long)
CALL3(fchown, long, long, long)
CALL3(lchown, Pointer, long, long)
CALL1(fchdir, long)
CALL3(mknod, Pointer, long, long)
CALL4(mknodat, long, Pointer, long, long)
CALL3(mkdirat, long, Pointer, long)
CALL3(unlinkat, long, Pointer, long)
CALL5(linkat, long, Pointer, long, Pointer, long)
CALL3(symlinkat, Pointer, long, Pointer)
CALL5(renameat2, long, Pointer, long, Pointer, long)
CALL4(readlinkat, long, Pointer, Pointer, long)
CALL3(fchmodat, long, Pointer, long)
CALL5(fchownat, long, Pointer, long, long, long)
CALL3(faccessat, long, Pointer, long)
CALL4(utimensat, long, Pointer, Pointer, long)
CALL5(statx, long, Pointer, long, long, Pointer)
CALL2(statfs, Pointer, Pointer)
CALL2(fstatfs, long, Pointer)
CALL4(fallocate, long, long, long, long)
CALL4(sendfile, long, long, Pointer, size_t)
CALL6(copy_file_range, long, Pointer, long, Pointer, size_t, long)
CALL2(memfd_create, Pointer, long)
CALL3(getdents64, long, Pointer, size_t)
CALL1(fsync, long)
CALL1(fdatasync, long)
CALL2(flock, long, long)

// The kernel's struct stat of x86-64 (asm/stat.h), which is glibc's as well.
struct KernelStat {
    unsigned long device, inode, links;
    unsigned mode, uid, gid, padding;
    unsigned long special_device;
    long size, block_size, blocks;
    struct timespec accessed, modified, changed;
    long unused[3];
};

static UNUSED struct KernelStat stat_of(const char *path)
{
    struct KernelStat found;
    memset(&found, 0, sizeof found);
    sys_lstat(path, &found);
    return found;
}
static UNUSED long size_of(long descriptor)
{
    struct KernelStat found;
    return sys_fstat(descriptor, &found) ? -1 : found.size;
}

// Type, permissions in octal, links, size.
static UNUSED void show_file(const char *path)
{
    struct KernelStat found;
    long result = sys_lstat(path, &found);
    if (result) {
        SAY("    %s: %s", path, errno_name(-result));
        return;
    }
    static const char *const types[16] = {
        [1] = "fifo",  [2] = "character device", [4] = "directory", [6] = "block device", [8] = "file",
        [10] = "link", [12] = "socket"};
    char mode[5];
    for (int i = 0; i < 4; ++i) mode[i] = (char)('0' + (found.mode >> (9 - 3 * i) & 7));
    mode[4] = 0;
    const char *type = types[found.mode >> 12];
    if (found.mode >> 12 == 4)
        SAY("    %s: %s %s, %lu links", path, type, mode, found.links);
    else
        SAY("    %s: %s %s, %lu links, %ld bytes", path, type, mode, found.links, found.size);
}

// The bytes of a file as text, up to 200 of them.
static UNUSED void show_bytes(const char *path)
{
    char text[201];
    long fd = sys_open(path, O_RDONLY, 0);
    long n = fd < 0 ? fd : sys_read(fd, text, 200);
    if (fd >= 0) sys_close(fd);
    if (n < 0) {
        SAY("    %s: %s", path, errno_name(-n));
        return;
    }
    for (long i = 0; i < n; ++i) {
        if (text[i] == 0) text[i] = '.';
        if (text[i] == '\n') text[i] = '|';
    }
    text[n] = 0;
    SAY("    %s: \"%s\"", path, text);
}

static UNUSED void write_file(const char *path, const char *text)
{
    long fd = sys_open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    if (fd < 0 || sys_write(fd, text, length_of(text)) != (long)length_of(text)) SAY("cannot write %s", path);
    if (fd >= 0) sys_close(fd);
}

// A directory of the test's own below /tmp, entered; leave_place() removes it, which has to be empty by then.
static UNUSED void enter_place(const char *path)
{
    system_call(SYS_umask, 022, 0, 0, 0, 0, 0);
    long result = sys_mkdir(path, 0755);
    if (result != 0) SAY("mkdir %s: %s", path, errno_name(-result));
    system_call(SYS_chdir, (long)path, 0, 0, 0, 0, 0);
}
static UNUSED void leave_place(const char *path)
{
    system_call(SYS_chdir, (long)"/", 0, 0, 0, 0, 0);
    SHOW(sys_rmdir(path));
}
