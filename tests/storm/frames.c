// Signal frames with random bytes: handlers that write into the frame they will return by, and programs that
// make one up. Each is tried by a child, which may die of it or go on, but never with privileges.
//
//   frames SEED CHILDREN
//
// Status 0; 2 when a child went on with flags or segments that no program may have, or ended by a signal that
// such a frame cannot cause.
#include "signal_frame.h"

PROGRAM_START

#define PAGE 4096ul
#define ROOM 0x200000000000ul // three pages with holes around

enum { SysFork = 57, SysWait = 61, SysKill = 62, SysSetitimer = 38 };
enum { Privileged = 77, KillSignal = 9, AlarmSignal = 14, Interrupted = 4 };

static u64 alternate[1024];

static u64 hostile(void)
{
    static const u64 values[] = {0,
                                 1,
                                 8,
                                 0x10,
                                 0x18,
                                 0x33,
                                 0x2b002b002b002bul,
                                 0xfff,
                                 PAGE,
                                 ~0ul,
                                 1ul << 63,
                                 ROOM,
                                 ROOM + 3 * PAGE - 1,
                                 ROOM + 3 * PAGE - 64,
                                 ROOM + 3 * PAGE - 512,
                                 ROOM + 3 * PAGE - 576,
                                 ROOM + 2 * PAGE + 16,
                                 0x7fffffffefff,
                                 0x7ffffffff000,
                                 0x7fffffffffff,
                                 0x800000000000,
                                 0xffff800000000000,
                                 0xffffc00000000000,
                                 0xffffd00000004000,
                                 0xffffffff80100000,
                                 0x46505853,         // FP_XSTATE_MAGIC1
                                 0x46505845,         // FP_XSTATE_MAGIC2
                                 0x3046505853,       // with a size behind it
                                 0xffffffffffff0000, // MXCSR and its mask, from the middle
                                 0x247fd7};
    if (one_in(4)) return next_random();
    if (one_in(4)) return 1ul << below(64);
    return values[below(sizeof values / sizeof *values)];
}

// Where the program's instructions are nothing is put: they would begin to run anywhere.
static void damage(u64 *frame, u64 words)
{
    u64 count = one_in(4) ? words : 1 + below(4);
    for (u64 n = 0; n < count; n++) {
        u64 at = count == words ? n : below(words);
        if (at != FrameInstruction || one_in(8)) frame[at] = one_in(3) ? frame[at] ^ hostile() : hostile();
    }
}

// A state of the vector registers, with its header and the note that says how large it is.
static void damage_state(u64 *state)
{
    if (one_in(3)) state[3] ^= hostile(); // MXCSR
    if (one_in(3)) state[58 + below(6)] ^= hostile();
    if (one_in(3)) state[64 + below(8)] ^= hostile();
    if (one_in(3)) state[below(100)] ^= hostile();
}

static void change_frame(int signal, void *info, u64 *frame)
{
    (void)signal, (void)info;
    if (one_in(3)) {
        damage_state((u64 *)frame[FrameVectorState]);
        return;
    }
    u64 *state = (u64 *)frame[FrameVectorState];
    if (one_in(4)) { // moved to the edge of a hole, or off its alignment
        u64 at = ROOM + 3 * PAGE - 900 + below(900);
        for (u64 n = 0; n < ROOM + 3 * PAGE - at && n < 836; n++) ((char *)at)[n] = ((char *)state)[n];
        frame[FrameVectorState] = at;
        return;
    }
    damage(frame, FrameWords);
}

// rt_sigreturn without a handler, from memory of random words.
static void make_up_frame(void)
{
    u64 at = ROOM + 3 * PAGE - (one_in(2) ? 8 * below(FrameWords) : 16 + 8 * below(1024));
    for (u64 *word = (u64 *)at; word < (u64 *)(ROOM + 3 * PAGE); word++) *word = hostile();
    asm volatile("mov %0, %%rsp\n syscall" ::"r"(at), "a"(SysSigreturn) : "memory");
}

// The signal arrives at the SYSCALL; what comes back is looked at by instructions that need nothing.
__attribute__((noreturn)) static void be_sent(void)
{
    u64 pid = (u64)call0(SysGetpid);
    asm volatile("syscall\n"
                 "mov %%cs, %%ecx\n cmp $0x33, %%ecx\n jne 1f\n"
                 "mov %%ss, %%ecx\n cmp $0x2b, %%ecx\n jne 1f\n"
                 "pushfq\n pop %%rcx\n test $0x27000, %%ecx\n jnz 1f\n" // IOPL, NT, VM
                 "test $0x200, %%ecx\n jz 1f\n"                         // interrupts are on
                 "xor %%edi, %%edi\n jmp 2f\n"
                 "1: mov $77, %%edi\n"
                 "2: mov $231, %%eax\n syscall\n hlt" ::"a"(SysTgkill),
                 "D"(pid), "S"(pid), "d"(FrameSignal)
                 : "memory", "rcx", "r11");
    __builtin_unreachable();
}

__attribute__((noreturn)) static void try_one(u64 seed)
{
    random_state = seed;
    call6(SysMmap, ROOM, 3 * PAGE, 3, 0x32, ~0ul, 0);
    if (one_in(4)) make_up_frame();
    u64 on_alternate = one_in(3) ? 0x08000000 : 0;
    u64 stack[3] = {(u64)alternate, one_in(2) ? 1ul << 31 : 0, sizeof alternate};
    if (on_alternate) call2(SysSigaltstack, stack, 0);
    handle_frames(change_frame, on_alternate | (one_in(4) ? 0x40000000 : 0));
    be_sent();
}

static volatile int late;
static void note_late(int signal, void *info, u64 *frame)
{
    (void)signal, (void)info, (void)frame;
    late = 1;
}

// One that runs on and on (its registers led it into a loop) is ended after a second.
static long wait_for(long child, int *status)
{
    u64 second[4] = {0, 0, 1, 0};
    late = 0;
    call3(SysSetitimer, 0, second, 0);
    while (call6(SysWait, (u64)child, (u64)status, 0, 0, 0, 0) == -Interrupted) {
        if (late) call2(SysKill, child, KillSignal);
    }
    u64 off[4] = {0, 0, 0, 0};
    call3(SysSetitimer, 0, off, 0);
    return *status;
}

// A signal that an instruction of the child's can have caused, wherever it was led.
static int is_fault(int signal)
{
    return signal == 4 || signal == 5 || signal == 7 || signal == 8 || signal == 11;
}

int run(int argc, char **argv)
{
    if (argc < 3) return 1;
    u64 seed = parse_number(argv[1]), children = parse_number(argv[2]), went_on = 0, died = 0, ended = 0;
    u64 action[4] = {(u64)note_late, 0x04000000, (u64)frame_restorer, 0};
    call6(SysSigaction, AlarmSignal, (u64)action, 0, 8, 0, 0);
    for (u64 n = 0; n < children; n++) {
        long child = call0(SysFork);
        if (child == 0) try_one(seed * 1000003 + n + 1);
        if (child < 0) return 3;
        int status = 0;
        wait_for(child, &status);
        int signal = status & 0x7f, code = status >> 8 & 0xff;
        if (signal == 0 && code == Privileged) return say("privileged\n"), 2;
        if (late)
            ended++;
        else if (signal == 0)
            went_on++;
        else if (is_fault(signal))
            died++;
        else
            return say("signal "), say_number((u64)signal), say("\n"), 2;
    }
    say_number(went_on), say(" went on, "), say_number(died), say(" died, ");
    say_number(ended), say(" were ended\n");
    return went_on > 0 && died > 0 ? 0 : 4;
}
