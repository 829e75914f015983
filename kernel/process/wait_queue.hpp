// WaitQueue: threads that sleep until something may have changed.
//
//     WaitResult result = wait_until(queue, [&] { return buffer.has_data(); });
//     …
//     buffer.add(x); queue.wake_all();       // whoever makes the condition true; interrupt handlers too
//
// Waking is a hint: the condition is looked at again after every wake-up, and whatever the sleeper knew
// before it slept must be looked up again too. Nothing sleeps while holding a spinlock.
//
// A thread that waits here may sleep for something else in between, such as for memory while it looks at its
// condition: what wakes this queue meanwhile is remembered with its place in the queue.
#pragma once

#include "lib/intrusive_list.hpp"
#include "lib/spinlock.hpp"

#include <atomic>
#include <cstdint>

namespace kernel {

class Thread;

enum class WaitResult : uint8_t {
    Ready,       // the condition is true
    TimedOut,    // the deadline has passed and it is still false
    Interrupted, // a signal wants to be delivered: EINTR
};

inline constexpr uint64_t NoDeadline = UINT64_MAX;

class WaitQueue {
public:
    constexpr WaitQueue() = default;
    WaitQueue(const WaitQueue &) = delete;
    WaitQueue &operator=(const WaitQueue &) = delete;

    // From anywhere, interrupt handlers included.
    void wake_all()
    {
        // A sleeper counts itself and then looks at its condition; who made that true looks at the count.
        std::atomic_thread_fence(std::memory_order_seq_cst);
        if (count_.load(std::memory_order_relaxed) != 0) [[unlikely]]
            wake_each();
    }

private:
    friend class QueuedSleeper;

    void wake_each();

    std::atomic<uint32_t> count_{0};
    lib::Guarded<lib::ListNode> sleepers_; // QueuedSleeper::node_
};

// The current thread while it waits, in one queue or in several (poll(2)).
class Sleeper {
public:
    Sleeper();
    Sleeper(const Sleeper &) = delete;
    Sleeper &operator=(const Sleeper &) = delete;

    // Sleeps until one of its queues is woken (also since the last look at the condition), the deadline, or
    // a signal. Ready: look at the condition again.
    WaitResult sleep(uint64_t deadline);
    // The same without a deadline, and of the signals only one that ends the program: then Interrupted.
    WaitResult sleep_until_killed();

private:
    friend class WaitQueue;

    Thread &thread_;
    std::atomic<bool> called_{false}; // by wake_all(), since the condition was to be looked at
};

// A sleeper's membership in a queue, which must stay as long.
class QueuedSleeper {
public:
    QueuedSleeper(WaitQueue &queue, Sleeper &sleeper);
    ~QueuedSleeper();
    QueuedSleeper(const QueuedSleeper &) = delete;
    QueuedSleeper &operator=(const QueuedSleeper &) = delete;

private:
    friend class WaitQueue;

    WaitQueue &queue_;
    Sleeper &sleeper_;
    lib::ListNode node_;
};

// Sleeps until `condition()` is true. `deadline` is on the clock of clock_nanoseconds(). The condition is
// looked at while the thread is already in the queue, so a wake-up in between is not lost.
template <typename Condition>
WaitResult wait_until(WaitQueue &queue, Condition &&condition, uint64_t deadline = NoDeadline)
{
    if (condition()) return WaitResult::Ready;
    Sleeper sleeper;
    QueuedSleeper queued(queue, sleeper);
    for (;;) {
        if (condition()) return WaitResult::Ready;
        WaitResult result = sleeper.sleep(deadline);
        if (result != WaitResult::Ready) return condition() ? WaitResult::Ready : result;
    }
}

// The same for what surely comes soon: of the signals only one that ends the program ends the wait, as
// Interrupted. Told as state D in /proc.
template <typename Condition> WaitResult wait_until_killed(WaitQueue &queue, Condition &&condition)
{
    Sleeper sleeper;
    QueuedSleeper queued(queue, sleeper);
    while (!condition()) {
        if (sleeper.sleep_until_killed() != WaitResult::Ready) return WaitResult::Interrupted;
    }
    return WaitResult::Ready;
}

} // namespace kernel
