// touch.c: one access per page.
#include "touch.h"

volatile u64 sink;

NOINLINE void touch_write(u64 a, u64 len)
{
    for (u64 p = a; p < a + len; p += PAGE) *(volatile u8 *)p = 1;
}

NOINLINE void touch_read(u64 a, u64 len, u64 step)
{
    u64 s = 0;
    for (u64 p = a; p < a + len; p += step) s += *(volatile u8 *)p;
    sink += s;
}
