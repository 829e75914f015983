// Modes, owners and times of files: chmod, chown, utimensat, what changes which time, statx, mknod,
// statfs.
// libc: none
#include "bad_pointers.h"
#include "children.h"
#include "files.h"

#define NOW_ ((1l << 30) - 1)
#define OMIT ((1l << 30) - 2)

static long set_times(const char *path, long accessed, long accessed_nano, long modified, long modified_nano,
                      long flags)
{
    struct timespec times[2] = {{accessed, accessed_nano}, {modified, modified_nano}};
    return sys_utimensat(AT_FDCWD, path, times, flags);
}
static void show_times(const char *path)
{
    struct KernelStat found = stat_of(path);
    SAY("    accessed %ld.%ld, modified %ld.%ld", (long)found.accessed.tv_sec, found.accessed.tv_nsec,
        (long)found.modified.tv_sec, found.modified.tv_nsec);
}
static int later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}
// Time goes on by the clock that files have, which may be coarse.
static void let_time_pass(void)
{
    struct timespec little = {0, 20000000};
    sys_nanosleep(&little, NULL);
}
static void show_owner(const char *path)
{
    struct KernelStat found = stat_of(path);
    SAY("    %s: uid %u gid %u mode %x", path, found.uid, found.gid, found.mode);
}

