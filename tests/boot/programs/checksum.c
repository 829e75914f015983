// Reads standard input to its end.
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    unsigned char buffer[5000];
    unsigned long bytes = 0, sum = 0;
    for (ssize_t n; (n = read(0, buffer, sizeof buffer)) > 0;)
        for (ssize_t i = 0; i < n; i++) bytes++, sum += buffer[i];
    printf("%lu bytes, sum %lu\n", bytes, sum);
    return 0;
}
