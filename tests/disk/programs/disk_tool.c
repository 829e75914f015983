// disk_tool COMMAND DEVICE …: what the disk tests let a program do with a disk. One line of output per
// finding.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BLKROGET 0x125e
#define BLKGETSIZE 0x1260
#define BLKFLSBUF 0x1261
#define BLKSSZGET 0x1268
#define BLKGETSIZE64 0x80081272

static const char *device;

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}
// The byte that belongs at a position; tests/disk/support.py has the same function.
static uint8_t pattern(uint64_t seed, uint64_t position)
{
    return (uint8_t)(mix(seed ^ position >> 3) >> 8 * (position & 7));
}
static void fill(uint8_t *to, uint64_t seed, uint64_t position, size_t count)
{
    for (size_t i = 0; i < count; i++) to[i] = pattern(seed, position + i);
}

static uint64_t random_state;
static uint64_t draw(uint64_t below)
{
    return mix(random_state++) % below;
}

static int open_device(int flags)
{
    int fd = open(device, flags);
    if (fd < 0) {
        printf("open %s: %s\n", device, strerror(errno));
        exit(1);
    }
    return fd;
}
static uint64_t size_of(int fd)
{
    uint64_t bytes = 0;
    if (ioctl(fd, BLKGETSIZE64, &bytes) != 0) exit(1);
    return bytes;
}
static const char *said(ssize_t result)
{
    static char text[4][32];
    static unsigned next;
    char *to = text[next++ % 4];
    if (result >= 0)
        snprintf(to, sizeof text[0], "%zd", result);
    else
        snprintf(to, sizeof text[0], "%s", strerrorname_np(errno));
    return to;
}
static uint8_t *memory(size_t bytes)
{
    uint8_t *place = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) exit(1);
    return place;
}
static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// write SEED OFFSET LENGTH SHIFT PIECE: the pattern from OFFSET on, from memory SHIFT bytes off a page
// boundary.
static int do_write(char **a)
{
    uint64_t seed = strtoull(a[0], 0, 0), offset = strtoull(a[1], 0, 0), length = strtoull(a[2], 0, 0);
    size_t shift = strtoull(a[3], 0, 0), piece = strtoull(a[4], 0, 0);
    int fd = open_device(O_WRONLY);
    uint8_t *from = memory(piece + 4096) + shift;
    for (uint64_t at = 0; at < length; at += piece) {
        size_t count = length - at < piece ? length - at : piece;
        fill(from, seed, offset + at, count);
        ssize_t written = pwrite(fd, from, count, (off_t)(offset + at));
        if (written != (ssize_t)count) return printf("at %lu: %s\n", offset + at, said(written)), 1;
    }
    printf("fsync %s\n", said(fsync(fd)));
    return 0;
}

// check SEED OFFSET LENGTH SHIFT PIECE: the same for reading.
static int do_check(char **a)
{
    uint64_t seed = strtoull(a[0], 0, 0), offset = strtoull(a[1], 0, 0), length = strtoull(a[2], 0, 0);
    size_t shift = strtoull(a[3], 0, 0), piece = strtoull(a[4], 0, 0);
    int fd = open_device(O_RDONLY);
    uint8_t *to = memory(piece + 4096) + shift;
    lseek(fd, (off_t)offset, SEEK_SET);
    for (uint64_t at = 0; at < length; at += piece) {
        size_t count = length - at < piece ? length - at : piece;
        ssize_t got = read(fd, to, count);
        if (got != (ssize_t)count) return printf("at %lu: %s\n", offset + at, said(got)), 1;
        for (size_t i = 0; i < count; i++) {
            if (to[i] != pattern(seed, offset + at + i))
                return printf("wrong byte at %lu\n", offset + at + i), 1;
        }
    }
    printf("right\n");
    return 0;
}

