// group_disk.c: a raw disk, past the page cache (O_DIRECT), one request at a time. Opt-in.
#include "groups.h"
#include "touch.h"

static int pass(const char *name, s64 fd, u64 buffer, u64 block, u64 total, int writing)
{
    struct Samples s = {.count = 0};
    REPEAT
    {
        sc3(SYS_lseek, fd, MiB, 0);
        u64 t = rdtsc();
        for (u64 at = 0; at < total; at += block) {
            s64 r = sc3(writing ? SYS_write : SYS_read, fd, buffer, block);
            if (r != (s64)block) return is_error(r) ? r : -E_IO;
        }
        add_sample(&s, rdtsc() - t);
    }
    report_rate(name, &s, total);
    return 0;
}

int group_blk(void)
{
    s64 fd = sc3(SYS_open, (u64)options.device, (options.write_disk ? O_RDWR : O_RDONLY) | O_DIRECT, 0);
    if (is_error(fd)) return fd;
    s64 b = map_anonymous(MiB);
    if (is_error(b)) return b;
    touch_write(b, MiB);
    int r = 0;
    if (options.write_disk) {
        r = pass("blk_write_1m", fd, b, MiB, 128 * MiB, 1);
        if (!r) r = pass("blk_write_128k", fd, b, MiB / 8, 64 * MiB, 1);
        if (!r) r = pass("blk_write_4k", fd, b, PAGE, 8 * MiB, 1);
    }
    if (!r) r = pass("blk_read_1m", fd, b, MiB, 128 * MiB, 0);
    if (!r) r = pass("blk_read_128k", fd, b, MiB / 8, 64 * MiB, 0);
    if (!r) r = pass("blk_read_32k", fd, b, MiB / 32, 32 * MiB, 0);
    if (!r) r = pass("blk_read_4k", fd, b, PAGE, 8 * MiB, 0);
    unmap(b, MiB);
    sc1(SYS_close, fd);
    return r;
}
