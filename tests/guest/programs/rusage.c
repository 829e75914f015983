// getrusage(2): time that grows, the most memory there was, whom it asks about, what it refuses.
// libc: none
// room: 10
#include <sys/resource.h>

#include "bad_pointers.h"

static long microseconds(const struct rusage *usage)
{
    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 + usage->ru_utime.tv_usec +
           usage->ru_stime.tv_usec;
}

int main(void)
{
    struct rusage self, thread, children;
    SHOW(sys_getrusage(RUSAGE_SELF, &self));
    IS(self.ru_minflt > 0 && self.ru_maxrss > 0);
    IS(self.ru_utime.tv_usec >= 0 && self.ru_utime.tv_usec < 1000000);
    IS(self.ru_nswap == 0 && self.ru_inblock == 0 && self.ru_oublock == 0);
    SHOW(sys_getrusage(RUSAGE_THREAD, &thread));
    IS(thread.ru_minflt >= self.ru_minflt && thread.ru_minflt <= self.ru_minflt + 8);
    SHOW(sys_getrusage(RUSAGE_CHILDREN, &children));
    IS(microseconds(&children) == 0 && children.ru_minflt == 0 && children.ru_maxrss == 0);

    SAY("working takes time");
    long before = microseconds(&self);
    struct timespec begin, now;
    sys_clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        for (volatile int i = 0; i < 100000; ++i) {}
        sys_clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < 100);
    sys_getrusage(RUSAGE_SELF, &self);
    IS(microseconds(&self) - before >= 50000);

    SAY("the most memory there was stays");
    long most = self.ru_maxrss;
    map_at(BASE, 8 * MIB, PROT_READ | PROT_WRITE);
    memset(BASE, 1, 8 * MIB);
    sys_getrusage(RUSAGE_SELF, &self);
    IS(self.ru_maxrss - most >= 6 * 1024 && self.ru_maxrss - most <= 10 * 1024);
    sys_munmap(BASE, 8 * MIB);
    sys_getrusage(RUSAGE_SELF, &thread);
    IS(thread.ru_maxrss >= self.ru_maxrss - 1024);

    SAY("refused");
    SHOW(sys_getrusage(2, &self));
    SHOW(sys_getrusage(-2, &self));
    SHOW(sys_getrusage(100, &self));
    WITH_BAD_POINTERS(sys_getrusage(RUSAGE_SELF, bad));
    SHOW(sys_getrusage(RUSAGE_SELF, last_bytes(143)));
    SHOW(sys_getrusage(RUSAGE_SELF, last_bytes(144)));
    SHOW(sys_getrusage(RUSAGE_SELF, read_only_page()));
    return 0;
}