// random SEED COUNT: calls of any offset, length and alignment, held against a copy in memory.
static int do_random(char **a)
{
    random_state = strtoull(a[0], 0, 0);
    unsigned count = (unsigned)strtoul(a[1], 0, 0);
    int fd = open_device(O_RDWR), direct = open_device(O_RDWR | O_DIRECT);
    uint64_t size = size_of(fd);
    uint8_t *model = memory(size), *buffer = memory(size + 8192);
    if (pread(fd, model, size, 0) != (ssize_t)size) return printf("the first read\n"), 1;
    for (unsigned i = 0; i < count; i++) {
        int aligned = draw(3) == 0, use_direct = aligned && draw(2), writing = (int)draw(2);
        uint64_t unit = aligned ? 512 : 1;
        uint64_t offset = draw(size / unit) * unit;
        uint64_t most = draw(4) ? 6000 : 400000;
        uint64_t length = (1 + draw(most / unit)) * unit;
        uint64_t shift = draw(8192 / unit) * unit;
        uint64_t expected = length < size - offset ? length : size - offset;
        int with = use_direct ? direct : fd;
        uint8_t *at = buffer + shift;
        if (shift + length > size + 8192) continue;
        for (uint64_t k = 0; writing && k < length; k++) at[k] = (uint8_t)draw(256);
        if (!writing) memset(at, 0xa5, length);
        ssize_t done;
        if (draw(4) == 0) {
            // In several stretches.
            struct iovec parts[3] = {{at, length / 3 / unit * unit}, {NULL, 0}, {NULL, 0}};
            parts[1] = (struct iovec){at + parts[0].iov_len, parts[0].iov_len};
            parts[2] = (struct iovec){at + 2 * parts[0].iov_len, length - 2 * parts[0].iov_len};
            lseek(with, (off_t)offset, SEEK_SET);
            done = writing ? writev(with, parts, 3) : readv(with, parts, 3);
        } else {
            done = writing ? pwrite(with, at, length, (off_t)offset) : pread(with, at, length, (off_t)offset);
        }
        if (done != (ssize_t)expected)
            return printf("call %u: %s instead of %lu\n", i, said(done), expected), 1;
        if (writing)
            memcpy(model + offset, at, expected);
        else if (memcmp(model + offset, at, expected) != 0)
            return printf("call %u: other bytes at %lu, %lu\n", i, offset, expected), 1;
        for (uint64_t k = expected; !writing && k < length; k++) {
            if (at[k] != 0xa5) return printf("call %u: bytes behind the end were touched\n", i), 1;
        }
    }
    uint64_t hash = 0xcbf29ce484222325u;
    for (uint64_t i = 0; i < size; i++) hash = (hash ^ model[i]) * 0x100000001b3u;
    printf("fsync %s\nhash %016lx\n", said(fdatasync(fd)), hash);
    return 0;
}

// share INDEX OF COUNT: bytes at positions INDEX modulo OF, one at a time: all programs write to the same
// sectors.
static int do_share(char **a)
{
    uint64_t index = strtoull(a[0], 0, 0), of = strtoull(a[1], 0, 0), count = strtoull(a[2], 0, 0);
    int fd = open_device(O_RDWR);
    for (uint64_t i = 0; i < count; i++) {
        uint8_t byte = pattern(index, i);
        ssize_t done = pwrite(fd, &byte, 1, (off_t)(i * of + index));
        if (done != 1) return printf("%lu: %s\n", i, said(done)), 1;
    }
    printf("done\n");
    return 0;
}

// errors: what calls answer that cannot do what they are asked.
static int do_errors(char **a)
{
    (void)a;
    int fd = open_device(O_RDWR), direct = open_device(O_RDWR | O_DIRECT);
    uint64_t size = size_of(fd);
    uint8_t *at = memory(16384);
    int read_only = 0, block = 0;
    unsigned long sectors = 0;
    ioctl(fd, BLKROGET, &read_only);
    ioctl(fd, BLKSSZGET, &block);
    ioctl(fd, BLKGETSIZE, &sectors);
    printf("size %lu sectors %lu block %d read-only %d flush %s\n", size, sectors, block, read_only,
           said(ioctl(fd, BLKFLSBUF, 0)));
    struct stat status;
    fstat(fd, &status);
    printf("mode %o device %u:%u size %ld\n", status.st_mode, major(status.st_rdev), minor(status.st_rdev),
           status.st_size);
    printf("end %s\n", said(lseek(fd, 0, SEEK_END)));
    printf("past the end %s\n", said(lseek(fd, (off_t)size + 1, SEEK_SET)));
    printf("before the beginning %s\n", said(lseek(fd, -1, SEEK_SET)));
    printf("hole %s\n", said(lseek(fd, 0, SEEK_HOLE)));
    printf("read at the end %s\n", said(pread(fd, at, 512, (off_t)size)));
    printf("read far behind %s\n", said(pread(fd, at, 512, (off_t)size * 1000)));
    printf("read across the end %s\n", said(pread(fd, at, 8192, (off_t)size - 1000)));
    printf("write at the end %s\n", said(pwrite(fd, at, 1, (off_t)size)));
    printf("write nothing at the end %s\n", said(pwrite(fd, at, 0, (off_t)size)));
    printf("write across the end %s\n", said(pwrite(fd, at, 8192, (off_t)size - 1000)));
    printf("negative offset %s\n", said(pread(fd, at, 1, -1)));
    printf("direct offset %s\n", said(pread(direct, at, 512, 100)));
    printf("direct length %s\n", said(pread(direct, at, 100, 512)));
    printf("direct address %s\n", said(pread(direct, at + 100, 512, 512)));
    printf("direct across the end %s\n", said(pread(direct, at, 8192, (off_t)size - 1024)));
    printf("nowhere %s\n", said(pread(fd, (void *)0x1000, 4096, 0)));
    printf("unaligned from nowhere %s\n", said(pwrite(fd, (void *)0x1003, 100, 0)));
    uint8_t *edge = memory(8192);
    munmap(edge + 4096, 4096);
    printf("half there %s\n", said(pread(fd, edge, 8192, 0)));
    printf("unaligned, half there %s\n", said(pwrite(fd, edge + 4000, 500, 0)));
    mprotect(edge, 4096, PROT_READ);
    printf("into a constant %s\n", said(pread(fd, edge, 4096, 0)));
    printf("map %s\n", said(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0));
    printf("terminal? %s\n", said(ioctl(fd, 0x5401, at)));
    printf("ioctl to nowhere %s\n", said(ioctl(fd, BLKGETSIZE64, 0x1000)));
    int reader = open_device(O_RDONLY);
    printf("write to a reader %s\n", said(pwrite(reader, at, 512, 0)));
    int null = open("/dev/null", O_RDWR);
    printf("fsync of others %s %s\n", said(fsync(null)), said(fsync(99)));
    int regular = open("/proc/self/exe", O_RDONLY);
    printf("fsync of a file %s, direct %s\n", said(fsync(regular)),
           said(open("/proc/self/exe", O_RDONLY | O_DIRECT)));
    printf("fcntl direct %s\n", said(fcntl(fd, F_SETFL, O_DIRECT)));
    printf("then unaligned %s\n", said(pread(fd, at, 100, 0)));
    return 0;
}

