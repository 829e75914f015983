// console.c: figures as text on the first serial port.
#include "floor.h"

u64 hz = 1000000000;

static void print_character(char c)
{
    while (!(inb(0x3FD) & 0x20)) {}
    outb(0x3F8, c);
}

void print_text(const char *s)
{
    while (*s) print_character(*s++);
}

static void print_number(u64 v)
{
    char digits[24];
    int n = 0;
    do digits[n++] = '0' + v % 10;
    while (v /= 10);
    while (n) print_character(digits[--n]);
}

void report(const char *name, u64 ticks, u64 operations)
{
    u64 hundredths = (u64)((double)ticks * 1e11 / (double)hz / (double)operations + 0.5);
    print_text(name);
    print_character(' ');
    print_number(hundredths / 100);
    print_character('.');
    print_character('0' + hundredths / 10 % 10);
    print_character('0' + hundredths % 10);
    print_text(" ns\n");
}
