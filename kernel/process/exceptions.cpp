// Exceptions of a program other than page faults, as signals (Linux, arch/x86/kernel/traps.c).
#include "kernel/process/signal.hpp"
#include "kernel/trap/trap.hpp"

namespace kernel {

namespace {

struct Translation {
    Signal signal;
    int32_t code;
    bool has_address; // si_addr is the instruction
};

Translation translate(Exception exception)
{
    using namespace signal_code;
    switch (exception) {
    case Exception::DivideError:
        return {Signal::FloatingPoint, FloatingDivide, true};
    case Exception::FloatingPoint:
    case Exception::SimdFloatingPoint:
        return {Signal::FloatingPoint, Kernel, true};
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
