// /dev/null, /dev/zero, /dev/urandom: what reading and writing them gives.
// libc: none
#include "bad_pointers.h"

static unsigned char bytes[70000];

static int kinds_of_bytes(long n)
{
    char seen[256] = {0};
    int kinds = 0;
    for (long i = 0; i < n; ++i) kinds += !seen[bytes[i]], seen[bytes[i]] = 1;
    return kinds;
}

int main(void)
{
    long null = sys_open("/dev/null", O_RDWR, 0), zero = sys_open("/dev/zero", O_RDWR, 0);
    long random = sys_open("/dev/urandom", O_RDONLY, 0);
    SAY("null");
    SHOW(sys_read(null, bytes, 100));
    SHOW(sys_write(null, bytes, 60000));
    SHOW(sys_write(null, bytes, 0));
    SHOW(sys_lseek(null, 1000, 0));
    SHOW(sys_pread64(null, bytes, 10, 5));

    SAY("zero");
    memset(bytes, 1, sizeof bytes);
    SHOW(sys_read(zero, bytes, 65536));
    IS(all_are(bytes, 0, 65536) && bytes[65536] == 1);
    SHOW(sys_write(zero, bytes, 100));
    SHOW(sys_read(zero, bytes, 0));
    SHOW(sys_pread64(zero, bytes, 10, 12345));
    SHOW(sys_lseek(zero, 10, 0));
    char *last = last_bytes(3000);
    SHOW(sys_read(zero, last, 4000));
    SHOW(sys_read(zero, last + 3000, 1));

    SAY("urandom");
    memset(bytes, 0, sizeof bytes);
    SHOW(sys_read(random, bytes, 60000));
    IS(kinds_of_bytes(60000) == 256);
    SHOW(sys_read(random, bytes, 1));
    SHOW(sys_read(random, bytes, 0));
    SHOW(sys_read(random, bytes, 32));
    SHOW(sys_read(random, bytes + 32, 32));
    int same = 0;
    for (int i = 0; i < 32; ++i) same += bytes[i] == bytes[i + 32];
    IS(same < 16);
    SHOW(sys_write(random, bytes, 10));
    last = last_bytes(100);
    SHOW(sys_read(random, last, 200));
    SHOW(sys_read(random, last + 100, 1));
    WITH_BAD_POINTERS(sys_read(zero, bad, 10));
    WITH_BAD_POINTERS(sys_read(random, bad, 10));
    return 0;
}
