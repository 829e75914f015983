/* Leaves its piece on the way that its argument names. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

extern const char __executable_start[];

static int recurse(int depth)
{
    volatile char local[1000];
    local[0] = (char)depth;
    return depth < 0 ? 0 : recurse(depth + 1) + local[0];
}

/* Larger than the stack: it begins far beyond the guard page. */
static __attribute__((noinline)) void use_array(void)
{
    volatile char array[512 << 10];
    array[0] = 1;
    (void)array[1];
}

/* /proc/pool while this program calls itself something else. */
static void show_pool_as(const char *name)
{
    char text[4096];
    prctl(PR_SET_NAME, name);
    int file = open("/proc/pool", O_RDONLY);
    ssize_t size = read(file, text, sizeof text);
    fwrite(text, 1, size > 0 ? (size_t)size : 0, stdout);
}

static void fill(size_t bytes)
{
    char *area = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED) exit(1);
    memset(area, 1, bytes);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    if (!strcmp(how, "stack")) recurse(0);
    if (!strcmp(how, "array")) use_array();
    if (!strcmp(how, "below")) (void)*(volatile const char *)(__executable_start - 1);
    if (!strcmp(how, "above")) *(volatile char *)strtoul(argv[2], NULL, 16) = 1;
    if (!strcmp(how, "break")) ((volatile char *)sbrk(0))[8192] = 1;
    if (!strcmp(how, "null")) *(volatile char *)0 = 1;
    if (!strcmp(how, "constant")) *(volatile char *)"constant" = 1;
    if (!strcmp(how, "name")) show_pool_as(argv[2]);
    if (!strcmp(how, "fill")) fill(strtoul(argv[2], NULL, 10) << 20);
    puts("nothing happened");
    return 0;
}
