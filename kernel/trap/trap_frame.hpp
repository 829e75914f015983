// TrapFrame: the registers of the interrupted code, as trap/entry.asm and trap/syscall_entry.asm push them on
// the kernel stack. For code that came from user mode it is at the top of its kernel stack.
//
// Changing the frame changes what the interrupted code continues with. In a system call the fast way out
// (SYSRET) takes the instruction pointer from rcx and the flags from r11, which the program's own SYSCALL has
// put there: whoever changes anything but rax in such a frame also calls use_full_return().
#pragma once

#include <cstddef>
#include <cstdint>

namespace kernel {

struct TrapFrame {
    // From low to high addresses: the last pushed comes first.
    uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
    uint64_t vector;     // 0 to 255, or one of those below
    uint64_t error_code; // the processor's, or 0; for a system call its number (rax is for the result)
    // What the processor pushes for an interrupt (SDM vol. 3A, figure 6-8).
    uint64_t rip, cs, rflags, rsp, ss;

    bool from_user() const { return (cs & 3) != 0; }
    bool is_syscall() const { return vector == SyscallVector || vector == ChangedSyscallVector; }
    uint64_t syscall_number() const { return error_code; }
    // The way back restores every register exactly (IRETQ).
    void use_full_return()
    {
        if (is_syscall()) vector = ChangedSyscallVector;
    }
    // The program goes on somewhere else than behind its system call, which is over.
    void leave_syscall()
    {
        if (is_syscall()) vector = LeftSyscallVector;
    }

    static constexpr uint64_t SyscallVector = 256;
    static constexpr uint64_t ChangedSyscallVector = 257;
    static constexpr uint64_t LeftSyscallVector = 258;
};

// entry.asm pushes 22 words; 176 is a multiple of 16, so the stack is aligned where C++ is called.
static_assert(sizeof(TrapFrame) == 176);
static_assert(offsetof(TrapFrame, rax) == 80);
static_assert(offsetof(TrapFrame, vector) == 120);
static_assert(offsetof(TrapFrame, rip) == 136);

// The processor's exceptions (SDM vol. 3A, table 6-1).
enum class Exception : uint8_t {
    DivideError = 0,
    Debug = 1,
    NonMaskable = 2,
    Breakpoint = 3,
    Overflow = 4,
    BoundRange = 5,
    InvalidOpcode = 6,
    DeviceNotAvailable = 7,
    DoubleFault = 8,
    InvalidTss = 10,
    SegmentNotPresent = 11,
    StackSegment = 12,
    GeneralProtection = 13,
    PageFault = 14,
    FloatingPoint = 16,
    AlignmentCheck = 17,
    MachineCheck = 18,
    SimdFloatingPoint = 19,
    Virtualization = 20,
    ControlProtection = 21,
};

// Error code of a page fault (SDM vol. 3A, figure 4-12).
namespace page_fault_error {
inline constexpr uint64_t Present = 1 << 0; // a translation was there and forbade the access
inline constexpr uint64_t Write = 1 << 1;
inline constexpr uint64_t User = 1 << 2;
inline constexpr uint64_t ReservedBit = 1 << 3;
inline constexpr uint64_t Instruction = 1 << 4;
inline constexpr uint64_t ProtectionKey = 1 << 5;
} // namespace page_fault_error

} // namespace kernel
