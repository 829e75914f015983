// What the relay's tests run on Vitrine: moves bytes in the ways that a relay could get wrong.
#define _GNU_SOURCE // environ
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char block[65536];

static int copy(void)
{
    ssize_t count;
    size_t sum = 0;
    while ((count = read(0, block, sizeof block)) > 0) {
        for (ssize_t done = 0; done < count;) {
            ssize_t written = write(1, block + done, count - done);
            if (written <= 0) return 9;
            done += written;
        }
        sum += count;
    }
    dprintf(2, "%zu", sum);
    return count < 0;
}

static int flood(long mebibytes)
{
    for (size_t i = 0; i < sizeof block; i++) block[i] = (char)i;
    for (long i = 0; i < mebibytes * 16; i++)
        if (write(1, block, sizeof block) != sizeof block) return 9;
    return 0;
}

static int alternate(long lines)
{
    for (long i = 0; i < lines; i++) dprintf(1 + i % 2, "line %ld\n", i);
    return 0;
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    if (strcmp(what, "copy") == 0) return copy();
    if (strcmp(what, "flood") == 0) return flood(atol(arguments[2]));
    if (strcmp(what, "alternate") == 0) return alternate(atol(arguments[2]));
    if (strcmp(what, "read") == 0) return (int)read(0, block, atol(arguments[2]));
    if (strcmp(what, "abort") == 0) abort();
    if (strcmp(what, "terminal") == 0) return isatty(0) + 2 * isatty(1) + 4 * isatty(2);
    for (int i = 0; i < count; i++) printf("%s\n", arguments[i]);
    for (char **variable = environ; *variable; variable++) printf("%s\n", *variable);
    char path[4096], directory[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    printf("%.*s\n%s\n", (int)length, path, getcwd(directory, sizeof directory) ? directory : "?");
    return 42;
}
