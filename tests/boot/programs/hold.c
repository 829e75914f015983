// Takes memory and keeps it until it is ended itself: hold MIB
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    if (count != 2) return 2;
    size_t bytes = (size_t)atoi(arguments[1]) << 20;
    volatile char *memory = malloc(bytes);
    if (!memory) return 1;
    for (size_t i = 0; i < bytes; i += 4096) memory[i] = 1;
    for (;;) sleep(1000);
}
