// Takes all the memory there is, a little at a time.
#include <stdlib.h>
#include <string.h>

int main(void)
{
    for (;;) {
        char *piece = malloc(1 << 16);
        if (!piece) return 1;
        memset(piece, 1, 1 << 16);
    }
}
