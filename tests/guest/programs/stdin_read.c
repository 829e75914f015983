// Standard input to its end: every byte, in the order given, and the end again and again.
// libc: none
// stdin: @tests/guest/data/text.txt
// cases: pieces large bytes vector
#include <sys/uio.h>

#include "check.h"

static char bytes[65536];

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    unsigned long sum = 0;
    long total = 0, n;
    for (;;) {
        if (same_text(test, "vector")) {
            struct iovec two[2] = {{bytes, 100}, {bytes + 100, 900}};
            n = sys_readv(0, two, 2);
        } else {
            n = sys_read(0, bytes,
                         same_text(test, "pieces")  ? 333
                         : same_text(test, "bytes") ? 1
                                                    : sizeof bytes);
        }
        if (n <= 0) break;
        for (long i = 0; i < n; ++i) sum = sum * 31 + (unsigned char)bytes[i];
        total += n;
    }
    SAY("%ld bytes, then %ld, sum %lx", total, n, sum);
    SHOW(sys_read(0, bytes, 10));
    SHOW(sys_read(0, bytes, 10));
    return 0;
}
