// Why a signal was sent: what a handler with SA_SIGINFO is told (siginfo_t, sigaction(2)), and for a fault
// all that the lesson wants to know.
#pragma once

#include "kernel/signal/signal_number.hpp"
#include "mm/fault.hpp"

#include <array>
#include <cstdint>

namespace kernel {

// si_code (sigaction(2)).
namespace signal_code {
inline constexpr int32_t User = 0;
inline constexpr int32_t Queue = -1;
inline constexpr int32_t Timer = -2;
inline constexpr int32_t ThreadKill = -6;
inline constexpr int32_t Kernel = 0x80;
inline constexpr int32_t SegvMapError = 1;
inline constexpr int32_t SegvAccessError = 2;
inline constexpr int32_t BusAlignment = 1;
inline constexpr int32_t BusAddress = 2;
inline constexpr int32_t FloatingIntegerDivide = 1;
inline constexpr int32_t FloatingDivide = 3;
inline constexpr int32_t FloatingOverflow = 4;
inline constexpr int32_t FloatingUnderflow = 5;
inline constexpr int32_t FloatingInexact = 6;
inline constexpr int32_t FloatingInvalid = 7;
inline constexpr int32_t IllegalOperand = 2;
inline constexpr int32_t TrapBreakpoint = 1;
inline constexpr int32_t TrapTrace = 2;
inline constexpr int32_t ChildExited = 1;
inline constexpr int32_t ChildKilled = 2;
inline constexpr int32_t ChildStopped = 5;
inline constexpr int32_t ChildContinued = 6;
} // namespace signal_code

// siginfo_t. What the 32 bytes mean depends on the signal and the code; the rest of the 128 is zero.
struct UserSignalInfo {
    int32_t number = 0;
    int32_t error = 0;
    int32_t code = 0;
    int32_t padding = 0;
    std::array<uint64_t, 4> details{};
    std::array<uint64_t, 10> rest{};
};
static_assert(sizeof(UserSignalInfo) == 128);

struct SignalInfo {
    enum class Origin : uint8_t {
        Program,     // kill(2), tgkill(2), sigqueue(3): `sender`, `code`
        Child,       // a child has ended, was stopped, or goes on: `sender`, `code`, `value`
        Kernel,      // by itself: a timer, a limit, a broken pipe
        PageFault,   // `fault` and `result`
        Exception,   // `exception` and its error code
        OutOfMemory, // no frame was left for process `sender`; when it is this one, `fault` says what it
                     // touched
        BadFrame,    // rt_sigreturn(2) was given a frame that no handler can have had
        BadStack,    // the frame of a handler could not be written
    };

    Signal signal = Signal::Kill;
    Origin origin = Origin::Kernel;
    int32_t code = 0;  // si_code
    int32_t error = 0; // si_errno
    // What fills si_pid and si_uid, for a timer si_timerid and si_overrun; then si_value, for SIGCHLD
    // si_status; then si_utime and si_stime, in clock ticks. For a page fault or an exception si_addr is
    // told instead.
    int32_t sender = 0;
    uint32_t user = 0;
    uint64_t value = 0;
    uint64_t user_time = 0;
    uint64_t system_time = 0;
    mm::VirtAddr address{};
    // For the lesson alone.
    mm::Fault fault{};
    mm::FaultResult result{};
    uint8_t exception = 0;
    uint64_t error_code = 0;

    bool has_address() const { return origin == Origin::PageFault || origin == Origin::Exception; }
    UserSignalInfo to_user() const;
    // rt_sigqueueinfo(2): what the program says, as it says it, but for the number.
    static SignalInfo from_user(Signal signal, const UserSignalInfo &told);
};

} // namespace kernel
