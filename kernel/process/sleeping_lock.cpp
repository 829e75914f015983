// Waiting for a lock whose holder may sleep. See sleeping_lock.hpp.
#include "kernel/process/sleeping_lock.hpp"

namespace kernel {

[[gnu::noinline]] void SleepingLock::wait()
{
    waiting_.fetch_add(1, std::memory_order_relaxed);
    QueuedSleeper sleeper(released_);
    while (taken_.exchange(true, std::memory_order_acquire)) sleeper.sleep_uninterruptibly();
    waiting_.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace kernel
