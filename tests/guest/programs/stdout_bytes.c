// Standard output byte for byte: every value, large writes, standard error kept apart.
// libc: musl
#include <sys/uio.h>

#include "check.h"

static unsigned char bytes[24 * 1024];

int main(void)
{
    for (unsigned i = 0; i < sizeof bytes; ++i) bytes[i] = (unsigned char)(i + i / 256 * 7);
    long written = 0;
    while (written < (long)sizeof bytes) {
        long n = sys_write(1, bytes + written, sizeof bytes - (unsigned long)written);
        if (n <= 0) return 1;
        written += n;
    }
    sys_write(2, "this is standard error\n", 23);
    struct iovec lines[3] = {{"\r\n", 2}, {bytes, 256}, {"\n\004\003\032 the end\n", 12}};
    sys_writev(1, lines, 3);
    for (int i = 0; i < 300; ++i) sys_write(1, "abcdefghijklmnopqrstuvwxyz\n" + i % 27, 1);
    return 0;
}