int main(void)
{
    enter_place("/tmp/file_attributes");
    SAY("modes");
    system_call(SYS_umask, 027, 0, 0, 0, 0, 0);
    long fd = sys_open("file", O_CREAT | O_RDWR, 0666);
    sys_mkdir("dir", 01777);
    show_file("file");
    show_file("dir");
    SHOW(sys_chmod("file", 0124));
    show_file("file");
    SHOW(sys_chmod("file", 07777));
    show_file("file");
    SHOW(sys_chmod("file", 0177777));
    show_file("file");
    SHOW(sys_fchmod(fd, 0600));
    SHOW(sys_fchmodat(AT_FDCWD, "dir", 0700));
    show_file("file");
    show_file("dir");
    SHOW(sys_chmod("none", 0600));
    SHOW(sys_chmod("file/x", 0600));
    SHOW(sys_fchmod(99, 0600));
    sys_symlink("file", "link");
    SHOW(sys_chmod("link", 0644));
    show_file("file");
    show_file("link");
    SAY("root may all but execute what nobody may");
    SHOW(sys_chmod("file", 0));
    SHOW(sys_access("file", 6));
    SHOW(sys_access("file", 1));
    SHOW(sys_access("dir", 7));
    SHOW(sys_chmod("file", 010));
    SHOW(sys_access("file", 1));
    SHOW(sys_access("none", 0));
    SHOW(sys_access("file", 8));
    SHOW(sys_close(sys_open("file", O_RDWR, 0)));
    SAY("owners");
    show_owner("file");
    SHOW(sys_chmod("file", 06777));
    SHOW(sys_chown("file", 1000, 2000));
    show_owner("file");
    SHOW(sys_chown("link", -1, 3000));
    show_owner("file");
    SHOW(sys_lchown("link", 5, -1));
    show_owner("link");
    SHOW(sys_fchown(fd, 0, 0));
    show_owner("file");
    SHOW(sys_fchownat(AT_FDCWD, "link", 7, 7, AT_SYMLINK_NOFOLLOW));
    show_owner("link");
    SHOW(sys_fchownat(AT_FDCWD, "link", 7, 7, 0x8000));
    SHOW(sys_chown("none", 0, 0));

    SAY("times");
    SHOW(set_times("file", 1000, 1, 2000, 2, 0));
    show_times("file");
    SHOW(set_times("file", 0, OMIT, 3000, 3, 0));
    show_times("file");
    SHOW(set_times("file", -5, 0, 1l << 33, 999999999, 0));
    show_times("file");
    SHOW(set_times("file", 0, 1000000000, 0, 0, 0));
    SHOW(set_times("file", 0, -1, 0, 0, 0));
    SHOW(set_times("link", 11, 0, 12, 0, AT_SYMLINK_NOFOLLOW));
    show_times("link");
    SHOW(set_times("none", 0, 0, 0, 0, 0));
    SHOW(set_times("file", 0, 0, 0, 0, 0x8000));
    SHOW(sys_utimensat(fd, NULL, NULL, 0));
    struct KernelStat before = stat_of("file"), after;
    struct timespec now;
    sys_clock_gettime(CLOCK_REALTIME, &now);
    IS(now.tv_sec - before.modified.tv_sec < 60 && before.modified.tv_sec - now.tv_sec < 60);
    SAY("what changes which time");
    SHOW(sys_write(fd, "text", 4));
    before = stat_of("file");
    let_time_pass();
    SHOW(sys_write(fd, "more", 4));
    after = stat_of("file");
    IS(later(&after.modified, &before.modified) && later(&after.changed, &before.changed));
    IS(!later(&after.accessed, &before.accessed));
    before = after;
    let_time_pass();
    sys_chmod("file", 0644);
    after = stat_of("file");
    IS(!later(&after.modified, &before.modified) && later(&after.changed, &before.changed));
    before = after;
    let_time_pass();
    SHOW(sys_link("file", "second"));
    after = stat_of("file");
    IS(!later(&after.modified, &before.modified) && later(&after.changed, &before.changed));
    before = stat_of(".");
    let_time_pass();
    SHOW(sys_unlink("second"));
    after = stat_of(".");
    IS(later(&after.modified, &before.modified) && later(&after.changed, &before.changed));
    before = after;
    let_time_pass();
    sys_pwrite64(fd, "x", 1, 0);
    after = stat_of(".");
    IS(!later(&after.modified, &before.modified));

    SAY("statx");
    struct statx extended;
    memset(&extended, 0x55, sizeof extended);
    SHOW(sys_statx(AT_FDCWD, "file", 0, STATX_BASIC_STATS | STATX_BTIME, &extended));
    IS((extended.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
    SAY("    mode %x, %u links, %lu bytes, %lu blocks, block size %u", extended.stx_mode, extended.stx_nlink,
        (unsigned long)extended.stx_size, (unsigned long)extended.stx_blocks, extended.stx_blksize);
    IS(extended.stx_ino == stat_of("file").inode);
    IS(extended.stx_mtime.tv_sec == stat_of("file").modified.tv_sec);
    SHOW(sys_statx(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, STATX_TYPE, &extended));
    SAY("    mode %x", extended.stx_mode);
    SHOW(sys_statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &extended));
    SHOW(sys_statx(fd, "", 0, STATX_SIZE, &extended));
    SHOW(sys_statx(AT_FDCWD, "none", 0, STATX_SIZE, &extended));
    SHOW(sys_statx(AT_FDCWD, "file", 0, 1u << 31, &extended));
    SHOW(sys_statx(AT_FDCWD, "file", 0x8000000, STATX_SIZE, &extended));
    WITH_BAD_POINTERS(sys_statx(AT_FDCWD, "file", 0, STATX_SIZE, bad));
    SAY("nodes");
    SHOW(sys_mknod("plain", 0100640, 0));
    show_file("plain");
    SHOW(sys_mknod("null", 020666, 1 << 8 | 3));
    show_file("null");
    IS(stat_of("null").special_device == (1 << 8 | 3));
    long null = SHOW(sys_open("null", O_RDWR, 0));
    SHOW(sys_write(null, "x", 1));
    SHOW(sys_read(null, &extended, 1));
    SHOW(sys_mknod("dir2", 040755, 0));
    SHOW(sys_mknod("odd", 0170000, 0));
    SHOW(sys_mknod("none/x", 0100644, 0));
    SAY("the file system");
    struct {
        long type, block_size, blocks, free, available, files, free_files, id, name_length, fragment_size,
            flags, spare[4];
    } system;
    SHOW(sys_statfs(".", &system));
    SAY("    type %lx, blocks of %ld, names of %ld", (unsigned long)system.type, system.block_size,
        system.name_length);
    IS(system.free <= system.blocks && system.available <= system.free && system.blocks > 0);
    SHOW(sys_fstatfs(fd, &system));
    SHOW(sys_fstatfs(99, &system));
    WITH_BAD_POINTERS(sys_statfs(".", bad));
    static const char *const removed[] = {"file", "link", "plain", "null"};
    for (int i = 0; i < 4; ++i) sys_unlink(removed[i]);
    sys_rmdir("dir");
    leave_place("/tmp/file_attributes");
    return 0;
}
