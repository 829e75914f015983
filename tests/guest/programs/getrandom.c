// getrandom(2): as many bytes as asked for, each time others.
#include "bad_pointers.h"

static unsigned char bytes[70000];

int main(void)
{
    SHOW(sys_getrandom(bytes, 8, 1)); // GRND_NONBLOCK, as glibc at its start
    SHOW(sys_getrandom(bytes, 256, 0));
    SHOW(sys_getrandom(bytes, 16, 2)); // GRND_RANDOM
    SHOW(sys_getrandom(bytes, 16, 4)); // GRND_INSECURE
    SHOW(sys_getrandom(bytes, 0, 0));
    SHOW(sys_getrandom(NULL, 0, 0));
    memset(bytes, 0, sizeof bytes);
    SHOW(sys_getrandom(bytes, 65536, 0));
    long counts[256] = {0}, least = 65536;
    for (int i = 0; i < 65536; ++i) ++counts[bytes[i]];
    for (int i = 0; i < 256; ++i) least = counts[i] < least ? counts[i] : least;
    IS(least > 128); // 256 expected of each
    IS(bytes[65536] == 0 && bytes[69999] == 0);
    unsigned long first[4], second[4];
    SHOW(sys_getrandom(first, 32, 0));
    SHOW(sys_getrandom(second, 32, 0));
    IS(first[0] != second[0] && first[1] != second[1] && first[0] != first[1]);
    SAY("a number of bytes that is no power of two");
    memset(bytes, 0, 100);
    SHOW(sys_getrandom(bytes, 77, 0));
    IS(all_are(bytes + 77, 0, 23) && !all_are(bytes + 60, 0, 17));

    SAY("refused");
    SHOW(sys_getrandom(bytes, 8, 8));
    SHOW(sys_getrandom(bytes, 8, -1));
    SHOW(sys_getrandom(bytes, 8, 2 | 4));
    WITH_BAD_POINTERS(sys_getrandom(bad, 8, 0));
    SHOW(sys_getrandom(read_only_page(), 8, 0));
    char *last = last_bytes(100);
    SHOW(sys_getrandom(last, 200, 0));
    SHOW(sys_getrandom(last + 100, 1, 0));
    return 0;
}
