// Exceptions of a program other than page faults, as signals (Linux, arch/x86/kernel/traps.c).
#include "kernel/cpu/fpu.hpp"
#include "kernel/signal/signal.hpp"
#include "kernel/trap/trap.hpp"

namespace kernel {

namespace {

struct Translation {
    Signal signal;
    int32_t code;
    bool has_address; // si_addr is the instruction
};

// The bits of MXCSR, in the order in which the processor looks at them (Linux, fpu__exception_code).
int32_t floating_point_code(uint32_t exceptions)
{
    constexpr uint32_t Invalid = 0x1, Denormal = 0x2, Divide = 0x4, Overflow = 0x8, Underflow = 0x10,
                       Precision = 0x20;
    if (exceptions & Invalid) return signal_code::FloatingInvalid;
    if (exceptions & Divide) return signal_code::FloatingDivide;
    if (exceptions & Overflow) return signal_code::FloatingOverflow;
    if (exceptions & (Denormal | Underflow)) return signal_code::FloatingUnderflow;
    if (exceptions & Precision) return signal_code::FloatingInexact;
    return signal_code::Kernel;
}

Translation translate(Exception exception)
{
    using namespace signal_code;
    switch (exception) {
    case Exception::DivideError:
        return {Signal::FloatingPoint, FloatingIntegerDivide, true};
    case Exception::FloatingPoint:
        return {Signal::FloatingPoint, floating_point_code(pending_x87_exceptions()), true};
    case Exception::SimdFloatingPoint:
        return {Signal::FloatingPoint, floating_point_code(pending_sse_exceptions()), true};
    case Exception::InvalidOpcode:
        return {Signal::Illegal, IllegalOperand, true};
    case Exception::Debug:
        return {Signal::Trap, TrapTrace, true};
    case Exception::Breakpoint:
        return {Signal::Trap, Kernel, false};
    case Exception::AlignmentCheck:
        return {Signal::Bus, BusAlignment, false};
    case Exception::SegmentNotPresent:
    case Exception::StackSegment:
        return {Signal::Bus, Kernel, false};
    default:
        return {Signal::Segmentation, Kernel, false};
    }
}

} // namespace

void user_exception(TrapFrame &frame, Exception exception)
{
    Translation translation = translate(exception);
    force_signal({.signal = translation.signal,
                  .origin = SignalInfo::Origin::Exception,
                  .code = translation.code,
                  .address = mm::VirtAddr{translation.has_address ? frame.rip : 0},
                  .exception = static_cast<uint8_t>(exception),
                  .error_code = frame.error_code});
}

} // namespace kernel