// scan LENGTH r|w: the positions of pieces that fail, and how.
static int do_scan(char **a)
{
    size_t piece = strtoull(a[0], 0, 0);
    int writing = a[1][0] == 'w';
    int fd = open_device(O_RDWR);
    uint64_t size = size_of(fd), good = 0;
    uint8_t *at = memory(piece);
    for (uint64_t offset = 0; offset < size; offset += piece) {
        if (writing) fill(at, 7, offset, piece);
        ssize_t done = writing ? pwrite(fd, at, piece, (off_t)offset) : pread(fd, at, piece, (off_t)offset);
        if (done == (ssize_t)piece)
            good++;
        else
            printf("%lu: %s\n", offset, said(done));
    }
    printf("good %lu\n", good);
    return 0;
}

// again COUNT LENGTH: reads at the beginning, one after the other, with the time each took; and what is free.
static int do_again(char **a)
{
    unsigned count = (unsigned)strtoul(a[0], 0, 0);
    size_t length = strtoull(a[1], 0, 0);
    int fd = open_device(O_RDONLY);
    for (unsigned i = 0; i < count; i++) {
        uint8_t *at = memory(length);
        double begin = seconds();
        ssize_t got = pread(fd, at, length, (off_t)(i * length));
        printf("%s after %.0f s\n", said(got), seconds() - begin);
        fflush(stdout);
        munmap(at, length);
    }
    return 0;
}

// late LENGTH SECONDS: reads the same piece until that fails, and then sleeps.
static int do_late(char **a)
{
    size_t length = strtoull(a[0], 0, 0);
    int fd = open_device(O_RDONLY);
    for (double begin = seconds(); seconds() - begin < 60;) {
        uint8_t *at = memory(length);
        ssize_t got = pread(fd, at, length, 0);
        munmap(at, length);
        if (got >= 0) continue;
        printf("%s\n", said(got));
        break;
    }
    fflush(stdout);
    sleep(strtoull(a[1], 0, 0));
    return 0;
}

static int do_list(char **a)
{
    (void)a;
    DIR *dev = opendir("/dev");
    for (struct dirent *entry; (entry = readdir(dev));) {
        if (strncmp(entry->d_name, "vd", 2) == 0) printf("%s %d\n", entry->d_name, entry->d_type);
    }
    fflush(stdout);
    for (const char **name = (const char *[]){"/proc/partitions", "/proc/diskstats", NULL}; *name; name++) {
        char text[4096];
        int fd = open(*name, O_RDONLY);
        ssize_t count = read(fd, text, sizeof text);
        if (count > 0 && write(1, text, (size_t)count) < 0) return 1;
        close(fd);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*act)(char **);
        int arguments;
    } commands[] = {
        {"write", do_write, 5}, {"check", do_check, 5},   {"random", do_random, 2},
        {"share", do_share, 3}, {"errors", do_errors, 0}, {"scan", do_scan, 2},
        {"again", do_again, 2}, {"late", do_late, 2},     {"list", do_list, 0},
    };
    for (size_t i = 0; argc >= 3 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) != 0 || argc - 3 != commands[i].arguments) continue;
        device = argv[2];
        return commands[i].act(argv + 3);
    }
    fprintf(stderr, "usage: disk_tool COMMAND DEVICE ARGUMENT...\n");
    return 2;
}
