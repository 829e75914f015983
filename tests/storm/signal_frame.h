// A handler without a C library, and the words of the frame that it finds (struct ucontext, x86-64).
#pragma once

#include "machine.h"

enum { SysSigreturn = 15, SysTgkill = 234, SysSigaltstack = 131, FrameSignal = 10 /* SIGUSR1 */ };

// Of the frame, counted in words from the ucontext.
enum {
    FrameFlags = 0,
    FrameLink = 1,
    FrameStack = 2, // and its flags and size
    FrameRegisters = 5,
    FrameStackPointer = 20,
    FrameInstruction = 21,
    FrameProcessorFlags = 22,
    FrameSegments = 23, // cs, gs, fs, ss: 16 bits each
    FrameVectorState = 28,
    FrameMask = 37,
    FrameWords = 38 + 16, // the siginfo behind it too
};

typedef void FrameHandler(int signal, void *info, u64 *frame);

void frame_restorer(void);
asm(".globl frame_restorer\nframe_restorer:\n mov $15, %eax\n syscall\n");

static inline void handle_frames(FrameHandler *handler, u64 more_flags)
{
    u64 action[4] = {(u64)handler, 0x04000000 /* SA_RESTORER */ | 4 /* SA_SIGINFO */ | more_flags,
                     (u64)frame_restorer, 0};
    call6(SysSigaction, FrameSignal, (u64)action, 0, 8, 0, 0);
}
