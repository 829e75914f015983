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
    void wake_all();

private:
    friend class QueuedSleeper;

    lib::Guarded<lib::ListNode> sleepers_; // QueuedSleeper::node_
};

// The current thread's membership in a queue, for wait_until.
class QueuedSleeper {
public:
    explicit QueuedSleeper(WaitQueue &queue);
    ~QueuedSleeper();
    QueuedSleeper(const QueuedSleeper &) = delete;
    QueuedSleeper &operator=(const QueuedSleeper &) = delete;

    // Sleeps until wake_all() (also one that came after the constructor), the deadline, or a signal.
    // Ready: look at the condition again.
    WaitResult sleep(uint64_t deadline);
    // The same, until wake_all() alone.
    void sleep_uninterruptibly();

private:
    friend class WaitQueue;

    WaitQueue &queue_;
    Thread &thread_;
    lib::ListNode node_;
    std::atomic<bool> called_{false}; // by wake_all(), since the condition was to be looked at
};

// Sleeps until `condition()` is true. `deadline` is on the clock of clock_nanoseconds(). The condition is
// looked at while the thread is already in the queue, so a wake-up in between is not lost.
template <typename Condition>
WaitResult wait_until(WaitQueue &queue, Condition &&condition, uint64_t deadline = NoDeadline)
{
    if (condition()) return WaitResult::Ready;
    QueuedSleeper sleeper(queue);
    for (;;) {
        if (condition()) return WaitResult::Ready;
        WaitResult result = sleeper.sleep(deadline);
        if (result != WaitResult::Ready) return condition() ? WaitResult::Ready : result;
    }
}

} // namespace kernel
