// malloc, calloc, realloc and free in a random but repeatable order: blocks from the heap and from mmap keep
// their content, whatever the C library asks of the kernel.
// libc: glibc musl
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { Blocks = 300, Rounds = 30000 };

static unsigned char *blocks[Blocks];
static size_t sizes[Blocks];
static unsigned long state = 12345;

static unsigned long random_number(void)
{
    state = state * 6364136223846793005ul + 1442695040888963407ul;
    return state >> 33;
}

static size_t random_size(void)
{
    switch (random_number() % 20) {
    case 0:
        return random_number() % 600000; // above the C library's mmap threshold
    case 1:
        return random_number() % 60000;
    case 2:
        return 0;
    default:
        return random_number() % 700;
    }
}

static void fill(int i, size_t from)
{
    for (size_t at = from; at < sizes[i]; ++at) blocks[i][at] = (unsigned char)(at * 31 + (size_t)i);
}

static int intact(int i, size_t size)
{
    for (size_t at = 0; at<size; at += at> 200 && at + 200 < size ? 97 : 1) {
        if (blocks[i][at] != (unsigned char)(at * 31 + (size_t)i)) return 0;
    }
    return 1;
}

int main(void)
{
    unsigned long damaged = 0, dirty = 0, misaligned = 0, bytes = 0;
    for (int round = 0; round < Rounds; ++round) {
        int i = (int)(random_number() % Blocks);
        size_t size = random_size();
        if (!blocks[i]) {
            int clean = random_number() % 4 == 0;
            blocks[i] = clean ? calloc(1, size) : malloc(size);
            for (size_t at = 0; clean && at < size; ++at) dirty += blocks[i][at] != 0;
            sizes[i] = size;
            fill(i, 0);
        } else if (random_number() % 3 == 0) {
            size_t kept = size < sizes[i] ? size : sizes[i];
            unsigned char *moved = realloc(blocks[i], size ? size : 1);
            blocks[i] = moved;
            damaged += !intact(i, kept);
            sizes[i] = size;
            fill(i, kept);
        } else {
            damaged += !intact(i, sizes[i]);
            free(blocks[i]);
            blocks[i] = NULL;
        }
        if (blocks[i]) misaligned += (size_t)blocks[i] % 16 != 0;
        bytes += size;
    }
    printf("%lu bytes asked for, %lu damaged, %lu dirty, %lu misaligned\n", bytes, damaged, dirty,
           misaligned);
    unsigned long sum = 0;
    for (int i = 0; i < Blocks; ++i) {
        for (size_t at = 0; blocks[i] && at < sizes[i]; ++at) sum = sum * 31 + blocks[i][at];
        free(blocks[i]);
    }
    printf("sum %lx\n", sum);

    unsigned char *large = malloc(1 << 20); // grows by mremap
    for (size_t size = 1 << 20; size <= 16 << 20; size *= 2) {
        large = realloc(large, size);
        large[0] = 1, large[size - 1] = 2;
        printf("%zu KiB: %d %d\n", size >> 10, large[0], large[size - 1]);
    }
    free(large);
    void *aligned = NULL;
    printf("aligned: %d %d\n", posix_memalign(&aligned, 65536, 100000), (int)((size_t)aligned % 65536));
    free(aligned);
    volatile size_t too_much = (size_t)1 << 46;
    printf("too much: %s\n", malloc(too_much) ? "given" : "refused");
    return 0;
}
