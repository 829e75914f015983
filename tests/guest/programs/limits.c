// getrlimit(2), setrlimit(2), prlimit64(2): every resource, raising and lowering, what is refused.
// libc: none
#include <sys/resource.h>

#include "bad_pointers.h"

static void show_limit(long resource)
{
    struct rlimit limit = {7, 7};
    long result = sys_getrlimit(resource, &limit);
    SAY("    %ld: %s, soft <= hard %d", resource, result ? errno_name(-result) : "ok",
        limit.rlim_cur <= limit.rlim_max);
}

int main(void)
{
    for (long i = 0; i < 16; ++i) show_limit(i);
    struct rlimit limit, old;
    SHOW(sys_getrlimit(RLIMIT_STACK, &limit));
    SAY("stack %ld KiB", (long)limit.rlim_cur / 1024);
    SHOW(sys_getrlimit(RLIMIT_CPU, &limit));
    IS(limit.rlim_cur == RLIM_INFINITY && limit.rlim_max == RLIM_INFINITY);
    SHOW(sys_getrlimit(RLIMIT_FSIZE, &limit));
    IS(limit.rlim_cur == RLIM_INFINITY);
    SHOW(sys_getrlimit(RLIMIT_RSS, &limit));
    IS(limit.rlim_cur == RLIM_INFINITY);

    SAY("lowered, raised to the hard limit, raised above it: root may");
    limit.rlim_cur = 100, limit.rlim_max = 200;
    SHOW(sys_setrlimit(RLIMIT_RSS, &limit));
    SHOW(sys_getrlimit(RLIMIT_RSS, &old));
    SAY("%ld %ld", (long)old.rlim_cur, (long)old.rlim_max);
    limit.rlim_cur = 200;
    SHOW(sys_setrlimit(RLIMIT_RSS, &limit));
    limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
    SHOW(sys_setrlimit(RLIMIT_RSS, &limit));

    SAY("prlimit64: both at once, oneself by number");
    limit.rlim_cur = 1000, limit.rlim_max = 2000;
    SHOW(sys_prlimit64(0, RLIMIT_RSS, &limit, &old));
    IS(old.rlim_cur == RLIM_INFINITY && old.rlim_max == RLIM_INFINITY);
    SHOW(sys_prlimit64(sys_getpid(), RLIMIT_RSS, NULL, &old));
    SAY("%ld %ld", (long)old.rlim_cur, (long)old.rlim_max);
    SHOW(sys_prlimit64(0, RLIMIT_RSS, NULL, NULL));
    SHOW(sys_prlimit64(0, RLIMIT_RSS, &limit, &limit));

    SAY("refused");
    limit.rlim_cur = 201, limit.rlim_max = 200;
    SHOW(sys_setrlimit(RLIMIT_RSS, &limit));
    SHOW(sys_prlimit64(0, RLIMIT_RSS, &limit, NULL));
    SHOW(sys_getrlimit(16, &limit));
    SHOW(sys_getrlimit(-1, &limit));
    SHOW(sys_setrlimit(16, &limit));
    SHOW(sys_prlimit64(0, 16, NULL, &limit));
    SHOW(sys_prlimit64(999999, RLIMIT_RSS, NULL, &limit));
    SHOW(sys_prlimit64(-1, RLIMIT_RSS, NULL, &limit));
    limit.rlim_cur = 1024, limit.rlim_max = 1ul << 40; // above /proc/sys/fs/nr_open
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    WITH_BAD_POINTERS(sys_getrlimit(RLIMIT_RSS, bad));
    WITH_BAD_POINTERS(sys_setrlimit(RLIMIT_RSS, bad));
    WITH_BAD_POINTERS(sys_prlimit64(0, RLIMIT_RSS, bad, NULL));
    WITH_BAD_POINTERS(sys_prlimit64(0, RLIMIT_RSS, NULL, bad));
    SHOW(sys_getrlimit(RLIMIT_RSS, last_bytes(15)));
    SHOW(sys_getrlimit(RLIMIT_RSS, read_only_page()));
    return 0;
}
