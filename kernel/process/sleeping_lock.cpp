#include "kernel/process/sleeping_lock.hpp"

namespace kernel {

// Whoever has waited holds the lock as one that is waited for: there may be others, and waking nobody costs
// little. For the same reason nothing is lost when one of several gives up.
[[gnu::noinline]] bool SleepingLock::wait()
{
    WaitResult result = wait_until_killed(queue_, [this] {
        return state_.exchange(State::WaitedFor, std::memory_order_acquire) == State::Free;
    });
    return result == WaitResult::Ready;
}

} // namespace kernel
