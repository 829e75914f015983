// floor.h: what the parts of the floor share.
#pragma once

typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

enum { Repetitions = 5 };

// boot.S
extern u64 pml4[512], pdpt[512], gdt[8];

// entry.S
u64 enter_user(void (*function)(void));
extern char sys_min[], sys_std[];
extern char pf_none[], pf_stosq[], pf_stosb[], pf_mov[], pf_sse[], pf_avx[];

// console.c: lines `name value unit`, as membench prints them, on COM1.
extern u64 hz;
void print_text(const char *s);
void report(const char *name, u64 ticks, u64 operations);

static inline u64 rdtsc(void)
{
    u32 lo, hi;
    __asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi)::"memory");
    return (u64)hi << 32 | lo;
}
static inline void outb(u16 port, u8 v)
{
    __asm__ volatile("outb %0,%1" ::"a"(v), "Nd"(port));
}
static inline u8 inb(u16 port)
{
    u8 v;
    __asm__ volatile("inb %1,%0" : "=a"(v) : "Nd"(port));
    return v;
}
