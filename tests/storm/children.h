// Children of a storm: made by random calls, kept in few places, and all gone before the storm ends. Those
// that share its memory end at once, without touching the stack that they share; the others make a small
// storm of their own, in which more is allowed, as nobody minds when they die.
#pragma once

#include "machine.h"

enum {
    SysKill = 62,
    SysWait4 = 61,
    CloneVm = 0x100,
    CloneParent = 0x8000,
    CloneThread = 0x10000,
    NoHang = 1,
    AllKinds = 0x40000000, // __WALL
};

static long children[8];
static int is_child;

// The child's return is its end: it would spoil the stack on which its parent goes on.
static long call_and_end_child(long number, u64 a, u64 b, u64 c, u64 d, u64 e)
{
    long result;
    register u64 r10 asm("r10") = d;
    register u64 r8 asm("r8") = e;
    asm volatile(
        "syscall\n test %%rax, %%rax\n jnz 1f\n xor %%edi, %%edi\n mov $60, %%eax\n syscall\n ud2\n 1:"
        : "=a"(result), "+D"(a)
        : "a"(number), "S"(b), "d"(c), "r"(r10), "r"(r8)
        : "rcx", "r11", "memory");
    return result;
}

static void end_child(long *child)
{
    if (*child <= 0) return;
    call2(SysKill, *child, 9);
    // It may have been waited for by a random call.
    while (call6(SysWait4, (u64)*child, 0, AllKinds, 0, 0, 0) == -4) continue;
    *child = 0;
}
static void keep_child(long child)
{
    long *place = &children[below(8)];
    end_child(place);
    *place = child;
}
static void end_children(void)
{
    for (int i = 0; i < 8; i++) end_child(&children[i]);
    while (call6(SysWait4, (u64)-1, 0, AllKinds, 0, 0, 0) > 0) continue;
}

// What a storm of its own does in a child (storm.c).
static void child_storm(void);

// fork, vfork, clone or clone3 with random flags.
static long random_fork(u64 flags, u64 parent_word, u64 child_word)
{
    static u64 arguments[11];
    flags &= ~0xfful & ~(u64)CloneParent; // a sibling would be init's, or whoever's
    u64 signal = one_in(4) ? 0 : 17;      // others would end the storm
    if (is_child) return call_and_end_child(one_in(2) ? 57 : 58, 0, 0, 0, 0, 0);
    long child;
    switch (below(6)) {
    case 0:
        child = call_and_end_child(58, 0, 0, 0, 0, 0);
        break;
    case 1:
        child = call_and_end_child(56, flags | signal, 0, parent_word, child_word, next_random());
        break;
    case 2:
        for (int i = 0; i < 11; i++) arguments[i] = one_in(4) ? next_random() >> below(64) : 0;
        arguments[0] = flags & ~(u64)CloneParent;
        arguments[2] = child_word;
        arguments[3] = parent_word;
        arguments[4] = one_in(8) ? next_random() % 200 + 65 : signal;
        arguments[5] = arguments[6] = 0;
        child = call_and_end_child(435, (u64)arguments, one_in(4) ? below(200) : 64 + 8 * below(4), 0, 0, 0);
        break;
    default:
        // Nothing shared that matters, and a life of its own.
        flags &= 0x200 | 0x400 | 0x800 | 0x01000000; // CLONE_FS, FILES; SIGHAND is refused; CHILD_SETTID
        child = one_in(2) ? call0(57) : call6(56, flags | signal, 0, 0, child_word, 0, 0);
        if (child == 0) {
            is_child = 1;
            child_storm();
            leave(0);
        }
    }
    if (child > 0) keep_child(child);
    return child;
}
