// What poll, ppoll, select and pselect6 have in common: how long to wait, a signal mask for so long, and the
// wait itself.
#pragma once

#include "kernel/file/poll.hpp"
#include "kernel/process/thread.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/signal_arguments.hpp"
#include "kernel/syscall/user_time.hpp"
#include "kernel/time/clock.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

// As a deadline: not to wait at all.
inline constexpr uint64_t NoWait = 0;

inline uint64_t deadline_after(uint64_t nanoseconds)
{
    if (nanoseconds == 0) return NoWait;
    uint64_t now = clock_nanoseconds();
    return nanoseconds > NoDeadline - now ? NoDeadline : now + nanoseconds;
}

// The deadline that the time at `timeout` gives; null: none. BadAddress, Invalid.
template <typename Time> Result<uint64_t> read_timeout(VirtAddr timeout)
{
    if (timeout == VirtAddr{}) return NoDeadline;
    Time time = TRY(read_user<Time>(timeout));
    if (!time.is_valid()) return Errno::Invalid;
    return deadline_after(time.to_nanoseconds());
}

// Tells the program how much of its time is left, as Linux does. A call that is to begin anew would then wait
// for the rest; where that cannot be written it ends.
template <typename Time> Result<int> with_time_left(Result<int> result, VirtAddr timeout, uint64_t deadline)
{
    if (timeout == VirtAddr{}) return result;
    uint64_t now = clock_nanoseconds();
    uint64_t left = deadline > now ? deadline - now : 0;
    bool written = deadline == NoDeadline || write_user(timeout, Time::of(left)).ok();
    if (!written && result.error() == Errno::RestartNoHandler) return Errno::Interrupted;
    return result;
}

// The mask of ppoll(2) and pselect(2), until the end of the scope or until a handler has run.
class TemporaryMask {
public:
    TemporaryMask() = default;
    TemporaryMask(const TemporaryMask &) = delete;
    TemporaryMask &operator=(const TemporaryMask &) = delete;
    ~TemporaryMask()
    {
        if (is_set_) finish_temporary_mask(false);
    }

    // Invalid, BadAddress.
    Result<void> set(VirtAddr mask, uint64_t size)
    {
        if (size != sizeof(uint64_t)) return Errno::Invalid;
        set_temporary_mask(SignalSet{TRY(read_user<uint64_t>(mask))});
        is_set_ = true;
        return {};
    }
    // A signal has ended the call: its handler runs with this mask.
    void leave_to_handler()
    {
        if (std::exchange(is_set_, false)) finish_temporary_mask(true);
    }

private:
    bool is_set_ = false;
};

// Sleeps until look(watch), which counts the descriptors that have something to tell, finds one. 0 after the
// deadline. What `look` fails with, NoMemory, RestartNoHandler.
template <typename Look> Result<int> wait_for_any(uint64_t deadline, Look &&look)
{
    PollWatch watch;
    if (deadline == NoWait) watch.stop_joining();
    for (;;) {
        int count = TRY(look(watch));
        watch.stop_joining();
        if (count != 0 || deadline == NoWait) return count;
        if (watch.is_out_of_memory()) return Errno::NoMemory;
        switch (watch.sleep(deadline)) {
        case WaitResult::Ready:
            break;
        case WaitResult::TimedOut:
            deadline = NoWait; // one more look
            break;
        case WaitResult::Interrupted:
            return Errno::RestartNoHandler;
        }
    }
}

} // namespace kernel::syscalls
