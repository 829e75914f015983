// From registers to typed arguments and back: the one place where an error becomes a negative number.
//
// A system call is an ordinary function, such as  Result<mm::VirtAddr> mmap(mm::VirtAddr address, uint64_t
// length, …); Adaptor<mmap>::handle is what the table holds: it takes the arguments out of the trap frame,
// calls it, and turns what it returns into what the program finds in rax.
#pragma once

#include "kernel/signal/signal.hpp"
#include "kernel/trap/trap_frame.hpp"
#include "lib/result.hpp"
#include "mm/address.hpp"

#include <utility>

namespace kernel {

// Arguments are in rdi, rsi, rdx, r10, r8, r9 (System V ABI for x86-64, A.2.1).
template <size_t Index> uint64_t syscall_argument(const TrapFrame &frame)
{
    static_assert(Index < 6);
    if constexpr (Index == 0) return frame.rdi;
    if constexpr (Index == 1) return frame.rsi;
    if constexpr (Index == 2) return frame.rdx;
    if constexpr (Index == 3) return frame.r10;
    if constexpr (Index == 4) return frame.r8;
    if constexpr (Index == 5) return frame.r9;
}

inline int64_t syscall_value(mm::VirtAddr address)
{
    return static_cast<int64_t>(address.value());
}
inline int64_t syscall_value(std::integral auto number)
{
    return static_cast<int64_t>(number);
}

inline int64_t syscall_error(lib::Errno error)
{
    // No program sees these: whatever has become of the signal meanwhile, the way back decides.
    if (error >= lib::Errno::RestartSystem) [[unlikely]]
        request_signal_work();
    return -static_cast<int64_t>(error);
}

inline int64_t syscall_result(const lib::Result<void> &result)
{
    return result.ok() ? 0 : syscall_error(result.error());
}
template <typename T> int64_t syscall_result(const lib::Result<T> &result)
{
    return result.ok() ? syscall_value(*result) : syscall_error(result.error());
}
// Calls that cannot fail return a plain value.
template <typename T> int64_t syscall_result(const T &value)
{
    return syscall_value(value);
}

template <auto Function> struct Adaptor;

template <typename Return, typename... Arguments, Return (*Function)(Arguments...)> struct Adaptor<Function> {
    static int64_t handle(TrapFrame &frame) { return call(frame, std::index_sequence_for<Arguments...>{}); }

private:
    // An argument of 32 bits is the lower half of its register, as on Linux.
    template <size_t... Index> static int64_t call(const TrapFrame &frame, std::index_sequence<Index...>)
    {
        return syscall_result(Function(static_cast<Arguments>(syscall_argument<Index>(frame))...));
    }
};

} // namespace kernel
