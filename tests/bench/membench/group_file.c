// group_file.c: a file of 16 MiB in the page cache: mapped and touched, read, and written through a shared
// mapping.
#include "groups.h"
#include "touch.h"

enum { FileBytes = 16 * MiB, Stride = 64 * 1024 };
static u64 buffer[Stride / 8] __attribute__((aligned(4096)));
static char path[256];

static inline u64 file_word(u64 w)
{
    return w * 0x9E3779B97F4A7C15UL + 1;
}

static s64 make_file(void)
{
    const char *directory = length_of(options.directory) > sizeof path - 16 ? "/tmp" : options.directory;
    *put(put(path, directory), "/mb.dat") = 0;
    s64 fd = sc3(SYS_open, (u64)path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (is_error(fd)) return fd;
    for (u64 at = 0; at < FileBytes; at += sizeof buffer) {
        for (u64 i = 0; i < sizeof buffer / 8; i++) buffer[i] = file_word(at / 8 + i);
        s64 r = sc3(SYS_write, fd, (u64)buffer, sizeof buffer);
        if (r != sizeof buffer) {
            sc1(SYS_close, fd), sc1(SYS_unlink, path);
            return is_error(r) ? r : -E_IO;
        }
    }
    return fd;
}

// Maps the file, touches it in steps, then looks whether it holds what was written.
static int map_and_touch(int fd, u64 step, struct Samples *s)
{
    int error = 0;
    s64 a = map(FileBytes, P_R, MAP_PRIVATE, fd);
    if (is_error(a)) return a;
    u64 t = rdtsc();
    touch_read(a, FileBytes, step);
    add_sample(s, rdtsc() - t);
    for (u64 i = 0; i < FileBytes; i += 5 * PAGE + 8)
        if (*(volatile u64 *)(a + (i & -8UL)) != file_word(i / 8)) error = -E_FAULT;
    unmap(a, FileBytes);
    return error;
}

int group_file(void)
{
    struct Samples pages = {.count = 0}, strides = {.count = 0}, rd = {.count = 0};
    s64 fd = *options.file ? sc3(SYS_open, (u64)options.file, O_RDONLY, 0) : make_file();
    int error = 0;
    if (is_error(fd)) return fd;
    REPEAT
    {
        if ((error = map_and_touch(fd, PAGE, &pages))) goto done;
        if ((error = map_and_touch(fd, Stride, &strides))) goto done;
        sc3(SYS_lseek, fd, 0, 0);
        u64 t = rdtsc();
        for (u64 at = 0; at < FileBytes; at += sizeof buffer)
            if (sc3(SYS_read, fd, (u64)buffer, sizeof buffer) != sizeof buffer) error = -E_IO;
        add_sample(&rd, rdtsc() - t);
        if (error) goto done;
    }
    report_ns("file_fault_page", &pages, FileBytes / PAGE);
    report_ns("file_fault_per_64k_touch", &strides, FileBytes / Stride);
    report_rate("file_read_64k_cached", &rd, FileBytes);
done:
    sc1(SYS_close, fd);
    if (!*options.file) sc1(SYS_unlink, path);
    return error;
}

// read(2) must see what was stored through the mapping.
static int check_file(int fd, u64 first)
{
    sc3(SYS_lseek, fd, 0, 0);
    for (u64 at = 0; at < FileBytes; at += sizeof buffer) {
        if (sc3(SYS_read, fd, (u64)buffer, sizeof buffer) != sizeof buffer) return -E_IO;
        for (u64 i = 0; i < sizeof buffer / 8; i += 8)
            if (buffer[i] != first + at / 8 + i) return -E_FAULT;
    }
    return 0;
}

int group_msync(void)
{
    struct Samples all = {.count = 0}, dirty = {.count = 0}, ms = {.count = 0};
    s64 fd = make_file(), a, r = 0;
    if (is_error(fd)) return fd;
    a = map(FileBytes, P_RW, MAP_SHARED, fd);
    if (is_error(a)) {
        r = a;
        goto done;
    }
    if (is_error(r = sc3(SYS_msync, a, FileBytes, MS_SYNC))) goto done; // start clean
    REPEAT
    {
        u64 t0 = rdtsc();
        touch_write(a, FileBytes); // clean shared page -> dirty: one fault per page
        u64 t1 = rdtsc();
        u64 x = repetition + 3;
        for (u64 *p = (u64 *)a; p < (u64 *)(a + FileBytes); p += 4)
            p[0] = x, p[1] = x + 1, p[2] = x + 2, p[3] = x + 3, x += 4;
        u64 t2 = rdtsc();
        r = sc3(SYS_msync, a, FileBytes, MS_SYNC);
        u64 t3 = rdtsc();
        if (is_error(r)) goto done;
        add_sample(&all, t3 - t0), add_sample(&dirty, t1 - t0), add_sample(&ms, t3 - t2);
        if ((r = check_file(fd, repetition + 3))) goto done;
    }
    report_rate("shared_write_msync", &all, FileBytes);
    report_ns("shared_dirty_fault", &dirty, FileBytes / PAGE);
    report_rate("msync_only", &ms, FileBytes);
    r = 0;
done:
    if (!is_error(a)) unmap(a, FileBytes);
    sc1(SYS_close, fd), sc1(SYS_unlink, path);
    return r;
}
