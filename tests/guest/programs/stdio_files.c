// The C library's files and formats on top of the system calls.
// libc: glibc musl
// add: tests/guest/data/text.txt=/data/text.txt
// stdin: 12 -7 3.5 word\nrest of the input
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_last_digits(const void *a, const void *b)
{
    return strcmp(*(char *const *)a + 55, *(char *const *)b + 55);
}

int main(void)
{
    FILE *file = fopen("/data/text.txt", "r");
    char line[256], *lines[300];
    int count = 0;
    while (fgets(line, sizeof line, file)) lines[count++] = strdup(line);
    printf("%d lines, end of file %d, error %d, at %ld\n", count, !!feof(file), !!ferror(file), ftell(file));
    qsort(lines, (size_t)count - 1, sizeof lines[0], by_last_digits);
    printf("%s%s", lines[0], lines[count - 2]);
    for (int i = 0; i < count; ++i) free(lines[i]);
    fseek(file, -20, SEEK_END);
    printf("%s", fgets(line, sizeof line, file));
    rewind(file);
    printf("%c%c", fgetc(file), fgetc(file));
    ungetc('!', file);
    printf("%c%c\n", fgetc(file), fgetc(file));
    fclose(file);

    int a, b;
    double c;
    char word[32], rest[64];
    int matched = scanf("%d %d %lf %31s ", &a, &b, &c, word);
    printf("%d: %d %d %g %s\n", matched, a, b, c, word);
    printf("%s\n", fgets(rest, sizeof rest, stdin));
    printf("then %d\n", fgetc(stdin));

    printf("%5d|%-5d|%05d|%+d|%x|%#o|%e|%.3f|%g|%s|%c|%p|%%\n", 42, 42, 42, 42, 255, 8, 12345.678, 2.0 / 3,
           1e-10, "text", 'c', (void *)0x1000);
    printf("%ld %lu %lld %zu %hhd\n", -1l, -1ul, 1ll << 62, sizeof(long), (signed char)300);
    errno = 0;
    FILE *nothing = fopen("/data/none", "r");
    printf("%s: %s\n", nothing ? "opened" : "not opened", strerror(errno));
    nothing = fopen("/data/text.txt", "w");
    printf("%s: %s\n", nothing ? "opened" : "not opened", strerror(errno));
    char buffer[64];
    snprintf(buffer, sizeof buffer, "%s/%d", "part", 7);
    fprintf(stdout, "%s\n", buffer);
    setvbuf(stdout, NULL, _IONBF, 0);
    puts("unbuffered");
    fflush(stdout);
    return 0;
}
