// no_libc.h: the start of a program without a C library, and what the compiler may call without being asked.
// Included by main.c alone.
#pragma once

u64 strlen(const char *s)
{
    u64 n = 0;
    for (; s[n]; n++) barrier();
    return n;
}

void *memset(void *d, int c, u64 n)
{
    void *r = d;
    __asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(c) : "memory");
    return r;
}

void *memcpy(void *d, const void *s, u64 n)
{
    void *r = d;
    __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n)::"memory");
    return r;
}

__attribute__((used, noreturn)) void start_c(u64 *sp)
{
    int argc = (int)sp[0];
    char **argv = (char **)(sp + 1);
    int r = real_main(argc, argv, argv + argc + 1);
    for (;;) sc1(SYS_exit, r);
}

__attribute__((naked, noreturn)) void _start(void)
{
    __asm__ volatile("xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call start_c\n hlt");
}
