// A directory with thousands of entries, listed in small pieces while entries come and go: what stays all the
// time is told exactly once; positions of the list can be returned to.
// libc: glibc
#include "files.h"

enum { Count = 3000, Room = 512 };

struct Entry {
    unsigned long inode;
    long next;
    unsigned short length;
    unsigned char type;
    char name[];
};

static unsigned char seen[Count];

static const char *name_of(int number)
{
    static char name[] = "entry-0000";
    for (int i = 9; i > 5; --i, number /= 10) name[i] = (char)('0' + number % 10);
    return name;
}

static int number_of(const char *name)
{
    if (memcmp(name, "entry-", 6) != 0) return -1;
    int number = 0;
    for (const char *digit = name + 6; *digit; ++digit) number = number * 10 + *digit - '0';
    return number;
}

// How many of the entries from `first` on, in steps of `step`, were told exactly `times` times.
static long told(int first, int step, int times)
{
    long count = 0;
    for (int i = first; i < Count; i += step) count += seen[i] == times;
    return count;
}

// One pass; with `removing`, each entry of an odd number is removed when one before it is told, and others
// are made meanwhile.
static void list(long fd, int removing)
{
    static char bytes[Room] __attribute__((aligned(8)));
    long n;
    memset(seen, 0, sizeof seen);
    sys_lseek(fd, 0, SEEK_SET);
    for (int round = 0; (n = sys_getdents64(fd, bytes, Room)) > 0; ++round) {
        for (long at = 0; at < n; at += ((struct Entry *)(bytes + at))->length) {
            int number = number_of(((struct Entry *)(bytes + at))->name);
            if (number >= 0 && number < Count) seen[number]++;
        }
        if (!removing) continue;
        for (int i = 0; i < 40; ++i) {
            int odd = (round * 40 + i) * 2 + 1;
            if (odd < Count) sys_unlink(name_of(odd));
        }
    }
    if (n < 0) SAY("getdents64: %s", errno_name(-n));
}

int main(void)
{
    enter_place("/tmp/crowd");
    for (int i = 0; i < Count; ++i) sys_close(sys_open(name_of(i), O_CREAT | O_EXCL | O_WRONLY, 0600));
    IS(stat_of("/tmp/crowd").links == 2);
    long fd = sys_open(".", O_RDONLY | O_DIRECTORY, 0);
    list(fd, 0);
    SAY("%ld told once", told(0, 1, 1));
    list(fd, 1);
    SAY("while the odd ones go: %ld of the even ones told once, %ld odd ones more than once", told(0, 2, 1),
        told(1, 2, 2));
    list(fd, 0);
    SAY("afterwards: %ld even, %ld odd", told(0, 2, 1), told(1, 2, 1));

    SAY("a position that was returned to, after all before it has gone");
    static char bytes[4096] __attribute__((aligned(8)));
    sys_lseek(fd, 0, SEEK_SET);
    long n = sys_getdents64(fd, bytes, 2048);
    IS(n > 1000);
    long position = sys_lseek(fd, 0, SEEK_CUR);
    n = sys_getdents64(fd, bytes, 2048);
    char expected[16];
    memcpy(expected, ((struct Entry *)bytes)->name, 11);
    SHOW(sys_unlink(".."));
    IS(sys_lseek(fd, position, SEEK_SET) == position);
    n = sys_getdents64(fd, bytes, 2048);
    IS(memcmp(((struct Entry *)bytes)->name, expected, 11) == 0);

    for (int i = 0; i < Count; i += 2) sys_unlink(name_of(i));
    list(fd, 0);
    SAY("at the end: %ld", told(0, 1, 1));
    sys_close(fd);
    leave_place("/tmp/crowd");
    return 0;
}
