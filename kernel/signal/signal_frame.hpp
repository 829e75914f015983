// The signal frame: what a handler finds on its stack, byte for byte as on Linux (struct rt_sigframe,
// arch/x86/include/asm/sigframe.h), because programs look into it: libc unwinds through it, debuggers and
// garbage collectors change it. docs/signals.md has the picture.
//
// Layout and arithmetic only, so the host tests run it; signal_entry.cpp writes frames and signal_return.cpp
// reads them.
#pragma once

#include "kernel/signal/alternate_stack.hpp"
#include "kernel/signal/signal_info.hpp"
#include "kernel/trap/trap_frame.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace kernel {

// The last exception that became a signal, as uc_mcontext tells it.
struct LastTrap {
    uint64_t number = 0;
    uint64_t error_code = 0;
    uint64_t fault_address = 0; // CR2
};

// struct sigcontext, uc_mcontext.
struct SignalContext {
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
    uint16_t cs, gs, fs, ss;
    uint64_t error_code, trap_number, old_mask, fault_address;
    uint64_t vector_state; // its address; null: as in a new program
    std::array<uint64_t, 8> reserved;
};
static_assert(sizeof(SignalContext) == 256);

// struct ucontext.
struct UserContext {
    static constexpr uint64_t HasXsave = 1;        // UC_FP_XSTATE
    static constexpr uint64_t HasStackSegment = 2; // UC_SIGCONTEXT_SS
    static constexpr uint64_t StrictSegment = 4;   // UC_STRICT_RESTORE_SS

    uint64_t flags;
    uint64_t link;
    UserStack stack;
    SignalContext registers;
    uint64_t mask; // comes back with rt_sigreturn
};
static_assert(sizeof(UserContext) == 304);

struct SignalFrame {
    uint64_t restorer; // where the handler returns to: code that calls rt_sigreturn
    UserContext context;
    UserSignalInfo info;
};
static_assert(sizeof(SignalFrame) == 440);
static_assert(offsetof(SignalFrame, info) == 312);

// What Linux leaves in the vector state's unused 48 bytes, so that a program knows how much there is (struct
// _fpx_sw_bytes); the second magic number stands behind the state.
struct VectorStateNote {
    static constexpr uint32_t Magic1 = 0x46505853; // FP_XSTATE_MAGIC1
    static constexpr uint32_t Magic2 = 0x46505845; // FP_XSTATE_MAGIC2

    uint32_t magic = 0;
    uint32_t extended_size = 0; // up to the end of the second magic number
    uint64_t components = 0;
    uint32_t size = 0;
    std::array<uint32_t, 7> padding{};
};
static_assert(sizeof(VectorStateNote) == 48);

// Where the parts go: the vector state below the red zone or at the top of the alternate stack, the frame
// below it. Nothing when the alternate stack, which is wanted or in use, has no room.
struct SignalFramePlace {
    uint64_t vector_state; // a multiple of 64
    uint64_t frame;        // 8 bytes above a multiple of 16, as after a call
};
std::optional<SignalFramePlace> place_signal_frame(uint64_t stack_pointer, const AlternateStack &alternate,
                                                   bool wants_alternate, size_t vector_bytes);

SignalContext save_registers(const TrapFrame &frame, const LastTrap &trap, SignalSet mask);
// What the program may choose goes into the frame, the rest stays: no privilege, and interrupts on. False for
// selectors that no program of ours runs with.
bool restore_registers(TrapFrame &frame, const SignalContext &saved, uint64_t flags);

} // namespace kernel
