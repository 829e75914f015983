#include "kernel/signal/signal_frame.hpp"

#include "kernel/cpu/segments.hpp"

namespace kernel {

namespace {

constexpr uint64_t RedZone = 128; // below the stack pointer, but the function's own (ABI, 3.2.2)
constexpr uint64_t VectorAlignment = 64;
constexpr uint64_t StackAlignment = 16;

// The flags a program may set: those that POPF could: AC OF DF TF SF ZF AF PF CF; and RF (Linux's
// FIX_EFLAGS).
constexpr uint64_t RestorableFlags =
    0x40000 | 0x800 | 0x400 | 0x100 | 0x80 | 0x40 | 0x10 | 0x4 | 0x1 | 0x10000;

constexpr uint64_t round_down(uint64_t value, uint64_t to)
{
    return value & ~(to - 1);
}

// Where the registers are kept on either side.
struct Correspondence {
    uint64_t TrapFrame::*trap;
    uint64_t SignalContext::*signal;
};
constexpr Correspondence registers[] = {
    {&TrapFrame::r8, &SignalContext::r8},   {&TrapFrame::r9, &SignalContext::r9},
    {&TrapFrame::r10, &SignalContext::r10}, {&TrapFrame::r11, &SignalContext::r11},
    {&TrapFrame::r12, &SignalContext::r12}, {&TrapFrame::r13, &SignalContext::r13},
    {&TrapFrame::r14, &SignalContext::r14}, {&TrapFrame::r15, &SignalContext::r15},
    {&TrapFrame::rdi, &SignalContext::rdi}, {&TrapFrame::rsi, &SignalContext::rsi},
    {&TrapFrame::rbp, &SignalContext::rbp}, {&TrapFrame::rbx, &SignalContext::rbx},
    {&TrapFrame::rdx, &SignalContext::rdx}, {&TrapFrame::rax, &SignalContext::rax},
    {&TrapFrame::rcx, &SignalContext::rcx}, {&TrapFrame::rsp, &SignalContext::rsp},
    {&TrapFrame::rip, &SignalContext::rip},
};

} // namespace

std::optional<SignalFramePlace> place_signal_frame(uint64_t stack_pointer, const AlternateStack &alternate,
                                                   bool wants_alternate, size_t vector_bytes)
{
    bool on_alternate = alternate.is_in_use(stack_pointer);
    uint64_t at = stack_pointer - RedZone;
    if (wants_alternate && alternate.exists() && !alternate.is_in_use(at)) {
        at = alternate.top();
        on_alternate = true;
    }
    SignalFramePlace place;
    place.vector_state = round_down(at - vector_bytes, VectorAlignment);
    place.frame = round_down(place.vector_state - sizeof(SignalFrame), StackAlignment) - sizeof(uint64_t);
    if (on_alternate && !alternate.contains(place.frame)) return std::nullopt;
    return place;
}

SignalContext save_registers(const TrapFrame &frame, const LastTrap &trap, SignalSet mask)
{
    SignalContext saved{};
    for (const Correspondence &each : registers) saved.*each.signal = frame.*each.trap;
    saved.rflags = frame.rflags;
    saved.cs = static_cast<uint16_t>(frame.cs);
    saved.ss = static_cast<uint16_t>(frame.ss);
    saved.error_code = trap.error_code;
    saved.trap_number = trap.number;
    saved.fault_address = trap.fault_address;
    saved.old_mask = mask.raw();
    return saved;
}

bool restore_registers(TrapFrame &frame, const SignalContext &saved, uint64_t flags)
{
    // Programs from before there was a stack segment in the frame left something else there.
    bool any_stack_segment = !(flags & UserContext::StrictSegment);
    if ((saved.cs | 3) != UserCodeSelector) return false;
    if ((saved.ss | 3) != UserDataSelector && !any_stack_segment) return false;
    for (const Correspondence &each : registers) frame.*each.trap = saved.*each.signal;
    frame.rflags = (frame.rflags & ~RestorableFlags) | (saved.rflags & RestorableFlags);
    frame.cs = UserCodeSelector;
    frame.ss = UserDataSelector;
    return true;
}

} // namespace kernel
