/* traces leave: fills all its memory with ones. traces look: says whether there is anything but zeros in what
   the next program gets there: statics, heap, memory from mmap, and the stack below what is in use. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static char table[2 << 20];
enum { MIB = 1 << 20, STACK = 128 << 10 };

static void visit(const char *what, char *begin, size_t size, int leave)
{
    if (leave) {
        memset(begin, 0xff, size);
        return;
    }
    for (size_t i = 0; i < size; i++)
        if (begin[i] != 0) {
            printf("%s: not zeros\n", what);
            return;
        }
    printf("%s: clean\n", what);
}

int main(int argc, char **argv)
{
    int leave = argc > 1 && !strcmp(argv[1], "leave");
    char *stack = (char *)__builtin_frame_address(0) - STACK - 4096; /* deeper than anybody has been */
    /* The stack first: what is called afterwards goes down there. */
    long dirty = 0;
    if (leave)
        for (int i = 0; i < STACK - 65536; i++) ((volatile char *)stack)[i] = (char)0xff;
    else
        for (int i = 0; i < STACK - 65536; i++) dirty += ((volatile char *)stack)[i] != 0;
    if (!leave) printf("stack: %s\n", dirty ? "not zeros" : "clean");
    visit("statics", table, sizeof table, leave);
    visit("mmap", mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MIB, leave);
    visit("heap", sbrk(MIB), MIB, leave);
}
