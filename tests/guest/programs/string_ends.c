// The C library's string functions (AVX2 where there is AVX2) at the end of the last mapped page: no byte
// too many.
// libc: glibc musl
#include <stdio.h>
#include <string.h>

#include "check.h"

int main(void)
{
    map_at(BASE, 2 * PAGE, PROT_READ | PROT_WRITE);
    char *end = BASE + 2 * PAGE;
    int good = 1;
    for (size_t length = 0; length < 300; ++length) {
        char *text = end - length - 1;
        memset(text, 'x', length);
        text[length] = 0;
        good &= strlen(text) == length && memchr(text, 0, length + 1) == text + length;
        good &= strchr(text, 'q') == NULL && strnlen(text, length + 100) == length;
        char copy[400];
        memset(copy, 1, sizeof copy);
        memcpy(copy, text, length + 1);
        good &= strcmp(copy, text) == 0 && memcmp(copy, text, length + 1) == 0 && copy[length + 1] == 1;
        strcpy(copy, text);
        memmove(text - 7, text, length + 1);
        good &= strlen(text - 7) == length;
        if (length) {
            text = end - length;
            memset(text, 'y', length);
            good &= memchr(text, 'z', length) == NULL && text[length - 1] == 'y';
        }
    }
    SAY("strings of 0 to 299 bytes at the end of memory: %d", good);
    char *block = (char *)sys_mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (long i = 0; i < 2 * MIB; ++i) block[i] = (char)(i * 7);
    memmove(block + 1, block, MIB);
    good = 1;
    for (long i = 0; i < MIB; ++i) good &= block[i + 1] == (char)(i * 7);
    memcpy(block + MIB + 64, block + 1, MIB - 64);
    good &= memcmp(block + MIB + 64, block + 1, MIB - 64) == 0;
    SAY("a mebibyte moved and copied: %d", good);
    return 0;
}
